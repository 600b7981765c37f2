/** What nobody's rule understands: the nearest causes by their words. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { IN_WORDS } from '../../src/causes/in-words.ts';
import { nearestByWords } from '../../src/diagnose/nearest-by-words.ts';
import { WORDS_OF_CAUSES } from '../../src/diagnose/words-of-causes.ts';
import { tellingWords } from '../../src/diagnose/telling-words.ts';

const nearest = (...told: readonly (readonly [string, string])[]): string | undefined =>
  nearestByWords({ told: told.map(([key, value]) => `${key}: ${value}`), lines: [] })[0]?.cause;

describe('telling words', () => {
  test('are stems without common words, short numbers and case', () => {
    expect(tellingWords('the_overlayPackets are NOT arriving on port 8472, 3 times')).toEqual([
      'overla',
      'packet',
      'arriv',
      'port',
      '8472',
      'tim',
    ]);
    expect(tellingWords('磁盘已满')).toEqual(['磁盘', '盘已', '已满']);
  });
});

describe('the nearest cause', () => {
  test('words stand by the names of causes', () => {
    const ids = new Set(causes.map((c) => c.id));
    expect(Object.keys(IN_WORDS).filter((id) => !ids.has(id))).toEqual([]);
  });

  test.each([
    ['inotify-limits', [['observation', 'all watches that the user may have are used by the log collector']]],
    ['etcd-space-exceeded', [['effect', 'writes are refused since the database outgrew its quota; compacting and defragmenting helps']]],
    ['cidr-overlap', [['ranges', 'those of pods and of the company network overlap']]],
    ['duplicate-machine-identity', [['machines', 'cloned from one template with one machine-id']]],
  ] as const)('%s', (id, told) => {
    expect(nearest(...told)).toBe(id);
  });

  test('knows nothing of strange words, times and addresses', () => {
    expect(nearestByWords({ told: ['colour: purple'], lines: ['2024-03-18T20:11:05Z 10.20.30.40 deadbeef01'] })).toEqual([]);
  });

  test('says which text speaks most for it', () => {
    const [first] = nearestByWords({ told: ['colour: purple', 'ranges: those of pods and of the company network overlap'], lines: [] });
    expect(first?.at).toEqual({ of: 'told', index: 1 });
    const [only] = nearestByWords({ told: ['colour: purple'], lines: ['x', 'mvcc: database space exceeded'] });
    expect(only).toMatchObject({ cause: 'etcd-space-exceeded', at: { of: 'lines', index: 1 } });
  });

  test('every cause has its words', () => {
    expect(Object.keys(WORDS_OF_CAUSES).sort()).toEqual(causes.map(({ id }) => id).sort());
  });
});
