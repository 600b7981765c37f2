/**
 * Which names and ports does somebody need? What a person asks for, what the node's own configuration and its components use
 * (rke services/healthcheck.go, kubeadm, RKE2's static pods), and what failing log lines name.
 */
import type { Symptom } from '../facts/symptom.ts';
import { valueOf } from '../facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import type { Client, World } from '../model/types.ts';
import type { Said } from '../shared/text.ts';
import { say } from '../shared/text.ts';
import { healthEndpoints } from './health-endpoints.ts';
import type { Question } from './types.ts';

export interface AskedName {
  readonly name: string;
  readonly port?: number;
}

export interface QuestionOptions {
  /** Names a person asked for; empty: what the node needs. */
  readonly names: readonly AskedName[];
  /** Only these views; empty: all. */
  readonly views: readonly string[];
  readonly clients: readonly Client[];
}

/** Names that every container of a kind of product asks for, whoever wrote its image (catalogue of health endpoints). */
const CONTAINER_CANDIDATES = ['rancher-metadata', 'kubernetes.default.svc.cluster.local'] as const;

const texts = {
  person: { en: 'you asked for it', zh: '您指定了这个名称' },
  localhost: {
    en: 'every component of a node reaches its neighbours as localhost',
    zh: '节点的每个组件都通过 localhost 访问本机的其他组件',
  },
  health: { en: '{who} asks {url} for its health', zh: '{who} 通过 {url} 检查健康状态' },
  log: { en: 'a failing line of {component} names it', zh: '{component} 的报错行提到了它' },
  candidate: { en: 'containers of this kind often ask for it', zh: '这类容器经常查询它' },
  run: { en: 'somebody ran {command}', zh: '有人执行了 {command}' },
  listener: { en: 'something listens on this port', zh: '有程序在监听该端口' },
} as const;

export function questionsFor(world: World, symptoms: readonly Symptom[], options: QuestionOptions): readonly Question[] {
  const views = world.node.views.filter((v) => options.views.length === 0 || options.views.includes(v.id));
  const made: Question[] = [];
  // Thousands of questions are put together for a node with many containers: no key is made of each.
  const places = new Map<string, Map<string, number[]>>();
  const add = (q: Question): void => {
    let ofView = places.get(q.view);
    if (ofView === undefined) places.set(q.view, (ofView = new Map<string, number[]>()));
    const known = ofView.get(q.name);
    const at = known?.find((i) => made[i]?.client === q.client && made[i].port === q.port);
    if (at !== undefined) {
      if (made[at]?.need === 'candidate' && q.need === 'required') made[at] = q;
      return;
    }
    if (known === undefined) ofView.set(q.name, [made.length]);
    else known.push(made.length);
    made.push(q);
  };
  const person = say(texts.person);
  const localhost = say(texts.localhost);
  for (const view of views) {
    const clients = librariesIn(world, view, options.clients);
    const ask = (
      name: string,
      port: number | undefined,
      need: Question['need'],
      because: Said,
      only: readonly string[] = clients,
    ): void => {
      for (const client of only) add({ view: view.id, client, name, ...(port === undefined ? {} : { port }), need, because });
    };
    if (options.names.length > 0) {
      for (const { name, port } of options.names) ask(name, port, 'required', person);
      continue;
    }
    ask('localhost', undefined, view.kind === 'host' ? 'required' : 'candidate', localhost);
    askHealth(world, view, clients, options.clients, add);
    if (view.kind === 'container' && asksForeignNames(world.node, view)) {
      for (const name of CONTAINER_CANDIDATES) ask(name, undefined, 'candidate', say(texts.candidate));
    }
  }
  if (options.names.length === 0) {
    for (const q of fromSymptoms(views, symptoms, options.clients)) add(q);
    for (const q of fromRuns(world.node, views, options.clients)) add(q);
  }
  return made;
}

/** Kinds of programs that exist in this view: any libc program, any Go program. Components are asked where something names them. */
function librariesIn(world: World, view: ViewFacts, clients: readonly Client[]): readonly string[] {
  // A Go program with cgo resolves as either of the other two does: asking it as well would only say the same again.
  const present = clients.filter((c) => c.role === 'library' && c.id !== 'go-cgo' && c.presentIn(world, view) === true).map((c) => c.id);
  return present.length > 0 ? present : clients.filter((c) => c.id === 'go').map((c) => c.id);
}

/** A container sees other names than its host when it has its own nameservers or its own network. */
function asksForeignNames(node: NodeFacts, view: ViewFacts): boolean {
  const host = node.views.find((v) => v.kind === 'host');
  if (host === undefined) return true;
  const text = (v: ViewFacts): string | undefined => {
    const file = v.files['/etc/resolv.conf'];
    return file === undefined ? undefined : valueOf(file)?.text;
  };
  return view.netns !== host.netns || text(view) !== text(host);
}

function askHealth(
  world: World,
  view: ViewFacts,
  libraries: readonly string[],
  clients: readonly Client[],
  add: (q: Question) => void,
): void {
  const netns = world.netns(view.netns);
  const listeners = netns === undefined ? undefined : valueOf(netns.listeners);
  if (listeners === undefined || view.kind !== 'host') return;
  for (const { port, name, url, who, client } of healthEndpoints) {
    if (!listeners.some((l) => l.protocol === 'tcp' && l.port === port)) continue;
    const present = clients.some((c) => c.id === client && c.presentIn(world, view) !== false);
    for (const id of present ? [client] : libraries.filter((l) => l === 'go')) {
      add({ view: view.id, client: id, name, port, need: 'required', because: say(texts.health, { who, url }) });
    }
  }
}

/** A look-up that somebody tried by hand, in vain: getent says nothing then, and leaves no line of a log. */
function* fromRuns(node: NodeFacts, views: readonly ViewFacts[], clients: readonly Client[]): Generator<Question> {
  for (const run of node.runs) {
    const view = views.find((v) => v.id === run.view);
    const empty = run.client.startsWith('getent') && /^(?:2|\(empty\))?$/u.test(run.stdout.trim());
    if (view === undefined || !empty || run.timedOut === true) continue;
    const client = clients.find((c) => c.id === run.client)?.id ?? 'getent-ahosts';
    yield { view: view.id, client, name: run.name, need: 'required', because: say(texts.run, { command: run.command }) };
  }
}

function* fromSymptoms(views: readonly ViewFacts[], symptoms: readonly Symptom[], clients: readonly Client[]): Generator<Question> {
  for (const s of symptoms) {
    if (s.name === undefined || (s.operation !== 'dial' && s.operation !== 'resolve') || s.details?.['noise'] !== undefined) continue;
    const view = views.find((v) => v.id === s.view) ?? views.find((v) => v.kind === 'host');
    if (view === undefined) continue;
    const component = s.component ?? s.client;
    const client = clients.find((c) => c.id === component)?.id ?? clients.find((c) => c.id === s.client)?.id ?? 'go';
    const source = s.evidence[0];
    yield {
      view: view.id,
      client,
      name: s.name,
      ...(s.port === undefined ? {} : { port: s.port }),
      need: 'required',
      because: say(texts.log, { component: component ?? view.names[0] ?? view.id }),
      ...(source === undefined ? {} : { source }),
    };
  }
}
