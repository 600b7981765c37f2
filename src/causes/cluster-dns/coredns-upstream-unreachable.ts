/** The node reaches the upstream server, the pod network does not. Source: coredns/coredns plugin/forward, plugin/errors; field knowledge. */
import {
  all,
  any,
  ask,
  evidenceCause,
  isClusterDns,
  isDial,
  isLookup,
  isLoopbackAddress,
  isRefused,
  isServiceAddress,
  isTimeout,
  isUnreachable,
  line,
  off,
  on,
  stated,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

/** CoreDNS asked somebody else and got nothing back. */
export const upstreamFails: Test = symptomWhere(
  (one, node) =>
    isLookup(one) &&
    /coredns|kube-?dns|dnsmasq/i.test(one.component ?? '') &&
    one.server !== undefined &&
    !isLoopbackAddress(one.server) &&
    !isClusterDns(node, one.server) &&
    (isTimeout(one) || isUnreachable(one) || isRefused(one)),
);

/** The same pods cannot reach the API's Service address either. */
const apiFailsToo: Test = symptomWhere(
  (one, node) =>
    isDial(one) &&
    /coredns|kube-?dns/i.test(one.component ?? '') &&
    one.address !== undefined &&
    isServiceAddress(node, one.address) &&
    (isTimeout(one) || isUnreachable(one)),
);

const clusterNamesWork: Test = any(
  on('lookup.cluster-names.works'),
  stated({
    key: /kubernetes.?default|cluster.?(?:name|service|internal)|internal.?name|service.?name|svc/,
    value: /^(?:resolv|work|ok|yes|true|fine|answer)/i,
  }),
);

/** The node asked that very server and got nothing. */
const silentToNode: Test = ({ node, symptoms }) => {
  const servers = symptoms.flatMap((s) =>
    s.kind === 'coredns-upstream-unreachable/errors-plugin' ? [s.details?.['server'] ?? s.server] : [],
  );
  const hit = node.dns.find(
    ({ netns, question, reply }) =>
      netns === 'host' && servers.includes(question.server) && reply.kind !== 'answer' && question.transport === 'udp',
  );
  return hit === undefined ? { seen: 'unknown' } : { seen: 'yes', kind: 'setting', source: hit.source ?? { kind: 'probe', probe: 'dns' } };
};

export const corednsUpstreamUnreachable = evidenceCause({
  id: 'coredns-upstream-unreachable',
  area: 'cluster-dns',
  severity: 'high',
  layer: 7,
  title: t('The DNS pods cannot reach the server they forward to', 'DNS Pod 无法访问其上游 DNS 服务器'),
  mechanism: t(
    'The upstream server answers the node but not the pod network: the packets of pods leave without masquerading, the server allows only the nodes, a firewall drops them, or the pod range overlaps the network of the server.',
    '上游服务器应答节点，却不应答 Pod 网络：Pod 的数据包未经地址转换就发出、服务器只允许节点访问、防火墙丢弃，或 Pod 网段与服务器所在网络重叠。',
  ),
  summary: t(
    'Names outside the cluster fail because the DNS pods get no answer from their upstream server.',
    '集群外名称解析失败，因为 DNS Pod 得不到上游服务器的应答。',
  ),
  sources: ['coredns/coredns plugin/errors/README.md', 'coredns/coredns plugin/forward/README.md'],
  lookAlikes: ['coredns-upstream-dead', 'coredns-loop', 'coredns-no-endpoints', 'firewalld-active', 'ufw-active', 'forward-policy-drop'],
  consequenceOf: ['firewalld-active', 'ufw-active', 'forward-policy-drop', 'ip-forward-off', 'cidr-overlap', 'nm-cloud-setup-enabled'],
  signatures: [
    {
      id: 'coredns-upstream-unreachable/errors-plugin',
      grade: 'strong',
      anchors: [
        'plugin/errors',
        'unreachable backend',
        ': i/o timeout',
        ' no route to host',
        ' connection refused',
        'network is unreachable',
        'operation not permitted',
      ],
      pattern:
        /(?:(?:plugin\/errors: \d+|\[ERROR\] \d+) [^ ]+ [A-Z0-9]+: (?:unreachable backend: )?|unreachable backend: )(?:read|write|dial) (?:udp|tcp) (?:[^ ]+->)?(?!127\.|\[::1\])(?<server>[0-9.]+|\[[0-9a-f:]+\]):\d+: (?:i\/o timeout|(?:read|write|connect): (?:no route to host|connection refused|network is unreachable|operation not permitted))/i,
      matches: [
        '[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.1.7:41234->192.0.2.53:53: i/o timeout',
        '[ERROR] plugin/errors: 2 12.34. HINFO: read udp 10.244.0.4:5353->192.0.2.53:53: read: no route to host',
        '2019/01/01 00:00:00 [ERROR] 2 example.org. AAAA: unreachable backend: read udp 10.42.0.9:1->192.0.2.53:53: i/o timeout',
      ],
      rejects: [
        '[ERROR] plugin/errors: 2 example.org. A: read udp 127.0.0.1:41234->127.0.0.53:53: i/o timeout',
        '[INFO] plugin/reload: Running configuration',
      ],
    },
  ],
  lines: [
    {
      id: 'coredns-upstream-unreachable/api-awaited',
      grade: 'weak',
      anchors: ['Still waiting on: "kubernetes"', 'waiting for Kubernetes API', 'waiting for kubernetes API'],
      pattern: /plugin\/ready: Still waiting on: "kubernetes"|waiting for [Kk]ubernetes API/,
      matches: [
        '[INFO] plugin/ready: Still waiting on: "kubernetes"',
        '[WARNING] plugin/kubernetes: waiting for Kubernetes API before starting server',
      ],
      rejects: ['[INFO] plugin/reload: Running configuration'],
    },
  ],
  confirm: [
    {
      when: all(
        any(upstreamFails, line('coredns-upstream-unreachable/errors-plugin')),
        any(on('lookup.host.works'), on('lookup.dns.works')),
      ),
      grade: 'direct',
      says: t(
        'The DNS pods get no answer from the upstream server, while the node resolves the same names.',
        'DNS Pod 得不到上游服务器的应答，而节点能解析同样的名称。',
      ),
    },
    {
      when: all(
        any(upstreamFails, line('coredns-upstream-unreachable/errors-plugin')),
        any(on('lookup.cluster-names.works'), off('lookup.external-names.works')),
      ),
      grade: 'direct',
      says: t(
        'The DNS pods get no answer from the upstream server; cluster names resolve and outside names do not.',
        'DNS Pod 得不到上游服务器的应答；集群内名称可解析，集群外名称不可解析。',
      ),
    },
    {
      when: all(any(off('lookup.container-dns.works'), off('lookup.container.works')), on('lookup.host.works'), clusterNamesWork),
      grade: 'strong',
      says: t(
        'Pods resolve cluster names only, while the node resolves outside names.',
        'Pod 只能解析集群内名称，而节点能解析集群外名称。',
      ),
    },
    {
      when: upstreamFails,
      grade: 'strong',
      says: t('The DNS pods get no answer from their upstream server.', 'DNS Pod 得不到上游服务器的应答。'),
    },
    {
      when: all(
        stated({
          clause: [
            /name ?server|dns ?server|resolver|upstream|port 53/iu,
            /firewall|blocks?|filter|accepts?|allows?|answers?|only|vpn|acl/iu,
            /pod|cluster|overlay|container|subnet|network|nodes? only|from the (?:node|host)/iu,
          ],
        }),
        any(off('lookup.container-dns.works'), off('lookup.container.works'), off('lookup.external-names.works')),
      ),
      grade: 'direct',
      says: t(
        'The DNS server is stated not to serve the network of the pods, and their look-ups fail.',
        '陈述中提到 DNS 服务器不为 Pod 网络提供服务，且其解析失败。',
      ),
    },
    {
      when: all(on('lookup.cluster-names.works'), off('lookup.external-names.works')),
      grade: 'strong',
      says: t('Cluster names resolve in pods, names outside the cluster do not.', 'Pod 中集群内名称可解析，集群外名称不可解析。'),
    },
    {
      when: stated({
        whole:
          /(?:upstream|forwarder|external dns|corporate dns)[^.;]*(?:unreachable|not reach|cannot be reached|blocked|time|no answer|does not answer)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the upstream server cannot be reached.', '陈述中提到上游服务器无法访问。'),
    },
    {
      when: symptomWhere(
        (one, node) => isLookup(one) && one.rcode === 'SERVFAIL' && one.server !== undefined && isClusterDns(node, one.server),
      ),
      grade: 'weak',
      says: t('The cluster DNS answers SERVFAIL: it got no answer itself.', '集群 DNS 返回 SERVFAIL：它自己没有得到应答。'),
    },
  ],
  refute: [
    {
      when: all(upstreamFails, any(line('coredns-upstream-unreachable/api-awaited'), apiFailsToo)),
      says: t(
        'The DNS pods reach not even the API: the whole pod network is cut off, not the upstream server only.',
        'DNS Pod 连 API 也无法访问：中断的是整个 Pod 网络，而不仅是上游服务器。',
      ),
    },
    {
      when: all(off('lookup.host.works'), off('lookup.dns.works'), without(on('lookup.cluster-names.works'))),
      says: t('The node gets no answer either.', '节点同样得不到应答。'),
    },
    { when: silentToNode, says: t('The upstream server answers the node neither.', '上游服务器同样不应答节点。') },
  ],
  asks: [
    ask(
      'Does the upstream server answer the node, and does it answer from the network namespace of the DNS pod?',
      '上游服务器是否应答节点？在 DNS Pod 的网络命名空间中是否应答？',
      'dig +time=2 +tries=1 @UPSTREAM example.com; nsenter -t PID_OF_COREDNS -n dig +time=2 +tries=1 @UPSTREAM example.com',
    ),
    ask(
      'Which servers does the Corefile forward to?',
      'Corefile 转发到哪些服务器？',
      'kubectl -n kube-system get cm coredns -o yaml | grep forward',
    ),
  ],
  explains: [{ operation: ['resolve', 'dns'], rcode: 'SERVFAIL' }],
  remedies: [
    {
      id: 'let-pods-reach-upstream',
      title: t(
        'Masquerade what pods send outside, or let the server accept the pod range',
        '对 Pod 发往外部的流量做地址转换，或让服务器允许 Pod 网段',
      ),
      risk: t(
        'The server sees the node in place of the pod, or more clients may ask it.',
        '服务器看到的将是节点地址，或有更多客户端可以查询它。',
      ),
      safety: 'needs-a-person',
      command: 'iptables -t nat -S POSTROUTING | grep -i -e masq -e POD_RANGE',
      verify: ['kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup example.com'],
    },
  ],
});
