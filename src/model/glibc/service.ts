/**
 * The service argument of getaddrinfo, with the socket type.
 *
 *   decimal digits (strtoul)       the port, modulo 65536        with AI_NUMERICSERV anything else is EAI_NONAME
 *   a name                         /etc/services for the protocol of the socket type; any protocol without one
 *   '' or '*'                      no service
 *   SOCK_RAW with a service        EAI_SERVICE                   an unknown socket type: EAI_SOCKTYPE
 *
 * All of it comes before any name lookup. Source: glibc getaddrinfo.c, services(5).
 * Not modelled: the services line of nsswitch.conf (files is assumed), the service database of nscd.
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import { lines, words } from '../nss/ascii.ts';
import { parseNsswitch } from '../nss/nsswitch.ts';
import { openFile, type Run } from '../nss/run.ts';
import type { Call } from '../types.ts';
import type { GaiCode } from './errors.ts';

type Gai = Extract<Call, { call: 'getaddrinfo' }>;

const PROTOCOLS: Readonly<Record<string, string>> = { stream: 'tcp', dgram: 'udp' };

const parseServices = memoByIdentity((content: FileContent): ReadonlySet<string> => {
  const known = new Set<string>();
  for (const text of lines(content.text)) {
    const hash = text.indexOf('#');
    const [name, port, ...aliases] = words(hash < 0 ? text : text.slice(0, hash));
    const protocol = port?.split('/')[1];
    if (name === undefined || protocol === undefined) continue;
    for (const each of [name, ...aliases]) known.add(`${each}/${protocol}`);
  }
  return known;
});

/** A rejected nsswitch.conf takes the services database with it. */
function nsswitchRejected(run: Run): boolean {
  const opened = openFile(run, '/etc/nsswitch.conf');
  return 'content' in opened && parseNsswitch(opened.content, 'from-2.33').rejected !== undefined;
}

/** undefined: fine. Otherwise the code that getaddrinfo returns. */
export function serviceError(run: Run, call: Gai): GaiCode | undefined {
  const service = call.service === '*' || call.service === '' ? undefined : call.service;
  const numeric = service !== undefined && /^[ \t\n\v\f\r]*[+-]?\d+$/u.test(service);
  if (service !== undefined && !numeric && call.flags.includes('AI_NUMERICSERV')) return 'EAI_NONAME';
  if (service !== undefined && call.socktype === 'raw') return 'EAI_SERVICE';
  if (service === undefined || numeric) return undefined;
  if (run.rules.nsswitchGrammar === 'reject-file' && nsswitchRejected(run)) return 'EAI_SERVICE';
  const opened = openFile(run, '/etc/services');
  if (!('content' in opened)) return 'EAI_SERVICE';
  const known = parseServices(opened.content);
  const protocol = call.socktype === undefined ? undefined : PROTOCOLS[call.socktype];
  const wanted = protocol === undefined ? Object.values(PROTOCOLS) : [protocol];
  return wanted.some((p) => known.has(`${service}/${p}`)) ? undefined : 'EAI_SERVICE';
}
