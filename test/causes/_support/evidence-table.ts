/**
 * Causes that are judged by evidence are tested the way people use them: a text goes in, a finding comes out. The text is read by the
 * reader of evidence with the signatures of the whole catalogue, so that a look-alike's line is seen as well.
 */
import { expect, test } from 'vitest';
import type { Cause, Finding } from '../../../src/causes/define-cause.ts';
import { causes } from '../../../src/causes/index.ts';
import { readEvidence } from '../../../src/evidence/read-evidence.ts';
import { makeWorld } from '../../../src/model/world.ts';

const signatures = causes.flatMap((cause) => cause.signatures ?? []);

export const causeById = (id: string): Cause => {
  const found = causes.find((cause) => cause.id === id);
  if (found === undefined) throw new Error(`no cause ${id}`);
  return found;
};

export async function findingsOn(id: string, text: string): Promise<readonly Finding[]> {
  const snapshot = await readEvidence([{ kind: 'text', name: 'text', text: Buffer.from(text) }], signatures, {
    now: '2026-01-01T00:00:00Z',
  });
  return causeById(id).check({
    world: makeWorld(snapshot.node),
    node: snapshot.node,
    symptoms: snapshot.symptoms,
    answers: [],
    allAnswers: [],
  });
}

/** What the findings come to: the surest status, with how sure a present one may be. */
export function outcomeOf(findings: readonly Finding[]): 'likely' | 'possible' | 'absent' | 'cannot-tell' | 'nothing' {
  const present = findings.filter((finding) => finding.status === 'present');
  if (present.length > 0) return present.some((finding) => finding.atMost !== 'possible') ? 'likely' : 'possible';
  if (findings.some((finding) => finding.status === 'absent')) return 'absent';
  return findings.some((finding) => finding.status === 'cannot-tell') ? 'cannot-tell' : 'nothing';
}

/** `finds`: present (likely unless said otherwise); `clears`: ruled out, or nothing points to it; `cannotTell`: asks for the next fact. */
export interface EvidenceCase {
  readonly finds: readonly (string | { readonly text: string; readonly as: 'likely' | 'possible' })[];
  readonly clears: readonly string[];
  readonly cannotTell: readonly string[];
}

export function evidenceTable(table: Readonly<Record<string, EvidenceCase>>): void {
  for (const [id, { finds, clears, cannotTell }] of Object.entries(table)) {
    for (const one of finds) {
      const { text, as } = typeof one === 'string' ? { text: one, as: 'likely' as const } : one;
      test(`${id}: finds it (${as}) in ${label(text)}`, async () => {
        const findings = await findingsOn(id, text);
        expect(outcomeOf(findings), JSON.stringify(findings)).toBe(as);
        for (const finding of findings) if (finding.status === 'present') expect(finding.evidence.length).toBeGreaterThan(0);
      });
    }
    for (const text of clears) {
      test(`${id}: is not what ${label(text)} shows`, async () => {
        expect(['absent', 'nothing'], JSON.stringify(await findingsOn(id, text))).toContain(outcomeOf(await findingsOn(id, text)));
      });
    }
    for (const text of cannotTell) {
      test(`${id}: asks for more on ${label(text)}`, async () => {
        const findings = await findingsOn(id, text);
        expect(['cannot-tell', 'possible'], JSON.stringify(findings)).toContain(outcomeOf(findings));
        const needs = findings.flatMap((finding) => (finding.status === 'cannot-tell' ? finding.needs : []));
        expect(needs.length).toBeGreaterThan(0);
      });
    }
  }
}

const label = (text: string): string => JSON.stringify(text.length > 70 ? `${text.slice(0, 67)}...` : text);
