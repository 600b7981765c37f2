/** The forwarder that the Corefile names answers nobody here. Source: coredns/coredns plugin/forward/README.md; field knowledge. */
import { all, any, ask, evidenceCause, line, observed, off, on, stated, t } from '../_checks/index.ts';
import { upstreamFails } from './coredns-upstream-unreachable.ts';

const fixedForwarder = observed(
  'coredns.forward',
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => typeof one === 'string' && !one.includes('resolv.conf') && !one.startsWith('127.')),
  { kind: 'configuration' },
);
/** The node uses its own servers: only when these are the forwarders too does its success say anything. */
const forwardsToNodeFile = observed(
  'coredns.forward',
  (value) => Array.isArray(value) && value.some((one) => typeof one === 'string' && one.includes('resolv.conf')),
);
const fails = any(upstreamFails, line('coredns-upstream-unreachable/errors-plugin'));

export const corednsUpstreamDead = evidenceCause({
  id: 'coredns-upstream-dead',
  area: 'cluster-dns',
  severity: 'high',
  layer: 7,
  title: t('The server that the cluster DNS forwards to answers nobody here', '集群 DNS 的上游服务器在这里对谁都不应答'),
  mechanism: t(
    'The Corefile or a stub zone names a fixed server that is switched off, mistyped, or barred by the site: outbound DNS is often allowed to its own servers only. Outside names fail, cluster names work.',
    'Corefile 或存根区域写死了一个已关闭、写错或被现场禁止的服务器：出站 DNS 往往只允许访问本单位的服务器。集群外名称失败，集群内名称正常。',
  ),
  summary: t(
    'The fixed forwarder of the cluster DNS does not answer, not even the node.',
    '集群 DNS 写死的上游服务器不应答，连节点也得不到应答。',
  ),
  sources: ['coredns/coredns plugin/forward/README.md'],
  lookAlikes: ['coredns-upstream-unreachable', 'coredns-loop', 'resolv-no-usable-nameserver'],
  confirm: [
    {
      when: all(
        fails,
        fixedForwarder,
        any(
          off('lookup.dns.works'),
          stated({ whole: /(?:from (?:the )?node|on (?:the )?node|node itself)[^.;]*(?:time|no answer|blocked|fail)/i }),
        ),
      ),
      grade: 'direct',
      says: t('The fixed forwarder answers neither the DNS pods nor the node.', '写死的上游服务器既不应答 DNS Pod，也不应答节点。'),
    },
    {
      when: all(fails, fixedForwarder),
      grade: 'strong',
      says: t(
        'The Corefile forwards to a fixed server, and the DNS pods get no answer from it.',
        'Corefile 转发到固定服务器，而 DNS Pod 得不到它的应答。',
      ),
    },
    {
      when: stated({
        whole:
          /(?:forwarder|upstream|8\.8\.8\.8|1\.1\.1\.1|public dns|port 53)[^.;]*(?:blocked|not allowed|denied|barred|switched off|dead|only (?:the )?(?:company|site|own|internal))/i,
      }),
      grade: 'strong',
      says: t('It is stated that the site does not let DNS out to that server.', '陈述中提到现场不允许访问该 DNS 服务器。'),
    },
    {
      when: all(
        stated({
          clause: [
            /\bdns\b|(?:udp|port) ?53\b/iu,
            /outgoing|outbound|egress|outside|internet|upstream|external|public|leav/iu,
            /block|drop|denied|den(?:y|ies)|filter|closed|barred|not allowed|forbid/iu,
          ],
        }),
        any(
          off('lookup.external-names.works'),
          off('lookup.container.works'),
          stated({
            clause: [/\bpods?\b|container|cluster/iu, /resolv|look ?-?up|\bdns\b|names?\b/iu, /\bnot\b|n't|cannot|fail|unable|time/iu],
          }),
          stated({ key: /corefile|forward|upstream/u }),
        ),
      ),
      grade: 'direct',
      says: t(
        'The site does not let DNS out, and the pods cannot resolve outside names.',
        '现场不放行对外的 DNS 查询，Pod 无法解析外部名称。',
      ),
    },
    { when: fails, grade: 'hint', says: t('The DNS pods get no answer from their upstream server.', 'DNS Pod 得不到上游服务器的应答。') },
  ],
  refute: [
    {
      when: all(fails, any(on('lookup.dns.works'), on('lookup.host.works')), forwardsToNodeFile),
      says: t('The node gets answers: the server lives, the pods do not reach it.', '节点能得到应答：服务器正常，是 Pod 无法访问它。'),
    },
  ],
  asks: [
    ask(
      'Does the server that the Corefile forwards to answer the node, and is it one that the site permits?',
      'Corefile 的上游服务器是否应答节点？现场是否允许访问它？',
      'kubectl -n kube-system get cm coredns -o yaml | grep forward; dig +time=2 +tries=1 @UPSTREAM example.com',
    ),
  ],
  remedies: [
    {
      id: 'forward-to-permitted-server',
      title: t('Forward to a server that the site permits', '转发到现场允许的服务器'),
      risk: t('Private zones differ from server to server; CoreDNS reloads.', '各服务器的私有区域不同；CoreDNS 会重新加载。'),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system edit configmap coredns   # forward . /etc/resolv.conf',
      undo: 'kubectl -n kube-system edit configmap coredns   # forward . OLD_SERVER',
      verify: ['kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup example.com'],
    },
  ],
});
