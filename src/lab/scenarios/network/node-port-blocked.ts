import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'node-port-blocked',
  title: { en: 'the port of another node does not answer from here', zh: '从本节点访问另一节点的端口没有应答' },
  story: {
    en: 'Something on the way drops 6443; the name is right and the other node answers a ping.',
    zh: '途中有设备丢弃了 6443；名字没错，对方也能 ping 通。',
  },
  kind: 'failing',
  expects: { cause: 'node-port-blocked', certainty: 'possible', exitStatus: 1 },
  needs: ['iptables'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.addAddress('10.240.0.10');
    await lab.network.sh('iptables -A INPUT -p tcp --dport 6443 -j DROP');
  },
  show: [
    { command: 'getent ahosts rancher.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.10/] } },
    { command: 'ping -c 1 -W 2 rancher.example.com', expect: { exitStatus: 0 } },
    { command: 'curl -sS -m 2 https://rancher.example.com:6443/', expect: { exitStatus: 28, says: [/[Tt]imed out|timeout/] } },
  ],
});
