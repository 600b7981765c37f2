/**
 * Puts what a trace shows into look-ups. A look-up begins with the first thing asked for a name (cache socket, hosts file, DNS) and
 * ends where another name is asked for, where the order starts anew, or where a connection is made.
 */
import type { TraceEvent, TracedLookup } from './trace.ts';

interface Building {
  name?: string;
  nameCut?: boolean;
  pid?: number;
  readonly events: TraceEvent[];
  /** How far it came: 0 settings, 1 cache, 2 hosts file, 3 DNS. */
  stage: number;
  done: boolean;
}

interface State {
  current: Building | undefined;
  /** Settings and sockets seen before it is clear that a host name is looked up. */
  pending: TraceEvent[];
}

const MOST_LOOKUPS = 500;
const MOST_EVENTS = 400;
const MOST_PENDING = 16;
const CONFIGURATION = /\/(?:resolv|nsswitch|host|gai)\.conf$/u;

type Of<E extends TraceEvent['event']> = Extract<TraceEvent, { event: E }>;

export class LookupBuilder {
  /** Words of the command line: a name that the trace cuts or hides is often one of them. */
  words: readonly string[] = [];
  dropped = 0;
  readonly #lookups: Building[] = [];
  readonly #states = new Map<number | undefined, State>();
  /** Go moves a look-up between threads: an answer belongs to the question with its number. */
  readonly #asked = new Map<number, Building>();
  #search: readonly string[] = [];

  #state(pid: number | undefined): State {
    const own = this.#states.get(pid);
    if (own !== undefined) return own;
    if (this.#states.size > 20_000) this.#states.clear();
    const made: State = { current: undefined, pending: [] };
    this.#states.set(pid, made);
    return made;
  }

  #begin(pid: number | undefined, state: State): Building {
    const made: Building = { events: [], stage: 0, done: false, ...(pid === undefined ? {} : { pid }) };
    if (this.#lookups.length >= MOST_LOOKUPS) this.dropped += 1;
    else this.#lookups.push(made);
    state.current = made;
    for (const event of state.pending) this.#push(made, event);
    state.pending = [];
    return made;
  }

  #push(lookup: Building, event: TraceEvent): void {
    if (lookup.events.length >= MOST_EVENTS) this.dropped += 1;
    else lookup.events.push(event);
  }

  /** The look-up that an event of this stage belongs to: the running one, unless that has gone past. */
  #at(pid: number | undefined, stage: number): Building {
    const state = this.#state(pid);
    const { current } = state;
    const fits = current !== undefined && !current.done && (stage >= current.stage || stage === 0);
    const lookup = fits ? current : this.#begin(pid, state);
    lookup.stage = Math.max(lookup.stage, stage);
    return lookup;
  }

  socket(pid: number | undefined, event: Of<'socket'>): void {
    const state = this.#state(pid);
    const { current } = state;
    if (current !== undefined && !current.done && (event.service !== 'nscd' || current.stage <= 1)) {
      this.#push(current, event);
      return;
    }
    // The socket serves users and groups as well: what comes next tells.
    if (event.service === 'nscd' && current !== undefined) current.done = true;
    this.#pend(state, event);
  }

  #pend(state: State, event: TraceEvent): void {
    state.pending.push(event);
    if (state.pending.length > MOST_PENDING) state.pending.shift();
  }

  otherDatabase(pid: number | undefined): void {
    const state = this.#state(pid);
    state.pending = state.pending.filter((e) => e.event !== 'socket');
  }

  cacheRequest(pid: number | undefined, event: Of<'cache-request'>, length: number): void {
    if (event.type === 'GETFDHST') {
      const state = this.#state(pid);
      if (state.current !== undefined && !state.current.done && state.current.stage <= 1) this.#push(state.current, event);
      else this.#pend(state, event);
      return;
    }
    const name = event.cut ? (this.#wordLike(event.key, length) ?? event.key) : event.key;
    const whole = !event.cut || name.length === length;
    const state = this.#state(pid);
    if (state.current?.name !== undefined && state.current.name !== name) state.current.done = true;
    // getent asks for IPv6 and, told no, for IPv4: one look-up as long as nothing else came between.
    const lookup = this.#at(pid, 1);
    lookup.name ??= name;
    if (!whole) lookup.nameCut = true;
    this.#push(lookup, whole ? { ...event, key: name, cut: false } : event);
  }

  /** A word of the command line that begins like what is shown and is as long as what was sent. */
  #wordLike(start: string, length: number): string | undefined {
    return this.#hostWords().find((w) => w.length === length && w.startsWith(start));
  }

  #hostWords(): readonly string[] {
    return this.words.slice(1).flatMap((word) => {
      if (word.startsWith('-')) return [];
      const host = /^(?:[a-z][a-z0-9+.-]{0,20}:\/\/)?(?:[^@/]{0,64}@)?([^/:@ ]{1,253})/iu.exec(word)?.[1];
      return host === undefined ? [] : [host.toLowerCase()];
    });
  }

  cacheAddresses(pid: number | undefined, addresses: readonly string[]): void {
    const events = this.#state(pid).current?.events;
    const last = events?.at(-1);
    if (events === undefined || last?.event !== 'cache-reply' || addresses.length === 0) return;
    events[events.length - 1] = { ...last, addresses: [...(last.addresses ?? []), ...addresses] };
  }

  add(pid: number | undefined, event: Of<'cache-reply' | 'file' | 'no-answer'>): void {
    if (event.event === 'file') this.#file(pid, event);
    else if (event.event === 'cache-reply') {
      const state = this.#state(pid);
      if (event.type === 'GETFDHST' && (state.current === undefined || state.current.done)) this.#pend(state, event);
      else this.#push(this.#at(pid, 1), event);
    } else {
      const state = this.#state(pid);
      const lookup = state.current !== undefined && !state.current.done ? state.current : [...this.#asked.values()].at(-1);
      if (lookup === undefined) this.#push(this.#at(pid, 3), event);
      else this.#push(lookup, event);
    }
  }

  #file(pid: number | undefined, event: Of<'file'>): void {
    const state = this.#state(pid);
    if (event.path.endsWith('/resolv.conf') && event.content !== undefined) {
      const search = /^[ \t]*(?:search|domain)[ \t]+([^\n#;]{1,1024})$/mu.exec(event.content)?.[1];
      this.#search = search === undefined ? [] : search.trim().split(/[ \t]+/u);
    }
    if (CONFIGURATION.test(event.path)) {
      if (state.current !== undefined && !state.current.done && state.current.stage <= 2) this.#push(state.current, event);
      else this.#pend(state, event);
      return;
    }
    const { current } = state;
    // gethostbyname reads hosts once for each family, right after another.
    if (current !== undefined && !current.done && current.stage <= 2) {
      current.stage = 2;
      this.#push(current, event);
      return;
    }
    const lookup = this.#at(pid, 2);
    this.#push(lookup, event);
  }

  /** `size`: bytes of the whole message, which tell how long the name is: 12 of head, the name with its lengths, 4 of type and class (RFC 1035). */
  question(pid: number | undefined, shown: Of<'question'>, size?: number): void {
    const whole = shown.cut && size !== undefined ? this.#wholeName(shown.name, size - 18) : undefined;
    const event = whole === undefined ? shown : { ...shown, name: whole, cut: false };
    const state = this.#state(pid);
    let { current } = state;
    if (current !== undefined && !current.done && current.name !== undefined && !belongs(current.name, event.name, event.cut))
      current.done = true;
    if (current === undefined || current.done) current = this.#sameQuestion(event) ?? this.#begin(pid, state);
    state.current = current;
    current.stage = 3;
    if (current.name === undefined) {
      current.name = this.#baseOf(event.name, event.cut);
      if (event.cut && !this.#hostWords().includes(current.name)) current.nameCut = true;
    }
    this.#push(current, event);
    this.#asked.set(event.id, current);
    if (this.#asked.size > 4096) this.#asked.delete(this.#asked.keys().next().value ?? -1);
  }

  #wholeName(start: string, length: number): string | undefined {
    const current = [...this.#lookups].reverse().find((l) => l.name !== undefined && l.nameCut !== true)?.name;
    const bases = [...this.#hostWords(), ...(current === undefined ? [] : [current])].map((w) => w.replace(/\.$/u, '').toLowerCase());
    const candidates = bases.flatMap((w) => [w, ...this.#search.map((d) => `${w}.${d.toLowerCase()}`)]);
    const fits = [...new Set(candidates)].filter((c) => c.length === length && c.startsWith(start));
    return fits.length === 1 ? fits[0] : undefined;
  }

  /** An address that is sorted or dialled right after an answer which the trace cuts is what that answer held. */
  sorted(pid: number | undefined, address: string): void {
    const lookup = this.#state(pid).current ?? this.#lookups.at(-1);
    const at = lookup?.events.findLastIndex((e) => e.event === 'answer' && e.count > 0 && e.addresses.length === 0) ?? -1;
    const answer = lookup?.events[at];
    if (lookup === undefined || answer?.event !== 'answer') return;
    lookup.events[at] = { ...answer, addresses: [address] };
  }

  /** A and AAAA of one name come from two threads in Go: they are one look-up. */
  #sameQuestion(event: Of<'question'>): Building | undefined {
    const last = this.#lookups.at(-1);
    return last?.name !== undefined && !last.done && belongs(last.name, event.name, event.cut) ? last : undefined;
  }

  /** The name that was asked for, behind one with a search domain. */
  #baseOf(asked: string, cut: boolean): string {
    const word = this.#hostWords().find((w) => belongs(w.replace(/\.$/u, ''), asked, cut));
    if (word !== undefined) return word.replace(/\.$/u, '');
    const domain = this.#search.find((d) => asked.endsWith(`.${d.toLowerCase()}`));
    return domain === undefined ? asked : asked.slice(0, -domain.length - 1);
  }

  answer(pid: number | undefined, event: Of<'answer'>): void {
    const asked = this.#asked.get(event.id);
    const lookup = asked ?? this.#state(pid).current;
    if (lookup === undefined) return;
    const question = lookup.events.find((e) => e.event === 'question' && e.id === event.id);
    const whole =
      question?.event === 'question' && (event.type === undefined || event.name.length < question.name.length)
        ? {
            ...event,
            name: question.cut ? `${question.name}…` : question.name,
            ...(question.type === undefined ? {} : { type: question.type }),
          }
        : event;
    this.#push(lookup, whole);
  }

  finish(pid: number | undefined): void {
    const state = this.#state(pid);
    if (state.current !== undefined) state.current.done = true;
  }

  /** `inTurn`: the program asks one server after the other (all but musl, which asks all at once). */
  result(inTurn: boolean): readonly TracedLookup[] {
    const told = this.#lookups.filter(isTold).map(({ name, nameCut, pid, events }) => ({
      ...withName(name ?? this.#onlyWord(), nameCut),
      ...(name === undefined ? { nameGuessed: true } : {}),
      ...(pid === undefined ? {} : { pid }),
      events: inTurn ? withSilences(events) : events,
    }));
    // gethostbyname2 walks the whole way once for IPv6 and once for IPv4: that is one question of the person who ran it.
    const merged: TracedLookup[] = [];
    for (const lookup of told) {
      const last = merged.at(-1);
      if (
        last !== undefined &&
        last.name === lookup.name &&
        last.pid === lookup.pid &&
        last.events.length < MOST_MERGED &&
        asksOtherwise(last, lookup)
      )
        merged[merged.length - 1] = { ...last, events: [...last.events, ...lookup.events] };
      else merged.push(lookup);
    }
    return merged;
  }

  /** Where only the hosts file was read, no line of the trace has the name: the command line may. */
  #onlyWord(): string | undefined {
    const words = this.#hostWords();
    return words.at(-1);
  }
}

/** Who asks another server has waited in vain for the one before. */
function withSilences(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const heard = new Set(events.flatMap((e) => (e.event === 'answer' || e.event === 'no-answer' ? [e.server] : [])));
  const told: TraceEvent[] = [];
  let waiting: Of<'question'> | undefined;
  for (const event of events) {
    if (event.event === 'question' && waiting !== undefined && event.server !== waiting.server && !heard.has(waiting.server)) {
      heard.add(waiting.server);
      told.push({
        event: 'no-answer',
        server: waiting.server,
        place: waiting.place,
        ...(waiting.pid === undefined ? {} : { pid: waiting.pid }),
        ...(waiting.at === undefined || event.at === undefined ? {} : { ms: event.at - waiting.at, at: event.at }),
      });
    }
    if (event.event === 'question' && event.server !== waiting?.server) waiting = event;
    told.push(event);
  }
  return told;
}

const MOST_MERGED = 60;

/** Other families are asked for: the second half of one call, not the same call once more. */
function asksOtherwise(first: TracedLookup, second: TracedLookup): boolean {
  const asked = (l: TracedLookup): readonly string[] =>
    l.events.flatMap((e) =>
      e.event === 'question' && e.type !== undefined && !e.cut
        ? [`${e.name} ${e.type}`]
        : e.event === 'cache-request' && e.type !== 'GETFDHST'
          ? [e.type]
          : [],
    );
  // Of cut questions nobody can tell: then the two are one, once.
  const talks = first.events.some((e) => e.event === 'question' || e.event === 'cache-request');
  const before = asked(first);
  return talks && !asked(second).some((q) => before.includes(q));
}

const withName = (name: string | undefined, cut: boolean | undefined): { readonly name?: string; readonly nameCut?: boolean } => ({
  ...(name === undefined ? {} : { name }),
  ...(cut === true ? { nameCut: true } : {}),
});

/** Settings alone are no look-up: programs read resolv.conf for other ends. */
const isTold = (lookup: Building): boolean =>
  lookup.events.some((e) => e.event !== 'socket' && !(e.event === 'file' && CONFIGURATION.test(e.path)));

const belongs = (name: string, asked: string, cut: boolean): boolean => {
  const base = name.toLowerCase();
  return asked === base || asked.startsWith(`${base}.`) || (cut && (base.startsWith(asked) || asked.startsWith(base)));
};
