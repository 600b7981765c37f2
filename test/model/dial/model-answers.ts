/** What the model says to the same questions as kernel-probe.mjs asks the kernel. */
import { known } from '../../../src/facts/fact.ts';
import { bindAddress } from '../../../src/model/dial/bind.ts';
import { dialAddress } from '../../../src/model/dial/dial.ts';
import { reach } from '../../../src/model/dial/reach.ts';
import { udpExchange } from '../../../src/model/dial/udp-exchange.ts';
import type { ResolvedAddress } from '../../../src/model/types.ts';
import { makeWorld } from '../../../src/model/world.ts';
import { emptyNode } from '../../../src/vectors/kernel.ts';
import { networkFromCommands } from '../../../src/vectors/network-from-commands.ts';
import type { Scenario } from './kernel-scenarios.ts';
import { BIND, CONNECT, UDP } from './kernel-scenarios.ts';

const PORT = 4321;
const addressOf = (text: string): ResolvedAddress => ({ family: text.includes(':') ? 'inet6' : 'inet', address: text });

export function modelAnswers(scenario: Scenario, release: string): Record<string, string> {
  const netns = networkFromCommands(scenario.setup, {
    listeners: (scenario.listen ?? []).map(([address, port, v6only]) => ({
      protocol: 'tcp',
      family: address.includes(':') ? 'inet6' : 'inet',
      address,
      port,
      ...(v6only === undefined ? {} : { v6only }),
    })),
  });
  const world = makeWorld({ ...emptyNode([netns]), kernelRelease: known(release, { kind: 'statement', key: 'kernel', text: release }) });
  const text = (outcome: { kind: string; errno?: string }, leaves: boolean): string =>
    outcome.kind === 'connected'
      ? 'OK'
      : outcome.kind === 'errno'
        ? (outcome.errno ?? '')
        : outcome.kind === 'timeout' || leaves
          ? 'TIMEOUT'
          : 'cannot tell';
  const answers: Record<string, string> = {};
  for (const host of CONNECT) {
    const leaves = reach(world.node, netns, addressOf(host)).kind === 'leaves';
    answers[`connect ${host}`] = text(dialAddress(world, netns, addressOf(host), PORT, 'tcp').outcome, leaves);
  }
  for (const host of BIND)
    answers[`bind ${host}`] = text(bindAddress(world, netns, addressOf(host), 0, 'tcp', { v6only: false }).outcome, false);
  for (const host of UDP) {
    const leaves = reach(world.node, netns, addressOf(host)).kind === 'leaves';
    const u = udpExchange(world, netns, addressOf(host), PORT);
    const send = u.send === undefined ? '' : ` send=${u.send}`;
    answers[`udp ${host}`] =
      `connect=${u.connect ?? '?'}${send}${u.recv === undefined ? (leaves ? ' recv=TIMEOUT' : '') : ` recv=${u.recv}`}`;
  }
  return answers;
}
