/**
 * Go's build facts inside a program: debug/buildinfo of Go 1.13 and newer.
 *
 *   "\xff Go buildinf:" ptrSize flags    16-byte aligned, in section .go.buildinfo or at the start of the first writable segment
 *   flags & 2 (Go 1.18+): at 32 the version, then the module text, each with its length as an unsigned varint before it
 *   else: at 16 two pointers to Go strings (data pointer, length)
 *
 * The module text lies between two marks of 16 bytes and has lines as `go version -m` prints them: "build\tCGO_ENABLED=0".
 */
import type { GoBuild } from '../node-facts.ts';
import { numberAt, PT_LOAD, type Elf, type ReadAt } from './elf.ts';

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const SEARCH_BYTES = 65_536;
const MAX_STRING = 262_144;
const PF_X = 1;
const PF_W = 2;

export function parseGoBuildInfo(elf: Elf, read: ReadAt): GoBuild | undefined {
  for (const { offset, size } of placesOf(elf)) {
    const bytes = Buffer.from(read(offset, Math.min(size, SEARCH_BYTES)));
    let at = bytes.indexOf(MAGIC);
    while (at >= 0 && (at & 15) !== 0) at = bytes.indexOf(MAGIC, at + 1);
    if (at >= 0) return fromBlob(elf, read, offset + at);
  }
  return undefined;
}

function placesOf(elf: Elf): readonly { readonly offset: number; readonly size: number }[] {
  const section = elf.sections.find((s) => s.name === '.go.buildinfo');
  const data = elf.segments.find((s) => s.type === PT_LOAD && (s.flags & (PF_X | PF_W)) === PF_W);
  return [...(section === undefined ? [] : [section]), ...(data === undefined ? [] : [{ offset: data.offset, size: data.fileSize }])];
}

function fromBlob(elf: Elf, read: ReadAt, offset: number): GoBuild | undefined {
  const head = read(offset, 32);
  const pointerSize = head[14] ?? 0;
  const flags = head[15] ?? 0;
  let version: string | undefined;
  let modules: string | undefined;
  if ((flags & 2) !== 0) {
    const first = inlineString(read, offset + 32);
    version = first?.text;
    modules = first === undefined ? undefined : inlineString(read, first.end)?.text;
  } else if (pointerSize === 4 || pointerSize === 8) {
    const bigEndian = (flags & 1) !== 0;
    version = pointedString(elf, read, numberAt(head, 16, pointerSize, bigEndian), pointerSize, bigEndian);
    modules = pointedString(elf, read, numberAt(head, 16 + pointerSize, pointerSize, bigEndian), pointerSize, bigEndian);
  }
  const number = /^(?:go|devel go)(\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)/u.exec(version ?? '')?.[1];
  if (number === undefined) return undefined;
  return { version: number, ...settingsOf(modules ?? '') };
}

/** The settings lines (Go 1.18+); absent ones stay unknown. */
export function settingsOf(modules: string): Partial<GoBuild> {
  const setting = (key: string): string | undefined => new RegExp(`^build\\t${key}=(.*)$`, 'mu').exec(modules)?.[1];
  const cgo = setting('CGO_ENABLED');
  const tags = setting('-tags')?.replace(/^"|"$/gu, '');
  const godebug = setting('DefaultGODEBUG');
  return {
    ...(cgo === undefined ? {} : { cgo: cgo === '1' }),
    ...(tags === undefined || tags === '' ? {} : { tags: tags.split(/[ ,]+/u).filter((t) => t !== '') }),
    ...(godebug === undefined ? {} : { godebug }),
  };
}

function inlineString(read: ReadAt, offset: number): { readonly text: string; readonly end: number } | undefined {
  const head = read(offset, 10);
  let length = 0;
  let used = 0;
  for (const byte of head) {
    length += (byte & 127) * 2 ** (7 * used);
    used++;
    if (byte < 128) break;
  }
  if (length > MAX_STRING) return undefined;
  const start = offset + used;
  return { text: Buffer.from(read(start, length)).toString('latin1'), end: start + length };
}

function pointedString(elf: Elf, read: ReadAt, address: number, size: number, bigEndian: boolean): string | undefined {
  const header = fileOffset(elf, address);
  if (header === undefined) return undefined;
  const bytes = read(header, size * 2);
  const length = numberAt(bytes, size, size, bigEndian);
  const data = fileOffset(elf, numberAt(bytes, 0, size, bigEndian));
  return data === undefined || length > MAX_STRING ? undefined : Buffer.from(read(data, length)).toString('latin1');
}

function fileOffset(elf: Elf, address: number): number | undefined {
  const segment = elf.segments.find((s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.fileSize);
  return segment === undefined ? undefined : segment.offset + (address - segment.address);
}
