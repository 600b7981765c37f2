import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';
import { LOCALHOST_BOTH, hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'hosts-stale-entry',
  title: { en: 'the hosts file still has the old address of the Rancher server', zh: 'hosts 文件里仍是 Rancher 服务器的旧地址' },
  story: {
    en: 'The server moved; DNS knows the new address, but files come first and the old line wins.',
    zh: '服务器已迁移；DNS 知道新地址，但 files 优先，旧的一行胜出。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-stale-entry', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['rancher.example.com:443'],
  async build(lab) {
    await lab.addAddress('10.240.0.10');
    await lab.listen({ title: 'rancher', port: 443, address: '10.240.0.10' }, lab.network);
    await lab.node.write('/etc/hosts', hostsWith(...LOCALHOST_BOTH, `${GATEWAY_ADDRESS} rancher.example.com`));
  },
  show: [
    { command: 'getent ahosts rancher.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.1\b/] } },
    { command: 'dig +short rancher.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.10/] } },
    { command: 'curl -sS http://rancher.example.com:443/', expect: { exitStatus: 7 } },
    { command: 'curl -sS http://10.240.0.10:443/', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
