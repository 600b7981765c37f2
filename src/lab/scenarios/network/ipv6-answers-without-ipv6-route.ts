import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'ipv6-answers-without-ipv6-route',
  title: { en: 'a name has an IPv6 address only, and the node has no IPv6 route', zh: '名字只有 IPv6 地址，而节点没有 IPv6 路由' },
  story: {
    en: 'eth0 has a global IPv6 address from a half-done set-up, but there is no default route.',
    zh: 'eth0 有一个全局 IPv6 地址（配置只做了一半），但没有默认路由。',
  },
  kind: 'failing',
  expects: { cause: 'ipv6-answers-without-ipv6-route', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry6.example.com:443'],
  async build(lab) {
    await lab.node.sh('ip -6 addr add 2001:db8:1::34/64 dev eth0 nodad');
    await lab.restartDns({ records: [['registry6.example.com', '2001:db8:2::11']] });
  },
  show: [
    { command: 'getent ahosts registry6.example.com', expect: { exitStatus: 0, says: [/2001:db8:2::11/] } },
    { command: 'telnet registry6.example.com 443', expect: { exitStatus: 1, says: [/unreachable/] } },
  ],
});
