/**
 * One question or connection to try, and what came of it. The same lines go to whichever helper carries them out:
 *
 *   in    N NETNS KIND ADDRESS PORT TIMEOUT_MS HEX       KIND: udp (send HEX, take one datagram), tcp (with the two length bytes of
 *                                                        DNS over TCP), dial (connect only); NETNS: a path of /proc, or - for one's own
 *   out   N R MS HEX | N E ERRNO | N T | N C             answer; refused by the kernel; nothing in time; connected
 */
import { isIP } from 'node:net';
import type { NetnsId } from '../../facts/fact.ts';

export interface AskJob {
  readonly netns: NetnsId;
  /** '/proc/PID/ns/net', or '-' for the namespace of this process. */
  readonly place: string;
  readonly kind: 'udp' | 'tcp' | 'dial';
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly message: Buffer;
}

export type JobOutcome =
  | { readonly kind: 'answer'; readonly ms: number; readonly message: Buffer }
  | { readonly kind: 'error'; readonly errno: string }
  | { readonly kind: 'silent' }
  | { readonly kind: 'connected' }
  /** No helper could try it. */
  | { readonly kind: 'not-tried' };

export const jobLine = (job: AskJob, number: number): string =>
  `${String(number)} ${job.place} ${job.kind} ${job.address} ${String(job.port)} ${String(job.timeoutMs)} ${job.message.toString('hex') || '-'}\n`;

export function readOutcome(line: string): readonly [number, JobOutcome] | undefined {
  const match = /^(\d+) (?:(R) ([0-9.]+) ([0-9a-f]*)|(E) ([A-Z0-9]+)|(T)|(C))$/u.exec(line);
  if (match === null) return undefined;
  const [, number, answer, ms, hex = '', error, errno = '', silent] = match;
  const outcome: JobOutcome =
    answer !== undefined
      ? { kind: 'answer', ms: Math.round(Number(ms)), message: Buffer.from(hex, 'hex') }
      : error !== undefined
        ? { kind: 'error', errno }
        : silent !== undefined
          ? { kind: 'silent' }
          : { kind: 'connected' };
  return [Number(number), outcome];
}

/** Numeric addresses only: nothing here may look a name up. A zone of a link-local address stays. */
export function isNumericAddress(text: string): boolean {
  const [address = '', zone] = text.split('%');
  return isIP(address) !== 0 && (zone === undefined || /^[\w.-]{1,15}$/u.test(zone));
}
