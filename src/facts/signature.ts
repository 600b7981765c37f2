/**
 * A signature is a line of a log or an output that speaks for a cause. It is data beside its cause. Scanners look for `anchors` first
 * (plain bytes, case-sensitive, at least 9 of them) and try `pattern` only on lines that hold one.
 */
export interface Signature {
  /** '<cause id>' or '<cause id>/<what>'; unique. A matching line becomes a symptom with kind = this id. */
  readonly id: string;
  /** Every line that the pattern matches holds one of these. */
  readonly anchors: readonly string[];
  /** Runs in time linear in the line. Named groups `name`, `address`, `port`, `server`, `errno`, `status` fill the symptom, others go to its details. */
  readonly pattern: RegExp;
  /** Components whose logs can hold it; absent: any. */
  readonly components?: readonly string[];
  /** direct: the line alone says it; strong: needs a second thing; weak: a hint. */
  readonly grade: 'direct' | 'strong' | 'weak';
  /** The line ends the process or the run. */
  readonly terminal?: boolean;
  /** Lines (our own wording around the telling part) that must and must not match. */
  readonly matches: readonly string[];
  readonly rejects: readonly string[];
}
