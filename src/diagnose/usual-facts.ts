/**
 * What a text leaves unsaid is mostly as usual: nobody pastes nsswitch.conf beside the hosts file that is wrong. Where the model cannot
 * tell on the facts shown, it is asked again with the usual ones in the gaps; what comes of that is never called proved. Facts that
 * causes convict on are never filled in: hosts files, addresses of interfaces, listeners, answers of name servers.
 */
import type { Fact, Source } from '../facts/fact.ts';
import { known } from '../facts/fact.ts';
import type { FileContent, NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';

const USUAL: Source = { kind: 'probe', probe: 'usual' };
const usual = <T>(value: T): Fact<T> => known(value, USUAL);
const file = (text: string): Fact<FileContent> => usual({ text, encoding: 'utf8' });

const NSSWITCH = '/etc/nsswitch.conf';
const RESOLV_CONF = '/etc/resolv.conf';

/** Some server that nobody asked: what it answers stays open (an address for documentation, RFC 5737). */
const SOME_SERVER = 'nameserver 192.0.2.53\n';

const isOpen = (fact: Fact<unknown> | undefined): boolean => fact === undefined || fact.state === 'unobserved';
const orUsual = <T>(fact: Fact<T>, value: T): Fact<T> => (isOpen(fact) ? usual(value) : fact);

/** A cache daemon that somebody mentions is no gap to fill with "none". */
const tellsOfCaches = (node: NodeFacts): boolean =>
  node.daemons.length > 0 || Object.keys(node.observations).some((key) => /^(?:nscd|sssd)\.|nscd|told\..*cache/u.test(key));

function viewWithUsual(view: ViewFacts, caches: boolean): ViewFacts {
  const files: Record<string, Fact<FileContent>> = { ...view.files };
  if (isOpen(files[NSSWITCH])) files[NSSWITCH] = file('hosts: files dns\n');
  if (isOpen(files[RESOLV_CONF])) files[RESOLV_CONF] = file(SOME_SERVER);
  for (const path of ['/etc/host.conf', '/etc/gai.conf', '/etc/mdns.allow']) files[path] ??= { state: 'absent', source: USUAL };
  return {
    ...view,
    files,
    env: orUsual(view.env, {}),
    ...(caches ? {} : { sockets: orUsual(view.sockets, []) }),
  };
}

const netnsWithUsual = (netns: NetnsFacts): NetnsFacts => ({
  ...netns,
  ipv6Socket: orUsual(netns.ipv6Socket, true),
  sysctls: { 'net.ipv6.bindv6only': usual('0'), ...netns.sysctls },
});

export function withUsualFacts(node: NodeFacts): NodeFacts {
  const caches = tellsOfCaches(node);
  // Without IPv6 in the kernel the boot line or the errno of a dial says so; then it is no gap either.
  return { ...node, views: node.views.map((view) => viewWithUsual(view, caches)), netns: node.netns.map(netnsWithUsual) };
}
