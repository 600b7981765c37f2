/** The core in WebAssembly, made when it is asked for: the module is some hundred bytes, and compiling it takes a millisecond or two. */
import { BLOCK_BYTES, byteClasses, MAX_POSITIONS, MAX_SPECIAL, OVERFLOW_SLOT, SLACK_BYTES, SLOTS } from './core.ts';
import type { Folded, Sampling, ScanCore, Slot } from './core.ts';
import { hash64, LiteralTable } from './literals.ts';
import type { BuiltCore } from './ts-core.ts';
import { AT, kernel, SLOT_WORDS } from './wasm-kernel.ts';

/** The part of the JavaScript interface that is used; Node's types leave it out. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scan: (from: number, end: number) => number;
  readonly fold: (from: number, end: number, turn: number, used: number) => number;
}

/** Undefined where this machine cannot run it (no SIMD, or WebAssembly is switched off). `sample`: the first bytes of what will be read. */
export function webassemblyCore(literals: readonly Uint8Array[], sampling: Sampling, sample?: Uint8Array): BuiltCore | undefined {
  const wasm = (globalThis as { readonly WebAssembly?: Wasm }).WebAssembly;
  if (wasm === undefined) return undefined;
  const code = kernel(sampling);
  let made: Exports;
  try {
    made = new wasm.Instance(new wasm.Module(code)).exports as Exports;
  } catch {
    return undefined;
  }
  const table = new LiteralTable(literals, sampling, hash64, sample);
  return { core: new WebassemblyCore(made, sampling, table.bitmap), table };
}

class WebassemblyCore implements ScanCore {
  readonly kind = 'webassembly';
  readonly sampling: Sampling;
  readonly bytes: Uint8Array;
  readonly positions: Int32Array;
  readonly touched: Int32Array;
  readonly specials: Int32Array;
  readonly #exports: Exports;
  readonly #results: Int32Array;
  readonly #slots: Int32Array;
  readonly #keys: BigUint64Array;
  #turn = 0;
  #used = 0;

  constructor(exports: Exports, sampling: Sampling, bitmap: Uint8Array) {
    const { buffer } = exports.memory;
    this.#exports = exports;
    this.sampling = sampling;
    this.bytes = new Uint8Array(buffer, AT.bytes, BLOCK_BYTES + SLACK_BYTES);
    this.positions = new Int32Array(buffer, AT.positions, MAX_POSITIONS);
    this.touched = new Int32Array(buffer, AT.touched, SLOTS + 1);
    this.specials = new Int32Array(buffer, AT.specials, MAX_SPECIAL * 4);
    this.#results = new Int32Array(buffer, AT.results, 8);
    this.#slots = new Int32Array(buffer, AT.slots, (SLOTS + 1) * SLOT_WORDS);
    this.#keys = new BigUint64Array(buffer, AT.slots, (SLOTS + 1) * (SLOT_WORDS / 2));
    new Uint8Array(buffer, AT.bitmap, bitmap.length).set(bitmap);
    new Uint8Array(buffer, AT.classes, 256).set(byteClasses());
  }

  scan(from: number, end: number): { readonly found: number; readonly next: number } {
    const found = this.#exports.scan(AT.bytes + from, AT.bytes + end);
    const stopped = this.#results[0] ?? end;
    // The loop ends where no gram fits any more.
    return { found, next: stopped + this.sampling.size > end ? end : stopped };
  }

  fold(from: number, end: number): Folded {
    this.#turn = (this.#turn + 1) | 0;
    const lines = this.#exports.fold(AT.bytes + from, AT.bytes + end, this.#turn, this.#used);
    const [, touched = 0, specials = 0, stopped = end, used = 0] = this.#results;
    this.#used = used;
    return { end: stopped, lines, touched, specials };
  }

  slot(index: number): Slot {
    const at = index * SLOT_WORDS;
    const s = this.#slots;
    return { count: s[at + 3] ?? 0, first: s[at + 4] ?? 0, last: s[at + 5] ?? 0, firstLine: s[at + 6] ?? 0, lastLine: s[at + 7] ?? 0 };
  }

  shapeKey(index: number): string {
    return index === OVERFLOW_SLOT ? 'overflow' : (this.#keys[index * (SLOT_WORDS / 2)] ?? 0n).toString(36);
  }
}
