/**
 * DNS messages as far as a trace shows them: the head, the question and as many records as there are bytes (RFC 1035 section 4). A name
 * that is cut is given as far as it goes.
 */
import { formatAddress } from '../model/address/address.ts';

export interface TracedDnsMessage {
  readonly id: number;
  readonly response: boolean;
  readonly truncated: boolean;
  readonly rcode: string;
  /** Lower case, without the final dot; '' is the root. */
  readonly name: string;
  /** True: the bytes end inside the name. */
  readonly nameCut: boolean;
  /** Undefined: the bytes end before it. */
  readonly type?: string;
  /** How many records the answer section has, as the head says. */
  readonly answerCount: number;
  /** Those that are shown: addresses, or names for CNAME and PTR. */
  readonly answers: readonly { readonly type: string; readonly data: string }[];
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  41: 'OPT',
  64: 'SVCB',
  65: 'HTTPS',
  255: 'ANY',
};
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const;
const MOST_RECORDS = 64;
const MOST_JUMPS = 32;

interface Name {
  readonly text: string;
  /** Place after it; undefined where the bytes end inside. */
  readonly next: number | undefined;
}

function readName(bytes: Uint8Array, start: number): Name {
  const labels: string[] = [];
  let at = start;
  let next: number | undefined;
  for (let jumps = 0; jumps < MOST_JUMPS + 128; jumps += 1) {
    const length = bytes[at];
    if (length === undefined) return { text: labels.join('.'), next: undefined };
    if (length === 0) return { text: labels.join('.'), next: next ?? at + 1 };
    if (length >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) return { text: labels.join('.'), next: undefined };
      next ??= at + 2;
      at = ((length & 0x3f) << 8) | low;
      continue;
    }
    const label = bytes.subarray(at + 1, at + 1 + length);
    labels.push(String.fromCharCode(...label).toLowerCase());
    if (label.length < length) return { text: labels.join('.'), next: undefined };
    at += 1 + length;
  }
  return { text: labels.join('.'), next: undefined };
}

const uint16 = (bytes: Uint8Array, at: number): number | undefined => {
  const [high, low] = [bytes[at], bytes[at + 1]];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
};

const typeName = (type: number): string => TYPES[type] ?? `TYPE${type}`;

/** Undefined: too short, or no query or answer of one question. */
export function readDnsMessage(bytes: Uint8Array): TracedDnsMessage | undefined {
  const [id, flags, questions, answerCount] = [uint16(bytes, 0), uint16(bytes, 2), uint16(bytes, 4), uint16(bytes, 6)];
  // Opcode 0, one question: what every resolver of a C library or of Go sends.
  if (id === undefined || flags === undefined || (flags & 0x7800) !== 0 || (questions !== undefined && questions !== 1)) return undefined;
  const name = bytes.length > 12 ? readName(bytes, 12) : { text: '', next: undefined };
  const type = name.next === undefined ? undefined : uint16(bytes, name.next);
  return {
    id,
    response: (flags & 0x8000) !== 0,
    truncated: (flags & 0x0200) !== 0,
    rcode: RCODES[flags & 15] ?? `RCODE${flags & 15}`,
    name: name.text,
    nameCut: name.next === undefined,
    ...(type === undefined ? {} : { type: typeName(type) }),
    answerCount: answerCount ?? 0,
    answers: name.next === undefined ? [] : readAnswers(bytes, name.next + 4, Math.min(answerCount ?? 0, MOST_RECORDS)),
  };
}

function readAnswers(bytes: Uint8Array, start: number, count: number): TracedDnsMessage['answers'] {
  const found: { type: string; data: string }[] = [];
  let at = start;
  for (let i = 0; i < count; i += 1) {
    const owner = readName(bytes, at);
    if (owner.next === undefined) break;
    const [type, length] = [uint16(bytes, owner.next), uint16(bytes, owner.next + 8)];
    const from = owner.next + 10;
    if (type === undefined || length === undefined || from + length > bytes.length) break;
    const data = bytes.subarray(from, from + length);
    if ((type === 1 && length === 4) || (type === 28 && length === 16)) found.push({ type: typeName(type), data: formatAddress(data) });
    else if (type === 5 || type === 12) found.push({ type: typeName(type), data: readName(bytes, from).text });
    at = from + length;
  }
  return found;
}

/** A message on TCP has its length before it (RFC 1035 section 4.2.2); a length that is sent alone is no message. */
export function withoutLength(bytes: Uint8Array): Uint8Array {
  return bytes.length > 2 ? bytes.subarray(2) : new Uint8Array();
}
