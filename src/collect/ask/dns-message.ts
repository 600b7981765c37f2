/** DNS questions to bytes and bytes to replies (RFC 1035), with dns-packet. No EDNS, as glibc's stub resolver asks without options edns0. */
import { randomInt } from 'node:crypto';
import { decode, encode, RECURSION_DESIRED, type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import type { DnsQuestion, DnsRecord, DnsReply } from '../../facts/node-facts.ts';

export interface Query {
  readonly id: number;
  readonly bytes: Buffer;
}

/** Undefined where the name or type cannot be put in a message: a label over 63 bytes, a name over 255. */
export function encodeQuestion(question: DnsQuestion): Query | undefined {
  const labels = question.name === '' ? [] : question.name.split('.');
  if (labels.some((l) => l === '' || Buffer.byteLength(l) > 63) || Buffer.byteLength(question.name) > 253) return undefined;
  const id = randomInt(65_536);
  try {
    const bytes = encode({
      type: 'query',
      id,
      flags: RECURSION_DESIRED,
      questions: [{ type: question.type as RecordType, class: 'IN', name: question.name === '' ? '.' : question.name }],
    });
    return { id, bytes };
  } catch {
    return undefined;
  }
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'];

/** Bytes that are no answer to this question (another id, no response) count as nothing received. */
export function decodeReply(bytes: Buffer, query: Query, ms: number): DnsReply {
  let packet: DecodedPacket;
  const flags = bytes.length >= 12 ? bytes.readUInt16BE(2) : 0;
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== query.id || (flags & 0x8000) === 0) return { kind: 'silent' };
  try {
    packet = decode(bytes);
  } catch {
    return { kind: 'error', errno: 'EBADMSG' };
  }
  const additional = (packet.additionals ?? []).filter((a) => a.type !== 'OPT').length;
  return {
    kind: 'answer',
    rcode: RCODES[flags & 15] ?? `RCODE${String(flags & 15)}`,
    answers: (packet.answers ?? []).flatMap(recordOf),
    aa: (flags & 0x0400) !== 0,
    tc: (flags & 0x0200) !== 0,
    ra: (flags & 0x0080) !== 0,
    ad: (flags & 0x0020) !== 0,
    additional,
    ms,
  };
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

function recordOf(answer: Answer): readonly DnsRecord[] {
  if (answer.type === 'OPT') return [];
  const base = { name: plain(answer.name), type: answer.type, ...('ttl' in answer && answer.ttl !== undefined ? { ttl: answer.ttl } : {}) };
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return [{ ...base, data: answer.data }];
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return [{ ...base, data: plain(answer.data) }];
    case 'SOA':
      return [{ ...base, data: plain(answer.data.mname) }];
    case 'SRV':
      return [
        {
          ...base,
          data: `${String(answer.data.priority ?? 0)} ${String(answer.data.weight ?? 0)} ${String(answer.data.port)} ${plain(answer.data.target)}`,
        },
      ];
    case 'MX':
      return [{ ...base, data: plain(answer.data.exchange) }];
    case 'TXT':
      return [
        {
          ...base,
          data: [answer.data]
            .flat()
            .map((part) => part.toString('latin1'))
            .join(''),
        },
      ];
    default:
      return [{ ...base, data: '' }];
  }
}
