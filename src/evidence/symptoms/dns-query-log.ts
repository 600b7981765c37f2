import { defineSymptomReader, draft } from './symptom-reader.ts';

/** A complete name with more labels behind its top-level domain: 'www.example.com.corp.test'. */
const SUFFIXED =
  /^[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|sh|cloud|co|cn|de|uk|fr|eu|me|app|ai|be|nl|it|es|jp|ru|us|ca|au|ch|at|se|pl|br|in)(?:\.[a-z0-9-]+){2,8}$/iu;
const ASKED = /\bquery\[A(?:AAA)?\] ([^ ]{3,255}) from /u;
const ANSWERED = /(?:^|[: \]])(?:reply|cached) ([^ ]{3,255}) is (?:<CNAME>|[0-9a-f.:]{3,45})$/u;

/** CoreDNS, plugin log: `"A IN NAME. udp 51 false 512" RCODE flags size time`. Source: coredns plugin/log (CommonLogFormat). */
const COREDNS = /"A(?:AAA)? IN ([^ ]{3,255})\. (?:udp|tcp) [^"]{1,60}" (NOERROR|SERVFAIL|REFUSED|NOTIMP) /u;

/**
 * Query logs of CoreDNS and of dnsmasq (--log-queries): names that carry a search domain behind a complete name, as asked and as answered.
 * Source: dnsmasq src/cache.c (log_query).
 */
export const dnsQueryLog = defineSymptomReader({
  id: 'dns-query-log',
  anchors: ['query[A] ', 'query[AAAA] ', 'reply ', 'cached ', '"A IN ', '"AAAA IN '],
  scan: ['query[A] ', 'query[AAAA] ', ' is <CNAME>', ' udp 5', ' false 512" NOERROR', ' false 512" SERVFAIL', '"AAAA IN '],
  read({ message }) {
    const asked = ASKED.exec(message)?.[1];
    if (asked !== undefined && SUFFIXED.test(asked))
      return [draft('suffixed-name-asked', 'other', { name: asked.toLowerCase(), details: undefined })];
    const answered = ANSWERED.exec(message)?.[1];
    if (answered !== undefined && SUFFIXED.test(answered))
      return [draft('suffixed-name-answered', 'other', { name: answered.toLowerCase(), details: undefined })];
    const [, name, rcode] = COREDNS.exec(message) ?? [];
    if (name === undefined || !SUFFIXED.test(name) || /\.cluster\.local$/iu.test(name)) return [];
    return [
      draft(rcode === 'NOERROR' ? 'suffixed-name-noerror' : 'suffixed-name-failed', 'other', {
        name: name.toLowerCase(),
        rcode,
        details: undefined,
      }),
    ];
  },
});
