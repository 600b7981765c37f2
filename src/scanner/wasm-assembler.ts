/**
 * Writes a WebAssembly module from code in TypeScript: enough of the binary format for one memory and a few functions, with labels by
 * name. Source: WebAssembly Core Specification 2.0, chapter 5 (binary format), and its fixed-width SIMD instructions.
 */

export type ValueType = 'i32' | 'i64' | 'v128';

export type Code =
  | { readonly kind: 'op'; readonly bytes: readonly number[]; readonly operands: readonly Code[] }
  | { readonly kind: 'get'; readonly name: string }
  | { readonly kind: 'set'; readonly name: string; readonly value: Code }
  | { readonly kind: 'block' | 'loop'; readonly label: string; readonly body: readonly Code[] }
  | { readonly kind: 'if'; readonly condition: Code; readonly then: readonly Code[]; readonly otherwise: readonly Code[] }
  | { readonly kind: 'go'; readonly label: string; readonly condition: Code | undefined };

export interface WasmFunction {
  readonly name: string;
  readonly parameters: Readonly<Record<string, ValueType>>;
  readonly locals: Readonly<Record<string, ValueType>>;
  readonly result: ValueType;
  readonly body: readonly Code[];
}

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };

const op =
  (...bytes: readonly number[]) =>
  (...operands: readonly Code[]): Code => ({ kind: 'op', bytes, operands });

export const get = (name: string): Code => ({ kind: 'get', name });
export const set = (name: string, value: Code): Code => ({ kind: 'set', name, value });
/** `go(label)` inside leaves the block. */
export const block = (label: string, ...body: readonly Code[]): Code => ({ kind: 'block', label, body });
/** `go(label)` inside begins the next turn; the end of the body leaves the loop. */
export const loop = (label: string, ...body: readonly Code[]): Code => ({ kind: 'loop', label, body });
export const when = (condition: Code, then: readonly Code[], otherwise: readonly Code[] = []): Code => ({
  kind: 'if',
  condition,
  then,
  otherwise,
});
export const go = (label: string, condition?: Code): Code => ({ kind: 'go', label, condition });

const memory =
  (code: readonly number[]) =>
  (address: Code, offset = 0): Code => ({ kind: 'op', bytes: [...code, 0, ...unsigned(offset)], operands: [address] });
const memoryStore =
  (code: readonly number[]) =>
  (address: Code, value: Code, offset = 0): Code => ({ kind: 'op', bytes: [...code, 0, ...unsigned(offset)], operands: [address, value] });

export const i32 = {
  const: (value: number): Code => ({ kind: 'op', bytes: [0x41, ...signed(BigInt(value | 0))], operands: [] }),
  load: memory([0x28]),
  load8: memory([0x2d]),
  store: memoryStore([0x36]),
  eqz: op(0x45),
  eq: op(0x46),
  ne: op(0x47),
  ltU: op(0x49),
  gtU: op(0x4b),
  leU: op(0x4d),
  geU: op(0x4f),
  ltS: op(0x48),
  gtS: op(0x4a),
  geS: op(0x4e),
  clz: op(0x67),
  ctz: op(0x68),
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  and: op(0x71),
  or: op(0x72),
  xor: op(0x73),
  shl: op(0x74),
  shr: op(0x76),
  wrap: op(0xa7),
};

export const i64 = {
  const: (value: bigint): Code => ({ kind: 'op', bytes: [0x42, ...signed(BigInt.asIntN(64, value))], operands: [] }),
  load: memory([0x29]),
  store: memoryStore([0x37]),
  eqz: op(0x50),
  eq: op(0x51),
  ne: op(0x52),
  add: op(0x7c),
  sub: op(0x7d),
  mul: op(0x7e),
  and: op(0x83),
  or: op(0x84),
  xor: op(0x85),
  shl: op(0x86),
  shr: op(0x88),
  rotl: op(0x89),
  fromI32: op(0xad),
};

export const v128 = {
  load: memory([0xfd, 0x00]),
  splat8: op(0xfd, 0x0f),
  eq8: op(0xfd, 0x23),
  bits8: op(0xfd, 0x64),
  const: (bytes: Uint8Array): Code => ({ kind: 'op', bytes: [0xfd, 0x0c, ...bytes], operands: [] }),
  swizzle8: op(0xfd, 0x0e),
  shr8: op(0xfd, 0x6d),
  and: op(0xfd, 0x4e),
  or: op(0xfd, 0x50),
  sub8: op(0xfd, 0x71),
  ltU8: op(0xfd, 0x26),
  gtS8: op(0xfd, 0x27),
  /** No byte is zero. */
  allSet8: op(0xfd, 0x63),
};

/** A module with its own memory of `pages` times 64 KiB, exported as `memory`, and the functions by their names. */
export function assemble(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
  const types = functions.map((f) => [0x60, ...vector(Object.values(f.parameters).map((t) => [TYPES[t]])), 1, TYPES[f.result]]);
  const exports = [[...text('memory'), 2, 0], ...functions.map((f, i) => [...text(f.name), 0, ...unsigned(i)])];
  return Uint8Array.from([
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(5, vector([[1, ...unsigned(pages), ...unsigned(pages)]])),
    ...section(7, vector(exports)),
    ...section(10, vector(functions.map(functionBody))),
  ]);
}

function functionBody(f: WasmFunction): number[] {
  const names = [...Object.keys(f.parameters), ...Object.keys(f.locals)];
  const locals = vector(Object.values(f.locals).map((t) => [1, TYPES[t]]));
  const out: number[] = [...locals];
  const emit = new Emitter(out, new Map(names.map((n, i) => [n, i])));
  emit.all(f.body, []);
  out.push(0x0b);
  return [...unsigned(out.length), ...out];
}

class Emitter {
  readonly #out: number[];
  readonly #locals: ReadonlyMap<string, number>;

  constructor(out: number[], locals: ReadonlyMap<string, number>) {
    this.#out = out;
    this.#locals = locals;
  }

  all(codes: readonly Code[], labels: readonly string[]): void {
    for (const code of codes) this.#one(code, labels);
  }

  #one(code: Code, labels: readonly string[]): void {
    switch (code.kind) {
      case 'op':
        this.all(code.operands, labels);
        this.#out.push(...code.bytes);
        return;
      case 'get':
        this.#out.push(0x20, ...unsigned(this.#local(code.name)));
        return;
      case 'set':
        this.#one(code.value, labels);
        this.#out.push(0x21, ...unsigned(this.#local(code.name)));
        return;
      case 'block':
      case 'loop':
        this.#out.push(code.kind === 'block' ? 0x02 : 0x03, 0x40);
        this.all(code.body, [code.label, ...labels]);
        this.#out.push(0x0b);
        return;
      case 'if':
        this.#one(code.condition, labels);
        this.#out.push(0x04, 0x40);
        this.all(code.then, ['', ...labels]);
        if (code.otherwise.length > 0) {
          this.#out.push(0x05);
          this.all(code.otherwise, ['', ...labels]);
        }
        this.#out.push(0x0b);
        return;
      case 'go': {
        const depth = labels.indexOf(code.label);
        if (depth < 0) throw new Error(`no label ${code.label}`);
        if (code.condition !== undefined) this.#one(code.condition, labels);
        this.#out.push(code.condition === undefined ? 0x0c : 0x0d, ...unsigned(depth));
      }
    }
  }

  #local(name: string): number {
    const index = this.#locals.get(name);
    if (index === undefined) throw new Error(`no local ${name}`);
    return index;
  }
}

const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => vector([...Buffer.from(value, 'utf8')].map((b) => [b]));

/** LEB128. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

function signed(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
      out.push(low);
      return out;
    }
    out.push(low | 0x80);
  }
}
