import { requestBefore } from './dial.ts';
import { defineSymptomReader, details, draft } from './symptom-reader.ts';

/** Timeouts that no dial error names: a request that was sent and never answered. */
const CANCELED =
  /net\/http: request canceled(?: while waiting for connection)? \(Client\.Timeout exceeded[^)]{0,80}\)|context deadline exceeded(?: \(Client\.Timeout exceeded[^)]{0,80}\))?|timed out waiting for the condition|unexpected EOF|: EOF(?:$|[" \t])|handshake failed: EOF/u;

export const waits = defineSymptomReader({
  id: 'waits',
  anchors: ['Client.Timeout', 'context deadline exceeded', 'timed out waiting', 'EOF'],
  scan: ['Client.Timeout exceeded', 'context deadline exceeded', 'timed out waiting', 'unexpected EOF', 'failed: EOF', ': EOF'],
  read({ message }) {
    if (/\bdial (?:tcp|udp|unix)|\blookup [^ \t:]+ on /u.test(message)) return [];
    const hit = CANCELED.exec(message);
    if (hit === null) return [];
    const request = requestBefore(message, hit.index);
    const eof = hit[0].includes('EOF');
    return [
      draft(eof ? 'connection-closed' : 'request-timeout', 'http', {
        name: request.name,
        port: request.port,
        errno: eof ? 'EOF' : 'TIMEOUT',
        details: details({ url: request.url, error: hit[0].slice(0, 120) }),
      }),
    ];
  },
});
