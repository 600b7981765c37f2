import { expect, test } from 'vitest';
import { minimise } from '../../src/conformance/minimise.ts';
import { Random } from '../../src/conformance/random.ts';
import { generateGlibcTrial } from '../../src/conformance/subjects/glibc-generate.ts';
import type { Trial } from '../../src/conformance/trial.ts';
import { objectOf } from '../../src/vectors/world-from-given.ts';

test('the same seed makes the same cases', () => {
  const made = (seed: number): string => JSON.stringify(generateGlibcTrial(new Random(seed), {}));
  expect(made(7)).toBe(made(7));
  expect(made(7)).not.toBe(made(8));
});

test('numbers stay in their range and reach both ends', () => {
  const random = new Random(1);
  const seen = new Set(Array.from({ length: 200 }, () => random.below(4)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3]);
});

test('a disagreement keeps only what it needs', async () => {
  const trial: Trial = {
    given: {
      files: { '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n192.0.2.1 a b c\n', '/etc/host.conf': 'multi on\n' },
      env: { LOCALDOMAIN: 'x' },
      dns: [{ server: '127.0.0.1', records: {} }],
    },
    when: { call: 'getaddrinfo', name: 'localhost', flags: ['AI_ADDRCONFIG'] },
  };
  const disagree = (t: Trial): Promise<boolean> => Promise.resolve(JSON.stringify(t.given).includes('::1 localhost'));
  const small = await minimise(trial, disagree);
  expect(small.given).toEqual({ files: { '/etc/hosts': '::1 localhost\n' }, env: {} });
  expect(small.when).toEqual({ call: 'getaddrinfo', name: 'localhost' });
});

test('a budget ends it, with what it has', async () => {
  const trial = generateGlibcTrial(new Random(3), {});
  let asked = 0;
  await minimise(trial, () => Promise.resolve(++asked < 0), 10);
  expect(asked).toBeLessThanOrEqual(10);
  expect(objectOf(trial.given)['files']).toBeDefined();
});
