import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'hosts-node-name-unresolvable',
  title: { en: 'the node does not know its own name', zh: '节点不认识自己的名字' },
  story: {
    en: 'The host name is in no hosts line and in no DNS zone.',
    zh: '主机名既不在 hosts 文件里，也不在任何 DNS 区域里。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-node-name-unresolvable', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node9'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.sh('hostname node9; echo node9 > /etc/hostname');
  },
  show: [
    { command: 'hostname', expect: { exitStatus: 0, says: [/node9/] } },
    { command: 'getent ahosts node9', expect: { exitStatus: 2 } },
    { command: 'hostname -f', expect: { exitStatus: 1, says: [/Name or service not known|not known/] } },
  ],
});
