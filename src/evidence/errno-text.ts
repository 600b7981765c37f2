/** The errno that a text stands for. Go prints strerror texts in lower case, libc with a capital; both are the kernel's names. */
const ERRNOS: readonly (readonly [text: string, errno: string])[] = [
  ['connection refused', 'ECONNREFUSED'],
  ['no route to host', 'EHOSTUNREACH'],
  ['host is unreachable', 'EHOSTUNREACH'],
  ['network is unreachable', 'ENETUNREACH'],
  ['network unreachable', 'ENETUNREACH'],
  ['cannot assign requested address', 'EADDRNOTAVAIL'],
  ["can't assign requested address", 'EADDRNOTAVAIL'],
  ['address not available', 'EADDRNOTAVAIL'],
  ['address family not supported', 'EAFNOSUPPORT'],
  ['address already in use', 'EADDRINUSE'],
  ['address in use', 'EADDRINUSE'],
  ['connection timed out', 'ETIMEDOUT'],
  ['operation timed out', 'ETIMEDOUT'],
  ['connection reset by peer', 'ECONNRESET'],
  ['permission denied', 'EACCES'],
  ['operation not permitted', 'EPERM'],
  ['no such file or directory', 'ENOENT'],
  ['no space left on device', 'ENOSPC'],
  ['too many open files', 'EMFILE'],
  ['read-only file system', 'EROFS'],
  ['broken pipe', 'EPIPE'],
  ['host is down', 'EHOSTDOWN'],
  ['operation not supported', 'EOPNOTSUPP'],
  ['invalid argument', 'EINVAL'],
  ['device or resource busy', 'EBUSY'],
  ['exec format error', 'ENOEXEC'],
  ['message too long', 'EMSGSIZE'],
  ['cannot allocate memory', 'ENOMEM'],
  ['input/output error', 'EIO'],
  ['not a directory', 'ENOTDIR'],
  ['is a directory', 'EISDIR'],
  ['i/o timeout', 'TIMEOUT'],
  ['context deadline exceeded', 'TIMEOUT'],
  ['client.timeout', 'TIMEOUT'],
  ['deadline exceeded', 'TIMEOUT'],
];

/** errno name, or 'TIMEOUT' where no answer came in time; undefined when the text names none. */
export function errnoOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  return ERRNOS.find(([words]) => lower.includes(words))?.[1];
}
