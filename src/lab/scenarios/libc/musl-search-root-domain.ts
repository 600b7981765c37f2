import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'musl-search-root-domain',
  title: { en: '"search ." breaks lookups in a musl image', zh: '“search .”使 musl 镜像无法解析' },
  story: {
    en: 'systemd-resolved wrote "search ."; musl 1.2.3 makes an invalid name of it and gives up without a query. glibc takes it for the root.',
    zh: 'systemd-resolved 写了“search .”；musl 1.2.3 由此得到非法名字，未发查询就放弃。glibc 则把它当作根域。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-search-root-domain', certainty: 'likely', exitStatus: 1 },
  needs: ['musl-gcc'],
  target: ['registry.example.com', '--container', '{pid:alpine}'],
  async build(lab) {
    await lab.container({
      name: 'alpine',
      libc: 'musl',
      files: { '/etc/resolv.conf': `search .\nnameserver ${GATEWAY_ADDRESS}\noptions ndots:5\n` },
    });
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { in: 'alpine', command: 'lookup registry.example.com', expect: { exitStatus: 2, says: [/Try again/] } },
    { in: 'alpine', command: 'lookup registry.example.com.', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
