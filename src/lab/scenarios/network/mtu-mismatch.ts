import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'mtu-mismatch',
  title: { en: 'large packets vanish on the way to the next hop', zh: '大包在去往下一跳的途中消失' },
  story: {
    en: "The other side's interface takes 1400 bytes, this node sends 1500: small packets pass, full ones are lost without a word.",
    zh: '对端接口只能收 1400 字节，本节点发送 1500 字节：小包能过，满长的包无声消失。',
  },
  kind: 'failing',
  expects: { cause: 'mtu-mismatch', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.network.sh('ip link set eth0 mtu 1400');
  },
  show: [
    { command: 'ip link show eth0', expect: { exitStatus: 0, says: [/mtu 1500/] } },
    { command: 'ping -M do -c 1 -W 1 -s 1300 10.240.0.1', expect: { exitStatus: 0 } },
    { command: 'ping -M do -c 1 -W 1 -s 1472 10.240.0.1', expect: { exitStatus: 1, says: [/100% packet loss/] } },
  ],
});
