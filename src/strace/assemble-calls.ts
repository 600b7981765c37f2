/**
 * Whole calls from lines: `<unfinished ...>` and `<... resumed>` of several processes, calls torn by what the program printed, times.
 * Memory is bounded: one open call a process, and few processes.
 */
import { closingBracket } from './arguments.ts';
import type { Call, ParsedLine, Stamp } from './call.ts';
import { parseLine } from './parse-line.ts';

interface Open {
  readonly name: string;
  readonly args: string;
  readonly line: number;
  readonly text: string;
  readonly at: number | undefined;
}

export type AssembledEvent =
  | { readonly kind: 'call'; readonly call: Call }
  /** A call that is waiting while others go on: what it asks is known, what it gets is not. */
  | { readonly kind: 'begun'; readonly pid: number | undefined; readonly name: string; readonly args: string; readonly line: number }
  | {
      readonly kind: 'exit';
      readonly pid: number | undefined;
      readonly status: number | undefined;
      readonly signal?: string;
      readonly line: number;
      readonly text: string;
    }
  | { readonly kind: 'other'; readonly line: number; readonly remark?: true };

const UNFINISHED = / ?<unfinished \.\.\.>$/u;
/** `clone(...strace: Process 53 attached`: strace speaks in the middle of a line. */
const SPOKE = /(?:strace: )?Process \d{1,10} attached$/u;
const RESULT =
  /^\) *= (\?|-?(?:0x[\da-f]{1,16}|\d{1,20}))(?:<[^\n]*?>)?(?: (E[A-Z0-9]{2,20})(?: \(([^)]*)\))?| \((.*?)\))?(?: <(\d{1,6}\.\d{1,9})>)?$/u;
const MOST_OPEN = 4096;
const DAY_MS = 86_400_000;

export class CallAssembler {
  readonly #open = new Map<number | undefined, Open>();
  #clock = 0;
  #last: number | undefined;
  #lastPid: number | undefined;
  #relative = false;
  readonly #only: number | undefined;

  /** `only`: the process that a file of `strace -ff` is about. */
  constructor(only?: number) {
    this.#only = only;
  }

  feed(text: string, line: number): AssembledEvent {
    const parsed = this.#only === undefined ? parseLine(text) : withProcess(parseLine(text), this.#only);
    switch (parsed.kind) {
      case 'call':
        return this.#call(parsed, text, line);
      case 'resumed':
        return this.#resume(parsed, text, line);
      case 'tail':
        return this.#tail(parsed.stamp, parsed.rest, line);
      case 'exit':
        this.#open.delete(parsed.stamp.pid);
        return {
          kind: 'exit',
          pid: parsed.stamp.pid,
          status: parsed.status,
          ...(parsed.signal === undefined ? {} : { signal: parsed.signal }),
          line,
          text,
        };
      case 'signal':
      case 'remark':
        return { kind: 'other', line, remark: true };
      case 'other':
        return { kind: 'other', line };
    }
  }

  /** True: every line's time counts from the one before (-r). */
  get isRelative(): boolean {
    return this.#relative;
  }

  /** Calls that never returned, when the trace ends. */
  *rest(): Generator<Call> {
    for (const [pid, open] of this.#open) {
      yield {
        pid,
        name: open.name,
        args: open.args,
        result: undefined,
        line: open.line,
        endLine: open.line,
        text: open.text,
        ...(open.at === undefined ? {} : { at: open.at }),
      };
    }
    this.#open.clear();
  }

  /** Milliseconds that only grow: times of the day pass midnight, -r counts from the line before. */
  #time(stamp: Stamp): number | undefined {
    if (stamp.time === undefined) return undefined;
    if (stamp.relative === true) {
      this.#relative = true;
      this.#clock += stamp.time;
      return this.#clock;
    }
    if (this.#last !== undefined && stamp.time < this.#last - DAY_MS / 2) this.#clock += DAY_MS;
    this.#last = stamp.time;
    return this.#clock + stamp.time;
  }

  #call(parsed: Extract<ParsedLine, { kind: 'call' }>, text: string, line: number): AssembledEvent {
    const { stamp, name } = parsed;
    const at = this.#time(stamp);
    this.#lastPid = stamp.pid;
    const spoke = SPOKE.test(parsed.rest);
    const rest = spoke ? parsed.rest.replace(SPOKE, '') : parsed.rest;
    const unfinished = UNFINISHED.test(rest);
    const end = unfinished || spoke ? -1 : closingBracket(rest);
    if (end < 0) return this.#begin(stamp.pid, { name, args: rest.replace(UNFINISHED, ''), line, text, at });
    return {
      kind: 'call',
      call: finished({ name, args: rest.slice(0, end), line, text, at }, stamp.pid, rest.slice(end), line, undefined),
    };
  }

  #begin(pid: number | undefined, open: Open): AssembledEvent {
    if (this.#open.size >= MOST_OPEN) this.#open.delete(this.#open.keys().next().value);
    this.#open.set(pid, open);
    return { kind: 'begun', pid, name: open.name, args: open.args, line: open.line };
  }

  #resume(parsed: Extract<ParsedLine, { kind: 'resumed' }>, text: string, line: number): AssembledEvent {
    const { stamp, name, rest } = parsed;
    const now = this.#time(stamp);
    const open = this.#open.get(stamp.pid);
    this.#open.delete(stamp.pid);
    // A trace that begins inside a call shows its end alone.
    const begun: Open = open?.name === name ? open : { name, args: '', line, text, at: undefined };
    const whole = begun.args + rest;
    const end = closingBracket(whole);
    if (end < 0) return this.#begin(stamp.pid, { ...begun, args: whole.replace(UNFINISHED, '') });
    return { kind: 'call', call: finished({ ...begun, args: whole.slice(0, end) }, stamp.pid, whole.slice(end), line, now) };
  }

  #tail(stamp: Stamp, rest: string, line: number): AssembledEvent {
    const pid = this.#open.has(stamp.pid) ? stamp.pid : this.#lastPid;
    const open = this.#open.get(pid);
    if (open === undefined || !rest.startsWith(')')) return { kind: 'other', line };
    this.#open.delete(pid);
    return { kind: 'call', call: finished(open, pid, rest, line, undefined) };
  }
}

const withProcess = (parsed: ParsedLine, pid: number): ParsedLine =>
  'stamp' in parsed ? { ...parsed, stamp: { pid, ...parsed.stamp } } : parsed;

function finished(open: Open, pid: number | undefined, tail: string, endLine: number, now: number | undefined): Call {
  const found = RESULT.exec(tail.trimEnd().replace(/^\) +=/u, ') ='));
  const [, value, errno, because, note, took] = found ?? [];
  const measured = took === undefined ? undefined : Number(took) * 1000;
  const ms = measured ?? (now === undefined || open.at === undefined ? undefined : Math.max(0, now - open.at));
  const said = note ?? (errno === undefined ? undefined : because);
  return {
    pid,
    name: open.name,
    args: open.args,
    result: value === undefined || value === '?' ? undefined : Number(value),
    ...(errno === undefined ? {} : { errno }),
    ...(said === undefined ? {} : { note: said }),
    line: open.line,
    endLine,
    text: open.text,
    ...(open.at === undefined ? {} : { at: open.at }),
    ...(ms === undefined ? {} : { ms }),
  };
}
