/** The C library of this machine, or of a root file system, with its nscd client and real nscd and unscd daemons. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { glibcCall, observedOf } from '../../vectors/glibc.ts';
import { listOf, objectOf, stringsOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import { resolveGlibc } from '../../model/glibc/stack.ts';
import { rulesFor } from '../../model/glibc/versions.ts';
import type { Command, Raw, Ready, SeenQuery, Subject, Trial } from '../trial.ts';
import { cacheDaemons, nssModules } from './cache-daemons.ts';
import { generateGlibcTrial } from './glibc-generate.ts';

const INSIDE = '/run/culprit-zygote';
const FAMILIES: Readonly<Record<string, number>> = { AF_UNSPEC: 0, AF_INET: 2, AF_INET6: 10 };
const SOCKTYPES: Readonly<Record<string, number>> = { SOCK_STREAM: 1, SOCK_DGRAM: 2, SOCK_RAW: 3 };
const FLAGS: Readonly<Record<string, number>> = {
  AI_PASSIVE: 1,
  AI_CANONNAME: 2,
  AI_NUMERICHOST: 4,
  AI_V4MAPPED: 8,
  AI_ALL: 0x10,
  AI_ADDRCONFIG: 0x20,
  AI_IDN: 0x40,
  AI_CANONIDN: 0x80,
  AI_NUMERICSERV: 0x400,
};
const CODES: Readonly<Record<number, string>> = {
  [-1]: 'EAI_BADFLAGS',
  [-2]: 'EAI_NONAME',
  [-3]: 'EAI_AGAIN',
  [-4]: 'EAI_FAIL',
  [-5]: 'EAI_NODATA',
  [-6]: 'EAI_FAMILY',
  [-7]: 'EAI_SOCKTYPE',
  [-8]: 'EAI_SERVICE',
  [-9]: 'EAI_ADDRFAMILY',
  [-11]: 'EAI_SYSTEM',
  [-105]: 'EAI_IDN_ENCODE',
};
const ERRNOS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  11: 'EAGAIN',
  16: 'EBUSY',
  22: 'EINVAL',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
};

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex') || '00';
const field = (value: Json | undefined): string => (typeof value === 'string' ? hex(value) : '-');

/** '2.36-9+deb12u14', '2.23-0ubuntu11': what libc.so.6 prints about itself when it is run. */
export function glibcVersionOf(rootfs: string | undefined): string | undefined {
  for (const path of ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/libc.so.6', '/usr/lib/x86_64-linux-gnu/libc.so.6']) {
    // Through the loader: the library itself is not executable everywhere.
    const argv = ['/lib64/ld-linux-x86-64.so.2', path];
    const run = spawnSync(
      rootfs === undefined ? '/lib64/ld-linux-x86-64.so.2' : 'chroot',
      rootfs === undefined ? [path] : [rootfs, ...argv],
      { encoding: 'utf8' },
    );
    if (run.status !== 0) continue;
    const [, maker, own] = /\((Debian|Ubuntu) [^)]*?(2\.\d[^ )]*)\)/u.exec(run.stdout) ?? [];
    // Not every version of sid says that it is Debian's.
    if (own !== undefined) return maker === 'Debian' && !own.includes('deb') ? `${own}+deb0` : own;
    const plain = /version (2\.\d+)/u.exec(run.stdout)?.[1];
    if (plain !== undefined) return plain;
  }
  return undefined;
}

function prepare({ cache, rootfs }: { readonly cache: string; readonly rootfs?: string }): Promise<Ready | { readonly missing: string }> {
  mkdirSync(cache, { recursive: true });
  const binary = join(cache, 'glibc-zygote');
  const source = new URL('./glibc-zygote.c', import.meta.url).pathname;
  const built = spawnSync('gcc', ['-O1', '-nostartfiles', '-fPIE', '-pie', '-o', binary, source], { encoding: 'utf8' });
  if (built.status !== 0) return Promise.resolve({ missing: `gcc: ${built.error?.message ?? built.stderr}` });
  const version = glibcVersionOf(rootfs);
  if (version === undefined) return Promise.resolve({ missing: 'a glibc whose version can be told' });
  // In a root file system there are none: the shared socket alone is of no use.
  const daemons = rootfs === undefined ? cacheDaemons(cache) : {};
  const modules = nssModules(cache, rootfs);
  const ready: Ready = {
    title: `glibc ${version}`,
    setup: {
      ...(rootfs === undefined ? {} : { rootfs }),
      launcher: [rootfs === undefined ? binary : INSIDE],
      ...(modules.folders.length === 0 ? {} : { launcherEnv: { LD_LIBRARY_PATH: modules.folders.join(':') } }),
      ...(rootfs === undefined ? {} : { copies: { [INSIDE]: binary } }),
    },
    generate: (random) => {
      // To 2.35 results that are joined share a buffer: what comes out is what happened to be in it (bug 28931).
      for (;;) {
        const trial = generateGlibcTrial(random, daemons, modules.services);
        if (
          !rulesFor(version).joinsOnContinue ||
          !(textOf(objectOf(trial.given['files'])['/etc/nsswitch.conf']) ?? '').includes('[SUCCESS=')
        )
          return trial;
      }
    },
    command: (trial) => commandOf(trial),
    observe: (trial, raw) => observe(trial, raw),
    predict: (trial) => predict(trial, version),
    compare,
  };
  return Promise.resolve(ready);
}

function commandOf({ given, when }: Trial): Command {
  const flags = stringsOf(when['flags']).reduce((bits, flag) => bits | (FLAGS[flag] ?? 0), 0);
  const env = Object.entries(objectOf(given['env'])).map(([key, value]) => hex(`${key}=${typeof value === 'string' ? value : ''}`));
  const fields = [
    textOf(when['call']) ?? '',
    String(FAMILIES[textOf(when['family']) ?? 'AF_UNSPEC'] ?? 0),
    String(flags),
    String(SOCKTYPES[textOf(when['socktype']) ?? ''] ?? 0),
    field(when['name']),
    field(when['service']),
    ...env,
  ];
  return { kind: 'line', line: fields.join('\t') };
}

const queryText = (q: SeenQuery): string =>
  `${q.server} ${q.name} ${q.type}${q.tcp ? ' tcp' : ''}${q.edns ? ' edns' : ''}${q.ad ? ' ad' : ''}`;

/** Queries of a pair leave together; which of the two a server sees first is chance. */
function pairsInOrder(queries: readonly string[]): string[] {
  const ordered = [...queries];
  for (let i = 0; i + 1 < ordered.length; i++) {
    const [a = '', b = ''] = [ordered[i], ordered[i + 1]];
    const swapped = a.includes(' AAAA') && a.replace(' AAAA', ' A') === b;
    if (swapped) [ordered[i], ordered[i + 1]] = [b, a];
    if (swapped || (b.includes(' AAAA') && b.replace(' AAAA', ' A') === a)) i++;
  }
  return ordered;
}

function observe({ given, when }: Trial, raw: Raw): JsonObject | undefined {
  if (raw.failure !== undefined) return undefined;
  const answer = objectOf(JSON.parse(raw.stdout) as Json);
  // Over TCP the library waits for a silent server for ever; the alarm of the probe ends that, and nothing is said.
  // A crash of the library (merge with an alias that leads to itself) says nothing either.
  if (answer['died'] === 14 || answer['died'] === 11 || answer['died'] === 139) return undefined;
  if ('died' in answer) return { died: answer['died'] ?? 0 };
  const errno = ERRNOS[Number(answer['errno_number'] ?? 0)];
  const { ms, code, errno_number: _, ...rest } = answer;
  const own: Record<string, Json> = { ...rest };
  if (typeof code === 'number') {
    own['error'] = CODES[code] ?? String(code);
    if (code === -11 && errno !== undefined) own['errno'] = errno;
  }
  // A daemon's queries and its own start come in between.
  if (!('nscd_daemon' in given)) own['queries'] = pairsInOrder(raw.queries.map(queryText));
  own['seconds'] = Math.round(Number(ms ?? 0) / 1000);
  if (when['call'] === 'getaddrinfo' && !('canonname' in own) && stringsOf(when['flags']).includes('AI_CANONNAME') && 'addrs' in own)
    own['canonname'] = '-';
  own['stderr'] = raw.stderr.trimEnd();
  return own;
}

function predict({ given, when }: Trial, version: string): JsonObject {
  const asked = glibcCall(when);
  if (asked === undefined) return { error: 'not modelled' };
  const { world, view, servers } = worldFromGiven(given, version);
  const r = resolveGlibc(world, view, version, asked.call, textOf(when['name']) ?? '', asked.options);
  const { errno, ...own } = observedOf(r, asked.call);
  return {
    ...own,
    ...(own['error'] === 'EAI_SYSTEM' && errno !== undefined ? { errno } : {}),
    ...('nscd_daemon' in given
      ? {}
      : {
          queries: pairsInOrder(
            r.queries
              .filter((q) => servers.has(q.server))
              .map((q) => queryText({ ...q, tcp: q.transport === 'tcp', edns: q.edns === true, ad: q.ad === true })),
          ),
        }),
    seconds: Math.round(r.elapsedMs / 1000),
    stderr: (r.stderr ?? '').trimEnd(),
  };
}

function compare(observed: JsonObject, predicted: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(observed), ...Object.keys(predicted)]);
  return [...keys].filter((key) => {
    if (key === 'seconds') return Math.abs(Number(observed[key] ?? 0) - Number(predicted[key] ?? 0)) > 0;
    if (key === 'queries') return JSON.stringify(listOf(observed[key])) !== JSON.stringify(listOf(predicted[key]));
    return JSON.stringify(observed[key]) !== JSON.stringify(predicted[key]);
  });
}

export const glibcSubject: Subject = { id: 'glibc', stack: 'glibc', prepare };
