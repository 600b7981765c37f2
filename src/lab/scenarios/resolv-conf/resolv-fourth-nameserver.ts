import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'resolv-fourth-nameserver',
  title: { en: 'the server that is needed is the fourth in resolv.conf', zh: '需要的服务器排在 resolv.conf 的第四位' },
  story: {
    en: 'glibc takes three servers and ignores the rest; only the fourth knows the internal name.',
    zh: 'glibc 只用前三个服务器，其余忽略；而只有第四个认识内部名字。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-more-than-three-nameservers', alsoAccepted: ['resolv-servers-disagree'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    for (const address of ['10.240.0.2', '10.240.0.3', '10.240.0.4'])
      await lab.scriptedDns({ title: 'public-dns', address, rules: [], otherwise: 'nxdomain' });
    await lab.node.write(
      '/etc/resolv.conf',
      `nameserver 10.240.0.2\nnameserver 10.240.0.3\nnameserver 10.240.0.4\nnameserver ${GATEWAY_ADDRESS}\n`,
    );
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
    { command: 'dig +short @10.240.0.1 registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
