import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'host-cannot-resolve-cluster-names',
  title: { en: 'a cluster name is asked for on the node', zh: '在节点上查询集群内部名字' },
  story: {
    en: 'Only the cluster DNS knows names of services; the node asks the company DNS, as it should.',
    zh: '只有集群 DNS 认识服务名；而节点问的是公司 DNS，这本来就没错。',
  },
  kind: 'failing',
  expects: { cause: 'host-cannot-resolve-cluster-names', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: ['metrics.kube-system.svc.cluster.local'],
  async build(lab) {
    await startKubelet(lab, { clusterDns: '10.240.0.53' });
    await lab.scriptedDns({
      title: 'coredns',
      address: '10.240.0.53',
      rules: [{ name: 'metrics.kube-system.svc.cluster.local', answer: { addresses: ['10.96.0.77'] } }],
      otherwise: 'nxdomain',
    });
  },
  show: [
    { command: 'getent ahosts metrics.kube-system.svc.cluster.local', expect: { exitStatus: 2 } },
    { command: 'dig +short @10.240.0.53 metrics.kube-system.svc.cluster.local', expect: { exitStatus: 0, says: [/10\.96\.0\.77/] } },
  ],
});
