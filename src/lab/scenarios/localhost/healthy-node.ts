import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-node',
  title: { en: 'an ordinary node, the whole machine', zh: '一台普通节点，检查整机' },
  story: {
    en: 'Nothing is wrong.',
    zh: '没有任何问题。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'curl -sS http://localhost:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
    { command: 'getent ahosts node1', expect: { exitStatus: 0, says: [/10\.240\.0\.34/] } },
  ],
});
