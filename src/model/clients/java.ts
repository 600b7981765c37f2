import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import { parseAddress } from '../address/address.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { defineSteps } from '../steps.ts';
import type { Client, ClientAnswer, DialAttempt, Need, Resolution, ResolvedAddress } from '../types.ts';
import type { Run } from './_run.ts';
import { addressesOf, answer, dialFirst, errnoOf, installed, lookup, nothingDialled, startRun, strerror } from './_run.ts';
import { cannotResolve } from './_libc.ts';

/**
 * OpenJDK: InetAddress.getAllByName and new Socket(host, port). Sources: src/java.base/unix/native/libnet/Inet6AddressImpl.c,
 * net_util_md.c ipv6_available, share/classes/java/net/InetAddress.java, libnio/ch/Net.c handleSocketError. Run: 17.
 */
const steps = defineSteps('java', {
  ipv4Only: {
    en: 'Java works in IPv4 mode, because {why}: it asks for IPv4 alone.',
    zh: 'Java 处于 IPv4 模式，因为{why}：它只查询 IPv4。',
    rule: 'OpenJDK net_util_md.c ipv6_available',
  },
  ownLocalhost: {
    en: 'Every look-up of localhost failed; Java then takes 127.0.0.1 itself.',
    zh: 'localhost 的所有查询都失败了；此时 Java 自行使用 127.0.0.1。',
    rule: 'OpenJDK InetAddress.java, getAddressesFromNameService',
  },
});

/** Is the whole process in IPv4 mode? It is when IPv6 sockets cannot be made, /proc/net/if_inet6 is empty, or preferIPv4Stack is set. */
function ipv4Mode(run: Run): boolean | Need {
  const { netns } = run;
  if (run.args.includes('-Djava.net.preferIPv4Stack=true')) return true;
  if (netns === undefined) return { kind: 'netns', netns: run.view.netns, fact: 'interfaces' };
  if (ipv6SocketOf(run.world.node, netns) === false) return true;
  const interfaces = valueOf(netns.interfaces);
  if (interfaces === undefined) return { kind: 'netns', netns: netns.id, fact: 'interfaces' };
  return !interfaces.some((i) => i.addresses.some((a) => a.family === 'inet6'));
}

/** IPv4 before IPv6 unless java.net.preferIPv6Addresses says true or system. */
function ordered(run: Run, addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const setting = run.args.find((a) => a.startsWith('-Djava.net.preferIPv6Addresses='))?.split('=')[1];
  if (setting === 'system') return addresses;
  const first = setting === 'true' ? 'inet6' : 'inet';
  return [...addresses.filter((a) => a.family === first), ...addresses.filter((a) => a.family !== first)];
}

export function javaLookup(run: Run): Resolution {
  const mode = ipv4Mode(run);
  if (typeof mode === 'object') return cannotResolve(mode);
  const found = lookup(run, { call: 'getaddrinfo', family: mode ? 'inet' : 'unspec', flags: ['AI_CANONNAME'], socktype: 'stream' });
  const said = mode ? [{ kind: steps.ipv4Only, values: { why: '/proc/net/if_inet6' } }, ...found.steps] : found.steps;
  if (found.outcome.kind === 'error' && run.name.toLowerCase() === 'localhost') {
    return {
      ...found,
      steps: [...said, { kind: steps.ownLocalhost }],
      outcome: { kind: 'addresses', addresses: [{ family: 'inet', address: '127.0.0.1' }] },
    };
  }
  if (found.outcome.kind !== 'addresses') return { ...found, steps: said };
  return { ...found, steps: said, outcome: { ...found.outcome, addresses: ordered(run, found.outcome.addresses) } };
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

export function javaError(run: Run, attempt: DialAttempt | undefined): string {
  const errno = errnoOf(attempt) ?? '';
  return `java.net.${EXCEPTIONS[errno] ?? 'SocketException'}: ${strerror(run, errno)}`;
}

function ask(run: Run): ClientAnswer {
  const version = `OpenJDK ${run.version ?? ''}`.trim();
  const resolution = javaLookup(run);
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    return answer(
      run,
      resolution,
      nothingDialled,
      { prints: [`java.net.UnknownHostException: ${run.name}: ${resolution.outcome.error.text}`], exitStatus: 1 },
      version,
    );
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
