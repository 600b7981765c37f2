import { describe, expect, test } from 'vitest';
import { standingOf } from '../../src/compare/outlier.ts';

const of = (...answers: readonly Readonly<Record<string, string>>[]): ReturnType<typeof standingOf> =>
  standingOf(
    answers.map((a) => new Map(Object.entries(a))),
    (a) => a.startsWith('fails'),
  );

describe('who behaves unlike the others', () => {
  test.each([
    ['of two, the one that fails', [{ a: 'works' }, { a: 'fails' }], 1, 0],
    ['of four, the one that departs', [{ a: 'x' }, { a: 'x' }, { a: 'y' }, { a: 'x' }], 2, 0],
    ['though it works where the others fail', [{ a: 'fails' }, { a: 'works' }, { a: 'fails' }], 1, 0],
    [
      'each has questions of its own as well',
      [
        { a: 'x', p1: '1' },
        { a: 'x', p2: '1' },
        { a: 'y', p3: '1' },
      ],
      2,
      0,
    ],
    ['two that are alike', [{ a: 'x' }, { a: 'x' }], 0, 1],
    ['held against the one with most in common', [{ a: 'y', b: '1', c: '1' }, { a: 'x' }, { a: 'x', b: '1', c: '1' }, { a: 'x' }], 0, 2],
  ] as const)('%s', (_what, answers, sick, well) => {
    expect(of(...answers)).toMatchObject({ sick, well });
  });

  test('groups that depart alike', () => {
    expect(of({ a: 'x' }, { a: 'x' }, { a: 'y' }, { a: 'x' }, { a: 'y' }, { a: 'x' }, { a: 'z' }).groups).toEqual([
      [0, 1, 3, 5],
      [2, 4],
      [6],
    ]);
  });
});
