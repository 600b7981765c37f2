/** Error codes and the texts that gai_strerror and hstrerror give for them. Source: glibc posix/gai_strerror-strs.h, resolv/herror.c. */
import type { HErrno } from '../nss/run.ts';
import type { ResolveError } from '../types.ts';

export type GaiCode =
  | 'EAI_ADDRFAMILY'
  | 'EAI_AGAIN'
  | 'EAI_BADFLAGS'
  | 'EAI_FAIL'
  | 'EAI_FAMILY'
  | 'EAI_IDN_ENCODE'
  | 'EAI_NODATA'
  | 'EAI_NONAME'
  | 'EAI_SERVICE'
  | 'EAI_SOCKTYPE'
  | 'EAI_SYSTEM';

const GAI_TEXTS: Readonly<Record<GaiCode, string>> = {
  EAI_ADDRFAMILY: 'Address family for hostname not supported',
  EAI_AGAIN: 'Temporary failure in name resolution',
  EAI_BADFLAGS: 'Bad value for ai_flags',
  EAI_FAIL: 'Non-recoverable failure in name resolution',
  EAI_FAMILY: 'ai_family not supported',
  EAI_IDN_ENCODE: 'Parameter string not correctly encoded',
  EAI_NODATA: 'No address associated with hostname',
  EAI_NONAME: 'Name or service not known',
  EAI_SERVICE: 'Servname not supported for ai_socktype',
  EAI_SOCKTYPE: 'ai_socktype not supported',
  EAI_SYSTEM: 'System error',
};

const HOST_TEXTS: Readonly<Record<HErrno, string>> = {
  NETDB_SUCCESS: 'Resolver Error 0 (no error)',
  HOST_NOT_FOUND: 'Unknown host',
  TRY_AGAIN: 'Host name lookup failure',
  NO_RECOVERY: 'Unknown server error',
  NO_DATA: 'No address associated with name',
  NETDB_INTERNAL: 'Resolver internal error',
};

export const gaiError = (code: GaiCode, errno = ''): ResolveError => ({
  code,
  text: GAI_TEXTS[code],
  ...(code === 'EAI_SYSTEM' && errno !== '' ? { errno } : {}),
  ...(code === 'EAI_AGAIN' ? { temporary: true } : {}),
  ...(code === 'EAI_NONAME' || code === 'EAI_NODATA' ? { notFound: true } : {}),
});

export const hostError = (code: HErrno, errno = ''): ResolveError => ({
  code,
  text: HOST_TEXTS[code],
  ...(code === 'NETDB_INTERNAL' && errno !== '' ? { errno } : {}),
  ...(code === 'TRY_AGAIN' ? { temporary: true } : {}),
  ...(code === 'HOST_NOT_FOUND' || code === 'NO_DATA' ? { notFound: true } : {}),
});
