/** What a name server answers, as far as it is known: what was observed, else what the kernel alone tells (no route, nobody listens). */
import type { DnsQuestion, DnsReply, NetnsFacts } from '../../facts/node-facts.ts';
import { udpExchange } from '../dial/udp-exchange.ts';
import { dialAddress } from '../dial/dial.ts';
import type { World } from '../types.ts';

const PORT = 53;

/** undefined: nobody knows. */
export function askServer(world: World, netns: NetnsFacts | undefined, netnsId: string, question: DnsQuestion): DnsReply | undefined {
  const observed = world.dns(netnsId, question);
  if (observed !== undefined || netns === undefined) return observed;
  const family = question.server.includes(':') ? 'inet6' : 'inet';
  const address = { family, address: question.server } as const;
  if (question.transport === 'tcp') {
    const { outcome } = dialAddress(world, netns, address, question.port ?? PORT, 'tcp');
    if (outcome.kind === 'errno') return { kind: 'error', errno: outcome.errno };
    return outcome.kind === 'timeout' ? { kind: 'silent' } : undefined;
  }
  const { connect, send, recv } = udpExchange(world, netns, address, question.port ?? PORT);
  if (connect !== undefined && connect !== 'OK') return { kind: 'error', errno: connect };
  if (send !== undefined && send !== 'OK') return { kind: 'error', errno: send };
  // A listener that could answer is no answer: only an error is known.
  return recv !== undefined && recv !== 'OK' && recv !== 'TIMEOUT' ? { kind: 'error', errno: recv } : undefined;
}
