/** What several causes of the localhost group look at: the hosts lines of `localhost` and whether lo carries ::1. */
import type { Source } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import { hostsLines } from '../facts/hosts-lines.ts';
import type { HostsLine } from '../facts/hosts-lines.ts';
import type { FileContent, Interface, NetnsFacts, ViewFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';
import { memoByIdentity } from '../model/memo.ts';
import type { ClientAnswer, World } from '../model/types.ts';

export const HOSTS = '/etc/hosts';

export interface LocalhostLines {
  readonly file: FileContent;
  readonly all: readonly HostsLine[];
  /** Lines that carry the exact word `localhost`, in any case, by the kind of their address. */
  readonly ipv4Loopback: readonly HostsLine[];
  readonly ipv6Loopback: readonly HostsLine[];
  readonly other: readonly HostsLine[];
}

export function localhostLines(view: ViewFacts): LocalhostLines | undefined {
  const fact = view.files[HOSTS];
  const file = fact === undefined ? undefined : valueOf(fact);
  return file === undefined || file.directory === true ? undefined : linesOf(file);
}

const linesOf = memoByIdentity((file: FileContent): LocalhostLines => {
  const all = hostsLines(file.text);
  const named = all.filter((line) => line.names.some((n) => n.toLowerCase() === 'localhost'));
  const isIpv4Loopback = (l: HostsLine): boolean => /^127\.\d+\.\d+\.\d+$/u.test(l.address);
  const isIpv6Loopback = (l: HostsLine): boolean => /^(?:0*:)+0*1$/u.test(l.address);
  return {
    file,
    all,
    ipv4Loopback: named.filter(isIpv4Loopback),
    ipv6Loopback: named.filter(isIpv6Loopback),
    other: named.filter((l) => !isIpv4Loopback(l) && !isIpv6Loopback(l)),
  };
});

export const hostsSource = (view: ViewFacts, line: HostsLine): Source => ({
  kind: 'file',
  path: HOSTS,
  view: view.id,
  line: line.number,
  text: line.text,
});

export function loopbackInterface(netns: NetnsFacts | undefined): Interface | undefined {
  return netns === undefined ? undefined : valueOf(netns.interfaces)?.find((i) => i.loopback || i.name === 'lo');
}

/** Does lo carry ::1? A sysctl that switches IPv6 off takes it away (net/ipv6/addrconf.c addrconf_disable_ipv6). undefined: nobody looked. */
export function loHasIpv6(netns: NetnsFacts | undefined): boolean | undefined {
  if (netns === undefined) return undefined;
  if (netns.interfaces.state !== 'known') return ipv6OffOnLo(netns) === true ? false : undefined;
  return loopbackInterface(netns)?.addresses.some((a) => a.address === '::1') ?? false;
}

export const interfacesSource = (netns: NetnsFacts | undefined): Source | undefined =>
  netns?.interfaces.state === 'known' ? netns.interfaces.source : undefined;

/** IPv6 switched off on lo: by its own sysctl or by `all`. undefined: not known. */
export function ipv6OffOnLo(netns: NetnsFacts): boolean | undefined {
  const [lo, all] = [netns.disableIpv6['lo'], netns.disableIpv6['all']];
  if (lo?.state === 'known') return lo.value;
  return all?.state === 'known' && all.value ? true : undefined;
}

export const isLocalhost = (name: string | undefined): boolean => name?.toLowerCase().replace(/\.$/u, '') === 'localhost';

/** A failing answer about localhost in this view that was sent to ::1. */
export const wentToIpv6Loopback =
  (view: ViewFacts) =>
  (answer: ClientAnswer): boolean =>
    answer.view === view.id && isLocalhost(answer.name) && answer.attempts.some((a) => a.address.address === '::1');

/** The errnos that a dial of ::1 gives where lo lacks it: one symptom, whichever kernel. */
export const NO_IPV6_LOOPBACK: readonly string[] = ['EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH'];

export const dialledIpv6Localhost =
  (errnos: readonly string[]) =>
  (symptom: Symptom): boolean =>
    symptom.operation === 'dial' &&
    symptom.address === '::1' &&
    (symptom.name === undefined || isLocalhost(symptom.name)) &&
    symptom.errno !== undefined &&
    errnos.includes(symptom.errno) &&
    symptom.details?.['noise'] === undefined;

export const viewsOf = (world: World): readonly { readonly view: ViewFacts; readonly netns: NetnsFacts | undefined }[] =>
  world.node.views.map((view) => ({ view, netns: world.netns(view.netns) }));
