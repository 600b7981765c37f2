import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import type { Client, ClientAnswer, DialAttempt, Resolution, ResolvedAddress } from '../types.ts';
import type { Dialled, Run } from './_run.ts';
import {
  addressesOf,
  answer,
  dial,
  dialFirst,
  errnoOf,
  installed,
  isBefore,
  lookup,
  nothingDialled,
  shownAddress,
  startRun,
} from './_run.ts';

/**
 * Node.js lib/net.js (lookupAndConnect, internalConnectMultiple) and lib/dns.js: net.connect looks up with AI_ADDRCONFIG, dns.lookup
 * without; order as the C library gives it since 17, IPv4 first before; autoSelectFamily by default since 20. Options of the command line
 * and of NODE_OPTIONS: doc/api/cli.md (--dns-result-order 14.18 and 16.4, its ipv6first 20.13 and 22.1; --enable-network-family-autoselection
 * 18.13, without `enable-` from 20 on). Run: 20, 24.
 */
const ATTEMPT_MS = 250;

/** The value of an option, '' where it has none; the command line comes after NODE_OPTIONS, and the last one counts. */
function optionOf(run: Run, names: readonly string[]): string | undefined {
  const words = [...(valueOf(run.view.env)?.['NODE_OPTIONS'] ?? '').split(/[ \t]+/u), ...run.args];
  const found = words.findLast((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
  return found === undefined ? undefined : found.slice(!found.includes('=') ? found.length : found.indexOf('=') + 1);
}

type Order = 'verbatim' | 'ipv4first' | 'ipv6first';

function orderOf(run: Run): Order {
  const usual: Order = isBefore(run.version, '17') ? 'ipv4first' : 'verbatim';
  const asked = optionOf(run, ['--dns-result-order']);
  return asked === 'verbatim' || asked === 'ipv4first' || asked === 'ipv6first' ? asked : usual;
}

/** Does net.connect try the families in turn? */
function selectsFamily(run: Run): boolean {
  const on = optionOf(run, ['--network-family-autoselection', '--enable-network-family-autoselection']);
  const off = optionOf(run, ['--no-network-family-autoselection', '--no-enable-network-family-autoselection']);
  return off === undefined && (on !== undefined || !isBefore(run.version, '20'));
}

/** Milliseconds for each attempt but the last; less than 10 is 10 (lib/net.js). */
function attemptMs(run: Run): number {
  const asked = optionOf(run, ['--network-family-autoselection-attempt-timeout']);
  return asked === undefined || !/^\d{1,6}$/u.test(asked) ? ATTEMPT_MS : Math.max(Number(asked), 10);
}

/** dns.lookup(name, { all: true }). */
export function nodeLookup(run: Run): Resolution {
  return inOrder(run, lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [] }));
}

function inOrder(run: Run, resolution: Resolution): Resolution {
  const order = orderOf(run);
  if (resolution.outcome.kind !== 'addresses' || order === 'verbatim') return resolution;
  const { addresses } = resolution.outcome;
  const first = order === 'ipv4first' ? 'inet' : 'inet6';
  const sorted = [...addresses.filter((a) => a.family === first), ...addresses.filter((a) => a.family !== first)];
  return { ...resolution, outcome: { ...resolution.outcome, addresses: sorted } };
}

/** The code that Node gives an error of getaddrinfo (deps/uv uv__getaddrinfo_translate_error; ENOTFOUND in lib/internal/errors.js). */
export const nodeCode = (code: string): string => (code === 'EAI_NONAME' || code === 'EAI_NODATA' ? 'ENOTFOUND' : code);

/** Families alternate, beginning with that of the first address. */
export function alternate(addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const first = addresses.filter((a) => a.family === addresses[0]?.family);
  const second = addresses.filter((a) => a.family !== addresses[0]?.family);
  const mixed: ResolvedAddress[] = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    for (const list of [first, second]) {
      const address = list[i];
      if (address !== undefined) mixed.push(address);
    }
  }
  return mixed;
}

/** Every attempt but the last is given up after 250 ms. */
function dialAlternating(run: Run, addresses: readonly ResolvedAddress[]): Dialled {
  const most = attemptMs(run);
  const attempts: DialAttempt[] = [];
  let elapsedMs = 0;
  for (const [i, address] of addresses.entries()) {
    const tried = dial(run, address);
    const last = i === addresses.length - 1;
    const attempt: DialAttempt = !last && tried.elapsedMs > most ? { ...tried, outcome: { kind: 'timeout' }, elapsedMs: most } : tried;
    attempts.push(attempt);
    elapsedMs += attempt.elapsedMs;
    if (attempt.outcome.kind === 'connected') return { attempts, elapsedMs, winner: attempt };
    if (attempt.outcome.kind === 'cannot-tell') return { attempts, elapsedMs, needs: attempt.outcome.needs };
  }
  const reported = attempts[0];
  return { attempts, elapsedMs, ...(reported === undefined ? {} : { reported }) };
}

function ask(run: Run): ClientAnswer {
  const version = `Node.js ${run.version ?? ''}`.trim();
  const resolution = inOrder(run, lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: ['AI_ADDRCONFIG'] }));
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    const prints = [`Error: getaddrinfo ${nodeCode(resolution.outcome.error.code)} ${run.name}`];
    return answer(run, resolution, nothingDialled, { prints, exitStatus: 1 }, version);
  }
  const addresses = addressesOf(resolution);
  const many = selectsFamily(run) && addresses.length > 1;
  const dialled = many ? dialAlternating(run, alternate(addresses)) : dialFirst(run, addresses);
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  if (dialled.winner !== undefined) return answer(run, resolution, dialled, { prints: [], exitStatus: 0 }, version);
  return answer(run, resolution, dialled, { prints: errorLines(run, dialled), exitStatus: 1 }, version);
}

function errorLines(run: Run, dialled: Dialled): string[] {
  const lines = dialled.attempts.map((a) => `Error: connect ${errnoOf(a) ?? ''} ${shownAddress(a.address)}:${String(run.port ?? '')}`);
  return lines.length > 1 ? [`AggregateError [${errnoOf(dialled.reported) ?? ''}]:`, ...lines] : lines;
}

export const client: Client = {
  id: 'nodejs',
  title: { en: 'Node.js', zh: 'Node.js' },
  program: 'node',
  role: 'person',
  behaviour: say({
    en: 'net.connect asks for any family with AI_ADDRCONFIG and tries the families in turn (before 20: the first address only); dns.lookup asks without AI_ADDRCONFIG',
    zh: 'net.connect 查询任意地址族并带有 AI_ADDRCONFIG，轮流尝试各地址族（20 之前只尝试第一个地址）；dns.lookup 不带 AI_ADDRCONFIG',
  }),
  presentIn: (_world, view) => installed(view, 'node'),
  answer: (world, view, name, port, options) => ask(startRun('nodejs', 'node', world, view, name, port, options)),
  command: (name, port) => [
    'node',
    '-e',
    "require('net').connect(Number(process.argv[2]), process.argv[1]).setTimeout(3000, function () { this.destroy(); }).on('connect', function () { this.destroy(); })",
    name,
    String(port ?? 80),
  ],
};
