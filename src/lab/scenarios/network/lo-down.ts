import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'lo-down',
  title: { en: 'the loopback interface is down', zh: '回环接口没有启用' },
  story: {
    en: 'lo was never brought up: 127.0.0.1 is not reachable, whatever the hosts file says.',
    zh: 'lo 从未启用：无论 hosts 文件怎么写，127.0.0.1 都不可达。',
  },
  kind: 'failing',
  expects: { cause: 'lo-down', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  otherTargets: [[]],
  async build(lab) {
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
    await lab.node.sh('ip link set lo down');
  },
  show: [
    { command: 'ip link show lo', expect: { exitStatus: 0, never: [/LOOPBACK,UP/] } },
    { command: 'curl -sS -m 3 http://127.0.0.1:10248/healthz', expect: { says: [/curl: \(\d+\)/] } },
  ],
});
