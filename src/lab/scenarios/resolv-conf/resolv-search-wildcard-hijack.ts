import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'resolv-search-wildcard-hijack',
  title: { en: 'a wildcard in a search domain answers for an outside name', zh: '搜索域里的泛解析冒充了外部名字' },
  story: {
    en: 'With ndots:5 the name is tried under the search domain first, where a wildcard record answers.',
    zh: 'ndots:5 使名字先带上搜索域去查，而那里有一条泛解析记录。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-search-wildcard-hijack', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com:5000'],
  async build(lab) {
    await lab.restartDns({ wildcards: [['corp.example.com', '10.240.0.99']] });
    await lab.addAddress('10.240.0.11');
    await lab.listen({ title: 'registry', port: 5000, address: '10.240.0.11' }, lab.network);
    await lab.node.write('/etc/resolv.conf', `search corp.example.com\nnameserver ${GATEWAY_ADDRESS}\noptions ndots:5\n`);
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.99/] } },
    { command: 'getent ahosts registry.example.com.', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { command: 'dig +short registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
