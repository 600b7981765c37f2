import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import { normalAddress, parseAddress } from '../address/address.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { openFile } from '../go/view-file.ts';
import { defineSteps } from '../steps.ts';
import type { Client, ClientAnswer, DialAttempt, Need, Resolution, ResolvedAddress, ResolveError } from '../types.ts';
import type { Run } from './_run.ts';
import { addressesOf, answer, dialFirst, errnoOf, installed, lookup, nothingDialled, startRun, strerror } from './_run.ts';
import { cannotResolve } from './_libc.ts';

/**
 * OpenJDK: InetAddress.getAllByName and new Socket(host, port). Sources: src/java.base/unix/native/libnet/Inet6AddressImpl.c,
 * net_util_md.c ipv6_available, share/classes/java/net/InetAddress.java and HostsFileNameService, libnio/ch/Net.c handleSocketError (13 and
 * newer, JEP 353), libnet/PlainSocketImpl.c socketConnect (to 12). Run: 17.
 */
const steps = defineSteps('java', {
  ipv4Only: {
    en: 'Java works in IPv4 mode, because {why}: it asks for IPv4 alone.',
    zh: 'Java 处于 IPv4 模式，因为{why}：它只查询 IPv4。',
    rule: 'OpenJDK net_util_md.c ipv6_available',
  },
  ownLocalhost: {
    en: 'Every look-up of localhost failed; Java then takes {address} itself.',
    zh: 'localhost 的所有查询都失败了；此时 Java 自行使用 {address}。',
    rule: 'OpenJDK InetAddress.java, getAddressesFromNameService',
  },
  ownHostsFile: {
    en: 'jdk.net.hosts.file is set: Java looks in {path} and asks nobody else.',
    zh: '设置了 jdk.net.hosts.file：Java 只查看 {path}，不再询问其他来源。',
    rule: 'OpenJDK InetAddress.java, HostsFileNameService (9 and newer)',
  },
});

/** 17 of '17.0.15', 8 of '1.8.0_312' and '8u312'; a version nobody knows counts as the newest. */
function majorOf(version: string | undefined): number {
  const [first, second] = /^(\d{1,4})(?:\.(\d{1,4}))?/u.exec(version ?? '')?.slice(1) ?? [];
  return first === undefined ? Infinity : Number(first === '1' ? second : first);
}

/** Variables that hold options, the one that is read first first: JDK_JAVA_OPTIONS is the launcher's, from 9 on. */
const OPTION_VARIABLES = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '', '_JAVA_OPTIONS'] as const;

/** The value of a system property: of the command line and of the variables; the last one counts. */
function property(run: Run, name: string): string | undefined {
  const env = valueOf(run.view.env);
  const words = OPTION_VARIABLES.flatMap((variable) => {
    if (variable === '') return run.args;
    return variable === 'JDK_JAVA_OPTIONS' && majorOf(run.version) < 9 ? [] : (env?.[variable] ?? '').split(/[ \t\n]+/u);
  });
  return words.findLast((word) => word.startsWith(`-D${name}=`))?.slice(name.length + 3);
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

const PREFER_IPV4 = 'java.net.preferIPv4Stack';
const PREFER_IPV6 = 'java.net.preferIPv6Addresses';

/**
 * Why is the whole process in IPv4 mode? It is when IPv6 sockets cannot be made, /proc/net/if_inet6 is empty, or preferIPv4Stack is set.
 * undefined: it is not.
 */
function ipv4Mode(run: Run): string | Need | undefined {
  const { netns } = run;
  if (isTrue(property(run, PREFER_IPV4))) return `${PREFER_IPV4}=true`;
  if (netns === undefined) return { kind: 'netns', netns: run.view.netns, fact: 'interfaces' };
  if (ipv6SocketOf(run.world.node, netns) === false) return 'socket(AF_INET6)';
  const interfaces = valueOf(netns.interfaces);
  if (interfaces === undefined) return { kind: 'netns', netns: netns.id, fact: 'interfaces' };
  return interfaces.some((i) => i.addresses.some((a) => a.family === 'inet6')) ? undefined : '/proc/net/if_inet6';
}

/** IPv4 before IPv6 unless java.net.preferIPv6Addresses says true or (9 and newer) system. */
function ordered(run: Run, addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const setting = property(run, PREFER_IPV6);
  if (setting?.toLowerCase() === 'system' && majorOf(run.version) >= 9) return addresses;
  const first = isTrue(setting) ? 'inet6' : 'inet';
  return [...addresses.filter((a) => a.family === first), ...addresses.filter((a) => a.family !== first)];
}

/** An address that comes twice counts once (Inet4AddressImpl.c, Inet6AddressImpl.c lookupAllHostAddr). */
const once = (addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] =>
  addresses.filter((a, i) => addresses.findIndex((b) => b.address === a.address && b.zone === a.zone) === i);

/** jdk.net.hosts.file replaces every other source; a file that cannot be read holds no name. */
function fromOwnHostsFile(run: Run, path: string): Resolution {
  const said = { kind: steps.ownHostsFile, values: { path }, at: { kind: 'file', path, view: run.view.id } } as const;
  const file = openFile(run.view, path);
  if (file.kind === 'unknown') return cannotResolve({ kind: 'file', view: run.view.id, path });
  const addresses: ResolvedAddress[] = [];
  for (const line of file.kind === 'content' ? file.content.text.split('\n') : []) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').split(/[ \t\r]+/u).filter((word) => word !== '');
    const parsed = names.includes(run.name) ? normalAddress(address) : undefined;
    if (parsed !== undefined) addresses.push({ family: parsed.includes(':') ? 'inet6' : 'inet', address: parsed });
  }
  const why = `Unable to resolve host ${run.name} ${file.kind === 'content' ? `in hosts file ${path}` : `as hosts file ${path} not found `}`;
  const error = { code: 'UnknownHostException', text: why, notFound: true };
  const outcome = addresses.length > 0 ? ({ kind: 'addresses', addresses } as const) : ({ kind: 'error', error } as const);
  return { outcome, steps: [said], queries: [], elapsedMs: 0 };
}

export function javaLookup(run: Run): Resolution {
  const mode = ipv4Mode(run);
  if (typeof mode === 'object') return cannotResolve(mode);
  const family = mode === undefined ? 'unspec' : 'inet';
  const ownFile = majorOf(run.version) < 9 || parseAddress(run.name) !== undefined ? undefined : property(run, 'jdk.net.hosts.file');
  const found =
    ownFile === undefined || ownFile === ''
      ? lookup(run, { call: 'getaddrinfo', family, flags: ['AI_CANONNAME'], socktype: 'stream' })
      : fromOwnHostsFile(run, ownFile);
  const said = mode === undefined ? found.steps : [{ kind: steps.ipv4Only, values: { why: mode } }, ...found.steps];
  if (found.outcome.kind === 'error' && run.name.toLowerCase() === 'localhost') {
    const own: ResolvedAddress =
      mode === undefined && isTrue(property(run, PREFER_IPV6))
        ? { family: 'inet6', address: '::1' }
        : { family: 'inet', address: '127.0.0.1' };
    return {
      ...found,
      steps: [...said, { kind: steps.ownLocalhost, values: { address: own.address } }],
      outcome: { kind: 'addresses', addresses: [own] },
    };
  }
  if (found.outcome.kind !== 'addresses') return { ...found, steps: said };
  return { ...found, steps: said, outcome: { ...found.outcome, addresses: ordered(run, once(found.outcome.addresses)) } };
}

/** Java writes IPv6 addresses in full: 0:0:0:0:0:0:0:1. */
export function javaAddress(a: ResolvedAddress): string {
  const bytes = a.family === 'inet6' ? parseAddress(a.address)?.bytes : undefined;
  if (bytes === undefined) return a.address;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  return groups.join(':');
}

const EXCEPTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ConnectException',
  ETIMEDOUT: 'ConnectException',
  EHOSTUNREACH: 'NoRouteToHostException',
  EADDRNOTAVAIL: 'BindException',
  EADDRINUSE: 'BindException',
  EACCES: 'BindException',
  EPERM: 'BindException',
};

/** To 12: class and what follows the C library's words in brackets; EINVAL has a text of its own. */
const OLD_EXCEPTIONS: Readonly<Record<string, readonly [name: string, words: string]>> = {
  ECONNREFUSED: ['ConnectException', 'Connection refused'],
  ETIMEDOUT: ['ConnectException', 'Connection timed out'],
  EHOSTUNREACH: ['NoRouteToHostException', 'Host unreachable'],
  EADDRNOTAVAIL: ['NoRouteToHostException', 'Address not available'],
};

export function javaError(run: Run, attempt: DialAttempt | undefined): string {
  const errno = errnoOf(attempt) ?? '';
  if (majorOf(run.version) < 13) {
    if (errno === 'EINVAL') return 'java.net.SocketException: Invalid argument or cannot assign requested address';
    const [name, words] = OLD_EXCEPTIONS[errno] ?? ['SocketException', 'connect failed'];
    return `java.net.${name}: ${strerror(run, errno)} (${words})`;
  }
  return `java.net.${EXCEPTIONS[errno] ?? 'SocketException'}: ${strerror(run, errno)}`;
}

const unknownHost = (run: Run, { code, text }: ResolveError): string =>
  `java.net.UnknownHostException: ${code === 'UnknownHostException' ? '' : `${run.name}: `}${text}`;

function ask(run: Run): ClientAnswer {
  const version = `OpenJDK ${run.version ?? ''}`.trim();
  const resolution = javaLookup(run);
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    return answer(run, resolution, nothingDialled, { prints: [unknownHost(run, resolution.outcome.error)], exitStatus: 1 }, version);
  }
  const dialled = dialFirst(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  if (dialled.winner !== undefined) return answer(run, resolution, dialled, { prints: [], exitStatus: 0 }, version);
  return answer(run, resolution, dialled, { prints: [javaError(run, dialled.reported)], exitStatus: 1 }, version);
}

export const client: Client = {
  id: 'java',
  title: { en: 'Java', zh: 'Java' },
  program: 'java',
  role: 'person',
  behaviour: say({
    en: 'asks for any family, or for IPv4 alone where no interface has an IPv6 address, and takes the first address only, IPv4 before IPv6',
    zh: '查询任意地址族；如果没有任何接口带有 IPv6 地址，则只查询 IPv4；只使用第一个地址，IPv4 优先于 IPv6',
  }),
  presentIn: (_world, view) => installed(view, 'java'),
  answer: (world, view, name, port, options) => ask(startRun('java', 'java', world, view, name, port, options)),
};
