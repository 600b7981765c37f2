/** Go's package net: the pure resolver and the one with cgo, each a real program of the Go that is installed. */
import { mkdirSync } from 'node:fs';
import { goStack } from '../../model/go/stack.ts';
import type { GoOptions } from '../../model/go/lookup-order.ts';
import type { Call } from '../../model/types.ts';
import type { Json, JsonObject } from '../../vectors/adapter.ts';
import { shownAddress } from '../../vectors/experiments.ts';
import { objectOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import type { Ready, Raw, Subject, Trial } from '../trial.ts';
import { queriesByType } from './dns-queries.ts';
import { nssModules, type NssModules } from './cache-daemons.ts';
import { goBuilds } from './go-builds.ts';
import { generateGoTrial } from './go-generate.ts';
import { glibcVersionOf } from './glibc.ts';

const INSIDE = '/run/culprit-go';

function subject(id: 'go-pure' | 'go-cgo'): Subject {
  const cgo = id === 'go-cgo';
  const prepare: Subject['prepare'] = ({ cache, rootfs }) => {
    mkdirSync(cache, { recursive: true });
    const builds = goBuilds(cache, cgo, rootfs);
    if ('missing' in builds) return Promise.resolve(builds);
    const libc = glibcVersionOf(rootfs) ?? '2.36';
    return Promise.resolve(
      builds.map(({ version, binary }) =>
        ready(id, version, libc, binary, rootfs, cgo ? nssModules(cache, rootfs) : { folders: [], services: [] }),
      ),
    );
  };
  return { id, stack: 'go', prepare };
}

function ready(
  id: 'go-pure' | 'go-cgo',
  version: string,
  libc: string,
  binary: string,
  rootfs: string | undefined,
  modules: NssModules,
): Ready {
  const cgo = id === 'go-cgo';
  const program = rootfs === undefined ? binary : INSIDE;
  return {
    title: `${id} ${version}`,
    setup: rootfs === undefined ? {} : { rootfs, copies: { [INSIDE]: binary } },
    generate: (random) => generateGoTrial(random, cgo, modules.services),
    command: ({ given, when }) => ({
      kind: 'spawn',
      argv: [
        program,
        textOf(when['call']) ?? '',
        textOf(when['network']) ?? 'ip',
        Buffer.from(textOf(when['name']) ?? '', 'utf8').toString('hex'),
      ],
      env: {
        ...(objectOf(given['env']) as Readonly<Record<string, string>>),
        ...(modules.folders.length === 0 ? {} : { LD_LIBRARY_PATH: modules.folders.join(':') }),
      },
    }),
    observe: (trial, raw) => observe(trial, raw),
    predict: (trial) => predict(trial, version, libc, { cgo }),
    compare: (observed, predicted, trial) => {
      const keys = differing(observed, predicted);
      return keys.length > 0 && mayBe(observed, trial, version, libc, cgo) ? [] : keys;
    },
  };
}

/** LookupIP leaves the zone out. */
const shown = (when: JsonObject, address: string): string => (when['call'] === 'LookupIP' ? (address.split('%')[0] ?? '') : address);

function observe(_trial: Trial, raw: Raw): JsonObject | undefined {
  if (raw.failure !== undefined || raw.exit !== 0) return undefined;
  const { ms, error, addrs, ...rest } = objectOf(JSON.parse(raw.stdout) as Json);
  return {
    ...rest,
    ...(typeof error === 'string' ? {} : { addrs: addrs ?? [] }),
    ...(typeof error === 'string' ? { error: withoutOwnPorts(error) } : {}),
    queries: queriesByType(raw.queries),
    seconds: Math.round(Number(ms ?? 0) / 1000),
  };
}

/** Which port the question came from is chance. */
const withoutOwnPorts = (text: string): string => text.replaceAll('{EPHEMERAL}', 'PORT').replace(/(udp|tcp) (\S+):\d+->/u, '$1 $2:PORT->');

const differing = (observed: JsonObject, predicted: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(observed), ...Object.keys(predicted)])].filter(
    (key) => JSON.stringify(observed[key]) !== JSON.stringify(predicted[key]),
  );

/** The name itself and the longest search list of generate-parts.ts. */
const CANDIDATES = 4;

/** Is it what the model says when chance decides otherwise which of two questions comes first? */
function mayBe(observed: JsonObject, trial: Trial, version: string, libc: string, cgo: boolean): boolean {
  const told = new Set<string>();
  for (let bits = 1; bits < 4 ** CANDIDATES; bits++) {
    const sixFirst = (what: 'asks' | 'answers', at: number): boolean => ((bits >> (2 * at + (what === 'asks' ? 0 : 1))) & 1) === 1;
    const predicted = predict(trial, version, libc, { cgo, sixFirst });
    const text = JSON.stringify(predicted);
    if (told.has(text)) continue;
    told.add(text);
    if (differing(observed, predicted).length === 0) return true;
  }
  return false;
}

function predict({ given, when }: Trial, version: string, libc: string, choice: Pick<GoOptions, 'cgo' | 'sixFirst'>): JsonObject {
  const { world, view, servers } = worldFromGiven(given, libc);
  const network = textOf(when['network']) ?? 'ip';
  const call: Call = { call: 'go-lookup', network: network === 'ip4' || network === 'ip6' ? network : 'ip' };
  const options: GoOptions = { ...choice, lookupHost: when['call'] === 'LookupHost' };
  const got = goStack.resolve(world, view, version, call, textOf(when['name']) ?? '', options);
  const { outcome } = got;
  if (outcome.kind === 'cannot-tell') return { 'cannot-tell': JSON.stringify(outcome.needs) };
  const seen = got.queries
    .filter((q) => servers.has(q.server))
    .map((q) => ({ server: q.server, name: q.name, type: q.type, tcp: q.transport === 'tcp' }));
  const error = outcome.kind === 'error' ? outcome.error : undefined;
  return {
    ...(outcome.kind === 'addresses' ? { addrs: outcome.addresses.map((a) => shown(when, shownAddress(a))) } : {}),
    ...(error === undefined ? {} : { error: withoutOwnPorts(error.text) }),
    ...(error?.notFound === true ? { isNotFound: true } : {}),
    ...(error?.temporary === true ? { isTemporary: true } : {}),
    ...(error?.timeout === true ? { isTimeout: true } : {}),
    queries: queriesByType(seen),
    seconds: Math.round(got.elapsedMs / 1000),
  };
}

export const goSubjects: readonly Subject[] = [subject('go-pure'), subject('go-cgo')];
