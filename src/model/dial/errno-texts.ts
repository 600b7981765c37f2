/** What strerror(3) says for the errors of socket, connect and bind, by C library. */
import type { Libc } from '../../facts/node-facts.ts';

/** glibc sysdeps/gnu/errlist.h, and musl src/errno/__strerror.h. */
const TEXTS: Readonly<Record<string, readonly [glibc: string, musl: string]>> = {
  EPERM: ['Operation not permitted', 'Operation not permitted'],
  EACCES: ['Permission denied', 'Permission denied'],
  EINVAL: ['Invalid argument', 'Invalid argument'],
  EAGAIN: ['Resource temporarily unavailable', 'Resource temporarily unavailable'],
  ENOPROTOOPT: ['Protocol not available', 'Protocol not available'],
  EAFNOSUPPORT: ['Address family not supported by protocol', 'Address family not supported by protocol'],
  EADDRINUSE: ['Address already in use', 'Address in use'],
  EADDRNOTAVAIL: ['Cannot assign requested address', 'Address not available'],
  ENETDOWN: ['Network is down', 'Network is down'],
  ENETUNREACH: ['Network is unreachable', 'Network unreachable'],
  ECONNRESET: ['Connection reset by peer', 'Connection reset by peer'],
  ETIMEDOUT: ['Connection timed out', 'Operation timed out'],
  ECONNREFUSED: ['Connection refused', 'Connection refused'],
  EHOSTDOWN: ['Host is down', 'Host is down'],
  EHOSTUNREACH: ['No route to host', 'Host is unreachable'],
};

const NUMBERS: Readonly<Record<string, number>> = {
  EPERM: 1,
  EACCES: 13,
  EINVAL: 22,
  EAGAIN: 11,
  ENOPROTOOPT: 92,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ECONNRESET: 104,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
};

/** The words for an errno name; the name itself where it is not in the table. */
export function errnoText(errno: string, libc: Libc['kind'] = 'glibc'): string {
  const texts = TEXTS[errno];
  if (texts === undefined) return errno;
  return libc === 'musl' ? texts[1] : texts[0];
}

/** Go's syscall.Errno texts on Linux (syscall/zerrors_linux_*.go) are glibc's in lower case. */
export const goErrnoText = (errno: string): string => errnoText(errno).toLowerCase();

/** Linux number of an errno name (asm-generic/errno.h), or undefined. */
export const errnoNumber = (errno: string): number | undefined => NUMBERS[errno];

/** The errno name behind words of any C library or of Go; undefined when they are none of these. */
export function errnoOfText(text: string): string | undefined {
  const wanted = text.toLowerCase();
  for (const [errno, texts] of Object.entries(TEXTS)) {
    if (texts.some((t) => t.toLowerCase() === wanted)) return errno;
  }
  return undefined;
}
