/** A name has an AAAA record and the node has an IPv6 address, but no way out. Source: RFC 6724; gai.conf(5). */
import type { Symptom } from '../../facts/symptom.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCause, isDial, off, stated, symptomWhere, t } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';

/** 2000::/3, global unicast. */
const GLOBAL_V6 = /^\[?[23][0-9a-f]{3}:/i;
const GONE: readonly (string | undefined)[] = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'];
const fails = (one: Symptom): boolean => isDial(one) && GLOBAL_V6.test(one.address ?? '');

const cannotGoOut = symptomWhere((one) => fails(one) && GONE.includes(one.errno));
const noWay = any(off('ipv6.default-route'), stated({ key: /ipv6.*(?:route|gateway|global)/, value: 'no' }));

/** A program was given a global IPv6 address, and the routes of its network lead nowhere near it. */
const byModel = ({ world, answers }: CauseContext): readonly Finding[] =>
  world.node.views.flatMap((view): readonly Finding[] => {
    const routes = world.netns(view.netns)?.routes;
    if (routes?.state !== 'known') return [];
    if (routes.value.some((r) => r.family === 'inet6' && r.destination === '::/0' && r.type === 'unicast')) return [];
    const stranded = (a: ClientAnswer): boolean =>
      a.view === view.id &&
      a.outcome.kind === 'fails' &&
      a.outcome.stage === 'address' &&
      a.outcome.address !== undefined &&
      GLOBAL_V6.test(a.outcome.address.address);
    const hit = answers.find(stranded);
    if (hit?.outcome.kind !== 'fails' || hit.outcome.address === undefined) return [];
    const values = { name: hit.name, address: hit.outcome.address.address };
    return [
      {
        status: 'present',
        view: view.id,
        values,
        evidence: [
          { said: say(t('{name} leads to {address} alone', '{name} 只解析到 {address}'), values), grade: 'strong' },
          { said: say(t('there is no default IPv6 route', '没有 IPv6 默认路由')), source: routes.source, grade: 'direct' },
        ],
        explainsAnswer: stranded,
        explainsSymptom: (s) => s.name === hit.name && fails(s),
      },
    ];
  });

const byEvidence = evidenceCause({
  id: 'ipv6-answers-without-ipv6-route',
  area: 'libc-and-clients',
  severity: 'medium',
  layer: 2,
  title: t('A name leads to IPv6 addresses that the node cannot reach', '名称解析出节点无法到达的 IPv6 地址'),
  mechanism: t(
    'DNS gives AAAA records and the node has some IPv6 address, so programs prefer IPv6. Without a default IPv6 route the connection fails at once or hangs; programs that do not fall back to IPv4 fail.',
    'DNS 返回 AAAA 记录，而节点有某个 IPv6 地址，于是程序优先使用 IPv6。没有 IPv6 默认路由时，连接立即失败或一直挂起；不回退到 IPv4 的程序就会失败。',
  ),
  summary: t(
    'Connections go to an IPv6 address although the node has no IPv6 path to it.',
    '连接使用了 IPv6 地址，而节点没有到达它的 IPv6 路径。',
  ),
  sources: ['RFC 6724', 'gai.conf(5)'],
  lookAlikes: ['ipv6-disabled-at-boot', 'proxy-missing-for-egress'],
  confirm: [
    {
      when: all(cannotGoOut, noWay),
      grade: 'direct',
      says: t(
        'Connections to a global IPv6 address fail and there is no default IPv6 route.',
        '到全局 IPv6 地址的连接失败，且没有 IPv6 默认路由。',
      ),
    },
    {
      when: cannotGoOut,
      grade: 'strong',
      says: t('Connections to a global IPv6 address fail for lack of a path.', '到全局 IPv6 地址的连接因没有路径而失败。'),
    },
    {
      when: symptomWhere((one) => fails(one) && (one.errno === 'TIMEOUT' || one.errno === 'ETIMEDOUT')),
      grade: 'weak',
      says: t('Connections to a global IPv6 address get no answer.', '到全局 IPv6 地址的连接没有应答。'),
    },
  ],
  refute: [
    {
      when: symptomWhere(
        (one) =>
          isDial(one) &&
          /^(?!127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)\d+\.\d+\.\d+\.\d+$/.test(one.address ?? '') &&
          (one.port === 443 || one.port === 80),
      ),
      says: t('Connections over IPv4 fail as well.', '通过 IPv4 的连接同样失败。'),
    },
  ],
  asks: [
    ask(
      'Has the node a global IPv6 address and a default IPv6 route, and does the same URL answer over IPv4?',
      '节点是否有全局 IPv6 地址和 IPv6 默认路由？同一 URL 通过 IPv4 是否有应答？',
      'ip -6 addr show scope global; ip -6 route show default; curl -4 -sI URL; curl -6 -sI URL',
    ),
  ],
  remedies: [
    {
      id: 'prefer-ipv4',
      title: t('Prefer IPv4 in gai.conf (libc programs only)', '在 gai.conf 中优先使用 IPv4（仅对 libc 程序有效）'),
      risk: t('Go and musl programs ignore it.', 'Go 与 musl 程序会忽略它。'),
      safety: 'safe',
      command: "echo 'precedence ::ffff:0:0/96  100' >> /etc/gai.conf",
      undo: "sed -i '/^precedence ::ffff:0:0\\/96  100$/d' /etc/gai.conf",
      verify: ['getent ahosts NAME'],
    },
    {
      id: 'remove-half-ipv6',
      title: t(
        'Take the half-configured IPv6 address off the interface, or give it a route',
        '去掉接口上配置不完整的 IPv6 地址，或为其配置路由',
      ),
      risk: t('Software that uses that address loses it.', '使用该地址的软件将失去它。'),
      safety: 'needs-a-person',
      command: 'ip -6 addr del ADDRESS/LENGTH dev DEVICE',
      undo: 'ip -6 addr add ADDRESS/LENGTH dev DEVICE',
      verify: ['curl -sI URL'],
    },
  ],
});

export const ipv6AnswersWithoutIpv6Route = defineCause({
  ...byEvidence,
  check: (context) => {
    const found = byModel(context);
    return found.length > 0 ? found : byEvidence.check(context);
  },
});
