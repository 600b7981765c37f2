/**
 * The dns module: search, then reading the answers.
 *
 *   errno after a failed search    ECONNREFUSED, ETIMEDOUT: UNAVAIL    ESRCH (no server): TRYAGAIN    else NOTFOUND
 *
 * So SERVFAIL from all servers and time-outs are UNAVAIL, an answer that says no is NOTFOUND. A chain of aliases without an address at
 * its end is NOTFOUND with NO_RECOVERY for one family (2.36+: TRYAGAIN), NOTFOUND for both.
 * From 2.29 a text that is no host name is NOTFOUND without a question (not for gethostbyname3_r, that is with AI_CANONNAME).
 * Source: glibc resolv/nss_dns/dns-host.c at 2.12, 2.17, 2.28, 2.36 to 2.43.
 */
import type { DnsRecord, Family } from '../../facts/node-facts.ts';
import { mapIpv4, reverseName } from '../address/address.ts';
import { addrFrom, addrOf, type Addr } from '../address/addr.ts';
import { isV4Compatible, isV4Mapped } from '../address/special.ts';
import { dnsSteps } from '../glibc/dns-steps.ts';
import { applySortlist, type ResolvConf } from '../glibc/resolv-conf.ts';
import { hostAlias, queryOnly, search, type QueryResult } from '../glibc/res-search.ts';
import type { DnsAnswer } from '../glibc/res-send.ts';
import { resolvConf } from '../glibc/res-state.ts';
import { isHostName } from './host-name-text.ts';
import type { ModuleAnswer, NssModule } from './module.ts';
import { step, type Run } from './run.ts';

const TYPE_OF: Readonly<Record<Family, string>> = { inet: 'A', inet6: 'AAAA' };

/** What a failed search is as a status; TRY_AGAIN hands EAGAIN back as errno, anything else leaves errno as it was. */
function failed(run: Run, result: Extract<QueryResult, { ok: false }>, errnoBefore: string): ModuleAnswer {
  const { errno } = run;
  const status = errno === 'ESRCH' ? 'TRYAGAIN' : errno === 'ECONNREFUSED' || errno === 'ETIMEDOUT' ? 'UNAVAIL' : 'NOTFOUND';
  const hErrno = errno === 'ESRCH' ? 'TRY_AGAIN' : result.hErrno;
  if (hErrno !== 'TRY_AGAIN') run.errno = errnoBefore;
  return { status, hErrno, ...(hErrno === 'TRY_AGAIN' ? { errno: 'EAGAIN' } : {}) };
}

interface Read {
  readonly addresses: Addr[];
  /** Names of the chain, the asked one first; the last is the canonical name. */
  readonly chain: string[];
}

/** Records of the asked type at the end of the CNAME chain. Owners are compared without regard to letter case. */
function readAnswer(answer: DnsAnswer, asked: string, type: string): Read {
  const chain = [withoutDot(asked)];
  const addresses: Addr[] = [];
  let expected = chain[0]?.toLowerCase() ?? '';
  for (const record of answer.answers) {
    if (record.type === 'CNAME') {
      const target = withoutDot(record.data);
      expected = target.toLowerCase();
      if (isHostName(target)) chain.push(target);
    } else if (record.type === type && sameOwner(record, expected)) {
      const address = addrFrom(record.data);
      if (address !== undefined) addresses.push(address);
    }
  }
  return { addresses, chain };
}

const withoutDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);
const sameOwner = (record: DnsRecord, expected: string): boolean => withoutDot(record.name).toLowerCase() === expected;

function aliased(run: Run, name: string): string {
  return name.includes('.') ? name : (hostAlias(run, name) ?? name);
}

function nameOk(run: Run, name: string): boolean {
  if (!run.rules.hostNameCheck || isHostName(name)) return true;
  step(run, dnsSteps.badName, { name });
  return false;
}

function both(run: Run, name: string): ModuleAnswer {
  if (!nameOk(run, name)) return { status: 'NOTFOUND', hErrno: 'HOST_NOT_FOUND' };
  const conf = resolvConf(run);
  const types = conf.options.has('no-aaaa') ? ['A'] : ['A', 'AAAA'];
  const errnoBefore = run.errno;
  const result = search(run, conf, aliased(run, name), types);
  if (!result.ok) return failed(run, result, errnoBefore);
  const addresses: Addr[] = [];
  let canonical: string | undefined;
  for (const answer of result.answers) {
    const read = readAnswer(answer, result.asked, answer.type);
    addresses.push(...read.addresses);
    if (read.addresses.length > 0) canonical ??= read.chain.at(-1);
  }
  if (addresses.length > 0)
    return { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses, ...(canonical === undefined ? {} : { name: canonical }) };
  // Only from 2.36 on does the module say so in h_errno; before it leaves what the last call set.
  return run.rules.emptyChain === 'TRYAGAIN' ? { status: 'NOTFOUND', hErrno: 'HOST_NOT_FOUND' } : { status: 'NOTFOUND' };
}

function one(run: Run, name: string, family: Family): ModuleAnswer {
  const conf = resolvConf(run);
  const asked = aliased(run, name);
  const errnoBefore = run.errno;
  const inet6 = run.mapsToIpv6 && run.rules.inet6Option && conf.options.has('inet6') && family === 'inet6';
  const result = search(run, conf, asked, [TYPE_OF[family]]);
  if (!result.ok) {
    const failure = failed(run, result, errnoBefore);
    if (!inet6) return failure;
    const second = search(run, conf, asked, ['A']);
    if (!second.ok) return failure;
    return answerOf(run, conf, second, 'A', (a) => addrOf(mapIpv4(a.bytes)));
  }
  return answerOf(run, conf, result, TYPE_OF[family], (a) => a);
}

function answerOf(
  run: Run,
  conf: ResolvConf,
  result: Extract<QueryResult, { ok: true }>,
  type: string,
  turn: (a: Addr) => Addr,
): ModuleAnswer {
  const answer = result.answers[0];
  const read = answer === undefined ? { addresses: [], chain: [result.asked] } : readAnswer(answer, result.asked, type);
  const name = read.chain.at(-1) ?? result.asked;
  if (read.addresses.length === 0) {
    const status = run.rules.emptyChain === 'NOTFOUND' && read.chain.length > 1 ? 'NOTFOUND' : 'TRYAGAIN';
    run.errno = 'ENOENT';
    return { status, hErrno: 'NO_RECOVERY', errno: 'ENOENT' };
  }
  const addresses = type === 'A' ? applySortlist(read.addresses, conf.sortlist) : read.addresses;
  return { status: 'SUCCESS', hErrno: 'NETDB_SUCCESS', addresses: addresses.map(turn), name, aliases: read.chain.slice(0, -1) };
}

function reverse(run: Run, address: Addr): ModuleAnswer {
  const conf = resolvConf(run);
  const four = isV4Mapped(address.bytes) || isV4Compatible(address.bytes);
  const name = reverseName(four ? address.bytes.slice(12) : address.bytes);
  const result = queryOnly(run, conf, name, 'PTR');
  // The module restores errno before it looks at it, so even an unreachable server is NOTFOUND.
  if (!result.ok) {
    run.errno = '';
    return { status: 'NOTFOUND', hErrno: result.hErrno };
  }
  let expected = name;
  for (const record of result.answers[0]?.answers ?? []) {
    if (record.type === 'CNAME') expected = withoutDot(record.data).toLowerCase();
    else if (record.type === 'PTR' && sameOwner(record, expected)) {
      return {
        status: 'SUCCESS',
        hErrno: 'NETDB_SUCCESS',
        addresses: [four ? addrOf(address.bytes.slice(12)) : address],
        name: withoutDot(record.data),
        aliases: [],
      };
    }
  }
  run.errno = 'ENOENT';
  return { status: 'TRYAGAIN', hErrno: 'NO_RECOVERY', errno: 'ENOENT' };
}

/** gethostbyname2_r checks the name; gethostbyname3_r, used for canonical names, does not. */
function byName(run: Run, name: string, family: Family, canonical = false): ModuleAnswer {
  return canonical || nameOk(run, name) ? one(run, name, family) : { status: 'NOTFOUND', hErrno: 'HOST_NOT_FOUND' };
}

export const dnsModule: NssModule = { both, byName, byAddress: reverse };
