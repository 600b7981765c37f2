/**
 * /etc/nsswitch.conf in the two grammars of glibc.
 *
 *   database [:] service [ '[' ( '!'? STATUS '=' ACTION )+ ']' ] ...
 *
 *                              up to 2.32                         from 2.33
 *   '#'                        ends the line anywhere             not special
 *   a bad bracket              ends the list before its service   rejects the whole file
 *   a second bracket           ends the list                      ends the list
 *   a database named twice     the last line                      the last line
 *   nothing after the colon    counts as no line                  an empty list
 *   merge                      from 2.24, before it is an error   known
 *
 * Defaults: SUCCESS=return, all others continue. `!S=A` sets A for all statuses but S.
 * Sources: nsswitch.conf(5); glibc nss/nsswitch.c (to 2.32), nss/nss_database.c and nss/nss_action_parse.c (from 2.33).
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import { isSpaceCode, lines, skipSpace } from './ascii.ts';

export type NssStatus = 'SUCCESS' | 'NOTFOUND' | 'UNAVAIL' | 'TRYAGAIN';
export type NssAction = 'return' | 'continue' | 'merge';

export interface NssService {
  readonly name: string;
  readonly actions: Readonly<Record<NssStatus, NssAction>>;
}

export interface NssDatabase {
  readonly services: readonly NssService[];
  readonly line: number;
  readonly text: string;
}

/** `rejected`: the line whose error makes every lookup fail. */
export interface Nsswitch {
  readonly databases: ReadonlyMap<string, NssDatabase>;
  readonly rejected?: { readonly line: number; readonly text: string };
  /** Lines with an error that only cuts their list. */
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

export type NsswitchGrammar = 'to-2.23' | 'to-2.32' | 'from-2.33';

/** The databases whose lines glibc 2.33 reads; an error in any of them spoils the file. */
const KNOWN = new Set([
  'aliases',
  'ethers',
  'group',
  'group_compat',
  'gshadow',
  'hosts',
  'initgroups',
  'netgroup',
  'networks',
  'passwd',
  'passwd_compat',
  'protocols',
  'publickey',
  'rpc',
  'services',
  'shadow',
  'shadow_compat',
]);
const STATUSES: readonly NssStatus[] = ['SUCCESS', 'NOTFOUND', 'UNAVAIL', 'TRYAGAIN'];
const DEFAULTS: Readonly<Record<NssStatus, NssAction>> = {
  SUCCESS: 'return',
  NOTFOUND: 'continue',
  UNAVAIL: 'continue',
  TRYAGAIN: 'continue',
};

interface ServiceList {
  readonly services: readonly NssService[];
  readonly bad: boolean;
}

export function parseServiceList(text: string, merge: boolean): ServiceList {
  const services: NssService[] = [];
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    const start = at;
    while (at < text.length && text[at] !== '[' && !isSpaceCode(text.charCodeAt(at))) at++;
    if (at === start) return { services, bad: false };
    const name = text.slice(start, at);
    at = skipSpace(text, at);
    let actions = DEFAULTS;
    if (text[at] === '[') {
      const bracket = parseBracket(text, at + 1, merge);
      if (bracket === undefined) return { services, bad: true };
      actions = bracket.actions;
      at = bracket.end;
    }
    services.push({ name, actions });
  }
}

function parseBracket(
  text: string,
  from: number,
  merge: boolean,
): { actions: Readonly<Record<NssStatus, NssAction>>; end: number } | undefined {
  const actions: Record<NssStatus, NssAction> = { ...DEFAULTS };
  let at = skipSpace(text, from);
  do {
    const not = text[at] === '!';
    if (not) at++;
    const status = word(text, at);
    at = skipSpace(text, status.end);
    const known = STATUSES.find((s) => s === status.text.toUpperCase());
    if (known === undefined || text[at] !== '=') return undefined;
    const action = word(text, skipSpace(text, at + 1));
    at = skipSpace(text, action.end);
    const chosen = action.text.toLowerCase();
    if (chosen !== 'return' && chosen !== 'continue' && !(chosen === 'merge' && merge)) return undefined;
    if (not) for (const s of STATUSES) actions[s] = s === known ? actions[s] : chosen;
    else actions[known] = chosen;
  } while (text[at] !== ']');
  return { actions, end: at + 1 };
}

function word(text: string, from: number): { text: string; end: number } {
  let end = from;
  while (end < text.length && text[end] !== '=' && text[end] !== ']' && !isSpaceCode(text.charCodeAt(end))) end++;
  return { text: text.slice(from, end), end };
}

function parse(content: FileContent, grammar: NsswitchGrammar): Nsswitch {
  const databases = new Map<string, NssDatabase>();
  const problems: { line: number; text: string }[] = [];
  const old = grammar !== 'from-2.33';
  let number = 0;
  for (const text of lines(content.text)) {
    number++;
    const hash = old ? text.indexOf('#') : -1;
    const line = hash < 0 ? text : text.slice(0, hash);
    const start = skipSpace(line, 0);
    let at = start;
    while (at < line.length && line[at] !== ':' && !isSpaceCode(line.charCodeAt(at))) at++;
    if (at === start || at === line.length) continue;
    const name = line.slice(start, at);
    if (old) at++;
    else while (at < line.length && (line[at] === ':' || isSpaceCode(line.charCodeAt(at)))) at++;
    if (!old && !KNOWN.has(name)) continue;
    const list = parseServiceList(line.slice(at), grammar !== 'to-2.23');
    if (list.bad) {
      if (!old) return { databases: new Map(), rejected: { line: number, text }, problems };
      problems.push({ line: number, text });
    }
    if (old && list.services.length === 0) databases.delete(name);
    else databases.set(name, { services: list.services, line: number, text });
  }
  return { databases, problems };
}

const parsers: Readonly<Record<NsswitchGrammar, (content: FileContent) => Nsswitch>> = {
  'to-2.23': memoByIdentity((content: FileContent) => parse(content, 'to-2.23')),
  'to-2.32': memoByIdentity((content: FileContent) => parse(content, 'to-2.32')),
  'from-2.33': memoByIdentity((content: FileContent) => parse(content, 'from-2.33')),
};

/** Parsed once for each captured file and grammar. */
export const parseNsswitch = (content: FileContent, grammar: NsswitchGrammar): Nsswitch => parsers[grammar](content);
