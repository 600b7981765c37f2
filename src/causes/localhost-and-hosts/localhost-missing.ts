import type { ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { parseAddress } from '../../model/address/address.ts';
import { appendLines } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, observed, on, stated, symptomWhere, t, line } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import { HOSTS, hostsSource, isLocalhost, loHasIpv6, localhostLines, viewsOf } from '../_localhost.ts';

const texts = {
  noLine: { en: '{path} has no line that carries the word localhost', zh: '{path} 中没有任何一行含有 localhost 这个词' },
  noAddress: {
    en: '{path} line {line} begins with {address}, which is no address, so resolvers skip the line',
    zh: '{path} 第 {line} 行以 {address} 开头，它不是地址，解析器会跳过该行',
  },
  noIpv4: {
    en: '{path} gives localhost no IPv4 address, so programs that want one ask DNS',
    zh: '{path} 没有为 localhost 提供 IPv4 地址，需要它的程序因此查询 DNS',
  },
  asked: { en: 'a program looked localhost up at a name server', zh: '程序向 DNS 服务器查询了 localhost' },
  hasLine: { en: 'the hosts files carry localhost', zh: 'hosts 文件中有 localhost' },
} as const;

/** Go never makes localhost up; a look-up of it at a server says that the hosts file did not give it. */
const lookedUp = (s: Symptom): boolean => isLocalhost(s.name) && s.operation === 'resolve' && s.details?.['noise'] === undefined;

const toldNoLine = observed('hosts.localhost', (value) => Array.isArray(value) && value.length === 0);
const toldIpv4Line = observed(
  'hosts.localhost',
  (value) => Array.isArray(value) && value.some((one) => typeof one === 'string' && one.startsWith('127.')),
);
/** The whole file is said not to be there. */
const toldNoFile = stated({
  clause: [
    /\b(?:etc )?hosts(?: file)?\b|\/etc\/hosts/iu,
    /\babsent|missing|\bnone\b|does(?: not|n't) exist|not (?:exist|present|there)|\bempty|\bno (?:\/etc\/)?hosts|without|(?:ships?|has|have|includes?|contains?|with) no\b|lacks?|not (?:write|ship|includ|creat)|缺少|没有|不存在/iu,
  ],
});
const toldLocalhostFails = stated({
  clause: [
    /\blocalhost\b/iu,
    /resolv|look ?-?up|\bknown\b|no such host|解析/iu,
    /\bnot\b|n't|cannot|fail|unable|unknown|no such|无法|失败/iu,
  ],
});
/** A component of the node asks a name server for localhost; with an image it may be its nsswitch.conf as well. */
const componentAsksDns = stated({
  clause: [
    /kube-?(?:apiserver|let|proxy|scheduler|controller)|api ?server|\betcd\b|k3s|rke2|kubeadm|felix|calico|flannel|controller[- ]manager/iu,
    /\blocalhost\b/iu,
    /resolv|look(?:s|ed|ing)?[ -]?up|quer(?:y|ies|ied)|\bask(?:s|ed)?\b/iu,
    /\b(?:on|at|from|to|via|with|in) (?:the |an? )?(?:external |upstream |public )?(?:dns|name ?servers?|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})/iu,
  ],
});
const askedFromDns = observed('lookup.localhost.asked-from-dns', () => true, { kind: 'statement' });

/** No hosts file at hand: a look-up of localhost in a log, or what a person says of the file. */
const toldMissing = evidenceCheck({
  confirm: [
    { when: symptomWhere(lookedUp), grade: 'direct', says: texts.asked },
    {
      when: all(
        toldNoLine,
        symptomWhere((s) => isLocalhost(s.name) && s.details?.['noise'] === undefined),
      ),
      grade: 'direct',
      says: t(
        'the hosts file is said to lack localhost, and a call of localhost fails',
        '陈述中提到 hosts 文件缺少 localhost，且对 localhost 的调用失败',
      ),
    },
    {
      when: all(
        toldNoFile,
        any(
          toldLocalhostFails,
          symptomWhere((s) => isLocalhost(s.name) && ['resolve', 'dns'].includes(s.operation)),
        ),
      ),
      grade: 'direct',
      says: t('there is said to be no hosts file, and localhost is not known', '陈述中提到没有 hosts 文件，且无法解析 localhost'),
    },
    {
      when: all(
        toldNoLine,
        stated({
          clause: [
            /kube-?(?:apiserver|let|proxy|scheduler|controller)|api ?server|\betcd\b|k3s|rke2|kubeadm|health|probe|felix/iu,
            /fail|not start|n't start|time[sd]? ?out|refus|crash|cannot|not ready|无法|失败/iu,
          ],
        }),
      ),
      grade: 'direct',
      says: t('the hosts file is said to lack localhost, and a component fails', '陈述中提到 hosts 文件缺少 localhost，且有组件失败'),
    },
    {
      when: all(toldNoLine, askedFromDns),
      grade: 'direct',
      says: t(
        'the hosts file is said to lack localhost, and DNS is asked for it',
        '陈述中提到 hosts 文件缺少 localhost，且程序向 DNS 查询它',
      ),
    },
    {
      when: componentAsksDns,
      grade: 'direct',
      says: t('it is stated that a component of the node asks DNS for localhost', '陈述中提到节点组件向 DNS 查询 localhost'),
    },
    { when: askedFromDns, grade: 'strong', says: t('it is stated that DNS is asked for localhost', '陈述中提到向 DNS 查询 localhost') },
    {
      when: toldLocalhostFails,
      grade: 'strong',
      says: t('it is stated that localhost is not resolved', '陈述中提到 localhost 无法解析'),
    },
    {
      when: toldNoLine,
      grade: 'strong',
      says: t('it is stated that the hosts file has no localhost', '陈述中提到 hosts 文件中没有 localhost'),
    },
  ],
  refute: [
    { when: toldIpv4Line, says: t('the hosts file is stated to have 127.0.0.1 localhost', '陈述中提到 hosts 文件有 127.0.0.1 localhost') },
    {
      when: line('nsswitch-hosts-without-files/go-order'),
      says: t(
        'Go says that it does not ask the hosts file first: see nsswitch-hosts-without-files',
        'Go 自述并非先查 hosts 文件：参见 nsswitch-hosts-without-files',
      ),
    },
    {
      when: on('nsswitch.image-missing'),
      says: t(
        'the image has no nsswitch.conf: see nsswitch-hosts-without-files',
        '镜像没有 nsswitch.conf：参见 nsswitch-hosts-without-files',
      ),
    },
    {
      when: on('lookup.localhost.foreign'),
      says: t(
        'DNS gives localhost a foreign address: see localhost-shadowed-by-dns-search',
        'DNS 为 localhost 给出外部地址：参见 localhost-shadowed-by-dns-search',
      ),
    },
  ],
  explains: [{ operation: 'resolve', name: /^localhost\.?$/iu }],
  asks: [
    ask(
      'the lines of the hosts file on the node and in the failing container',
      '节点与失败容器中 hosts 文件的内容',
      'cat /etc/hosts; cat /proc/PID/root/etc/hosts; getent ahosts localhost',
    ),
  ],
  atMost: 'likely',
});

export const localhostMissing = defineCause({
  id: 'localhost-missing',
  area: 'localhost-and-hosts',
  severity: 'critical',
  layer: 1,
  title: { en: 'The hosts file has no localhost', zh: 'hosts 文件中没有 localhost' },
  mechanism: {
    en: "Go's resolver and musl have no built-in localhost: without the line they ask DNS, which seldom knows it. Programs of glibc may still work where nsswitch.conf names myhostname or resolve, so programs on one node disagree.",
    zh: 'Go 的解析器和 musl 没有内置 localhost：缺少这一行时它们会查询 DNS，而 DNS 通常不知道它。若 nsswitch.conf 中有 myhostname 或 resolve，glibc 程序可能仍然正常，因此同一节点上的程序结果不一致。',
  },
  summary: {
    en: '{path} does not give localhost an address, so programs ask DNS for it.',
    zh: '{path} 没有为 localhost 提供地址，程序因此去查询 DNS。',
  },
  sources: ['Go src/net/conf.go', 'musl src/network/lookup_name.c', 'rancher/rancher#10188'],
  lookAlikes: ['hosts-bom-or-invisible-bytes', 'hosts-unreadable', 'container-hosts-overmounted', 'localhost-shadowed-by-dns-search'],
  consequenceOf: [
    'hosts-bom-or-invisible-bytes',
    'hosts-cr-line-endings',
    'hosts-unreadable',
    'container-hosts-overmounted',
    'localhost-shadowed-by-dns-search',
  ],
  confirms: [
    { en: 'no uncommented line of /etc/hosts carries the exact word localhost', zh: '/etc/hosts 中没有未注释的行含有 localhost 这个词' },
    {
      en: 'errors name a look-up of localhost: "lookup localhost on SERVER:53"',
      zh: '报错中出现对 localhost 的查询：“lookup localhost on SERVER:53”',
    },
  ],
  refutes: [
    {
      en: 'a line carries localhost; only a container lacks it: see container-hosts-overmounted',
      zh: '某一行含有 localhost；若只有容器缺少它：参见 container-hosts-overmounted',
    },
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is there a line 127.0.0.1 localhost in /etc/hosts, on the node and in the failing image?',
        zh: '节点和出错镜像的 /etc/hosts 中是否有 127.0.0.1 localhost 一行？',
      },
      command: 'cat /etc/hosts; getent ahostsv4 localhost',
    },
  ],
  remedies: [
    {
      id: 'add-lines',
      title: { en: 'Add 127.0.0.1 localhost to {path}', zh: '在 {path} 中加入 127.0.0.1 localhost' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: "cp -p /etc/hosts /etc/hosts.bak; echo '127.0.0.1 localhost localhost.localdomain' >> /etc/hosts",
      undo: 'cat /etc/hosts.bak > /etc/hosts',
      verify: ['getent ahosts localhost'],
    },
  ],
  signatures: [
    {
      id: 'localhost-missing/lookup',
      anchors: ['lookup localhost'],
      pattern: /lookup localhost\.?(?: on (?<server>[^ ]+))?: (?:no such host|read |.*timeout|server misbehaving)/u,
      grade: 'direct',
      matches: ['Get "http://localhost:10248/healthz": dial tcp: lookup localhost on 10.0.0.2:53: no such host'],
      rejects: ['dial tcp: lookup localhost.example.com on 10.0.0.2:53: no such host'],
    },
  ],
  check: (context) => {
    const { world } = context;
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      if (lines === undefined) return missingFile(view);
      const unread = lines.other.filter((line) => parseAddress(line.address) === undefined);
      if (lines.ipv4Loopback.length + lines.ipv6Loopback.length + lines.other.length > unread.length) return [];
      const wanted = [
        '127.0.0.1 localhost localhost.localdomain',
        ...(loHasIpv6(netns) === true ? ['::1 localhost ip6-localhost ip6-loopback'] : []),
      ];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS },
          evidence: [
            ...(unread.length === 0
              ? [
                  {
                    said: say(texts.noLine, { path: HOSTS }),
                    source: { kind: 'file', path: HOSTS, view: view.id },
                    grade: 'strong',
                  } as const,
                ]
              : unread.map((line): CauseEvidence => ({
                  said: say(texts.noAddress, { path: HOSTS, line: line.number, address: line.address }),
                  source: hostsSource(view, line),
                  grade: 'strong',
                }))),
            ...askedAServer(context.symptoms),
          ],
          remedies: [{ id: 'add-lines', edits: [appendLines(view.id, HOSTS, lines.file.text, wanted)] }],
          explainsAnswer: (a) => a.view === view.id && isLocalhost(a.name) && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
          explainsSymptom: lookedUp,
        },
      ];
    });
    if (findings.length > 0) return findings;
    const halves = onlyIpv6(context);
    if (halves.length > 0) return halves;
    const seen = viewsOf(world).some(({ view }) => localhostLines(view) !== undefined);
    const told = seen ? [] : toldMissing(context);
    return told.length > 0 ? told : ruledOut(context.node, say(texts.hasLine), '/etc/hosts');
  },
});

/** The very look-up that a missing line brings about. */
function askedAServer(symptoms: readonly Symptom[]): readonly CauseEvidence[] {
  const symptom = symptoms.find(lookedUp);
  if (symptom === undefined) return [];
  const [source] = symptom.evidence;
  return [{ said: say(texts.asked), ...(source === undefined ? {} : { source }), grade: 'direct' }];
}

/** localhost stands on the ::1 line alone, and a program that wants an IPv4 address went to a name server for it. */
function onlyIpv6({ world, symptoms }: CauseContext): readonly Finding[] {
  const asked = askedAServer(symptoms);
  if (asked.length === 0) return [];
  return viewsOf(world).flatMap(({ view }): readonly Finding[] => {
    const lines = localhostLines(view);
    const [line] = lines?.ipv6Loopback ?? [];
    if (lines === undefined || line === undefined || lines.ipv4Loopback.length + lines.other.length > 0) return [];
    return [
      {
        status: 'present',
        view: view.id,
        values: { path: HOSTS },
        summary: say(texts.noIpv4, { path: HOSTS }),
        evidence: [{ said: say(texts.noIpv4, { path: HOSTS }), source: hostsSource(view, line), grade: 'strong' }, ...asked],
        remedies: [{ id: 'add-lines', edits: [appendLines(view.id, HOSTS, lines.file.text, ['127.0.0.1 localhost'])] }],
        explainsSymptom: lookedUp,
        atMost: 'likely',
      },
    ];
  });
}

/** A hosts file that is not there at all is the same to every resolver as one without lines. */
function missingFile(view: ViewFacts): readonly Finding[] {
  const fact = view.files[HOSTS];
  if (fact?.state !== 'absent') return [];
  return [
    {
      status: 'present',
      view: view.id,
      values: { path: HOSTS },
      evidence: [{ said: say(texts.noLine, { path: HOSTS }), source: fact.source, grade: 'strong' }],
      remedies: [{ id: 'add-lines', edits: [appendLines(view.id, HOSTS, '', ['127.0.0.1 localhost localhost.localdomain'])] }],
      explainsAnswer: (a) => a.view === view.id && isLocalhost(a.name) && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
      explainsSymptom: lookedUp,
    },
  ];
}
