/** Vectors of net.Dial: a name and a port, looked up and connected to. */
import type { DialObservation, NodeFacts } from '../facts/node-facts.ts';
import { dialLookupText, goDial } from '../model/go/dial.ts';
import { joinHostPort, printAddress } from '../model/go/ip-literal.ts';
import { goStack } from '../model/go/stack.ts';
import type { Resolution, ResolvedAddress, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import type { JsonObject, Vector } from './adapter.ts';
import { asObject, asText, differences, expectations, experiment, scriptedDns } from './experiments.ts';

/** Nothing answers behind the uplink: neighbours stay silent there. */
function withSilentUplink(node: NodeFacts, addresses: readonly ResolvedAddress[], port: number): NodeFacts {
  const dials = addresses.map(({ address }): DialObservation => ({
    netns: 'host',
    address,
    port,
    protocol: 'tcp',
    result: 'EHOSTUNREACH',
  }));
  return { ...node, dials };
}

interface Dialled {
  readonly resolution: Resolution;
  readonly remote?: string;
  readonly error?: string;
  readonly notFound: boolean;
  readonly temporary: boolean;
  readonly timeout: boolean;
  readonly ms: number;
}

function dial(vector: Vector, world: World, version: string, name: string, port: number): Dialled {
  const view = world.node.views[0];
  if (view === undefined) throw new Error('no view');
  const cgo = vector.stack.startsWith('go-cgo');
  const resolution = goStack.resolve(world, view, version, { call: 'go-lookup', network: 'ip' }, name, { cgo });
  const nothing = { resolution, notFound: false, temporary: false, timeout: false, ms: resolution.elapsedMs };
  if (resolution.outcome.kind === 'cannot-tell') return { ...nothing, error: `cannot tell ${JSON.stringify(resolution.outcome.needs)}` };
  if (resolution.outcome.kind === 'error') {
    const { error } = resolution.outcome;
    const { notFound = false, temporary = false, timeout = false } = error;
    return { ...nothing, error: dialLookupText(error), notFound, temporary, timeout };
  }
  const { addresses } = resolution.outcome;
  const dialled = goDial(makeWorld(withSilentUplink(world.node, addresses, port)), view, addresses, port, name);
  const ms = resolution.elapsedMs + dialled.elapsedMs;
  const { outcome } = dialled;
  if (outcome.kind === 'works')
    return { ...nothing, ms, remote: outcome.address === undefined ? '?' : joinHostPort(printAddress(outcome.address), port) };
  return { ...nothing, ms, error: dialled.text ?? `cannot tell ${JSON.stringify(outcome)}` };
}

function misses(expect: JsonObject, got: Dialled, servers: readonly string[]): readonly string[] {
  // A neighbour that answers nothing costs two to three seconds, as the kernel's table of neighbours happens to stand.
  const wanted = typeof expect['seconds'] === 'number' ? expect['seconds'] * 1000 : got.ms;
  const ms = got.error?.endsWith('no route to host') === true && Math.abs(got.ms - wanted) <= 1100 ? wanted : got.ms;
  const found = [...differences(expect, { ...got.resolution, elapsedMs: ms }, servers, [])];
  const output = asObject(expect['output']);
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['remote', got.remote],
    ['error', got.error?.replaceAll('{EPHEMERAL}', 'EPHEMERAL')],
  ];
  for (const [key, value] of texts) {
    if (typeof output[key] === 'string' ? output[key] !== value : value !== undefined)
      found.push(`${key} “${asText(output[key])}” ≠ “${value ?? ''}”`);
  }
  for (const key of ['notFound', 'temporary', 'timeout'] as const) {
    if (typeof output[key] === 'boolean' && output[key] !== got[key]) found.push(`${key} ${String(output[key])} ≠ ${String(got[key])}`);
  }
  return found;
}

/** Differences for one release; undefined: not a vector of net.Dial. */
export function runGoDial(vector: Vector, version: string): readonly string[] | undefined {
  const called = /^net\.Dial [a-z0-9]+ (.+):(\d+)$/u.exec(asText(vector.when['call']));
  if (called === null) return undefined;
  const { world, servers } = experiment(vector, { kind: 'glibc', version: '2.36' }, scriptedDns(asObject(vector.given['dns'])));
  const got = dial(vector, world, version, (called[1] ?? '').replace(/^\[|\]$/gu, ''), Number(called[2]));
  const all = expectations(vector).map((expect) => misses(expect, got, servers));
  return all.find((one) => one.length === 0) ?? all[0] ?? [];
}
