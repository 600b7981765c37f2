/** A seeded source of choices: the same seed makes the same cases, on every machine. Generator: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const chosen = from[this.below(from.length)];
    if (chosen === undefined && from.length === 0) throw new RangeError('nothing to choose from');
    return chosen as T;
  }

  /** Some of them, at least `least`, in order. */
  some<T>(from: readonly T[], probability: number, least = 0): T[] {
    const chosen = from.filter(() => this.chance(probability));
    while (chosen.length < least) chosen.push(this.pick(from));
    return chosen;
  }
}
