/** What a CoreDNS plugin gets, and how it hands a question on. */
import type { ViewFacts } from '../../../facts/node-facts.ts';
import type { Question, ServerReply } from '../../name-server.ts';
import type { Need, Step, World } from '../../types.ts';
import type { ClusterObjects } from './cluster-objects.ts';
import type { Corefile, Directive, ServerBlock } from './corefile.ts';

export interface CoreDnsRun {
  readonly world: World;
  /** The view of the CoreDNS process: its hosts file, resolv.conf and network namespace. */
  readonly view: ViewFacts;
  readonly corefile: Corefile;
  readonly block: ServerBlock;
  readonly cluster: ClusterObjects;
  /** Namespace of the pod that asks, for autopath @kubernetes. */
  readonly podNamespace?: string;
  readonly steps: Step[];
}

export type Next = (question: Question) => ServerReply;
export type Plugin = (run: CoreDnsRun, directive: Directive, question: Question, next: Next) => ServerReply;

export const cannotTell = (run: CoreDnsRun, ...needs: readonly Need[]): ServerReply => ({ kind: 'cannot-tell', needs, steps: run.steps });

/** A question that only the running cluster answers. */
export const askCluster = (name: string): Need => ({
  kind: 'ask',
  what: { en: 'Does the cluster have a service or pod behind {name}?', zh: '集群中是否有 {name} 对应的 Service 或 Pod？' },
  command: 'kubectl get services,endpoints --all-namespaces',
  values: { name },
});

export const askAboutPlugin = (plugin: string): Need => ({
  kind: 'ask',
  what: { en: 'What does the CoreDNS plugin {plugin} answer?', zh: 'CoreDNS 插件 {plugin} 会给出什么应答？' },
  command: 'kubectl -n kube-system get configmap coredns -o yaml',
  values: { plugin },
});
