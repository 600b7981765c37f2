/**
 * The little of an ELF file that says how a program was built: is it static, and where are Go's build facts? (elf(5))
 * `read` gives the bytes at an offset, fewer at the end; it is asked for at most a few hundred KiB.
 */
export type ReadAt = (offset: number, length: number) => Uint8Array;

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
}

export interface ElfSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

export interface Elf {
  readonly bits: 32 | 64;
  readonly bigEndian: boolean;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
}

export const PT_LOAD = 1;
export const PT_INTERP = 3;
const MAX_ENTRIES = 512;
const MAX_NAMES = 65_536;

/** Undefined when it is no ELF file. Tables that do not fit are left out. */
export function parseElf(read: ReadAt): Elf | undefined {
  const head = read(0, 64);
  if (head.length < 52 || head[0] !== 0x7f || head[1] !== 0x45 || head[2] !== 0x4c || head[3] !== 0x46) return undefined;
  const bits = head[4] === 1 ? 32 : 64;
  if (bits === 64 && head.length < 64) return undefined;
  const bigEndian = head[5] === 2;
  const word = (bytes: Uint8Array, at: number, size: number): number => numberAt(bytes, at, size, bigEndian);
  const wide = bits === 64 ? 8 : 4;
  const [phoff, shoff, tail] = bits === 64 ? [word(head, 32, 8), word(head, 40, 8), 54] : [word(head, 28, 4), word(head, 32, 4), 42];
  const [phentsize, phnum, shentsize, shnum, shstrndx] = [0, 2, 4, 6, 8].map((o) => word(head, tail + o, 2));

  const table = (offset: number, entry = 0, count = 0, least: number): readonly Uint8Array[] => {
    if (offset === 0 || entry < least || entry > 256 || count > MAX_ENTRIES) return [];
    const bytes = read(offset, entry * count);
    return Array.from({ length: Math.floor(bytes.length / entry) }, (_, i) => bytes.subarray(i * entry, (i + 1) * entry));
  };
  const segments = table(phoff, phentsize, phnum, bits === 64 ? 56 : 32).map((p): ElfSegment =>
    bits === 64
      ? { type: word(p, 0, 4), flags: word(p, 4, 4), offset: word(p, 8, 8), address: word(p, 16, 8), fileSize: word(p, 32, 8) }
      : { type: word(p, 0, 4), flags: word(p, 24, 4), offset: word(p, 4, 4), address: word(p, 8, 4), fileSize: word(p, 16, 4) },
  );
  const raw = table(shoff, shentsize, shnum, bits === 64 ? 64 : 40).map((s) => ({
    name: word(s, 0, 4),
    address: word(s, bits === 64 ? 16 : 12, wide),
    offset: word(s, bits === 64 ? 24 : 16, wide),
    size: word(s, bits === 64 ? 32 : 20, wide),
  }));
  const names = raw[shstrndx ?? 0];
  const text = names === undefined || names.size > MAX_NAMES ? new Uint8Array() : read(names.offset, names.size);
  return { bits, bigEndian, segments, sections: raw.map((s) => ({ ...s, name: cString(text, s.name) })) };
}

/** Unsigned; 64-bit values beyond 2^53 lose precision, which no offset in a real file has. */
export function numberAt(bytes: Uint8Array, at: number, size: number, bigEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[bigEndian ? at + i : at + size - 1 - i] ?? 0);
  return value;
}

function cString(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return String.fromCharCode(...bytes.subarray(at, Math.min(end < 0 ? bytes.length : end, at + 64)));
}

export const isStatic = (elf: Elf): boolean => !elf.segments.some((s) => s.type === PT_INTERP);
