/** Cuts a stream of bytes into blocks of whole lines, in the buffer of a scanner core: nothing is copied but the rest of the last line. */
export interface FeederOptions {
  /** The core's buffer. Blocks use the first `room` bytes of it. */
  readonly bytes: Uint8Array;
  readonly room: number;
  /** Whole lines in [0, end); the byte before `end` is a newline. `offset`: of the block's first byte in the stream. */
  readonly onBlock: (end: number, offset: number) => void;
  /** A line that is longer than the room: its beginning is taken for the line. */
  readonly onOverlong: () => void;
}

const NEWLINE = 10;
const HELD = 256 * 1024;

export class BlockFeeder {
  readonly #o: FeederOptions;
  #fill = 0;
  /** Written behind the fill, and not looked at yet. */
  #held = 0;
  #offset: number;
  #skipping = false;

  constructor(options: FeederOptions, offset = 0) {
    this.#o = options;
    this.#offset = offset;
  }

  /** Where the next bytes go, and how many there is room for. */
  get at(): number {
    return this.#fill + this.#held;
  }

  get space(): number {
    return this.#o.room - this.#fill - this.#held - 1;
  }

  /** So many bytes have been written at `at`; they are looked at once there are enough of them, because a pipe gives little at a time. */
  hold(count: number): void {
    this.#held += count;
    if (this.#held >= HELD || this.space < this.#o.room / 4) this.took(0);
  }

  /** So many bytes have been written at `at`. */
  took(added: number): void {
    const { bytes } = this.#o;
    const count = this.#held + added;
    this.#held = 0;
    const from = this.#fill;
    const fill = from + count;
    if (this.#skipping) {
      const newline = bytes.subarray(from, fill).indexOf(NEWLINE);
      if (newline < 0) {
        this.#offset += count;
        return;
      }
      this.#skipping = false;
      bytes.copyWithin(0, from + newline + 1, fill);
      this.#offset += newline + 1;
      this.#fill = fill - (from + newline + 1);
    } else this.#fill = fill;
    const last = bytes.subarray(0, this.#fill).lastIndexOf(NEWLINE);
    if (last >= 0) this.#give(last + 1);
    else if (this.space < this.#o.room / 4) this.#cut();
  }

  #give(end: number): void {
    this.#o.onBlock(end, this.#offset);
    this.#o.bytes.copyWithin(0, end, this.#fill);
    this.#fill -= end;
    this.#offset += end;
  }

  /** What is there of an endless line becomes a line; the rest of it is passed over. */
  #cut(): void {
    this.#o.onOverlong();
    const length = this.#fill;
    this.#o.bytes[length] = NEWLINE;
    this.#o.onBlock(length + 1, this.#offset);
    this.#offset += length;
    this.#fill = 0;
    this.#skipping = true;
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#held > 0) this.took(0);
    if (this.#fill === 0 || this.#skipping) return;
    this.#o.bytes[this.#fill] = NEWLINE;
    const end = this.#fill + 1;
    this.#fill = 0;
    this.#o.onBlock(end, this.#offset);
    this.#offset += end - 1;
  }

  /** A line that is not finished, for reports about damaged ends. */
  get pending(): number {
    return this.#fill;
  }
}
