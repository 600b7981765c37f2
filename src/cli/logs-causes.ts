/** Which causes the failures of a log point to: what a diagnosis makes of them alone, and the causes whose signatures matched. */
import type { Symptom } from '../facts/symptom.ts';
import type { LogsCause } from '../report/logs-schema.ts';
import { SNAPSHOT_SCHEMA } from '../snapshot/snapshot.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Text, Values } from '../shared/text.ts';

const words = {
  line: { en: 'a line of its own: {text}', zh: '有一行日志直接指向它：{text}' },
  needs: { en: 'fits these failures; to prove it: {needs}', zh: '与这些失败相符；要证明它，需要：{needs}' },
} as const;

export async function causesOf(symptoms: readonly Symptom[], say: (text: Text, values?: Values) => string): Promise<readonly LogsCause[]> {
  if (symptoms.length === 0) return [];
  const [{ causes }, { EvidenceFacts }, { finishFacts }, { diagnose }, { clients }] = await Promise.all([
    import('../causes/index.ts'),
    import('../evidence/facts/evidence-facts.ts'),
    import('../evidence/facts/finish-facts.ts'),
    import('../diagnose/diagnose.ts'),
    import('../model/clients/index.ts'),
  ]);
  // A node of which nothing is known.
  const facts = new EvidenceFacts();
  finishFacts(facts);
  const snapshot: Snapshot = {
    schema: SNAPSHOT_SCHEMA,
    takenAt: new Date().toISOString(),
    target: '',
    fromEvidence: true,
    node: facts.finish(),
    symptoms,
    pieces: [],
  };
  const diagnosis = diagnose(snapshot, { names: [], views: [], causes, clients });
  const found = new Map<string, LogsCause>();
  for (const v of diagnosis.verdicts)
    found.set(v.cause, {
      id: v.cause,
      title: say(v.title.text, v.title.values),
      certainty: v.certainty,
      because: say(v.summary.text, v.summary.values),
    });
  for (const u of diagnosis.undecided) {
    if (found.has(u.cause)) continue;
    const needs = u.needs
      .map((n) => n.command ?? say(n.what.text, n.what.values))
      .slice(0, 2)
      .join('; ');
    found.set(u.cause, {
      id: u.cause,
      title: say(u.title.text, u.title.values),
      certainty: 'points-to',
      because: say(words.needs, { needs }),
    });
  }
  for (const s of symptoms) {
    const id = s.kind.split('/')[0] ?? '';
    const cause = found.has(id) ? undefined : causes.find((c) => c.id === id);
    if (cause !== undefined)
      found.set(id, {
        id,
        title: say(cause.title),
        certainty: 'points-to',
        because: say(words.line, { text: s.evidence[0]?.text?.slice(0, 200) ?? '' }),
      });
  }
  return [...found.values()];
}
