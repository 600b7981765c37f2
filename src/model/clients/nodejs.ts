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
 * without; order as the C library gives it since 17, IPv4 first before; autoSelectFamily by default since 20. Run: 20.
 */
const ATTEMPT_MS = 250;

/** dns.lookup(name, { all: true }). */
export function nodeLookup(run: Run): Resolution {
  return inOrder(run, lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [] }));
}

function inOrder(run: Run, resolution: Resolution): Resolution {
  if (resolution.outcome.kind !== 'addresses' || !isBefore(run.version, '17')) return resolution;
  const { addresses } = resolution.outcome;
  const sorted = [...addresses.filter((a) => a.family === 'inet'), ...addresses.filter((a) => a.family === 'inet6')];
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
  const attempts: DialAttempt[] = [];
  let elapsedMs = 0;
  for (const [i, address] of addresses.entries()) {
    const tried = dial(run, address);
    const last = i === addresses.length - 1;
    const attempt: DialAttempt =
      !last && tried.elapsedMs > ATTEMPT_MS ? { ...tried, outcome: { kind: 'timeout' }, elapsedMs: ATTEMPT_MS } : tried;
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
  const many = !isBefore(run.version, '20') && addresses.length > 1;
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
