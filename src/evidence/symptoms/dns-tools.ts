import { errnoOf } from '../errno-text.ts';
import { defineSymptomReader, details, draft } from './symptom-reader.ts';

const CANNOT_FIND = /\*\* server can't find ([^ \t:]{1,255}): ([A-Z]+)/u;
const CANNOT_RESOLVE = /nslookup: can't resolve '([^']{1,255})'(?:: (.{3,60}))?/u;
const NO_SERVERS = /;; (?:connection timed out; no servers could be reached|no servers could be reached)/u;
const COMMUNICATIONS = /;; (?:communications error to|UDP setup with) ([^ \t#]+)#(\d+)[^:]{0,20}: ([a-z ]{4,60})/u;
const HOST = /^Host ([^ \t]{1,255}) not found: (\d)\(([A-Z]+)\)/u;
/** BusyBox's nslookup asks by itself; the socket is connected, so that a closed port refuses the write or the read. */
const BUSYBOX_IO = /nslookup: (?:write to|read from|read) '?([0-9a-fA-F.:]+)'?(?:#\d+)?: ([A-Z][\w ]{3,40})/u;
const GOT_REPLY = /;; Got (SERVFAIL|REFUSED) reply from ([^ \t,]+)/u;

/** What dig, nslookup and host print when DNS itself fails. Sources: bind9 bin/dig, busybox networking/nslookup.c. */
export const dnsTools = defineSymptomReader({
  id: 'dns-tools',
  anchors: [
    "server can't find",
    "nslookup: can't resolve",
    'no servers could be reached',
    'communications error',
    'UDP setup with',
    'not found: ',
    ';; Got ',
    'nslookup: write to',
    'nslookup: read',
  ],
  scan: [
    "server can't find",
    "can't resolve '",
    'nslookup: write to',
    'nslookup: read',
    'no servers could be reached',
    'communications error to',
  ],
  read({ message }) {
    const find = CANNOT_FIND.exec(message);
    if (find !== null)
      return [draft('dns-failed', 'dns', { client: 'nslookup', name: find[1]?.replace(/\.$/u, ''), rcode: find[2], details: undefined })];
    const resolve = CANNOT_RESOLVE.exec(message);
    // BusyBox looks its own server up backwards first; that this has no name is no failure.
    if (resolve !== null && resolve[1] === '(null)') return [];
    if (resolve !== null)
      return [draft('dns-failed', 'dns', { client: 'nslookup', name: resolve[1], details: details({ error: resolve[2] }) })];
    if (NO_SERVERS.test(message)) return [draft('dns-failed', 'dns', { errno: 'TIMEOUT', details: undefined })];
    const communications = COMMUNICATIONS.exec(message);
    if (communications !== null) {
      const refused = (communications[3] ?? '').includes('refused');
      return [
        draft('dns-failed', 'dns', {
          server: communications[1],
          port: Number(communications[2]),
          errno: refused ? 'ECONNREFUSED' : 'TIMEOUT',
          details: details({ error: communications[3] }),
        }),
      ];
    }
    const io = BUSYBOX_IO.exec(message);
    if (io !== null)
      return [
        draft('dns-failed', 'dns', {
          client: 'nslookup',
          server: io[1],
          port: 53,
          errno: errnoOf(io[2] ?? ''),
          details: details({ error: io[2] }),
        }),
      ];
    const host = HOST.exec(message);
    if (host !== null)
      return [draft('dns-failed', 'dns', { client: 'host', name: host[1]?.replace(/\.$/u, ''), rcode: host[3], details: undefined })];
    const got = GOT_REPLY.exec(message);
    if (got !== null) return [draft('dns-failed', 'dns', { server: got[2], rcode: got[1], details: undefined })];
    return [];
  },
});
