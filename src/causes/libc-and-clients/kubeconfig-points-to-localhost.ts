/** kubectl asks an API server on its own machine where none is. Source: kubernetes client-go defaults (localhost:8080); rancher/rke cluster/plan.go; k3s docs. */
import { ask, evidenceCause, isDial, isRefused, listener, observed, symptomWhere, t, textual } from '../_checks/index.ts';

export const kubeconfigPointsToLocalhost = evidenceCause({
  id: 'kubeconfig-points-to-localhost',
  area: 'libc-and-clients',
  severity: 'low',
  layer: 8,
  title: t('The client asks an API server on its own machine, where there is none', '客户端访问本机上的 API Server，而本机并没有'),
  mechanism: t(
    'Without a kubeconfig kubectl asks localhost:8080. A copied k3s.yaml names 127.0.0.1:6443, which is right on a server only. On RKE workers the nginx-proxy container serves 127.0.0.1:6443.',
    '没有 kubeconfig 时，kubectl 访问 localhost:8080。复制来的 k3s.yaml 写的是 127.0.0.1:6443，只在 server 节点上正确。在 RKE 的 worker 上，127.0.0.1:6443 由 nginx-proxy 容器提供。',
  ),
  summary: t('The kubeconfig in use, or the lack of one, leads to this machine.', '所用的 kubeconfig（或没有 kubeconfig）指向本机。'),
  sources: ['kubernetes/client-go tools/clientcmd', 'rancher/rke cluster/plan.go (nginx-proxy)', 'k3s-io/docs: cluster access'],
  lookAlikes: ['service-not-listening', 'localhost-ipv6-only-lo-without-ipv6'],
  consequenceOf: ['service-not-listening'],
  signatures: [
    {
      id: 'kubeconfig-points-to-localhost/no-kubeconfig',
      grade: 'strong',
      anchors: ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'],
      pattern:
        /(?:connection to the server (?:localhost|127\.0\.0\.1):8080 was refused|(?:Get|dial tcp) "?(?:http:\/\/localhost:8080\/(?:api|version)|(?:127\.0\.0\.1|\[::1\]):8080: (?:getsockopt|connect): connection refused))/,
      matches: ['The connection to the server localhost:8080 was refused - did you specify the right host or port?'],
      rejects: ['The connection to the server 10.0.0.4:6443 was refused - did you specify the right host or port?'],
    },
  ],
  confirm: [
    {
      when: symptomWhere(
        (one) =>
          isDial(one) &&
          isRefused(one) &&
          /kubectl|helm/.test(one.client ?? one.component ?? '') &&
          /^(?:127\.0\.0\.1|localhost|::1)$/.test(one.address ?? one.name ?? '') &&
          one.port === 6443,
      ),
      grade: 'weak',
      says: t('kubectl is refused at 127.0.0.1:6443.', 'kubectl 访问 127.0.0.1:6443 被拒绝。'),
    },
    {
      when: observed('kubeconfig.server', textual(/\/\/(?:localhost|127\.0\.0\.1|\[::1\])[:/]/), { kind: 'configuration' }),
      grade: 'weak',
      says: t('The server of the kubeconfig is this machine.', 'kubeconfig 的 server 指向本机。'),
    },
  ],
  refute: [
    {
      when: listener((one) => one.protocol === 'tcp' && one.port === 8080),
      says: t('Something listens at that port: the kubeconfig is not the trouble.', '该端口有监听：问题不在 kubeconfig。'),
    },
  ],
  asks: [
    ask(
      'Which server does the kubeconfig in use name, and does anything listen there on this machine?',
      '当前 kubeconfig 的 server 是什么？本机该端口是否有监听？',
      'kubectl config view --minify; echo "$KUBECONFIG"; ss -ltn',
    ),
  ],
  atMost: 'possible',
  remedies: [
    {
      id: 'right-kubeconfig',
      title: t('Use the kubeconfig of the cluster', '使用集群的 kubeconfig'),
      risk: t('None.', '无。'),
      safety: 'safe',
      command:
        'export KUBECONFIG=/etc/kubernetes/admin.conf   # K3s: /etc/rancher/k3s/k3s.yaml, RKE2: /etc/rancher/rke2/rke2.yaml, RKE: kube_config_cluster.yml',
      undo: 'unset KUBECONFIG',
      verify: ['kubectl get nodes'],
    },
  ],
});
