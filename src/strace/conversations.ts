/**
 * Follows descriptors through a trace and keeps who was asked what. Bounded: numbers of look-ups, events, descriptors and processes.
 */
import type { Call } from './call.ts';
import type { AssembledEvent } from './assemble-calls.ts';
import {
  dataIn,
  descriptorOf,
  labelOf,
  literalsIn,
  socketAddressOf,
  splitArguments,
  textOf,
  type Shown,
  type SocketAddress,
} from './arguments.ts';
import { readDnsMessage, withoutLength } from './dns-wire.ts';
import { LookupBuilder } from './lookup-builder.ts';
import {
  isHostsRequest,
  joined,
  readNscdAddresses,
  readNscdReply,
  readNscdRequest,
  type NscdRequestType,
  type TracedNscdReply,
} from './nscd-wire.ts';
import type { NamedService, Place, TracedDial, TraceHint } from './trace.ts';
import { WaitKeeper } from './waits.ts';

/** What a descriptor is connected to or opened on. */
type Peer =
  | { readonly kind: 'socket'; readonly datagram: boolean; readonly family: string }
  | {
      readonly kind: 'service';
      readonly service: NamedService;
      readonly path: string;
      request?: NscdRequestType;
      reply?: TracedNscdReply | undefined;
    }
  | { readonly kind: 'dns'; readonly server: string; readonly transport: 'udp' | 'tcp' }
  | { readonly kind: 'dial'; readonly dial: { -readonly [K in keyof TracedDial]: TracedDial[K] } }
  | { readonly kind: 'file'; readonly path: string; readonly place: Place; content: string; cut: boolean; told: boolean };

type Descriptors = Map<number, Peer>;

const MOST_DESCRIPTORS = 2000;
const MOST_PROCESSES = 20_000;
const MOST_DIALS = 1000;
const MOST_PRINTED = 20;

const SERVICES: readonly (readonly [RegExp, NamedService])[] = [
  [/\/nscd\/socket$/u, 'nscd'],
  [/^\/var\/lib\/sss\/pipes\//u, 'sssd'],
  [/\/systemd\/resolve\/|io\.systemd\.Resolve$/u, 'resolved'],
  [/\/avahi-daemon\/socket$/u, 'avahi'],
  [/\/systemd\/(?:machines|userdb)\/|io\.systemd\.Machine$/u, 'machined'],
  [/\/dbus\/system_bus_socket$/u, 'dbus'],
];

/** Files that decide how names are looked up. */
const NAME_FILES = /^\/etc\/(?:hosts|resolv\.conf|nsswitch\.conf|host\.conf|gai\.conf)$|^\/run\/systemd\/resolve\/(?:stub-)?resolv\.conf$/u;
/** A cache socket that is asked before one of these was asked for something else. */
const OTHER_DATABASES = /^\/etc\/(?:passwd|group|shadow|services|protocols|networks|netgroup)$/u;

const RECEIVES = new Set(['read', 'readv', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg']);
const SENDS = new Set(['write', 'writev', 'send', 'sendto', 'sendmsg', 'sendmmsg']);

const text8 = (shown: readonly Shown[]): string => shown.map(textOf).join('');

export class Conversations {
  readonly lookups = new LookupBuilder();
  readonly dials: TracedDial[] = [];
  readonly printed: { place: Place; text: string }[] = [];
  readonly waits = new WaitKeeper();
  argv: readonly string[] | undefined;
  exit: { place: Place; status?: number; signal?: string } | undefined;
  stack: 'glibc' | 'musl' | 'go' | undefined;
  dropped = 0;
  calls = 0;
  /** Of what is fed next, where there are several (-ff). */
  file: string | undefined;
  readonly #tables = new Map<number | undefined, Descriptors>();
  #parent: number | undefined;
  #cloneFlags = '';
  #unended = false;
  #threads = 0;
  readonly #pids = new Set<number | undefined>();
  #asksDns = false;
  #hasQuestion = false;

  feed(event: AssembledEvent): void {
    if (event.kind === 'call') this.call(event.call);
    else if (event.kind === 'begun' && /^(?:clone3?|v?fork)$/u.test(event.name)) this.#cloning(event.pid, event.args);
    else if (event.kind === 'exit') {
      this.#tables.delete(event.pid);
      // The last one to end is the one that everybody waited for.
      this.exit = {
        place: this.#place(event.line, event.line, event.text),
        ...(event.status === undefined ? {} : { status: event.status }),
        ...(event.signal === undefined ? {} : { signal: event.signal }),
      };
    }
  }

  /** For lines that need no reading (skim.ts): a call that concerns nobody. */
  skipped(): void {
    this.calls += 1;
  }

  isKnown(pid: number | undefined): boolean {
    return this.#tables.has(pid);
  }

  hasDescriptor(pid: number | undefined, fd: number): boolean {
    return this.#tables.get(pid)?.has(fd) === true;
  }

  /** Files that were never closed were read all the same. */
  end(): void {
    for (const [pid, table] of this.#tables) for (const peer of table.values()) if (peer.kind === 'file') this.#tellFile(peer, pid);
  }

  #place(line: number, endLine: number, text: string): Place {
    return {
      ...(this.file === undefined ? {} : { file: this.file }),
      line,
      ...(endLine === line ? {} : { endLine }),
      text: text.length > 400 ? `${text.slice(0, 400)}…` : text,
    };
  }

  #cloning(pid: number | undefined, args: string): void {
    this.#parent = pid;
    this.#cloneFlags = args;
  }

  /** Threads share descriptors; a forked process has a copy; a process that nobody was seen to make shares those of the first. */
  #table(pid: number | undefined): Descriptors {
    const own = this.#tables.get(pid);
    if (own !== undefined) return own;
    const [first] = this.#tables.values();
    const parent = this.#tables.get(this.#parent) ?? first;
    const made: Descriptors =
      parent === undefined
        ? new Map<number, Peer>()
        : this.#cloneFlags === '' || this.#cloneFlags.includes('CLONE_FILES')
          ? parent
          : new Map(parent);
    if (this.#tables.size >= MOST_PROCESSES) this.#tables.delete(this.#tables.keys().next().value);
    this.#tables.set(pid, made);
    return made;
  }

  /** Go moves a look-up from thread to thread: there, what the threads do is one thing. */
  #owner(pid: number | undefined): number | undefined {
    return this.stack === 'go' ? undefined : pid;
  }

  /** Why less is shown than happened. */
  get hints(): readonly TraceHint[] {
    return [
      ...(this.#threads > 0 && this.#pids.size < 2 ? (['threads'] as const) : []),
      ...(this.#asksDns && !this.#hasQuestion ? (['calls'] as const) : []),
    ];
  }

  call(call: Call): void {
    this.calls += 1;
    if (this.#pids.size < 2) this.#pids.add(call.pid);
    const place = (): Place => this.#place(call.line, call.endLine, call.text);
    const table = this.#table(call.pid);
    const args = INTERESTING.has(call.name) ? splitArguments(call.args) : [];
    this.waits.note(call, place, () => this.#whoIsWaitedFor(call, args, table));
    switch (call.name) {
      case 'execve':
        this.#execute(call, args);
        return;
      case 'clone':
      case 'clone3':
      case 'fork':
      case 'vfork':
        if (call.args.includes('CLONE_THREAD') && (call.result ?? 0) > 0) this.#threads += 1;
        this.#cloning(call.pid, call.args);
        return;
      case 'socket':
        if (call.result !== undefined && call.result >= 0)
          this.#put(table, call.result, { kind: 'socket', datagram: call.args.includes('SOCK_DGRAM'), family: args[0] ?? '' });
        return;
      case 'connect':
        this.#connect(call, args, table, place());
        return;
      case 'getsockopt':
        this.#socketError(call, args, table);
        return;
      case 'open':
      case 'openat':
      case 'openat2':
        this.#open(call, args, table, place());
        return;
      case 'dup':
      case 'dup2':
      case 'dup3': {
        const old = table.get(descriptorOf(args[0]) ?? -1);
        if (old !== undefined && call.result !== undefined && call.result >= 0) this.#put(table, call.result, old);
        return;
      }
      case 'close': {
        const fd = descriptorOf(args[0]);
        const peer = fd === undefined ? undefined : table.get(fd);
        if (peer?.kind === 'file') this.#tellFile(peer, call.pid);
        if (fd !== undefined) table.delete(fd);
        return;
      }
      case 'poll':
      case 'ppoll':
      case 'select':
      case 'pselect6':
        this.#polled(call, args, table, place());
        return;
      case 'exit_group':
        return;
      default:
        if (SENDS.has(call.name)) this.#sent(call, args, table, place());
        else if (RECEIVES.has(call.name)) this.#received(call, args, table, place());
    }
  }

  #put(table: Descriptors, fd: number, peer: Peer): void {
    if (table.size >= MOST_DESCRIPTORS && !table.has(fd)) table.delete(table.keys().next().value ?? -1);
    table.set(fd, peer);
  }

  #execute(call: Call, args: readonly string[]): void {
    if (call.result !== 0) return;
    const argv = literalsIn(args[1] ?? '').map(textOf);
    // Wrappers that only start something else are not what was traced.
    if (this.argv === undefined || /(?:^|\/)(?:env|sh|bash|dash|timeout|nsenter|chroot|sudo|busybox)$/u.test(this.argv[0] ?? '')) {
      if (argv.length > 0) this.argv = argv;
      this.lookups.words = argv;
    }
    this.stack = undefined;
  }

  #connect(call: Call, args: readonly string[], table: Descriptors, place: Place): void {
    const fd = descriptorOf(args[0]);
    const to = socketAddressOf(args[1]);
    if (fd === undefined || to === undefined) return;
    const failed = call.result !== 0 && call.errno !== 'EINPROGRESS' && call.errno !== 'EALREADY';
    if (to.family === 'unix') {
      const service = SERVICES.find(([path]) => path.test(to.path))?.[1];
      if (service === undefined) return;
      this.lookups.socket(this.#owner(call.pid), {
        event: 'socket',
        service,
        path: to.path,
        ...(failed && call.errno !== undefined ? { errno: call.errno } : {}),
        place,
        ...withPid(call),
      });
      if (!failed) this.#put(table, fd, { kind: 'service', service, path: to.path });
      return;
    }
    const socket = table.get(fd);
    const datagram = socket?.kind === 'socket' ? socket.datagram : (labelOf(args[0]) ?? '').startsWith('UDP') || socket?.kind === 'dns';
    if (isDns(to)) {
      this.#asksDns = true;
      if (failed)
        this.lookups.add(this.#owner(call.pid), {
          event: 'no-answer',
          server: to.address,
          ...(call.errno === undefined ? {} : { errno: call.errno }),
          place,
          ...withPid(call),
        });
      else this.#put(table, fd, { kind: 'dns', server: to.address, transport: datagram ? 'udp' : 'tcp' });
      return;
    }
    // A datagram socket is connected without sending to learn the source address: that is how getaddrinfo sorts (RFC 6724).
    if (datagram || to.port === 0) {
      this.lookups.sorted(this.#owner(call.pid), to.address);
      return;
    }
    const dial = {
      place,
      ...withPid(call),
      address: to.address,
      port: to.port,
      result: call.result === 0 ? 'OK' : failed ? (call.errno ?? 'unfinished') : 'unfinished',
      ...(call.ms === undefined ? {} : { ms: call.ms }),
      ...(call.at === undefined ? {} : { at: call.at }),
    };
    this.lookups.sorted(this.#owner(call.pid), to.address);
    this.lookups.finish(this.#owner(call.pid));
    if (this.dials.length >= MOST_DIALS) this.dropped += 1;
    else this.dials.push(dial);
    this.#put(table, fd, { kind: 'dial', dial });
  }

  /** A connection that was begun without waiting: its outcome is read from the socket later. */
  #socketError(call: Call, args: readonly string[], table: Descriptors): void {
    if (args[2] !== 'SO_ERROR') return;
    const peer = table.get(descriptorOf(args[0]) ?? -1);
    if (peer?.kind !== 'dial' || peer.dial.result !== 'unfinished') return;
    const value = /^\[(\d{1,4}|E[A-Z0-9]{2,20})\]/u.exec(args[3] ?? '')?.[1];
    if (value === undefined) return;
    if (call.at !== undefined && peer.dial.at !== undefined) peer.dial.ms = call.at - peer.dial.at;
    peer.dial.result = value === '0' ? 'OK' : (ERRNO_NUMBERS[Number(value)] ?? value);
  }

  #open(call: Call, args: readonly string[], table: Descriptors, place: Place): void {
    const [path] = call.name === 'open' ? literalsIn(args[0] ?? '') : literalsIn(args[1] ?? '');
    if (path === undefined) return;
    const name = textOf(path);
    if (name.endsWith('/libc.so.6') && call.errno === undefined) this.stack ??= 'glibc';
    else if (/\/ld-musl-[a-z0-9_]+(?:\.path|\.so\.1)$/u.test(name)) this.stack ??= 'musl';
    else if (name === '/sys/kernel/mm/transparent_hugepage/hpage_pmd_size') this.stack = 'go';
    if (OTHER_DATABASES.test(name)) this.lookups.otherDatabase(this.#owner(call.pid));
    if (!NAME_FILES.test(name)) return;
    if (call.result === undefined || call.result < 0) {
      this.lookups.add(this.#owner(call.pid), {
        event: 'file',
        path: name,
        ...(call.errno === undefined ? {} : { errno: call.errno }),
        place,
        ...withPid(call),
      });
      return;
    }
    this.#put(table, call.result, { kind: 'file', path: name, place, content: '', cut: false, told: false });
  }

  #tellFile(peer: Extract<Peer, { kind: 'file' }>, pid: number | undefined): void {
    if (peer.told) return;
    peer.told = true;
    this.lookups.add(this.#owner(pid), {
      event: 'file',
      path: peer.path,
      content: peer.content,
      cut: peer.cut,
      place: peer.place,
      ...(pid === undefined ? {} : { pid }),
    });
  }

  #polled(call: Call, args: readonly string[], table: Descriptors, place: Place): void {
    if (call.result !== 0) {
      this.#refused(call, table, place);
      return;
    }
    const timeout = timeoutOf(call.name, args);
    const ms = call.ms ?? timeout;
    if (ms === undefined || ms < 100) return;
    for (const fd of descriptorsIn(call.name, args)) {
      const peer = table.get(fd);
      if (peer?.kind === 'dns')
        this.lookups.add(this.#owner(call.pid), { event: 'no-answer', server: peer.server, ms, place, ...withPid(call) });
      else if (peer?.kind === 'service' && peer.service === 'nscd' && peer.request !== undefined) {
        this.lookups.add(this.#owner(call.pid), { event: 'cache-reply', type: peer.request, said: 'silent', ms, place, ...withPid(call) });
      }
    }
  }

  /** An error is waiting on a socket to a DNS server: nobody listens there, or it cannot be reached. */
  #refused(call: Call, table: Descriptors, place: Place): void {
    for (const [, fd = '', events = ''] of (call.note ?? '').matchAll(/\{fd=(\d{1,9}), revents=([A-Z|]{1,60})\}/gu)) {
      const peer = table.get(Number(fd));
      if (peer?.kind === 'dns' && peer.transport === 'udp' && events.includes('POLLERR') && !events.includes('POLLIN'))
        this.lookups.add(this.#owner(call.pid), { event: 'no-answer', server: peer.server, errno: 'POLLERR', place, ...withPid(call) });
    }
  }

  #whoIsWaitedFor(call: Call, args: readonly string[], table: Descriptors): string | undefined {
    const fds = POLLS.has(call.name) ? descriptorsIn(call.name, args) : [descriptorOf(args[0]) ?? -1];
    for (const fd of fds) {
      const peer = table.get(fd);
      if (peer?.kind === 'dns') return peer.server;
      if (peer?.kind === 'service') return peer.path;
      if (peer?.kind === 'dial')
        return `${peer.dial.address.includes(':') ? `[${peer.dial.address}]` : peer.dial.address}:${peer.dial.port}`;
    }
    return undefined;
  }

  #sent(call: Call, args: readonly string[], table: Descriptors, place: Place): void {
    const fd = descriptorOf(args[0]);
    if (fd === undefined) return;
    const data = dataIn(args[1] ?? '');
    if (fd === 2 && call.name.startsWith('write')) {
      this.#print(text8(data), place);
      return;
    }
    const peer = table.get(fd);
    if (peer?.kind === 'service' && peer.service === 'nscd') {
      this.#cacheRequest(call, data, peer, place);
      return;
    }
    const named =
      call.name === 'sendto'
        ? socketAddressOf(args[4])
        : call.name.startsWith('send')
          ? socketAddressOf(/msg_name=(\{[^}]*\})/u.exec(args[1] ?? '')?.[1])
          : undefined;
    const to = named !== undefined && isDns(named) ? named : undefined;
    const server = to !== undefined && to.family !== 'unix' ? to.address : peer?.kind === 'dns' ? peer.server : labelledDns(args[0]);
    if (server === undefined) {
      if (fd === 1 && call.name.startsWith('write')) this.#print(text8(data), place);
      return;
    }
    const transport = peer?.kind === 'dns' ? peer.transport : 'udp';
    if (peer === undefined || peer.kind === 'socket') this.#put(table, fd, { kind: 'dns', server, transport });
    if (call.result !== undefined && call.result < 0 && call.errno !== 'EAGAIN') {
      this.lookups.add(this.#owner(call.pid), {
        event: 'no-answer',
        server,
        ...(call.errno === undefined ? {} : { errno: call.errno }),
        place,
        ...withPid(call),
      });
      return;
    }
    const several = call.name === 'sendmmsg';
    const messages = several ? data.map((d) => d.bytes) : [joined(data)];
    const cuts = several ? data.map((d) => d.cut) : [data.some((d) => d.cut)];
    const sizes = several ? [...(args[1] ?? '').matchAll(/iov_len=(\d{1,5})/gu)].map((m) => Number(m[1])) : [call.result];
    messages.forEach((bytes, i) => {
      const message = readDnsMessage(transport === 'tcp' ? withoutLength(bytes) : bytes);
      if (message === undefined || message.response) return;
      this.#hasQuestion = true;
      this.lookups.question(
        this.#owner(call.pid),
        {
          event: 'question',
          server,
          name: message.name,
          ...(message.type === undefined ? {} : { type: message.type }),
          cut: message.nameCut || (cuts[i] === true && message.type === undefined),
          transport,
          id: message.id,
          place,
          ...withPid(call),
        },
        transport === 'udp' ? sizes[i] : undefined,
      );
    });
  }

  #cacheRequest(call: Call, data: readonly Shown[], peer: Extract<Peer, { kind: 'service' }>, place: Place): void {
    const request = readNscdRequest(data);
    if (request === undefined) return;
    peer.request = request.type;
    peer.reply = undefined;
    if (!isHostsRequest(request.type)) {
      this.lookups.otherDatabase(this.#owner(call.pid));
      return;
    }
    this.lookups.cacheRequest(
      this.#owner(call.pid),
      {
        event: 'cache-request',
        type: request.type,
        key: request.key,
        cut: request.key.length < request.keyLength,
        place,
        ...withPid(call),
      },
      request.keyLength,
    );
  }

  #received(call: Call, args: readonly string[], table: Descriptors, place: Place): void {
    const fd = descriptorOf(args[0]);
    const peer = fd === undefined ? undefined : table.get(fd);
    const data = dataIn(args[1] ?? '');
    const path = labelOf(args[0]);
    if (peer === undefined && fd !== undefined && path !== undefined && NAME_FILES.test(path)) {
      // The trace began after the file was opened, or `open` was not traced.
      this.#put(table, fd, { kind: 'file', path, place, content: text8(data), cut: data.some((d) => d.cut), told: false });
      return;
    }
    if (peer?.kind === 'file') {
      if (call.result === 0) this.#tellFile(peer, call.pid);
      else if (peer.content.length < 65_536) {
        peer.content += text8(data);
        peer.cut ||= data.some((d) => d.cut);
      }
      return;
    }
    if (peer?.kind === 'service' && peer.service === 'nscd') {
      this.#cacheReply(call, data, peer, place);
      return;
    }
    const from = call.name === 'recvfrom' ? socketAddressOf(args[4]) : undefined;
    const server =
      peer?.kind === 'dns'
        ? peer.server
        : from !== undefined && from.family !== 'unix' && isDns(from)
          ? from.address
          : labelledDns(args[0]);
    if (server === undefined) return;
    if (call.result !== undefined && call.result < 0) {
      if (call.errno !== 'EAGAIN' && call.errno !== 'EINTR')
        this.lookups.add(this.#owner(call.pid), {
          event: 'no-answer',
          server,
          ...(call.errno === undefined ? {} : { errno: call.errno }),
          place,
          ...withPid(call),
        });
      return;
    }
    const bytes = joined(data);
    const tcp = peer?.kind === 'dns' && peer.transport === 'tcp';
    // On TCP the length is often read by itself first; then the message comes without it.
    const message = readDnsMessage(
      tcp && (call.result ?? 0) === bytes.length && bytes.length > 2 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) === bytes.length - 2
        ? withoutLength(bytes)
        : bytes,
    );
    if (message?.response !== true) return;
    const sender = from !== undefined && from.family !== 'unix' ? from.address : server;
    this.lookups.answer(this.#owner(call.pid), {
      event: 'answer',
      server: sender,
      name: message.name,
      ...(message.type === undefined ? {} : { type: message.type }),
      rcode: message.truncated ? 'TC' : message.rcode,
      count: message.answerCount,
      addresses: message.answers.filter((a) => a.type === 'A' || a.type === 'AAAA' || a.type === 'PTR').map((a) => a.data),
      id: message.id,
      place,
      ...withPid(call),
    });
  }

  #cacheReply(call: Call, data: readonly Shown[], peer: Extract<Peer, { kind: 'service' }>, place: Place): void {
    const type = peer.request;
    if (type === undefined || !isHostsRequest(type) || call.errno === 'EAGAIN') return;
    if (peer.reply?.found === 1) {
      this.lookups.cacheAddresses(this.#owner(call.pid), readNscdAddresses(type, peer.reply, data));
      return;
    }
    if (peer.reply !== undefined || (type === 'GETFDHST' && call.result !== 0)) return;
    const reply = call.result === 0 || call.errno !== undefined ? undefined : readNscdReply(type, data);
    if (reply === undefined && call.result !== 0 && call.errno === undefined) return;
    peer.reply = reply;
    const said = reply === undefined ? 'closed' : reply.found === 0 ? 'no' : reply.found === 1 ? 'yes' : 'not-served';
    this.lookups.add(this.#owner(call.pid), { event: 'cache-reply', type, said, place, ...withPid(call) });
  }

  #print(text: string, place: Place): void {
    const line = text.trim();
    if (line === '') {
      this.#unended = false;
      return;
    }
    const last = this.printed.at(-1);
    // Some programs write a line in pieces.
    if (last !== undefined && this.#unended && last.text.length < 300) last.text += text.trimEnd();
    else this.printed.push({ place, text: line.length > 300 ? `${line.slice(0, 300)}…` : line });
    this.#unended = !text.endsWith('\n');
    if (this.printed.length > MOST_PRINTED) this.printed.shift();
  }
}

const withPid = (call: Call): { readonly pid?: number; readonly at?: number } => ({
  ...(call.pid === undefined ? {} : { pid: call.pid }),
  ...(call.at === undefined ? {} : { at: call.at + (call.ms ?? 0) }),
});

const isDns = (to: SocketAddress): boolean => to.family !== 'unix' && to.port === 53;

/** -yy names the peer of a descriptor: 'UDP:[10.0.0.1:4->10.0.0.2:53]'. */
function labelledDns(argument: string | undefined): string | undefined {
  const found = /^(?:UDP|TCP)(?:v6)?:\[.{1,64}->\[?([\da-fA-F:.]{2,45}?)\]?:53\]$/u.exec(labelOf(argument) ?? '')?.[1];
  return found;
}

const POLLS = new Set(['poll', 'ppoll', 'select', 'pselect6']);

const descriptorsIn = (name: string, args: readonly string[]): readonly number[] =>
  name.endsWith('poll')
    ? [...(args[0] ?? '').matchAll(/\{fd=(\d{1,9})/gu)].map((m) => Number(m[1]))
    : [...(args[1] ?? '').matchAll(/(?<=[[ ])(\d{1,9})(?=[<\] ])/gu)].map((m) => Number(m[1]));

/** Milliseconds that the call allows. */
function timeoutOf(name: string, args: readonly string[]): number | undefined {
  const last = name === 'poll' ? args[2] : name === 'ppoll' ? args[2] : args[4];
  const plain = /^(\d{1,9})$/u.exec(last ?? '')?.[1];
  if (plain !== undefined) return Number(plain);
  const pair = /tv_sec=(\d{1,9}), tv_n?u?sec=(\d{1,9})/u.exec(last ?? '');
  if (pair === null) return undefined;
  return Number(pair[1]) * 1000 + Number(pair[2]) / (name === 'select' ? 1000 : 1_000_000);
}

const INTERESTING = new Set([
  'execve',
  'clone',
  'clone3',
  'socket',
  'connect',
  'getsockopt',
  'open',
  'openat',
  'openat2',
  'dup',
  'dup2',
  'dup3',
  'close',
  'poll',
  'ppoll',
  'select',
  'pselect6',
  ...SENDS,
  ...RECEIVES,
]);

/** Linux, the numbers that a connection can end with (x86, arm: asm-generic/errno.h). */
const ERRNO_NUMBERS: Readonly<Record<number, string>> = {
  13: 'EACCES',
  97: 'EAFNOSUPPORT',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  100: 'ENETDOWN',
  101: 'ENETUNREACH',
  103: 'ECONNABORTED',
  104: 'ECONNRESET',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  112: 'EHOSTDOWN',
  113: 'EHOSTUNREACH',
};
