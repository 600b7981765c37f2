/** The node registers at a listener that is not the registration service. Source: rke2-docs (port 9345); k3s-io/docs (6443). */
import type { Source } from '../../facts/fact.ts';
import type { Look, Test } from '../_checks/index.ts';
import {
  all,
  any,
  ask,
  asText,
  evidenceCause,
  line,
  observed,
  on,
  product,
  stated,
  statementsOf,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';

/** RKE2 registers at 9345, K3s at the API port: the port in the URL tells. */
const urlWithWrongPort: Test = ({ node }): Look => {
  const fact = node.observations['join.server-url'] ?? node.observations['config.rke2.server'] ?? node.observations['config.config.server'];
  const told = statementsOf(node).find(({ key, value }) => /server|url|join|config/i.test(key) && /https?:\/\/[^ ]+/.test(value));
  const toldUrl = /https?:\/\/[^ "',]+/.exec(told?.value ?? '')?.[0];
  const url = fact?.state === 'known' ? asText(fact.value) : toldUrl;
  if (url === undefined) return { seen: 'unknown' };
  const source: Source | undefined =
    fact?.state === 'known'
      ? fact.source
      : told === undefined
        ? undefined
        : { kind: 'statement', key: told.key, text: `${told.key}: ${told.value}` };
  const from = source === undefined ? {} : { source };
  const port = /:(\d+)\/?$/.exec(url)?.[1];
  const rke2 = node.products.some((one) => one.name === 'rke2');
  const k3s = node.products.some((one) => one.name === 'k3s');
  const wrong = url.startsWith('http://') || (rke2 && port !== '9345') || (k3s && port === '9345');
  return wrong ? { seen: 'yes', kind: 'configuration', ...from, values: { url } } : { seen: 'no', ...from };
};
const PORT_TEXT = /(?:server|url|join)[^.;]*:(?<port>6443|443|8443|80|8080)\b/i;

const rke2JoinsAtApiPort: Test = all(
  product('rke2'),
  observed('join.port', (value) => typeof value === 'number' && value !== 9345),
);

export const joinServerUrlWrong = evidenceCause({
  id: 'join-server-url-wrong',
  area: 'libc-and-clients',
  severity: 'critical',
  layer: 6,
  title: t('The join URL leads to the wrong port, scheme or host', '加入集群的 URL 端口、协议或主机有误'),
  mechanism: t(
    'Agents register at the supervisor: port 9345 for RKE2, 6443 for K3s. Another listener, such as the API server, an ingress or a web page, takes the call and refuses what it does not know. It looks like a bad token.',
    'agent 向 supervisor 注册：RKE2 为 9345 端口，K3s 为 6443 端口。若由 API Server、ingress 或网页等其他监听者接收，它会拒绝不认识的请求，看上去就像令牌错误。',
  ),
  summary: t('The URL that the node joins does not lead to the registration service.', '节点加入所用的 URL 没有指向注册服务。'),
  sources: ['rke2-docs: install/ha, install/quickstart', 'k3s-io/docs: architecture'],
  lookAlikes: ['join-token-invalid', 'cert-ca-mismatch', 'node-port-blocked'],
  signatures: [
    {
      id: 'join-server-url-wrong/cacerts-refused',
      grade: 'direct',
      // The supervisor hands its CA to everybody: whoever refuses it is no supervisor. Source: k3s pkg/server/router.go (cacerts), pkg/clientaccess.
      anchors: ['/cacerts: ', '/cacerts": ', '/cacerts\\": '],
      pattern: /https?:\/\/(?<address>[^ :/"]+|\[[^\]]+\])(?::(?<port>\d+))?\/cacerts(?:\\?")?: (?<status>401|403|404)\b/,
      matches: ['level=fatal msg="failed to get CA certs: https://192.0.2.10:6443/cacerts: 401 Unauthorized"'],
      rejects: ['failed to get CA certs: Get "https://192.0.2.10:9345/cacerts": dial tcp 192.0.2.10:9345: i/o timeout'],
    },
    {
      id: 'join-server-url-wrong/http-answer',
      grade: 'direct',
      anchors: ['HTTP response to HTTPS client'],
      pattern: /(?:CA certs|cacerts|v1-(?:k3s|rke2)|cluster-info).{0,200}?server gave HTTP response to HTTPS client/,
      matches: ['failed to get CA certs: Get "https://192.0.2.10:80/cacerts": http: server gave HTTP response to HTTPS client'],
      rejects: ['Head "https://registry.local:5000/v2/": http: server gave HTTP response to HTTPS client'],
    },
    {
      id: 'join-server-url-wrong/supervisor-path-refused',
      grade: 'strong',
      anchors: ['/v1-rke2/', '/v1-k3s/c', '/v1-k3s/s', '/v1-k3s/r', '/v1-k3s/p'],
      pattern: /https:\/\/(?!127\.0\.0\.1)[^ /"]+\/v1-(?:rke2\/|k3s\/[csrp])[^ :"]+"?: (?:403|404)\b/,
      matches: ['https://192.0.2.10:6443/v1-rke2/serving-kubelet.crt: 404 Not Found'],
      rejects: [
        'https://192.0.2.10:9345/v1-rke2/serving-kubelet.crt: 503 Service Unavailable',
        'https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 403 Forbidden',
      ],
    },
  ],
  lines: [
    {
      id: 'join-server-url-wrong/ca-certs-failed',
      grade: 'weak',
      anchors: [
        'failed to get CA certs',
        'Failed to get CA certs',
        'CA cert validation failed',
        'Failed to validate connection to cluster',
      ],
      pattern: /failed to get CA certs|CA cert validation failed|Failed to validate connection to cluster/i,
      matches: ['level=error msg="failed to get CA certs: EOF"'],
      rejects: ['rotating CA certs'],
    },
  ],
  confirm: [
    {
      when: all(
        rke2JoinsAtApiPort,
        symptomWhere((s) => s.details?.['noise'] === undefined && ['http', 'tls', 'dial'].includes(s.operation)),
      ),
      grade: 'direct',
      says: t(
        'The join URL names port 6443, where RKE2 has no registration service, and the call fails.',
        '加入 URL 使用 6443 端口，而 RKE2 的注册服务不在该端口，且调用失败。',
      ),
    },
    {
      when: rke2JoinsAtApiPort,
      grade: 'strong',
      says: t(
        'The join URL names port 6443, where RKE2 has no registration service.',
        '加入 URL 使用 6443 端口，而 RKE2 的注册服务不在该端口。',
      ),
    },
    {
      when: all(urlWithWrongPort, line('join-server-url-wrong/')),
      grade: 'direct',
      says: t(
        'The join fails, and the URL does not name the registration port of the product.',
        '加入失败，且 URL 中不是该产品的注册端口。',
      ),
    },
    {
      when: urlWithWrongPort,
      grade: 'strong',
      says: t('The join URL does not name the registration port of the product.', '加入 URL 中不是该产品的注册端口。'),
    },
    {
      when: all(
        stated(
          { key: /server|url|join/, value: /rke2.*:6443|:6443.*rke2/i },
          { whole: /9345[^.;]*(?:instead|expected|right|supposed|works)|(?:wrong|other) port[^.;]*(?:url|server|join)/i },
        ),
      ),
      grade: 'strong',
      says: t('It is stated that the join URL names the wrong port.', '陈述中提到加入 URL 的端口有误。'),
    },
    {
      when: all(any(line('join-server-url-wrong/ca-certs-failed')), stated({ whole: PORT_TEXT })),
      grade: 'weak',
      says: t('The join fails, and the URL names a port that another service often holds.', '加入失败，而 URL 中的端口常由其他服务占用。'),
    },
    {
      when: all(line('join-server-url-wrong/ca-certs-failed'), without(line('join-server-url-wrong/cacerts-refused'))),
      grade: 'hint',
      says: t('The node could not fetch the CA of the server.', '节点无法取得服务端的 CA。'),
    },
  ],
  refute: [
    { when: on('join.serves-cacerts'), says: t('The configured URL gives a PEM under /cacerts.', '所配置的 URL 在 /cacerts 下返回 PEM。') },
  ],
  asks: [
    ask(
      'Which URL does the node join (K3S_URL, server:), with which port, and does it give a PEM under /cacerts?',
      '节点加入的 URL（K3S_URL、server:）及端口是什么？其 /cacerts 是否返回 PEM？',
      'grep -rn "server:" /etc/rancher/*/config.yaml; systemctl show -p Environment k3s-agent; curl -ks https://HOST:PORT/cacerts | head -2',
    ),
  ],
  remedies: [
    {
      id: 'correct-url',
      title: t('Correct the URL: port 9345 for RKE2, 6443 for K3s and kubeadm', '更正 URL：RKE2 用 9345 端口，K3s 与 kubeadm 用 6443 端口'),
      risk: t('The agent restarts.', 'agent 会重启。'),
      safety: 'disruptive',
      command: "sed -i 's|^server:.*|server: https://HOST:9345|' /etc/rancher/rke2/config.yaml && systemctl restart rke2-agent",
      undo: "sed -i 's|^server:.*|server: OLD_URL|' /etc/rancher/rke2/config.yaml && systemctl restart rke2-agent",
      verify: ['curl -ks https://HOST:9345/cacerts | head -1', 'kubectl get nodes'],
    },
  ],
});
