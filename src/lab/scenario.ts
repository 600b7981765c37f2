/** What a scenario of the lab is: a failure rebuilt (or a healthy look-alike), how it shows itself, and what Culprit should say of it. */
import type { Text } from '../shared/text.ts';
import type { Lab } from './lab.ts';

/** A command that shows the failure, run by a person or by `culprit lab run`, and what it has to say for the scenario to be right. */
export interface Demonstration {
  /** A line for a POSIX shell, as a person would type it. */
  readonly command: string;
  /** Name of the container it runs in; absent: the node itself. */
  readonly in?: string;
  readonly text?: Text;
  /** Checked by the tests. Absent fields are not checked. */
  readonly expect?: {
    readonly exitStatus?: number;
    /** Each has to be found in its output (both streams). */
    readonly says?: readonly RegExp[];
    readonly never?: readonly RegExp[];
  };
}

export interface Expectation {
  /** Catalogue id that has to stand first. Absent: no verdict. */
  readonly cause?: string;
  /** Other ids that may stand first, because they are variants of it. */
  readonly alsoAccepted?: readonly string[];
  /** Ids that have to be among the verdicts as well: independent faults of the same node. */
  readonly together?: readonly string[];
  /** The least certainty that is good enough. */
  readonly certainty?: 'proved' | 'likely' | 'possible';
  readonly exitStatus: 0 | 1 | 3;
}

export type LabNeed =
  | 'root'
  | 'namespaces'
  | 'dnsmasq'
  | 'unscd'
  | 'nscd'
  | 'docker'
  | 'sshd'
  | 'iptables'
  | 'strace'
  | 'musl-gcc'
  | 'openssl'
  | 'etcd'
  | 'mdns';

export interface Scenario {
  readonly id: string;
  readonly title: Text;
  /** Why it behaves so: one to three sentences. */
  readonly story: Text;
  readonly kind: 'failing' | 'healthy';
  readonly expects: Expectation;
  /** Beyond 'root' and 'namespaces', which every scenario needs. */
  readonly needs: readonly LabNeed[];
  /**
   * Words after `culprit diagnose`. `{pid:NAME}` is the first process of container NAME, as the node sees it; `{paste}` is a file with
   * what the shown commands printed, each below its own `$ COMMAND` line, as a person would paste it.
   */
  readonly target: readonly string[];
  /** Other words after `culprit diagnose` that have to lead to the same: an empty list asks about the whole machine. */
  readonly otherTargets?: readonly (readonly string[])[];
  build(lab: Lab): Promise<void>;
  readonly show: readonly Demonstration[];
}

export const defineScenario = (scenario: Scenario): Scenario => scenario;
