import { valueOf } from '../../facts/fact.ts';
import type { RejectRule } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, isPodAddress, observed, stated, symptomWhere, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { isLocalhost, viewsOf } from '../_localhost.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';

const texts = {
  rule: t('a rule in {hook} answers local traffic with {verdict}: {rule}', '{hook} 中的规则对本机流量执行 {verdict}：{rule}'),
} as const;

/** A program that tries several addresses may report another one's error: nothing listens on ::1, and a rule rejects 127.0.0.1. */
const isBlocked = (a: ClientAnswer): boolean =>
  a.outcome.kind === 'fails' && (a.outcome.stage === 'filter' || a.attempts.some((attempt) => attempt.stage === 'filter'));

/** A command of the node tried one of the node's own addresses, the port listens, and nothing came. */
const ownPortSilent: Test = ({ node }) => {
  const host = node.netns.find((n) => n.id === 'host');
  const own = (valueOf(host?.interfaces) ?? []).flatMap((i) => i.addresses.map((a) => a.address));
  for (const [key, fact] of Object.entries(node.observations)) {
    const port = /^port\.(\d+)\.reachable$/u.exec(key)?.[1];
    if (port === undefined || fact.state !== 'known' || fact.value !== false || fact.source.kind !== 'command') continue;
    const listening = node.observations[`port.${port}.listening`];
    const { command } = fact.source;
    if (listening?.state === 'known' && listening.value === true && own.some((address) => command.includes(address)))
      return { seen: 'yes', kind: 'state', source: fact.source, values: { port } };
  }
  return { seen: 'unknown' };
};
const closedByDefault = any(
  observed('iptables.policy.INPUT', (value) => value === 'DROP'),
  observed('iptables.policy.OUTPUT', (value) => value === 'DROP'),
);
/** kubelet probes pods of its own node only; an address outside the pod network is the node's. */
const probeOfNodeSilent = symptomWhere(
  (s, node) =>
    s.operation === 'dial' &&
    s.address !== undefined &&
    !isPodAddress(node, s.address) &&
    (s.errno === 'TIMEOUT' || s.errno === 'ETIMEDOUT') &&
    s.evidence.some((e) => /(?:Liveness|Readiness|Startup) probe failed/u.test(e.text ?? '')),
);

export const localTrafficBlocked = defineCause({
  id: 'local-traffic-blocked',
  area: 'firewall',
  severity: 'high',
  layer: 2,
  title: t('A firewall rule blocks traffic of the node to itself', '防火墙规则阻断了节点访问自身的流量'),
  mechanism: t(
    'A rule in INPUT or OUTPUT rejects or drops packets on lo or to an own address. Health checks and components on the node cannot reach each other, although names and listeners are right.',
    'INPUT 或 OUTPUT 中的规则拒绝或丢弃 lo 上或发往本机地址的报文。尽管名称和监听都正确，节点上的健康检查和组件仍无法互相访问。',
  ),
  summary: t('A firewall rule blocks {name}:{port} on the node itself.', '防火墙规则在节点自身上阻断了 {name}:{port}。'),
  sources: ['iptables(8)', 'iptables-extensions(8) (REJECT)', 'measured on Linux 6.18'],
  lookAlikes: ['service-not-listening', 'firewalld-active', 'localhost-ipv6-only-lo-without-ipv6'],
  confirms: [
    t(
      'a dial of an own address fails, and the counter of a rule in INPUT or OUTPUT rises with it',
      '连接本机地址失败，且 INPUT 或 OUTPUT 中某规则的计数随之增加',
    ),
  ],
  refutes: [t('no rule matches lo or the own addresses', '没有规则匹配 lo 或本机地址')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Do rules in INPUT or OUTPUT drop or reject packets on lo or to the node's own addresses, and do their counters rise when the dial is repeated?",
        zh: 'INPUT 或 OUTPUT 中是否有规则丢弃或拒绝 lo 上或发往本机地址的报文？重试连接时其计数是否增加？',
      },
      command: "iptables -L INPUT -nv; iptables -L OUTPUT -nv; nft list ruleset | grep -nE 'drop|reject'",
    },
  ],
  remedies: [
    {
      id: 'delete-rule',
      title: t('Delete the rule', '删除该规则'),
      risk: t(
        'what the rule was meant to keep out comes in: put an exception for lo before it instead where it must stay',
        '该规则原本要阻止的流量会放行：若必须保留，请改为在其前面为 lo 添加例外',
      ),
      safety: 'needs-a-person',
      verify: ['curl -sk --connect-timeout 3 https://127.0.0.1:{port}/'],
    },
    {
      id: 'accept-lo',
      title: t('Accept traffic on lo before any other rule', '在所有规则之前放行 lo 流量'),
      risk: t('none for other interfaces', '不影响其他接口'),
      safety: 'safe',
      command: 'iptables -I INPUT 1 -i lo -j ACCEPT; iptables -I OUTPUT 1 -o lo -j ACCEPT',
      undo: 'iptables -D INPUT -i lo -j ACCEPT; iptables -D OUTPUT -o lo -j ACCEPT',
      verify: ['iptables -S INPUT | head'],
    },
  ],
  check: (context) => {
    const findings = viewsOf(context.world).flatMap(({ view, netns }): readonly Finding[] => {
      const rules = netns === undefined ? undefined : valueOf(netns.rejects);
      const failing = context.answers.find((a) => a.view === view.id && isBlocked(a));
      if (netns === undefined || rules === undefined || rules.length === 0 || failing === undefined || netns.rejects.state !== 'known')
        return [];
      const rule = ruleOf(rules, failing.port);
      if (rule === undefined) return [];
      const { source } = netns.rejects;
      const isNft = !rule.text.startsWith('-');
      return [
        {
          status: 'present',
          view: view.id,
          values: { name: failing.name, port: failing.port ?? 0, hook: rule.hook.toUpperCase(), verdict: rule.verdict, rule: rule.text },
          evidence: [
            {
              said: say(texts.rule, { hook: rule.hook.toUpperCase(), verdict: rule.verdict, rule: rule.text }),
              source: source.kind === 'command' ? { ...source, text: rule.text } : source,
              grade: 'direct',
            },
          ],
          remedies: [
            ...(isNft
              ? []
              : [
                  {
                    id: 'delete-rule',
                    edits: [{ edit: 'delete-reject-rule' as const, netns: netns.id, rule: rule.text, ...deletion(rule) }],
                  },
                ]),
            { id: 'accept-lo' },
          ],
          explainsAnswer: (a) => a.view === view.id && isBlocked(a),
          explainsSymptom: (s) => s.operation === 'dial' && (isLocalhost(s.name) || s.address?.startsWith('127.') === true),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: symptomWhere(
            (s) =>
              s.operation === 'dial' &&
              s.address?.startsWith('127.') === true &&
              (s.errno === 'EHOSTUNREACH' || s.errno === 'EPERM' || s.errno === 'EACCES'),
          ),
          grade: 'direct',
          says: t('a dial of a loopback address was rejected by a rule', '连接回环地址被规则拒绝'),
        },
        {
          when: symptomWhere(
            (s) => s.operation === 'dial' && s.address?.startsWith('127.') === true && (s.errno === 'TIMEOUT' || s.errno === 'ETIMEDOUT'),
          ),
          grade: 'strong',
          says: t('a dial of a loopback address got no answer', '连接回环地址没有应答'),
        },
        {
          when: all(ownPortSilent, closedByDefault),
          grade: 'direct',
          says: t(
            'port {port} listens and is silent at an own address, and the policy of the node drops what no rule accepts',
            '端口 {port} 在监听，但在本机地址上无应答，且节点的默认策略会丢弃未被规则放行的流量',
          ),
        },
        {
          when: ownPortSilent,
          grade: 'strong',
          says: t('port {port} listens and is silent at an own address', '端口 {port} 在监听，但在本机地址上无应答'),
        },
        {
          when: probeOfNodeSilent,
          grade: 'hint',
          says: t('a probe of kubelet to an address of its own node gets no answer', 'kubelet 对本节点地址的探测没有应答'),
        },
        {
          when: stated({ whole: /(?:iptables|nft|firewall|rule)[^.;]*(?:\blo\b|loopback|127\.0\.0)[^.;]*(?:drop|reject|block)/iu }),
          grade: 'strong',
          says: t('a rule is stated that blocks the loopback', '陈述中提到有规则阻断回环流量'),
        },
      ],
      asks: [
        ask('the rules of INPUT and OUTPUT with their counters', 'INPUT 和 OUTPUT 的规则及其计数', 'iptables-save -c; nft list ruleset'),
      ],
    })(context);
  },
});

/** The rule that names the port, else one that matches any. */
const ruleOf = (rules: readonly RejectRule[], port: number | undefined): RejectRule | undefined =>
  rules.find((r) => r.port !== undefined && r.port === port) ?? rules.find((r) => r.port === undefined);

/** '-A INPUT …' is deleted by '-D INPUT …' and put back by '-A INPUT …'. */
function deletion(rule: RejectRule): { readonly command: string; readonly undo: string } {
  const tool = rule.family === 'inet6' ? 'ip6tables' : 'iptables';
  const spec = rule.text.replace(/^\[[^\]]*\] */u, '');
  return { command: `${tool} ${spec.replace(/^-A /u, '-D ')}`, undo: `${tool} ${spec}` };
}
