/** Vectors of the kernel's answers to connect, bind and UDP, in namespaces set up by command lines. */
import { NOT_COLLECTED, known } from '../facts/fact.ts';
import type { NetnsFacts, NodeFacts } from '../facts/node-facts.ts';
import { bindAddress } from '../model/dial/bind.ts';
import { dialAddress } from '../model/dial/dial.ts';
import { reach } from '../model/dial/reach.ts';
import { udpExchange } from '../model/dial/udp-exchange.ts';
import type { DialAttempt, ResolvedAddress } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import type { Json, Vector, VectorAdapter, VectorResult } from './adapter.ts';
import { networkFromCommands } from './network-from-commands.ts';

const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];

export const emptyNode = (netns: readonly NetnsFacts[]): NodeFacts => ({
  hostname: NOT_COLLECTED,
  kernelRelease: NOT_COLLECTED,
  bootParameters: NOT_COLLECTED,
  osRelease: NOT_COLLECTED,
  products: [],
  netns,
  views: [],
  daemons: [],
  dns: [],
  runs: [],
  dials: [],
  logs: [],
  observations: {},
  problems: [],
});

function outcomeText(attempt: DialAttempt, leaves: boolean): string {
  switch (attempt.outcome.kind) {
    case 'connected':
      return 'OK';
    case 'errno':
      return attempt.outcome.errno;
    case 'timeout':
      return 'TIMEOUT';
    // Nobody answers behind the interfaces of these namespaces.
    case 'cannot-tell':
      return leaves ? 'TIMEOUT' : 'cannot tell';
  }
}

function run(vector: Vector): VectorResult {
  const net = vector.given['net'];
  const setup = typeof net === 'object' && net !== null && 'setup' in net ? strings(net['setup']) : [];
  const socket = typeof net === 'object' && net !== null && 'socket_AF_INET6' in net ? net['socket_AF_INET6'] : undefined;
  const netns = networkFromCommands(setup, { ipv6Socket: typeof socket !== 'string' });
  const release = strings(vector.versions)[0] ?? '6.18';
  const world = makeWorld({ ...emptyNode([netns]), kernelRelease: known(release, { kind: 'statement', key: 'kernel', text: release }) });
  const { when } = vector;
  const call = typeof when['call'] === 'string' ? when['call'] : '';
  const name = typeof when['name'] === 'string' ? when['name'] : '';
  const [text = '', zone] = name.split('%');
  const address: ResolvedAddress = {
    family: text.includes(':') ? 'inet6' : 'inet',
    address: text,
    ...(zone === undefined ? {} : { zone }),
  };
  const port = Number(/port (\d+)/u.exec(call)?.[1] ?? '0');
  const leaves = reach(world.node, netns, address).kind === 'leaves';
  let got: string;
  if (call.startsWith('bind')) got = outcomeText(bindAddress(world, netns, address, port), false);
  else if (call.includes('UDP')) {
    const u = udpExchange(world, netns, address, port);
    got = `connect=${u.connect ?? '?'}${u.send === undefined ? '' : ` send=${u.send}`}${u.recv === undefined ? (leaves ? ' recv=TIMEOUT' : '') : ` recv=${u.recv}`}`;
  } else got = outcomeText(dialAddress(world, netns, address, port, 'tcp'), leaves);
  const { result } = vector.expect;
  const expected = typeof result === 'string' ? result : '';
  return got === expected ? { ok: true } : { ok: false, expected, got };
}

export const kernelVectors: VectorAdapter = { name: 'kernel', handles: (vector) => vector.stack === 'linux-kernel', run };
