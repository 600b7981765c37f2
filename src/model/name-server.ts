/**
 * A name server that the model answers for: a cache, a stub or a cluster's DNS on this node. It answers out of its own view, whoever asks,
 * and forwards as itself; what it cannot know it names.
 */
import type { NetnsId } from '../facts/fact.ts';
import type { DnsReply } from '../facts/node-facts.ts';
import type { Need, Step, World } from './types.ts';
import { exchange, type Exchange } from './dns/exchange.ts';

/** Lower case, without final dot. */
export interface Question {
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

export type ServerReply =
  | { readonly kind: 'reply'; readonly reply: DnsReply; readonly steps: readonly Step[] }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[]; readonly steps: readonly Step[] };

export const answerWith = (
  rcode: string,
  records: readonly { readonly name: string; readonly type: string; readonly data: string }[],
  aa = false,
): DnsReply => ({
  kind: 'answer',
  rcode,
  answers: records,
  aa,
  ra: true,
});

export const addressRecords = (
  name: string,
  type: string,
  addresses: readonly string[],
): readonly { name: string; type: string; data: string }[] => addresses.map((data) => ({ name, type, data }));

/** Addresses of the family that an A or AAAA question asks for. */
export const ofType = (type: string, addresses: readonly string[]): readonly string[] =>
  addresses.filter((address) => (type === 'A' ? !address.includes(':') : type === 'AAAA' && address.includes(':')));

export interface Upstream {
  readonly server: string;
  readonly netns: NetnsId;
  readonly port?: number;
  readonly transport?: 'udp' | 'tcp';
}

export type Forwarded =
  | { readonly kind: 'reply'; readonly reply: DnsReply; readonly server: string }
  | { readonly kind: 'none'; readonly ms: number }
  | { readonly kind: 'unknown'; readonly needs: readonly Need[] };

/** Asks upstream servers in turn until one gives an answer that `accepts` takes; 'none' when none did. */
export function forward(
  world: World,
  upstreams: readonly Upstream[],
  question: Question,
  accepts: (reply: Extract<Exchange, { kind: 'answer' }>) => boolean,
  timeoutMs: number,
): Forwarded {
  let last: Forwarded | undefined;
  let ms = 0;
  for (const { server, netns, port, transport } of upstreams) {
    const got = exchange(world, netns, server, question.name, question.type, transport ?? question.transport, port);
    if (got.kind === 'unknown') return { kind: 'unknown', needs: [got.need] };
    if (got.kind === 'silent') ms += timeoutMs;
    if (got.kind !== 'answer') continue;
    const found: Forwarded = { kind: 'reply', reply: { ...got, kind: 'answer' }, server };
    if (accepts(got)) return found;
    last = found;
  }
  return last ?? { kind: 'none', ms };
}
