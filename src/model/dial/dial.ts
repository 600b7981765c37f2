/** The kernel's answer to a connection: from addresses, routes, rules, sysctls, boot parameters, firewall rules and listeners. */
import { valueOf } from '../../facts/fact.ts';
import type { NetnsFacts, NodeFacts } from '../../facts/node-facts.ts';
import type { DialAttempt, DialOutcome, Need, ResolvedAddress, Step, World } from '../types.ts';
import { addressBits } from './address-bits.ts';
import { steps } from './dial-steps.ts';
import { filterLocal } from './filter.ts';
import { NEIGHBOUR_TIMEOUT_MS, parseKernelRelease, synTimeoutMs } from './kernel-rules.ts';
import { findListener, listenerText } from './listener.ts';
import type { Reach } from './reach.ts';
import { loopbackDrops, reach } from './reach.ts';

interface Remembered {
  readonly node: NodeFacts;
  readonly attempt: DialAttempt;
}

const remembered = new WeakMap<NetnsFacts, Map<string, Remembered>>();

/**
 * One connection of a program in that namespace. Without a port the question is whether the address can be reached: success then has
 * stage 'listener' and outcome 'connected'. A connection that leaves this machine is answered by an observation of the same connection
 * where there is one (`node.dials`), else it cannot be told. Policy rules and firewall rules that nobody saw count as the kernel's
 * defaults (three rules, no filter), and a step says so; every other unseen fact that decides makes the outcome 'cannot-tell'.
 */
export function dialAddress(
  world: World,
  netns: NetnsFacts | undefined,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp',
): DialAttempt {
  if (netns === undefined) {
    return {
      address,
      port,
      stage: 'unknown',
      steps: [],
      elapsedMs: 0,
      outcome: { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: 'host', fact: 'interfaces' }] },
    };
  }
  let known = remembered.get(netns);
  if (known === undefined) remembered.set(netns, (known = new Map<string, Remembered>()));
  const key = `${address.address}%${address.zone ?? ''} ${String(port)} ${protocol}`;
  const hit = known.get(key);
  if (hit?.node === world.node) return hit.attempt;
  const attempt = dialAnew(world, netns, address, port, protocol);
  known.set(key, { node: world.node, attempt });
  return attempt;
}

interface Answer {
  readonly outcome: DialOutcome;
  readonly stage: DialAttempt['stage'];
  readonly steps: readonly Step[];
  readonly ms?: number;
}

function dialAnew(
  world: World,
  netns: NetnsFacts,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp',
): DialAttempt {
  const reached = reach(world.node, netns, address);
  const answer = afterReach(world, netns, reached, address, port, protocol);
  const observed = answer.outcome.kind === 'cannot-tell' ? observation(world.node, netns, address, port, protocol) : undefined;
  const { outcome, stage, steps: more, ms } = observed ?? answer;
  return { address, port, outcome, stage, steps: [...reached.steps, ...more], elapsedMs: ms ?? 0 };
}

function afterReach(
  world: World,
  netns: NetnsFacts,
  reached: Reach,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp',
): Answer {
  switch (reached.kind) {
    case 'errno':
      return {
        outcome: { kind: 'errno', errno: reached.errno, ...(reached.or.length === 0 ? {} : { or: reached.or }) },
        stage: reached.stage,
        steps: [],
      };
    case 'cannot-tell':
      return { outcome: { kind: 'cannot-tell', needs: reached.needs }, stage: 'unknown', steps: [] };
    case 'leaves':
      return { outcome: { kind: 'cannot-tell', needs: [tryIt(netns, address, port, protocol)] }, stage: 'unknown', steps: [] };
    case 'local':
      return dialLocal(world, netns, reached, address, port, protocol);
  }
}

const tryIt = (netns: NetnsFacts, address: ResolvedAddress, port: number | undefined, protocol: 'tcp' | 'udp'): Need => {
  const target = address.zone === undefined ? address.address : `${address.address}%${address.zone}`;
  if (port !== undefined) return { kind: 'dial', netns: netns.id, address: target, port, protocol };
  return {
    kind: 'ask',
    what: { en: 'Does {target} answer from this node?', zh: '从该节点能否连上 {target}？' },
    command: `ping -c 1 -W 3 ${target}`,
    values: { target },
  };
};

function dialLocal(
  world: World,
  netns: NetnsFacts,
  reached: Extract<Reach, { kind: 'local' }>,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp',
): Answer {
  const { family, bits, source } = reached;
  const said: Step[] = [];
  const drops = loopbackDrops(netns, family);
  if (drops !== undefined) {
    const step: Step = {
      kind: drops.because === 'down' ? steps.loopbackDown : steps.loopbackNoIpv6,
      values: { device: drops.device, address: address.address },
      ...(netns.interfaces.state === 'known' ? { at: netns.interfaces.source } : {}),
    };
    return { outcome: { kind: 'timeout' }, stage: 'address', steps: [step], ms: giveUpMs(world, netns) };
  }
  if (netns.rejects.state === 'unobserved') {
    said.push({ kind: steps.unseen, values: { what: 'iptables -S; nft list ruleset' } });
  }
  const filtered = filterLocal(netns, { family, protocol: port === undefined ? 'icmp' : protocol, source, destination: bits, port });
  if (filtered.kind === 'maybe') {
    const rules: Need = { kind: 'netns', netns: netns.id, fact: 'rejects' };
    return {
      outcome: { kind: 'cannot-tell', needs: [rules, tryIt(netns, address, port, protocol)] },
      stage: 'unknown',
      steps: [{ kind: steps.mayReject, values: { rule: filtered.rule.text } }],
    };
  }
  if (filtered.kind === 'blocked') return blocked(world, netns, filtered, protocol, port);
  if (port === undefined) {
    said.push({ kind: steps.reachable, values: { address: address.address } });
    return { outcome: { kind: 'connected' }, stage: 'listener', steps: said };
  }
  const found = findListener(netns, protocol, family, bits, port);
  switch (found.kind) {
    case 'unknown':
      return {
        outcome: { kind: 'cannot-tell', needs: [{ kind: 'netns', netns: netns.id, fact: 'listeners' }] },
        stage: 'unknown',
        steps: said,
      };
    case 'accepts': {
      const { program, pid } = found.listener;
      const who = program ?? (pid === undefined ? '?' : String(pid));
      said.push({ kind: steps.listens, values: { program: who, listens: listenerText(found.listener) }, ...at(netns) });
      return { outcome: { kind: 'connected' }, stage: 'connected', steps: said };
    }
    case 'none': {
      const other = found.others[0];
      const values = { address: address.address, port };
      said.push(
        other === undefined
          ? { kind: steps.nothingListens, values, ...at(netns) }
          : {
              kind: steps.listensElsewhere,
              values: { ...values, program: other.program ?? '?', listens: found.others.map(listenerText).join(', ') },
              ...at(netns),
            },
      );
      return { outcome: { kind: 'errno', errno: 'ECONNREFUSED' }, stage: 'listener', steps: said };
    }
  }
}

/** How long connect waits for a silent peer. */
function giveUpMs(world: World, netns: NetnsFacts): number {
  const release = valueOf(world.node.kernelRelease);
  const retries = Number(valueOf(netns.sysctls['net.ipv4.tcp_syn_retries']) ?? '6');
  return synTimeoutMs(release === undefined ? undefined : parseKernelRelease(release), Number.isInteger(retries) ? retries : 6);
}

const at = (netns: NetnsFacts): Pick<Step, 'at'> => (netns.listeners.state === 'known' ? { at: netns.listeners.source } : {});

function blocked(
  world: World,
  netns: NetnsFacts,
  filtered: Extract<ReturnType<typeof filterLocal>, { kind: 'blocked' }>,
  protocol: 'tcp' | 'udp',
  port: number | undefined,
): Answer {
  const source = netns.rejects.state === 'known' ? { at: netns.rejects.source } : {};
  const errno = protocol === 'tcp' || port === undefined ? filtered.tcp : filtered.send === 'OK' ? filtered.recv : filtered.send;
  if (errno === 'TIMEOUT') {
    return {
      outcome: { kind: 'timeout' },
      stage: 'filter',
      steps: [{ kind: steps.dropped, values: { rule: filtered.rule.text }, ...source }],
      ms: giveUpMs(world, netns),
    };
  }
  return {
    outcome: { kind: 'errno', errno },
    stage: 'filter',
    steps: [{ kind: steps.rejected, values: { rule: filtered.rule.text, errno }, ...source }],
  };
}

/** What happened when somebody tried the same connection: 'OK', 'TIMEOUT' or an errno name. */
function observation(
  node: NodeFacts,
  netns: NetnsFacts,
  address: ResolvedAddress,
  port: number | undefined,
  protocol: 'tcp' | 'udp',
): Answer | undefined {
  if (node.dials.length === 0) return undefined;
  const bits = addressBits(address.address)?.join('.');
  const hit = node.dials.find(
    (d) =>
      d.netns === netns.id &&
      (d.port === port || port === undefined) &&
      (d.protocol === protocol || port === undefined) &&
      addressBits(d.address)?.join('.') === bits,
  );
  if (hit === undefined) return undefined;
  const step: Step = {
    kind: steps.observed,
    values: { address: hit.address, port: hit.port, result: hit.result },
    ...(hit.source === undefined ? {} : { at: hit.source }),
  };
  if (hit.result === 'OK') return { outcome: { kind: 'connected' }, stage: port === undefined ? 'listener' : 'connected', steps: [step] };
  if (hit.result === 'TIMEOUT' || hit.result === 'ETIMEDOUT')
    return { outcome: { kind: 'timeout' }, stage: 'address', steps: [step], ms: synTimeoutMs(undefined) };
  if (hit.result === 'ECONNREFUSED') {
    if (port === undefined) return { outcome: { kind: 'connected' }, stage: 'listener', steps: [step] };
    return { outcome: { kind: 'errno', errno: hit.result }, stage: 'listener', steps: [step] };
  }
  return {
    outcome: { kind: 'errno', errno: hit.result },
    stage: 'address',
    steps: [step],
    ms: hit.result === 'EHOSTUNREACH' ? NEIGHBOUR_TIMEOUT_MS : 0,
  };
}
