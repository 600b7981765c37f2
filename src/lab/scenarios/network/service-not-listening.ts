import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'service-not-listening',
  title: { en: 'nothing listens on the port that is asked for', zh: '所查询的端口上没有任何监听' },
  story: {
    en: 'Names and addresses are fine; the component is simply not there.',
    zh: '名字和地址都没问题；只是组件不在。',
  },
  kind: 'failing',
  expects: { cause: 'service-not-listening', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127/] } },
    { command: 'curl -sS http://127.0.0.1:10248/healthz', expect: { exitStatus: 7 } },
    { command: 'curl -sS http://localhost:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
