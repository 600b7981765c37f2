/** Vectors of musl: getaddrinfo and gethostbyname run in experiments. */
import type { AiFlag, AskedFamily, Call, Resolution } from '../model/types.ts';
import { muslStack } from '../model/musl/stack.ts';
import type { JsonObject, Vector, VectorAdapter, VectorResult } from './adapter.ts';
import { asText, asTexts, differences, expectations, experiment, shownAddress } from './experiments.ts';

function callOf(vector: Vector): Call {
  const name = asText(vector.when['call']);
  const family = asText(vector.when['family']) as AskedFamily;
  if (name.startsWith('gethostbyname2')) return { call: 'gethostbyname2', family: family === 'inet6' ? 'inet6' : 'inet' };
  if (name.startsWith('gethostbyname')) return family === 'inet6' ? { call: 'gethostbyname2', family } : { call: 'gethostbyname' };
  return { call: 'getaddrinfo', family, flags: asTexts(vector.when['flags']) as readonly AiFlag[] };
}

/** An entry without an address prints what the one before it printed: the program's text buffer is left as it was. */
function printed(got: Resolution): readonly string[] {
  const texts: string[] = [];
  if (got.outcome.kind === 'addresses')
    for (const a of got.outcome.addresses) texts.push(a.address === '' ? (texts.at(-1) ?? '') : shownAddress(a));
  return texts;
}

function misses(expect: JsonObject, got: Resolution, servers: readonly string[]): readonly string[] {
  const found = [...differences(expect, got, servers, printed(got))];
  const { outcome } = got;
  if (outcome.kind === 'cannot-tell') found.push(`cannot tell: ${JSON.stringify(outcome.needs)}`);
  const code = outcome.kind === 'error' ? outcome.error.code : 'OK';
  for (const [key, value] of [
    ['rc', code],
    ['h_errno', code === 'OK' ? undefined : code],
    ['canonname', outcome.kind === 'addresses' ? outcome.canonicalName : undefined],
    ['h_name', outcome.kind === 'addresses' ? outcome.canonicalName : undefined],
  ] as const) {
    if (typeof expect[key] === 'string' && expect[key] !== value) found.push(`${key} ${expect[key]} ≠ ${String(value)}`);
  }
  return found;
}

export const muslAdapter: VectorAdapter = {
  name: 'musl',
  handles: (vector) => vector.stack === 'musl' || vector.stack.startsWith('musl-') || vector.stack.startsWith('musl/'),
  run(vector): VectorResult {
    for (const version of asTexts(vector.versions)) {
      const { world, view, servers } = experiment(vector, { kind: 'musl', version });
      const got = muslStack.resolve(world, view, version, callOf(vector), asText(vector.when['name']));
      const all = expectations(vector).map((expect) => misses(expect, got, servers));
      const best = all.find((one) => one.length === 0) ?? all[0] ?? [];
      if (best.length > 0) return { ok: false, expected: JSON.stringify(vector.expect), got: best.join('; '), version };
    }
    return { ok: true };
  },
};
