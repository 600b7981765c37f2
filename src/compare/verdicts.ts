/** What a diagnosis finds on one node and not on another: faults that show in no look-up, such as an expired certificate. Pure. */
import type { Cause } from '../causes/define-cause.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { Verdict } from '../diagnose/types.ts';
import type { Client } from '../model/types.ts';
import { OWN_NAME, type AskedName } from './effects.ts';
import type { Subject } from './subject.ts';

export interface DiagnoseEach {
  readonly names: readonly AskedName[];
  readonly clients: readonly Client[];
  readonly causes: readonly Cause[];
}

/** Those that are at least likely; what is merely possible is possible on the other node as well. */
export function verdictsOf(subject: Subject, { names, clients, causes }: DiagnoseEach): readonly Verdict[] {
  const asked = names.filter((n) => n.name !== OWN_NAME && n.name !== 'localhost');
  const views = subject.view === undefined ? [] : [subject.view];
  return diagnose(subject.snapshot, { names: asked, views, causes, clients }).verdicts.filter((v) => v.certainty !== 'possible');
}

/** The first's verdicts of which the second has nothing like. */
export function onlyIn(these: readonly Verdict[], those: readonly Verdict[]): readonly Verdict[] {
  const known = new Set(those.flatMap((v) => [v.cause, ...(v.variants ?? [])]));
  return these.filter((v) => ![v.cause, ...(v.variants ?? [])].some((id) => known.has(id)));
}
