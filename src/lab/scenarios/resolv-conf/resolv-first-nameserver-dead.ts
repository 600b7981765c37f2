import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'resolv-first-nameserver-dead',
  title: { en: 'the first DNS server is silent', zh: '第一个 DNS 服务器没有应答' },
  story: {
    en: 'Every lookup waits five seconds for the first server, then the second one answers.',
    zh: '每次查询都要先等第一个服务器五秒，然后才由第二个应答。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-first-nameserver-dead', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2'],
  async build(lab) {
    await lab.scriptedDns({ title: 'dead-dns', address: '10.240.0.2', rules: [], otherwise: 'silent' });
    await lab.node.write('/etc/resolv.conf', `nameserver 10.240.0.2\nnameserver ${GATEWAY_ADDRESS}\n`);
  },
  show: [
    { command: 'timeout 3 getent ahosts node2', expect: { exitStatus: 124 } },
    { command: 'dig +short @10.240.0.1 node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
  ],
});
