import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'kubeconfig-points-to-localhost',
  title: {
    en: 'a copied kubeconfig names 127.0.0.1 on a machine without an API server',
    zh: '拷贝来的 kubeconfig 指向 127.0.0.1，而本机没有 API server',
  },
  story: {
    en: 'k3s.yaml was copied from the server to an agent: nothing listens on port 6443 here.',
    zh: 'k3s.yaml 从 server 拷到了 agent：这里没有任何程序监听 6443。',
  },
  kind: 'failing',
  expects: { cause: 'kubeconfig-points-to-localhost', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.write(
      '/etc/rancher/k3s/k3s.yaml',
      'apiVersion: v1\nkind: Config\nclusters:\n- cluster:\n    server: https://127.0.0.1:6443\n  name: default\n',
    );
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'grep server /etc/rancher/k3s/k3s.yaml', expect: { exitStatus: 0 } },
    { command: 'curl -ksS https://127.0.0.1:6443/', expect: { exitStatus: 7 } },
  ],
});
