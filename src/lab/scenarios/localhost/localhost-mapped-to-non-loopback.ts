import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS, NODE_NAME } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'localhost-mapped-to-non-loopback',
  title: { en: "localhost is on the line of the node's own address", zh: 'localhost 写在节点自身地址那一行' },
  story: {
    en: "Provisioning wrote 'ADDRESS NAME localhost'. kubelet's health port is bound to 127.0.0.1, which localhost does not mean here.",
    zh: '初始化脚本写了“地址 主机名 localhost”。kubelet 的健康端口绑定在 127.0.0.1，而这里的 localhost 并不是它。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-mapped-to-non-loopback', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', `127.0.0.1 loopback\n${NODE_ADDRESS} ${NODE_NAME} localhost\n`);
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/10\.240\.0\.34/], never: [/127\.0\.0\.1/] } },
    { command: 'telnet localhost 10248', expect: { exitStatus: 1, says: [/Trying 10\.240\.0\.34/, /refused/] } },
    { command: 'curl -sS http://127.0.0.1:10248/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
