/**
 * A cause is one file: what it is, what it explains, which facts confirm and refute it, what would mend it, and where that is
 * known from. `src/causes/index.ts` is generated from the files; help, docs and reports follow by themselves.
 */
import type { Source, ViewId } from '../facts/fact.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { ClientAnswer, Need, World } from '../model/types.ts';
import type { Signature } from '../facts/signature.ts';
import type { Edit } from '../remedy/edit.ts';
import type { Said, Text, Values } from '../shared/text.ts';

export type Area =
  | 'localhost-and-hosts'
  | 'name-caches'
  | 'resolv-conf'
  | 'cluster-dns'
  | 'libc-and-clients'
  | 'kernel-and-network'
  | 'firewall'
  | 'ssh'
  | 'container-runtime'
  | 'ports'
  | 'certificates-and-time'
  | 'etcd'
  | 'kubelet-and-cgroups'
  | 'storage'
  | 'proxy'
  | 'registry'
  | 'rancher'
  | 'leftover-state'
  | 'preflight';

export interface CauseContext {
  readonly world: World;
  readonly node: NodeFacts;
  readonly symptoms: readonly Symptom[];
  /** Answers of the model to the questions asked that fail, or that it cannot give. Empty on a healthy node. */
  readonly answers: readonly ClientAnswer[];
  /** All of them, those that work too. */
  readonly allAnswers: readonly ClientAnswer[];
}

export interface CauseEvidence {
  readonly said: Said;
  readonly source?: Source;
  /** direct: the probe that fails is the probe the component makes; strong: file state or a matching log line; weak: hints. */
  readonly grade: 'direct' | 'strong' | 'weak';
}

/** What one check found. A cause may be present several times (one finding a view). */
export type Finding =
  | {
      readonly status: 'present';
      readonly view?: ViewId;
      /** Goes into title, summary and chain. */
      readonly values?: Values;
      readonly evidence: readonly CauseEvidence[];
      readonly chain?: readonly CauseEvidence[];
      /** Which of the cause's remedies fit here, with the edits that carry them out; absent: all of them, by hand. */
      readonly remedies?: readonly FindingRemedy[];
      /** Which failing answers this finding claims to explain; the proof is tried on these. Absent: it is not about names or connections. */
      readonly explainsAnswer?: (answer: ClientAnswer) => boolean;
      readonly explainsSymptom?: (symptom: Symptom) => boolean;
      /** Overrides the summary of the cause. */
      readonly summary?: Said;
      /** The surest it may be called without a proof by the model. Default: by grades of evidence (one direct or two strong = likely). */
      readonly atMost?: 'proved' | 'likely' | 'possible';
    }
  | { readonly status: 'absent'; readonly because: Said }
  | { readonly status: 'cannot-tell'; readonly because?: Said; readonly needs: readonly Need[] };

export interface FindingRemedy {
  /** Id of one of the cause's remedies. */
  readonly id: string;
  /** Absent: by hand, with the remedy's own command. */
  readonly edits?: readonly Edit[];
  /** Go into the remedy's texts and commands; the finding's values are there already. */
  readonly values?: Values;
}

/** What stands in help and docs about a remedy, and how it is done by hand. Commands may hold {placeholders}. */
export interface RemedyText {
  readonly id: string;
  readonly title: Text;
  readonly risk: Text;
  readonly safety: 'safe' | 'disruptive' | 'needs-a-person';
  readonly command?: string;
  readonly undo?: string;
  readonly verify: readonly string[];
}

export interface Cause {
  /** Kebab-case noun phrase of the failing state = file name = page name. */
  readonly id: string;
  readonly area: Area;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /**
   * When two causes are proved the lower layer is shown first, and S before all. 0 kernel, boot, time, disk; 1 host files, NSS, DNS;
   * 2 network, firewall; 3 runtime; 4 etcd; 5 control plane; 6 node agents; 7 CNI and cluster DNS; 8 clients, addons, Rancher;
   * S the installer's access.
   */
  readonly layer: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 'S';
  readonly title: Text;
  /** Why it makes things fail: one to three sentences. */
  readonly mechanism: Text;
  /** One sentence with the values of a finding. */
  readonly summary: Text;
  readonly sources: readonly string[];
  /** Ids of causes of which this one is a special case: where both are found, it is folded under them and named as the variant. */
  readonly variantOf?: readonly string[];
  /** Ids of causes that look alike. */
  readonly lookAlikes?: readonly string[];
  /** Ids of causes that, when present, make this one a mere consequence. */
  readonly consequenceOf?: readonly string[];
  /** Facts that confirm it, and facts that refute it or tell a look-alike, for help and docs. */
  readonly confirms: readonly Text[];
  readonly refutes: readonly Text[];
  /** The questions that decide it, the best first: asked where it is open, and where a look-alike was found in its place. */
  readonly asks?: readonly Need[];
  /** Smallest first. */
  readonly remedies: readonly RemedyText[];
  /** Log lines and outputs that speak for it. */
  readonly signatures?: readonly Signature[];
  check(context: CauseContext): readonly Finding[];
}

export const defineCause = (cause: Cause): Cause => cause;
