import { describe, expect, test } from 'vitest';
import type { Cause } from '../../src/causes/define-cause.ts';
import { causes } from '../../src/causes/index.ts';
import type { Text } from '../../src/shared/text.ts';
import { linesOfPattern } from './_support/lines-of-pattern.ts';
import { catalogueIds } from './catalogue-ids.ts';

const ids = new Set(causes.map((cause) => cause.id));
const PLACEHOLDER = /\{([a-z][a-z0-9]*)/gi;
const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))].sort();
const HAN = /[\u4e00-\u9fff]/;

const textsOf = (cause: Cause): readonly Text[] => [
  cause.title,
  cause.mechanism,
  cause.summary,
  ...cause.confirms,
  ...cause.refutes,
  ...cause.remedies.flatMap((remedy) => [remedy.title, remedy.risk]),
];

describe('the catalogue is complete', () => {
  test.each(Object.entries(catalogueIds))('%s', (_group, wanted) => {
    expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('no id twice, and none outside the catalogue', () => {
    expect(causes.length).toBe(ids.size);
    const known = new Set(Object.values(catalogueIds).flat());
    expect([...ids].filter((id) => !known.has(id))).toEqual([]);
  });
});

describe.each(causes.map((cause) => [cause.id, cause] as const))('%s', (id, cause) => {
  test('speaks both languages with the same placeholders', () => {
    for (const { en, zh } of textsOf(cause)) {
      expect(en.length).toBeGreaterThan(1);
      expect(zh, en).toMatch(HAN);
      expect(placeholders(zh), en).toEqual(placeholders(en));
      // An apostrophe before a brace starts a quotation in ICU messages.
      expect(`${en}${zh}`).not.toMatch(/'\{/);
    }
  });

  test('says what confirms it, where it is known from and what mends it', () => {
    expect(cause.confirms.length).toBeGreaterThan(0);
    expect(cause.sources.length).toBeGreaterThan(0);
    expect(cause.remedies.length).toBeGreaterThan(0);
    const remedies = cause.remedies.map((remedy) => remedy.id);
    expect(new Set(remedies).size).toBe(remedies.length);
    for (const remedy of cause.remedies) expect(remedy.verify.length, remedy.id).toBeGreaterThan(0);
  });

  test('has a question that decides it, in both languages and with a command', () => {
    expect(cause.asks?.length).toBeGreaterThan(0);
    for (const one of cause.asks ?? []) {
      if (one.kind !== 'ask') continue;
      expect(one.what.zh, one.what.en).toMatch(HAN);
      expect(one.command, one.what.en).not.toBe('');
    }
  });

  test('names only causes that exist, and not itself', () => {
    const named = [...(cause.lookAlikes ?? []), ...(cause.variantOf ?? []), ...(cause.consequenceOf ?? [])];
    expect(named.filter((other) => !Object.values(catalogueIds).flat().includes(other))).toEqual([]);
    expect(named).not.toContain(id);
  });
});

const signatures = causes.flatMap((cause) => (cause.signatures ?? []).map((signature) => [signature.id, cause.id, signature] as const));

describe('signatures', () => {
  test('have ids of their own that begin with their cause', () => {
    const all = signatures.map(([id]) => id);
    expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
  });

  test.each(signatures)('%s matches its samples, rejects the others and is found by its anchors', (id, cause, signature) => {
    expect(id === cause || id.includes('/')).toBe(true);
    expect(signature.matches.length).toBeGreaterThan(0);
    expect(signature.rejects.length).toBeGreaterThan(0);
    expect(signature.pattern.flags).not.toMatch(/[gy]/);
    for (const anchor of signature.anchors) expect(Buffer.byteLength(anchor), anchor).toBeGreaterThanOrEqual(9);
    for (const line of signature.matches) {
      expect(line).toMatch(signature.pattern);
      expect(
        signature.anchors.some((anchor) => line.includes(anchor)),
        `no anchor in: ${line}`,
      ).toBe(true);
    }
    for (const line of signature.rejects) expect(line).not.toMatch(signature.pattern);
  });

  test.each(signatures)('%s: every line that its pattern can match holds an anchor', (_id, _cause, signature) => {
    const missed = linesOfPattern(signature.pattern, 300).filter((line) => !signature.anchors.some((anchor) => line.includes(anchor)));
    expect(missed.slice(0, 3)).toEqual([]);
  });

  // Backtracking that is quadratic or worse shows on a long line of the pattern's own words. Bounds are generous: machines are slow.
  test.each(signatures)('%s takes no more than linear time', (_id, _cause, signature) => {
    const unit = `${signature.anchors.join(' ')} ${signature.matches.join(' ')} `;
    const hostile = unit.repeat(Math.ceil(20_000 / unit.length));
    const started = performance.now();
    signature.pattern.test(`${hostile}\u0000`);
    signature.pattern.test(hostile.replaceAll(/[a-z]/g, 'a'));
    signature.pattern.test(`${' '.repeat(20_000)}x`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
