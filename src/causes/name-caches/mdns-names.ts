/** Names that end in .local: eaten by the mDNS module, or known to nobody else. */
import type { ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, line, observed, off, on, stated, symptom, symptomWhere, t } from '../_checks/index.ts';
import { appendLines } from '../../remedy/hosts-edits.ts';
import { valueOf } from '../../facts/fact.ts';
import { disagreementEvidence, disagreements, libcMisses } from '../_libc-against-dns.ts';
import { hostsDatabase, writeHostsDatabase } from '../_nsswitch.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const isLocalName = (name: string | undefined): name is string => name !== undefined && /\.local\.?$/iu.test(name);
/** HOST.local: nss-mdns and Avahi serve names of two labels; more labels are a zone of the site. Source: nss-mdns README (mdns_minimal). */
const isMulticastName = (name: string | undefined): boolean => name !== undefined && /^[^.]+\.local\.?$/iu.test(name);
const isClusterName = (name: string): boolean => /\.cluster\.local\.?$/iu.test(name);
const unresolvedLocal =
  (view: ViewFacts) =>
  (a: ClientAnswer): boolean =>
    a.view === view.id && isLocalName(a.name) && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve';

const texts = {
  line: t('{path} line {line} stops at {module} for names in .local', '{path} 第 {line} 行使 .local 名称止于 {module}'),
  fine: t('no mDNS module stands before dns, or no .local name fails', 'dns 之前没有 mDNS 模块，或没有 .local 名称失败'),
} as const;

export const nsswitchMdnsStopsLocal = defineCause({
  id: 'nsswitch-mdns-stops-local',
  area: 'name-caches',
  severity: 'medium',
  layer: 1,
  title: t('The mDNS module ends the search for names in .local', 'mDNS 模块中止了对 .local 名称的查询'),
  mechanism: t(
    'With `mdns4_minimal [NOTFOUND=return]` before dns and avahi running, a two-label name that ends in .local and that nobody answers by multicast is final: DNS, which knows it, is not asked. dig answers.',
    '当 dns 之前有 `mdns4_minimal [NOTFOUND=return]` 且 avahi 在运行时，若组播无人应答，两段的 .local 名称即被判定为不存在：不会再查询知道它的 DNS。dig 则有应答。',
  ),
  summary: t('{name} ends at the mDNS module; DNS is not asked.', '{name} 止于 mDNS 模块，没有查询 DNS。'),
  sources: ['nss-mdns README', 'nsswitch.conf(5)'],
  lookAlikes: ['name-only-in-mdns', 'nsswitch-hosts-without-dns'],
  confirms: [
    t(
      'the hosts line has mdns4_minimal [NOTFOUND=return] before dns, avahi runs, the name ends in .local, and DNS has it',
      'hosts 行中 dns 之前有 mdns4_minimal [NOTFOUND=return]，avahi 在运行，名称以 .local 结尾且 DNS 中存在',
    ),
  ],
  refutes: [t('the name is not under .local, or no avahi runs', '名称不以 .local 结尾，或没有运行 avahi')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does the line hosts of nsswitch.conf stop at multicast DNS (mdns4_minimal [NOTFOUND=return]) before dns, and does the name end in .local?',
        zh: 'nsswitch.conf 的 hosts 行是否在 dns 之前止于多播 DNS（mdns4_minimal [NOTFOUND=return]）？名称是否以 .local 结尾？',
      },
      command: 'grep ^hosts /etc/nsswitch.conf; dig +short NAME',
    },
  ],
  remedies: [
    {
      id: 'dns-first',
      title: t('Move dns before the mDNS module in {path}', '在 {path} 中把 dns 移到 mDNS 模块之前'),
      risk: t('names that only mDNS knows are asked from DNS first', '只有 mDNS 知道的名称会先查询 DNS'),
      safety: 'safe',
      command: "sed -i.bak 's/^hosts:.*/hosts: files dns mdns4_minimal/' /etc/nsswitch.conf",
      undo: 'mv /etc/nsswitch.conf.bak /etc/nsswitch.conf',
      verify: ['getent ahosts {name}'],
    },
  ],
  check: ({ node, answers }) => {
    const findings = node.views.flatMap((view): readonly Finding[] => {
      const database = hostsDatabase(view);
      const at = database?.words.findIndex((w) => w.startsWith('mdns')) ?? -1;
      const dns = database?.words.indexOf('dns') ?? -1;
      const byHand = disagreements(node, (one) => one.view.id === view.id && libcMisses(one) && isLocalName(one.name)).slice(0, 1);
      const failing = answers.find(unresolvedLocal(view)) ?? byHand[0];
      if (database?.line === undefined || at < 0 || dns < at || database.words[at + 1]?.startsWith('[') !== true || failing === undefined)
        return [];
      const module = database.words[at] ?? 'mdns';
      const words = [...database.words.slice(0, at), 'dns', ...database.words.slice(at).filter((w) => w !== 'dns')];
      const values = { path: '/etc/nsswitch.conf', line: database.line, module, name: failing.name };
      return [
        {
          status: 'present',
          view: view.id,
          values,
          evidence: [{ said: say(texts.line, values), source: database.source, grade: 'strong' }, ...byHand.map(disagreementEvidence)],
          remedies: [{ id: 'dns-first', edits: [writeHostsDatabase(view, database, words)] }],
          // Tried by hand, it needs no model to fail.
          ...(byHand.length > 0 && !answers.some(unresolvedLocal(view)) ? {} : { explainsAnswer: unresolvedLocal(view) }),
          explainsSymptom: (s) => isLocalName(s.name) && s.operation === 'resolve',
        },
      ];
    });
    if (findings.length > 0) return findings;
    const unseen = disagreements(node, (one) => libcMisses(one) && isLocalName(one.name) && hostsDatabase(one.view) === undefined)[0];
    return unseen === undefined
      ? ruledOut(node, say(texts.fine), '/etc/nsswitch.conf')
      : [{ status: 'cannot-tell', needs: [{ kind: 'file', view: unseen.view.id, path: '/etc/nsswitch.conf' }] }];
  },
});

/** In one view and for one .local name: a libc program gets an address, a Go program does not, and an mDNS module is on the hosts line. */
function libcKnowsGoDoesNot({ node, answers, allAnswers }: CauseContext): readonly Finding[] {
  return node.views.flatMap((view): readonly Finding[] => {
    const database = hostsDatabase(view);
    const failing = answers.find((a) => a.client === 'go' && unresolvedLocal(view)(a));
    const knowing =
      failing === undefined
        ? undefined
        : allAnswers.find(
            (a) => a.client !== 'go' && a.view === view.id && a.name === failing.name && a.resolution.outcome.kind === 'addresses',
          );
    if (
      database?.line === undefined ||
      !database.services.some((s) => s.startsWith('mdns')) ||
      failing === undefined ||
      knowing?.resolution.outcome.kind !== 'addresses'
    )
      return [];
    const address = knowing.resolution.outcome.addresses[0]?.address ?? '';
    const hosts = view.files['/etc/hosts'];
    const text = hosts === undefined ? undefined : valueOf(hosts)?.text;
    const values = { name: failing.name, address, client: knowing.client, other: failing.client };
    return [
      {
        status: 'present',
        view: view.id,
        values,
        evidence: [
          {
            said: say(
              t(
                '{client} gets {address} for {name}, {other} gets nothing',
                '对于 {name}，{client} 得到 {address}，而 {other} 什么也得不到',
              ),
              values,
            ),
            grade: 'direct',
          },
          {
            said: say(t('an mDNS module answers for libc programs', 'mDNS 模块为 libc 程序应答')),
            source: database.source,
            grade: 'strong',
          },
        ],
        remedies: [
          ...(text === undefined
            ? []
            : [{ id: 'hosts-line', edits: [appendLines(view.id, '/etc/hosts', text, [`${address} ${failing.name}`])] }]),
          { id: 'real-name' },
        ],
        explainsAnswer: unresolvedLocal(view),
        explainsSymptom: (s) => s.name === failing.name,
      },
    ];
  });
}

const localUrlFails = symptomWhere((s) => isMulticastName(s.name) && (s.operation === 'resolve' || s.operation === 'dns'));
const mdnsKnown = any(
  stated(
    { whole: /(?:mdns|avahi|bonjour|zeroconf|\.local[^a-z].*(?:ping|getent|resolv))/iu, value: 'yes' },
    { whole: /(?:avahi|mdns|bonjour)/iu },
  ),
  (context) =>
    context.node.views.some((v) => hostsDatabase(v)?.services.some((s) => s.startsWith('mdns')) === true)
      ? { seen: 'yes', kind: 'configuration' }
      : { seen: 'unknown' },
  stated({ whole: /ping[^:]*: .*(?:works|ok|resolv|answers|yes|true|succe|fine|可以|正常)/iu }),
  (context) =>
    context.node.runs.some((r) => isLocalName(r.name) && r.exitStatus === 0) ? { seen: 'yes', kind: 'comparison' } : { seen: 'unknown' },
);

const saidLocal = (value: unknown): boolean => typeof value === 'string' && isMulticastName(value);
const hostOfUrl = (value: unknown): string => (typeof value === 'string' ? (/^[a-z0-9+.-]+:\/\/([^:/ ]+)/iu.exec(value)?.[1] ?? '') : '');
/** A .local name in the evidence: of a failing call, of the join URL, or as somebody states it. */
const usesLocalName = any(
  observed('lookup.name-kind', (value) => value === 'mdns'),
  observed('lookup.name', saidLocal),
  observed('join.server-url', (value) => saidLocal(hostOfUrl(value))),
  observed('rancher.server-url', (value) => saidLocal(hostOfUrl(value))),
  symptomWhere((s) => isMulticastName(s.name)),
  stated({ value: /^(?:https?:\/\/)?[a-z0-9-]+\.local(?::\d+)?(?:[ ,/;]|$)/iu }),
);
const anyFailure = any(
  symptomWhere((s) => ['resolve', 'dns', 'http', 'tls', 'dial', 'pull'].includes(s.operation) && s.details?.['noise'] === undefined),
  line('join-server-url-wrong/'),
  off('lookup.go.works'),
  off('lookup.container.works'),
  stated({
    whole:
      /no such host|\b(?:not|cannot|can't|fails? to|unable to) (?:be )?(?:resolved?|found|look)|name (?:resolution|look-?up) fail|无法解析/iu,
  }),
);
/** Also of more labels than two, where somebody says that multicast DNS is at work. */
const multicastNameFails = all(
  symptomWhere((s) => isLocalName(s.name) && !isClusterName(s.name) && ['resolve', 'dns'].includes(s.operation)),
  stated({ whole: /avahi|m-?dns|multicast|bonjour|zeroconf/iu }),
);
const libcKnows = any(on('lookup.host.works'), on('lookup.glibc.works'), on('nsswitch.mdns'), on('process.avahi-daemon.running'));

export const nameOnlyInMdns = defineCause({
  id: 'name-only-in-mdns',
  area: 'name-caches',
  severity: 'high',
  layer: 1,
  title: t('A .local name that only multicast DNS knows', '只有组播 DNS 才知道的 .local 名称'),
  mechanism: t(
    "avahi answers the name through the NSS module mdns only. Go's own resolver asks the hosts file and unicast DNS, never that module; containers have neither the module nor the daemon. So ping works on the host and K3s, kubelet or an agent does not.",
    '该名称只由 avahi 通过 NSS 的 mdns 模块应答。Go 自带的解析器只查 hosts 文件和单播 DNS，从不使用该模块；容器里既没有模块也没有守护进程。因此在主机上 ping 正常，而 K3s、kubelet 或 agent 失败。',
  ),
  summary: t(
    '{name} is known to multicast DNS only, which Go programs and containers do not ask.',
    '{name} 只有组播 DNS 知道，而 Go 程序和容器不会查询它。',
  ),
  sources: ['k3s-io/k3s#1395', 'Go src/net/conf.go'],
  lookAlikes: ['nsswitch-mdns-stops-local', 'go-resolver-vs-libc'],
  confirms: [
    t(
      'the name ends in .local, libc finds it by mdns, hosts and unicast DNS do not have it',
      '名称以 .local 结尾，libc 通过 mdns 能找到，而 hosts 和单播 DNS 中没有',
    ),
  ],
  refutes: [t('unicast DNS or the hosts file has the name', '单播 DNS 或 hosts 文件中有该名称')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is the name (of .local) in the hosts file or in unicast DNS, or known to multicast DNS (avahi) only? Does the failing program use libc or a resolver of its own (Go with CGO disabled)?',
        zh: '该（.local）名称是否在 hosts 文件或单播 DNS 中，还是仅多播 DNS（avahi）知道？出错程序使用 libc 还是自带解析器（关闭 CGO 的 Go）？',
      },
      command: 'grep -n NAME /etc/hosts; dig +short NAME; avahi-resolve -n NAME; getent ahosts NAME',
    },
  ],
  remedies: [
    {
      id: 'hosts-line',
      title: t('Add a hosts line with a fixed address on every node', '在每个节点的 hosts 文件中加入固定地址'),
      risk: t('stale when the address changes', '地址变化后会失效'),
      safety: 'safe',
      command: 'echo "ADDRESS {name}" >> /etc/hosts',
      undo: "sed -i '/ {name}$/d' /etc/hosts",
      verify: ['getent ahosts {name}'],
    },
    {
      id: 'real-name',
      title: t('Use an address or a real DNS name in the server URL', '在 server URL 中使用地址或真正的 DNS 名称'),
      risk: t('the certificate must carry it (tls-san)', '证书必须包含该名称（tls-san）'),
      safety: 'needs-a-person',
      verify: ['curl -vk https://SERVER:6443/ping'],
    },
  ],
  check: (context) => {
    const live = libcKnowsGoDoesNot(context);
    if (live.length > 0) return live;
    const name = context.symptoms.find((s) => isLocalName(s.name) && !isClusterName(s.name))?.name;
    const findings = evidenceCheck({
      confirm: [
        {
          when: all(usesLocalName, anyFailure, any(libcKnows, mdnsKnown)),
          grade: 'direct',
          says: t(
            'a .local name works for ping on the node, and a Go program or a container fails with it',
            '.local 名称在节点上 ping 正常，而 Go 程序或容器使用它失败',
          ),
        },
        {
          when: multicastNameFails,
          grade: 'direct',
          says: t('a .local name that multicast DNS serves could not be looked up', '由组播 DNS 提供的 .local 名称解析失败'),
        },
        { when: localUrlFails, grade: 'strong', says: t('a program could not look up a name in .local', '程序无法解析 .local 名称') },
        {
          when: all(usesLocalName, any(libcKnows, mdnsKnown)),
          grade: 'strong',
          says: t('a .local name is used that libc knows', '使用了 libc 能解析的 .local 名称'),
        },
        {
          when: all(stated({ whole: /\.local(?![a-z]| domain)/iu }), stated({ whole: /avahi|mdns|multicast dns|bonjour|zeroconf/iu })),
          grade: 'strong',
          says: t('a .local name that avahi serves is used', '使用了由 avahi 提供的 .local 名称'),
        },
        { when: mdnsKnown, grade: 'strong', says: t('multicast DNS is in use here', '此处使用了组播 DNS') },
        {
          when: symptom({ operation: ['http', 'tls', 'dial'], name: /\.local\.?$/iu }),
          grade: 'hint',
          says: t('a .local URL fails', '.local 的 URL 失败'),
        },
      ],
      asks: [
        ask(
          'whether unicast DNS knows the name, and whether nsswitch.conf names mdns',
          '单播 DNS 是否知道该名称，以及 nsswitch.conf 是否含有 mdns',
          'dig NAME; getent ahosts NAME; grep ^hosts /etc/nsswitch.conf',
        ),
      ],
    })(context);
    const named =
      usesLocalName(context).seen === 'yes' ||
      multicastNameFails(context).seen === 'yes' ||
      stated({ whole: /\.local\b/iu })(context).seen === 'yes';
    return named ? findings.map((f) => (f.status === 'present' ? { ...f, values: { ...f.values, name: name ?? 'NAME' } } : f)) : [];
  },
});
