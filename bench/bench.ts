/** What a benchmark is: rows of ratios against a named peer, measured in one run on one machine, never a bare time. */
export interface BenchRow {
  readonly what: string;
  /** What it is measured against: 'node -e 0', 'rg -j1', or the bar itself where the row is an amount. */
  readonly against: string;
  readonly value: number;
  readonly unit: 'ratio' | 'seconds' | 'MiB' | 'per second';
  /** The value has to stay at or under (or, for rates, over) this. */
  readonly bar?: number;
}

export interface Bench {
  readonly name: string;
  /** Binaries that it runs: where one is missing the suite is named as not run. */
  readonly needs?: readonly string[];
  run(): Promise<readonly BenchRow[]>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};

export const passes = (row: BenchRow): boolean =>
  row.bar === undefined || (row.unit === 'per second' ? row.value >= row.bar : row.value <= row.bar);
