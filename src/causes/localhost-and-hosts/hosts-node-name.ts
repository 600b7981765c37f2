/** The node's own name: on a loopback address, or nowhere. */
import { valueOf } from '../../facts/fact.ts';
import type { Source } from '../../facts/fact.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import type { HostsLine } from '../../facts/hosts-lines.ts';
import type { NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { appendLines } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, isLoopbackAddress, off, on, stated, symptomWhere, t } from '../_checks/index.ts';
import { HOSTS, hostsSource } from '../_localhost.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseEvidence } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  onLoopback: {
    en: '{path} line {line} gives the node name {name} the address {address}',
    zh: '{path} 第 {line} 行把节点名 {name} 指向 {address}',
  },
  advertised: { en: 'a component tells its peers a loopback address', zh: '某个组件向对等节点通告了回环地址' },
  fine: {
    en: 'nothing shows that a component advertises a loopback address because of the node name',
    zh: '没有迹象表明有组件因节点名而通告回环地址',
  },
  unresolved: { en: 'the node name {name} was looked up and not found', zh: '查询节点名 {name} 但没有找到' },
  noLine: { en: '{path} has no line for {name}', zh: '{path} 中没有 {name}' },
  resolves: { en: 'nobody complains about the node name', zh: '没有关于节点名的报错' },
} as const;

const hostView = (node: NodeFacts): ViewFacts | undefined => node.views.find((v) => v.kind === 'host');
const nodeName = (node: NodeFacts): string | undefined => valueOf(node.hostname) ?? valueOf(hostView(node)?.hostname);

function lineOf(node: NodeFacts, name: string): HostsLine | undefined {
  const fact = hostView(node)?.files[HOSTS];
  const text = fact === undefined ? undefined : valueOf(fact)?.text;
  return text === undefined ? undefined : hostsLines(text).find((l) => l.names.some((n) => n.toLowerCase() === name.toLowerCase()));
}

const fromSource = (source: Source | undefined): { readonly source?: Source } => (source === undefined ? {} : { source });
const firstSource = (s: Symptom): { readonly source?: NonNullable<CauseEvidence['source']> } => {
  const [source] = s.evidence;
  return source === undefined ? {} : { source };
};

/** A node that is registered with a loopback address as its own (kubectl get nodes -o wide). */
function loopbackOfNode(node: NodeFacts): Source | undefined {
  const hit = Object.entries(node.observations).find(
    ([key, fact]) =>
      /^kube\.node\..+\.internal-ip$/u.test(key) &&
      fact.state === 'known' &&
      typeof fact.value === 'string' &&
      isLoopbackAddress(fact.value),
  );
  return hit?.[1].state === 'known' ? hit[1].source : undefined;
}

const ADVERTISED = 'hosts-node-name-on-loopback/advertised';

export const hostsNodeNameOnLoopback = defineCause({
  id: 'hosts-node-name-on-loopback',
  area: 'localhost-and-hosts',
  severity: 'medium',
  layer: 1,
  title: { en: "The node's name leads to a loopback address", zh: '节点名指向回环地址' },
  mechanism: {
    en: 'Debian and Ubuntu write 127.0.1.1 for the host name. Components that resolve their own name (etcd, kubelet, Rancher agents) then tell peers a loopback address.',
    zh: 'Debian 和 Ubuntu 会为主机名写入 127.0.1.1。解析自身名称的组件（etcd、kubelet、Rancher agent）于是向对等节点通告回环地址。',
  },
  summary: {
    en: 'A component resolves the node name to a loopback address and tells it to its peers.',
    zh: '某个组件把节点名解析为回环地址并通告给对等节点。',
  },
  sources: ['debian-installer netcfg', 'kubernetes/kubernetes cmd/kubeadm/app/preflight (HostnameCheck)'],
  lookAlikes: ['etcd-bind-address-absent', 'wrong-interface-autodetected'],
  confirms: [
    { en: '`getent ahostsv4 "$(hostname)"` gives 127.*', zh: '`getent ahostsv4 "$(hostname)"` 返回 127.*' },
    {
      en: 'the component has no explicit node address, and peers were told a loopback address',
      zh: '组件没有显式指定节点地址，且对等节点收到了回环地址',
    },
  ],
  refutes: [{ en: 'node-ip, internal_address or an advertise address is set', zh: '已设置 node-ip、internal_address 或通告地址' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Which address has the node's own name in /etc/hosts: a loopback address (127.0.0.1, 127.0.1.1) or that of the node?",
        zh: '/etc/hosts 中节点自身名称对应哪个地址：回环地址（127.0.0.1、127.0.1.1）还是节点地址？',
      },
      command: 'grep -n "$(hostname)" /etc/hosts; getent ahosts "$(hostname)"',
    },
  ],
  remedies: [
    {
      id: 'explicit-address',
      title: {
        en: 'Set the node address in the component (--node-ip, internal_address, --apiserver-advertise-address)',
        zh: '在组件中显式设置节点地址（--node-ip、internal_address、--apiserver-advertise-address）',
      },
      risk: { en: 'restart of that component', zh: '需要重启该组件' },
      safety: 'needs-a-person',
      verify: ['kubectl get nodes -o wide'],
    },
    {
      id: 'name-on-lan-address',
      title: { en: 'Map the node name to its network address in {path}', zh: '在 {path} 中把节点名映射到网络地址' },
      risk: { en: 'local software that expects 127.0.1.1', zh: '依赖 127.0.1.1 的本地软件' },
      safety: 'needs-a-person',
      verify: ['getent ahostsv4 "$(hostname)"'],
    },
  ],
  signatures: [
    {
      id: ADVERTISED,
      anchors: ['127.0.1.1', '127.0.0.1', 'loopback address'],
      pattern:
        /(?:https?:\/\/127\.0\.1\.1:(?:2379|2380)\b|(?:initial-)?advertise-(?:client|peer)-urls[= ][^ ]*127\.0\.[01]\.1|node ?ip[^\n]{0,80}loopback address)/iu,
      grade: 'strong',
      matches: [
        'member list: etcd-node1 peerURLs=https://127.0.1.1:2380',
        'failed to validate nodeIP: node IP: "127.0.1.1" can\'t be loopback address',
      ],
      rejects: ['listening for metrics on http://127.0.0.1:2381'],
    },
  ],
  check: ({ node, symptoms }) => {
    const symptom = symptoms.find((s) => s.kind === ADVERTISED);
    const name = nodeName(node);
    const line = name === undefined ? undefined : lineOf(node, name);
    const view = hostView(node);
    const onLoopback = line !== undefined && isLoopbackAddress(line.address);
    const registered = loopbackOfNode(node);
    if ((symptom === undefined && registered === undefined) || (line !== undefined && !onLoopback))
      return ruledOut(node, say(texts.fine), '/etc/hosts');
    const hosts: readonly CauseEvidence[] =
      line === undefined || view === undefined || name === undefined
        ? []
        : [
            {
              said: say(texts.onLoopback, { path: HOSTS, line: line.number, name, address: line.address }),
              source: hostsSource(view, line),
              grade: 'strong',
            },
          ];
    return [
      {
        status: 'present',
        values: { path: HOSTS },
        evidence: [
          ...hosts,
          { said: say(texts.advertised), ...(symptom === undefined ? fromSource(registered) : firstSource(symptom)), grade: 'direct' },
        ],
        explainsSymptom: (s) => s.kind === ADVERTISED,
      },
    ];
  },
});

const isLookupOf = (s: Symptom): boolean => (s.operation === 'resolve' || s.operation === 'dns') && s.details?.['noise'] === undefined;
const isOwnNameLookup = (s: Symptom, name: string | undefined): boolean =>
  isLookupOf(s) && name !== undefined && s.name?.toLowerCase() === name.toLowerCase();
/** Programs that look up the name of their own node at their start. Source: kubeadm checks.go, kube-proxy server.go, k3s, etcd, kubelet cloud providers. */
const ASKS_OWN_NAME = /kubeadm|kubelet|kube-?proxy|k3s|rke2|etcd|kube-apiserver|sudo|rancher-?agent/iu;
/** A name without dots that a component of the node cannot find, and that no product serves: as a rule its own. */
const isShortNameLookup = (s: Symptom): boolean =>
  isLookupOf(s) &&
  s.name !== undefined &&
  /^[A-Za-z0-9][\w-]*$/u.test(s.name) &&
  !/^(?:localhost|kubernetes|rancher|rancher-metadata|registry|metrics-server|kube-dns|etcd|proxy|[a-z]+-(?:svc|service|db|mysql|redis))$/iu.test(
    s.name,
  ) &&
  (s.rcode === 'NXDOMAIN' ||
    ['EAI_NONAME', 'EAI_NODATA', 'no-such-host'].includes(s.details?.['code'] ?? '') ||
    /no such host|not known/u.test(s.evidence[0]?.text ?? '')) &&
  ASKS_OWN_NAME.test(`${s.component ?? ''} ${s.client ?? ''}`);
/** The API server asks a kubelet (port 10250, logs and exec) under the name of its node. Source: kubernetes pkg/kubelet/client (connection info). */
const isKubeletLookup = (s: Symptom): boolean =>
  isLookupOf(s) &&
  s.name !== undefined &&
  !/\.(?:svc|cluster\.local)$|^localhost$/iu.test(s.name) &&
  (s.port === 10_250 || s.evidence.some((e) => /error dialing backend|:10250\//u.test(e.text ?? '')));
/** The node of a cluster on a desktop has a name that its tool gave it, and that no DNS serves. */
const DESKTOP_NODE =
  /^(?:minikube(?:-m\d+)?|docker-(?:for-)?desktop|colima|lima-[\w-]+|[\w-]+-control-plane\d*|k3d-[\w-]+-(?:server|agent)-\d+)$/iu;
const isDesktopNodeLookup = (s: Symptom): boolean => isLookupOf(s) && s.name !== undefined && DESKTOP_NODE.test(s.name);
/** The warning of kubeadm alone stops nothing; together with a failing component, or a look-up of the very name, it does. */
const isSure = (symptoms: readonly Symptom[], shown: string, own: string | undefined): boolean =>
  symptoms.some((s) => isOwnNameLookup(s, own) || isKubeletLookup(s) || (s.terminal === true && isLookupOf(s) && s.name === shown));

const lookUpOwnName = ask(
  'whether the node resolves its own name',
  '节点能否解析自己的名称',
  'hostname; getent ahosts "$(hostname)"; cat /etc/hosts',
);

/** "the server cannot resolve the names of the workers", "the network has no DNS for host names". */
const namesOfNodesUnknown = stated({
  clause: [
    /host ?names?|(?:node|worker|agent|machine|server)(?:'s|s')? (?:own )?names?|names? of (?:the |its |a )?(?:nodes?|workers?|hosts?|machines?|agents?)/iu,
    /\bno dns\b|dns has no|(?:not|n't|cannot|never|no) (?:\w+ ){0,3}(?:resolv|known|in (?:the )?dns|found|look)|unresolvable|无法解析/iu,
  ],
});
const resolvableNot = stated({ key: /\bresolvable\b|\bresolves?\b/iu, value: /^(?:no|false|not)\b/iu });
const askedByName = any(
  symptomWhere((s) => isKubeletLookup(s)),
  stated({ clause: [/kubectl|logs?\b|exec\b|port-?forward|webhook|metrics/iu, /fail|error|not|n't|time ?out|refus|无法|失败/iu] }),
);

const toldUnresolvable = evidenceCheck({
  confirm: [
    {
      when: all(any(namesOfNodesUnknown, all(resolvableNot, stated({ key: /host ?name|node ?name/iu }))), askedByName),
      grade: 'direct',
      says: t(
        'the names of nodes are stated not to resolve, and what goes to nodes by name fails',
        '陈述中提到节点名称无法解析，且按名称访问节点的操作失败',
      ),
    },
    { when: namesOfNodesUnknown, grade: 'strong', says: t('the names of nodes are stated not to resolve', '陈述中提到节点名称无法解析') },
    { when: off('hostname.resolves'), grade: 'direct', says: t('the host name is stated not to resolve', '陈述中提到主机名无法解析') },
    {
      when: stated({
        whole:
          /(?:host ?name|node(?:'s)? (?:own )?name|own name)[^.;]*(?:not (?:in|resolv|found|reach)|unresolv|cannot be resolved|no (?:line|entry)|missing (?:in|from)|无法解析)|hosts[^:]*: .*no (?:line|entry) for (?:the )?(?:host ?name|node|[a-z]+-?\d+)/iu,
      }),
      grade: 'strong',
      says: t('the hosts file is stated to lack the node name', '陈述中提到 hosts 文件缺少节点名'),
    },
  ],
  refute: [{ when: on('hostname.resolves'), says: t('the host name resolves', '主机名可以解析') }],
  asks: [lookUpOwnName],
});

const UNREACHED = 'hosts-node-name-unresolvable/hostname';

export const hostsNodeNameUnresolvable = defineCause({
  id: 'hosts-node-name-unresolvable',
  area: 'localhost-and-hosts',
  severity: 'low',
  layer: 1,
  title: { en: 'The node cannot resolve its own name', zh: '节点无法解析自己的名称' },
  mechanism: {
    en: 'Neither the hosts file nor DNS knows the host name. kubeadm only warns; Rancher 1.x agents, cloud providers and sudo stop or wait.',
    zh: 'hosts 文件和 DNS 都不知道该主机名。kubeadm 只是警告；Rancher 1.x agent、云控制器和 sudo 会停止或等待。',
  },
  summary: { en: 'The node name {name} cannot be resolved on the node itself.', zh: '节点自身无法解析节点名 {name}。' },
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go', 'rancher/kubernetes-package package/entry.sh'],
  lookAlikes: ['resolv-no-usable-nameserver'],
  confirms: [
    {
      en: '`getent ahosts "$(hostname)"` gives nothing and /etc/hosts has no line for it',
      zh: '`getent ahosts "$(hostname)"` 没有结果，且 /etc/hosts 中没有对应的行',
    },
  ],
  refutes: [{ en: 'the name resolves', zh: '该名称可以解析' }],
  asks: [
    {
      kind: 'ask',
      what: { en: "Does the node's own name resolve on the node?", zh: '节点上能否解析节点自身的名称？' },
      command: 'getent ahosts "$(hostname)"; grep -n "$(hostname)" /etc/hosts',
    },
  ],
  remedies: [
    {
      id: 'add-line',
      title: { en: 'Add the address of the node and {name} to {path}', zh: '在 {path} 中加入节点地址与 {name}' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: 'echo "$(ip -4 route get 192.0.2.1 | sed -n \'s/.* src \\([^ ]*\\).*/\\1/p\') $(hostname)" >> /etc/hosts',
      undo: "sed -i '$d' /etc/hosts",
      verify: ['getent ahosts "$(hostname)"'],
    },
  ],
  signatures: [
    {
      id: UNREACHED,
      anchors: [
        'could not be reached',
        'hostname: Name or service not known',
        'unable to resolve host ',
        'hostname: No address associated',
        'hostname: Temporary failure',
        'hostname: Unknown host',
        'so node addresses will be stale',
        'get ip address of node',
      ],
      pattern:
        /(?:hostname "(?<name>[^"]+)" could not be reached|hostname: (?:Name or service not known|No address associated|Temporary failure in name resolution|Unknown host)|unable to resolve host (?<host>[^ :]+)|an't get ip address of node (?<node>[^ ,:]+)|failed to get ip address of node|could not find (?:the )?(?:ip )?address of (?:the )?(?:host|node) ?name)/u,
      grade: 'strong',
      matches: [
        '\t[WARNING Hostname]: hostname "node-7" could not be reached',
        'sudo: unable to resolve host node-7: Name or service not known',
        "Can't get ip address of node node-7, so node addresses will be stale: lookup node-7: no such host",
      ],
      rejects: ['the server could not be reached'],
    },
  ],
  check: (context) => {
    const { node, answers, symptoms } = context;
    const name = nodeName(node);
    const symptom =
      symptoms.find((s) => s.kind === UNREACHED) ??
      symptoms.find((s) => isOwnNameLookup(s, name) || isShortNameLookup(s) || isKubeletLookup(s) || isDesktopNodeLookup(s));
    const stated_ = toldUnresolvable(context);
    const failing =
      name === undefined ? undefined : answers.find((a) => a.name === name && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve');
    if (symptom === undefined && failing === undefined)
      return stated_.length > 0 ? stated_ : ruledOut(context.node, say(texts.resolves), '/etc/hosts');
    const shown =
      (symptom !== undefined && symptom.kind !== UNREACHED ? symptom.name : undefined) ??
      name ??
      symptom?.name ??
      symptom?.details?.['host'] ??
      symptom?.details?.['node'] ??
      '?';
    const line = lineOf(node, shown);
    const view = hostView(node);
    if (line !== undefined && view !== undefined && isLoopbackAddress(line.address) && symptom?.kind === UNREACHED)
      return [
        {
          status: 'present',
          values: { name: shown, path: HOSTS },
          evidence: [
            { said: say(texts.unresolved, { name: shown }), ...firstSource(symptom), grade: 'direct' },
            {
              said: say(texts.onLoopback, { path: HOSTS, line: line.number, name: shown, address: line.address }),
              source: hostsSource(view, line),
              grade: 'strong',
            },
          ],
          explainsSymptom: (s) => s.kind === UNREACHED || isOwnNameLookup(s, shown),
        },
      ];
    if (line !== undefined) return ruledOut(node, say(texts.resolves), '/etc/hosts');
    const fact = view?.files[HOSTS];
    const file = fact === undefined ? undefined : valueOf(fact);
    const address = view === undefined ? undefined : ownAddress(node, view);
    const sure = failing !== undefined || isSure(symptoms, shown, name) || stated_.length > 0;
    return [
      ...(sure || file !== undefined ? [] : [{ status: 'cannot-tell' as const, needs: [lookUpOwnName] }]),
      {
        status: 'present',
        values: { name: shown, path: HOSTS },
        evidence: [
          ...(file === undefined || view === undefined
            ? []
            : [
                {
                  said: say(texts.noLine, { path: HOSTS, name: shown }),
                  source: { kind: 'file' as const, path: HOSTS, view: view.id },
                  grade: 'strong' as const,
                },
              ]),
          {
            said: say(texts.unresolved, { name: shown }),
            ...(symptom === undefined ? {} : firstSource(symptom)),
            grade: sure ? 'direct' : 'strong',
          },
        ],
        ...(file === undefined || view === undefined || address === undefined
          ? {}
          : { remedies: [{ id: 'add-line', edits: [appendLines(view.id, HOSTS, file.text, [`${address} ${shown}`])] }] }),
        explainsAnswer: (a) => a.name === shown && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
        explainsSymptom: (s) => s.kind === UNREACHED || (s.name === shown && s.operation === 'resolve'),
      },
    ];
  },
});

/** The node's first IPv4 address that is not a loopback one. */
function ownAddress(node: NodeFacts, view: ViewFacts): string | undefined {
  const netns = node.netns.find((n) => n.id === view.netns);
  const interfaces = netns === undefined ? undefined : valueOf(netns.interfaces);
  return interfaces?.flatMap((i): readonly string[] =>
    i.addresses.filter((a) => a.family === 'inet' && !isLoopbackAddress(a.address)).map((a) => a.address),
  )[0];
}
