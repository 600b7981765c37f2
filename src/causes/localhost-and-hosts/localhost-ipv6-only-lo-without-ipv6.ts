import type { ViewFacts } from '../../facts/node-facts.ts';
import type { NetnsFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { say } from '../../shared/text.ts';
import { all, any, evidenceCheck, observed, off, t } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import {
  NO_IPV6_LOOPBACK,
  dialledIpv6Localhost,
  hostsSource,
  interfacesSource,
  isLocalhost,
  loHasIpv6,
  localhostLines,
  viewsOf,
  wentToIpv6Loopback,
} from '../_localhost.ts';
import { ipv4LineFirst, ipv4LineLast, ipv4LocalhostRemedies, ipv6BackOnLo, ipv6LoRemedy, nameOnIpv4Line } from '../_localhost-remedies.ts';

const texts = {
  onlyIpv6: { en: '{path} gives localhost the address ::1 and no IPv4 address', zh: '{path} 只把 localhost 指向 ::1，没有 IPv4 地址' },
  ipv4Line: { en: 'the line of 127.0.0.1 does not carry localhost', zh: '127.0.0.1 这一行没有 localhost' },
  noIpv6: { en: 'lo has no address ::1', zh: 'lo 上没有 ::1 地址' },
  dialled: { en: 'a program was given ::1 for localhost and could not reach it', zh: '程序解析 localhost 得到 ::1，但无法连接' },
  fine: {
    en: 'localhost has an IPv4 address in every hosts file, or lo has ::1',
    zh: '各 hosts 文件中 localhost 都有 IPv4 地址，或者 lo 上有 ::1',
  },
  noHosts: { en: 'the hosts file was not seen', zh: '未能看到 hosts 文件' },
} as const;

export const localhostIpv6OnlyLoWithoutIpv6 = defineCause({
  id: 'localhost-ipv6-only-lo-without-ipv6',
  area: 'localhost-and-hosts',
  severity: 'critical',
  layer: 1,
  title: { en: 'localhost leads to ::1 only, and lo has no ::1', zh: 'localhost 只解析到 ::1，而 lo 上没有 ::1' },
  mechanism: {
    en: 'The hosts file maps localhost to ::1 alone while the loopback interface has no IPv6 address. Every program that asks for any family (Go programs such as kube-apiserver, telnet) dials ::1 and fails. Without ::1 on lo kube-apiserver calls itself by the name localhost, so it dies too. Programs that ask for IPv4 only (old ping) still get 127.0.0.1, because glibc turns a ::1 line into 127.0.0.1 for them; that misleads.',
    zh: 'hosts 文件把 localhost 只映射到 ::1，而回环接口没有 IPv6 地址。凡是不限定地址族的程序（kube-apiserver 等 Go 程序、telnet）都会连接 ::1 并失败。lo 没有 ::1 时，kube-apiserver 用名称 localhost 访问自己，于是也会退出。只查询 IPv4 的程序（旧版 ping）仍能得到 127.0.0.1，因为 glibc 会为它们把 ::1 行转换成 127.0.0.1，这一点容易误导排查。',
  },
  summary: {
    en: 'localhost means ::1 here and nothing else, but lo carries no ::1: whoever dials localhost fails, although ping may work.',
    zh: '此处 localhost 只对应 ::1，但 lo 上没有 ::1：凡连接 localhost 的程序都会失败，尽管 ping 可能正常。',
  },
  sources: [
    'rancher/rke services/healthcheck.go',
    'kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/server/config_selfclient.go',
    'glibc nss/nss_files/files-hosts.c',
  ],
  lookAlikes: ['localhost-ipv6-only-service-ipv4-only', 'localhost-missing', 'service-not-listening', 'firewalld-active'],
  consequenceOf: ['hosts-bom-or-invisible-bytes', 'ipv6-disabled-at-boot', 'container-hosts-overmounted', 'lo-down'],
  confirms: [
    {
      en: '/etc/hosts has localhost on the ::1 line and on no 127.* line',
      zh: '/etc/hosts 中 localhost 只出现在 ::1 行，不在任何 127.* 行',
    },
    { en: '`ip -6 addr show dev lo` shows no ::1', zh: '`ip -6 addr show dev lo` 没有 ::1' },
    {
      en: 'a dial of [::1] fails with "no route to host", "cannot assign requested address" or "network is unreachable", on any port',
      zh: '连接 [::1] 的任意端口都报 “no route to host”、“cannot assign requested address” 或 “network is unreachable”',
    },
  ],
  refutes: [
    { en: 'a 127.* line carries localhost', zh: '某个 127.* 行带有 localhost' },
    { en: 'lo has ::1: see localhost-ipv6-only-service-ipv4-only', zh: 'lo 上有 ::1：参见 localhost-ipv6-only-service-ipv4-only' },
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is localhost in /etc/hosts beside ::1 only, and has lo the address ::1?',
        zh: '/etc/hosts 中 localhost 是否只对应 ::1？lo 是否有地址 ::1？',
      },
      command: 'grep -n localhost /etc/hosts; ip -6 addr show dev lo; sysctl net.ipv6.conf.lo.disable_ipv6',
    },
  ],
  remedies: [nameOnIpv4Line, ipv4LineLast, ipv4LineFirst, ipv6BackOnLo],
  signatures: [
    {
      id: 'localhost-ipv6-only-lo-without-ipv6/dial',
      anchors: ['dial tcp [::1]:', 'connect to address ::1'],
      pattern:
        /(?:dial tcp \[::1\]:(?<port>\d+): connect: |connect to address ::1: )(?:no route to host|cannot assign requested address|network is unreachable)/iu,
      grade: 'strong',
      matches: [
        'Get "https://localhost:6443/api": dial tcp [::1]:6443: connect: no route to host',
        'telnet: connect to address ::1: No route to host',
      ],
      rejects: ['dial tcp [::1]:6443: connect: connection refused', 'dial tcp 10.0.0.1:6443: connect: no route to host'],
    },
  ],
  check: (context) => {
    const findings = viewsOf(context.world).flatMap(({ view, netns }) => inView(view, netns, context.symptoms));
    if (findings.length > 0) return findings;
    return fromSymptoms(context);
  },
});

function inView(view: ViewFacts, netns: NetnsFacts | undefined, symptoms: readonly Symptom[]): readonly Finding[] {
  const lines = localhostLines(view);
  const [line] = lines?.ipv6Loopback ?? [];
  if (lines === undefined || line === undefined || lines.ipv4Loopback.length > 0 || lines.other.length > 0) return [];
  const hasIpv6 = loHasIpv6(netns);
  if (hasIpv6 === true || (netns?.ipv6Socket.state === 'known' && !netns.ipv6Socket.value)) return [];
  // The kernel's answer to a dial of ::1 tells as much as the list of addresses.
  const dialled = symptoms.find((s) => dialledIpv6Localhost(NO_IPV6_LOOPBACK)(s));
  if (netns === undefined || (hasIpv6 === undefined && dialled === undefined)) {
    return [{ status: 'cannot-tell', needs: [{ kind: 'netns', netns: view.netns, fact: 'interfaces' }] }];
  }
  const values = { path: '/etc/hosts', line: line.number };
  const [source] = hasIpv6 === undefined ? (dialled?.evidence ?? []) : [interfacesSource(netns)];
  const ipv4 = lines.all.find((l) => l.address === '127.0.0.1');
  const evidence: CauseEvidence[] = [
    { said: say(texts.onlyIpv6, values), source: hostsSource(view, line), grade: 'strong' },
    ...(ipv4 === undefined ? [] : [{ said: say(texts.ipv4Line), source: hostsSource(view, ipv4), grade: 'strong' as const }]),
    {
      said: say(hasIpv6 === undefined ? texts.dialled : texts.noIpv6),
      ...(source === undefined ? {} : { source }),
      grade: hasIpv6 === undefined ? 'direct' : 'strong',
    },
  ];
  return [
    {
      status: 'present',
      view: view.id,
      values,
      evidence,
      chain: evidence,
      remedies: [...ipv4LocalhostRemedies(view, lines), ipv6LoRemedy(netns)],
      explainsAnswer: wentToIpv6Loopback(view),
      explainsSymptom: (s) => dialledIpv6Localhost(NO_IPV6_LOOPBACK)(s) || healthcheckOfLocalhost(s),
    },
  ];
}

/** rke and kubeadm name only the URL that failed; the errno is in the component's own log. */
const healthcheckOfLocalhost = (s: { readonly operation: string; readonly name?: string; readonly errno?: string }): boolean =>
  isLocalhost(s.name) && s.errno === undefined && (s.operation === 'http' || s.operation === 'dial');

/** Nobody dialled yet, or no line of it is here: what a person says of the two settings. */
const toldOnlyIpv6 = evidenceCheck({
  confirm: [
    {
      when: all(
        observed(
          'hosts.localhost',
          (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one.includes(':')),
        ),
        any(
          off('lo.has-ipv6'),
          off('ipv6.enabled'),
          observed('ipv6.disabled-by', () => true),
        ),
      ),
      grade: 'direct',
      says: t(
        'the hosts file is stated to give localhost the address ::1 only, and IPv6 to be off',
        '陈述中提到 hosts 文件只把 localhost 指向 ::1，且 IPv6 已关闭',
      ),
    },
  ],
  atMost: 'likely',
});

/** Go dials 127.0.0.1 first where it has both, so a dial of ::1 that finds no such address says that localhost is ::1 alone. */
function fromSymptoms(context: CauseContext): readonly Finding[] {
  const matches = dialledIpv6Localhost(NO_IPV6_LOOPBACK);
  const symptom = context.symptoms.find(matches);
  if (symptom === undefined) {
    const told = toldOnlyIpv6(context);
    if (told.length > 0) return told;
    // rke's sshd says why its dial of localhost failed, and not which address that was.
    const unnamed = context.symptoms.some(
      (s) => isLocalhost(s.name) && s.address === undefined && s.errno !== undefined && NO_IPV6_LOOPBACK.includes(s.errno),
    );
    if (unnamed && !viewsOf(context.world).some(({ view }) => localhostLines(view) !== undefined)) {
      return [
        {
          status: 'cannot-tell',
          needs: [
            { kind: 'file', view: 'host', path: '/etc/hosts' },
            { kind: 'netns', netns: 'host', fact: 'interfaces' },
          ],
        },
      ];
    }
    return ruledOut(context.node, say(texts.fine), '/etc/hosts', 'interfaces');
  }
  const known = viewsOf(context.world).filter(({ view }) => localhostLines(view) !== undefined);
  if (known.some(({ view }) => (localhostLines(view)?.ipv4Loopback.length ?? 0) > 0))
    return [{ status: 'absent', because: say(texts.fine) }];
  const [source] = symptom.evidence;
  return [
    {
      status: 'present',
      evidence: [
        { said: say(texts.dialled), ...(source === undefined ? {} : { source }), grade: isLocalhost(symptom.name) ? 'direct' : 'strong' },
      ],
      values: { path: '/etc/hosts' },
      explainsSymptom: matches,
      remedies: [{ id: nameOnIpv4Line.id }, { id: ipv4LineFirst.id }, { id: ipv6BackOnLo.id }],
      atMost: 'likely',
    },
  ];
}
