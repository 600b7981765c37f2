import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'resolv-nameserver-refuses',
  title: { en: 'the only DNS server answers SERVFAIL', zh: '唯一的 DNS 服务器回答 SERVFAIL' },
  story: {
    en: 'The server is there, but has lost its own upstream: everything is SERVFAIL.',
    zh: '服务器在，但它自己的上游断了：一切查询都是 SERVFAIL。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-no-usable-nameserver', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.scriptedDns({ title: 'broken-dns', address: '10.240.0.2', rules: [], otherwise: 'servfail' });
    await lab.node.write('/etc/resolv.conf', 'nameserver 10.240.0.2\n');
  },
  show: [
    { command: 'dig registry.example.com | grep status', expect: { exitStatus: 0, says: [/SERVFAIL/] } },
    { command: 'ping -c 1 registry.example.com', expect: { exitStatus: 2, says: [/Temporary failure in name resolution/] } },
  ],
});
