/** What a cause file needs to declare an evidence-driven cause. */
export { all, any, ask, not, t, without, type Look, type Test } from './look.ts';
export {
  isDial,
  isLookup,
  isRefused,
  isTimeout,
  isUnreachable,
  line,
  matchesFilter,
  symptom,
  symptomWhere,
  valuesOf,
  type SymptomFilter,
} from './symptoms.ts';
export { spokenKey, stated, statementsOf, yesOrNo, type StatementFilter } from './statements.ts';
export {
  asText,
  hostFile,
  isOff,
  isOn,
  judge,
  listener,
  observed,
  off,
  on,
  osLike,
  product,
  rowsOf,
  programMissing,
  seen,
  sysctl,
  sysctlFact,
  textual,
} from './facts.ts';
export { evidenceCause, evidenceCheck, type Clue, type EvidenceCheck, type Grade, type Refutation } from './evidence-cause.ts';
export {
  inRange,
  isClusterDns,
  isLinkLocalAddress,
  isLoopbackAddress,
  isPodAddress,
  isServiceAddress,
  podRanges,
  rangesOverlap,
  serviceRanges,
} from './addresses.ts';
