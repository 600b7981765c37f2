/** getent of the C library: glibc nss/getent.c (hosts_keys, ahosts_keys_int); musl-utils getent.c of Alpine has the same words. */
import type { AiFlag, AskedFamily, Call, Client, ClientAnswer, Resolution } from '../types.ts';
import type { Run, Said } from './_run.ts';
import { answer, installed, lookup, nothingDialled, shownAddress, startRun } from './_run.ts';
import { libcName } from './_libc.ts';
import { parseAddress } from '../address/address.ts';

/** One look-up after another: the second only when the first found nothing. */
export function orElse(first: Resolution, second: () => Resolution): Resolution {
  if (first.outcome.kind !== 'error') return first;
  const then = second();
  const requests = [...(first.nscdRequests ?? []), ...(then.nscdRequests ?? [])];
  return {
    ...then,
    steps: [...first.steps, ...then.steps],
    queries: [...first.queries, ...then.queries],
    elapsedMs: first.elapsedMs + then.elapsedMs,
    ...(requests.length === 0 ? {} : { nscdRequests: requests }),
  };
}

const pad = (text: string, width: number): string => text.padEnd(width, ' ');

function saysHosts(resolution: Resolution, run: Run): Said {
  if (resolution.outcome.kind !== 'addresses' || resolution.outcome.addresses.length === 0) return { prints: [], exitStatus: 2 };
  const { addresses, canonicalName = run.name, aliases = [] } = resolution.outcome;
  return { prints: addresses.map((a) => `${pad(shownAddress(a), 15)} ${[canonicalName, ...aliases].join(' ')}`), exitStatus: 0 };
}

function saysAhosts(resolution: Resolution, run: Run): Said {
  if (resolution.outcome.kind !== 'addresses' || resolution.outcome.addresses.length === 0) return { prints: [], exitStatus: 2 };
  const { addresses, canonicalName = run.name } = resolution.outcome;
  const prints = addresses.flatMap((a, i) =>
    ['STREAM', 'DGRAM', 'RAW'].map((type, j) => `${pad(shownAddress(a), 15)} ${pad(type, 6)} ${i === 0 && j === 0 ? canonicalName : ''}`),
  );
  return { prints, exitStatus: 0 };
}

function finish(run: Run, resolution: Resolution, said: Said): ClientAnswer {
  const known = resolution.outcome.kind === 'cannot-tell' ? { prints: [] } : said;
  return answer(run, resolution, nothingDialled, known, libcName(run.view));
}

export const askHosts = (run: Run): ClientAnswer => {
  if (parseAddress(run.name) !== undefined) {
    const reverse = lookup(run, { call: 'gethostbyaddr' });
    return finish(run, reverse, saysHosts(reverse, run));
  }
  const resolution = orElse(lookup(run, { call: 'gethostbyname2', family: 'inet6' }), () =>
    lookup(run, { call: 'gethostbyname2', family: 'inet' }),
  );
  return finish(run, resolution, saysHosts(resolution, run));
};

export function askAhosts(run: Run, family: AskedFamily, more: readonly AiFlag[]): ClientAnswer {
  const call: Call = { call: 'getaddrinfo', family, flags: ['AI_ADDRCONFIG', 'AI_CANONNAME', ...more] };
  const resolution = lookup(run, call);
  return finish(run, resolution, saysAhosts(resolution, run));
}

/** The parts that are the same for each database of getent. */
export const getentClient = (database: string, behaviour: Client['behaviour'], ask: (run: Run) => ClientAnswer): Client => {
  const id = `getent-${database}`;
  return {
    id,
    title: { en: `getent ${database}`, zh: `getent ${database}` },
    program: 'getent',
    role: 'person',
    behaviour,
    presentIn: (_world, view) => installed(view, 'getent'),
    // Without a port: getent only resolves.
    answer: (world, view, name, _port, options) => ask(startRun(id, 'getent', world, view, name, undefined, options)),
    command: (name) => ['getent', database, name],
  };
};
