import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'resolv-servers-disagree',
  title: { en: 'the two DNS servers have different views', zh: '两个 DNS 服务器看到的内容不同' },
  story: {
    en: 'The first server is public and says NXDOMAIN for an internal name; that is final, the second is never asked.',
    zh: '第一个服务器是公共的，对内部名字回答 NXDOMAIN；这就是最终答案，第二个不会再被询问。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-servers-disagree', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.scriptedDns({ title: 'public-dns', address: '10.240.0.2', rules: [], otherwise: 'nxdomain' });
    await lab.node.write('/etc/resolv.conf', `nameserver 10.240.0.2\nnameserver ${GATEWAY_ADDRESS}\n`);
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
    { command: 'dig +short @10.240.0.1 registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { command: 'dig @10.240.0.2 registry.example.com | grep status', expect: { exitStatus: 0, says: [/NXDOMAIN/] } },
  ],
});
