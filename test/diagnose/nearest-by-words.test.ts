/** What nobody's rule understands: the nearest causes by their words. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { IN_WORDS } from '../../src/causes/in-words.ts';
import { nearestByWords, tellingWords } from '../../src/diagnose/nearest-by-words.ts';

const nearest = (...told: readonly (readonly [string, string])[]): string | undefined =>
  nearestByWords(
    told.map(([key, value]) => ({ key, value })),
    causes,
    () => true,
  )[0]?.cause.id;

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

  test('leaves out what is ruled out, and knows nothing of strange words', () => {
    const told = [{ key: 'ranges', value: 'those of pods and of the company network overlap' }];
    expect(nearestByWords(told, causes, (c) => c.id !== 'cidr-overlap')[0]?.cause.id).not.toBe('cidr-overlap');
    expect(nearestByWords([{ key: 'colour', value: 'purple' }], causes, () => true)[0]?.score).toBe(0);
  });
});
