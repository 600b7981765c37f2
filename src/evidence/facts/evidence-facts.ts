/**
 * Collects facts while pieces are read, and makes NodeFacts of them. What nobody showed stays unobserved. The first account of a fact
 * counts; a later one that differs is named among the problems, since one of the two is about another time or another node.
 */
import {
  absent,
  known,
  NOT_COLLECTED,
  type Fact,
  type NetnsId,
  type Source,
  type UnobservedReason,
  type ViewId,
} from '../../facts/fact.ts';
import type {
  DaemonFacts,
  DialObservation,
  DnsObservation,
  Family,
  FileContent,
  Interface,
  Libc,
  Listener,
  LogFacts,
  Mount,
  NetnsFacts,
  NodeFacts,
  ObservationValue,
  PolicyRule,
  Problem,
  ProductFacts,
  ProgramFacts,
  ProgramRun,
  RejectRule,
  Route,
  ServiceSocket,
  ViewFacts,
} from '../../facts/node-facts.ts';
import { onHostNetwork } from '../pieces/components.ts';
import { viewIdOf, type Where } from '../pieces/piece.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Files = Record<string, Fact<FileContent>>;

export interface ViewDraft extends Mutable<Omit<ViewFacts, 'files' | 'programs' | 'names'>> {
  names: string[];
  files: Files;
  programs: Record<string, Fact<ProgramFacts>>;
}

export interface NetnsDraft {
  readonly id: NetnsId;
  /** By name, with the families that were looked at. */
  readonly interfaces: Map<string, { value: Interface; readonly families: Set<Family> }>;
  interfacesSource: Source | undefined;
  readonly routes: Route[];
  readonly routeFamilies: Set<Family>;
  routesSource: Source | undefined;
  readonly rules: PolicyRule[];
  rulesSource: Source | undefined;
  ipv6Socket: Fact<boolean>;
  readonly disableIpv6: Record<string, Fact<boolean>>;
  readonly listeners: Listener[];
  listenersSource: Source | undefined;
  readonly rejects: RejectRule[];
  rejectsSource: Source | undefined;
  readonly sysctls: Record<string, Fact<string>>;
}

const newNetns = (id: NetnsId): NetnsDraft => ({
  id,
  interfaces: new Map(),
  interfacesSource: undefined,
  routes: [],
  routeFamilies: new Set(),
  routesSource: undefined,
  rules: [],
  rulesSource: undefined,
  ipv6Socket: NOT_COLLECTED,
  disableIpv6: {},
  listeners: [],
  listenersSource: undefined,
  rejects: [],
  rejectsSource: undefined,
  sysctls: {},
});

export class EvidenceFacts {
  readonly #views = new Map<ViewId, ViewDraft>();
  readonly #netns = new Map<NetnsId, NetnsDraft>();
  readonly #observations = new Map<string, Fact<ObservationValue>>();
  readonly #problems: Problem[] = [];
  readonly products: ProductFacts[] = [];
  readonly daemons: DaemonFacts[] = [];
  readonly dns: DnsObservation[] = [];
  /** Answers that do not say which server gave them: the one of that place's resolv.conf. */
  readonly dnsOfOwnServer: (Omit<DnsObservation, 'question'> & {
    readonly where: Where;
    readonly question: Omit<DnsObservation['question'], 'server'>;
  })[] = [];
  readonly runs: ProgramRun[] = [];
  readonly dials: DialObservation[] = [];
  readonly logs: LogFacts[] = [];
  hostname: Fact<string> = NOT_COLLECTED;
  kernelRelease: Fact<string> = NOT_COLLECTED;
  bootParameters: Fact<string> = NOT_COLLECTED;
  osRelease: Fact<Readonly<Record<string, string>>> = NOT_COLLECTED;
  #hostSeen = false;

  /** The view a piece speaks of. Facts of another machine go to a view that is not kept. */
  view(where: Where): ViewDraft {
    const id = viewIdOf(where);
    let view = this.#views.get(id);
    if (view === undefined) {
      const name = where.name ?? 'host';
      const isHost = where.kind === 'host';
      view = {
        id,
        kind: isHost ? 'host' : 'container',
        names: [name],
        netns: isHost || onHostNetwork.has(name) ? 'host' : `net:${name}`,
        hostname: NOT_COLLECTED,
        files: {},
        mounts: NOT_COLLECTED,
        sockets: NOT_COLLECTED,
        libc: NOT_COLLECTED,
        nssModules: NOT_COLLECTED,
        env: NOT_COLLECTED,
        programs: {},
      };
      this.#views.set(id, view);
    }
    if (where.kind === 'host') this.#hostSeen = true;
    return view;
  }

  /** The view of a container that evidence names, for facts beyond a piece's own. */
  container(name: string): ViewDraft {
    return this.view({ kind: 'container', name });
  }

  netns(where: Where): NetnsDraft {
    const id = where.kind === 'elsewhere' ? `elsewhere:${where.name ?? ''}` : this.view(where).netns;
    let netns = this.#netns.get(id);
    if (netns === undefined) {
      netns = newNetns(id);
      this.#netns.set(id, netns);
    }
    return netns;
  }

  /** A whole file of a view. */
  file(where: Where, path: string, text: string, source: Source, more: Partial<FileContent> = {}): void {
    const files = this.view(where).files;
    const before = files[path];
    if (before?.state === 'known' && before.value.text !== text) {
      this.problem(source, 'malformed', `another text of ${path} was given before; the first one counts`);
      return;
    }
    if (before?.state !== 'known') files[path] = known({ text, encoding: 'utf8', ...more }, source);
  }

  /** Somebody looked for the file and it is not there. */
  noFile(where: Where, path: string, source: Source): void {
    const files = this.view(where).files;
    files[path] ??= absent(source);
  }

  /** True when the observation counts (none was there, or an equal one). A command's output outweighs a statement. */
  observe(key: string, value: ObservationValue, source: Source, where?: Where): boolean {
    if (where?.kind === 'elsewhere') return false;
    const before = this.#observations.get(key);
    if (before?.state === 'known') {
      if (JSON.stringify(before.value) === JSON.stringify(value)) return true;
      if (!(before.source.kind === 'statement' && source.kind !== 'statement')) return false;
    }
    this.#observations.set(key, known(value, source));
    return true;
  }

  /** Adds words to an observation that is a list. */
  observeMore(key: string, words: readonly string[], source: Source): void {
    const before = this.#observations.get(key);
    const old =
      before?.state === 'known' && Array.isArray(before.value) ? before.value.filter((v): v is string => typeof v === 'string') : [];
    const all = [...new Set([...old, ...words])];
    this.#observations.set(key, known(all, before?.state === 'known' ? before.source : source));
  }

  observation(key: string): ObservationValue | undefined {
    const fact = this.#observations.get(key);
    return fact?.state === 'known' ? fact.value : undefined;
  }

  /** Where an observation comes from. */
  sourceOf(key: string): Source | undefined {
    const fact = this.#observations.get(key);
    return fact?.state === 'known' ? fact.source : undefined;
  }

  product(name: ProductFacts['name'], source: Source, version?: string): void {
    const before = this.products.findIndex((p) => p.name === name);
    if (before < 0) this.products.push({ name, source, ...(version === undefined ? {} : { version }) });
    else if (version !== undefined && this.products[before]?.version === undefined) this.products[before] = { name, version, source };
  }

  problem(source: Source, reason: UnobservedReason, detail?: string): void {
    if (this.#problems.length < 1000) this.#problems.push({ source, reason, ...(detail === undefined ? {} : { detail }) });
  }

  setLibc(where: Where, libc: Libc, source: Source): void {
    const view = this.view(where);
    if (
      view.libc.state !== 'known' ||
      (view.libc.value.version === undefined && libc.version !== undefined && view.libc.value.kind === libc.kind)
    )
      view.libc = known(libc, source);
  }

  setEnv(where: Where, variables: Readonly<Record<string, string>>, source: Source): void {
    const view = this.view(where);
    const before = view.env.state === 'known' ? view.env.value : {};
    view.env = known({ ...variables, ...before }, source);
  }

  setProgram(where: Where, name: string, facts: Partial<ProgramFacts>, source: Source): void {
    const programs = this.view(where).programs;
    const before = programs[name];
    programs[name] = known(
      { name, installed: true, ...facts, ...(before?.state === 'known' ? before.value : {}) },
      before?.state === 'known' ? before.source : source,
    );
  }

  setSockets(where: Where, sockets: readonly ServiceSocket[], source: Source): void {
    const view = this.view(where);
    const before = view.sockets.state === 'known' ? view.sockets.value : [];
    const paths = new Set(sockets.map((s) => s.path));
    view.sockets = known([...before.filter((s) => !paths.has(s.path)), ...sockets], source);
  }

  setMounts(where: Where, mounts: readonly Mount[], source: Source): void {
    const view = this.view(where);
    if (view.mounts.state !== 'known') view.mounts = known(mounts, source);
  }

  /** Addresses of an interface, as one command showed them; `families` says which kinds it would have shown. */
  addInterface(where: Where, value: Interface, families: readonly Family[], source: Source): void {
    const netns = this.netns(where);
    netns.interfacesSource ??= source;
    const before = netns.interfaces.get(value.name);
    if (before === undefined) {
      netns.interfaces.set(value.name, { value, families: new Set(families) });
      return;
    }
    const added = value.addresses.filter((a) => !before.families.has(a.family));
    before.value = { ...value, ...before.value, addresses: [...before.value.addresses, ...added] };
    for (const f of families) before.families.add(f);
  }

  addRoutes(where: Where, routes: readonly Route[], families: readonly Family[], source: Source): void {
    const netns = this.netns(where);
    netns.routesSource ??= source;
    const seen = new Set(netns.routes.map((r) => JSON.stringify(r)));
    netns.routes.push(...routes.filter((r) => !seen.has(JSON.stringify(r))));
    for (const f of families) netns.routeFamilies.add(f);
    if (where.kind === 'host') this.observeMore('routes.families', families, source);
  }

  addListeners(where: Where, listeners: readonly Listener[], source: Source): void {
    const netns = this.netns(where);
    netns.listenersSource ??= source;
    const key = (l: Listener): string => `${l.protocol} ${l.family} ${l.address} ${l.port}`;
    const have = new Map(netns.listeners.map((l, i) => [key(l), i]));
    for (const l of listeners) {
      const at = have.get(key(l));
      if (at === undefined) {
        have.set(key(l), netns.listeners.length);
        netns.listeners.push(l);
      } else if (netns.listeners[at]?.program === undefined && l.program !== undefined) netns.listeners[at] = l;
    }
  }

  setSysctl(where: Where, name: string, value: string, source: Source): void {
    const netns = this.netns(where);
    const fact = known(value, source);
    const ipv6 = /^net\.ipv6\.conf\.(.+)\.disable_ipv6$/u.exec(name)?.[1];
    if (ipv6 !== undefined && (value === '0' || value === '1')) netns.disableIpv6[ipv6] ??= known(value === '1', source);
    else netns.sysctls[name] ??= fact;
    if (name.startsWith('net.ipv6.') && netns.ipv6Socket.state !== 'known') netns.ipv6Socket = known(true, source);
    if (where.kind === 'host') this.observe(`sysctl.${name}`, value, source);
  }

  /** Facts in their final form. */
  finish(): NodeFacts {
    const views = [...this.#views.values()].filter((v) => !v.id.startsWith('elsewhere:'));
    const ids = new Set([...views.map((v) => v.netns), ...this.#netns.keys()].filter((id) => !id.startsWith('elsewhere:')));
    if (this.#hostSeen) ids.add('host');
    views.sort((a, b) => Number(b.kind === 'host') - Number(a.kind === 'host'));
    return {
      hostname: this.hostname,
      kernelRelease: this.kernelRelease,
      bootParameters: this.bootParameters,
      osRelease: this.osRelease,
      products: this.products,
      netns: [...ids].map((id) => finishNetns(this.#netns.get(id) ?? newNetns(id))),
      views,
      daemons: this.daemons,
      dns: this.dns,
      runs: this.runs,
      dials: this.dials,
      logs: this.logs,
      observations: Object.fromEntries(this.#observations),
      problems: this.#problems,
    };
  }
}

const LOOPBACK_V4 = { family: 'inet', address: '127.0.0.1', prefixLength: 8 } as const;

function finishNetns(n: NetnsDraft): NetnsFacts {
  const shown: Interface[] = [];
  for (const { value, families } of n.interfaces.values()) {
    // Without the IPv6 half nothing can be said of ::1, and "no address seen" must not be read as "no address there".
    if (!families.has('inet6')) continue;
    const lacksV4 = !families.has('inet') && value.loopback;
    // A listing of IPv6 alone says nothing of 127.0.0.1, which every started lo has.
    shown.push(lacksV4 ? { ...value, addresses: [LOOPBACK_V4, ...value.addresses] } : value);
  }
  const fact = <T>(value: T, source: Source | undefined): Fact<T> => (source === undefined ? NOT_COLLECTED : known(value, source));
  return {
    id: n.id,
    interfaces: fact(shown, shown.length === 0 && n.interfaces.size > 0 ? undefined : n.interfacesSource),
    routes: fact(n.routes, n.routesSource),
    rules: fact(n.rules, n.rulesSource),
    ipv6Socket: n.ipv6Socket,
    disableIpv6: n.disableIpv6,
    listeners: fact(n.listeners, n.listenersSource),
    rejects: fact(n.rejects, n.rejectsSource),
    sysctls: n.sysctls,
  };
}
