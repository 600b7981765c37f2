/** A DNS answer for tests, in a line: a zone by owner, or a fault. Owners without a final dot. */
import type { DnsQuestion, DnsReply } from '../../src/facts/node-facts.ts';

export type Zone = Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;

/**
 * Servers by address; '*' is any other. A text is the same fault for every question: 'DROP', 'REFUSED', 'ECONNREFUSED' (errno names
 * begin with E). In a zone, `'!A': 'SERVFAIL'` makes a fault of one type, and `'!'` of all.
 */
export function dnsOf(servers: Readonly<Record<string, Zone | string>>): (netns: string, question: DnsQuestion) => DnsReply | undefined {
  return (_netns, { server, name, type, transport }) => {
    const script = servers[server] ?? servers['*'];
    if (script === undefined) return undefined;
    if (typeof script === 'string') return fault(script, transport);
    const owner = script[name];
    if (owner === undefined) return { kind: 'answer', rcode: 'NXDOMAIN', answers: [], ra: true };
    const data = typeof owner[type] === 'object' ? owner[type] : [];
    const answers = data.map((text) => ({ name, type, data: text }));
    const wrong = owner[`!${type}`] ?? owner['!'];
    if (typeof wrong === 'string')
      return wrong === 'TC' && transport === 'tcp' ? { kind: 'answer', rcode: 'NOERROR', answers, ra: true } : fault(wrong, transport);
    return { kind: 'answer', rcode: 'NOERROR', answers, ra: true };
  };
}

function fault(word: string, transport: 'udp' | 'tcp'): DnsReply {
  if (word === 'DROP') return { kind: 'silent' };
  if (word === 'LAME') return { kind: 'answer', rcode: 'NOERROR', answers: [], ra: false, aa: false };
  if (word === 'TC') return { kind: 'answer', rcode: 'NOERROR', answers: [], ra: true, tc: transport === 'udp' };
  if (word.startsWith('E')) return { kind: 'error', errno: word };
  return { kind: 'answer', rcode: word, answers: [], ra: true };
}
