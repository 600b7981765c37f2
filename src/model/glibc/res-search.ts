/**
 * Which full names a lookup asks DNS for, and what the answers together mean.
 *
 *   dots >= ndots, or a final dot    the name as it stands, first (a final dot: nothing else)
 *   no final dot                     each search domain in order; "." is the root
 *   not tried as it stands           the name as it stands (no-tld-query: not when it has no dot)
 *
 *   within the list   no such name, no data, SERVFAIL go on; anything else leaves the list; no server reachable ends everything
 *
 * The error is that of the first as-is query; else no data, if any step had it; else SERVFAIL; else that of the last query.
 * Source: glibc resolv/res_query.c at 2.12, 2.17, 2.20, 2.25, 2.26 to 2.43.
 */
import { asciiLower, lines, words } from '../nss/ascii.ts';
import { openFile, step, atLine, type HErrno, type Run } from '../nss/run.ts';
import { dnsSteps } from './dns-steps.ts';
import type { ResolvConf } from './resolv-conf.ts';
import { send, type DnsAnswer } from './res-send.ts';

export type QueryResult =
  { readonly ok: true; readonly asked: string; readonly answers: readonly DnsAnswer[] } | { readonly ok: false; readonly hErrno: HErrno };

/** One name, no search list. Leaves errno in `run.errno` ('' after an answer). */
function query(run: Run, conf: ResolvConf, name: string, types: readonly string[], state: { rcode: string }): QueryResult {
  state.rcode = 'NOERROR';
  if (!encodable(name)) {
    step(run, dnsSteps.cannotEncode, { name });
    run.errno = 'EMSGSIZE';
    return { ok: false, hErrno: 'NO_RECOVERY' };
  }
  if (conf.attempts <= 0) step(run, dnsSteps.noAttempts);
  // no-aaaa: the name is asked for with type A and without EDNS; what comes back is an answer without records (resolv/res-noaaaa.c).
  const emptied = types.length === 1 && types[0] === 'AAAA' && conf.options.has('no-aaaa');
  const sent = send(run, conf, name, emptied ? ['A'] : types, emptied);
  state.rcode = sent.firstRcode;
  if (!sent.ok) {
    run.errno = sent.errno;
    // Without any packet the emptied answer buffer passes for an answer without records.
    if (emptied && sent.firstRcode === 'NOERROR') return { ok: false, hErrno: 'NO_DATA' };
    return { ok: false, hErrno: 'TRY_AGAIN' };
  }
  run.errno = '';
  const answers = [sent.first, sent.second]
    .filter((a): a is DnsAnswer => a !== undefined)
    .map((a) => (emptied ? { ...a, answers: [] } : a));
  if (answers.some((a) => a.rcode === 'NOERROR' && a.answers.length > 0)) return { ok: true, asked: name, answers };
  const rcode = answers.find((a) => a.rcode !== 'NOERROR')?.rcode ?? 'NOERROR';
  return { ok: false, hErrno: RCODE_ERRORS[rcode] ?? 'NO_RECOVERY' };
}

const RCODE_ERRORS: Readonly<Record<string, HErrno>> = { NOERROR: 'NO_DATA', NXDOMAIN: 'HOST_NOT_FOUND', SERVFAIL: 'TRY_AGAIN' };

/** A question that is not searched for: PTR names. */
export function queryOnly(run: Run, conf: ResolvConf, name: string, type: string): QueryResult {
  return query(run, conf, name, [type], { rcode: 'NOERROR' });
}

/** Labels of 1 to 63 characters, 255 in all; an empty name is the root. Text is used as bytes: other characters than ASCII count by UTF-8. */
function encodable(name: string): boolean {
  const text = name.endsWith('.') ? name.slice(0, -1) : name;
  if (text === '') return true;
  let total = 1;
  for (const label of text.split('.')) {
    let bytes = 0;
    for (const c of label) {
      const code = c.codePointAt(0) ?? 0;
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    }
    if (bytes === 0 || bytes > 63) return false;
    total += bytes + 1;
  }
  return total <= 255;
}

/** The whole search; h_errno of the resolver is left as it was at the last failure. */
export function search(run: Run, conf: ResolvConf, name: string, types: readonly string[]): QueryResult {
  run.resolverHErrno = 'HOST_NOT_FOUND';
  const result = searchList(run, conf, name, types);
  if (!result.ok) run.resolverHErrno = result.hErrno;
  return result;
}

function searchList(run: Run, conf: ResolvConf, name: string, types: readonly string[]): QueryResult {
  run.errno = '';
  let dots = 0;
  for (const c of name) if (c === '.') dots++;
  const rooted = name.endsWith('.');
  const state = { rcode: 'NOERROR' };
  if (dots === 0) {
    const alias = hostAlias(run, name);
    if (alias !== undefined) return query(run, conf, alias, types, state);
  }
  let firstError: HErrno | undefined;
  let last: HErrno = 'HOST_NOT_FOUND';
  if (dots >= conf.ndots || rooted) {
    step(run, dnsSteps.asIs, { name, dots, ndots: conf.ndots }, atLine(run, '/etc/resolv.conf'));
    const result = query(run, conf, name, types, state);
    if (result.ok || rooted) return result;
    firstError = last = result.hErrno;
  }
  let noData = false;
  let servfail = false;
  let rootListed = false;
  let searched = false;
  for (const listed of conf.search) {
    searched = true;
    const domain = listed.startsWith('.') && !run.rules.rootDomainFails ? listed.slice(1) : listed;
    if (domain === '' || domain === '.') rootListed = true;
    const full = `${name}.${domain}`;
    step(
      run,
      dnsSteps.searchDomain,
      { domain: listed === '' ? '.' : listed, name: full },
      atLine(run, '/etc/resolv.conf', conf.searchLine),
    );
    const result = query(run, conf, full, types, state);
    if (result.ok) return result;
    last = result.hErrno;
    if (run.errno === 'ECONNREFUSED') {
      step(run, dnsSteps.nobodyReachable);
      return { ok: false, hErrno: 'TRY_AGAIN' };
    }
    if (last === 'NO_DATA') noData = true;
    else if (last === 'TRY_AGAIN' && state.rcode === 'SERVFAIL') servfail = true;
    else if (last !== 'HOST_NOT_FOUND') {
      step(run, dnsSteps.searchStops, { name: full });
      break;
    }
  }
  const asIs = dots > 0 || !searched || (run.rules.singleLabelAsIs && !conf.options.has('no-tld-query'));
  if (asIs && firstError === undefined && !rootListed) {
    const result = query(run, conf, name, types, state);
    if (result.ok) return result;
    last = result.hErrno;
  }
  return { ok: false, hErrno: firstError ?? (noData ? 'NO_DATA' : servfail ? 'TRY_AGAIN' : last) };
}

/** The second word of the first line of $HOSTALIASES whose first word is the name; only names without a dot are looked up. */
export function hostAlias(run: Run, name: string): string | undefined {
  const path = run.env['HOSTALIASES'];
  if (path === undefined || path === '') return undefined;
  const opened = openFile(run, path);
  if (!('content' in opened)) return undefined;
  const wanted = asciiLower(name);
  let number = 0;
  for (const line of lines(opened.content.text)) {
    number++;
    const end = line.search(/[ \t\v\f\r]/u);
    const alias = end < 0 ? line : line.slice(0, end);
    if (asciiLower(alias.replace(/\.$/u, '')) !== wanted) continue;
    const target = words(line.slice(alias.length))[0];
    if (target === undefined) return undefined;
    step(run, dnsSteps.alias, { name, target }, atLine(run, path, number, line));
    return target;
  }
  return undefined;
}
