import { describe, expect, it } from 'vitest';
import { grouped } from '../../src/shared/grouped.ts';

describe('counts for people', () => {
  it.each([0, 7, 999, 1000, 12_345, 999_999, 1_000_000, 4_815_923_001])('are written as en-US has them: %i', (count) => {
    expect(grouped(count)).toBe(count.toLocaleString('en-US'));
  });
});
