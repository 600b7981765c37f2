/** What the node's packet filter does with traffic of pods and with connections of other nodes, and who wrote its rules. */
import type { Interface, Listener, NetnsFacts } from '../../../facts/node-facts.ts';
import { valueOf } from '../../../facts/fact.ts';
import type { FilterChain } from '../../../facts/parse/firewall-chains.ts';
import { judgePacket, type Packet, type PacketAnswer } from '../../../facts/parse/firewall-packet.ts';
import { parseFilterTable } from '../../../facts/parse/iptables-save.ts';
import { linesOf } from '../../../facts/parse/lines.ts';
import { parseNftTables } from '../../../facts/parse/nft-ruleset.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fromCommand, knownValue, recordText, type Observations } from './parts.ts';

type Chains = ReadonlyMap<string, FilterChain>;

/** `network`: records of the host's network namespace and what was read from them. */
export function readPacketFilters(
  records: readonly ProbeRecord[],
  network: { readonly records: readonly ProbeRecord[]; readonly facts: NetnsFacts | undefined },
): Observations {
  const found: Observations = {};
  const version = recordText(records, 'iptables-version')?.trim();
  const told = /^iptables v([0-9.]+)(?: \((nf_tables|legacy)\))?/u.exec(version ?? '');
  if (told?.[1] !== undefined && version !== undefined) {
    found['iptables.version'] = knownValue(version.replace(/^iptables v/u, ''), fromCommand('iptables -V', version));
    found['iptables.backend'] = knownValue(told[2] === 'nf_tables' ? 'nft' : 'legacy', fromCommand('iptables -V', version));
  }
  const both: string[] = [];
  for (const kind of ['legacy', 'nft'] as const) {
    const text = recordText(records, 'chains', kind);
    if (text === undefined) continue;
    const names = chainNames(text);
    both.push(...names);
    found[`iptables.${kind}-chains`] = knownValue(names, fromCommand(`iptables-${kind}-save`));
  }
  if (both.length > 0) found['iptables.chains'] = knownValue([...new Set(both)], fromCommand('iptables-save'));
  const own = network.records.filter((r) => r.args[0] === 'host');
  if (!own.some((r) => r.kind === 'netns-end')) return found;
  const tables = tablesOf(own);
  for (const chains of tables) {
    for (const name of ['INPUT', 'FORWARD']) {
      const policy = chains.get(name)?.policy;
      if (policy !== undefined && !(name === 'FORWARD' && chains.get(name)?.hook !== 'forward'))
        found[`iptables.policy.${name}`] = knownValue(
          policy.toUpperCase(),
          fromCommand(`iptables -S ${name}`, `-P ${name} ${policy.toUpperCase()}`),
        );
    }
  }
  return { ...found, ...traffic(tables, network.facts) };
}

function tablesOf(own: readonly ProbeRecord[]): readonly Chains[] {
  const shown = new Set<string>();
  const tables: Chains[] = [];
  for (const record of own) {
    if (record.kind !== 'iptables' || record.args[1] === 'inet6') continue;
    const text = record.data.toString('latin1');
    if (!text.includes('*filter')) continue;
    shown.add('inet');
    tables.push(parseFilterTable(text, 'inet'));
  }
  const nft = own.find((r) => r.kind === 'nft');
  if (nft !== undefined)
    for (const { chains, family } of parseNftTables(nft.data.toString('latin1'), shown)) if (family !== 'inet6') tables.push(chains);
  return tables;
}

/** `*nat` and `:DOCKER - [0:0]` as nat/DOCKER. */
function chainNames(text: string): readonly string[] {
  const names: string[] = [];
  let table = '';
  for (const line of linesOf(text)) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const name = /^:([^ ]+)/u.exec(line)?.[1];
    if (name !== undefined) names.push(`${table}/${name}`);
  }
  return names;
}

/** Every base chain of the hook has to let it pass. */
function judgeAll(tables: readonly Chains[], packet: Packet): PacketAnswer {
  let answer: PacketAnswer = { verdict: 'accept' };
  for (const chains of tables) {
    const one = judgePacket(chains, packet);
    if (one === undefined) continue;
    if (one.verdict === 'drop' || one.verdict === 'reject') return one;
    if (one.verdict === 'unknown' || answer.rule === undefined) answer = answer.verdict === 'unknown' ? answer : one;
  }
  return answer;
}

const POD_BRIDGES = /^(?:cni\d+|cbr\d+|weave|kube-bridge|cilium_host|mybridge)$/u;

function traffic(tables: readonly Chains[], facts: NetnsFacts | undefined): Observations {
  const found: Observations = {};
  const interfaces = valueOf(facts?.interfaces) ?? [];
  const way = valueOf(facts?.routes)?.find((r) => r.family === 'inet' && r.destination === '0.0.0.0/0' && r.table === 'main');
  const outside = interfaces.find((i) => i.name === way?.device);
  const address = outside?.addresses.find((a) => a.family === 'inet')?.address;
  if (outside === undefined || address === undefined) return found;
  const bridge = interfaces.find((i) => POD_BRIDGES.test(i.name) && i.up);
  const gateway = bridge?.addresses.find((a) => a.family === 'inet')?.address;
  if (bridge !== undefined && gateway !== undefined) {
    const out: Packet = {
      hook: 'forward',
      family: 'inet',
      inDevice: bridge.name,
      outDevice: outside.name,
      source: neighbour(gateway),
      destination: '198.51.100.7',
      protocol: 'tcp',
      port: 443,
    };
    const answer = judgeAll(tables, out);
    found['forward.pod-traffic'] = knownValue(answer.verdict, fromCommand('iptables-save -t filter', answer.rule));
  }
  const closed = closedPorts(tables, outside, address, valueOf(facts?.listeners) ?? []);
  found['firewall.closed-ports'] = knownValue(
    closed.map((c) => c.port),
    fromCommand('iptables-save -t filter; nft list ruleset', closed[0]?.rule),
  );
  return found;
}

/** Ports that the nodes of a cluster need from each other, on which something listens for others. */
const NODE_PORTS = new Set([6443, 9345, 2379, 2380, 10250]);

function closedPorts(
  tables: readonly Chains[],
  outside: Interface,
  address: string,
  listeners: readonly Listener[],
): readonly { readonly port: string; readonly rule?: string }[] {
  const open = listeners.filter(
    (l) =>
      l.protocol === 'tcp' &&
      NODE_PORTS.has(l.port) &&
      (l.address === address || l.address === '0.0.0.0' || (l.address === '::' && l.v6only !== true)),
  );
  return [...new Set(open.map((l) => l.port))].flatMap((port) => {
    const packet: Packet = { hook: 'input', family: 'inet', inDevice: outside.name, destination: address, protocol: 'tcp', port };
    const { verdict, rule } = judgeAll(tables, packet);
    return verdict === 'drop' || verdict === 'reject'
      ? [{ port: `${String(port)} ${verdict}`, ...(rule === undefined ? {} : { rule }) }]
      : [];
  });
}

/** Another address of the same network, as far as the last number tells. */
function neighbour(address: string): string {
  const parts = address.split('.').map(Number);
  const last = parts[3] ?? 0;
  return [...parts.slice(0, 3), last > 250 ? last - 1 : last + 1].join('.');
}
