/** musl: the one of musl-gcc, or that of a root file system (Alpine). */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { muslStack } from '../../model/musl/stack.ts';
import type { AiFlag, AskedFamily, Call } from '../../model/types.ts';
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { shownAddress } from '../../vectors/experiments.ts';
import { objectOf, stringsOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import type { Raw, Ready, Subject, Trial } from '../trial.ts';
import { queriesByType } from './dns-queries.ts';
import { generateMuslTrial } from './musl-generate.ts';

const INSIDE = '/run/culprit-musl';
const LOADER = '/lib/ld-musl-x86_64.so.1';
const FAMILIES: Readonly<Record<AskedFamily, number>> = { unspec: 0, inet: 2, inet6: 10 };
const FLAGS: Readonly<Record<string, number>> = { AI_NUMERICHOST: 4, AI_V4MAPPED: 8, AI_ALL: 0x10, AI_ADDRCONFIG: 0x20, AI_CANONNAME: 2 };
const CODES: Readonly<Record<number, string>> = {
  [-1]: 'EAI_BADFLAGS',
  [-2]: 'EAI_NONAME',
  [-3]: 'EAI_AGAIN',
  [-4]: 'EAI_FAIL',
  [-5]: 'EAI_NODATA',
  [-6]: 'EAI_FAMILY',
  [-11]: 'EAI_SYSTEM',
};
/** A socket address has the number of an interface. */
const INDEXES: Readonly<Record<string, string>> = { lo: '1', eth0: '2' };
const HOST_ERRORS: Readonly<Record<number, string>> = { 1: 'HOST_NOT_FOUND', 2: 'TRY_AGAIN', 3: 'NO_RECOVERY', 4: 'NO_DATA' };

function prepare({ cache, rootfs }: { readonly cache: string; readonly rootfs?: string }): Promise<Ready | { readonly missing: string }> {
  mkdirSync(cache, { recursive: true });
  const binary = join(cache, 'musl-launcher');
  const source = new URL('./musl-launcher.c', import.meta.url).pathname;
  const built = spawnSync('musl-gcc', ['-O1', '-o', binary, source], { encoding: 'utf8' });
  if (built.status !== 0) return Promise.resolve({ missing: `musl-gcc: ${built.error?.message ?? built.stderr}` });
  const loader = spawnSync(`${rootfs ?? ''}${LOADER}`, [], { encoding: 'utf8' });
  const version = /Version (\d+\.\d+\.\d+)/u.exec(`${loader.stdout}${loader.stderr}`)?.[1];
  if (version === undefined) return Promise.resolve({ missing: `${rootfs ?? ''}${LOADER} that tells its version` });
  return Promise.resolve({
    title: `musl ${version}`,
    setup: rootfs === undefined ? { launcher: [binary] } : { rootfs, launcher: [INSIDE], copies: { [INSIDE]: binary } },
    generate: generateMuslTrial,
    command: ({ when }) => {
      const flags = stringsOf(when['flags']).reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), 0);
      const fields = [
        textOf(when['call']) ?? '',
        String(FAMILIES[familyOf(when)]),
        String(flags),
        Buffer.from(textOf(when['name']) ?? '', 'utf8').toString('hex'),
      ];
      return { kind: 'line', line: fields.join('\t') };
    },
    observe,
    predict: (trial) => predict(trial, version),
    compare: (observed, predicted) => {
      const keys = [...new Set([...Object.keys(observed), ...Object.keys(predicted)])];
      return keys.filter((key) => JSON.stringify(observed[key]) !== JSON.stringify(predicted[key]));
    },
  });
}

const familyOf = (when: JsonObject): AskedFamily => {
  const family = textOf(when['family']);
  return family === 'inet' || family === 'inet6' ? family : 'unspec';
};

function observe(_trial: Trial, raw: Raw): JsonObject | undefined {
  if (raw.failure !== undefined) return undefined;
  const { ms, code, h_errno: hostError, ...rest } = objectOf(JSON.parse(raw.stdout) as Json);
  if ('died' in rest) return rest;
  return {
    ...rest,
    ...(typeof code === 'number' ? { error: CODES[code] ?? String(code) } : {}),
    ...(typeof hostError === 'number' ? { error: HOST_ERRORS[hostError] ?? String(hostError) } : {}),
    queries: queriesByType(raw.queries, true),
    seconds: Math.round(Number(ms ?? 0) / 1000),
  };
}

function callOf(when: JsonObject): Call {
  const family = familyOf(when);
  if (when['call'] !== 'getaddrinfo') return { call: 'gethostbyname2', family: family === 'inet6' ? 'inet6' : 'inet' };
  return { call: 'getaddrinfo', family, flags: stringsOf(when['flags']) as readonly AiFlag[] };
}

function predict({ given, when }: Trial, version: string): JsonObject {
  const { world, view, servers } = worldFromGiven(given, '2.36');
  const got = muslStack.resolve(world, view, version, callOf(when), textOf(when['name']) ?? '');
  const { outcome } = got;
  if (outcome.kind === 'cannot-tell') return { 'cannot-tell': JSON.stringify(outcome.needs) };
  if (outcome.kind === 'error' && outcome.error.code === 'SIGFPE') return { died: 8 };
  const seen = got.queries
    .filter((q) => servers.has(q.server))
    .map((q) => ({ server: q.server, name: q.name, type: q.type, tcp: q.transport === 'tcp' }));
  return {
    ...(outcome.kind === 'error'
      ? { error: outcome.error.code }
      : {
          addrs: outcome.addresses.map(({ zone, ...a }) => shownAddress(zone === undefined ? a : { ...a, zone: INDEXES[zone] ?? zone })),
          canonname: outcome.canonicalName ?? '',
        }),
    queries: queriesByType(seen, true),
    seconds: Math.round(got.elapsedMs / 1000),
  };
}

export const muslSubject: Subject = { id: 'musl', stack: 'musl', prepare };
