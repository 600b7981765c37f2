/** Tells a trace: each look-up as steps with the lines that show them, what it came to, and what that points to. Pure. */
import type { StepKind } from '../model/types.ts';
import type { Values } from '../shared/text.ts';
import { addressesInHosts } from './hosts-text.ts';
import { dialTarget } from './dial-target.ts';
import { outcomeOf, type LookupOutcome } from './outcome.ts';
import { timeSpent, type TimeSpent } from './time-spent.ts';
import { storySteps as steps } from './story-steps.ts';
import type { Place, Trace, TraceEvent, TracedDial, TracedLookup } from './trace.ts';

export interface StoryStep {
  readonly kind: StepKind;
  readonly values: Values;
  readonly file?: string;
  readonly line: number;
  readonly endLine: number;
  /** The first of these lines, as it stands. */
  readonly text: string;
  readonly ms?: number;
}

export interface ToldLookup {
  readonly lookup: TracedLookup;
  readonly outcome: LookupOutcome;
  readonly steps: readonly StoryStep[];
  /** The same in few steps. */
  readonly brief: readonly StoryStep[];
}

export interface Story {
  readonly lookups: readonly ToldLookup[];
  readonly dials: readonly StoryStep[];
  readonly end: readonly StoryStep[];
  /** Where the time went. */
  readonly time: readonly TimeSpent[];
}

const stepAt = (
  kind: StepKind,
  place: Place,
  values: Values = {},
  more: { readonly endLine?: number; readonly ms?: number } = {},
): StoryStep => ({
  kind,
  values,
  ...(place.file === undefined ? {} : { file: place.file }),
  line: place.line,
  endLine: Math.max(more.endLine ?? 0, place.endLine ?? 0, place.line),
  text: place.text,
  ...(more.ms === undefined ? {} : { ms: more.ms }),
});

export function tell(trace: Trace): Story {
  return {
    lookups: trace.lookups.map(tellLookup),
    dials: trace.dials.map(dialStep),
    end: endSteps(trace),
    time: timeSpent(trace),
  };
}

function tellLookup(lookup: TracedLookup): ToldLookup {
  return { lookup, outcome: outcomeOf(lookup), steps: lookup.events.flatMap((e) => eventSteps(lookup, e)), brief: briefSteps(lookup) };
}

export const shownName = (lookup: TracedLookup): string =>
  lookup.name === undefined ? '?' : lookup.nameCut === true ? `${lookup.name}…` : lookup.name;

const socketOf = (lookup: TracedLookup): string => {
  const found = lookup.events.find((e) => e.event === 'socket' && e.service === 'nscd');
  return found?.event === 'socket' ? found.path : '/var/run/nscd/socket';
};

function eventSteps(lookup: TracedLookup, e: TraceEvent): readonly StoryStep[] {
  const name = shownName(lookup);
  const socket = socketOf(lookup);
  switch (e.event) {
    case 'socket':
      return [socketStep(e)];
    case 'cache-request':
      return [
        e.type === 'GETFDHST'
          ? stepAt(steps.cacheMapping, e.place)
          : stepAt(steps.cacheRequest, e.place, { socket, name, request: e.type }),
      ];
    case 'cache-reply':
      return [replyStep(lookup, e, socket, false)];
    case 'file':
      return [fileStep(lookup, e)];
    case 'question':
      return [stepAt(steps.asked, e.place, { server: e.server, name: e.cut ? `${e.name}…` : e.name, type: e.type ?? '' })];
    case 'answer':
      return [stepAt(steps.answered, e.place, { server: e.server, name: e.name, type: e.type ?? '', answer: answerText(e) })];
    case 'no-answer':
      return [noAnswerStep(e.server, [e])];
  }
}

const SERVICE_NAMES: Readonly<Record<string, string>> = {
  sssd: 'sssd',
  resolved: 'systemd-resolved',
  avahi: 'avahi',
  machined: 'systemd-machined',
  dbus: 'D-Bus',
  nscd: 'nscd',
};

function socketStep(e: Extract<TraceEvent, { event: 'socket' }>): StoryStep {
  const values = { socket: e.path, ...(e.errno === undefined ? {} : { errno: e.errno }) };
  if (e.service === 'nscd')
    return stepAt(
      e.errno === undefined
        ? steps.cacheConnected
        : e.errno === 'ENOENT'
          ? steps.noCache
          : e.errno === 'EAGAIN'
            ? steps.cacheFull
            : steps.cacheRefused,
      e.place,
      values,
    );
  const service = SERVICE_NAMES[e.service] ?? e.service;
  return stepAt(e.errno === undefined ? steps.service : steps.serviceAbsent, e.place, { ...values, service });
}

const asksFurther = (lookup: TracedLookup): boolean =>
  lookup.events.some((e) => e.event === 'question' || (e.event === 'file' && e.path === '/etc/hosts'));

const seconds = (ms: number): number => (ms >= 9950 ? Math.round(ms / 1000) : Math.round(ms / 100) / 10);

function replyStep(lookup: TracedLookup, e: Extract<TraceEvent, { event: 'cache-reply' }>, socket: string, brief: boolean): StoryStep {
  switch (e.said) {
    case 'no':
      return stepAt(brief && !asksFurther(lookup) ? steps.cacheNoFinal : steps.cacheNo, e.place);
    case 'yes':
      return stepAt(steps.cacheYes, e.place, {
        addresses: e.addresses === undefined || e.addresses.length === 0 ? '…' : [...new Set(e.addresses)].join(' '),
      });
    case 'not-served':
      return stepAt(steps.cacheNotServed, e.place, { socket });
    case 'closed':
      return stepAt(steps.cacheClosed, e.place, { socket });
    case 'silent':
      return stepAt(steps.cacheSilent, e.place, { socket, seconds: seconds(e.ms ?? 0) }, e.ms === undefined ? {} : { ms: e.ms });
  }
}

function fileStep(lookup: TracedLookup, e: Extract<TraceEvent, { event: 'file' }>): StoryStep {
  const { path } = e;
  if (e.errno !== undefined) return stepAt(steps.fileMissing, e.place, { path, errno: e.errno });
  const content = e.content ?? '';
  if (path === '/etc/hosts') {
    const name = shownName(lookup);
    const addresses = addressesInHosts(content, lookup.name ?? '');
    if (addresses.length > 0) return stepAt(steps.inHosts, e.place, { name, path, addresses: addresses.join(' ') });
    if (e.cut === true && lookup.events.some((q) => q.event === 'question')) return stepAt(steps.hostsCutOn, e.place, { path });
    return e.cut === true ? stepAt(steps.hostsCut, e.place, { path }) : stepAt(steps.notInHosts, e.place, { name, path });
  }
  if (path === '/etc/nsswitch.conf') {
    const line = /^[ \t]*hosts:[^\n]{0,200}/mu.exec(content)?.[0];
    return line === undefined
      ? stepAt(steps.fileRead, e.place, { path })
      : stepAt(steps.nsswitch, e.place, { path, line: line.trim().replace(/[ \t]+/gu, ' ') });
  }
  if (path.endsWith('resolv.conf')) {
    const settings = content
      .split('\n')
      .filter((l) => /^[ \t]*(?:nameserver|search|domain|options)[ \t]/u.test(l))
      .map((l) => l.trim().slice(0, 200))
      .slice(0, 6);
    return settings.length === 0
      ? stepAt(steps.fileRead, e.place, { path })
      : stepAt(steps.resolvConf, e.place, { path, settings: settings.join('; ') });
  }
  return stepAt(steps.fileRead, e.place, { path });
}

/** Record counts and codes need no translation. */
function answerText(e: Extract<TraceEvent, { event: 'answer' }>): string {
  if (e.addresses.length > 0) return e.addresses.join(' ');
  if (e.rcode === 'NOERROR') return e.count === 0 ? 'NODATA' : `${e.count} RR…`;
  return e.rcode === 'TC' ? 'TC (truncated)' : e.rcode;
}

function noAnswerStep(server: string, events: readonly Extract<TraceEvent, { event: 'no-answer' }>[]): StoryStep {
  const [first] = events;
  const last = events.at(-1);
  const errno = events.find((e) => e.errno !== undefined)?.errno;
  const waited = events.reduce((sum, e) => sum + (e.ms ?? 0), 0);
  const place: Place = first?.place ?? { line: 0, text: '' };
  const endLine = last?.place.endLine ?? last?.place.line ?? place.line;
  if (errno === 'POLLERR') return stepAt(steps.refused, place, { server, errno }, { endLine });
  if (errno !== undefined) return stepAt(steps.unreachable, place, { server, errno }, { endLine });
  return stepAt(steps.silent, place, { server, waited: waited > 0 ? ` (${seconds(waited)} s)` : '' }, { endLine, ms: waited });
}

/** Cache, hosts file, other services, then one step a DNS server. */
function briefSteps(lookup: TracedLookup): readonly StoryStep[] {
  return [...briefCache(lookup), ...briefFilesAndServices(lookup), ...briefDns(lookup)];
}

function briefCache(lookup: TracedLookup): readonly StoryStep[] {
  const socket = socketOf(lookup);
  const requests = lookup.events.flatMap((e) => (e.event === 'cache-request' && e.type !== 'GETFDHST' ? [e] : []));
  const sockets = lookup.events.flatMap((e) => (e.event === 'socket' && e.service === 'nscd' ? [e] : []));
  const replies = lookup.events.flatMap((e) => (e.event === 'cache-reply' ? [e] : []));
  const own = replies.filter((r) => r.type !== 'GETFDHST');
  const last = own.at(-1) ?? replies.at(-1);
  const [request] = requests;
  if (request === undefined) {
    const [first] = sockets;
    if (first === undefined) return [];
    if (first.errno !== undefined) return [socketStep(first)];
    return last === undefined ? [socketStep(first)] : [spanning(replyStep(lookup, last, socket, true), first.place.line)];
  }
  const asked = stepAt(steps.cacheAsked, request.place, { socket, name: shownName(lookup) }, { endLine: requests.at(-1)?.place.line ?? 0 });
  if (last === undefined) return [asked];
  // It is asked for its memory first, then for the name: a daemon that hangs costs its time twice.
  const silence = replies.reduce((sum, r) => sum + (r.said === 'silent' ? (r.ms ?? 0) : 0), 0);
  const reply = replyStep(lookup, last.said === 'silent' ? { ...last, ms: silence } : last, socket, true);
  return last.said === 'closed' || last.said === 'not-served' ? [spanning(reply, sockets[0]?.place.line ?? reply.line)] : [asked, reply];
}

const spanning = (step: StoryStep, from: number): StoryStep => (from < step.line ? { ...step, line: from } : step);

function briefFilesAndServices(lookup: TracedLookup): readonly StoryStep[] {
  const hosts = lookup.events.flatMap((e) => (e.event === 'file' && (e.path === '/etc/hosts' || e.errno !== undefined) ? [e] : []));
  const first = hosts.find((e) => e.path === '/etc/hosts');
  const services = lookup.events.flatMap((e) => (e.event === 'socket' && e.service !== 'nscd' && e.service !== 'dbus' ? [e] : []));
  return [...(first === undefined ? [] : [fileStep(lookup, first)]), ...services.slice(0, 1).map(socketStep)];
}

function briefDns(lookup: TracedLookup): readonly StoryStep[] {
  const servers = [
    ...new Set(lookup.events.flatMap((e) => (e.event === 'question' || e.event === 'answer' || e.event === 'no-answer' ? [e.server] : []))),
  ];
  return servers.flatMap((server): readonly StoryStep[] => {
    const of = <K extends 'question' | 'answer' | 'no-answer'>(kind: K): readonly Extract<TraceEvent, { event: K }>[] =>
      lookup.events.flatMap((e) => (e.event === kind && e.server === server ? [e as Extract<TraceEvent, { event: K }>] : []));
    const [answers, silences, questions] = [of('answer'), of('no-answer'), of('question')];
    const [question] = questions;
    if (answers.length > 0) {
      // Asked twice, an answer may be shown whole once and cut once.
      const isSaid = (a: (typeof answers)[number]): boolean =>
        a.addresses.length > 0 || a.count === 0 || !answers.some((b) => b.name === a.name && b.type === a.type && b.addresses.length > 0);
      const told = [...new Set(answers.filter(isSaid).map((a) => `${a.name} ${a.type ?? ''}`.trim() + `: ${answerText(a)}`))];
      const place = question?.place ?? answers[0]?.place ?? { line: 0, text: '' };
      return [
        stepAt(
          steps.answeredAll,
          place,
          { server, answers: told.slice(0, 6).join(', ') + (told.length > 6 ? ', …' : '') },
          { endLine: answers.at(-1)?.place.line ?? 0 },
        ),
      ];
    }
    if (silences.length > 0) return [noAnswerStep(server, silences)];
    if (question === undefined) return [];
    return [
      stepAt(steps.unanswered, question.place, {
        server,
        questions: [...new Set(questions.map((q) => `${q.name} ${q.type ?? ''}`.trim()))].slice(0, 6).join(', '),
      }),
    ];
  });
}

const dialStep = (d: TracedDial): StoryStep =>
  d.result === 'unfinished'
    ? stepAt(steps.dialBegun, d.place, { address: dialTarget(d) })
    : stepAt(steps.dial, d.place, { address: dialTarget(d), result: d.result }, d.ms === undefined ? {} : { ms: d.ms });

function endSteps(trace: Trace): readonly StoryStep[] {
  const last = trace.printed.at(-1);
  const { exit } = trace;
  return [
    ...(last === undefined ? [] : [stepAt(steps.prints, last.place, { text: last.text })]),
    ...(exit === undefined
      ? []
      : [
          exit.signal === undefined
            ? stepAt(steps.exits, exit.place, { status: exit.status ?? 0 })
            : stepAt(steps.killed, exit.place, { signal: exit.signal }),
        ]),
  ];
}
