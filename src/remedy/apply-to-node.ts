import type { ViewId } from '../facts/fact.ts';
import { known } from '../facts/fact.ts';
import type {
  DaemonFacts,
  FileContent,
  Interface,
  NetnsFacts,
  NodeFacts,
  RejectRule,
  ServiceSocket,
  ViewFacts,
} from '../facts/node-facts.ts';
import type { Edit } from './edit.ts';

/**
 * What the node's facts would be after the edits. Pure; parts that no edit touches are shared with the old facts, so whatever was
 * parsed from them stays valid. An edit that the model cannot try ('by-hand') changes nothing.
 */
export function applyToNode(node: NodeFacts, edits: readonly Edit[]): NodeFacts {
  return edits.reduce(applyOne, node);
}

function applyOne(node: NodeFacts, edit: Edit): NodeFacts {
  switch (edit.edit) {
    case 'write-file':
      return editFile(node, edit.view, edit.path, (old) => ({ ...old, ...asText(edit.text) }));
    case 'chmod':
      return editFile(node, edit.view, edit.path, (old) => ({ ...old, mode: edit.mode }));
    case 'sysctl':
      return editNetns(node, edit.netns, (ns) => setSysctl(ns, edit.key, edit.value));
    case 'add-address':
      return editNetns(node, edit.netns, (ns) =>
        editInterface(ns, edit.device, (i) => ({
          ...i,
          addresses: [...i.addresses, { family: edit.family, address: edit.address, prefixLength: edit.prefixLength }],
        })),
      );
    case 'link-up':
      return editNetns(node, edit.netns, (ns) => linkUp(ns, edit.device));
    case 'delete-reject-rule':
      return editNetns(node, edit.netns, (ns) =>
        ns.rejects.state === 'known'
          ? { ...ns, rejects: { ...ns.rejects, value: ns.rejects.value.filter((r: RejectRule) => r.text !== edit.rule) } }
          : ns,
      );
    case 'hide-directory':
      return editView(node, edit.view, (view) => hideDirectory(view, edit.path));
    case 'stop-daemon':
      return withoutDaemon(node, edit.daemon);
    case 'restart-daemon':
    case 'flush-cache':
      return editDaemon(node, edit.daemon, ({ processState: _state, cached: _cached, ...daemon }) => daemon);
    case 'restart-container':
      return editView(node, edit.view, (view) => refreshedContainer(node, view));
    case 'by-hand':
      return node;
  }
}

const asText = (text: string): Pick<FileContent, 'text' | 'encoding'> => ({ text, encoding: 'utf8' });

function editView(node: NodeFacts, id: ViewId, change: (view: ViewFacts) => ViewFacts): NodeFacts {
  return { ...node, views: node.views.map((v) => (v.id === id ? change(v) : v)) };
}

function editNetns(node: NodeFacts, id: string, change: (ns: NetnsFacts) => NetnsFacts): NodeFacts {
  return { ...node, netns: node.netns.map((n) => (n.id === id ? change(n) : n)) };
}

function editDaemon(node: NodeFacts, id: string, change: (daemon: DaemonFacts) => DaemonFacts): NodeFacts {
  return { ...node, daemons: node.daemons.map((d) => (d.id === id ? change(d) : d)) };
}

/**
 * Writing in place keeps the inode: a view that shows the very same file (a bind mount of it) sees the new text too. Docker's
 * host-network containers hold a copy and do not.
 */
function editFile(node: NodeFacts, id: ViewId, path: string, change: (old: FileContent) => FileContent): NodeFacts {
  const target = node.views.find((v) => v.id === id)?.files[path];
  const inode = target?.state === 'known' ? target.value.inode : undefined;
  const views = node.views.map((view) => {
    const old = view.files[path];
    const same =
      view.id === id ||
      (inode !== undefined && old?.state === 'known' && old.value.inode === inode && old.value.text === contentOf(target)?.text);
    if (!same) return view;
    const next = change(contentOf(old) ?? { text: '', encoding: 'utf8' });
    return { ...view, files: { ...view.files, [path]: known(next, { kind: 'file' as const, path, view: view.id }) } };
  });
  return { ...node, views };
}

const contentOf = (fact: ViewFacts['files'][string] | undefined): FileContent | undefined =>
  fact?.state === 'known' ? fact.value : undefined;

function editInterface(ns: NetnsFacts, device: string, change: (i: Interface) => Interface): NetnsFacts {
  if (ns.interfaces.state !== 'known') return ns;
  return { ...ns, interfaces: { ...ns.interfaces, value: ns.interfaces.value.map((i) => (i.name === device ? change(i) : i)) } };
}

const LOOPBACK6 = { family: 'inet6', address: '::1', prefixLength: 128 } as const;
const LOOPBACK4 = { family: 'inet', address: '127.0.0.1', prefixLength: 8 } as const;

/** Linux adds 127.0.0.1/8 and ::1/128 by itself when lo comes up, unless IPv6 is off on it (net/ipv6/addrconf.c init_loopback). */
function linkUp(ns: NetnsFacts, device: string): NetnsFacts {
  const ipv6Off = ns.disableIpv6[device]?.state === 'known' && ns.disableIpv6[device].value;
  return editInterface(ns, device, (i) => {
    if (!i.loopback) return { ...i, up: true };
    const missing = [LOOPBACK4, ...(ipv6Off ? [] : [LOOPBACK6])].filter((a) => !i.addresses.some((b) => b.address === a.address));
    return { ...i, up: true, addresses: [...i.addresses, ...missing] };
  });
}

const DISABLE_IPV6 = /^net\.ipv6\.conf\.([^.]+)\.disable_ipv6$/u;

/** Turning IPv6 on for lo brings ::1 back at once; turning it off removes every IPv6 address (Documentation/networking/ip-sysctl). */
function setSysctl(ns: NetnsFacts, key: string, value: string): NetnsFacts {
  const source = { kind: 'probe', probe: 'edit' } as const;
  const device = DISABLE_IPV6.exec(key)?.[1];
  if (device === undefined) return { ...ns, sysctls: { ...ns.sysctls, [key]: known(value, source) } };
  const off = value !== '0';
  const names = device === 'all' ? Object.keys(ns.disableIpv6) : [device];
  let next: NetnsFacts = {
    ...ns,
    disableIpv6: { ...ns.disableIpv6, ...Object.fromEntries(names.map((n) => [n, known(off, source)])) },
  };
  for (const name of names) {
    next = editInterface(next, name, (i) => {
      if (off) return { ...i, addresses: i.addresses.filter((a) => a.family === 'inet') };
      const comesBack = i.loopback && i.up && !i.addresses.some((a) => a.address === '::1');
      return comesBack ? { ...i, addresses: [...i.addresses, LOOPBACK6] } : i;
    });
  }
  return next;
}

const isBelow = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);
/** /var/run is a link to /run nearly everywhere: a directory hidden under one name is hidden under the other. */
const runAlias = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/u, '/run');

function hideDirectory(view: ViewFacts, path: string): ViewFacts {
  if (view.sockets.state !== 'known') return view;
  const hidden = (s: ServiceSocket): boolean => isBelow(runAlias(s.path), runAlias(path));
  return { ...view, sockets: { ...view.sockets, value: view.sockets.value.filter((s) => !hidden(s)) } };
}

function withoutDaemon(node: NodeFacts, id: string): NodeFacts {
  const refused = (s: ServiceSocket): ServiceSocket => (s.daemon === id ? { service: s.service, path: s.path, state: 'refused' } : s);
  return {
    ...node,
    daemons: node.daemons.filter((d) => d.id !== id),
    views: node.views.map((v) =>
      v.sockets.state === 'known' ? { ...v, sockets: { ...v.sockets, value: v.sockets.value.map(refused) } } : v,
    ),
  };
}

/** Docker copies the node's hosts file into a host-network container at each start (moby daemon/container_operations_unix.go). */
function refreshedContainer(node: NodeFacts, view: ViewFacts): ViewFacts {
  const host = node.views.find((v) => v.kind === 'host');
  const hosts = host?.files['/etc/hosts'];
  if (host === undefined || hosts === undefined || host.netns !== view.netns) return view;
  return { ...view, files: { ...view.files, '/etc/hosts': hosts } };
}
