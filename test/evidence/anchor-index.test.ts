import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnchorIndex } from '../../src/evidence/symptoms/anchor-index.ts';

describe('an index of anchors', () => {
  it('finds what a look for each finds', () => {
    const piece = fc.array(fc.constantFrom('a', 'b', ' ', ':', 'é', '漢'), { minLength: 1, maxLength: 7 }).map((c) => c.join(''));
    fc.assert(
      fc.property(fc.uniqueArray(piece, { minLength: 1, maxLength: 30 }), fc.array(piece, { maxLength: 30 }), (anchors, pieces) => {
        const text = pieces.join('');
        const found = new Set<number>();
        new AnchorIndex(anchors).find(text, found);
        expect([...found].sort((a, b) => a - b)).toEqual(anchors.flatMap((a, i) => (text.includes(a) ? [i] : [])));
      }),
      { numRuns: 300 },
    );
  });
});
