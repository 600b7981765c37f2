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
  #counts = new Map<number, number>();

  add(ms: number, count: number): void {
    if (Number.isNaN(ms)) return;
    const step = Math.floor(ms / this.#stepMs);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + count);
    while (this.#counts.size > MOST_STEPS) this.#widen();
  }

  merge(other: HistogramData): void {
    for (const [step, count] of other.counts) this.add((step + 0.5) * other.stepMs, count);
  }

  #widen(): void {
    const wide = new Map<number, number>();
    for (const [step, count] of this.#counts) wide.set(Math.floor(step / 2), (wide.get(Math.floor(step / 2)) ?? 0) + count);
    this.#counts = wide;
    this.#stepMs *= 2;
  }

  data(): HistogramData {
    return { stepMs: this.#stepMs, counts: [...this.#counts].sort((a, b) => a[0] - b[0]) };
  }
}

/** Events of [from, to): steps on the edge count by their middle. */
export const countBetween = (data: HistogramData, from: number, to: number): number =>
  data.counts.reduce((sum, [step, count]) => {
    const middle = (step + 0.5) * data.stepMs;
    return middle >= from && middle < to ? sum + count : sum;
  }, 0);
