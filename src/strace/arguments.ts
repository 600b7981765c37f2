/** The arguments of a call as strace prints them: strings with escapes (cut where they are long), structures, addresses. */
import { normalAddress } from '../model/address/address.ts';

/** A string of the trace: its bytes as far as they are shown. */
export interface Shown {
  readonly bytes: Uint8Array;
  /** True: strace cut it ("abc"...), there is more. */
  readonly cut: boolean;
}

interface Literal extends Shown {
  /** Where its first quotation mark stands, and the place after it. */
  readonly start: number;
  readonly end: number;
}

const SIMPLE: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12, a: 7, b: 8, e: 27, '\\': 92, '"': 34, "'": 39 };

const isOctal = (c: number): boolean => c >= 48 && c <= 55;

/** Reads the literal that begins at `start`; undefined where no closing mark follows (a torn line): what is there counts as cut. */
function literalAt(text: string, start: number): Literal {
  const bytes: number[] = [];
  let i = start + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      const cut = text.startsWith('...', i + 1);
      return { bytes: Uint8Array.from(bytes), cut, start, end: i + (cut ? 4 : 1) };
    }
    if (c !== 92) {
      // strace escapes whatever is not ASCII; text that was pasted through something else keeps its low byte.
      bytes.push(c & 0xff);
      i += 1;
      continue;
    }
    const next = text.charCodeAt(i + 1);
    if (isOctal(next)) {
      let value = 0;
      let taken = 0;
      while (taken < 3 && isOctal(text.charCodeAt(i + 1 + taken))) {
        value = value * 8 + text.charCodeAt(i + 1 + taken) - 48;
        taken += 1;
      }
      bytes.push(value & 0xff);
      i += 1 + taken;
    } else if (text[i + 1] === 'x' && /^[\da-f]{2}/iu.test(text.slice(i + 2, i + 4))) {
      bytes.push(Number.parseInt(text.slice(i + 2, i + 4), 16));
      i += 4;
    } else {
      bytes.push(SIMPLE[text[i + 1] ?? ''] ?? next & 0xff);
      i += 2;
    }
  }
  return { bytes: Uint8Array.from(bytes), cut: true, start, end: text.length };
}

/** The place after the literal that begins at `start`, without reading its bytes. */
function literalEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before > start && text.charCodeAt(before) === 92) before -= 1;
    if ((at - before) % 2 === 1) return text.startsWith('...', at + 1) ? at + 4 : at + 1;
  }
  return text.length;
}

/** All string literals of a text, in order. */
export function literalsIn(text: string): readonly Literal[] {
  const found: Literal[] = [];
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', found.at(-1)?.end ?? text.length)) found.push(literalAt(text, at));
  return found;
}

/** Index of the bracket that closes the call, given what follows its opening one; -1 where the line is torn. */
export function closingBracket(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = literalEnd(text, i) - 1;
    } else if (c === 40 || c === 91 || c === 123) depth += 1;
    else if (c === 93 || c === 125) depth -= 1;
    else if (c === 41) {
      if (depth <= 0) return i;
      depth -= 1;
    }
  }
  return -1;
}

/** Top-level arguments, trimmed. */
export function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (c === 34) i = literalEnd(text, i) - 1;
    else if (c === 40 || c === 91 || c === 123) depth += 1;
    else if (c === 41 || c === 93 || c === 125) depth -= 1;
    else if (c === 44 && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

/** The number of a file descriptor: '3', '3</etc/hosts>', '3<UDP:[...]>'. */
export function descriptorOf(argument: string | undefined): number | undefined {
  const found = /^(\d{1,9})(?:<|$)/u.exec(argument ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** What -y and -yy say about a descriptor: '/etc/hosts', 'UDP:[10.0.0.1:4->10.0.0.2:53]'. */
export const labelOf = (argument: string | undefined): string | undefined => /^\d{1,9}<(.*)>$/u.exec(argument ?? '')?.[1];

/** The data of a buffer, a message or a vector of them: literals that are no part of an address. */
export function dataIn(argument: string): readonly Shown[] {
  return literalsIn(argument).filter(({ start }) => {
    const before = argument.slice(Math.max(0, start - 12), start);
    return before === '' || /(?:iov_base=|[[{])$/u.test(before);
  });
}

export const textOf = (shown: Shown): string => new TextDecoder('utf-8', { fatal: false }).decode(shown.bytes);

export type SocketAddress =
  | { readonly family: 'unix'; readonly path: string }
  | { readonly family: 'inet' | 'inet6'; readonly address: string; readonly port: number };

const UNIX = /^\{sa_family=AF_(?:UNIX|LOCAL|FILE), (?:sun_path|path)=@?"/u;
const PORT = /sin6?_port=htons\((\d{1,5})\)/u;
/** With -xx the addresses are escaped as well. */
const INET = /sin_addr=inet_addr\(("[\d.x\\a-f]{7,60}")\)/u;
const INET6 = /inet_pton\(AF_INET6, ("[\da-fA-F:.x\\]{2,180}")/u;

const plainAddress = (literal: string | undefined): string | undefined => {
  const [shown] = literalsIn(literal ?? '');
  return shown === undefined ? undefined : textOf(shown);
};

export function socketAddressOf(argument: string | undefined): SocketAddress | undefined {
  if (argument === undefined) return undefined;
  if (UNIX.test(argument)) {
    const [path] = literalsIn(argument);
    return path === undefined ? undefined : { family: 'unix', path: textOf(path).replace(/\0+$/u, '') };
  }
  const port = PORT.exec(argument)?.[1];
  if (port === undefined) return undefined;
  const four = plainAddress(INET.exec(argument)?.[1]);
  if (four !== undefined) return { family: 'inet', address: four, port: Number(port) };
  const six = plainAddress(INET6.exec(argument)?.[1]);
  return six === undefined ? undefined : { family: 'inet6', address: normalAddress(six) ?? six, port: Number(port) };
}
