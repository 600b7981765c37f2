import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-ip-forward-off-without-kubernetes',
  title: { en: 'IPv4 forwarding is off on a machine without containers', zh: '没有容器的机器关闭了 IPv4 转发' },
  story: {
    en: 'Nothing here forwards packets; the setting is right for such a machine.',
    zh: '这里没有任何东西需要转发；这样的设置对这种机器是对的。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.sh('echo 0 > /proc/sys/net/ipv4/ip_forward');
    await lab.listen({ title: 'sshd', port: 22 });
  },
  show: [{ command: 'sysctl net.ipv4.ip_forward', expect: { exitStatus: 0, says: [/= 0/] } }],
});
