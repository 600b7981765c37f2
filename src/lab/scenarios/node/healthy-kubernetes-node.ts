import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'healthy-kubernetes-node',
  title: { en: 'a Kubernetes node with a pod network', zh: '带 Pod 网络的 Kubernetes 节点' },
  story: {
    en: 'kubelet, a CNI bridge, a pod, forwarding on: nothing is wrong.',
    zh: 'kubelet、CNI 网桥、一个 Pod、转发已开启：没有任何问题。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { clusterDns: '10.240.0.53' });
    await lab.scriptedDns({
      title: 'coredns',
      address: '10.240.0.53',
      rules: [
        { name: 'kubernetes.default.svc.cluster.local', type: 'A', answer: { addresses: ['10.96.0.1'] } },
        { name: 'kubernetes.default.svc.cluster.local', answer: 'empty' },
      ],
      otherwise: 'nxdomain',
    });
    await lab.bridge('cni0', '10.42.0.1/24');
    await lab.bridgedContainer(
      {
        name: 'pod',
        files: {
          '/etc/resolv.conf': 'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.240.0.53\noptions ndots:5\n',
        },
      },
      'cni0',
      '10.42.0.2/24',
      '10.42.0.1',
    );
    await lab.network.sh('ip route add 10.42.0.0/24 via 10.240.0.34');
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { in: 'pod', command: 'getent ahosts kubernetes.default', expect: { exitStatus: 0, says: [/10\.96\.0\.1/] } },
    { command: 'curl -sS http://localhost:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
