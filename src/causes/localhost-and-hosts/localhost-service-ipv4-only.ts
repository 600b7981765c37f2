/** lo has ::1, localhost leads there, and the service listens on IPv4 only. */
import type { Source } from '../../facts/fact.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Listener, NetnsFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { removeNameFromLine } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, observed, off, on, stated, symptomWhere, t } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding, RemedyText } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import { HOSTS, dialledIpv6Localhost, hostsSource, isLocalhost, loHasIpv6, localhostLines, viewsOf } from '../_localhost.ts';
import { ipv4LineFirst, ipv4LineLast, ipv4LocalhostRemedies, nameOnIpv4Line } from '../_localhost-remedies.ts';

const texts = {
  line: { en: '{path} gives localhost the address {address}', zh: '{path} 把 localhost 指向 {address}' },
  ipv4Listener: { en: 'port {port} is listened on at {address} only', zh: '端口 {port} 只在 {address} 上监听' },
  none: { en: 'localhost has an IPv4 address, or the service listens on IPv6 too', zh: 'localhost 有 IPv4 地址，或者服务也监听 IPv6' },
  stops: {
    en: 'The client tries ::1 for localhost and stops there, while 127.0.0.1 would answer.',
    zh: '客户端对 localhost 只尝试 ::1 便停在那里，而 127.0.0.1 是有应答的。',
  },
  refused: { en: 'a dial of [::1] was refused', zh: '连接 [::1] 被拒绝' },
} as const;

/** Takes connections to 127.0.0.1 but none to ::1. */
const ipv4Only = (listeners: readonly Listener[], port: number): Listener | undefined => {
  const on = listeners.filter((l) => l.protocol === 'tcp' && l.port === port);
  const reaches6 = on.some((l) => l.family === 'inet6' && (l.address === '::' || l.address === '::1'));
  return reaches6 ? undefined : on.find((l) => l.family === 'inet' && (l.address === '0.0.0.0' || l.address.startsWith('127.')));
};

const onlyIpv6Lines = (view: ViewFacts): boolean => {
  const lines = localhostLines(view);
  return lines !== undefined && lines.ipv6Loopback.length > 0 && lines.ipv4Loopback.length === 0;
};

const refusedAtIpv6 =
  (view: ViewFacts) =>
  (a: ClientAnswer): boolean =>
    a.view === view.id &&
    isLocalhost(a.name) &&
    a.outcome.kind === 'fails' &&
    a.outcome.stage === 'listener' &&
    a.attempts[0]?.address.address === '::1';

interface Seen {
  readonly view: ViewFacts;
  readonly netns: NetnsFacts;
  readonly evidence: readonly CauseEvidence[];
  readonly port: number;
}

/** Views in which a failing answer was refused at ::1 while IPv4 listens on that port. */
function seenIn(view: ViewFacts, netns: NetnsFacts | undefined, answers: readonly ClientAnswer[]): Seen | undefined {
  const listeners = netns === undefined ? undefined : valueOf(netns.listeners);
  if (netns === undefined || listeners === undefined || loHasIpv6(netns) !== true) return undefined;
  for (const answer of answers.filter(refusedAtIpv6(view))) {
    const listener = answer.port === undefined ? undefined : ipv4Only(listeners, answer.port);
    if (listener === undefined || netns.listeners.state !== 'known') continue;
    const source: Source = netns.listeners.source;
    return {
      view,
      netns,
      port: listener.port,
      evidence: [{ said: say(texts.ipv4Listener, { port: listener.port, address: listener.address }), source, grade: 'strong' }],
    };
  }
  return undefined;
}

/** Somebody says that the service takes connections on an IPv4 address, or on IPv4 only. */
const listensOnIpv4 = stated({
  clause: [/\b(?:bound|bind|listen|serve)|监听/iu, /127\.0\.0\.1|0\.0\.0\.0|ipv4/iu, /^(?!.*(?:\[::\]|:::|dual|both|ipv6))/iu],
});
/** A health check, the API server or a call of localhost is said to fail. */
const localhostFailsTold = stated({
  clause: [
    /localhost|health|probe|kubelet|api ?server|control ?plane|scheduler|controller/iu,
    /fail|refus|time[sd]? ?-?out|hang|unhealthy|not (?:healthy|ready|reach|answer)|cannot|never|失败|超时|拒绝/iu,
  ],
});
const toldOnlyIpv6 = observed(
  'hosts.localhost',
  (value) => Array.isArray(value) && value.length > 0 && value.every((one) => one === '::1'),
);

/** Nobody saw the hosts file: 127.0.0.1 is said to work, or only it to be listened on, where ::1 refuses. */
const ipv4Works = any(
  stated(
    { key: /127[ .]0[ .]0[ .]1|ipv4/iu, value: 'yes' },
    { whole: /(?:127\.0\.0\.1|127 0 0 1|ipv4)[^;]*(?:works?\b|\bok\b|answers|succeeds|200|responds|only|正常|可以)/iu },
  ),
  listensOnIpv4,
  ({ node }) =>
    node.netns.some((n) => n.listeners.state === 'known' && n.listeners.value.some((l) => l.address.startsWith('127.')))
      ? { seen: 'yes', kind: 'state' }
      : { seen: 'unknown' },
);
const toldIpv4Only = evidenceCheck({
  confirm: [
    {
      when: all(
        symptomWhere((s) => dialledIpv6Localhost(['ECONNREFUSED'])(s)),
        ipv4Works,
      ),
      grade: 'direct',
      says: t('::1 refuses, and 127.0.0.1 is stated to work', '::1 拒绝连接，而陈述中提到 127.0.0.1 正常'),
    },
    {
      when: all(
        observed('lookup.localhost.addresses', (value) => Array.isArray(value) && value.includes('::1') && !value.includes('127.0.0.1')),
        listensOnIpv4,
      ),
      grade: 'direct',
      says: t('localhost is stated to lead to ::1, and the service to listen on IPv4', '陈述中提到 localhost 指向 ::1，而服务监听 IPv4'),
    },
    {
      when: all(toldOnlyIpv6, any(listensOnIpv4, localhostFailsTold)),
      grade: 'direct',
      says: t(
        'the hosts file is stated to give localhost the address ::1 only, and what is asked for under that name does not answer there',
        '陈述中提到 hosts 文件只把 localhost 指向 ::1，而以该名称访问的服务在那里没有应答',
      ),
    },
    {
      when: toldOnlyIpv6,
      grade: 'strong',
      says: t('the hosts file is stated to give localhost the address ::1 only', '陈述中提到 hosts 文件只把 localhost 指向 ::1'),
    },
  ],
  refute: [
    {
      when: observed(
        'hosts.localhost',
        (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one.startsWith('127.')),
      ),
      says: t('localhost is stated to lead to IPv4 only', '陈述中提到 localhost 只指向 IPv4'),
    },
    {
      when: any(off('lo.has-ipv6'), off('ipv6.enabled')),
      says: t('::1 is not there at all: see the causes of a missing ::1', '::1 根本不存在：参见缺少 ::1 的各项原因'),
    },
  ],
  asks: [
    ask(
      'on which family the port is listened on, and whether lo has ::1',
      '该端口监听在哪个地址族，以及 lo 上是否有 ::1',
      'ss -ltnp; ip -6 addr show dev lo; grep localhost /etc/hosts',
    ),
  ],
  atMost: 'likely',
});

export const localhostIpv6OnlyServiceIpv4Only = defineCause({
  id: 'localhost-ipv6-only-service-ipv4-only',
  area: 'localhost-and-hosts',
  severity: 'critical',
  layer: 1,
  title: { en: 'localhost leads to ::1 only, and the service listens on IPv4 only', zh: 'localhost 只解析到 ::1，而服务只监听 IPv4' },
  mechanism: {
    en: 'kubelet, kube-proxy, scheduler and controller-manager bind their health port on 127.0.0.1; the name localhost leads to ::1, where nothing listens.',
    zh: 'kubelet、kube-proxy、scheduler 和 controller-manager 的健康检查端口绑定在 127.0.0.1；名称 localhost 却指向 ::1，那里没有程序监听。',
  },
  summary: {
    en: 'localhost:{port} goes to ::1, but port {port} is served on IPv4 only.',
    zh: 'localhost:{port} 连接到 ::1，但端口 {port} 只在 IPv4 上提供服务。',
  },
  sources: ['rancher/rke services/healthcheck.go', 'kubernetes/kubernetes cmd/kubeadm'],
  lookAlikes: ['service-not-listening', 'localhost-ipv6-first-service-ipv4-only', 'localhost-ipv6-only-lo-without-ipv6'],
  consequenceOf: ['hosts-bom-or-invisible-bytes'],
  confirms: [
    { en: '/etc/hosts has localhost on the ::1 line only', zh: '/etc/hosts 中 localhost 只在 ::1 行' },
    {
      en: '`ss -ltn` shows 127.0.0.1:PORT and neither [::1]:PORT nor [::]:PORT',
      zh: '`ss -ltn` 显示 127.0.0.1:PORT，而没有 [::1]:PORT 或 [::]:PORT',
    },
  ],
  refutes: [{ en: 'nothing listens on the port at all: see service-not-listening', zh: '该端口完全没有监听：参见 service-not-listening' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is localhost in /etc/hosts beside ::1 only, and does the service listen on 127.0.0.1 only?',
        zh: '/etc/hosts 中 localhost 是否只对应 ::1？服务是否只监听 127.0.0.1？',
      },
      command: 'grep -n localhost /etc/hosts; ss -ltnp',
    },
  ],
  remedies: [nameOnIpv4Line, ipv4LineLast, ipv4LineFirst],
  check: (context) => {
    const { world, answers, symptoms } = context;
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      const [line] = lines?.ipv6Loopback ?? [];
      if (lines === undefined || line === undefined || lines.ipv4Loopback.length > 0) return [];
      const seen = seenIn(view, netns, answers);
      if (seen === undefined) return [];
      const hosts: CauseEvidence = {
        said: say(texts.line, { path: HOSTS, address: line.address }),
        source: hostsSource(view, line),
        grade: 'strong',
      };
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, port: seen.port },
          evidence: [hosts, ...seen.evidence],
          chain: [hosts, ...seen.evidence],
          remedies: ipv4LocalhostRemedies(view, lines),
          explainsAnswer: refusedAtIpv6(view),
          explainsSymptom: dialledIpv6Localhost(['ECONNREFUSED']),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const refused = symptoms.find(
      (s) => dialledIpv6Localhost(['ECONNREFUSED'])(s) && (s.name === undefined || isLocalhost(s.name)) && s.port !== undefined,
    );
    // The same refusal at 127.0.0.1 says that the service is down for both families.
    const both = symptoms.some(
      (s) => s.operation === 'dial' && s.address === '127.0.0.1' && s.port === refused?.port && s.errno === 'ECONNREFUSED',
    );
    const hostsKnown = viewsOf(world).some(({ view }) => localhostLines(view) !== undefined);
    const unheard = viewsOf(world).find(
      ({ view, netns }) => netns?.listeners.state === 'unobserved' && onlyIpv6Lines(view) && loHasIpv6(netns) !== false,
    );
    if (refused !== undefined && !both && unheard?.netns !== undefined) {
      return [
        { status: 'cannot-tell', because: say(texts.refused), needs: [{ kind: 'netns', netns: unheard.netns.id, fact: 'listeners' }] },
      ];
    }
    if (refused === undefined && !hostsKnown) {
      const plain = toldIpv4Only(context).filter((f) => f.status === 'present');
      if (plain.length > 0) return plain.map((f) => ({ ...f, values: { path: HOSTS, port: 0 } }));
    }
    if (refused === undefined || both || hostsKnown) return ruledOut(context.node, say(texts.none), '/etc/hosts', 'listeners');
    const told = toldIpv4Only(context);
    if (told.length > 0) return told.map((f) => (f.status === 'present' ? { ...f, values: { path: HOSTS, port: refused.port ?? 0 } } : f));
    return [
      {
        status: 'cannot-tell',
        because: say(texts.refused),
        needs: [
          { kind: 'file', view: 'host', path: HOSTS },
          { kind: 'netns', netns: 'host', fact: 'listeners' },
        ],
      },
    ];
  },
});

/** The port of the run that went to localhost, where one is shown. */
const portOfRun = ({ node }: CauseContext): number => node.runs.find((r) => isLocalhost(r.name) && r.port !== undefined)?.port ?? 0;

/** Programs of the site, not Kubernetes' own, whose health ports open late at every start. */
const applicationAtIpv6 = (s: Symptom): boolean =>
  dialledIpv6Localhost(['ECONNREFUSED'])(s) && /^(?:nginx|node|python|java|wget)$/u.test(s.client ?? '');
/** ::1 for localhost: told, or in a hosts file that was pasted with both lines. */
const ipv6LocalhostTold = any(
  observed('hosts.localhost', (value) => Array.isArray(value) && value.includes('::1') && value.length > 1),
  observed('lookup.localhost.addresses', (value) => Array.isArray(value) && value.includes('::1')),
  ({ node }) => {
    for (const view of node.views) {
      const [line] = localhostLines(view)?.ipv6Loopback ?? [];
      if (line !== undefined) return { seen: 'yes', kind: 'configuration', source: hostsSource(view, line) };
    }
    return { seen: 'unknown' };
  },
);

/** A run of a client that shows where it stopped: connected to ::1, or still trying it, and no answer; 127.0.0.1 answers. */
const stopsAtIpv6 = evidenceCheck({
  confirm: [
    {
      when: all(off('localhost.ipv6-works'), on('localhost.ipv4-works')),
      grade: 'direct',
      says: t('a request to ::1 gets no answer, the same one to 127.0.0.1 does', '对 ::1 的请求没有应答，对 127.0.0.1 的同一请求有应答'),
    },
    {
      when: all(off('localhost.ipv6-works'), off('localhost.name-works')),
      grade: 'strong',
      says: t('the client tries ::1 for localhost and gets no answer there', '客户端对 localhost 尝试 ::1，但没有得到应答'),
    },
    {
      when: all(off('localhost.name-works'), on('localhost.ipv4-works')),
      grade: 'strong',
      says: t('a request to localhost fails, the same one to 127.0.0.1 works', '访问 localhost 失败，访问 127.0.0.1 正常'),
    },
    {
      when: all(ipv6LocalhostTold, listensOnIpv4),
      grade: 'direct',
      says: t(
        'localhost is shown or stated with ::1, and the service is stated to listen on IPv4 only',
        '所示或陈述中 localhost 含 ::1，而陈述中提到服务只监听 IPv4',
      ),
    },
    {
      when: symptomWhere((s) => applicationAtIpv6(s)),
      grade: 'weak',
      says: t(
        'an application was refused at ::1, as one is that was given localhost while the server listens on IPv4 only',
        '应用连接 ::1 被拒绝：当它使用 localhost 而服务只监听 IPv4 时就是如此',
      ),
    },
  ],
  refute: [
    {
      when: any(
        off('ipv6.enabled'),
        off('lo.has-ipv6'),
        symptomWhere((s) => dialledIpv6Localhost(['EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'EAFNOSUPPORT'])(s)),
      ),
      says: t('::1 is not there at all: see the causes of a missing ::1', '::1 根本不存在：参见缺少 ::1 的各项原因'),
    },
    {
      when: any(
        all(off('localhost.ipv6-works'), off('localhost.ipv4-works')),
        symptomWhere((s) => s.operation === 'dial' && s.address === '127.0.0.1' && s.errno === 'ECONNREFUSED'),
      ),
      says: t('neither family answers: see service-not-listening', '两个地址族都没有应答：参见 service-not-listening'),
    },
  ],
  asks: [
    ask(
      'whether the same request to 127.0.0.1 answers, and on which family the port listens',
      '同一请求访问 127.0.0.1 是否有应答，以及该端口监听在哪个地址族',
      'curl -sv http://127.0.0.1:PORT/; ss -ltn; grep localhost /etc/hosts',
    ),
  ],
  atMost: 'likely',
});

const useIpv4Address: RemedyText = {
  id: 'use-ipv4-address',
  title: { en: 'Give the client 127.0.0.1 in place of the name', zh: '让客户端直接使用 127.0.0.1 而不是名称' },
  risk: { en: 'none', zh: '无' },
  safety: 'safe',
  command: 'curl -k https://127.0.0.1:{port}/',
  verify: ['curl -k https://127.0.0.1:{port}/'],
};

const nameOffIpv6Line: RemedyText = {
  id: 'name-off-ipv6-line',
  title: { en: 'Take localhost off the ::1 line of {path}', zh: '从 {path} 的 ::1 行去掉 localhost' },
  risk: { en: 'programs that want ::1 by the name localhost no longer get it', zh: '需要通过 localhost 得到 ::1 的程序将不再得到它' },
  safety: 'needs-a-person',
  verify: ['getent ahosts localhost'],
};

export const localhostIpv6FirstServiceIpv4Only = defineCause({
  id: 'localhost-ipv6-first-service-ipv4-only',
  area: 'localhost-and-hosts',
  severity: 'medium',
  layer: 1,
  title: { en: 'localhost offers ::1 first, and the client stops there', zh: 'localhost 先给出 ::1，而客户端止步于此' },
  mechanism: {
    en: 'localhost stands on both lines, so ::1 is offered first (RFC 6724); the listener or the forward exists for IPv4 only. A client that tries one address, or whose dial of ::1 hangs, never reaches 127.0.0.1.',
    zh: 'localhost 同时出现在两行中，因此 ::1 排在前面（RFC 6724）；而监听或转发只存在于 IPv4。只尝试一个地址的客户端，或连接 ::1 时一直挂起的客户端，永远到不了 127.0.0.1。',
  },
  summary: {
    en: 'The client tries ::1 for localhost:{port} and gives up, while IPv4 would answer.',
    zh: '客户端对 localhost:{port} 只尝试 ::1 便放弃，而 IPv4 是可以连通的。',
  },
  sources: ['RFC 6724'],
  lookAlikes: ['localhost-ipv6-only-service-ipv4-only', 'service-not-listening'],
  confirms: [
    { en: 'localhost stands on a 127.* line and on the ::1 line', zh: 'localhost 同时位于 127.* 行和 ::1 行' },
    { en: 'the port listens on IPv4 only, and the client is seen to stop at ::1', zh: '该端口只在 IPv4 上监听，且可见客户端停在 ::1' },
  ],
  refutes: [{ en: 'the client goes on to 127.0.0.1 and works', zh: '客户端会继续尝试 127.0.0.1 并成功' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does localhost give ::1 first, and does the service listen on 127.0.0.1 only?',
        zh: 'localhost 是否先得到 ::1？服务是否只监听 127.0.0.1？',
      },
      command: 'getent ahosts localhost; ss -ltnp; curl -v4 localhost:PORT; curl -v6 localhost:PORT',
    },
  ],
  remedies: [useIpv4Address, nameOffIpv6Line],
  check: (context) => {
    const { world, answers } = context;
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      const [line] = lines?.ipv6Loopback ?? [];
      if (lines === undefined || line === undefined || lines.ipv4Loopback.length === 0) return [];
      const seen = seenIn(view, netns, answers);
      if (seen === undefined) return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, port: seen.port },
          evidence: [
            { said: say(texts.line, { path: HOSTS, address: line.address }), source: hostsSource(view, line), grade: 'strong' },
            ...seen.evidence,
          ],
          remedies: [
            { id: useIpv4Address.id },
            { id: nameOffIpv6Line.id, edits: [removeNameFromLine(view.id, HOSTS, lines.file.text, line, 'localhost')] },
          ],
          explainsAnswer: refusedAtIpv6(view),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const stops = stopsAtIpv6(context).map((f): Finding =>
      f.status === 'present' ? { ...f, values: { ...f.values, path: HOSTS, port: portOfRun(context) }, summary: say(texts.stops) } : f,
    );
    return stops.length > 0 ? stops : ruledOut(context.node, say(texts.none), '/etc/hosts', 'listeners');
  },
});
