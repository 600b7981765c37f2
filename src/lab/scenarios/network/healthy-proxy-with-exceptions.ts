import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-proxy-with-exceptions',
  title: { en: 'a proxy whose exceptions cover the cluster', zh: '例外列表覆盖集群的代理' },
  story: {
    en: 'kubelet has a proxy, and NO_PROXY names the network of the nodes.',
    zh: 'kubelet 设置了代理，且 NO_PROXY 包含节点网段。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, {
      env: { HTTPS_PROXY: 'http://10.240.0.60:3128', NO_PROXY: 'localhost,127.0.0.0/8,10.240.0.0/16,.svc,.cluster.local' },
    });
    await lab.node.write(
      '/etc/kubernetes/kubelet.conf',
      'apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    server: https://10.240.0.10:6443\n',
    );
  },
  show: [{ command: 'tr "\\0" "\\n" < /proc/$(pgrep -x kubelet)/environ | grep -i proxy', expect: { exitStatus: 0, says: [/NO_PROXY/] } }],
});
