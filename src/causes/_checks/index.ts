/** What a cause file needs to declare an evidence-driven cause. */
export { all, any, ask, not, t, without, type EvidenceKind, type Look, type Test } from './look.ts';
export { isDial, isLookup, isRefused, isTimeout, isUnreachable, line, symptom, symptomWhere } from './symptoms.ts';
export { helped, spokenKey, stated, statementsOf } from './statements.ts';
export {
  asText,
  hostFile,
  listener,
  observed,
  off,
  on,
  osLike,
  product,
  rowsOf,
  picked,
  programMissing,
  sysctl,
  textual,
} from './facts.ts';
export { evidenceCause, evidenceCheck } from './evidence-cause.ts';
export { isClusterDns, isLinkLocalAddress, isLoopbackAddress, isPodAddress, isServiceAddress } from './addresses.ts';
