/** Vectors that come from Go's own test tables: decisions, parsers, sorting. */
import type { DnsReply } from '../facts/node-facts.ts';
import { formatAddress, parseAddress } from '../model/address/address.ts';
import { goCommonPrefixLength, policyOf, scopeName, sortByRfc6724 } from '../model/go/address-sort.ts';
import { candidateNames } from '../model/go/dns-client.ts';
import { lookupGoHosts, parseGoHosts } from '../model/go/hosts.ts';
import { printAddress } from '../model/go/ip-literal.ts';
import { lookupOrder } from '../model/go/lookup-order.ts';
import { parseGoNsswitch } from '../model/go/nsswitch.ts';
import { DEFAULT_RESOLV_CONF, defaultSearch, parseGoResolvConf } from '../model/go/resolv-conf.ts';
import { absDomainName, asciiLower } from '../model/go/text.ts';
import { goRules, type GoRules } from '../model/go/version-rules.ts';
import type { Json, JsonObject, Vector } from './adapter.ts';
import { asObject, asText, asTexts, experiment, sameAddresses, scriptedDns, type ScriptedDns } from './experiments.ts';

type Got = Readonly<Record<string, unknown>>;

/** Differences; undefined: the vector is no table entry but a look-up. */
export function runGoTable(vector: Vector, version: string): readonly string[] | undefined {
  const got = tableAnswer(vector, version);
  if (got === undefined) return undefined;
  const found: string[] = [];
  for (const [key, wanted] of Object.entries(vector.expect)) {
    if (key === 'order') continue;
    const value = got[key];
    const fits =
      key === 'addrs' ? sameAddresses(asTexts(wanted), value as readonly string[], vector.expect['order']) : fitsLoosely(wanted, value);
    if (!fits) found.push(`${key} ${JSON.stringify(wanted)} ≠ ${JSON.stringify(value)}`);
  }
  return found;
}

const fitsLoosely = (wanted: Json, value: unknown): boolean => {
  if (value === undefined) return wanted === null || wanted === false || (Array.isArray(wanted) && wanted.length === 0);
  return JSON.stringify(wanted) === JSON.stringify(value);
};

function tableAnswer(vector: Vector, version: string): Got | undefined {
  const { given, when } = vector;
  const rules = goRules(version);
  const call = asText(when['call']);
  const name = asText(when['name']);
  const files = asObject(given['files']);
  const input = asTexts(when['input']);
  switch (call) {
    case 'hostLookupOrder':
      return decision(vector, version, rules, name);
    case 'parse /etc/resolv.conf':
      return resolvConf(files['/etc/resolv.conf'], asText(asObject(given['net'])['hostname']), rules);
    case 'parse /etc/nsswitch.conf':
      return nsswitch(asText(files['/etc/nsswitch.conf']), vector.expect);
    case 'hosts file lookup':
      return hostsLookup(asText(files['/etc/hosts']), name, rules);
    case 'RFC 6724 sort': {
      const sources = asObject(asObject(given['net'])['source_for']);
      const order = sortByRfc6724(
        input,
        input.map((address) => (typeof sources[address] === 'string' ? sources[address] : undefined)),
      );
      return { addrs: order.map((i) => input[i]) };
    }
    case 'RFC 6724 policy': {
      const { text, precedence, label } = policyOf(bytesOf(name));
      return { prefix: text, precedence, label };
    }
    case 'RFC 6724 scope':
      return { scope: scopeName(name) };
    case 'common prefix length':
      return { bits: goCommonPrefixLength(bytesOf(input[0] ?? name), bytesOf(input[1] ?? '')) };
    case 'is DNS avoided for name':
      return { avoid: name === '' || asciiLower(name.endsWith('.') ? name.slice(0, -1) : name).endsWith('.onion') };
    case 'nameList': {
      const conf = { ...DEFAULT_RESOLV_CONF, ndots: typeof given['ndots'] === 'number' ? given['ndots'] : 1 };
      return { names: candidateNames(name, conf, asTexts(given['search']), rules) };
    }
    default:
      return undefined;
  }
}

const bytesOf = (text: string): Uint8Array => parseAddress(text)?.bytes ?? new Uint8Array(16);

function decision(vector: Vector, version: string, rules: GoRules, name: string): Got {
  const { view } = experiment(vector, undefined);
  const flags = asTexts(vector.when['flags']);
  const cgo = !vector.stack.startsWith('go-pure');
  const decided = lookupOrder(view, version, rules, name, { cgo, preferGo: flags.includes('PreferGo') }, []);
  return { decision: 'order' in decided ? decided.order : undefined };
}

function resolvConf(text: Json | undefined, hostname: string, rules: GoRules): Got {
  const conf = typeof text === 'string' ? parseGoResolvConf(text, rules) : DEFAULT_RESOLV_CONF;
  const search = conf.search.length === 0 ? defaultSearch(hostname) : conf.search;
  return {
    servers: conf.servers.map((s) => s.shown),
    search: search.length === 0 ? undefined : search,
    ndots: conf.ndots,
    timeout: conf.timeoutMs / 1000,
    attempts: conf.attempts,
    rotate: conf.rotate || undefined,
    singleRequest: conf.singleRequest || undefined,
    useTCP: conf.tcp || undefined,
    tcp: conf.tcp || undefined,
    trustAD: conf.trustAd || undefined,
    unknownOpt: conf.unknown === undefined ? undefined : true,
    noReload: conf.noReload || undefined,
    lookup: conf.lookup.length === 0 ? undefined : conf.lookup,
  };
}

/** Criteria are written in several ways; they are shown as `!status=action` here, and compared so. */
function nsswitch(text: string, expect: JsonObject): Got {
  const conf = parseGoNsswitch(text);
  const sources: Record<string, Json> = {};
  for (const [db, list] of conf.databases) {
    const wanted = asObject(expect['sources'])[db];
    sources[db] = list.map(({ source, criteria }, i) => {
      const shown = criteria.map((c) => `${c.negate ? '!' : ''}${c.status}=${c.action}`);
      const entry = Array.isArray(wanted) ? (wanted as readonly Json[])[i] : undefined;
      const expected = Array.isArray(entry) ? (entry as readonly Json[])[1] : undefined;
      const asWanted =
        Array.isArray(expected) && (expected as readonly Json[]).map(criterionText).join(' ') === shown.join(' ') ? expected : shown;
      return [source, asWanted as Json];
    });
  }
  const error =
    conf.error === undefined
      ? undefined
      : { 'no-colon': 'no colon on line', 'unclosed-bracket': 'unclosed criterion bracket', 'bad-criterion': 'invalid criteria' }[
          conf.error.reason
        ];
  const wantedError = expect['error'];
  const same = error !== undefined && (wantedError === true || (typeof wantedError === 'string' && wantedError.startsWith(error)));
  return { sources, error: same ? wantedError : error };
}

function criterionText(criterion: Json): string {
  if (typeof criterion === 'string') return criterion;
  if (Array.isArray(criterion)) {
    const [a, b, c] = (criterion as readonly Json[]).map(String);
    return c === undefined ? `${a ?? ''}=${b ?? ''}` : `${a === '!' || a === 'true' ? '!' : ''}${b ?? ''}=${c}`;
  }
  const { negate, not, status, action } = asObject(criterion);
  return `${negate === true || not === true ? '!' : ''}${asText(status)}=${asText(action)}`;
}

function hostsLookup(text: string, name: string, rules: GoRules): Got {
  const hosts = parseGoHosts(text, rules.leadingZeros);
  return {
    addrs: lookupGoHosts(hosts, name).map(({ address }) => printAddress(address)),
    canonname: hosts.canonical.get(absDomainName(asciiLower(name))) ?? '',
  };
}

/** Two tables describe their server in words: `x` and `y` are the two search suffixes, `plain` the name alone. */
export function tableDns(vector: Vector): ScriptedDns {
  const dns = asObject(vector.given['dns']);
  if (typeof dns['zone'] !== 'string') return scriptedDns(dns);
  const zone = dns['zone'];
  const fails = /^([^ ]+?)\.? is SERVFAIL, else NXDOMAIN/u.exec(zone);
  const has = /^([^ ]+?)\.? has ([^ ]+) and ([^ ;]+)/u.exec(zone);
  const [which = '', type = '', fault = ''] = asText(dns['fault']).split(':');
  return (_netns, question): DnsReply => {
    const { name } = question;
    if (fails !== null) return { kind: 'answer', rcode: name === fails[1] ? 'SERVFAIL' : 'NXDOMAIN', answers: [] };
    const suffix = name.includes('.x.') ? 'x' : name.includes('.y.') ? 'y' : 'plain';
    const hit = suffix === which && (type === question.type || (type !== 'A' && type !== 'AAAA'));
    if (hit && fault.startsWith('serv')) return { kind: 'answer', rcode: 'SERVFAIL', answers: [] };
    if (hit && fault.startsWith('timeout')) return { kind: 'silent' };
    if (hit && fault !== '') return { kind: 'error', errno: 'ECONNREFUSED' };
    if (name !== has?.[1]) return { kind: 'answer', rcode: 'NXDOMAIN', answers: [] };
    const addresses = [has[2] ?? '', has[3] ?? ''].map((text) => parseAddress(text)).filter((a) => a !== undefined);
    const data = addresses.filter((a) => (a.family === 'inet') === (question.type === 'A')).map((a) => formatAddress(a.bytes));
    return { kind: 'answer', rcode: 'NOERROR', answers: data.map((text) => ({ name, type: question.type, data: text })) };
  };
}
