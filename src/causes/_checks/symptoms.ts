/** Tests on symptoms: typed failures taken from logs and outputs, and lines that matched a signature (kind = id of the signature). */
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { Values } from '../../shared/text.ts';
import type { EvidenceKind, Look, Test } from './look.ts';
import { NOT_SEEN } from './look.ts';

/** Every field that is given must hold; a list means one of them. A symptom without the field does not match. */
export interface SymptomFilter {
  /** A string matches the whole kind or, when it ends in '/', the part before. */
  readonly kind?: string | readonly string[];
  readonly operation?: Symptom['operation'] | readonly Symptom['operation'][];
  readonly errno?: string | readonly string[];
  readonly rcode?: string | readonly string[];
  readonly port?: number | readonly number[];
  readonly status?: number | readonly number[];
  readonly name?: RegExp;
  readonly address?: RegExp | ((address: string) => boolean);
  readonly server?: RegExp | ((server: string) => boolean);
  readonly component?: RegExp;
  readonly client?: RegExp;
  /** On the raw text of one of its sources. */
  readonly text?: RegExp;
  /** On details, by name. */
  readonly details?: Readonly<Record<string, RegExp>>;
  /** Seen at least so often: one refused dial at the start of a log is noise. */
  readonly atLeast?: number;
}

const oneOf = <T>(wanted: T | readonly T[] | undefined, got: T | undefined): boolean => {
  if (wanted === undefined) return true;
  if (got === undefined) return false;
  return Array.isArray(wanted) ? (wanted as readonly T[]).includes(got) : wanted === got;
};
const kindMatches = (wanted: SymptomFilter['kind'], kind: string): boolean => {
  if (wanted === undefined) return true;
  const list = typeof wanted === 'string' ? [wanted] : wanted;
  return list.some((one) => (one.endsWith('/') ? kind.startsWith(one) : kind === one));
};
const textMatches = (wanted: RegExp | ((text: string) => boolean) | undefined, got: string | undefined): boolean => {
  if (wanted === undefined) return true;
  if (got === undefined) return false;
  return typeof wanted === 'function' ? wanted(got) : wanted.test(got);
};

export const matchesFilter = (symptom: Symptom, filter: SymptomFilter): boolean =>
  kindMatches(filter.kind, symptom.kind) &&
  oneOf(filter.operation, symptom.operation) &&
  oneOf(filter.errno, symptom.errno) &&
  oneOf(filter.rcode, symptom.rcode) &&
  oneOf(filter.port, symptom.port) &&
  oneOf(filter.status, symptom.httpStatus) &&
  textMatches(filter.name, symptom.name) &&
  textMatches(filter.address, symptom.address) &&
  textMatches(filter.server, symptom.server) &&
  textMatches(filter.component, symptom.component) &&
  textMatches(filter.client, symptom.client) &&
  (filter.text === undefined || symptom.evidence.some((source) => filter.text?.test(source.text ?? '') === true)) &&
  (filter.details === undefined || Object.entries(filter.details).every(([key, wanted]) => textMatches(wanted, symptom.details?.[key]))) &&
  symptom.count >= (filter.atLeast ?? 1);

/** What goes into the texts of a finding from one symptom. */
export const valuesOf = (symptom: Symptom): Values => ({
  ...(symptom.details ?? {}),
  ...(symptom.name === undefined ? {} : { name: symptom.name }),
  ...(symptom.address === undefined ? {} : { address: symptom.address }),
  ...(symptom.port === undefined ? {} : { port: String(symptom.port) }),
  ...(symptom.server === undefined ? {} : { server: symptom.server }),
  ...(symptom.errno === undefined ? {} : { errno: symptom.errno }),
  ...(symptom.component === undefined ? {} : { component: symptom.component }),
  ...(symptom.evidence[0]?.text === undefined ? {} : { line: symptom.evidence[0].text }),
});

export const seenSymptoms = (symptoms: readonly Symptom[], kind: EvidenceKind): Look => {
  const first = symptoms[0];
  if (first === undefined) return NOT_SEEN;
  const source = first.evidence[0];
  return {
    seen: 'yes',
    kind,
    values: valuesOf(first),
    ...(source === undefined ? {} : { source }),
    ...(first.view === undefined ? {} : { view: first.view }),
    symptoms,
  };
};

/** A symptom that fits one of the filters. */
export const symptom =
  (...filters: readonly SymptomFilter[]): Test =>
  (context) =>
    seenSymptoms(
      context.symptoms.filter((one) => filters.some((filter) => matchesFilter(one, filter))),
      'symptom',
    );

/** A line that matched a signature, of this cause or another; an id ending in '/' means any of that cause. */
export const line =
  (...ids: readonly string[]): Test =>
  (context) =>
    seenSymptoms(
      context.symptoms.filter((one) => kindMatches(ids, one.kind)),
      'line',
    );

/** A symptom under a predicate that also sees the node. */
export const symptomWhere =
  (holds: (one: Symptom, node: NodeFacts) => boolean): Test =>
  (context) =>
    seenSymptoms(
      context.symptoms.filter((one) => holds(one, context.node)),
      'symptom',
    );

const TIMED_OUT_TEXT = /i\/o timeout|timed? ?out|deadline exceeded|Client\.Timeout/i;

/** No answer in time: as an errno, or in the words of the line. */
export const isTimeout = (one: Symptom): boolean =>
  one.errno === 'TIMEOUT' ||
  one.errno === 'ETIMEDOUT' ||
  (one.errno === undefined && one.evidence.some((source) => TIMED_OUT_TEXT.test(source.text ?? '')));

export const isUnreachable = (one: Symptom): boolean => one.errno === 'EHOSTUNREACH' || one.errno === 'ENETUNREACH';
export const isRefused = (one: Symptom): boolean => one.errno === 'ECONNREFUSED';

const DIAL_OPERATIONS: readonly Symptom['operation'][] = ['dial', 'http', 'tls'];
export const isDial = (one: Symptom): boolean => DIAL_OPERATIONS.includes(one.operation);
export const isLookup = (one: Symptom): boolean => one.operation === 'resolve' || one.operation === 'dns';
