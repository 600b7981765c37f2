/**
 * dnsmasq as a server of the node: on its loopback address, or on a bridge for containers.
 *
 *   1  its own hosts files (the ones of its view, whoever asks), host-record; cname, with what it has itself of the target
 *   2  address=/NAME/…                              the longest name that covers the question
 *   3  server=/NAME/…, local=/NAME/                 that server, or nobody
 *   4  domain-needed, and no dot in the name        NXDOMAIN
 *   5  server=… and the servers of resolv-file      any that answers; its own addresses are passed over
 *
 * Nobody to ask is REFUSED. A name that its own data has for the other family alone is asked for, and NXDOMAIN becomes "no data".
 * Source: dnsmasq(8), src/rfc1035.c answer_request, src/forward.c, src/domain-match.c at 2.80 to 2.90. Run: 2.90.
 * Not modelled: local-service towards other network namespaces (the question is asked on the wire), its cache, names of leases, servers told over the message bus, DNSSEC, --localise-queries, auth zones.
 */
import { valueOf } from '../../facts/fact.ts';
import type { NetnsId } from '../../facts/fact.ts';
import type { DaemonFacts, DnsQuestion, FileContent, ViewFacts } from '../../facts/node-facts.ts';
import { formatAddress, normalAddress, parseAddress, splitZone } from '../address/address.ts';
import { isUnspecified } from '../address/special.ts';
import { ownAddressesOf } from '../dial/route.ts';
import { openFile } from '../go/view-file.ts';
import { memoByIdentity } from '../memo.ts';
import { addressRecords, answerWith, forward, ofType, type Question, type ServerReply, type Upstream } from '../name-server.ts';
import type { Need, Step, World } from '../types.ts';
import { dnsmasqConfig, type DnsmasqConfig, type DnsmasqServer } from './config.ts';
import { dnsmasqSteps } from './steps.ts';

/** A silent server is given up for another after a while; clients have given up before. */
const TIMEOUT_MS = 5000;
const ARGS = 'process.dnsmasq.args';

/** The dnsmasq that the question goes to: it listens on the address in its own namespace. */
export function dnsmasqAt(world: World, asking: NetnsId, { server, port = 53 }: DnsQuestion): DaemonFacts | undefined {
  return world.node.daemons.find((daemon) => {
    const view = daemon.kind === 'dnsmasq' ? world.view(daemon.view) : undefined;
    const netns = view === undefined ? undefined : world.netns(view.netns);
    if (view === undefined || netns === undefined) return false;
    const loopback = server.startsWith('127.') || server === '::1';
    if (loopback ? view.netns !== asking : ownAddressesOf(netns)?.some(({ text }) => text === server) !== true) return false;
    const listeners = valueOf(netns.listeners);
    // Without a list of listeners nobody knows which of several servers is meant.
    return listeners?.some(
      (l) =>
        l.protocol === 'udp' &&
        l.port === port &&
        (l.address === server || isAny(l.address)) &&
        (l.program === undefined || l.program === 'dnsmasq'),
    );
  });
}

const isAny = (address: string): boolean => {
  const bytes = address === '*' ? undefined : parseAddress(splitZone(address).address)?.bytes;
  return address === '*' || (bytes !== undefined && isUnspecified(bytes));
};

/** undefined: it minds where a question comes from, and this one comes from elsewhere; only the wire tells. */
export function dnsmasqAnswer(world: World, daemon: DaemonFacts, question: Question, asking: NetnsId): ServerReply | undefined {
  const steps: Step[] = [];
  const view = world.view(daemon.view);
  const unknown = (...needs: readonly Need[]): ServerReply => ({ kind: 'cannot-tell', needs, steps });
  if (view === undefined) return unknown();
  const args = argsOf(world, daemon);
  if (args === undefined) return unknown();
  const config = dnsmasqConfig(view, args, daemon.configPath);
  if ('unknown' in config) return unknown({ kind: 'file', view: view.id, path: config.unknown });
  if (config.localService && asking !== view.netns) return undefined;
  return new Answer(world, view, config, steps).of(question);
}

/** Its command line; '' where none was seen, undefined where the one that was seen is another dnsmasq's. */
function argsOf(world: World, daemon: DaemonFacts): string | undefined {
  const fact = world.node.observations[ARGS];
  if (fact?.state !== 'known') return '';
  const pid = fact.source.kind === 'file' ? /^\/proc\/(\d{1,10})\//u.exec(fact.source.path)?.[1] : undefined;
  const isOther = pid !== undefined && daemon.pid !== undefined && Number(pid) !== daemon.pid;
  return isOther || typeof fact.value !== 'string' ? undefined : fact.value;
}

const ASK_OTHERS = {
  en: 'What does dnsmasq answer for {name}? It goes by {option} as well.',
  zh: 'dnsmasq 如何应答 {name}？它还使用 {option}。',
};

class Answer {
  readonly #world: World;
  readonly #view: ViewFacts;
  readonly #config: DnsmasqConfig;
  readonly #steps: Step[];
  constructor(world: World, view: ViewFacts, config: DnsmasqConfig, steps: Step[]) {
    this.#world = world;
    this.#view = view;
    this.#config = config;
    this.#steps = steps;
  }

  of(question: Question): ServerReply {
    const { name, type } = question;
    const own = this.#ownAddresses(name);
    if ('needs' in own) return { kind: 'cannot-tell', needs: own.needs, steps: this.#steps };
    const isKnown = own.addresses.length > 0;
    const isAddress = type === 'A' || type === 'AAAA';
    const target = isAddress ? this.#config.cnames.get(name) : undefined;
    if (target !== undefined) return this.#alias(question, target);
    const fitting = ofType(type, own.addresses);
    if (isAddress && fitting.length > 0) {
      this.#say(own.path === undefined ? 'configured' : 'inHosts', { name, path: own.path ?? '', addresses: fitting.join(', ') });
      return this.#done('NOERROR', question, fitting);
    }
    const set = isAddress && this.#config.unread?.startsWith('conf-dir') !== true ? longest(this.#config.addresses, name) : [];
    return set.length > 0 ? this.#configured(question, set, isKnown) : this.#withoutFiltered(question, this.#forwarded(question, isKnown));
  }

  /** What the target has in dnsmasq's own data comes along; nobody is asked for it. */
  #alias(question: Question, target: string): ServerReply {
    const { name, type } = question;
    this.#say('alias', { name, to: target });
    const own = this.#ownAddresses(target);
    if ('needs' in own) return { kind: 'cannot-tell', needs: own.needs, steps: this.#steps };
    const records = addressRecords(target, type, ofType(type, own.addresses));
    return { kind: 'reply', reply: answerWith('NOERROR', [{ name, type: 'CNAME', data: target }, ...records], true), steps: this.#steps };
  }

  /** filter-A and filter-AAAA take records out of what servers answer, never out of its own data. */
  #withoutFiltered({ type }: Question, answer: ServerReply): ServerReply {
    const option =
      type === 'A' && this.#config.filterA ? 'filter-A' : type === 'AAAA' && this.#config.filterAaaa ? 'filter-AAAA' : undefined;
    if (option === undefined || answer.kind !== 'reply' || answer.reply.kind !== 'answer') return answer;
    this.#say('filtered', { type, option });
    return { ...answer, reply: { ...answer.reply, answers: answer.reply.answers.filter((record) => record.type !== type) } };
  }

  #say(kind: keyof typeof dnsmasqSteps, values: Readonly<Record<string, string>>): void {
    this.#steps.push({ kind: dnsmasqSteps[kind], values });
  }

  #done(rcode: string, { name, type }: Question, addresses: readonly string[]): ServerReply {
    return { kind: 'reply', reply: answerWith(rcode, addressRecords(name, type, addresses), true), steps: this.#steps };
  }

  /** address=/NAME/ADDRESS. '#' stands for 0.0.0.0 and ::. */
  #configured(question: Question, set: DnsmasqConfig['addresses'], isKnown: boolean): ServerReply {
    const { name, type } = question;
    const addresses = set.flatMap(({ address }) => (address === undefined ? [] : address === '#' ? ['0.0.0.0', '::'] : [address]));
    this.#say('configured', { name, addresses: addresses.join(', ') || 'NXDOMAIN' });
    if (addresses.length === 0) return this.#done(isKnown ? 'NOERROR' : 'NXDOMAIN', question, []);
    return this.#done('NOERROR', question, ofType(type, addresses));
  }

  /** Addresses of the name in hosts files and host-record lines. */
  #ownAddresses(name: string): { readonly addresses: readonly string[]; readonly path?: string } | { readonly needs: readonly Need[] } {
    const { noHosts, addnHosts, expandHosts, domain } = this.#config;
    const record = this.#config.hostRecords.get(name);
    if (record !== undefined) return { addresses: record };
    const short = expandHosts && domain !== undefined && name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : undefined;
    for (const path of [...(noHosts ? [] : ['/etc/hosts']), ...addnHosts]) {
      const file = openFile(this.#view, path);
      if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: this.#view.id, path }] };
      if (file.kind !== 'content') continue;
      const byName = hostsOf(file.content);
      const found = byName.get(name) ?? (short === undefined || short.includes('.') ? undefined : byName.get(short));
      if (found !== undefined) return { addresses: found, path };
    }
    return { addresses: [] };
  }

  #forwarded(question: Question, isKnown: boolean): ServerReply {
    const { name, type } = question;
    const config = this.#config;
    const plain = !name.includes('.');
    const unread = config.unread ?? (config.leases && (plain || name.endsWith(`.${config.domain ?? 'lan'}`)) ? 'dhcp-range' : undefined);
    if (unread !== undefined && !isKnown) {
      const values = { name, option: unread };
      return { kind: 'cannot-tell', needs: [{ kind: 'ask', what: ASK_OTHERS, command: `dig ${name}`, values }], steps: this.#steps };
    }
    const special = longest(config.byDomain, name);
    const because =
      special.length > 0
        ? 'local, server'
        : config.domainNeeded && plain && (type === 'A' || type === 'AAAA')
          ? 'domain-needed'
          : undefined;
    const told = special.flatMap(({ server }) => server ?? []);
    if (because !== undefined && told.length === 0) {
      this.#say('localOnly', { name, because });
      return this.#done(isKnown ? 'NOERROR' : 'NXDOMAIN', question, []);
    }
    const upstreams = told.length > 0 ? told.map((server) => this.#upstream(server)) : this.#usualServers();
    if ('needs' in upstreams) return { kind: 'cannot-tell', needs: upstreams.needs, steps: this.#steps };
    if (upstreams.length === 0) {
      this.#say('noServers', { name, path: config.noResolv ? 'no-resolv' : config.resolvFile });
      return { kind: 'reply', reply: answerWith('REFUSED', []), steps: this.#steps };
    }
    this.#say('forwards', { name, servers: upstreams.map((u) => u.server).join(', ') });
    const got = forward(this.#world, upstreams, question, ({ rcode }) => rcode !== 'SERVFAIL' && rcode !== 'REFUSED', TIMEOUT_MS);
    if (got.kind === 'unknown') return { kind: 'cannot-tell', needs: got.needs, steps: this.#steps };
    if (got.kind !== 'reply') return { kind: 'reply', reply: { kind: 'silent' }, steps: this.#steps };
    const { reply } = got;
    const softened = isKnown && reply.kind === 'answer' && reply.rcode === 'NXDOMAIN' ? { ...reply, rcode: 'NOERROR' } : reply;
    return { kind: 'reply', reply: softened, steps: this.#steps };
  }

  #upstream({ address, port }: DnsmasqServer): Upstream {
    return { server: address, netns: this.#view.netns, ...(port === undefined ? {} : { port }) };
  }

  /** server=… and the nameserver lines of resolv-file; an address on which it listens itself is passed over. */
  #usualServers(): readonly Upstream[] | { readonly needs: readonly Need[] } {
    const upstreams = this.#config.servers.map((server) => this.#upstream(server));
    if (this.#config.noResolv) return upstreams;
    const path = this.#config.resolvFile;
    const file = openFile(this.#view, path);
    if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: this.#view.id, path }] };
    const text = file.kind === 'content' ? file.content.text : '';
    for (const match of text.matchAll(/^[ \t]*nameserver[ \t]+([^ \t\r\n]{1,60})/gmu)) {
      const server = match[1] ?? '';
      if (parseAddress(splitZone(server).address) === undefined || this.#isItself(server)) continue;
      upstreams.push({ server, netns: this.#view.netns });
    }
    return upstreams;
  }

  #isItself(server: string): boolean {
    return dnsmasqAt(this.#world, this.#view.netns, { server, name: '', type: 'A', transport: 'udp' })?.view === this.#view.id;
  }
}

/** The entries whose name covers the question and is the longest; '#' covers everything, '' names without a dot. */
function longest<T extends { readonly domain: string }>(entries: readonly T[], name: string): readonly T[] {
  const covers = ({ domain }: T): boolean =>
    domain === '#' || (domain === '' ? !name.includes('.') : name === domain || name.endsWith(`.${domain}`));
  const rank = ({ domain }: T): number => (domain === '#' ? 0 : domain.length + 1);
  const found = entries.filter(covers);
  const most = Math.max(...found.map(rank));
  return found.filter((entry) => rank(entry) === most);
}

/** Names in lower case, without final dot. */
const hostsOf = memoByIdentity((file: FileContent): ReadonlyMap<string, readonly string[]> => {
  const byName = new Map<string, readonly string[]>();
  for (const line of file.text.split('\n')) {
    const [first = '', ...names] = (line.split('#')[0] ?? '').split(/[ \t\r]+/u).filter((word) => word !== '');
    const address = normalAddress(splitZone(first).address);
    if (address === undefined) continue;
    for (const name of names) {
      const key = name.toLowerCase().replace(/\.$/u, '');
      const before = byName.get(key) ?? [];
      if (!before.includes(address)) byName.set(key, [...before, formatAddress(parseAddress(address)?.bytes ?? new Uint8Array(4))]);
    }
  }
  return byName;
});
