/** Error values of Go's package net as it prints them (golang/go src/net/net.go: DNSError, OpError, AddrError). */
import type { ResolveError } from '../types.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import { joinHostPort } from './ip-literal.ts';

/** A failed exchange with one server; `text` is what follows `lookup NAME on SERVER: `. */
export interface ExchangeError {
  readonly code: string;
  readonly text: string;
  readonly server?: string;
  readonly errno?: string;
  readonly notFound?: boolean;
  readonly temporary?: boolean;
  readonly timeout?: boolean;
}

export const NO_SUCH_HOST = { code: 'no-such-host', text: 'no such host', notFound: true } as const;

/** DNSError.Error: `lookup NAME[ on SERVER]: TEXT`. */
export function dnsError(name: string, error: ExchangeError): ResolveError {
  const on = error.server === undefined ? '' : ` on ${error.server}`;
  return {
    code: error.code,
    text: `lookup ${name}${on}: ${error.text}`,
    ...(error.errno === undefined ? {} : { errno: error.errno }),
    notFound: error.notFound ?? false,
    temporary: error.temporary ?? false,
    timeout: error.timeout ?? false,
  };
}

/** `address NAME: no suitable address found`: addresses are known, but none of the asked family. */
export const noSuitableAddress = (name: string): ResolveError => ({
  code: 'no-suitable-address',
  text: `address ${name}: no suitable address found`,
  notFound: false,
  temporary: false,
  timeout: false,
});

const local = (source: string | undefined): string => joinHostPort(source ?? '{SOURCE}', '{EPHEMERAL}');

/** No reply in time: `read udp LOCAL->SERVER: i/o timeout`. */
export const readTimeout = (network: 'udp' | 'tcp', source: string | undefined, server: string): ExchangeError => ({
  code: 'timeout',
  text: `read ${network} ${local(source)}->${server}: i/o timeout`,
  server,
  timeout: true,
  temporary: true,
});

/** The system call that failed, and its errno. */
export function socketError(
  network: 'udp' | 'tcp',
  call: 'socket' | 'connect' | 'read' | 'write',
  errno: string,
  source: string | undefined,
  server: string,
): ExchangeError {
  const words = `${call}: ${goErrnoText(errno)}`;
  const text =
    call === 'read' || call === 'write'
      ? `${call} ${network} ${local(source)}->${server}: ${words}`
      : `dial ${network} ${server}: ${words}`;
  return { code: errno, errno, text, server, temporary: true, timeout: errno === 'ETIMEDOUT' };
}
