/** Rancher's agents and their server. Source: rancher/rancher package/run.sh, rancher-docs registered clusters and networking. */
import { all, any, ask, evidenceCause, isClusterDns, line, observed, off, on, product, stated, symptomWhere, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import { HOSTS } from '../_localhost.ts';
import { defineCause } from '../define-cause.ts';
import { nameInHostsOnly } from './_name-in-hosts.ts';

const pingFails = {
  id: 'agent-cannot-reach-server-url/ping',
  grade: 'direct',
  terminal: true,
  anchors: ['is not accessible (', '/ping is not accessible'],
  pattern: /(?<url>https?:\/\/[^ ]+)\/ping is not accessible/u,
  matches: ['ERROR: https://rancher.corp/ping is not accessible (Failed to connect to rancher.corp port 443: Connection refused)'],
  rejects: ['INFO: https://rancher.corp/ping is accessible'],
} as const;
const nameFails = symptomWhere((s) =>
  /ping is not accessible \((?:Could not resolve host|.{0,40}name or service not known)/iu.test(
    s.evidence.map((e) => e.text ?? '').join('\n'),
  ),
);
/** The name that an agent fails to look up stands in the hosts file of the node. */
const failingNameInHosts: Test = ({ node, symptoms }) => {
  const host = node.views.find((v) => v.kind === 'host');
  const file = host?.files[HOSTS];
  if (host === undefined || file?.state !== 'known') return { seen: 'unknown' };
  const failing = symptoms.flatMap((s) =>
    s.operation === 'resolve' && /agent|cattle/iu.test(s.component ?? '') ? [s.name?.toLowerCase()] : [],
  );
  const line = hostsLines(file.value.text).find((l) => l.names.some((name) => failing.includes(name.toLowerCase())));
  return line === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'configuration',
        source: { kind: 'file', path: HOSTS, view: host.id, line: line.number, text: line.text },
        values: { address: line.address, name: line.names[0] ?? '' },
      };
};
/** A look-up of an agent for the server: by its component, or by the paths that only agents ask for. */
const agentLookup = symptomWhere(
  (s, node) =>
    s.operation === 'resolve' &&
    s.name !== undefined &&
    !/(?:^|\.)(?:svc|cluster\.local)$|^localhost$|^rancher-metadata/iu.test(s.name) &&
    (/agent|cattle|fleet/iu.test(s.component ?? '') ||
      s.evidence.some((e) => /\/k8s\/clusters\/|\/v3\/connect|\/v3\/settings|wss?:\/\//u.test(e.text ?? ''))) &&
    (node.products.some((p) => p.name === 'rancher') || /cattle|fleet|rancher/iu.test(`${s.component ?? ''}${s.evidence[0]?.text ?? ''}`)),
);
/** … asked of the cluster DNS: the agent runs in the pod network. */
const agentAskedClusterDns = symptomWhere(
  (s, node) =>
    s.operation === 'resolve' && s.server !== undefined && isClusterDns(node, s.server) && /agent|cattle|fleet/iu.test(s.component ?? ''),
);
const agentLookupTold = stated({
  clause: [
    /agents?\b|cattle|fleet/iu,
    /resolv|look ?-?up|no such host|\bnames?\b|\bdns\b|解析/iu,
    /\bnot\b|n't|cannot|fail|unable|no such|unknown|无法|失败/iu,
  ],
});
/** What helped: the agent was given the node's resolver, or the name itself. */
const agentDnsHelped = stated({
  clause: [
    /dns ?policy|host ?aliases/iu,
    /agent|cattle|fleet|deployment|rancher/iu,
    /default|host|add|set|chang|cure|fix|help|solve|resolve[sd]|work/iu,
  ],
});
const onlyInHosts = any(
  all(on('rancher.name-in-hosts'), off('rancher.name-in-dns')),
  stated({
    clause: [
      /rancher|server|url|\bnames?\b|domain|host ?name/iu,
      /\b(?:only|from|by|via|through|just|added|put|resolved|lives?|stands?)\b[^,;]*(?:\/etc\/hosts|hosts[ -]?files?)/iu,
    ],
  }),
  stated({
    whole:
      /(?:rancher|server)[^.;]*(?:name|url|host)[^.;]*(?:only in|is in|added (?:to|in)|from) (?:the )?(?:nodes?'? ?)?\/?etc\/hosts|hosts file[^.;]*(?:rancher|has the name|only)|no dns (?:record|entry)[^.;]*(?:rancher|name)|仅在 hosts|hosts 文件中/iu,
  }),
);

export const agentCannotReachServerUrl = evidenceCause({
  id: 'agent-cannot-reach-server-url',
  area: 'rancher',
  severity: 'critical',
  layer: 8,
  title: t("The agent cannot reach Rancher's server URL", 'agent 无法访问 Rancher 的 server-url'),
  mechanism: t(
    'The agent asks SERVER-URL/ping from its own network and gets no answer: name, route, firewall or certificate on that way is wrong. The node itself may well reach it.',
    'agent 在自己的网络中请求 SERVER-URL/ping 但没有应答：途中的名称、路由、防火墙或证书有问题。而节点自身可能可以访问。',
  ),
  summary: t('The agent cannot reach the URL that Rancher gives it.', 'agent 无法访问 Rancher 提供的 URL。'),
  sources: ['rancher/rancher package/run.sh', 'rancher-docs: registered clusters'],
  lookAlikes: ['agent-name-only-in-hosts', 'resolv-loopback-stub-inherited', 'agent-ca-checksum-mismatch', 'coredns-upstream-unreachable'],
  consequenceOf: [
    'agent-name-only-in-hosts',
    'hosts-stale-entry',
    'nscd-stale-positive',
    'resolv-loopback-stub-inherited',
    'coredns-loop',
    'coredns-upstream-unreachable',
    'coredns-upstream-dead',
    'firewalld-active',
    'vxlan-udp-blocked',
    'mtu-mismatch',
  ],
  signatures: [pingFails],
  confirm: [
    {
      when: stated({ whole: /(?:agent|server-url|\/ping)[^.;]*(?:not reach|unreachable|cannot reach|no answer|timeout)/iu }),
      grade: 'strong',
      says: t('It is stated that the agent cannot reach the server.', '陈述中提到 agent 无法访问服务器。'),
    },
  ],
  asks: [
    ask(
      'whether the same request works from the node and from the container of the agent',
      '在节点和 agent 容器中同样的请求是否成功',
      'curl -vk SERVER-URL/ping; kubectl -n cattle-system exec deploy/cattle-cluster-agent -- curl -vk SERVER-URL/ping; kubectl -n cattle-system exec deploy/cattle-cluster-agent -- cat /etc/resolv.conf',
    ),
  ],
  remedies: [
    {
      id: 'open-way',
      title: t('Mend the link of the way that fails: name, route, firewall or certificate', '修复失败的环节：名称、路由、防火墙或证书'),
      risk: t('depends on the link', '取决于具体环节'),
      safety: 'needs-a-person',
      verify: ['curl -sk SERVER-URL/ping'],
    },
  ],
});

const nameOnlyInHostsByEvidence = evidenceCause({
  id: 'agent-name-only-in-hosts',
  area: 'rancher',
  severity: 'critical',
  layer: 8,
  title: t("Rancher's name stands only in the hosts files of the nodes", 'Rancher 的名称只存在于节点的 hosts 文件中'),
  mechanism: t(
    'Agents in the host network find the name in the hosts file of the node; the cluster agent in the pod network asks DNS, which does not know it.',
    '使用主机网络的 agent 能从节点的 hosts 文件找到该名称；而 Pod 网络中的 cluster agent 查询 DNS，DNS 不知道它。',
  ),
  summary: t('Pods cannot resolve the name of the Rancher server: it is in no DNS.', 'Pod 无法解析 Rancher 服务器的名称：DNS 中没有它。'),
  sources: ['rancher/rancher package/run.sh', 'rancher-docs: registered clusters'],
  lookAlikes: ['agent-cannot-reach-server-url', 'coredns-upstream-unreachable', 'resolv-loopback-stub-inherited'],
  confirm: [
    {
      when: all(
        any(
          nameFails,
          agentLookup,
          agentLookupTold,
          symptomWhere((s) => s.operation === 'resolve' && /agent|cattle/iu.test(`${s.component ?? ''}${s.evidence[0]?.text ?? ''}`)),
        ),
        onlyInHosts,
      ),
      grade: 'direct',
      says: t('The agent cannot resolve the name, which stands in hosts files only.', 'agent 无法解析该名称，它只存在于 hosts 文件中。'),
    },
    {
      when: failingNameInHosts,
      grade: 'direct',
      says: t(
        'The name that the agent cannot resolve stands in the hosts file of the node.',
        'agent 无法解析的名称存在于节点的 hosts 文件中。',
      ),
    },
    {
      when: onlyInHosts,
      grade: 'strong',
      says: t('The name stands in hosts files and not in DNS.', '该名称在 hosts 文件中而不在 DNS 中。'),
    },
    {
      when: all(any(nameFails, agentLookup, agentLookupTold), agentDnsHelped),
      grade: 'direct',
      says: t(
        'The agent cannot resolve the server, and another resolver or hostAliases cures it.',
        'agent 无法解析服务器，而更换解析方式或添加 hostAliases 后恢复。',
      ),
    },
    {
      when: agentAskedClusterDns,
      grade: 'strong',
      says: t(
        'The agent asked the cluster DNS for the name of the server, and got none.',
        'agent 向集群 DNS 查询服务器名称，但没有得到结果。',
      ),
    },
    { when: agentLookup, grade: 'strong', says: t('An agent cannot look up the name of the server.', 'agent 无法解析服务器名称。') },
    {
      when: agentLookupTold,
      grade: 'strong',
      says: t('It is stated that the agent cannot resolve the name.', '陈述中提到 agent 无法解析该名称。'),
    },
    { when: nameFails, grade: 'strong', says: t('The agent cannot resolve the name of the server.', 'agent 无法解析服务器名称。') },
  ],
  refute: [{ when: on('rancher.name-in-dns'), says: t('DNS knows the name.', 'DNS 中有该名称。') }],
  asks: [
    ask(
      "whether DNS knows Rancher's name, or only /etc/hosts of the nodes",
      'DNS 中是否有 Rancher 的名称，还是只在节点的 /etc/hosts 中',
      'dig +short RANCHER-NAME; grep RANCHER-NAME /etc/hosts',
    ),
  ],
  explains: [{ kind: 'agent-cannot-reach-server-url/' }],
  remedies: [
    {
      id: 'dns-record',
      title: t('Make a DNS record for the name', '为该名称创建 DNS 记录'),
      risk: t('none', '无'),
      safety: 'needs-a-person',
      verify: ['dig +short RANCHER-NAME'],
    },
    {
      id: 'host-aliases',
      title: t('Add hostAliases to the deployment of the agent', '为 agent 的 Deployment 添加 hostAliases'),
      risk: t('An upgrade overwrites it.', '升级会覆盖该修改。'),
      safety: 'safe',
      command:
        'kubectl -n cattle-system patch deploy cattle-cluster-agent -p \'{"spec":{"template":{"spec":{"hostAliases":[{"ip":"ADDRESS","hostnames":["RANCHER-NAME"]}]}}}}\'',
      undo: 'kubectl -n cattle-system patch deploy cattle-cluster-agent --type=json -p \'[{"op":"remove","path":"/spec/template/spec/hostAliases"}]\'',
      verify: ['kubectl -n cattle-system logs deploy/cattle-cluster-agent'],
    },
  ],
});

export const agentNameOnlyInHosts = defineCause({
  ...nameOnlyInHostsByEvidence,
  check: (context) => {
    const found = nameInHostsOnly(context);
    return found.length > 0 ? found : nameOnlyInHostsByEvidence.check(context);
  },
});

export const agentCaChecksumMismatch = evidenceCause({
  id: 'agent-ca-checksum-mismatch',
  area: 'rancher',
  severity: 'critical',
  layer: 8,
  title: t("Rancher's CA is not the one that the agent was registered with", 'Rancher 的 CA 与 agent 注册时的不一致'),
  mechanism: t(
    'The agent compares the CA that the server offers with the checksum of its registration. After a change of certificate, or with a proxy that answers in place of the server, they differ.',
    'agent 会将服务器提供的 CA 与注册时的校验和比较。更换证书后，或有代理代替服务器应答时，两者不一致。',
  ),
  summary: t('The checksum of the CA differs from the one in the registration.', 'CA 的校验和与注册信息中的不一致。'),
  sources: ['rancher/rancher package/run.sh'],
  lookAlikes: ['cert-ca-mismatch', 'agent-cannot-reach-server-url'],
  signatures: [
    {
      id: 'agent-ca-checksum-mismatch/sum',
      grade: 'direct',
      terminal: true,
      anchors: [
        'cacerts checksum',
        'does not match the ',
        'does not match given',
        'does not match checksum',
        'does not match --ca-',
        'Failed to pull the cacert',
        'does not look like an x509 certificate',
        'issuer certificate',
      ],
      pattern:
        /Configured cacerts checksum (?:[^ ]+ )?does not match given|cacerts[^.\n]{0,120}does not match (?:the )?(?:given )?(?:--?ca-)?checksum|Failed to pull the cacert from the rancher server settings|does not look like an x509 certificate/u,
      matches: ['ERROR: Configured cacerts checksum (1a2b) does not match given --ca-checksum (3c4d)'],
      rejects: ['INFO: Value from https://rancher.corp/v3/settings/cacerts is an x509 certificate'],
    },
    {
      id: 'agent-ca-checksum-mismatch/strict',
      grade: 'strong',
      anchors: ['CATTLE_CA_CHECKSUM', 'Certificate chain is not complete', 'is not valid for the certificate chain'],
      pattern: /Certificate chain is not complete|CATTLE_CA_CHECKSUM|is not valid for the certificate chain/u,
      matches: [
        'Certificate chain is not complete, please check if all needed intermediate certificates are included in the server certificate',
      ],
      rejects: ['certificate chain verified'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /ca-?certs?\b|ca[- _]?checksum|checksum|sha-?256/iu,
          /\bnot (?:the|that|equal|match)|differ|mismatch|another|other than|does(?: not|n't) match|\bold\b|不一致|不匹配/iu,
          /command|agents?\b|\bnodes?\b|regist|--ca-checksum|environment|rancher/iu,
        ],
      }),
      grade: 'direct',
      says: t('The checksum of the CA is stated not to be that of the agents.', '陈述中提到 CA 的校验和与 agent 的不一致。'),
    },
    { when: off('rancher.checksum-matches'), grade: 'direct', says: t('The checksums differ.', '校验和不一致。') },
    {
      when: all(
        observed('cert.ca-changed', (value) => value === true),
        symptomWhere((s) => s.operation === 'tls' && /agent|cattle|rancher/iu.test(`${s.component ?? ''}${s.evidence[0]?.text ?? ''}`)),
      ),
      grade: 'strong',
      says: t('The CA was changed, and agents refuse the server.', 'CA 已更换，agent 拒绝服务器。'),
    },
    {
      when: all(
        observed('cert.ca-changed', (value) => value === true),
        product('rancher', 'rancher1'),
        stated({ whole: /x509|certificate|checksum|cacerts|证书/iu }),
      ),
      grade: 'strong',
      says: t('The CA of Rancher was changed, and certificates are refused.', 'Rancher 的 CA 已更换，且证书被拒绝。'),
    },
  ],
  refute: [{ when: on('rancher.checksum-matches'), says: t('The checksums are equal.', '校验和一致。') }],
  asks: [
    ask(
      'the checksum of /v3/settings/cacerts and CATTLE_CA_CHECKSUM of the agent',
      '/v3/settings/cacerts 的校验和与 agent 的 CATTLE_CA_CHECKSUM',
      'curl -sk SERVER-URL/v3/settings/cacerts | jq -r .value | sha256sum; kubectl -n cattle-system get deploy cattle-cluster-agent -o yaml | grep -A1 CA_CHECKSUM',
    ),
  ],
  explains: [{ operation: 'tls' }],
  remedies: [
    {
      id: 'register-again',
      title: t('Run the current registration command, or update CATTLE_CA_CHECKSUM', '执行当前的注册命令，或更新 CATTLE_CA_CHECKSUM'),
      risk: t('The agents restart.', 'agent 会重启。'),
      safety: 'needs-a-person',
      verify: ['kubectl -n cattle-system logs deploy/cattle-cluster-agent'],
    },
  ],
});

export const websocketBlocked = evidenceCause({
  id: 'websocket-blocked',
  area: 'rancher',
  severity: 'high',
  layer: 8,
  title: t('A load balancer or proxy breaks websockets', '负载均衡或代理中断了 WebSocket'),
  mechanism: t(
    'Agents keep a websocket to Rancher. A balancer that does not pass the Upgrade header, or cuts idle connections, makes clusters flap; shells and logs in the UI fail.',
    'agent 与 Rancher 保持 WebSocket 连接。若负载均衡不转发 Upgrade 头或切断空闲连接，集群状态会反复变化，界面中的 shell 和日志也会失败。',
  ),
  summary: t('Websocket connections to Rancher are not let through.', '到 Rancher 的 WebSocket 连接不被放行。'),
  sources: ['rancher-docs: networking, load balancers', 'RFC 6455'],
  lookAlikes: ['agent-cannot-reach-server-url', 'mtu-mismatch', 'proxy-catches-internal-traffic'],
  signatures: [
    {
      id: 'websocket-blocked/handshake',
      grade: 'strong',
      anchors: ['websocket: bad handshake', 'Failed to connect to proxy', 'unable to upgrade connection', 'websocket: close 1006'],
      pattern: /websocket: bad handshake|Failed to connect to proxy|unable to upgrade connection|websocket: close 1006/u,
      matches: ['level=error msg="Failed to connect to proxy. Empty dialer response" error="websocket: bad handshake"'],
      rejects: ['Connecting to proxy url="wss://rancher.corp/v3/connect"'],
    },
  ],
  confirm: [
    {
      when: off('rancher.websocket-works'),
      grade: 'direct',
      says: t('An Upgrade request is not answered with 101.', 'Upgrade 请求没有得到 101 应答。'),
    },
    {
      when: all(
        line('websocket-blocked/handshake'),
        any(
          on('rancher.behind-load-balancer'),
          stated({ whole: /(?:load ?balancer|nginx|haproxy|f5|\blb\b|\balb\b|\belb\b|reverse proxy|ingress)/iu }),
        ),
      ),
      grade: 'direct',
      says: t('Handshakes fail, and Rancher stands behind a load balancer.', '握手失败，且 Rancher 位于负载均衡之后。'),
    },
  ],
  refute: [{ when: on('rancher.websocket-works'), says: t('An Upgrade request is answered with 101.', 'Upgrade 请求得到 101 应答。') }],
  asks: [
    ask(
      'what an Upgrade request through the load balancer is answered with',
      '经负载均衡的 Upgrade 请求得到什么应答',
      "curl -ski -N -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGVzdA==' SERVER-URL/v3/connect | head -1",
    ),
  ],
  explains: [{ operation: 'http' }],
  remedies: [
    {
      id: 'lb-headers',
      title: t(
        'Let the balancer pass Upgrade and X-Forwarded-Proto, with a long idle time-out',
        '让负载均衡转发 Upgrade 和 X-Forwarded-Proto，并设置较长的空闲超时',
      ),
      risk: t('reload of the balancer', '需要重载负载均衡'),
      safety: 'needs-a-person',
      verify: ['kubectl -n cattle-system logs deploy/cattle-cluster-agent'],
    },
  ],
});
