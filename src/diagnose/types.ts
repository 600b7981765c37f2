/** The values that diagnose() makes: what was asked, what was found, how sure it is, and what is missing. */
import type { Source, ViewId } from '../facts/fact.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { ClientAnswer, Need } from '../model/types.ts';
import type { Remedy } from '../remedy/edit.ts';
import type { Said } from '../shared/text.ts';

/** A name (and port) that somebody needs, asked by one client in one view. */
export interface Question {
  readonly view: ViewId;
  readonly client: string;
  readonly name: string;
  readonly port?: number;
  /**
   * required: a person, a configuration or a failing log line names it; candidate: components of this kind of node often use it, so
   * a failure counts only where programs disagree about it.
   */
  readonly need: 'required' | 'candidate';
  readonly because: Said;
  readonly source?: Source;
}

export type Certainty = 'proved' | 'likely' | 'possible';

export interface Evidence {
  readonly said: Said;
  readonly source?: Source;
}

/** One link of the chain from the cause to the symptom. */
export interface ChainLink {
  readonly said: Said;
  readonly source?: Source;
}

export interface ProofRecord {
  /** The failing questions that the model predicts on the facts as they are. */
  readonly predicted: readonly ClientAnswer[];
  /** The same questions with the remedy's edits applied. */
  readonly afterRemedy: readonly ClientAnswer[];
  /** Questions that worked before and fail with the edits. Must be empty for a proof. */
  readonly broken: readonly ClientAnswer[];
  readonly remedy: string;
}

export interface Verdict {
  readonly cause: string;
  readonly title: Said;
  readonly certainty: Certainty;
  readonly view?: ViewId;
  readonly summary: Said;
  /** Symptoms and consequences that this cause accounts for. */
  readonly explains: readonly Said[];
  readonly chain: readonly ChainLink[];
  readonly evidence: readonly Evidence[];
  /** Smallest first. */
  readonly remedies: readonly Remedy[];
  readonly proof?: ProofRecord;
  /** Variants and other causes folded under this one. */
  readonly variants?: readonly string[];
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** Pieces of evidence by weight, direct ones first: orders verdicts that are equally sure. */
  readonly weight: number;
  /** It explains a line that ended a process: among equally sure ones the end of the process tells more than a complaint before it. */
  readonly endsProcess?: boolean;
  /** The cause behind which this one stands: it is proved on top of that one's change. */
  readonly besides?: string;
}

export interface Undecided {
  readonly cause: string;
  readonly title: Said;
  readonly needs: readonly { readonly what: Said; readonly command?: string }[];
}

export interface RuledOut {
  readonly cause: string;
  readonly title: Said;
  readonly because: Said;
}

export interface NotChecked {
  readonly what: Said;
  readonly source?: Source;
}

export interface Diagnosis {
  readonly target: string;
  readonly questions: readonly Question[];
  readonly answers: readonly ClientAnswer[];
  /** The answers that count as failures: required names, and candidates about which programs disagree. */
  readonly failing: readonly ClientAnswer[];
  readonly symptoms: readonly Symptom[];
  /** Something fails, or the evidence says that something failed: without a verdict this is "could not tell", not "nothing wrong". */
  readonly troubled: boolean;
  /** Nothing of what was given could be read: there is no telling whether anything is wrong. */
  readonly unread?: true;
  readonly verdicts: readonly Verdict[];
  readonly undecided: readonly Undecided[];
  /**
   * Facts worth asking for while nothing is proved: those that tell the best verdict from its look-alikes, then those that part the areas
   * of the catalogue from one another.
   */
  readonly next: readonly { readonly what: Said; readonly command?: string }[];
  readonly ruledOut: readonly RuledOut[];
  readonly notChecked: readonly NotChecked[];
  /** Facts that the model asked for in vain: collect can fetch them and diagnose again. */
  readonly needs: readonly Need[];
  /** Milliseconds by phase. */
  readonly timings: Readonly<Record<string, number>>;
}
