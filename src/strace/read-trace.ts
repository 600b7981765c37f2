/** Reads traces in pieces of any size: memory does not grow with the file. Says in one sentence what is no trace. */
import { CulpritError } from '../shared/culprit-error.ts';
import { CallAssembler } from './assemble-calls.ts';
import { parseLine } from './parse-line.ts';
import { Conversations } from './conversations.ts';
import { mergedLines } from './merge-files.ts';
import { isSkippable } from './skim.ts';
import type { Trace, TracedLookup } from './trace.ts';

export interface TraceInput {
  /** Path or command, as a person would name it. */
  readonly name: string;
  /** Of a file of `strace -ff`: its suffix. */
  readonly pid?: number;
  readonly chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
  /** Asked once the chunks are at their end: what was wrong with the file there. */
  readonly damaged?: () => string | undefined;
}

export interface TraceLimits {
  /** Bytes read of all files together; the rest is left out, and said. */
  readonly bytes: number;
  /** Characters kept of one line. */
  readonly lineLength: number;
}

export const TRACE_LIMITS: TraceLimits = { bytes: 64 * 2 ** 30, lineLength: 256 * 1024 };

const texts = {
  empty: { en: '{name} is empty: there is no trace in it', zh: '{name} 是空的：其中没有跟踪记录' },
  binary: {
    en: '{name} is not text, so it is no trace: give what strace -o FILE wrote',
    zh: '{name} 不是文本，因此不是跟踪记录：请给出 strace -o FILE 写出的文件',
  },
  summary: {
    en: '{name} is a summary of strace -c, which has no calls in it: record again without -c',
    zh: '{name} 是 strace -c 的汇总，其中没有系统调用：请不加 -c 重新记录',
  },
  ltrace: {
    en: '{name} looks like ltrace (library calls): record system calls with strace -f',
    zh: '{name} 像是 ltrace 的输出（库函数调用）：请用 strace -f 记录系统调用',
  },
  other: {
    en: '{name} is no output of strace: none of its {lines} lines is a system call',
    zh: '{name} 不是 strace 的输出：共 {lines} 行，没有一行是系统调用',
  },
} as const;

/** Calls that every program makes; a trace that is filtered has others of this list. */
const SYSTEM_CALLS = new Set([
  'execve',
  'brk',
  'mmap',
  'munmap',
  'mprotect',
  'openat',
  'open',
  'read',
  'write',
  'close',
  'fstat',
  'newfstatat',
  'stat',
  'lstat',
  'access',
  'faccessat2',
  'socket',
  'connect',
  'sendto',
  'recvfrom',
  'sendmsg',
  'recvmsg',
  'sendmmsg',
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'epoll_wait',
  'epoll_pwait',
  'epoll_ctl',
  'futex',
  'exit_group',
  'clone',
  'clone3',
  'wait4',
  'ioctl',
  'fcntl',
  'getpid',
  'rt_sigaction',
  'rt_sigprocmask',
  'bind',
  'getsockname',
  'getpeername',
  'getsockopt',
  'setsockopt',
  'listen',
  'accept',
  'accept4',
  'lseek',
  'pread64',
  'nanosleep',
  'clock_nanosleep',
  'uname',
  'getuid',
  'geteuid',
  'socketpair',
  'pipe',
  'pipe2',
  'vfork',
  'fork',
  'readv',
  'writev',
  'statx',
]);
const LIBRARY_CALLS =
  /^(?:\[pid \d+\] |\d+ )?(?:[\w.+-]+->)?(?:malloc|free|strlen|strcmp|strncmp|memcpy|memset|getaddrinfo|gethostbyname|printf|__printf_chk|puts|setlocale|strchr|getenv|fopen|__libc_start_main|_Z\w+)\(/u;

export class TraceReader {
  readonly #limits: TraceLimits;
  readonly #files: string[] = [];
  readonly #conversations = new Conversations();
  #lines = 0;
  #other = 0;
  #system = 0;
  #library = 0;
  #summary = false;
  #bytes = 0;
  #limited = false;
  #nul = 0;

  constructor(limits: Partial<TraceLimits> = {}) {
    this.#limits = { ...TRACE_LIMITS, ...limits };
  }

  async read(input: TraceInput): Promise<void> {
    this.#files.push(input.name);
    const conversations = this.#conversations;
    const assembler = new CallAssembler(input.pid);
    let number = 0;
    const known = {
      isKnown: (pid: number | undefined): boolean => conversations.isKnown(pid),
      isWaiting: (pid: number | undefined): boolean => conversations.waits.isWaiting(pid),
      hasDescriptor: (pid: number | undefined, fd: number): boolean => conversations.hasDescriptor(pid, fd),
    };
    const lines: Lines = {
      longest: this.#limits.lineLength,
      skips: (bytes, start, end) => {
        if (number === 0 || assembler.isRelative || !isSkippable(bytes, start, end, input.pid, known)) return false;
        number += 1;
        this.#lines += 1;
        this.#system += 1;
        conversations.skipped();
        return true;
      },
      line: (text) => {
        number += 1;
        this.#lines += 1;
        this.#line(text, number, assembler, conversations);
      },
    };
    const splitter = new LineSplitter(lines);
    for await (const chunk of this.#bounded(input.chunks)) splitter.take(chunk);
    splitter.end();
    for (const call of assembler.rest()) conversations.call(call);
    conversations.end();
  }

  /** Processes know of each other: one that was started has the descriptors of the one that started it. */
  async readMerged(inputs: readonly TraceInput[]): Promise<void> {
    const conversations = this.#conversations;
    const assemblers = inputs.map((input) => new CallAssembler(input.pid));
    this.#files.push(...inputs.map((input) => input.name));
    const files = inputs.map((input) => textLines(this.#bounded(input.chunks), this.#limits.lineLength));
    for await (const { file, number, text } of mergedLines(files)) {
      const assembler = assemblers[file];
      if (assembler === undefined) continue;
      conversations.file = inputs[file]?.name;
      this.#lines += 1;
      this.#line(text, number, assembler, conversations);
    }
    for (const [file, assembler] of assemblers.entries()) {
      conversations.file = inputs[file]?.name;
      for (const call of assembler.rest()) conversations.call(call);
    }
    conversations.end();
  }

  async *#bounded(chunks: TraceInput['chunks']): AsyncGenerator<Uint8Array | string> {
    for await (const chunk of chunks) {
      if (this.#bytes === 0 && chunk.length > 0) this.#nul = nulBytes(chunk);
      this.#bytes += chunk.length;
      if (this.#nul > 8) return;
      yield chunk;
      if (this.#bytes >= this.#limits.bytes) {
        this.#limited = true;
        return;
      }
    }
  }

  #line(text: string, number: number, assembler: CallAssembler, conversations: Conversations): void {
    const event = assembler.feed(text, number);
    if (event.kind === 'other') {
      if (event.remark !== true) this.#other += 1;
      if (text.startsWith('% time ') && text.includes('usecs/call')) this.#summary = true;
      if (LIBRARY_CALLS.test(text)) this.#library += 1;
      return;
    }
    if (event.kind === 'call') {
      if (SYSTEM_CALLS.has(event.call.name)) this.#system += 1;
      else if (LIBRARY_CALLS.test(text)) this.#library += 1;
    } else if (event.kind === 'begun' && SYSTEM_CALLS.has(event.name)) this.#system += 1;
    conversations.feed(event);
  }

  /** Throws where nothing of it is a trace. */
  finish(name: string): Trace {
    const fail = (text: keyof typeof texts): CulpritError => new CulpritError('no-trace', texts[text], { name, lines: this.#lines });
    if (this.#nul > 8) throw fail('binary');
    if (this.#bytes === 0) throw fail('empty');
    if (this.#system === 0) throw fail(this.#summary ? 'summary' : this.#library > 0 ? 'ltrace' : 'other');
    const { argv, stack, exit, waits, calls, lookups, dials, printed, dropped } = this.#conversations;
    const { totalMs } = waits;
    const found = lookups.result(stack !== 'musl');
    return {
      name,
      files: this.#files,
      lines: this.#lines,
      calls,
      otherLines: this.#other,
      ...(argv === undefined ? {} : { argv }),
      ...(stack === undefined ? {} : { stack }),
      lookups: found,
      dials,
      printed,
      ...(exit === undefined ? {} : { exit }),
      waits: waits.longest,
      ...(totalMs === undefined ? {} : { totalMs }),
      dropped: dropped + lookups.dropped,
      limited: this.#limited,
      hints: [...this.#conversations.hints, ...(found.some(isCut) ? (['strings'] as const) : [])],
    };
  }
}

/** What was asked or answered is there, and strace cut it. */
const isCut = (lookup: TracedLookup): boolean =>
  lookup.nameCut === true ||
  lookup.events.some((e) => e.event === 'answer' && e.rcode === 'NOERROR' && e.count > 0 && e.addresses.length === 0);

/** Several files are those of one `strace -ff`. */
export async function readTrace(inputs: readonly TraceInput[], name: string, limits: Partial<TraceLimits> = {}): Promise<Trace> {
  const reader = new TraceReader(limits);
  const [only] = inputs;
  if (only !== undefined && inputs.length === 1) await reader.read(only);
  else await reader.readMerged(inputs);
  const trace = reader.finish(name);
  const damaged = inputs.map((i) => i.damaged?.()).find((d) => d !== undefined);
  return damaged === undefined ? trace : { ...trace, damaged };
}

function nulBytes(chunk: Uint8Array | string): number {
  let found = 0;
  for (let i = 0; i < Math.min(chunk.length, 8192); i += 1)
    if ((typeof chunk === 'string' ? chunk.charCodeAt(i) : chunk[i]) === 0) found += 1;
  return found;
}

interface Lines {
  /** Bytes kept of a line. */
  readonly longest: number;
  /** True: nobody needs to read the line in [start, end). Not asked for the last line of a piece, whose time may be the last one there is. */
  readonly skips: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly line: (text: string) => void;
}

const NEWLINE = 10;

/** Lines without their ends; of an endless line only the beginning is kept. */
class LineSplitter {
  readonly #lines: Lines;
  #rest: Buffer = Buffer.alloc(0);
  #first = true;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  take(chunk: Uint8Array | string): void {
    const { longest, skips } = this.#lines;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    if (this.#rest.length > 0) {
      const newline = bytes.indexOf(NEWLINE);
      const end = newline < 0 ? bytes.length : newline;
      if (this.#rest.length <= longest) this.#rest = Buffer.concat([this.#rest, bytes.subarray(0, Math.min(end, longest + 2))]);
      if (newline < 0) return;
      this.end();
      from = newline + 1;
    }
    const end = bytes.lastIndexOf(NEWLINE);
    while (from <= end) {
      const newline = bytes.indexOf(NEWLINE, from);
      if (newline === end || !skips(bytes, from, newline)) this.#give(bytes, from, newline);
      from = newline + 1;
    }
    // A copy: whoever reads may use the memory again.
    if (from < bytes.length) this.#rest = Buffer.from(bytes.subarray(from, from + longest + 2));
  }

  end(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) this.#give(rest, 0, rest.length);
  }

  #give(bytes: Buffer, start: number, end: number): void {
    const { longest, line } = this.#lines;
    let from = start;
    if (this.#first && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    this.#first = false;
    const last = end > from && bytes[end - 1] === 13 ? end - 1 : end;
    line(bytes.toString('utf8', from, Math.min(last, from + longest)));
  }
}

/** Line by line as they are asked for. */
async function* textLines(chunks: AsyncIterable<Uint8Array | string>, longest: number): AsyncGenerator<string> {
  let lines: string[] = [];
  const splitter = new LineSplitter({ longest, skips: () => false, line: (text) => lines.push(text) });
  for await (const chunk of chunks) {
    splitter.take(chunk);
    yield* lines;
    lines = [];
  }
  splitter.end();
  yield* lines;
}

/** Do most of these first lines look like system calls? For telling a trace from other evidence. */
export function looksLikeTrace(text: string): boolean {
  const lines = text
    .split('\n')
    .filter((l) => l !== '')
    .slice(0, 400);
  const calls = lines.filter((l) => {
    const parsed = parseLine(l);
    return (parsed.kind === 'call' && SYSTEM_CALLS.has(parsed.name)) || parsed.kind === 'resumed' || parsed.kind === 'exit';
  });
  return calls.length >= 2 && calls.length >= lines.length / 3;
}
