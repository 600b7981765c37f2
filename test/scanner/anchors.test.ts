import { describe, expect, it } from 'vitest';
import { causes } from '../../src/causes/index.ts';

const signatures = causes.flatMap((c) => c.signatures ?? []);

describe('anchors of signatures', () => {
  it('have nine bytes or more: shorter ones slow the scanner down for all of them', () => {
    const offenders = signatures.flatMap((s) => s.anchors.filter((a) => Buffer.byteLength(a) < 9).map((a) => `${s.id}: ${a}`));
    expect(offenders).toEqual([]);
  });
  it('stand in each line that the signature must match', () => {
    const offenders = signatures.flatMap((s) =>
      s.matches.filter((m) => s.anchors.length > 0 && !s.anchors.some((a) => m.includes(a))).map((m) => `${s.id}: ${m}`),
    );
    expect(offenders).toEqual([]);
  });
});
