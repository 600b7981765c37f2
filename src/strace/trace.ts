/** What a trace tells about names and connections: the conversations of each look-up, in order. Plain data. */
import type { NscdRequestType } from './nscd-wire.ts';

/** Where in the trace: the line, and the file where there are several (-ff). */
export interface Place {
  readonly file?: string;
  readonly line: number;
  readonly endLine?: number;
  readonly text: string;
}

interface Happening {
  readonly place: Place;
  readonly pid?: number;
  /** Milliseconds it waited for the other side. */
  readonly ms?: number;
  /** Milliseconds since some start, where the trace has times: when the call was over. */
  readonly at?: number;
}

export type TraceEvent =
  /** Connecting to the socket of a cache or name service by path. */
  | (Happening & { readonly event: 'socket'; readonly service: NamedService; readonly path: string; readonly errno?: string })
  | (Happening & { readonly event: 'cache-request'; readonly type: NscdRequestType; readonly key: string; readonly cut: boolean })
  /** closed: the daemon hung up without an answer; silent: nothing came in time. */
  | (Happening & {
      readonly event: 'cache-reply';
      readonly type: NscdRequestType;
      readonly said: 'no' | 'yes' | 'not-served' | 'closed' | 'silent';
      readonly addresses?: readonly string[];
    })
  | (Happening & {
      readonly event: 'file';
      readonly path: string;
      readonly errno?: string;
      readonly content?: string;
      readonly cut?: boolean;
    })
  | (Happening & {
      readonly event: 'question';
      readonly server: string;
      readonly name: string;
      readonly type?: string;
      readonly cut: boolean;
      readonly transport: 'udp' | 'tcp';
      readonly id: number;
    })
  | (Happening & {
      readonly event: 'answer';
      readonly server: string;
      readonly name: string;
      readonly type?: string;
      readonly rcode: string;
      readonly count: number;
      readonly addresses: readonly string[];
      readonly id: number;
    })
  | (Happening & { readonly event: 'no-answer'; readonly server: string; readonly errno?: string });

export type NamedService = 'nscd' | 'sssd' | 'resolved' | 'avahi' | 'machined' | 'dbus';

export interface TracedLookup {
  /** Undefined: the trace does not show it. */
  readonly name?: string;
  /** True: no line has the name, it is a word of the command line. */
  readonly nameGuessed?: boolean;
  /** True: only its beginning is shown (a short -s). */
  readonly nameCut?: boolean;
  readonly pid?: number;
  readonly events: readonly TraceEvent[];
}

export interface TracedDial {
  readonly place: Place;
  readonly pid?: number;
  readonly address: string;
  readonly port: number;
  /** When it was begun, in milliseconds since some start. */
  readonly at?: number;
  /** 'OK', an errno name, or 'unfinished' where the trace does not show the end. */
  readonly result: string;
  readonly ms?: number;
}

/** Why the trace shows less than happened: threads or calls that were not traced, strings that were cut. */
export type TraceHint = 'threads' | 'calls' | 'strings';

export interface TracedWait {
  readonly place: Place;
  readonly call: string;
  readonly ms: number;
  /** Who was waited for, where the trace tells. */
  readonly on?: string;
}

export interface Trace {
  /** As a person would name it: the file, or the command that was run. */
  readonly name: string;
  readonly files: readonly string[];
  readonly lines: number;
  readonly calls: number;
  /** Lines that are neither a call nor a remark of strace: output of the program. */
  readonly otherLines: number;
  /** The first program that was started in it. */
  readonly argv?: readonly string[];
  readonly stack?: 'glibc' | 'musl' | 'go';
  readonly lookups: readonly TracedLookup[];
  readonly dials: readonly TracedDial[];
  /** Last lines that were written to standard error, or what a failing program printed. */
  readonly printed: readonly { readonly place: Place; readonly text: string }[];
  readonly exit?: { readonly place: Place; readonly status?: number; readonly signal?: string };
  /** Longest first. */
  readonly waits: readonly TracedWait[];
  /** From the first to the last line, in milliseconds, where there are times. */
  readonly totalMs?: number;
  /** More happened than is kept here. */
  readonly dropped: number;
  readonly limited: boolean;
  readonly hints: readonly TraceHint[];
  /** What was wrong with the file behind what was read. */
  readonly damaged?: string;
}
