import { valueOf } from '../../facts/fact.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import type { HostsLine } from '../../facts/hosts-lines.ts';
import type { NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { Need } from '../../model/types.ts';
import { replaceLine } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { isLoopbackAddress } from '../_checks/index.ts';
import { HOSTS, hostsSource, viewsOf } from '../_localhost.ts';
import { resolvConf } from '../_resolv-conf.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  line: { en: '{path} line {line} gives {name} the address {address}', zh: '{path} 第 {line} 行把 {name} 指向 {address}' },
  dns: { en: 'DNS gives {name} the address {current}', zh: 'DNS 中 {name} 的地址是 {current}' },
  unreachable: { en: 'a dial of {address} failed', zh: '连接 {address} 失败' },
  fine: { en: 'no line of a hosts file contradicts DNS about a name that fails', zh: 'hosts 文件中没有与 DNS 矛盾且导致失败的行' },
} as const;

export const hostsStaleEntry = defineCause({
  id: 'hosts-stale-entry',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 1,
  title: { en: 'The hosts file keeps an old address', zh: 'hosts 文件保留了旧地址' },
  mechanism: {
    en: 'Files come before DNS; the line outlived a move of the machine. Programs that read the hosts file dial the old address, dig and nslookup show the new one.',
    zh: 'hosts 文件优先于 DNS；该行在机器迁移后仍然保留。读取 hosts 文件的程序连接旧地址，而 dig 和 nslookup 显示新地址。',
  },
  summary: {
    en: '{path} line {line} sends {name} to {address}, where nobody answers; DNS says {current}.',
    zh: '{path} 第 {line} 行把 {name} 指向 {address}，那里无人应答；DNS 给出的是 {current}。',
  },
  sources: ['hosts(5)', 'nsswitch.conf(5)'],
  lookAlikes: ['nscd-stale-positive', 'resolv-servers-disagree'],
  confirms: [
    { en: 'the hosts file has the name with another address than DNS', zh: 'hosts 文件中该名称的地址与 DNS 不同' },
    {
      en: 'a dial of the address in the hosts file fails, of the address in DNS works',
      zh: '连接 hosts 中的地址失败，连接 DNS 中的地址成功',
    },
  ],
  refutes: [{ en: 'both addresses fail; or the line is meant so and works', zh: '两个地址都失败；或该行是有意为之且可用' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Which address has the name in /etc/hosts, and which has it today according to DNS or on the machine itself?',
        zh: '/etc/hosts 中该名称对应哪个地址？按 DNS 或该机器自身，现在的地址是什么？',
      },
      command: 'grep -n NAME /etc/hosts; dig +short NAME; ip -br addr',
    },
  ],
  remedies: [
    {
      id: 'correct-line',
      title: { en: 'Correct the address of {name} in {path}', zh: '在 {path} 中更正 {name} 的地址' },
      risk: { en: 'low: other readers of that line', zh: '低：该行的其他使用者' },
      safety: 'safe',
      verify: ['getent ahosts {name}'],
    },
  ],
  check: ({ world, node, answers, symptoms }) => {
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const fact = view.files[HOSTS];
      const file = fact === undefined ? undefined : valueOf(fact);
      if (file === undefined || (answers.length === 0 && symptoms.length === 0)) return [];
      return hostsLines(file.text).flatMap((line): readonly Finding[] => {
        if (isLoopbackAddress(line.address)) return [];
        const name = line.names.find(
          (n) =>
            answers.some((a) => a.view === view.id && sameName(a.name, n) && a.outcome.kind === 'fails' && a.outcome.stage !== 'resolve') ||
            symptoms.some((s) => sameName(s.name, n) && (s.address ?? line.address) === line.address && isFailedCall(s)),
        );
        const current = name === undefined ? undefined : addressInDns(node, view, name, line.address);
        if (name === undefined) return [];
        if (current === undefined) return dnsNeeds(node, view, name);
        const values = { path: HOSTS, line: line.number, name, address: line.address, current };
        return [
          {
            status: 'present',
            view: view.id,
            values,
            evidence: [
              { said: say(texts.line, values), source: hostsSource(view, line), grade: 'strong' },
              { said: say(texts.dns, values), source: { kind: 'probe', probe: 'dns', view: view.id }, grade: 'strong' },
            ],
            remedies: [{ id: 'correct-line', edits: [replaceLine(view.id, HOSTS, file.text, line.number, withAddress(line, current))] }],
            explainsAnswer: (a) => a.view === view.id && sameName(a.name, name),
            explainsSymptom: (s) => sameName(s.name, name) && (s.address ?? line.address) === line.address && isFailedCall(s),
          },
        ];
      });
    });
    return findings.length > 0 ? findings : ruledOut(node, say(texts.fine), '/etc/hosts');
  },
});

/** Nobody asked DNS, since the hosts file answered first. */
function dnsNeeds(node: NodeFacts, view: ViewFacts, name: string): readonly Finding[] {
  const [server] = resolvConf(view)?.nameservers ?? [];
  const asked = node.dns.some((d) => d.netns === view.netns && sameName(d.question.name, name));
  if (asked) return [];
  if (server === undefined) return [{ status: 'cannot-tell', needs: [lookAtDns(name)] }];
  return [
    {
      status: 'cannot-tell',
      needs: [{ kind: 'dns', netns: view.netns, question: { server, name: name.toLowerCase(), type: 'A', transport: 'udp' } }],
    },
  ];
}

const lookAtDns = (name: string): Need => ({
  kind: 'ask',
  what: { en: 'what DNS answers for {name}, beside the line of the hosts file', zh: 'DNS 对 {name} 的应答（与 hosts 文件中的行对照）' },
  command: `dig +short ${name}; getent ahosts ${name}`,
  values: { name },
});
/** A call that found its address and got no further. */
const isFailedCall = (s: Symptom): boolean => s.operation === 'dial' || s.operation === 'http' || s.operation === 'tls';

const sameName = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
const withAddress = (line: HostsLine, address: string): string => line.text.replace(line.address, () => address);

/** Another address that a name server of the view gave for the name. */
function addressInDns(node: NodeFacts, view: ViewFacts, name: string, old: string): string | undefined {
  for (const { netns, question, reply } of node.dns) {
    if (netns !== view.netns || !sameName(question.name, name) || reply.kind !== 'answer') continue;
    const addresses = reply.answers.filter((r) => r.type === 'A' || r.type === 'AAAA').map((r) => r.data);
    if (addresses.length > 0 && !addresses.includes(old)) return addresses[0];
  }
  return undefined;
}
