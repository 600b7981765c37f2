/** The servers that resolv.conf names: none, dead ones, ones that disagree, too many. */
import { valueOf } from '../../facts/fact.ts';
import type { DnsReply, NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { ClientAnswer, Need } from '../../model/types.ts';
import type { Edit } from '../../remedy/edit.ts';
import { say } from '../../shared/text.ts';
import {
  all,
  any,
  ask,
  evidenceCheck,
  isClusterDns,
  isLoopbackAddress,
  isLookup,
  observed,
  off,
  on,
  stated,
  symptom,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';
import { RESOLV_CONF, askEachServer, nameserverLine, resolvConf, resolvSource } from '../_resolv-conf.ts';
import type { Test } from '../_checks/index.ts';
import type { ResolvText } from '../_resolv-conf.ts';
import { siteNameTold } from '../_told-names.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding, RemedyText } from '../define-cause.ts';

const texts = {
  none: t('{path} names no server', '{path} 没有指定任何服务器'),
  silent: t('{server} gives no usable answer', '{server} 没有给出可用的应答'),
  answers: t('{server} answers', '{server} 有应答'),
  disagree: t(
    '{first} says {firstSays} and {second} says {secondSays} for {name}',
    '对于 {name}，{first} 回答 {firstSays}，而 {second} 回答 {secondSays}',
  ),
  fourth: t(
    '{path} names {count} servers; {server} is not among the first three',
    '{path} 指定了 {count} 个服务器；{server} 不在前三个之中',
  ),
  fine: t('the servers of resolv.conf answer', 'resolv.conf 中的服务器有应答'),
} as const;

const throughOwner: RemedyText = {
  id: 'at-the-owner',
  title: t(
    'Put working servers into {path} through its owner (DHCP, NetworkManager, netplan, systemd-resolved)',
    '通过 {path} 的管理者（DHCP、NetworkManager、netplan、systemd-resolved）写入可用的服务器',
  ),
  risk: t('names of a private zone may need the old servers', '私有域的名称可能仍需要旧的服务器'),
  safety: 'needs-a-person',
  command: 'head -5 /etc/resolv.conf; resolvectl status 2>/dev/null; nmcli dev show 2>/dev/null | grep DNS',
  verify: ['getent ahosts {name}'],
};

const unresolved =
  (view: ViewFacts) =>
  (a: ClientAnswer): boolean =>
    a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve';

/** What a finding explains. Where the model cannot tell, a look-up that somebody saw fail stands for itself. */
function explaining(context: CauseContext, answers: (a: ClientAnswer) => boolean): Pick<Finding & { status: 'present' }, 'explainsAnswer'> {
  const seen = context.node.observations['lookup.host.works'];
  return !context.answers.some(answers) && seen?.state === 'known' && seen.value === false ? {} : { explainsAnswer: answers };
}

/** A look-up that fails while servers stand on the list that were never asked: the other servers decide what is wrong. */
function unasked({ world, answers }: CauseContext): readonly Finding[] {
  const needs = answers.flatMap((answer): readonly Need[] => {
    const view = world.view(answer.view);
    const file = view === undefined ? undefined : resolvConf(view);
    if (view === undefined || file === undefined || !unresolved(view)(answer) || answer.resolution.queries.length === 0) return [];
    return askEachServer(world, view, file, answer.name);
  });
  return needs.length === 0 ? [] : [{ status: 'cannot-tell', needs }];
}

/** What each server of a view said, by server. */
function repliesOf(
  node: NodeFacts,
  view: ViewFacts,
): ReadonlyMap<string, readonly { readonly name: string; readonly type: string; readonly reply: DnsReply }[]> {
  const by = new Map<string, { readonly name: string; readonly type: string; readonly reply: DnsReply }[]>();
  for (const { netns, question, reply } of node.dns) {
    if (netns !== view.netns) continue;
    const list = by.get(question.server) ?? [];
    list.push({ name: question.name, type: question.type, reply });
    by.set(question.server, list);
  }
  return by;
}

const isDead = (replies: readonly { readonly reply: DnsReply }[] | undefined): boolean =>
  replies !== undefined && replies.length > 0 && !replies.some(({ reply }) => isUsable(reply));

/** REFUSED and SERVFAIL are answers that nobody can use (RFC 1035, 4.1.1). */
const isUsable = (reply: DnsReply): boolean => reply.kind === 'answer' && (reply.rcode === 'NOERROR' || reply.rcode === 'NXDOMAIN');

const withoutLine = (view: ViewFacts, file: ResolvText, address: string): Edit => {
  const line = nameserverLine(file, address);
  const lines = file.text.split('\n').filter((_, index) => index + 1 !== line?.number);
  return { edit: 'write-file', view: view.id, path: file.path, text: lines.join('\n'), command: `sed -e '${String(line?.number ?? 0)}d'` };
};

export const resolvEmptyOrMissing = defineCause({
  id: 'resolv-empty-or-missing',
  area: 'resolv-conf',
  severity: 'critical',
  layer: 1,
  title: t('resolv.conf names no server', 'resolv.conf 没有指定任何服务器'),
  mechanism: t(
    'With no nameserver line Go and glibc ask the local host, where usually nobody answers; kubelet copies the emptiness into pods with dnsPolicy Default. A misspelt keyword, a comment sign or a dangling link has the same effect.',
    '没有 nameserver 行时，Go 和 glibc 会询问本机，而那里通常无人应答；kubelet 会把空配置复制给 dnsPolicy 为 Default 的 Pod。关键字拼写错误、被注释或悬空链接效果相同。',
  ),
  summary: t('{path} names no server, so programs ask the local host.', '{path} 没有指定服务器，程序因此询问本机。'),
  sources: ['resolv.conf(5)', 'Go src/net/dnsconfig_unix.go', 'kubernetes/kubernetes pkg/kubelet/network/dns/dns.go'],
  lookAlikes: ['resolv-no-usable-nameserver', 'resolv-dangling-link-in-container'],
  confirms: [
    t(
      'the file is missing, empty, a dangling link, or has no valid nameserver line',
      '该文件不存在、为空、是悬空链接，或没有有效的 nameserver 行',
    ),
  ],
  refutes: [t('a nameserver line is there: see resolv-no-usable-nameserver', '存在 nameserver 行：参见 resolv-no-usable-nameserver')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is there a nameserver in resolv.conf, on the node and in the pod?',
        zh: '节点和 Pod 的 resolv.conf 中是否有 nameserver？',
      },
      command: 'ls -l /etc/resolv.conf; cat /etc/resolv.conf; kubectl exec POD -- cat /etc/resolv.conf',
    },
  ],
  remedies: [throughOwner],
  check: (context) => {
    const findings = context.node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const missing = view.files[RESOLV_CONF]?.state === 'absent';
      if (view.kind !== 'host' && !context.answers.some(unresolved(view))) return [];
      if (!missing && (file === undefined || file.nameservers.length > 0)) return [];
      // People show the one line that matters: where the search list is what is wrong, the file was cut.
      const cut = file !== undefined && file.lines.length > 0 && file.lines.every((l) => l.keyword === 'search' || l.keyword === 'domain');
      if (
        cut &&
        any(
          on('lookup.search-wildcard'),
          observed('lookup.heals-on', (value) => value === 'search-removed'),
        )(context).seen === 'yes'
      )
        return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: RESOLV_CONF, name: 'NAME' },
          evidence: [
            { said: say(texts.none, { path: RESOLV_CONF }), source: { kind: 'file', path: RESOLV_CONF, view: view.id }, grade: 'direct' },
          ],
          // On the node itself it is a fault also before anybody asks for a name: whatever pulls or joins next will.
          ...(view.kind === 'host' ? {} : { explainsAnswer: unresolved(view) }),
          explainsSymptom: (s) => isLookup(s) && (s.server === undefined || isLoopbackAddress(s.server)),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: on('resolv.missing'),
          grade: 'direct',
          says: t('there is no resolv.conf, or it names no server', 'resolv.conf 不存在，或没有指定服务器'),
        },
        {
          when: observed('resolv.nameserver-count', (value) => value === 0),
          grade: 'direct',
          says: t('resolv.conf has no nameserver line', 'resolv.conf 没有 nameserver 行'),
        },
        {
          when: symptomWhere((s) => isLookup(s) && s.server === '[::1]'),
          grade: 'strong',
          says: t(
            'a Go program asked [::1]:53, which it does only when no server is configured',
            'Go 程序询问了 [::1]:53，只有在没有配置服务器时才会如此',
          ),
        },
        {
          when: symptomWhere((s) => isLookup(s) && s.server === '::1'),
          grade: 'strong',
          says: t(
            'a Go program asked [::1]:53, which it does only when no server is configured',
            'Go 程序询问了 [::1]:53，只有在没有配置服务器时才会如此',
          ),
        },
      ],
      refute: [
        {
          when: observed('resolv.nameserver-count', (value) => typeof value === 'number' && value > 0),
          says: t('resolv.conf has nameserver lines', 'resolv.conf 有 nameserver 行'),
        },
      ],
      asks: [
        ask(
          'the nameserver lines of /etc/resolv.conf on the node',
          '节点上 /etc/resolv.conf 的 nameserver 行',
          'ls -l /etc/resolv.conf; cat /etc/resolv.conf',
        ),
      ],
    })(context);
  },
});

export const resolvFirstNameserverDead = defineCause({
  id: 'resolv-first-nameserver-dead',
  area: 'resolv-conf',
  severity: 'medium',
  layer: 1,
  title: t('The first name server does not answer', '第一个 DNS 服务器没有应答'),
  mechanism: t(
    'glibc and Go ask the servers in order and wait 5 seconds for each; musl asks all at once. So everything works, but late: slow ssh logins, dial time-outs, slow pulls.',
    'glibc 和 Go 依次询问服务器，每个等待 5 秒；musl 同时询问所有服务器。因此一切都能工作但很慢：ssh 登录慢、连接超时、拉取镜像慢。',
  ),
  summary: t(
    '{server} is silent, so each look-up waits for it before the next server answers.',
    '{server} 没有应答，每次查询都要先等待它，再由下一个服务器应答。',
  ),
  sources: ['resolv.conf(5)'],
  lookAlikes: ['nscd-hung', 'dns-conntrack-race', 'resolv-no-usable-nameserver'],
  confirms: [t('asked one by one, the first server is silent and another answers', '逐个询问时，第一个服务器无应答而另一个有应答')],
  refutes: [t('all servers answer at once', '所有服务器都立即应答')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does each server of resolv.conf answer, the first one too?', zh: 'resolv.conf 中的每个服务器是否都应答，包括第一个？' },
      command: "for s in $(awk '/^nameserver/{print $2}' /etc/resolv.conf); do dig +time=2 +tries=1 @$s NAME; done",
    },
  ],
  remedies: [
    {
      ...throughOwner,
      id: 'drop-server',
      title: t('Take {server} out of {path}', '从 {path} 中去掉 {server}'),
      risk: t('its owner may write it again', '其管理者可能会再次写入'),
      safety: 'safe',
    },
    {
      ...throughOwner,
      id: 'shorter-wait',
      title: t('Add options timeout:1 attempts:2 to {path}', '在 {path} 中加入 options timeout:1 attempts:2'),
      risk: t('less patience with slow servers', '对较慢的服务器等待时间更短'),
      safety: 'safe',
      command: 'echo "options timeout:1 attempts:2" >> /etc/resolv.conf',
      undo: "sed -i '$d' /etc/resolv.conf",
    },
  ],
  check: (context) => {
    const { node } = context;
    const findings = node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const replies = repliesOf(node, view);
      const [server] = file?.nameservers ?? [];
      const other = file?.nameservers.slice(1, 3).find((s) => replies.get(s)?.some(({ reply }) => reply.kind === 'answer') === true);
      if (file === undefined || server === undefined || other === undefined || !isDead(replies.get(server))) return [];
      const line = nameserverLine(file, server);
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: RESOLV_CONF, server, name: 'NAME' },
          evidence: [
            { said: say(texts.silent, { server }), source: resolvSource(view, file, line), grade: 'direct' },
            { said: say(texts.answers, { server: other }), source: resolvSource(view, file, nameserverLine(file, other)), grade: 'strong' },
          ],
          remedies: [{ id: 'drop-server', edits: [withoutLine(view, file, server)] }, { id: 'shorter-wait' }],
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: stated({ whole: /first (?:name ?server|dns)[^.;]*(?:dead|silent|unreachable|time|not answer|down)/iu }),
          grade: 'direct',
          says: t('the first name server does not answer', '第一个 DNS 服务器没有应答'),
        },
        {
          when: stated({
            clause: [/\b(?:5|five|10|ten)[- ]?s(?:ec|econds?)?\b|5 ?秒/iu, /look-?ups?|resolution|resolv|\bdns\b|解析/iu],
          }),
          grade: 'hint',
          says: t('look-ups take 5 seconds', '查询需要 5 秒'),
        },
      ],
      asks: [
        ask(
          'whether each server of resolv.conf answers, one by one',
          'resolv.conf 中的每个服务器是否应答（逐个检查）',
          'for s in $(sed -n "s/^nameserver //p" /etc/resolv.conf); do dig +time=2 +tries=1 @$s NAME; done',
        ),
      ],
    })(context);
  },
});

/** Names that exist for everybody: a "no such host" for one of them is the server's fault. */
const PUBLIC_NAME =
  /(?:^|\.)(?:docker\.(?:io|com)|quay\.io|gcr\.io|ghcr\.io|k8s\.io|kubernetes\.io|github\.com|githubusercontent\.com|google(?:apis)?\.com|amazonaws\.com|azurecr\.io|azure\.com|microsoft\.com|rancher\.(?:io|com)|k3s\.io|rke2\.io|letsencrypt\.org|ubuntu\.com|debian\.org|aliyuncs\.com|mirror\.[a-z0-9.-]+|registry\.[a-z0-9-]+\.[a-z]+)\.?$/iu;
/** "No such host", "Name or service not known": a definite answer, so some server works; it may just not know this name. */
const isDefiniteNo = (s: Symptom): boolean =>
  s.errno === undefined &&
  (s.rcode === 'NXDOMAIN' ||
    ['EAI_NONAME', 'EAI_NODATA', 'no-such-host'].includes(s.details?.['code'] ?? '') ||
    /Name or service not known|does not resolve|no such host|NXDOMAIN|Could not resolve host|unknown host|No address associated/iu.test(
      s.evidence[0]?.text ?? '',
    ));

const isFalse = (node: NodeFacts, key: string): boolean => {
  const fact = node.observations[key];
  return fact?.state === 'known' && fact.value === false;
};

/** A resolv.conf that kubelet wrote: in a view of a container, or by its search list of the cluster. */
const showsPodFile = (node: NodeFacts): boolean =>
  node.views.some((view) => {
    const file = resolvConf(view);
    return file !== undefined && (view.kind === 'container' || file.search.some((d) => /^svc\.|\.svc\./u.test(d)));
  });

/** Programs of the node itself: the runtime, kubelet, agents. Their names come from the node's own resolv.conf. */
const nodeLookup = symptomWhere(
  (s, node) =>
    isLookup(s) &&
    // Mounts name servers of the site or of the cluster: whether the node should know them is another question.
    s.client !== 'mount' &&
    s.details?.['noise'] === undefined &&
    !(s.server === undefined && isFalse(node, 'lookup.container-dns.works')) &&
    !/\.(?:cluster\.local|svc)\.?$|^localhost\.?$|^rancher-metadata\b|\.local\.?$/iu.test(s.name ?? '') &&
    !(s.server !== undefined && (isClusterDns(node, s.server) || s.server === '169.254.169.250')) &&
    !/coredns|kube-?dns|cattle|cluster-?agent/iu.test(s.component ?? '') &&
    !(s.evidence[0]?.text ?? '').includes('/ping is not accessible') &&
    // BusyBox's and musl's words: beside the resolv.conf of a pod they come from that pod. What the API server asks is the name of a node.
    !(/\bbad address\b/u.test(s.evidence[0]?.text ?? '') && showsPodFile(node)) &&
    !/error dialing backend|:10250\//u.test(s.evidence[0]?.text ?? '') &&
    (!isDefiniteNo(s) || PUBLIC_NAME.test(s.name ?? '') || s.evidence.some((e) => /\/v2\/|pull/u.test(e.text ?? ''))),
);
const publicLookup = symptomWhere((s) => isLookup(s) && s.name !== undefined && PUBLIC_NAME.test(s.name));
const privateLookup = symptomWhere((s) => isLookup(s) && s.name !== undefined && !PUBLIC_NAME.test(s.name));
/** A pull, by any words; that CoreDNS was asked for a registry is none. */
const pullFails = symptomWhere(
  (s) =>
    s.operation === 'pull' ||
    (!/coredns|kube-?dns/iu.test(s.component ?? '') &&
      s.evidence.some((e) =>
        /failed to (?:pull|resolve|do request)|ErrImagePull|ImagePullBackOff|error pulling image|pull access|registry-1\.docker\.io|\/v2\//iu.test(
          e.text ?? '',
        ),
      )),
);
/** One of the servers that the node's own file names has an answer that can be used. */
const ownServerAnswers: Test = ({ node }) => {
  const view = node.views.find((v) => v.kind === 'host');
  const servers = (view === undefined ? undefined : resolvConf(view))?.nameservers.slice(0, 3) ?? [];
  const hit = node.dns.find(
    ({ netns, question, reply }) =>
      netns === view?.netns && servers.includes(question.server) && reply.kind === 'answer' && reply.answers.length > 0,
  );
  return hit === undefined ? { seen: 'unknown' } : { seen: 'yes', kind: 'setting', source: hit.source ?? { kind: 'probe', probe: 'dns' } };
};

export const resolvNoUsableNameserver = defineCause({
  id: 'resolv-no-usable-nameserver',
  area: 'resolv-conf',
  severity: 'critical',
  layer: 1,
  title: t('No server of resolv.conf gives a usable answer', 'resolv.conf 中没有可用的 DNS 服务器'),
  mechanism: t(
    "The container runtime, kubelet and agents use the node's resolv.conf, not the cluster DNS. All its servers are silent, refuse, or know only one zone; pods with their own upstream may still resolve.",
    '容器运行时、kubelet 和 agent 使用节点的 resolv.conf，而不是集群 DNS。其中所有服务器都无应答、拒绝，或只知道某个域；而有自己上游的 Pod 可能仍能解析。',
  ),
  summary: t("The node's own name servers do not answer for names that exist.", '节点自己的 DNS 服务器无法解析存在的名称。'),
  sources: ['resolv.conf(5)', 'k3s-io/k3s#4858'],
  lookAlikes: ['resolv-empty-or-missing', 'resolv-first-nameserver-dead', 'coredns-upstream-unreachable', 'proxy-missing-for-egress'],
  consequenceOf: [
    'resolv-loopback-stub-inherited',
    'local-resolver-ignores-bridge',
    'resolv-empty-or-missing',
    'host-cannot-resolve-cluster-names',
    'hosts-node-name-unresolvable',
    'coredns-loop',
    'agent-name-only-in-hosts',
  ],
  confirms: [
    t(
      'asked one by one from the node, no server resolves a name that is known to exist',
      '在节点上逐个询问，没有服务器能解析已知存在的名称',
    ),
  ],
  refutes: [t('getent of the name works on the node', '在节点上 getent 能解析该名称')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does any server of resolv.conf answer from the node?', zh: '从节点上看，resolv.conf 中是否有任何服务器应答？' },
      command: "for s in $(awk '/^nameserver/{print $2}' /etc/resolv.conf); do dig +time=2 +tries=1 @$s NAME; done",
    },
  ],
  remedies: [throughOwner],
  check: (context) => {
    const { node, answers } = context;
    const findings = node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const replies = repliesOf(node, view);
      const servers = (file?.nameservers ?? []).slice(0, 3);
      const failing = answers.find((a) => unresolved(view)(a) && a.resolution.queries.length > 0);
      if (file === undefined || servers.length === 0 || failing === undefined || !servers.every((s) => isDead(replies.get(s)))) return [];
      const evidence: CauseEvidence[] = servers.map((server) => ({
        said: say(texts.silent, { server }),
        source: resolvSource(view, file, nameserverLine(file, server)),
        grade: 'direct',
      }));
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: RESOLV_CONF, name: failing.name },
          evidence,
          explainsAnswer: (a) => unresolved(view)(a) && a.resolution.queries.length > 0,
          explainsSymptom: (s) => isLookup(s),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: all(
            stated({
              clause: [
                /resolv\.?conf|name ?servers?|dns servers?|resolver/iu,
                /\b(?:wrong|old|stale|unreachable|dead|gone|removed|former|previous)\b|switched off|decommissioned|no longer|does(?: not|n't) exist|失效|错误/iu,
              ],
            }),
            stated({
              clause: [
                /kubelet|containerd|docker|\bnodes?\b|\bhosts?\b|pull|agent|server/iu,
                /resolv|look ?-?up|no such host|\bnames?\b|解析/iu,
                /\bnot\b|n't|cannot|fail|unable|no such|无法|失败/iu,
              ],
            }),
          ),
          grade: 'direct',
          says: t(
            'the name server of the node is stated to be a wrong one, and the node cannot resolve',
            '陈述中提到节点的 DNS 服务器有误，且节点无法解析',
          ),
        },
        {
          when: all(nodeLookup, pullFails),
          grade: 'direct',
          says: t('a program of the node cannot look up the registry', '节点上的程序无法解析镜像仓库的名称'),
        },
        { when: nodeLookup, grade: 'strong', says: t('a program of the node cannot look a name up', '节点上的程序无法解析名称') },
        {
          when: all(nodeLookup, any(off('lookup.host.works'), off('resolv.first-nameserver.works'))),
          grade: 'direct',
          says: t('a look-up fails, and the node is stated not to resolve', '解析失败，且陈述中提到节点无法解析'),
        },
        {
          when: all(
            any(off('lookup.host.works'), off('lookup.dns.works')),
            stated({
              whole: /(?:name ?server|dns|resolv)[^;]*(?:gone|old|dead|down|wrong|unreachable|stale|no longer|decommission|不可达|失效)/iu,
            }),
          ),
          grade: 'direct',
          says: t('the node cannot resolve, and its server is said to be gone', '节点无法解析，且陈述中提到其服务器已失效'),
        },
        {
          when: all(off('lookup.host.works'), siteNameTold),
          grade: 'direct',
          says: t('the node cannot resolve a name that its own servers should know', '节点无法解析其自身服务器应当知道的名称'),
        },
        {
          when: all(
            off('lookup.host.works'),
            without(({ node }) => (showsPodFile(node) ? { seen: 'yes', kind: 'configuration' } : { seen: 'unknown' })),
            without(
              any(
                on('lookup.dns.works'),
                on('lookup.container-dns.works'),
                on('lookup.container.works'),
                on('lookup.external-names.works'),
              ),
            ),
          ),
          grade: 'strong',
          says: t('it is stated that the node cannot resolve', '陈述中提到节点无法解析'),
        },
        {
          when: stated({
            whole:
              /^(?!.*(?:coredns|kube-?dns|corefile|upstream|forward))[^.;]*(?:name ?server|dns server|resolv[. ]conf|node(?:'s)? dns)[^.;]*(?:dead|down|unreachable|not (?:answer|respond|work|reach)|broken|wrong|refus|only one zone|switched off|shut down|gone|old server|decommission|no longer|stale|outdated|moved)/iu,
          }),
          grade: 'strong',
          says: t('it is stated that the name servers of the node do not work', '陈述中提到节点的 DNS 服务器不可用'),
        },
        {
          when: stated({
            whole:
              /(?:dig|getent|nslookup|ping|resol)[^:]*(?:on|from) (?:the )?(?:node|host)[^:]*: .*(?:fail|not|no |nxdomain|timeout|timed out|不)/iu,
          }),
          grade: 'strong',
          says: t('it is stated that the node itself cannot resolve', '陈述中提到节点自身无法解析'),
        },
      ],
      refute: [
        { when: on('lookup.host.works'), says: t('the name resolves on the node', '该名称在节点上可以解析') },
        {
          when: all(on('node.air-gapped'), publicLookup, without(privateLookup)),
          says: t('the node has no way out: public names are not meant to resolve', '节点与外网隔离：公网名称本就无法解析'),
        },
        { when: ownServerAnswers, says: t('a server of resolv.conf answers', 'resolv.conf 中有服务器给出应答') },
        {
          when: stated({
            whole:
              /(?:dig|getent|nslookup|ping|resol|curl)[^:]*(?:on|from) (?:the )?(?:node|host)[^:]*: .*(?:works?\b|ok\b|fine|resolves|succe|正常)/iu,
          }),
          says: t('the name resolves on the node', '该名称在节点上可以解析'),
        },
      ],
      asks: [
        ask(
          "whether the node's own name servers resolve the name",
          '节点自己的 DNS 服务器能否解析该名称',
          'cat /etc/resolv.conf; for s in $(sed -n "s/^nameserver //p" /etc/resolv.conf); do dig +time=2 +tries=1 @$s registry-1.docker.io; done',
        ),
      ],
      explains: [{ operation: 'pull' }],
    })(context);
  },
});

interface Denial {
  /** It says that there is no such name. */
  readonly first: string;
  readonly second: string;
  readonly name: string;
  readonly type: string;
}

/** Whose denial counts: glibc and Go believe the first server; musl asks all at once and believes whoever is quickest. */
function* pairs(view: ViewFacts, file: ResolvText, replies: ReturnType<typeof repliesOf>): Generator<Denial> {
  const servers = file.nameservers.slice(0, 3);
  const deniers = valueOf(view.libc)?.kind === 'musl' ? servers : servers.slice(0, 1);
  for (const first of deniers)
    for (const { name, type, reply } of replies.get(first) ?? [])
      if (reply.kind === 'answer' && reply.rcode === 'NXDOMAIN')
        for (const second of servers) if (second !== first) yield { first, second, name, type };
}

export const resolvServersDisagree = defineCause({
  id: 'resolv-servers-disagree',
  area: 'resolv-conf',
  severity: 'medium',
  layer: 1,
  title: t('The servers of resolv.conf have different views', 'resolv.conf 中的服务器视图不一致'),
  mechanism: t(
    'NXDOMAIN is final: nobody asks the next server after it. glibc and Go believe the first server, musl the fastest, so names of an internal zone come and go by client.',
    'NXDOMAIN 即为最终结果：之后不会再询问下一个服务器。glibc 和 Go 相信第一个服务器，musl 相信最快的，因此内部域的名称会因客户端不同而时有时无。',
  ),
  summary: t('{first} and {second} answer differently for {name}.', '{first} 与 {second} 对 {name} 的应答不同。'),
  sources: ['resolv.conf(5)', 'musl src/network/res_msend.c'],
  lookAlikes: ['resolv-first-nameserver-dead', 'hosts-stale-entry'],
  confirms: [
    t(
      'the same question to each server: one says NXDOMAIN, another has an answer',
      '向每个服务器提出同样的问题：一个回答 NXDOMAIN，另一个有应答',
    ),
  ],
  refutes: [t('all answer alike', '应答一致')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Do all servers of resolv.conf give the same answer for the name?',
        zh: 'resolv.conf 中的所有服务器对该名称的应答是否相同？',
      },
      command: "for s in $(awk '/^nameserver/{print $2}' /etc/resolv.conf); do dig +short @$s NAME; done",
    },
  ],
  remedies: [
    { ...throughOwner, id: 'one-view', title: t('List only servers of one view in {path}', '在 {path} 中只列出同一视图的服务器') },
  ],
  check: (context) => {
    const { node } = context;
    const findings = node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const replies = repliesOf(node, view);
      if (file === undefined) return [];
      for (const { first, name, type, second } of pairs(view, file, replies)) {
        const other = replies.get(second)?.find((r) => r.name === name && r.type === type)?.reply;
        if (other?.kind !== 'answer' || other.rcode !== 'NOERROR' || other.answers.length === 0) continue;
        const values = {
          path: RESOLV_CONF,
          first,
          firstSays: 'NXDOMAIN',
          second,
          secondSays: other.answers.map((r) => r.data).join(', '),
          name,
        };
        return [
          {
            status: 'present',
            view: view.id,
            values,
            evidence: [
              { said: say(texts.disagree, values), source: resolvSource(view, file, nameserverLine(file, first)), grade: 'direct' },
            ],
            remedies: [{ id: 'one-view', edits: [withoutLine(view, file, first)] }],
            ...explaining(context, (a) => unresolved(view)(a) && a.name.toLowerCase() === name),
            explainsSymptom: (s) => isLookup(s) && s.name?.toLowerCase() === name,
          },
        ];
      }
      return [];
    });
    if (findings.length > 0) return findings;
    const open = unasked(context);
    if (open.length > 0) return open;
    return evidenceCheck({
      confirm: [
        {
          when: stated({
            clause: [
              /\b(?:private|internal|own|intranet|company|corp(?:orate)?)\b|内部|内网/iu,
              /\bnames?\b|look-?ups?|resol|域名|解析/iu,
              /now and then|sometimes|intermittent|at random|every other|come and go|时有时无|偶尔/iu,
            ],
          }),
          grade: 'hint',
          says: t('internal names come and go', '内部名称时有时无'),
        },
        {
          when: stated({
            whole: /(?:server|resolver)[^.;]*(?:disagree|different (?:answer|view)|one (?:says|answers|returns)[^.;]*nxdomain)/iu,
          }),
          grade: 'direct',
          says: t('it is stated that the servers answer differently', '陈述中提到各服务器应答不同'),
        },
      ],
      asks: [
        ask(
          'what each server of resolv.conf answers for the name',
          'resolv.conf 中每个服务器对该名称的应答',
          'for s in $(sed -n "s/^nameserver //p" /etc/resolv.conf); do dig +short @$s NAME; done',
        ),
      ],
    })(context);
  },
});

export const resolvMoreThanThreeNameservers = defineCause({
  id: 'resolv-more-than-three-nameservers',
  area: 'resolv-conf',
  severity: 'low',
  layer: 1,
  title: t('The needed name server is the fourth or a later one', '所需的 DNS 服务器排在第四位或更后'),
  mechanism: t(
    'glibc and kubelet use three servers. Usually the warning about it is harmless; it is a fault only where the server that knows the name is cut off.',
    'glibc 和 kubelet 只使用三个服务器。相关警告通常无害；只有当知道该名称的服务器被截掉时才是故障。',
  ),
  summary: t(
    '{path} names more than three servers, and the one that knows the name is not used.',
    '{path} 指定了三个以上的服务器，而知道该名称的那个没有被使用。',
  ),
  sources: ['resolv.conf(5)', 'kubernetes/kubernetes pkg/kubelet/network/dns/dns.go'],
  lookAlikes: ['resolv-servers-disagree'],
  confirms: [
    t(
      'more than three nameserver lines, and the name resolves only at a later one',
      'nameserver 超过三行，且该名称只在靠后的服务器上可以解析',
    ),
  ],
  refutes: [t('the name resolves at one of the first three: the warning is noise', '该名称在前三个服务器之一可以解析：警告只是噪声')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'How many servers has resolv.conf, and is the one that knows the name among the first three?',
        zh: 'resolv.conf 中有几个服务器？知道该名称的服务器是否在前三个之中？',
      },
      command: 'grep -n ^nameserver /etc/resolv.conf',
    },
  ],
  remedies: [
    {
      ...throughOwner,
      id: 'trim-list',
      title: t('Trim the list of {path} to three, the needed one first', '把 {path} 的列表缩减为三个，并把所需的放在最前'),
    },
  ],
  check: (context) => {
    const { node } = context;
    const findings = node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      if (file === undefined || file.nameservers.length <= 3) return [];
      const replies = repliesOf(node, view);
      const knows = (server: string): boolean =>
        replies.get(server)?.some(({ reply }) => reply.kind === 'answer' && reply.answers.length > 0) === true;
      const server = file.nameservers.slice(3).find(knows);
      if (server === undefined || file.nameservers.slice(0, 3).some(knows)) return [];
      const values = { path: RESOLV_CONF, count: file.nameservers.length, server, name: 'NAME' };
      return [
        {
          status: 'present',
          view: view.id,
          values,
          evidence: [{ said: say(texts.fourth, values), source: resolvSource(view, file, nameserverLine(file, server)), grade: 'direct' }],
          ...explaining(context, unresolved(view)),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: stated({ whole: /(?:needed|internal|right|own)[^.;]*(?:fourth|4th|omitted|cut off|dropped)/iu }),
          grade: 'direct',
          says: t('it is stated that the needed server is cut off', '陈述中提到所需的服务器被截掉'),
        },
        {
          when: all(symptom({ text: /Nameserver limits (?:were )?exceeded/iu }), without(any(nodeLookup))),
          grade: 'hint',
          says: t('kubelet says that it left servers out', 'kubelet 提示省略了部分服务器'),
        },
        {
          when: all(
            observed('kube.event-reasons', (value) => Array.isArray(value) && value.includes('DNSConfigForming')),
            any(off('lookup.host.works'), off('lookup.container-dns.works')),
          ),
          grade: 'hint',
          says: t('kubelet left servers out, and a name fails', 'kubelet 省略了部分服务器，且有名称解析失败'),
        },
      ],
      refute: [{ when: on('lookup.host.works'), says: t('the name resolves: the warning is noise', '该名称可以解析：警告只是噪声') }],
      asks: [
        ask(
          'which of the servers of resolv.conf knows the name',
          'resolv.conf 中哪个服务器知道该名称',
          'for s in $(sed -n "s/^nameserver //p" /etc/resolv.conf); do echo "$s: $(dig +short @$s NAME)"; done',
        ),
      ],
      atMost: 'likely',
    })(context);
  },
});
