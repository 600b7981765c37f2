/** Three ways in which lo comes to lack ::1, each with its own lasting fix. */
import type { NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Source } from '../../facts/fact.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { say } from '../../shared/text.ts';
import { all, any, evidenceCheck, observed, off, stated, symptomWhere, t } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import {
  NO_IPV6_LOOPBACK,
  dialledIpv6Localhost,
  hostsSource,
  interfacesSource,
  ipv6OffOnLo,
  loHasIpv6,
  localhostLines,
  viewsOf,
  wentToIpv6Loopback,
} from '../_localhost.ts';
import { ipv4LineFirst, ipv4LineLast, ipv4LocalhostRemedies, ipv6BackOnLo, ipv6LoRemedy, nameOnIpv4Line } from '../_localhost-remedies.ts';

const PARENT = 'localhost-ipv6-only-lo-without-ipv6';

const texts = {
  sysctl: { en: 'net.ipv6.conf.{device}.disable_ipv6 = 1', zh: 'net.ipv6.conf.{device}.disable_ipv6 = 1' },
  persisted: { en: 'this line switches IPv6 off at each start', zh: '这一行在每次启动时关闭 IPv6' },
  noIpv6: { en: 'lo has no address ::1', zh: 'lo 上没有 ::1 地址' },
  enabled: { en: 'IPv6 is switched on for lo by sysctl', zh: 'sysctl 中 lo 的 IPv6 是开启的' },
  boot: { en: 'the kernel was started with ipv6.disable=1', zh: '内核以 ipv6.disable=1 启动' },
  noSocket: {
    en: 'the kernel makes no IPv6 sockets (/proc/net/if_inet6 is missing)',
    zh: '内核无法创建 IPv6 套接字（/proc/net/if_inet6 不存在）',
  },
  onlyIpv6: { en: '{path} gives localhost the address ::1 and no IPv4 address', zh: '{path} 只把 localhost 指向 ::1，没有 IPv4 地址' },
  afnosupport: { en: 'a program could not make an IPv6 socket', zh: '程序无法创建 IPv6 套接字' },
  lostUnder: {
    en: 'A program calls [::1] of its own machine, and lo does not carry that address.',
    zh: '程序访问本机的 [::1]，而 lo 上没有该地址。',
  },
  off: { en: 'IPv6 is not switched off, or lo has ::1', zh: 'IPv6 未被关闭，或 lo 上有 ::1' },
} as const;

const onlyIpv6 = (view: ViewFacts): boolean => {
  const lines = localhostLines(view);
  return lines !== undefined && lines.ipv6Loopback.length > 0 && lines.ipv4Loopback.length === 0 && lines.other.length === 0;
};

const affected = (view: ViewFacts, netns: NetnsFacts | undefined): netns is NetnsFacts =>
  netns !== undefined && onlyIpv6(view) && loHasIpv6(netns) === false;

/** lo lacks ::1, by its addresses or by the kernel's answer to a dial; why it does was not looked at. */
const lostOnLo = (view: ViewFacts, netns: NetnsFacts, symptoms: readonly Symptom[]): boolean =>
  onlyIpv6(view) &&
  netns.ipv6Socket.state !== 'absent' &&
  (loHasIpv6(netns) === false || (loHasIpv6(netns) === undefined && symptoms.some(dialledIpv6Localhost(NO_IPV6_LOOPBACK))));
const askSysctl = (netns: NetnsFacts): Finding => ({
  status: 'cannot-tell',
  needs: [{ kind: 'netns', netns: netns.id, fact: 'disableIpv6' }],
});

/** The lines of sysctl files that keep the setting, where they were captured (sysctl.d(5)). */
function persistedIn(view: ViewFacts): readonly CauseEvidence[] {
  return Object.entries(view.files).flatMap(([path, fact]) => {
    const text = path.includes('sysctl') ? valueOf(fact)?.text : undefined;
    if (text === undefined) return [];
    return text
      .split('\n')
      .flatMap((line, index): readonly CauseEvidence[] =>
        /^[ \t]*net[./]ipv6[./]conf[./](?:all|lo|default)[./]disable_ipv6[ \t]*=[ \t]*1/u.test(line)
          ? [{ said: say(texts.persisted), source: { kind: 'file', path, view: view.id, line: index + 1, text: line }, grade: 'strong' }]
          : [],
      );
  });
}

export const localhostIpv6OnlySysctlPersisted = defineCause({
  id: 'localhost-ipv6-only-sysctl-persisted',
  area: 'localhost-and-hosts',
  severity: 'critical',
  layer: 0,
  title: { en: 'IPv6 is switched off by sysctl while localhost is ::1 only', zh: 'sysctl 关闭了 IPv6，而 localhost 只对应 ::1' },
  mechanism: {
    en: 'disable_ipv6=1 for all or for lo removes every IPv6 address at once, ::1 included; a hardening role writes the sysctl and leaves the ::1 line of localhost alone.',
    zh: '对 all 或 lo 设置 disable_ipv6=1 会立即移除所有 IPv6 地址（包括 ::1）；加固脚本写入了该 sysctl，却没有修改 localhost 的 ::1 行。',
  },
  summary: { en: 'IPv6 is switched off by sysctl, so lo lost its ::1.', zh: 'sysctl 关闭了 IPv6，因此 lo 失去了 ::1。' },
  sources: ['kernel Documentation/networking/ip-sysctl.rst (disable_ipv6)', 'sysctl.d(5)'],
  variantOf: [PARENT],
  confirms: [
    {
      en: 'sysctl net.ipv6.conf.lo.disable_ipv6 or net.ipv6.conf.all.disable_ipv6 is 1',
      zh: 'sysctl net.ipv6.conf.lo.disable_ipv6 或 net.ipv6.conf.all.disable_ipv6 为 1',
    },
  ],
  refutes: [{ en: 'both are 0: see lo-missing-ipv6-address', zh: '两者都为 0：参见 lo-missing-ipv6-address' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Which file switches IPv6 off by sysctl, and is localhost in /etc/hosts beside ::1 only?',
        zh: '哪个文件通过 sysctl 关闭了 IPv6？/etc/hosts 中 localhost 是否只对应 ::1？',
      },
      command: 'grep -rn disable_ipv6 /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d; grep -n localhost /etc/hosts',
    },
  ],
  remedies: [nameOnIpv4Line, ipv4LineLast, ipv4LineFirst, ipv6BackOnLo],
  check: ({ world, symptoms }) => {
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      if (lines === undefined || netns === undefined) return [];
      if (ipv6OffOnLo(netns) === undefined && lostOnLo(view, netns, symptoms)) return [askSysctl(netns)];
      if (!affected(view, netns) || ipv6OffOnLo(netns) !== true) return [];
      const evidence = ['lo', 'all'].flatMap((device): readonly CauseEvidence[] => {
        const fact = netns.disableIpv6[device];
        return fact?.state === 'known' && fact.value ? [{ said: say(texts.sysctl, { device }), source: fact.source, grade: 'strong' }] : [];
      });
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: '/etc/hosts' },
          evidence: [...evidence, ...persistedIn(view)],
          remedies: [...ipv4LocalhostRemedies(view, lines), ipv6LoRemedy(netns)],
          explainsAnswer: wentToIpv6Loopback(view),
        },
      ];
    });
    return findings.length > 0 ? findings : ruledOut(world.node, say(texts.off), 'interfaces', 'disableIpv6');
  },
});

/** A URL with the address itself: no hosts file had a say, so the kernel's answer is about lo. */
const dialledLiteral = (s: Symptom): boolean =>
  s.operation === 'dial' &&
  s.address === '::1' &&
  (s.name === '::1' || s.name === undefined) &&
  s.errno !== undefined &&
  NO_IPV6_LOOPBACK.includes(s.errno) &&
  s.details?.['noise'] === undefined;

/** Nobody saw lo: a dial of [::1] as written, or what a person says of it. */
function selfCallLost(context: CauseContext): readonly Finding[] {
  const known = viewsOf(context.world).some(({ netns }) => loHasIpv6(netns) === true);
  if (known) return ruledOut(context.node, say(texts.off), 'interfaces');
  const found = evidenceCheck({
    confirm: [
      {
        when: symptomWhere((s) => dialledLiteral(s) && s.name === '::1'),
        grade: 'direct',
        says: t('a URL with [::1] was dialled, and this machine has no such address', '连接含 [::1] 的 URL，而本机没有该地址'),
      },
      {
        when: all(off('localhost.ipv6-works'), ipv6ToldOff),
        grade: 'direct',
        says: t('calls of ::1 are stated to fail, and IPv6 to be off', '陈述中提到访问 ::1 失败，且 IPv6 已关闭'),
      },
      {
        when: all(symptomWhere(dialledLiteral), ipv6ToldOff),
        grade: 'direct',
        says: t('::1 was dialled, and IPv6 is stated to be off', '连接了 ::1，而陈述中提到 IPv6 已关闭'),
      },
    ],
    atMost: 'likely',
  })(context);
  if (found.length === 0) return ruledOut(context.node, say(texts.off), 'interfaces', 'disableIpv6');
  return found.map((f) =>
    f.status === 'present' ? { ...f, values: { ...f.values, path: '/etc/hosts' }, summary: say(texts.lostUnder) } : f,
  );
}
const ipv6ToldOff = any(
  off('ipv6.enabled'),
  off('lo.has-ipv6'),
  observed('ipv6.disabled-by', () => true),
  observed('sysctl.net.ipv6.conf.all.disable_ipv6', (value) => value === '1'),
  observed('sysctl.net.ipv6.conf.lo.disable_ipv6', (value) => value === '1'),
);

export const loMissingIpv6Address = defineCause({
  id: 'lo-missing-ipv6-address',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 0,
  title: { en: 'lo has lost its address ::1', zh: 'lo 丢失了 ::1 地址' },
  mechanism: {
    en: 'A script flushed the addresses of lo, lo came up while IPv6 was off, or IPv6 was switched off under running programs. kube-apiserver chooses ::1 for calls to itself at its start, when lo has it, and keeps to it; switching IPv6 on later does not always bring ::1 back until lo goes down and up.',
    zh: '某个脚本清空了 lo 的地址，lo 在 IPv6 关闭时启动，或者在程序运行期间关闭了 IPv6。kube-apiserver 启动时若 lo 有 ::1，就会选用它访问自己，并一直使用；之后再开启 IPv6，在 lo 重新启用之前不一定会恢复 ::1。',
  },
  summary: { en: 'IPv6 is switched on, yet lo carries no ::1.', zh: 'IPv6 已开启，但 lo 上没有 ::1。' },
  sources: [
    'ip-address(8)',
    'kernel net/ipv6/addrconf.c',
    'kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/server/config_selfclient.go',
    'kubernetes/kubernetes#95706',
  ],
  variantOf: [PARENT],
  confirms: [
    {
      en: 'disable_ipv6 is 0 for lo and for all, and `ip -6 addr show dev lo` shows no ::1',
      zh: 'lo 和 all 的 disable_ipv6 均为 0，但 `ip -6 addr show dev lo` 没有 ::1',
    },
    {
      en: 'a URL with [::1] itself is dialled and gives "cannot assign requested address"',
      zh: '直接连接含 [::1] 的 URL 时报 “cannot assign requested address”',
    },
  ],
  refutes: [
    {
      en: 'disable_ipv6 is 1: see localhost-ipv6-only-sysctl-persisted',
      zh: 'disable_ipv6 为 1：参见 localhost-ipv6-only-sysctl-persisted',
    },
  ],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Has lo the address ::1, and is IPv6 on there?', zh: 'lo 是否有地址 ::1？其上 IPv6 是否开启？' },
      command: 'ip -6 addr show dev lo; sysctl net.ipv6.conf.lo.disable_ipv6',
    },
  ],
  remedies: [
    { ...ipv6BackOnLo, command: 'ip -6 addr add ::1/128 dev lo', undo: 'ip -6 addr del ::1/128 dev lo' },
    nameOnIpv4Line,
    ipv4LineLast,
    ipv4LineFirst,
  ],
  check: (context) => {
    const { world } = context;
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      if (lines === undefined || netns === undefined) return [];
      if (ipv6OffOnLo(netns) === undefined && lostOnLo(view, netns, context.symptoms)) return [askSysctl(netns)];
      if (!affected(view, netns) || ipv6OffOnLo(netns) !== false) return [];
      const source = interfacesSource(netns);
      const lo = netns.disableIpv6['lo'];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: '/etc/hosts' },
          evidence: [
            { said: say(texts.noIpv6), ...(source === undefined ? {} : { source }), grade: 'strong' },
            ...(lo?.state === 'known' ? [{ said: say(texts.enabled), source: lo.source, grade: 'strong' as const }] : []),
          ],
          remedies: [ipv6LoRemedy(netns), ...ipv4LocalhostRemedies(view, lines)],
          explainsAnswer: wentToIpv6Loopback(view),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return selfCallLost(context);
  },
});

/** Nobody pasted the error: IPv6 is said to be off, and something to need an IPv6 socket. */
const toldNoSockets = evidenceCheck({
  confirm: [
    {
      when: all(
        any(
          off('ipv6.enabled'),
          stated(
            {
              whole:
                /ipv6\.disable=1|ipv6[^.;]*(?:disabled|off\b|none|not (?:available|loaded|supported|enabled)|blacklisted|no support|missing|absent|without)|(?:no|without) ipv6/iu,
            },
            { key: /^(?!.*\b(?:lo|loopback|address)\b).*ipv6/iu, value: 'no' },
          ),
        ),
        stated(
          {
            clause: [
              /\[::\]|:::\d|listen|bind|socket/iu,
              /\[::\]|:::\d|ipv6/iu,
              /cannot|fail|not |unable|crash|error|emerg|needs|requires/iu,
            ],
          },
          { whole: /address family not supported|eafnosupport|\(97:/iu },
        ),
      ),
      grade: 'direct',
      says: {
        en: 'IPv6 is stated to be off, and a component cannot open an IPv6 socket',
        zh: '陈述中提到 IPv6 已关闭，且组件无法打开 IPv6 套接字',
      },
    },
  ],
});

export const ipv6DisabledAtBoot = defineCause({
  id: 'ipv6-disabled-at-boot',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 0,
  title: { en: 'The kernel was started without IPv6', zh: '内核启动时禁用了 IPv6' },
  mechanism: {
    en: 'With ipv6.disable=1 there are no IPv6 sockets at all. Components that listen on [::] or are led to ::1 by the hosts file fail with "address family not supported by protocol".',
    zh: '使用 ipv6.disable=1 时根本无法创建 IPv6 套接字。监听 [::] 的组件，或被 hosts 文件引向 ::1 的组件，会报 “address family not supported by protocol”。',
  },
  summary: { en: 'The kernel has no IPv6 at all, and something needs it.', zh: '内核完全没有 IPv6，而某个组件需要它。' },
  sources: ['kernel Documentation/admin-guide/kernel-parameters.txt (ipv6.disable)', 'kubernetes/kubernetes#124686'],
  lookAlikes: [PARENT],
  confirms: [
    {
      en: '/proc/cmdline holds ipv6.disable=1, or /proc/net/if_inet6 is missing',
      zh: '/proc/cmdline 含有 ipv6.disable=1，或 /proc/net/if_inet6 不存在',
    },
    { en: 'errors say "address family not supported by protocol"', zh: '报错为 “address family not supported by protocol”' },
  ],
  refutes: [
    { en: 'ipv6.disable_ipv6=1 is only the sysctl: sockets can be made', zh: 'ipv6.disable_ipv6=1 只相当于 sysctl：仍可创建套接字' },
  ],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does the kernel command line switch IPv6 off (ipv6.disable=1)?', zh: '内核命令行是否关闭了 IPv6（ipv6.disable=1）？' },
      command: 'cat /proc/cmdline; ls /proc/net/if_inet6',
    },
  ],
  remedies: [
    nameOnIpv4Line,
    ipv4LineLast,
    ipv4LineFirst,
    {
      id: 'boot-parameter',
      title: {
        en: 'Replace ipv6.disable=1 by ipv6.disable_ipv6=1 in the boot loader',
        zh: '在引导配置中将 ipv6.disable=1 改为 ipv6.disable_ipv6=1',
      },
      risk: { en: 'needs a reboot: drain the node first', zh: '需要重启：请先驱逐节点上的 Pod' },
      safety: 'needs-a-person',
      command: "sed -i.bak 's/ipv6\\.disable=1/ipv6.disable_ipv6=1/' /etc/default/grub && grub2-mkconfig -o /boot/grub2/grub.cfg",
      undo: 'mv /etc/default/grub.bak /etc/default/grub && grub2-mkconfig -o /boot/grub2/grub.cfg',
      verify: ['cat /proc/net/if_inet6'],
    },
  ],
  signatures: [
    {
      id: 'ipv6-disabled-at-boot/afnosupport',
      anchors: ['address family not supported by protocol', 'Address family not supported by protocol'],
      pattern: /(?:address family not supported by protocol)/iu,
      grade: 'strong',
      matches: [
        'listen tcp [::]:8443: socket: address family not supported by protocol',
        'nginx: [emerg] socket() [::]:80 failed (97: Address family not supported by protocol)',
      ],
      rejects: ['dial tcp [::1]:80: connect: cannot assign requested address'],
    },
  ],
  check: (context) => {
    const { world, node, symptoms } = context;
    const cmdline = node.bootParameters;
    const atBoot = cmdline.state === 'known' && /(?:^| )ipv6\.disable=1(?: |$)/u.test(cmdline.value);
    const bootEvidence: readonly CauseEvidence[] = atBoot
      ? [{ said: say(texts.boot), source: withText(cmdline.source, 'ipv6.disable=1'), grade: 'strong' }]
      : [];
    const said = (s: { readonly kind: string; readonly errno?: string }): boolean =>
      s.errno === 'EAFNOSUPPORT' || s.kind === 'ipv6-disabled-at-boot/afnosupport';
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const noSocket = netns?.ipv6Socket.state === 'known' && !netns.ipv6Socket.value ? netns.ipv6Socket : undefined;
      if (noSocket === undefined && !atBoot) return [];
      const lines = localhostLines(view);
      const [line] = lines?.ipv6Loopback ?? [];
      const hosts: readonly CauseEvidence[] =
        line === undefined || !onlyIpv6(view)
          ? []
          : [{ said: say(texts.onlyIpv6, { path: '/etc/hosts' }), source: hostsSource(view, line), grade: 'strong' }];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: '/etc/hosts' },
          evidence: [
            ...bootEvidence,
            ...(noSocket === undefined ? [] : [{ said: say(texts.noSocket), source: noSocket.source, grade: 'strong' as const }]),
            ...hosts,
            ...heardBy(symptoms, said),
          ],
          ...(lines !== undefined && hosts.length > 0
            ? { remedies: [...ipv4LocalhostRemedies(view, lines), { id: 'boot-parameter' }] }
            : { remedies: [{ id: 'boot-parameter' }] }),
          explainsAnswer: (a) => a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'socket',
          explainsSymptom: (s) => said(s) || dialledIpv6Localhost(['EAFNOSUPPORT'])(s),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const heard = symptoms.find(said);
    if (heard === undefined) {
      const told = toldNoSockets(context);
      return told.some((f) => f.status === 'present') ? told : ruledOut(node, say(texts.off), 'interfaces', 'disableIpv6');
    }
    const [source] = heard.evidence;
    return [
      {
        status: 'present',
        evidence: [...bootEvidence, { said: say(texts.afnosupport), ...(source === undefined ? {} : { source }), grade: 'direct' }],
        values: { path: '/etc/hosts' },
        explainsSymptom: said,
        remedies: [{ id: 'boot-parameter' }],
        atMost: 'likely',
      },
    ];
  },
});

/** A program that was refused the family is a witness of its own. */
function heardBy(symptoms: readonly Symptom[], said: (s: Symptom) => boolean): readonly CauseEvidence[] {
  const source = symptoms.find(said)?.evidence[0];
  return source === undefined ? [] : [{ said: say(texts.afnosupport), source, grade: 'strong' }];
}

const withText = (source: Source, text: string): Source =>
  source.kind === 'file' || source.kind === 'command' ? { ...source, text } : source;
