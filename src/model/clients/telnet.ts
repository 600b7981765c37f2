import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import type { AskedFamily, Call, Client, ClientAnswer, DialAttempt, Resolution } from '../types.ts';
import type { Dialled, Run, Said } from './_run.ts';
import {
  addressesOf,
  answer,
  dialFirst,
  dialInTurn,
  errnoOf,
  installed,
  isBefore,
  lookup,
  nothingDialled,
  shownAddress,
  startRun,
  strerror,
} from './_run.ts';

/**
 * Three programs of one name. Sources: netkit-telnet 0.17 telnet/commands.cc (Debian) and Red Hat's telnet 0.17 (commands.c), GNU inetutils
 * telnet/commands.c 2.4 to 2.6, busybox networking/telnet.c. All ask getaddrinfo for any family without AI_ADDRCONFIG.
 */
const callOf = (args: readonly string[], flags: Extract<Call, { call: 'getaddrinfo' }>['flags'] = []): Call => {
  const family: AskedFamily = args.includes('-4') ? 'inet' : args.includes('-6') ? 'inet6' : 'unspec';
  return { call: 'getaddrinfo', family, flags, socktype: 'stream' };
};

/** After the connection telnet says who it is connected to, and ends when the peer closes. */
const connectedLines = (shown: string): string[] => [
  `Connected to ${shown}.`,
  "Escape character is '^]'.",
  'Connection closed by foreign host.',
];

const tryingLine = (a: DialAttempt): string => `Trying ${shownAddress(a.address)}...`;

function askNetkit(run: Run, redHat: boolean): ClientAnswer {
  const version = `netkit-telnet ${run.version ?? '0.17'}`;
  const resolution = lookup(run, callOf(run.args, ['AI_CANONNAME']));
  if (resolution.outcome.kind !== 'addresses') {
    const text = redHat
      ? `telnet: ${run.name}: ${errorText(resolution)}`
      : `telnet: could not resolve ${run.name}/${portText(run)}: ${errorText(resolution)}`;
    return answer(
      run,
      resolution,
      nothingDialled,
      cannotTell(resolution) ?? { prints: [text, ...(redHat ? [`${run.name}: ${errorText(resolution)}`] : [])], exitStatus: 1 },
      version,
    );
  }
  const dialled = dialInTurn(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const prints = redHat
    ? dialled.attempts.flatMap((a) =>
        a === dialled.winner
          ? [tryingLine(a)]
          : [tryingLine(a), `telnet: connect to address ${shownAddress(a.address)}: ${strerror(run, errnoOf(a) ?? '')}`],
      )
    : dialled.attempts.map(tryingLine);
  // The canonical name stands with the first address only.
  const isFirst = dialled.winner === dialled.attempts[0];
  if (dialled.winner !== undefined) prints.push(...connectedLines((isFirst ? resolution.outcome.canonicalName : undefined) ?? run.name));
  else if (!redHat) prints.push(`telnet: Unable to connect to remote host: ${strerror(run, errnoOf(dialled.reported) ?? '')}`);
  // Netkit's telnet ends with status 1 also after a connection that the peer closed.
  return answer(run, resolution, dialled, { prints, exitStatus: 1 }, version);
}

function askInetutils(run: Run): ClientAnswer {
  const version = `inetutils ${run.version ?? ''}`.trim();
  const resolution = lookup(run, callOf(run.args));
  if (resolution.outcome.kind !== 'addresses') {
    const prints = [`Server lookup failure:  ${run.name}:${portText(run)}, ${errorText(resolution)}`];
    return answer(run, resolution, nothingDialled, cannotTell(resolution) ?? { prints, exitStatus: 1 }, version);
  }
  const dialled = dialInTurn(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const noSocket = dialled.attempts.findIndex((a) => a.stage === 'socket');
  if (noSocket >= 0) return withoutSocket(run, resolution, dialled, noSocket, version);
  const prints = dialled.attempts.map(tryingLine);
  // On stderr, for each address but the last; the same address may be listed twice.
  const failed = dialled.attempts.slice(0, -1).map((a) => `Connection failed: ${strerror(run, errnoOf(a) ?? '')}`);
  if (dialled.winner === undefined) {
    prints.push(...failed, `telnet: Unable to connect to remote host: ${strerror(run, errnoOf(dialled.reported) ?? '')}`);
    return answer(run, resolution, dialled, { prints, exitStatus: 1 }, version);
  }
  const [connected = '', escape = '', closed = ''] = connectedLines(run.name);
  const own = ownName(run);
  const both = { ...resolution, queries: [...resolution.queries, ...own.queries], elapsedMs: resolution.elapsedMs + own.elapsedMs };
  return answer(run, both, dialled, { prints: [...prints, connected, escape, ...failed, closed], exitStatus: 0 }, version);
}

/** A socket of a family that the kernel lacks ends it: no further address is tried. */
function withoutSocket(run: Run, resolution: Resolution, dialled: Dialled, at: number, version: string): ClientAnswer {
  const { winner: _, ...rest } = dialled;
  const attempts = dialled.attempts.slice(0, at + 1);
  const failed = attempts[at];
  const before = attempts.slice(0, at).map((a) => `Connection failed: ${strerror(run, errnoOf(a) ?? '')}`);
  const prints = [...attempts.map(tryingLine), ...before, `telnet: socket: ${strerror(run, errnoOf(failed) ?? '')}`];
  const ended: Dialled = { ...rest, attempts, ...(failed === undefined ? {} : { reported: failed }) };
  return answer(run, resolution, ended, { prints, exitStatus: 1 }, version);
}

/** Connected, it looks up its own host name, for IPv4, and the first address backwards (libinetutils/localhost.c). */
function ownName(run: Run): Pick<Resolution, 'queries' | 'elapsedMs'> {
  const hostname = valueOf(run.view.hostname);
  if (hostname === undefined) return { queries: [], elapsedMs: 0 };
  const there = lookup(run, { call: 'gethostbyname' }, hostname);
  const first = addressesOf(there)[0];
  const back = first === undefined ? undefined : lookup(run, { call: 'gethostbyaddr' }, first.address);
  return { queries: [...there.queries, ...(back?.queries ?? [])], elapsedMs: there.elapsedMs + (back?.elapsedMs ?? 0) };
}

function askBusybox(run: Run): ClientAnswer {
  const version = `busybox ${run.version ?? ''}`.trim();
  const resolution = lookup(run, callOf([]));
  if (resolution.outcome.kind !== 'addresses') {
    return answer(
      run,
      resolution,
      nothingDialled,
      cannotTell(resolution) ?? { prints: [`telnet: bad address '${run.name}'`], exitStatus: 1 },
      version,
    );
  }
  const dialled = dialFirst(run, addressesOf(resolution));
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  if (dialled.winner !== undefined) {
    const prints = isBefore(run.version, '1.31') ? [] : [`Connected to ${run.name}`];
    return answer(run, resolution, dialled, { prints, exitStatus: 0 }, version);
  }
  return answer(run, resolution, dialled, { prints: [`telnet: ${cannotConnect(run, dialled.reported)}`], exitStatus: 1 }, version);
}

/** busybox libbb/xconnect.c: an IPv4 address is shown, an IPv6 one is not. */
export function cannotConnect(run: Run, attempt: DialAttempt | undefined): string {
  if (attempt?.stage === 'socket') return `socket: ${strerror(run, errnoOf(attempt) ?? '')}`;
  const shown = attempt?.address.family === 'inet' ? ` (${attempt.address.address})` : '';
  return `can't connect to remote host${shown}: ${strerror(run, errnoOf(attempt) ?? '')}`;
}

const portText = (run: Run): string => (run.port === undefined ? 'telnet' : String(run.port));
const errorText = (resolution: Resolution): string => (resolution.outcome.kind === 'error' ? resolution.outcome.error.text : '');
const cannotTell = (resolution: Resolution): Said | undefined => (resolution.outcome.kind === 'cannot-tell' ? { prints: [] } : undefined);

export const client: Client = {
  id: 'telnet',
  title: { en: 'telnet', zh: 'telnet' },
  program: 'telnet',
  role: 'person',
  behaviour: say({
    en: 'asks for any family, without AI_ADDRCONFIG, and tries all addresses in turn (busybox: the first only)',
    zh: '查询任意地址族，不带 AI_ADDRCONFIG，依次尝试所有地址（busybox 只尝试第一个）',
  }),
  presentIn: (_world, view) => installed(view, 'telnet'),
  answer: (world, view, name, port, options) => {
    const run = startRun('telnet', 'telnet', world, view, name, port, options);
    if (run.flavour === 'busybox') return askBusybox(run);
    if (run.flavour === 'netkit') return askNetkit(run, false);
    return run.flavour === 'netkit-rhel' || /\.el\d/u.test(run.version ?? '') ? askNetkit(run, true) : askInetutils(run);
  },
  command: (name, port) => ['telnet', name, ...(port === undefined ? [] : [String(port)])],
};
