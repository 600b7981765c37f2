/** What is compared: a node (with one of its views in front, where one was named). */
import type { NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

export interface Subject {
  /** As the person named it. */
  readonly label: string;
  readonly snapshot: Snapshot;
  /** Id of the one view that is compared; absent: the host and every container. */
  readonly view?: string;
  /** The node with what nobody looked at taken to be as usual; what is named as a difference is never taken from here. */
  readonly assumed?: NodeFacts;
}

/** What the model is asked about. */
export const nodeOf = (subject: Subject): NodeFacts => subject.assumed ?? subject.snapshot.node;

/** The views that are compared, by a key under which the other side has its counterpart. */
export function viewsOf(subject: Subject): ReadonlyMap<string, ViewFacts> {
  const { views } = subject.snapshot.node;
  const named = views.find((v) => v.id === subject.view);
  if (named !== undefined) return new Map([[PRIMARY, named]]);
  const host = views.find((v) => v.kind === 'host') ?? views[0];
  const keyed = views.map((v): readonly [string, ViewFacts] => [v === host ? PRIMARY : containerKey(v), v]);
  // Two containers of one name: the first stands for both.
  return new Map([...keyed].reverse());
}

export const PRIMARY = 'primary';

/** Kubernetes numbers and hashes its containers: what stays is the name a person gave (k8s_NAME_POD_NAMESPACE_UID_ATTEMPT of dockershim). */
function containerKey(view: ViewFacts): string {
  const name = view.names[0] ?? view.id;
  const pod = /^k8s_([^_]+)_([^_]+)_([^_]+)_/u.exec(name);
  return pod === null ? name.replace(/-[0-9a-f]{8,10}-[a-z0-9]{5}$/u, '') : `${pod[3] ?? ''}/${pod[1] ?? ''}`;
}

/** What belongs to this one node and to no other: its own names and addresses. */
export interface Own {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

export function ownOf(node: NodeFacts): Own {
  const names = new Set<string>();
  if (node.hostname.state === 'known') names.add(node.hostname.value.toLowerCase());
  for (const view of node.views) if (view.hostname.state === 'known') names.add(view.hostname.value.toLowerCase());
  const short = [...names].map((n) => n.replace(/\..*$/u, '')).filter((n) => n !== 'localhost');
  const addresses = node.netns.flatMap((ns) =>
    ns.interfaces.state === 'known' ? ns.interfaces.value.filter((i) => !i.loopback).flatMap((i) => i.addresses.map((a) => a.address)) : [],
  );
  return { names: [...new Set([...names, ...short])].filter((n) => n !== 'localhost' && n !== ''), addresses: [...new Set(addresses)] };
}

const WORD = /[\w.:-]+/gu;

/** Own names and addresses become words that are the same on every node. */
export function neutral(text: string, own: Own): string {
  return text.replace(WORD, (word) => {
    const w = word.toLowerCase();
    if (own.addresses.includes(w)) return '<own address>';
    const domain = own.names.find((n) => w === n || w.startsWith(`${n}.`));
    return domain === undefined ? word : `<own name>${w.slice(domain.length)}`;
  });
}

/** A text of one node as it would stand on another: its own names and addresses in the other's words. */
export function transplant(text: string, from: Own, to: Own): string {
  return text.replace(WORD, (word) => {
    const w = word.toLowerCase();
    const address = from.addresses.indexOf(w);
    if (address >= 0) {
      const six = w.includes(':');
      return to.addresses.find((a) => a.includes(':') === six) ?? word;
    }
    const name = from.names.indexOf(w);
    return name >= 0 ? (to.names[name] ?? to.names[0] ?? word) : word;
  });
}
