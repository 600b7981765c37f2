/** What a person may call a container: the engine's names, and what CRI runtimes write beside each container. */
import type { ProbeRecord } from '../probe-script.ts';
import type { EngineContainer } from './docker-engine.ts';

export interface ContainerNames {
  /** The first is shown. */
  readonly names: readonly string[];
  readonly image?: string;
  /** 'kube-apiserver', 'kubelet' ... as the pod or RKE names the container. */
  readonly component?: string;
  readonly runtime?: 'docker' | 'cri-o';
}

/** Keys of engine labels and of CRI annotations that name things (kubelet, containerd pkg/cri/annotations, cri-o pkg/annotations). */
const CONTAINER = ['io.kubernetes.container.name', 'io.kubernetes.cri.container-name', 'io.kubernetes.cri-o.ContainerName'];
const POD = ['io.kubernetes.pod.name', 'io.kubernetes.cri.sandbox-name', 'io.kubernetes.cri-o.KubeName'];
const NAMESPACE = ['io.kubernetes.pod.namespace', 'io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.cri-o.Namespace'];
const IMAGE = ['io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName'];
const first = (labels: Readonly<Record<string, string>>, keys: readonly string[]): string | undefined =>
  keys.map((k) => labels[k]).find((v) => v !== undefined && v !== '');

export function namesFrom(id: string, engine: EngineContainer | undefined, records: readonly ProbeRecord[]): ContainerNames {
  const annotations = engine === undefined ? annotationsOf(id, records) : { labels: engine.labels };
  const { labels } = annotations;
  const container = first(labels, CONTAINER);
  const pod = first(labels, POD);
  const namespace = first(labels, NAMESPACE);
  const names = new Set<string>();
  const own = labels['nerdctl/name'] ?? engine?.names[0];
  // dockershim's names (k8s_name_pod_namespace_uid_n) hold what the labels say in words.
  if (own !== undefined && !own.startsWith('k8s_')) names.add(own);
  if (container !== undefined && pod !== undefined) names.add(`${namespace ?? 'default'}/${pod}/${container}`);
  if (container !== undefined) names.add(container);
  if (pod !== undefined) names.add(pod);
  for (const name of engine?.names ?? []) names.add(name);
  names.add(id.slice(0, 12));
  names.add(id);
  const image = engine?.image ?? first(labels, IMAGE);
  const component = container ?? labels['io.rancher.rke.container.name'];
  return {
    names: [...names],
    ...(image === undefined || image === '' ? {} : { image }),
    ...(component === undefined ? {} : { component }),
    ...(engine === undefined
      ? annotations.runtime === undefined
        ? {}
        : { runtime: annotations.runtime }
      : engine.cri === true
        ? {}
        : { runtime: 'docker' }),
  };
}

function annotationsOf(
  id: string,
  records: readonly ProbeRecord[],
): { readonly labels: Readonly<Record<string, string>>; readonly runtime?: 'cri-o' } {
  const text = records.find((r) => r.kind === 'names' && r.args[0] === id)?.data.toString('utf8') ?? '';
  const labels: Record<string, string> = {};
  for (const match of text.matchAll(/^"([a-zA-Z./-]+)"[ \t]*:[ \t]*"([^"]*)"$/gmu)) {
    const [, key = '', value = ''] = match;
    labels[key] ??= value;
  }
  return { labels, ...(text.includes('/containers/storage/') ? { runtime: 'cri-o' as const } : {}) };
}

/** Does a word on the command line mean this container? A name, an id, a prefix of an id (four or more), a pod, or a pid inside. */
export function isMeant(
  word: string,
  names: readonly string[],
  containerId: string | undefined,
  viewId: string,
  pids: readonly number[],
): boolean {
  if (names.includes(word) || word === viewId) return true;
  if (/^\d+$/u.test(word) && pids.includes(Number(word))) return true;
  return containerId !== undefined && /^[0-9a-f]{4,64}$/u.test(word) && containerId.startsWith(word);
}
