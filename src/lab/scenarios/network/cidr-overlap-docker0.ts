import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'cidr-overlap-docker0',
  title: { en: "docker0's range covers the DNS server", zh: 'docker0 的网段覆盖了 DNS 服务器' },
  story: {
    en: 'The company network is 172.17.0.0/16, and so is docker0: packets to the DNS server stay on the bridge.',
    zh: '公司网络是 172.17.0.0/16，docker0 也是：发往 DNS 服务器的包都留在了网桥上。',
  },
  kind: 'failing',
  expects: { cause: 'cidr-overlap', alsoAccepted: ['resolv-no-usable-nameserver'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.network.sh('ip addr add 172.17.0.53/32 dev lo');
    await lab.bridge('docker0', '172.17.0.1/16');
    await lab.node.write('/etc/resolv.conf', 'nameserver 172.17.0.53\noptions timeout:1 attempts:1\n');
  },
  show: [
    { command: 'ip route get 172.17.0.53', expect: { exitStatus: 0, says: [/docker0/] } },
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
    { command: 'dig +time=1 +tries=1 registry.example.com', expect: { exitStatus: 9 } },
  ],
});
