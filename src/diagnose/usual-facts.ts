/**
 * What a text leaves unsaid is mostly as usual: nobody pastes nsswitch.conf beside the hosts file that is wrong. Where the model cannot
 * tell on the facts shown, it is asked again with the usual ones in the gaps; what comes of that is never called proved. Facts that
 * causes convict on are never filled in: hosts files, addresses of interfaces, listeners, answers of name servers.
 */
import type { Fact, Source } from '../facts/fact.ts';
import { known } from '../facts/fact.ts';
import { SOME_NAME_SERVER } from '../facts/some-name-server.ts';
import type { FileContent, Interface, Libc, NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';

const USUAL: Source = { kind: 'probe', probe: 'usual' };
const usual = <T>(value: T): Fact<T> => known(value, USUAL);
const file = (text: string): Fact<FileContent> => usual({ text, encoding: 'utf8' });

const NSSWITCH = '/etc/nsswitch.conf';
const RESOLV_CONF = '/etc/resolv.conf';

const isOpen = (fact: Fact<unknown> | undefined): boolean => fact === undefined || fact.state === 'unobserved';
const orUsual = <T>(fact: Fact<T>, value: T): Fact<T> => (isOpen(fact) ? usual(value) : fact);

/** A cache daemon that somebody mentions is no gap to fill with "none". */
const tellsOfCaches = (node: NodeFacts): boolean =>
  node.daemons.length > 0 || Object.keys(node.observations).some((key) => /^(?:nscd|sssd)\.|nscd|told\..*cache/u.test(key));

/** getent, named in a text, is glibc's on every distribution of nodes but Alpine. */
const GLIBC: Libc = { kind: 'glibc' };
const isAlpine = (node: NodeFacts): boolean =>
  ['os.id', 'os.family'].some((key) => {
    const fact = node.observations[key];
    return fact?.state === 'known' && fact.value === 'alpine';
  });

function viewWithUsual(view: ViewFacts, caches: boolean, alpine: boolean): ViewFacts {
  const files: Record<string, Fact<FileContent>> = { ...view.files };
  if (isOpen(files[NSSWITCH])) files[NSSWITCH] = file('hosts: files dns\n');
  if (isOpen(files[RESOLV_CONF])) files[RESOLV_CONF] = file(`nameserver ${SOME_NAME_SERVER}\n`);
  for (const path of ['/etc/host.conf', '/etc/gai.conf', '/etc/mdns.allow']) files[path] ??= { state: 'absent', source: USUAL };
  return {
    ...view,
    files,
    env: orUsual(view.env, {}),
    ...(view.kind === 'host' && !alpine ? { libc: orUsual(view.libc, GLIBC) } : {}),
    ...(caches ? {} : { sockets: orUsual(view.sockets, []) }),
  };
}

const LO: Interface = { name: 'lo', up: true, loopback: true, addresses: [{ family: 'inet', address: '127.0.0.1', prefixLength: 8 }] };
const WITH_IPV6: Interface = { ...LO, addresses: [...LO.addresses, { family: 'inet6', address: '::1', prefixLength: 128 }] };

/** A dial of ::1 that found no such address or family, IPv6 switched off: lo is not as usual. */
const LOST: readonly string[] = ['EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'EAFNOSUPPORT'];
const ipv6Lost = (node: NodeFacts, symptoms: readonly Symptom[]): boolean =>
  symptoms.some((s) => s.errno !== undefined && LOST.includes(s.errno) && (s.address === '::1' || s.errno === 'EAFNOSUPPORT')) ||
  node.netns.some((n) => ['lo', 'all'].some((device) => n.disableIpv6[device]?.state === 'known' && n.disableIpv6[device].value)) ||
  ['ipv6.enabled', 'lo.has-ipv6', 'ipv6.disabled-by'].some((key) => node.observations[key] !== undefined);

const netnsWithUsual =
  (lost: boolean) =>
  (netns: NetnsFacts): NetnsFacts => ({
    ...netns,
    interfaces: orUsual(netns.interfaces, [lost ? LO : WITH_IPV6]),
    ...(lost ? {} : { ipv6Socket: orUsual(netns.ipv6Socket, true) }),
    sysctls: { 'net.ipv6.bindv6only': usual('0'), ...netns.sysctls },
  });

/** NXDOMAIN is said of a name, not of a type (RFC 2308, 2.1), and a silent server is silent whatever it is asked. */
function forBothFamilies(dns: NodeFacts['dns']): NodeFacts['dns'] {
  const asked = new Set(
    dns.map(({ netns, question }) => `${netns} ${question.server} ${question.transport} ${question.name} ${question.type}`),
  );
  const other = dns.flatMap((exchange) => {
    const { netns, question, reply } = exchange;
    const type = question.type === 'A' ? 'AAAA' : question.type === 'AAAA' ? 'A' : undefined;
    if (type === undefined || (reply.kind !== 'silent' && !(reply.kind === 'answer' && reply.rcode === 'NXDOMAIN'))) return [];
    const key = `${netns} ${question.server} ${question.transport} ${question.name} ${type}`;
    return asked.has(key) ? [] : [{ ...exchange, question: { ...question, type } }];
  });
  return [...dns, ...other];
}

export function withUsualFacts(node: NodeFacts, symptoms: readonly Symptom[]): NodeFacts {
  const caches = tellsOfCaches(node);
  const alpine = isAlpine(node);
  return {
    ...node,
    views: node.views.map((view) => viewWithUsual(view, caches, alpine)),
    netns: node.netns.map(netnsWithUsual(ipv6Lost(node, symptoms))),
    dns: forBothFamilies(node.dns),
  };
}
