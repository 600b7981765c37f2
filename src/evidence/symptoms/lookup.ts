import { hostPort } from '../host-port.ts';
import { requestBefore } from './dial.ts';
import { defineSymptomReader, details, draft, type SymptomDraft } from './symptom-reader.ts';

/** "lookup NAME on SERVER:53: REASON" is Go's own resolver; without "on SERVER" libc or nsswitch answered. Source: Go src/net/net.go (DNSError). */
const LOOKUP = /\blookup ([^ \t":]{1,255}|\[?[0-9a-f:]+\]?)(?: on (\[[^\]]+\]:\d+|[^ \t:]+:\d+|[^ \t:]+))?: ([^"]{1,300})/gu;

interface Reason {
  readonly rcode?: string;
  readonly errno?: string;
  readonly code?: string;
}

/** What the reason says about the server. 'server misbehaving' covers SERVFAIL, REFUSED and other codes: Go does not tell which. */
export function lookupReason(text: string): Reason {
  if (text.includes('no such host')) return { rcode: 'NXDOMAIN' };
  if (text.includes('server misbehaving')) return { rcode: 'SERVFAIL' };
  if (/i\/o timeout|timeout|timed out|deadline exceeded/u.test(text)) return { errno: 'TIMEOUT' };
  if (text.includes('connection refused')) return { errno: 'ECONNREFUSED' };
  if (text.includes('no route to host')) return { errno: 'EHOSTUNREACH' };
  if (text.includes('network is unreachable')) return { errno: 'ENETUNREACH' };
  if (text.includes('operation not permitted')) return { errno: 'EPERM' };
  if (/Temporary failure in name resolution|Try again/u.test(text)) return { code: 'EAI_AGAIN' };
  if (/Name or service not known|Name does not resolve|not known/u.test(text)) return { code: 'EAI_NONAME' };
  if (/no answer|No address associated|no address/iu.test(text)) return { code: 'EAI_NODATA' };
  return {};
}

export const lookup = defineSymptomReader({
  id: 'lookup',
  anchors: ['lookup '],
  scan: [...[': ', '] ', '="', '=\\"'].map((before) => `${before}lookup `), 'no such host', 'server misbehaving'],
  read({ message, text }) {
    const from = message.includes('lookup ') ? message : text;
    const found: SymptomDraft[] = [];
    for (const hit of from.matchAll(LOOKUP)) {
      const [, name = '', on, reason = ''] = hit;
      const meaning = lookupReason(reason);
      // A libc text after a name without "on SERVER" says nothing of DNS: no rcode then.
      if (meaning.rcode === undefined && meaning.errno === undefined && meaning.code === undefined) continue;
      const server = on === undefined ? undefined : hostPort(on);
      found.push(
        draft('lookup-failed', 'resolve', {
          client: 'go',
          name: name.replace(/\.$/u, ''),
          port: requestBefore(from, hit.index).port,
          server: server?.host,
          rcode: server === undefined && meaning.rcode === 'NXDOMAIN' ? undefined : meaning.rcode,
          errno: meaning.errno,
          details: details({
            error: reason.replace(/[.;,)\]]+$/u, '').slice(0, 200),
            code: meaning.code ?? (server === undefined && meaning.rcode === 'NXDOMAIN' ? 'no-such-host' : undefined),
            written: name.endsWith('.') ? name : undefined,
          }),
        }),
      );
    }
    return found;
  },
});
