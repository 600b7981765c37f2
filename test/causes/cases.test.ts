/** Every cause with texts that show it, texts that look alike, and texts that leave it open: `test/causes/<area>/<id>.txt`. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import type { Cause } from '../../src/causes/define-cause.ts';
import type { Diagnosis } from '../../src/diagnose/types.ts';
import { makeReport } from '../../src/report/report-json.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { parseCaseFile, type CauseCase, type Expectation } from './_support/case-file.ts';
import { diagnoseText, type Diagnosed } from './_support/diagnose-text.ts';

const here = new URL('.', import.meta.url);
const pathOf = (cause: Cause): URL => new URL(`${cause.area}/${cause.id}.txt`, here);
const casesOf = (cause: Cause): readonly CauseCase[] => {
  const path = pathOf(cause);
  return existsSync(path) ? parseCaseFile(readFileSync(path, 'utf8')) : [];
};

describe('every cause has its cases', () => {
  const kindsOf = (cause: Cause): readonly Expectation['kind'][] => casesOf(cause).map((one) => one.expects.kind);

  test.each(causes.map((cause) => [cause.id, cause] as const))('%s', (_id, cause) => {
    const kinds = kindsOf(cause);
    // Causes that follow from others are never more than possible.
    expect(
      kinds.some((kind) => kind === 'found' || kind === 'possible'),
      'a text that shows it',
    ).toBe(true);
    expect(kinds, 'a text that looks alike, or a healthy one').toContain('not');
    expect(
      kinds.some((kind) => kind === 'asks' || kind === 'no-question'),
      'a text that leaves it open',
    ).toBe(true);
  });

  test('every file of cases belongs to a cause of its area', () => {
    const wanted = new Set(causes.map((cause) => pathOf(cause).href));
    const areas = readdirSync(here).filter((name) => !name.startsWith('_') && statSync(new URL(name, here)).isDirectory());
    const files = areas.flatMap((area) => readdirSync(new URL(area, here)).map((name) => new URL(`${area}/${name}`, here).href));
    expect(files.filter((file) => !wanted.has(file))).toEqual([]);
  });
});

describe.each(causes.map((cause) => [cause.id, cause] as const))('%s', (_id, cause) => {
  for (const one of casesOf(cause)) {
    if (one.expects.kind === 'no-question') continue;
    test(`line ${String(one.line)}, ${headOf(one.expects)}: ${one.title}`, async () => {
      const diagnosed = await diagnoseText(one.text);
      expectOutcome(cause, one.expects, diagnosed.diagnosis);
      expectReadable(diagnosed);
    });
  }
});

function headOf(expects: Expectation): string {
  if (expects.kind === 'asks') return `asks "${expects.words}"`;
  return expects.kind === 'not' && expects.but !== undefined ? `not, but ${expects.but}` : expects.kind;
}

function expectOutcome(cause: Cause, expects: Expectation, diagnosis: Diagnosis): void {
  const outcome = summaryOf(diagnosis);
  const { id } = cause;
  const [first] = diagnosis.verdicts;
  const named = [first?.cause, ...(first?.variants ?? [])];
  switch (expects.kind) {
    case 'found':
    case 'possible':
      expect(named, outcome).toContain(id);
      expect(first?.certainty === 'possible', outcome).toBe(expects.kind === 'possible');
      expect(first?.evidence.length, outcome).toBeGreaterThan(0);
      expect(first?.remedies.length, outcome).toBeGreaterThan(0);
      break;
    case 'not':
      expect(
        diagnosis.verdicts.filter((v) => v.cause === id || v.variants?.includes(id) === true),
        outcome,
      ).toEqual([]);
      if (expects.but !== undefined) expect(first?.cause, outcome).toBe(expects.but);
      break;
    case 'asks': {
      const sure = diagnosis.verdicts.filter((v) => v.certainty !== 'possible').map((v) => v.cause);
      // A look-alike that the text convicts leaves the question open whether it is this one after all.
      expect(
        sure.filter((other) => !isKin(cause, other)),
        outcome,
      ).toEqual([]);
      // Once a look-alike is sure, what tells the two apart is asked next.
      const needs = [
        ...diagnosis.undecided.filter((u) => u.cause === id).flatMap((u) => u.needs),
        ...(sure.length > 0 ? diagnosis.next : []),
      ];
      expect(
        needs.some((need) => need.command?.includes(expects.words) === true),
        `${outcome}\nneeds: ${needs.map((need) => need.command ?? '-').join(' | ')}`,
      ).toBe(true);
      break;
    }
    default:
  }
}

/** A look-alike, the cause of which this one is a variant, or one that would be a mere consequence of it. */
function isKin(cause: Cause, other: string): boolean {
  const its = causes.find((one) => one.id === other);
  const named = [...(cause.lookAlikes ?? []), ...(cause.variantOf ?? [])];
  return other !== cause.id && (named.includes(other) || [...(its?.lookAlikes ?? []), ...(its?.consequenceOf ?? [])].includes(cause.id));
}

/** What a failing test shows: how the whole catalogue sees the text. */
const summaryOf = ({ verdicts, undecided, ruledOut }: Diagnosis): string =>
  [
    `verdicts: ${verdicts.map((v) => [`${v.cause} (${v.certainty})`, ...(v.variants ?? [])].join(' + ')).join(', ') || 'none'}`,
    `undecided: ${undecided.map((u) => u.cause).join(', ') || 'none'}`,
    `ruled out: ${ruledOut.map((r) => `${r.cause} (${r.because.text.en})`).join(', ') || 'none'}`,
  ].join('\n');

/** Both languages say something, and no placeholder is left in what people read. */
function expectReadable({ diagnosis, snapshot }: Diagnosed): void {
  for (const language of ['en', 'zh'] as const) {
    const report = makeReport(diagnosis, { language, node: snapshot.node });
    for (const verdict of report.verdicts) {
      const said = [verdict.title, verdict.summary, ...verdict.evidence.map((e) => e.text), ...verdict.remedies.map((r) => r.title)];
      for (const text of said) expect(text, verdict.cause).not.toMatch(/\{[a-z]+\}|undefined|\[object/iu);
    }
    expect(renderTerminal(report, { language, width: 100, colour: false })).not.toMatch(/undefined|\[object/u);
  }
}
