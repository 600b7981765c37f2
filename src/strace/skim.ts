/**
 * Tells lines of a trace that need no reading, from their bytes: whole calls that ask nobody for a name, wait for nobody, and concern
 * descriptors that nothing is known of. In doubt a line is read.
 */

/** What the reader knows of a process. */
export interface Skimmed {
  /** It has been seen, so that its descriptors are known. */
  readonly isKnown: (pid: number | undefined) => boolean;
  /** A call of it may have waited until this line: the time of this line is wanted. */
  readonly isWaiting: (pid: number | undefined) => boolean;
  readonly hasDescriptor: (pid: number | undefined, fd: number) => boolean;
}

/** Never of interest, however long they take. */
const HARMLESS =
  'mmap mmap2 munmap mprotect brk madvise mremap rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack fstat fstat64 fstatfs lseek _llseek getpid gettid getppid getuid geteuid getgid getegid getuid32 geteuid32 getgid32 getegid32 sched_yield sched_getaffinity clock_gettime clock_getres gettimeofday time getrandom prlimit64 getrlimit ugetrlimit epoll_ctl epoll_create epoll_create1 eventfd2 timerfd_settime ioctl getdents64 getdents getcwd uname sysinfo arch_prctl set_tid_address set_robust_list rseq membarrier pread64 pwrite64 ftruncate fallocate umask getrusage times mlock munlock prctl'.split(
    ' ',
  );
/** Their path matters only to those who wait for a disk: none of the names that are looked for is asked for by these. */
const BY_PATH = 'stat stat64 lstat lstat64 newfstatat statx access faccessat faccessat2 readlink readlinkat statfs'.split(' ');
/** Of interest where they wait. */
const WAITING = 'futex epoll_wait epoll_pwait epoll_pwait2 nanosleep clock_nanosleep'.split(' ');
/** Of interest where they wait, and where something is known of their descriptor. */
const ON_DESCRIPTOR = 'read readv write writev recvmsg close fcntl fcntl64 fsync fdatasync'.split(' ');
const OPENING = ['openat'];

type Kind = 1 | 2 | 3 | 4;
const [NEVER, SLOW, DESCRIPTOR, OPENS]: readonly [Kind, Kind, Kind, Kind] = [1, 2, 3, 4];

const hashOf = (name: string): number => Array.from(name).reduce((h, c) => (Math.imul(h, 31) + c.charCodeAt(0)) | 0, 0);
const kinds = new Map<number, Kind>([
  ...[...HARMLESS, ...BY_PATH].map((n) => [hashOf(n), NEVER] as const),
  ...WAITING.map((n) => [hashOf(n), SLOW] as const),
  ...ON_DESCRIPTOR.map((n) => [hashOf(n), DESCRIPTOR] as const),
  ...OPENING.map((n) => [hashOf(n), OPENS] as const),
]);

const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57;
const isName = (b: number): boolean => (b >= 97 && b <= 122) || b === 95 || (b >= 48 && b <= 57);

/** Second letters of paths that a look-up reads nothing of: /proc, /home, /tmp, /opt, /dev, /var ... */
const OTHER_FOLDERS = new Set(Array.from('phtodvmb', (c) => c.charCodeAt(0)));

/** True: the line in [start, end) changes nothing but the number of calls. `only`: the process that the file is about. */
export function isSkippable(bytes: Uint8Array, start: number, end: number, only: number | undefined, known: Skimmed): boolean {
  let at = start;
  let pid = only;
  let timed = false;
  if (bytes[at] === 91 && bytes[at + 1] === 112 && bytes[at + 2] === 105 && bytes[at + 3] === 100) {
    at += 4;
    while (bytes[at] === 32) at += 1;
    pid = 0;
    while (isDigit(bytes[at])) pid = pid * 10 + (bytes[at++] ?? 48) - 48;
    if (bytes[at] !== 93 || bytes[at + 1] !== 32) return false;
    at += 2;
  } else if (isDigit(bytes[at])) {
    let number = 0;
    let next = at;
    while (isDigit(bytes[next])) number = number * 10 + (bytes[next++] ?? 48) - 48;
    if (bytes[next] === 32) {
      pid = number;
      at = next;
      while (bytes[at] === 32) at += 1;
    }
  }
  if (isDigit(bytes[at])) {
    timed = true;
    while (isDigit(bytes[at]) || bytes[at] === 58 || bytes[at] === 46) at += 1;
    if (bytes[at] !== 32) return false;
    while (bytes[at] === 32) at += 1;
  }
  const from = at;
  let hash = 0;
  for (let b = bytes[at] ?? 0; isName(b); b = bytes[at] ?? 0) {
    at += 1;
    hash = (Math.imul(hash, 31) + b) | 0;
  }
  if (bytes[at] !== 40 || at - from > 20) return false;
  const kind = kinds.get(hash);
  if (kind === undefined || !isWhole(bytes, at, end)) return false;
  // 62: strace -T wrote how long it took.
  const measured = bytes[end - 1] === 62;
  if (kind !== NEVER && (timed || measured) && !(measured && isUnderMillisecond(bytes, end))) return false;
  // A bracket: 'Timeout', or an error, which may have waited.
  if (kind !== NEVER && !measured && bytes[end - 1] === 41) return false;
  if (timed && !measured && known.isWaiting(pid)) return false;
  if (!known.isKnown(pid)) return false;
  if (kind === DESCRIPTOR) {
    let fd = 0;
    let next = at + 1;
    while (isDigit(bytes[next])) fd = fd * 10 + (bytes[next++] ?? 48) - 48;
    // Standard output and error are kept; a label (-y) may tell what a descriptor is.
    return next > at + 1 && fd > 2 && (bytes[next] === 44 || bytes[next] === 41) && !known.hasDescriptor(pid, fd);
  }
  if (kind === OPENS) {
    const quote = bytes.indexOf(34, at);
    return quote >= 0 && quote < end && bytes[quote + 1] === 47 && OTHER_FOLDERS.has(bytes[quote + 2] ?? 0);
  }
  return true;
}

/** `) = ` and what is behind it: not torn, and nothing unfinished. */
function isWhole(bytes: Uint8Array, from: number, end: number): boolean {
  if (bytes[end - 1] === 62 && bytes[end - 2] === 46) return false;
  const least = Math.max(from, end - 160);
  for (let at = end - 1; at > least; at -= 1) {
    if (bytes[at] !== 61 || bytes[at - 1] !== 32 || bytes[at + 1] !== 32) continue;
    let before = at - 1;
    while (bytes[before] === 32) before -= 1;
    if (bytes[before] === 41) return true;
  }
  return false;
}

/** `<0.000123>` */
const isUnderMillisecond = (bytes: Uint8Array, end: number): boolean => {
  let at = end - 2;
  while (isDigit(bytes[at])) at -= 1;
  return (
    bytes[at] === 46 && bytes[at - 1] === 48 && bytes[at - 2] === 60 && bytes[at + 1] === 48 && bytes[at + 2] === 48 && bytes[at + 3] === 48
  );
};
