/**
 * resolv.conf as musl reads it (src/network/resolvconf.c; until 1.1.12 inside res_msend.c).
 *
 *   nameserver ADDRESS          up to three literals; keywords stand at column 0
 *   search|domain REST          the rest of the line is the list; the last such line counts
 *   options …ndots:N…           ndots, attempts, timeout, each found by its first place in the line
 */
import type { ResolvedAddress } from '../types.ts';
import { fgetsPieces, isCSpace } from './c-lines.ts';
import { parseMuslAddress } from './ip-literal.ts';

export interface MuslServer extends ResolvedAddress {
  readonly line?: number;
}

export interface MuslResolvConf {
  readonly servers: readonly MuslServer[];
  readonly search: readonly string[];
  readonly searchLine?: number;
  readonly ndots: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly lines: readonly string[];
}

const LOCAL_SERVER: readonly MuslServer[] = [{ family: 'inet', address: '127.0.0.1' }];
export const DEFAULT_RESOLV_CONF: MuslResolvConf = { servers: LOCAL_SERVER, search: [], ndots: 1, attempts: 2, timeoutMs: 5000, lines: [] };

/** The number after the first `key:` of the line, or undefined where no digit follows it. */
function option(line: string, key: string): number | undefined {
  const at = line.indexOf(`${key}:`);
  if (at < 0) return undefined;
  const digits = /^\d{1,15}/u.exec(line.slice(at + key.length + 1));
  return digits === null ? undefined : Number(digits[0]);
}

const startsKeyword = (line: string, keyword: string): boolean => line.startsWith(keyword) && isCSpace(line.charAt(keyword.length));

/** First word after the keyword. */
const wordAfter = (line: string, length: number): string => /^[ \t\n\v\f\r]*([^ \t\n\v\f\r]*)/u.exec(line.slice(length))?.[1] ?? '';

export function parseMuslResolvConf(text: string): MuslResolvConf {
  const servers: MuslServer[] = [];
  const conf = { ndots: 1, attempts: 2, timeoutMs: 5000 };
  let search: readonly string[] = [];
  let searchLine: number | undefined;
  const pieces = fgetsPieces(text, 256);
  for (const [i, { text: line, line: number, first }] of pieces.entries()) {
    // A line that does not fit is left out whole.
    if (!first || pieces[i + 1]?.first === false) continue;
    if (startsKeyword(line, 'options')) {
      conf.ndots = Math.min(option(line, 'ndots') ?? conf.ndots, 15);
      conf.attempts = Math.min(option(line, 'attempts') ?? conf.attempts, 10);
      conf.timeoutMs = Math.min(option(line, 'timeout') ?? conf.timeoutMs / 1000, 60) * 1000;
    } else if (startsKeyword(line, 'nameserver')) {
      addServer(servers, wordAfter(line, 10), number);
    } else if (startsKeyword(line, 'search') || startsKeyword(line, 'domain')) {
      search = line
        .slice(6)
        .split(/[ \t\n\v\f\r]+/u)
        .filter((word) => word !== '');
      searchLine = number;
    }
  }
  return {
    servers: servers.length === 0 ? LOCAL_SERVER : servers,
    search,
    ...(searchLine === undefined ? {} : { searchLine }),
    ...conf,
    lines: text.split('\n'),
  };
}

function addServer(servers: MuslServer[], word: string, line: number): void {
  const address = servers.length < 3 ? parseMuslAddress(word) : undefined;
  if (address !== undefined && address !== 'bad-zone') servers.push({ ...address, line });
}

/** Until 1.1.12: pieces of 63 bytes, no search list; reading ends with the third server. */
export function parseOldMuslResolvConf(text: string): MuslResolvConf {
  const servers: MuslServer[] = [];
  let attempts = 2;
  let timeoutMs = 5000;
  for (const { text: line, line: number } of fgetsPieces(text, 64)) {
    if (servers.length >= 3) break;
    if (startsKeyword(line, 'options')) {
      timeoutMs = Math.min(option(line, 'timeout') ?? timeoutMs / 1000, 30) * 1000;
      attempts = Math.max(Math.min(option(line, 'attempts') ?? attempts, 10), 1);
    }
    if (startsKeyword(line, 'nameserver')) addServer(servers, wordAfter(line, 10), number);
  }
  return { servers: servers.length === 0 ? LOCAL_SERVER : servers, search: [], ndots: 1, attempts, timeoutMs, lines: text.split('\n') };
}
