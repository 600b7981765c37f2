/** Vectors of Go's package net: look-ups run in experiments. Parsers and tables: go-table.ts. */
import type { Libc } from '../facts/node-facts.ts';
import type { Call, Resolution } from '../model/types.ts';
import { goStack } from '../model/go/stack.ts';
import type { GoOptions } from '../model/go/lookup-order.ts';
import type { JsonObject, Vector, VectorAdapter, VectorResult } from './adapter.ts';
import { asObject, asText, asTexts, differences, expectations, experiment, shownAddress } from './experiments.ts';
import { runGoDial } from './go-dial.ts';
import { runGoTable, tableDns } from './go-table.ts';

/** 'go-cgo/glibc-2.36' → glibc 2.36. */
function libcOf(stack: string): Libc {
  const match = /\/(glibc|musl)-([0-9.]+)$/u.exec(stack);
  return match === null ? { kind: 'glibc', version: '2.36' } : { kind: match[1] as 'glibc' | 'musl', version: match[2] ?? '2.36' };
}

/** The program's own port number is not known beforehand. */
export const withPlaceholders = (text: string): string => text.replaceAll('{EPHEMERAL}', 'EPHEMERAL');

function errorMisses(expect: JsonObject, got: Resolution): readonly string[] {
  if (!('error' in expect)) return [];
  const error = got.outcome.kind === 'error' ? got.outcome.error : undefined;
  if (expect['error'] === null) return error === undefined ? [] : [`error null ≠ ${error.text}`];
  if (error === undefined) return [`error ${JSON.stringify(expect['error'])} ≠ none`];
  const wanted = asObject(expect['error']);
  const text = withPlaceholders(error.text);
  const found: string[] = [];
  if (typeof wanted['text'] === 'string' && wanted['text'] !== text) found.push(`text “${wanted['text']}” ≠ “${text}”`);
  if (typeof wanted['contains'] === 'string' && !text.includes(wanted['contains'])) found.push(`“${text}” lacks “${wanted['contains']}”`);
  for (const [key, value] of [
    ['isNotFound', error.notFound],
    ['isTemporary', error.temporary],
    ['isTimeout', error.timeout],
  ] as const) {
    if (typeof wanted[key] === 'boolean' && wanted[key] !== (value ?? false))
      found.push(`${key} ${String(wanted[key])} ≠ ${String(value)}`);
  }
  return found;
}

function misses(expect: JsonObject, got: Resolution, servers: readonly string[]): readonly string[] {
  const addresses = got.outcome.kind === 'addresses' ? got.outcome.addresses.map(shownAddress) : [];
  const found = [...differences(expect, got, servers, addresses), ...errorMisses(expect, got)];
  if (got.outcome.kind === 'cannot-tell') found.push(`cannot tell: ${JSON.stringify(got.outcome.needs)}`);
  return found;
}

function lookup(vector: Vector, version: string): readonly string[] {
  const cgo = vector.stack.startsWith('go-cgo');
  const { world, view, servers } = experiment(vector, cgo ? libcOf(vector.stack) : undefined, tableDns(vector));
  const called = asText(vector.when['call']);
  const family = asText(vector.when['family']);
  const call: Call = { call: 'go-lookup', network: family === 'inet' ? 'ip4' : family === 'inet6' ? 'ip6' : 'ip' };
  const options: GoOptions = { cgo, lookupHost: called.endsWith('LookupHost') };
  const got = goStack.resolve(world, view, version, call, asText(vector.when['name']), options);
  const all = expectations(vector).map((expect) => misses(expect, got, servers));
  return all.find((one) => one.length === 0) ?? all[0] ?? [];
}

export const goAdapter: VectorAdapter = {
  name: 'go',
  handles: (vector) => /^go(?:-|$)/u.test(vector.stack),
  run(vector): VectorResult {
    for (const version of asTexts(vector.versions)) {
      const found = runGoTable(vector, version) ?? runGoDial(vector, version) ?? lookup(vector, version);
      if (found.length > 0) return { ok: false, expected: JSON.stringify(vector.expect), got: found.join('; '), version };
    }
    return { ok: true };
  },
};
