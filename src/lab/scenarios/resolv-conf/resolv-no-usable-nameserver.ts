import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'resolv-no-usable-nameserver',
  title: { en: 'no DNS server of the node answers', zh: '节点的 DNS 服务器都没有应答' },
  story: {
    en: 'Both servers are silent; another server on the network knows the name.',
    zh: '两个服务器都没有应答；网络上另有服务器认识这个名字。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-no-usable-nameserver', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.scriptedDns({ title: 'dead-dns', address: '10.240.0.2', rules: [], otherwise: 'silent' });
    await lab.node.write('/etc/resolv.conf', 'nameserver 10.240.0.2\noptions timeout:1 attempts:1\n');
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
    { command: 'dig +short +time=1 +tries=1 registry.example.com', expect: { exitStatus: 9 } },
    { command: 'dig +short @10.240.0.1 registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
