import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cni-config-missing',
  title: { en: 'no CNI configuration on a node', zh: '节点上没有 CNI 配置' },
  story: {
    en: 'kubelet runs, and nobody has put a file into /etc/cni/net.d; kubelet says so.',
    zh: 'kubelet 在运行，而 /etc/cni/net.d 中没有文件；kubelet 也如此报告。',
  },
  kind: 'failing',
  expects: { cause: 'cni-config-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh('rm -f /etc/cni/net.d/*');
    await lab.node.write(
      '/var/log/kubelet.log',
      'E1122 10:00:00.000000     812 kubelet.go:2862] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"\n',
    );
  },
  show: [{ command: 'ls -A /etc/cni/net.d | wc -l', expect: { exitStatus: 0, says: [/^0/] } }],
});
