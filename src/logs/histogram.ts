/** Counts over time in a bounded number of steps: the steps get wider as the time grows. */
const MOST_STEPS = 96;
const FIRST_STEP_MS = 1000;

export interface HistogramData {
  readonly stepMs: number;
  /** Number of the step (its beginning divided by stepMs), and how many. */
  readonly counts: readonly (readonly [number, number])[];
}

export class Histogram {
  #stepMs = FIRST_STEP_MS;
  /** Most lines of a log with a thousand kinds come once: one step needs no map. */
  #only = NaN;
  #onlyCount = 0;
  #counts: Map<number, number> | undefined;

  add(ms: number, count: number): void {
    if (Number.isNaN(ms)) return;
    const step = Math.floor(ms / this.#stepMs);
    if (this.#counts === undefined) {
      if (Number.isNaN(this.#only) || this.#only === step) {
        this.#only = step;
        this.#onlyCount += count;
        return;
      }
      this.#counts = new Map([[this.#only, this.#onlyCount]]);
    }
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + count);
    while (this.#counts.size > MOST_STEPS) this.#counts = this.#widened(this.#counts);
  }

  merge(other: HistogramData): void {
    for (const [step, count] of other.counts) this.add((step + 0.5) * other.stepMs, count);
  }

  #widened(counts: ReadonlyMap<number, number>): Map<number, number> {
    const wide = new Map<number, number>();
    for (const [step, count] of counts) wide.set(Math.floor(step / 2), (wide.get(Math.floor(step / 2)) ?? 0) + count);
    this.#stepMs *= 2;
    return wide;
  }

  data(): HistogramData {
    const counts = this.#counts ?? (Number.isNaN(this.#only) ? [] : [[this.#only, this.#onlyCount] as const]);
    return { stepMs: this.#stepMs, counts: [...counts].sort((a, b) => a[0] - b[0]) };
  }
}

/** Events of [from, to): steps on the edge count by their middle. */
export const countBetween = (data: HistogramData, from: number, to: number): number =>
  data.counts.reduce((sum, [step, count]) => {
    const middle = (step + 0.5) * data.stepMs;
    return middle >= from && middle < to ? sum + count : sum;
  }, 0);
