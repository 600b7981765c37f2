/** One verdict for one cause: variants are folded under their parent, consequences under what they follow from; best first. */
import type { Cause } from '../causes/define-cause.ts';
import type { Remedy } from '../remedy/edit.ts';
import { say } from '../shared/text.ts';
import { questionKey } from './outcome-order.ts';
import type { Certainty, ProofRecord, RuledOut, Verdict } from './types.ts';

const CERTAINTY: Readonly<Record<Certainty, number>> = { proved: 0, likely: 1, possible: 2 };
const SEVERITY: Readonly<Record<Verdict['severity'], number>> = { critical: 0, high: 1, medium: 2, low: 3 };

const texts = {
  consequence: { en: 'a consequence of {cause}', zh: '是 {cause} 的后果' },
  explained: { en: 'what it would explain is explained by {cause}, which is proved', zh: '它能解释的现象已由得到证实的 {cause} 解释' },
} as const;

export function foldAndSort(
  all: readonly Verdict[],
  causes: readonly Cause[],
): { readonly verdicts: readonly Verdict[]; readonly folded: readonly RuledOut[] } {
  const byId = new Map(causes.map((c) => [c.id, c]));
  const layer = (v: Verdict): number => {
    const l = byId.get(v.cause)?.layer;
    return l === 'S' ? -1 : (l ?? 9);
  };
  const order = (a: Verdict, b: Verdict): number =>
    CERTAINTY[a.certainty] - CERTAINTY[b.certainty] ||
    weight(b) - weight(a) ||
    Number(b.endsProcess === true) - Number(a.endsProcess === true) ||
    (a.certainty === 'possible' ? b.weight - a.weight : 0) ||
    layer(a) - layer(b) ||
    SEVERITY[a.severity] - SEVERITY[b.severity];
  const folded: RuledOut[] = [];
  const merged = mergeViews([...all].sort(order));
  let kept = merged;

  // Variants go under their parent, which carries the smallest remedy.
  kept = kept.flatMap((v) => {
    const parents = byId.get(v.cause)?.variantOf ?? [];
    return merged.some((p) => parents.includes(p.cause) && coversViews(p, v)) ? [] : [v];
  });
  kept = kept.map((v) => {
    const variants = [...new Set(all.filter((o) => byId.get(o.cause)?.variantOf?.includes(v.cause) === true).map((o) => o.cause))];
    return variants.length === 0 ? v : { ...v, variants };
  });

  // A consequence is told from its cause, unless it is surer than the cause.
  kept = kept.filter((v) => {
    const of = byId.get(v.cause)?.consequenceOf ?? [];
    const source = kept.find(
      (p) =>
        p !== v && p.cause !== v.besides && of.includes(p.cause) && CERTAINTY[p.certainty] <= CERTAINTY[v.certainty] && coversViews(p, v),
    );
    if (source === undefined) return true;
    folded.push({ cause: v.cause, title: v.title, because: say(texts.consequence, { cause: source.cause }) });
    return false;
  });

  // What a proved cause explains needs no weaker explanation.
  const proved = kept.filter((v) => v.proof !== undefined);
  kept = kept.filter((v) => {
    if (v.certainty === 'proved' || v.explains.length === 0) return true;
    const texts_ = new Set(v.explains.map((e) => JSON.stringify(e)));
    const by = proved.find((p) => [...texts_].every((t) => p.explains.some((e) => JSON.stringify(e) === t)));
    if (by === undefined) return true;
    folded.push({ cause: v.cause, title: v.title, because: say(texts.explained, { cause: by.cause }) });
    return false;
  });
  return { verdicts: kept, folded };
}

/** What fails in a container is no consequence of what is wrong on the host alone. Without a proof on both sides nobody can tell them apart. */
function coversViews(source: Verdict, v: Verdict): boolean {
  if (source.proof === undefined || v.proof === undefined) return true;
  const views = new Set(source.proof.predicted.map((a) => a.view));
  return v.proof.predicted.every((a) => views.has(a.view));
}

/** How much a verdict accounts for: among equally sure ones, that which explains more comes first. */
const weight = (v: Verdict): number => Math.min(v.proof === undefined ? 0 : new Set(v.proof.predicted.map(questionKey)).size, 1);

/** The same cause in several views is one verdict: the first carries the rest, and its remedies are done in each view. */
function mergeViews(verdicts: readonly Verdict[]): readonly Verdict[] {
  const byCause = new Map<string, Verdict>();
  for (const v of verdicts) {
    const first = byCause.get(v.cause);
    byCause.set(v.cause, first === undefined ? v : joined(first, v));
  }
  return [...byCause.values()];
}

function joined(first: Verdict, other: Verdict): Verdict {
  const both = { ...first, explains: [...first.explains, ...other.explains], evidence: [...first.evidence, ...other.evidence] };
  // What is less sure brings no change of its own.
  if (first.certainty !== other.certainty || first.view === other.view) return both;
  const remedies = first.remedies.map((remedy): Remedy => {
    const same = other.remedies.find((r) => r.id === remedy.id);
    const more = same?.edits.filter((edit) => !remedy.edits.some((e) => JSON.stringify(e) === JSON.stringify(edit))) ?? [];
    return more.length === 0 ? remedy : { ...remedy, edits: [...remedy.edits, ...more] };
  });
  if (first.proof === undefined || other.proof === undefined) return { ...both, remedies };
  const proof: ProofRecord = {
    ...first.proof,
    predicted: [...first.proof.predicted, ...other.proof.predicted],
    afterRemedy: [...first.proof.afterRemedy, ...other.proof.afterRemedy],
  };
  return { ...both, remedies, proof };
}
