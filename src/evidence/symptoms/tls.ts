import { requestBefore } from './dial.ts';
import { defineSymptomReader, details, draft, longEnough } from './symptom-reader.ts';

interface TlsText {
  readonly reason: string;
  readonly pattern: RegExp;
  /** Names of the pattern's groups, in order; 'name' goes to the symptom, others to the details. */
  readonly groups?: readonly string[];
}

/** Go's crypto/x509 and crypto/tls texts, then those of curl and OpenSSL. The first that fits counts. */
const TEXTS: readonly TlsText[] = [
  {
    reason: 'expired',
    pattern: /x509: certificate has expired or is not yet valid: current time ([^ \t]+) is after ([^ \t",]+)/u,
    groups: ['currentTime', 'notAfter'],
  },
  {
    reason: 'not-yet-valid',
    pattern: /x509: certificate has expired or is not yet valid: current time ([^ \t]+) is before ([^ \t",]+)/u,
    groups: ['currentTime', 'notBefore'],
  },
  { reason: 'expired-or-not-yet-valid', pattern: /x509: certificate has expired or is not yet valid/u },
  {
    reason: 'name-mismatch',
    pattern: /x509: certificate is (?:not )?valid for (.{1,600}?), not ([^ \t",]+)/u,
    groups: ['validFor', 'name'],
  },
  { reason: 'name-mismatch', pattern: /x509: certificate is not valid for any names, but wanted to match ([^ \t",]+)/u, groups: ['name'] },
  {
    reason: 'no-ip-sans',
    pattern: /x509: cannot validate certificate for ([^ \t]+) because it doesn't contain any IP SANs/u,
    groups: ['name'],
  },
  { reason: 'common-name-only', pattern: /x509: certificate relies on legacy Common Name field/u },
  {
    reason: 'unknown-authority',
    pattern:
      /x509: certificate signed by unknown authority \(possibly because of "?([^"]{1,120})"? while trying to verify candidate authority certificate "([^"]{1,120})"/u,
    groups: ['because', 'candidate'],
  },
  { reason: 'unknown-authority', pattern: /(?:x509: )?certificate signed by unknown authority/u },
  { reason: 'x509', pattern: /x509: ([^"]{3,120})/u, groups: ['error'] },
  { reason: 'peer-rejected', pattern: /remote error: tls: ([a-z ]{3,60})/u, groups: ['alert'] },
  { reason: 'plain-http', pattern: /http: server gave HTTP response to HTTPS client/u },
  { reason: 'not-tls', pattern: /tls: first record does not look like a TLS handshake/u },
  { reason: 'handshake-timeout', pattern: /TLS handshake timeout/u },
  { reason: 'key-mismatch', pattern: /tls: private key does not match public key/u },
  { reason: 'tls', pattern: /\btls: ([a-z][^"]{3,100})/u, groups: ['error'] },
  { reason: 'expired', pattern: /SSL certificate problem: certificate has expired|verify error:num=10:|Verify return code: 10 /u },
  { reason: 'not-yet-valid', pattern: /SSL certificate problem: certificate is not yet valid|Verify return code: 9 /u },
  {
    reason: 'unknown-authority',
    pattern:
      /SSL certificate problem: (?:self[- ]signed certificate|unable to get local issuer certificate|unable to get issuer certificate)|Peer's Certificate issuer is not recognized|server certificate verification failed|Verify return code: (?:18|19|20|21) /u,
  },
  {
    reason: 'name-mismatch',
    pattern: /(?:SSL: )?no alternative certificate subject name matches target (?:host name|ipv4 address) '([^']+)'/u,
    groups: ['name'],
  },
  {
    reason: 'name-mismatch',
    pattern: /(?:SSL: )?certificate subject name '?\(?([^')]{1,255})\)?'? does not match target host ?name '([^']+)'/u,
    groups: ['validFor', 'name'],
  },
  { reason: 'ssl', pattern: /(?:SSL_ERROR_[A-Z_]+|ssl3_get_record:wrong version number|OpenSSL SSL_connect: [^"]{3,100})/u },
];

/** How the texts of Go's errors begin. Sources: Go src/crypto/x509/{verify,x509,parser}.go, src/crypto/tls/{alert,conn,handshake_*}.go. */
const X509_BEGINNINGS = 'cer can inv int iss unk uns unh fai mal mis too'.split(' ');
const TLS_BEGINNINGS = 'ac al ba ce cl de ei er ex fa fi ha il in mi ne no ov pr re se sh un us'.split(' ');

/** Complaints about TLS and certificates, with both dates and the names where the text gives them. */
export const tls = defineSymptomReader({
  id: 'tls',
  anchors: [
    'x509: ',
    'tls: ',
    'TLS handshake',
    'signed by unknown',
    'HTTP response to HTTPS',
    'SSL',
    'Verify return code',
    'certificate subject name',
    'certificate verification failed',
    'issuer is not recognized',
  ],
  scan: [
    ...longEnough('x509: ', X509_BEGINNINGS),
    ...longEnough(': tls: ', TLS_BEGINNINGS),
    'TLS handshake',
    'signed by unknown',
    'HTTP response to HTTPS',
    'SSL certificate',
    'SSL_ERROR',
    'SSL_connect',
    'Verify return code',
  ],
  read({ message }) {
    for (const { reason, pattern, groups = [] } of TEXTS) {
      const hit = pattern.exec(message);
      if (hit === null) continue;
      const values = Object.fromEntries(groups.map((g, i) => [g, hit[i + 1]]));
      const request = requestBefore(message, hit.index);
      const { name, ...rest } = values;
      return [
        draft('tls-failed', 'tls', {
          name: request.name ?? name,
          port: request.port,
          details: details({ reason, ...rest, ...(name === undefined ? {} : { notFor: name }), url: request.url }),
        }),
      ];
    }
    return [];
  },
});
