/**
 * An observed failure: who did what to whom, and how it failed. Symptoms come from logs, from the output of commands, from
 * what a person states, and from the model's own predictions and probes.
 */
import type { Source, ViewId } from './fact.ts';

export interface Symptom {
  readonly kind: SymptomKind;
  readonly operation: 'resolve' | 'dial' | 'listen' | 'tls' | 'http' | 'dns' | 'start' | 'mount' | 'pull' | 'ssh' | 'other';
  /** Client id of the model, or the program as the evidence names it. */
  readonly client?: string;
  /** 'kube-apiserver', 'kubelet', 'rke' ... */
  readonly component?: string;
  readonly view?: ViewId;
  readonly name?: string;
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: string;
  /** 'ECONNREFUSED', 'EHOSTUNREACH' ... */
  readonly errno?: string;
  /** 'NXDOMAIN', 'SERVFAIL' ... */
  readonly rcode?: string;
  readonly server?: string;
  readonly httpStatus?: number;
  /** What else the text said, by name: certificate dates, exit codes, limits ... */
  readonly details?: Readonly<Record<string, string>>;
  readonly count: number;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  /** True: this line ended the process or the run. */
  readonly terminal?: boolean;
  readonly evidence: readonly Source[];
}

/** 'dial-failed', 'lookup-failed', 'tls-failed' ... or the id of a log signature ('klog-fatal', 'nscd-not-found' ...). Open: signatures add their own. */
export type SymptomKind = string;
