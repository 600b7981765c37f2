/**
 * What dig and nslookup say of one question. They stand in where no helper that sends raw questions is there, so only what a reply holds is
 * read: rcode, flags, answers.
 */
import type { DnsRecord, DnsReply } from '../node-facts.ts';
import { decimal, linesOf, wordsOf } from './lines.ts';

const NO_REPLY = /connection timed out|no servers could be reached|timed out/u;
const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/connection refused/iu, 'ECONNREFUSED'],
  [/network (?:is )?unreachable/iu, 'ENETUNREACH'],
  [/host unreachable|no route to host/iu, 'EHOSTUNREACH'],
  [/permission denied/iu, 'EACCES'],
];

const plain = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

function failureOf(text: string): DnsReply | undefined {
  const error = ERRORS.find(([pattern]) => pattern.test(text));
  if (error !== undefined) return { kind: 'error', errno: error[1] };
  return NO_REPLY.test(text) ? { kind: 'silent' } : undefined;
}

/** `dig +noedns +noall +comments +answer` (bind-utils 9.10 and newer). Undefined: this says nothing. */
export function parseDigReply(text: string): DnsReply | undefined {
  const status = /->>HEADER<<- opcode: [A-Z]+, status: ([A-Z0-9]+),/u.exec(text)?.[1];
  if (status === undefined) return failureOf(text);
  const [, flags = '', additional] = /^;; flags:([ a-z]*);.*ADDITIONAL: (\d+)/mu.exec(text) ?? [];
  const has = (flag: string): boolean => flags.split(' ').includes(flag);
  const answers = linesOf(text).flatMap((line): readonly DnsRecord[] => {
    const [name = '', ttl, kind, type = '', ...data] = wordsOf(line);
    const seconds = decimal(ttl);
    if (line.startsWith(';') || seconds === undefined || kind !== 'IN' || data.length === 0) return [];
    return [{ name: plain(name), type, ttl: seconds, data: dataOf(type, data) }];
  });
  return {
    kind: 'answer',
    rcode: status,
    answers,
    aa: has('aa'),
    tc: has('tc'),
    ra: has('ra'),
    ad: has('ad'),
    ...(additional === undefined ? {} : { additional: Number(additional) }),
  };
}

function dataOf(type: string, words: readonly string[]): string {
  if (type === 'A' || type === 'AAAA') return words[0] ?? '';
  if (type === 'CNAME' || type === 'NS' || type === 'PTR' || type === 'DNAME' || type === 'SOA') return plain(words[0] ?? '');
  if (type === 'MX') return plain(words[1] ?? '');
  return words.join(' ');
}

/**
 * `nslookup -type=TYPE NAME SERVER`, of BIND or busybox. Flags and times are not told; an answer without data is NOERROR.
 * The first address belongs to the server; those after a line with the name are answers.
 */
export function parseNslookupReply(text: string, name: string, type: string): DnsReply | undefined {
  const failed = failureOf(text);
  if (failed !== undefined) return failed;
  const rcode = /(?:can't find|server can't find) [^\n]*: (NXDOMAIN|SERVFAIL|REFUSED|FORMERR|NOTIMP)/u.exec(text)?.[1];
  if (rcode !== undefined) return { kind: 'answer', rcode, answers: [] };
  const answers: DnsRecord[] = [];
  let named = false;
  for (const line of linesOf(text)) {
    const owner = /^Name:(.+)$/u.exec(line)?.[1];
    if (owner !== undefined) {
      named = true;
      continue;
    }
    const alias = /^([^ \t]+)[ \t]+canonical name = ([^ \t]+)/u.exec(line);
    if (alias !== null) answers.push({ name: plain(alias[1] ?? ''), type: 'CNAME', data: plain(alias[2] ?? '') });
    const six = /^([^ \t]+)[ \t]+has AAAA address ([0-9a-f:.]+)/u.exec(line);
    if (six !== null) answers.push({ name: plain(six[1] ?? ''), type: 'AAAA', data: six[2] ?? '' });
    const address = named ? /^Address(?: \d+)?:[ \t]*([0-9a-fA-F:.]+)/u.exec(line)?.[1] : undefined;
    if (address?.includes(':') === (type === 'AAAA')) answers.push({ name: plain(name), type, data: address });
  }
  if (answers.length > 0 || /No answer|\*\*\* Can't find|^Non-authoritative answer|^Server:/mu.test(text))
    return { kind: 'answer', rcode: 'NOERROR', answers };
  return undefined;
}
