/**
 * The protocol of nscd's socket, as far as a trace shows its bytes. A request is three little-endian int32 (version 2, type, length of
 * the key with its final NUL) and the key; an answer begins with version and found: 1, 0 or -1 ("this database is not cached").
 * Source: glibc nscd/nscd-client.h (request_type, hst_response_header, ai_response_header), 2.12 to 2.43.
 */
import { formatAddress } from '../model/address/address.ts';
import type { Shown } from './arguments.ts';

const TYPES = [
  'GETPWBYNAME',
  'GETPWBYUID',
  'GETGRBYNAME',
  'GETGRBYGID',
  'GETHOSTBYNAME',
  'GETHOSTBYNAMEv6',
  'GETHOSTBYADDR',
  'GETHOSTBYADDRv6',
  'SHUTDOWN',
  'GETSTAT',
  'INVALIDATE',
  'GETFDPW',
  'GETFDGR',
  'GETFDHST',
  'GETAI',
  'INITGROUPS',
  'GETSERVBYNAME',
  'GETSERVBYPORT',
  'GETFDSERV',
  'GETNETGRENT',
  'INNETGR',
  'GETFDNETGR',
] as const;

export type NscdRequestType = (typeof TYPES)[number];

export interface TracedNscdRequest {
  readonly type: NscdRequestType;
  /** As far as it is shown. */
  readonly key: string;
  /** Length of the whole key in bytes, without its final NUL. */
  readonly keyLength: number;
}

const int32 = (bytes: Uint8Array, at: number): number | undefined =>
  at + 4 > bytes.length ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getInt32(at, true);

export function readNscdRequest(shown: readonly Shown[]): TracedNscdRequest | undefined {
  const bytes = joined(shown);
  const [version, type, length] = [int32(bytes, 0), int32(bytes, 4), int32(bytes, 8)];
  const known = type === undefined ? undefined : TYPES[type];
  if (version !== 2 || known === undefined || length === undefined || length < 1 || length > 1025) return undefined;
  const key = bytes.subarray(12, 12 + length - 1);
  return { type: known, key: keyText(known, key), keyLength: length - 1 };
}

/** Addresses come as bytes. */
function keyText(type: NscdRequestType, key: Uint8Array): string {
  if (type === 'GETHOSTBYADDR' || type === 'GETHOSTBYADDRv6') return key.length === 4 || key.length === 16 ? formatAddress(key) : '';
  return String.fromCharCode(...key);
}

export const isHostsRequest = (type: NscdRequestType): boolean => /^(?:GETHOSTBY|GETAI$|GETFDHST$)/u.test(type);

export interface TracedNscdReply {
  readonly found: 1 | 0 | -1;
  readonly error?: number;
  /** How many addresses are announced. */
  readonly count?: number;
  /** Bytes an address takes all in all (getaddrinfo), or each (gethostbyname). */
  readonly addressBytes?: number;
}

export function readNscdReply(type: NscdRequestType, shown: readonly Shown[]): TracedNscdReply | undefined {
  const bytes = joined(shown);
  const [version, found] = [int32(bytes, 0), int32(bytes, 4)];
  if (version === undefined || found === undefined || found < -1 || found > 1) return undefined;
  const isAi = type === 'GETAI';
  const count = int32(bytes, isAi ? 8 : 24);
  const addressBytes = int32(bytes, isAi ? 12 : 20);
  const error = int32(bytes, isAi ? 20 : 28);
  return {
    found: found as 1 | 0 | -1,
    ...(error === undefined || error < 0 || error > 4 ? {} : { error }),
    ...(count === undefined || found !== 1 ? {} : { count }),
    ...(addressBytes === undefined || found !== 1 ? {} : { addressBytes }),
  };
}

/** The addresses that follow the head of a positive answer. */
export function readNscdAddresses(type: NscdRequestType, reply: TracedNscdReply, shown: readonly Shown[]): readonly string[] {
  const { count = 0, addressBytes = 0 } = reply;
  if (count < 1 || count > 512 || addressBytes < 4) return [];
  if (type === 'GETAI') return aiAddresses(joined(shown), count, addressBytes);
  // gethostbyname: name, lengths of the aliases, addresses, each in a part of its own.
  const part = shown.find((s) => s.bytes.length === addressBytes * count) ?? shown.at(-1);
  return part === undefined ? [] : chunks(part.bytes, count, () => addressBytes);
}

/** Addresses one after the other, then one byte a family (2 or 10), then the canonical name. */
function aiAddresses(bytes: Uint8Array, count: number, total: number): readonly string[] {
  const families = bytes.subarray(total, total + count);
  if (families.length === count) return chunks(bytes, count, (i) => (families[i] === 10 ? 16 : 4));
  if (total === 4 * count) return chunks(bytes, count, () => 4);
  return total === 16 * count ? chunks(bytes, count, () => 16) : [];
}

function chunks(bytes: Uint8Array, count: number, lengthOf: (index: number) => number): readonly string[] {
  const found: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const length = lengthOf(i);
    if (at + length > bytes.length) break;
    if (length === 4 || length === 16) found.push(formatAddress(bytes.subarray(at, at + length)));
    at += length;
  }
  return found;
}

/** Bytes of the parts in order, up to the first cut. */
export function joined(shown: readonly Shown[]): Uint8Array {
  const cutAt = shown.findIndex((s) => s.cut);
  const parts = cutAt < 0 ? shown : shown.slice(0, cutAt + 1);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only.bytes;
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.bytes.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p.bytes, at);
    at += p.bytes.length;
  }
  return all;
}
