/**
 * Facts of a node that decide names and connections, each with a way to put it into another node, so that its effect can be tried.
 * Noise is left out: ids, times, inodes, the order of interfaces, link-local addresses, each node's own names and addresses.
 */
import type { Fact, Source } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import type { FileContent, NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { neutral, ownOf, transplant, viewsOf, type Own, type Subject } from './subject.ts';

export interface ComparedFact {
  readonly key: string;
  /** What a person calls it: '/etc/hosts', 'addresses of lo'. */
  readonly title: FactTitle;
  readonly subjectOfTitle?: string;
  /** In one or several lines, noise taken out. */
  readonly text: string;
  readonly source?: Source;
  /** `into`, with this fact of this node in the place of its own. */
  put(into: NodeFacts, to: Subject): NodeFacts;
}

export type FactTitle =
  | 'file'
  | 'lo'
  | 'ipv6'
  | 'socket'
  | 'listeners'
  | 'firewall'
  | 'cache'
  | 'libc'
  | 'modules'
  | 'env'
  | 'routes'
  | 'sysctl'
  | 'mount'
  | 'other';

/** Files whose text decides how names are looked up; others differ for reasons of their own. */
const DECIDING =
  /^\/etc\/(?:hosts|nsswitch\.conf|resolv\.conf|host\.conf|gai\.conf|nscd\.conf|services|systemd\/resolved\.conf)$|\/resolv\.conf$/u;

export function factsOf(subject: Subject): ReadonlyMap<string, ComparedFact> {
  const { node } = subject.snapshot;
  const own = ownOf(node);
  const facts = new Map<string, ComparedFact>();
  const add = (fact: ComparedFact): void => void facts.set(fact.key, fact);
  for (const [viewKey, view] of viewsOf(subject)) {
    for (const path of Object.keys(view.files)) if (DECIDING.test(path)) addFile(viewKey, view, path, own, add);
    addView(viewKey, view, add);
    const netns = node.netns.find((n) => n.id === view.netns);
    if (netns !== undefined) addNetns(viewKey, netns, own, add);
  }
  addDaemons(node, subject, add);
  for (const [key, fact] of Object.entries(node.observations)) {
    const value = valueOf(fact);
    if (value === undefined || NOISY_OBSERVATION.test(key)) continue;
    add({
      key: `observation ${key}`,
      title: 'other',
      subjectOfTitle: key,
      text: neutral(typeof value === 'object' ? JSON.stringify(value) : String(value), own),
      ...sourceOf(fact),
      put: (into) => ({ ...into, observations: { ...into.observations, [key]: fact } }),
    });
  }
  return facts;
}

const NOISY_OBSERVATION =
  /time|clock|uptime|free|used|kb$|bytes|count|pid|inode|load|serial|(?:^|\.)id$|percent|available|processes|containers/iu;

const sourceOf = (fact: Fact<unknown> | undefined): { readonly source?: Source } =>
  fact?.source === undefined ? {} : { source: fact.source };

const editView = (node: NodeFacts, id: string | undefined, change: (v: ViewFacts) => ViewFacts): NodeFacts => ({
  ...node,
  views: node.views.map((v) => (v.id === id ? change(v) : v)),
});
const editNetns = (node: NodeFacts, id: string | undefined, change: (n: NetnsFacts) => NetnsFacts): NodeFacts => ({
  ...node,
  netns: node.netns.map((n) => (n.id === id ? change(n) : n)),
});
const viewAt = (to: Subject, key: string): ViewFacts | undefined => viewsOf(to).get(key);

/** Lines in their order, without remarks, blanks and what is the node's own. */
export function fileLines(text: string, own: Own): readonly string[] {
  return text
    .split('\n')
    .map((line) =>
      neutral(
        line
          .replace(/[ \t]*#.*$/u, '')
          .replace(/\r$/u, '␍')
          .trim()
          .replace(/[ \t]+/gu, ' '),
        own,
      ),
    )
    .filter((line) => line !== '');
}

function addFile(viewKey: string, view: ViewFacts, path: string, own: Own, add: (f: ComparedFact) => void): void {
  const fact = view.files[path];
  if (fact === undefined || fact.state === 'unobserved') return;
  const content: FileContent | undefined = fact.state === 'known' ? fact.value : undefined;
  const unusable =
    content?.directory === true
      ? '<directory>'
      : content?.mode !== undefined && (content.mode & 0o004) === 0
        ? `<mode ${content.mode.toString(8)}>\n`
        : '';
  add({
    key: `file ${viewKey} ${path}`,
    title: 'file',
    subjectOfTitle: path,
    text: content === undefined ? '<absent>' : unusable + fileLines(content.text, own).join('\n'),
    ...sourceOf(fact),
    put: (into, to) => {
      const other = ownOf(to.snapshot.node);
      const moved: Fact<FileContent> =
        fact.state === 'known' ? { ...fact, value: { ...fact.value, text: transplant(fact.value.text, own, other) } } : fact;
      return editView(into, viewAt(to, viewKey)?.id, (v) => ({ ...v, files: { ...v.files, [path]: moved } }));
    },
  });
}

function addView(viewKey: string, view: ViewFacts, add: (f: ComparedFact) => void): void {
  const sockets = valueOf(view.sockets);
  if (sockets !== undefined) {
    add({
      key: `sockets ${viewKey}`,
      title: 'socket',
      // /var/run is a link to /run nearly everywhere: one socket under two names.
      text: [...new Set(sockets.map((s) => `${s.path.replace(/^\/var\/run\//u, '/run/')} ${s.state}`))].sort().join('\n'),
      ...sourceOf(view.sockets),
      // A daemon of this node is none of the other's: what can be taken over is that nobody is there.
      put: (into, to) =>
        editView(into, viewAt(to, viewKey)?.id, (v) =>
          v.sockets.state !== 'known'
            ? v
            : {
                ...v,
                sockets: {
                  ...v.sockets,
                  value: v.sockets.value.filter((s) => sockets.some((o) => o.service === s.service && o.state === s.state)),
                },
              },
        ),
    });
  }
  const simple = (name: 'libc' | 'nssModules' | 'env', title: FactTitle): void => {
    const fact = view[name];
    if (fact.state !== 'known') return;
    const { value } = fact;
    const text = Array.isArray(value)
      ? [...(value as readonly string[])].sort().join('\n')
      : Object.entries(value)
          .map(([k, v]) => `${k} ${String(v)}`)
          .sort()
          .join('\n');
    add({
      key: `${name} ${viewKey}`,
      title,
      text,
      ...sourceOf(fact),
      put: (into, to) => editView(into, viewAt(to, viewKey)?.id, (v) => ({ ...v, [name]: fact })),
    });
  };
  simple('libc', 'libc');
  simple('nssModules', 'modules');
  simple('env', 'env');
}

function addNetns(viewKey: string, netns: NetnsFacts, own: Own, add: (f: ComparedFact) => void): void {
  const netnsAt = (to: Subject): string | undefined => viewAt(to, viewKey)?.netns;
  const interfaces = valueOf(netns.interfaces);
  const lo = interfaces?.find((i) => i.loopback);
  if (lo !== undefined) {
    add({
      key: `lo ${viewKey}`,
      title: 'lo',
      text: [lo.up ? 'up' : 'down', ...lo.addresses.map((a) => `${a.address}/${a.prefixLength}`)].join(' '),
      ...sourceOf(netns.interfaces),
      put: (into, to) =>
        editNetns(into, netnsAt(to), (n) => ({
          ...n,
          disableIpv6: { ...n.disableIpv6, ...pick(netns.disableIpv6, ['all', 'default', 'lo']) },
          ipv6Socket: netns.ipv6Socket,
          interfaces:
            n.interfaces.state !== 'known'
              ? n.interfaces
              : { ...n.interfaces, value: [...n.interfaces.value.filter((i) => !i.loopback), lo] },
          routes:
            n.routes.state !== 'known' || netns.routes.state !== 'known'
              ? n.routes
              : {
                  ...n.routes,
                  value: [...n.routes.value.filter((r) => r.device !== 'lo'), ...netns.routes.value.filter((r) => r.device === 'lo')],
                },
        })),
    });
  }
  for (const key of ['all', 'lo']) {
    const fact = netns.disableIpv6[key];
    if (fact?.state === 'known')
      add({
        key: `ipv6 ${viewKey} ${key}`,
        title: 'ipv6',
        subjectOfTitle: `net.ipv6.conf.${key}.disable_ipv6`,
        text: fact.value ? '1' : '0',
        ...sourceOf(fact),
        put: (into, to) => editNetns(into, netnsAt(to), (n) => ({ ...n, disableIpv6: { ...n.disableIpv6, [key]: fact } })),
      });
  }
  const listeners = valueOf(netns.listeners);
  if (listeners !== undefined) {
    const shown = listeners
      .filter((l) => l.protocol === 'tcp' && l.port < 32_768)
      .map((l) => neutral(`${l.address.includes(':') ? `[${l.address}]` : l.address}:${l.port}`, own));
    add({
      key: `listeners ${viewKey}`,
      title: 'listeners',
      text: [...new Set(shown)].sort().join('\n'),
      ...sourceOf(netns.listeners),
      put: (into, to) => editNetns(into, netnsAt(to), (n) => ({ ...n, listeners: netns.listeners })),
    });
  }
  const rejects = valueOf(netns.rejects);
  if (rejects !== undefined)
    add({
      key: `rejects ${viewKey}`,
      title: 'firewall',
      text: rejects.map((r) => neutral(r.text.replace(/^\d+ +\d+[KMG]? +|\[\d+:\d+\]/u, ''), own)).join('\n'),
      ...sourceOf(netns.rejects),
      put: (into, to) => editNetns(into, netnsAt(to), (n) => ({ ...n, rejects: netns.rejects })),
    });
  const defaults = valueOf(netns.routes)?.filter(
    (r) =>
      /^(?:0\.0\.0\.0|::)\/0$/u.test(r.destination) ||
      (r.type !== 'unicast' && r.type !== 'local' && r.type !== 'broadcast' && r.type !== 'multicast'),
  );
  if (defaults !== undefined)
    add({
      key: `routes ${viewKey}`,
      title: 'routes',
      text: defaults
        .map((r) => `${r.type} ${r.destination} ${r.table}`)
        .sort()
        .join('\n'),
      ...sourceOf(netns.routes),
      put: (into, to) => editNetns(into, netnsAt(to), (n) => ({ ...n, routes: netns.routes })),
    });
  for (const [key, fact] of Object.entries(netns.sysctls)) {
    if (fact.state === 'known')
      add({
        key: `sysctl ${viewKey} ${key}`,
        title: 'sysctl',
        subjectOfTitle: key,
        text: fact.value,
        ...sourceOf(fact),
        put: (into, to) => editNetns(into, netnsAt(to), (n) => ({ ...n, sysctls: { ...n.sysctls, [key]: fact } })),
      });
  }
}

/** Daemons that answer on a socket for programs of this machine; DNS servers show in what they answer. */
const isCache = (kind: string): boolean => kind === 'nscd' || kind === 'unscd' || kind === 'sssd';

function addDaemons(node: NodeFacts, subject: Subject, add: (f: ComparedFact) => void): void {
  const kinds = [...new Set(node.daemons.map((d) => d.kind))].filter(isCache).sort();
  add({
    key: 'daemons',
    title: 'cache',
    text: kinds.join('\n'),
    put: (into, to) => {
      const gone = new Set(to.snapshot.node.daemons.filter((d) => isCache(d.kind) && !kinds.includes(d.kind)).map((d) => d.id));
      return {
        ...into,
        daemons: into.daemons.filter((d) => !gone.has(d.id)),
        views: into.views.map((v) =>
          v.sockets.state !== 'known'
            ? v
            : {
                ...v,
                sockets: {
                  ...v.sockets,
                  value: v.sockets.value.map((s) =>
                    s.daemon !== undefined && gone.has(s.daemon) ? { service: s.service, path: s.path, state: 'refused' as const } : s,
                  ),
                },
              },
        ),
      };
    },
  });
  for (const [viewKey, view] of viewsOf(subject)) {
    const mounts = valueOf(view.mounts);
    if (view.kind !== 'container' || mounts === undefined) continue;
    const run = mounts
      .filter((m) => /^\/(?:var\/)?run(?:\/nscd)?$/u.test(m.target) && m.hostPath !== undefined)
      .map((m) => `${m.hostPath ?? ''} -> ${m.target}`);
    add({ key: `mounts ${viewKey}`, title: 'mount', text: run.sort().join('\n'), ...sourceOf(view.mounts), put: (into) => into });
  }
}

const pick = <T>(from: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> =>
  Object.fromEntries(keys.flatMap((k) => (from[k] === undefined ? [] : [[k, from[k]]])));
