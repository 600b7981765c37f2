import type { Call } from './call.ts';
import type { Place, TracedWait } from './trace.ts';

/** Calls in which a program waits for somebody. */
const BLOCKING = new Set([
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'epoll_wait',
  'epoll_pwait',
  'epoll_pwait2',
  'connect',
  'read',
  'readv',
  'recv',
  'recvfrom',
  'recvmsg',
  'recvmmsg',
  'accept',
  'accept4',
  'futex',
  'nanosleep',
  'clock_nanosleep',
  'wait4',
  'waitid',
  'flock',
  'fsync',
  'fdatasync',
  'sendto',
  'sendmsg',
  'write',
  'openat',
  'open',
  'restart_syscall',
]);
const KEPT = 5;
const LEAST_MS = 1;

/** The longest waits of a trace: measured (-T), from the times of its lines, or as long as the call allowed and then ended by time-out. */
export class WaitKeeper {
  readonly #kept: TracedWait[] = [];
  readonly #before = new Map<
    number | undefined,
    { readonly call: Call; readonly place: () => Place; readonly on: () => string | undefined }
  >();
  #first: number | undefined;
  #last: number | undefined;

  note(call: Call, place: () => Place, on: () => string | undefined): void {
    if (call.at !== undefined) {
      this.#first ??= call.at;
      this.#last = Math.max(this.#last ?? call.at, call.at + (call.ms ?? 0));
    }
    const before = this.#before.get(call.pid);
    // Without -T, a call lasted at most until the same process made its next one.
    if (before?.call.at !== undefined && call.at !== undefined) this.#keep(before.call, call.at - before.call.at, before.place, before.on);
    this.#before.delete(call.pid);
    if (!BLOCKING.has(call.name)) return;
    if (call.ms !== undefined) this.#keep(call, call.ms, place, on);
    else if (call.at !== undefined) this.#remember(call, place, on);
    else if (call.note === 'Timeout') {
      const allowed = /, (\d{1,9})$/u.exec(call.args)?.[1];
      if (allowed !== undefined) this.#keep(call, Number(allowed), place, on);
    }
  }

  #remember(call: Call, place: () => Place, on: () => string | undefined): void {
    if (this.#before.size > 4096) this.#before.clear();
    const who = on();
    this.#before.set(call.pid, { call, place, on: () => who });
  }

  #keep(call: Call, ms: number, place: () => Place, on: () => string | undefined): void {
    if (ms < LEAST_MS || (this.#kept.length >= KEPT && ms <= (this.#kept.at(-1)?.ms ?? 0))) return;
    const who = on();
    this.#kept.push({ place: place(), call: call.name, ms: Math.round(ms * 1000) / 1000, ...(who === undefined ? {} : { on: who }) });
    this.#kept.sort((a, b) => b.ms - a.ms);
    this.#kept.length = Math.min(this.#kept.length, KEPT);
  }

  /** The next line of this process tells how long its last call took at most. */
  isWaiting(pid: number | undefined): boolean {
    return this.#before.has(pid);
  }

  get longest(): readonly TracedWait[] {
    return this.#kept;
  }

  get totalMs(): number | undefined {
    return this.#first === undefined || this.#last === undefined ? undefined : Math.round((this.#last - this.#first) * 1000) / 1000;
  }
}
