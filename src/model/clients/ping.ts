import { say } from '../../shared/text.ts';
import { parseAddress } from '../address/address.ts';
import { isV4Mapped } from '../address/special.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import type { AskedFamily, Call, Client, ClientAnswer, DialAttempt, Resolution, ResolvedAddress } from '../types.ts';
import type { Dialled, Run, Said } from './_run.ts';
import {
  addressesOf,
  answer,
  dial,
  errnoOf,
  failsAtOnce,
  installed,
  isBefore,
  lookup,
  nothingDialled,
  refuse,
  shownAddress,
  startRun,
  strerror,
} from './_run.ts';

/** How one generation of ping asks and chooses. Sources: iputils ping.c (ping/ping.c) at the tags named, busybox networking/ping.c. */
interface Generation {
  /** gethostbyname, INET only: iputils up to s20121221 (ping_common.c), ping6 was a program of its own. */
  readonly byHostname?: boolean;
  /** Red Hat's iputils-20160308-2.el7 and later of that line: AF_INET unless -4 or -6 is given (iputils-rh-ping-ipv4-by-default.patch). */
  readonly ipv4ByDefault?: boolean;
  /** Before 20200821 -4 and -6 are put into the question; since then they only filter the answer. */
  readonly familyInQuestion?: boolean;
  /** s20160308 probes an IPv6 address with sendmsg, later ones with connect. */
  readonly failsIn: 'connect' | 'sendmsg';
  readonly name: string;
}

function generationOf(version: string | undefined): Generation {
  // 'RHEL' in a version is what a package manager says: 20160308-10.el7
  if (version !== undefined && /^s?20160308-(?:[2-9]|[1-9]\d)\.el7/u.test(version)) {
    return { ipv4ByDefault: true, familyInQuestion: true, failsIn: 'sendmsg', name: 'iputils 20160308 (RHEL 7)' };
  }
  const name = version === undefined ? 'iputils' : `iputils ${version}`;
  if (isBefore(version, '20150815')) return { byHostname: true, failsIn: 'connect', name };
  if (isBefore(version, '20161105')) return { familyInQuestion: true, failsIn: 'sendmsg', name };
  if (isBefore(version, '20200821')) return { familyInQuestion: true, failsIn: 'connect', name };
  return { failsIn: 'connect', name };
}

const familyAsked = (args: readonly string[]): AskedFamily => (args.includes('-4') ? 'inet' : args.includes('-6') ? 'inet6' : 'unspec');

/** What ping shows of the peer in its first line; for IPv6 it looked the address up backwards (pr_addr) until the releases of 2023. */
function firstLine(run: Run, resolution: Resolution, address: ResolvedAddress): string {
  const isFirst = resolution.outcome.kind === 'addresses' && resolution.outcome.addresses[0] === address;
  const canonical = resolution.outcome.kind === 'addresses' ? (resolution.outcome.canonicalName ?? run.name) : run.name;
  // Only the first address carries the canonical name; for a later one there is nothing between the blanks.
  const otherwise = isBefore(run.version, '20231222') ? '' : run.name;
  if (address.family === 'inet') return `PING ${isFirst ? canonical : otherwise} (${address.address}) 56(84) bytes of data.`;
  const shown = shownAddress(address);
  if (!isBefore(run.version, '20231222')) return `PING ${run.name} (${shown}) 56 data bytes`;
  const back = lookup(run, { call: 'gethostbyaddr' }, address.address);
  // getnameinfo gives the address itself for a name that does not exist, and nothing when it could not be asked for.
  const found = back.outcome.kind === 'addresses' ? back.outcome.canonicalName : undefined;
  const unasked = back.outcome.kind === 'error' && back.outcome.error.code === 'TRY_AGAIN';
  const peer = unasked ? shown : `${found ?? shown} (${shown})`;
  return `PING ${run.name}(${peer}) 56 data bytes`;
}

function askIputils(run: Run): ClientAnswer {
  const generation = generationOf(run.version);
  const wanted = familyAsked(run.args);
  const ipv6 = run.netns === undefined ? undefined : ipv6SocketOf(run.world.node, run.netns);
  if (wanted === 'inet6' && ipv6 === false && generation.byHostname !== true) {
    const prints = [...(saysMissingIpv6(run) ? [] : ['ping: socktype: SOCK_DGRAM']), noIpv6Line(run)];
    const said: Said = { prints, exitStatus: 2 };
    return refuse(
      run,
      {
        outcome: { kind: 'error', error: { code: 'EAFNOSUPPORT', text: strerror(run, 'EAFNOSUPPORT'), errno: 'EAFNOSUPPORT' } },
        steps: [],
        queries: [],
        elapsedMs: 0,
      },
      'socket',
      'EAFNOSUPPORT',
      said,
      generation.name,
    );
  }
  const resolution = lookup(run, callOf(generation, wanted, ipv6));
  const said = conclude(run, resolution, generation, wanted, ipv6);
  return ipv6 === false && wanted === 'unspec' && saysMissingIpv6(run) ? { ...said, prints: [noIpv6Line(run), ...said.prints] } : said;
}

/** Releases of 2020 and 2021 complain of a kernel without IPv6 whatever they are asked for. Seen: 20210202 does, 20221126 does not. */
const saysMissingIpv6 = (run: Run): boolean => !isBefore(run.version, '20200821') && isBefore(run.version, '20211215');

const noIpv6Line = (run: Run): string => `ping: socket: ${strerror(run, 'EAFNOSUPPORT')}`;

function callOf(generation: Generation, wanted: AskedFamily, ipv6: boolean | undefined): Call {
  if (generation.byHostname === true) return { call: 'gethostbyname' };
  const question: AskedFamily =
    generation.familyInQuestion !== true
      ? 'unspec'
      : wanted !== 'unspec'
        ? wanted
        : generation.ipv4ByDefault === true || ipv6 === false
          ? 'inet'
          : 'unspec';
  return { call: 'getaddrinfo', family: question, flags: ['AI_CANONNAME'] };
}

function conclude(run: Run, resolution: Resolution, generation: Generation, wanted: AskedFamily, ipv6: boolean | undefined): ClientAnswer {
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, generation.name);
  if (resolution.outcome.kind === 'error') {
    const text = generation.byHostname === true ? `ping: unknown host ${run.name}` : `ping: ${run.name}: ${resolution.outcome.error.text}`;
    return answer(run, resolution, nothingDialled, { prints: [text], exitStatus: 2 }, generation.name);
  }
  const all = addressesOf(resolution);
  const suitable = all.filter((a) => (wanted === 'unspec' || a.family === wanted) && (a.family === 'inet' || ipv6 !== false));
  if (suitable.length === 0) {
    const said: Said = { prints: [`ping: ${run.name}: Address family for hostname not supported`], exitStatus: 2 };
    return refuse(run, resolution, 'resolve', 'EAFNOSUPPORT', said, generation.name);
  }
  const { dialled, chosen } = walk(run, suitable);
  if (chosen === undefined || dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, generation.name);
  // An address after it, of whichever family, makes an unreachable one be passed over; with -6 the IPv4 ones behind it end the list.
  const passedOver = passesOver(chosen) && all.at(-1) !== chosen.address;
  const text = passedOver
    ? `ping: ${run.name}: Address family for hostname not supported`
    : failsAtOnce(chosen)
      ? connectError(run, generation, chosen)
      : firstLine(run, resolution, chosen.address);
  const exitStatus = dialled.winner !== undefined ? 0 : failsAtOnce(chosen) ? 2 : 1;
  return answer(
    run,
    dialled.winner === undefined ? resolution : withReverse(run, resolution, chosen.address),
    dialled,
    { prints: [text], exitStatus },
    generation.name,
  );
}

/** EACCES of an IPv4 connect is taken for a broadcast address (ping4_run). */
function connectError(run: Run, generation: Generation, { address, outcome }: DialAttempt): string {
  const errno = outcome.kind === 'errno' ? outcome.errno : '';
  if (address.family === 'inet' && errno === 'EACCES') {
    return `ping: Do you want to ping broadcast? Then -b${isBefore(run.version, '20161105') ? '' : '. If not, check your local firewall rules'}`;
  }
  return `ping: ${address.family === 'inet6' ? generation.failsIn : 'connect'}: ${strerror(run, errno)}`;
}

/** The line about a reply names the peer, so its address is looked up backwards, unless a literal address was asked for. */
function withReverse(run: Run, resolution: Resolution, address: ResolvedAddress): Resolution {
  if (parseAddress(run.name) !== undefined) return resolution;
  const back = lookup(run, { call: 'gethostbyaddr' }, address.address);
  return { ...resolution, queries: [...resolution.queries, ...back.queries] };
}

function passesOver(attempt: DialAttempt): boolean {
  const errno = errnoOf(attempt);
  return attempt.address.family === 'inet6' && failsAtOnce(attempt) && (errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH');
}

/** The next address is taken only when connect to an IPv6 one says EHOSTUNREACH or ENETUNREACH (ping6_run). */
function walk(run: Run, addresses: readonly ResolvedAddress[]): { dialled: Dialled; chosen: DialAttempt | undefined } {
  const attempts: DialAttempt[] = [];
  for (const address of addresses) {
    // A dial that is remembered carries the address it was made with: which place of the list it has is told by this list's own.
    const tried: DialAttempt = { ...dial(run, address), address };
    const bytes = parseAddress(address.address)?.bytes;
    // An IPv4 address in IPv6 clothes: ICMPv6 to it is never answered.
    const attempt: DialAttempt =
      bytes !== undefined && isV4Mapped(bytes) && tried.outcome.kind === 'connected'
        ? { ...tried, stage: 'address', outcome: { kind: 'timeout' }, elapsedMs: 1000 }
        : tried;
    attempts.push(attempt);
    if (!passesOver(attempt)) break;
  }
  const chosen = attempts.at(-1);
  const base = { attempts, elapsedMs: chosen?.elapsedMs ?? 0 };
  if (chosen?.outcome.kind === 'connected') return { chosen, dialled: { ...base, winner: chosen } };
  if (chosen?.outcome.kind === 'cannot-tell') return { chosen, dialled: { ...base, needs: chosen.outcome.needs } };
  return { chosen, dialled: chosen === undefined ? base : { ...base, reported: chosen } };
}

function askBusybox(run: Run): ClientAnswer {
  const version = `busybox ${run.version ?? ''}`.trim();
  const wanted = familyAsked(run.args);
  const resolution = lookup(run, { call: 'getaddrinfo', family: wanted, flags: [], socktype: 'stream' });
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  const first = addressesOf(resolution)[0];
  if (first === undefined)
    return answer(run, resolution, nothingDialled, { prints: [`ping: bad address '${run.name}'`], exitStatus: 1 }, version);
  const { dialled, chosen } = walk(run, [first]);
  if (chosen === undefined || dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const prints = [`PING ${run.name} (${shownAddress(first)}): 56 data bytes`];
  if (failsAtOnce(chosen))
    prints.push(
      chosen.stage === 'socket'
        ? `ping: can't create raw socket: ${strerror(run, errnoOf(chosen) ?? '')}`
        : `ping: sendto: ${strerror(run, errnoOf(chosen) ?? '')}`,
    );
  return answer(run, resolution, dialled, { prints, exitStatus: dialled.winner === undefined ? 1 : 0 }, version);
}

export const client: Client = {
  id: 'ping',
  title: { en: 'ping', zh: 'ping' },
  program: 'ping',
  role: 'person',
  behaviour: say({
    en: 'iputils of RHEL 7 and older asks for IPv4 only; newer ones ask for any family and take the first address that suits; it never uses a port',
    zh: 'RHEL 7 及更早的 iputils 只查询 IPv4；较新的版本查询任意地址族并采用第一个合适的地址；它从不使用端口',
  }),
  presentIn: (_world, view) => installed(view, 'ping'),
  answer: (world, view, name, _port, options) => {
    const run = startRun('ping', 'ping', world, view, name, undefined, options);
    return run.flavour === 'busybox' ? askBusybox(run) : askIputils(run);
  },
  command: (name) => ['ping', '-c', '1', '-W', '1', name],
};
