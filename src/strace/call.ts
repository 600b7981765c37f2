/** What one line of strace(1) says, and a whole system call put together from the lines that tell it. */

/** A system call. Arguments stay as strace wrote them; `arguments.ts` takes them apart. */
export interface Call {
  /** Undefined: the trace names no process, so there is only one. */
  readonly pid: number | undefined;
  readonly name: string;
  /** What stands between the brackets. */
  readonly args: string;
  /** Undefined: it never returned ('?'), or the trace ends inside it. */
  readonly result: number | undefined;
  /** 'ENOENT', with the result -1. */
  readonly errno?: string;
  /** What stands in brackets after the result: 'Timeout', 'flags O_RDWR', '[{fd=3, revents=POLLIN}]'. */
  readonly note?: string;
  /** Line where the call begins, from 1, and where it ends. */
  readonly line: number;
  readonly endLine: number;
  /** The first line, as it stands. */
  readonly text: string;
  /** Milliseconds since some start, where the trace has times. */
  readonly at?: number;
  /** Milliseconds from call to return: measured by strace (-T), else from times of two lines of one call. */
  readonly ms?: number;
}

export type ParsedLine =
  | { readonly kind: 'call'; readonly stamp: Stamp; readonly name: string; readonly rest: string }
  | { readonly kind: 'resumed'; readonly stamp: Stamp; readonly name: string; readonly rest: string }
  | { readonly kind: 'exit'; readonly stamp: Stamp; readonly status: number | undefined; readonly signal?: string }
  | { readonly kind: 'signal'; readonly stamp: Stamp; readonly name: string }
  /** ') = 57': the end of a call whose middle was torn by output of the program. */
  | { readonly kind: 'tail'; readonly stamp: Stamp; readonly rest: string }
  /** A remark of strace itself. */
  | { readonly kind: 'remark' }
  | { readonly kind: 'other' };

export interface Stamp {
  readonly pid?: number;
  /** Milliseconds: of the day (-t, -tt), since the epoch (-ttt), or since the line before (-r). */
  readonly time?: number;
  readonly relative?: boolean;
}
