import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'healthy-search-list',
  title: { en: 'a search list of three domains, none with a wildcard', zh: '三个域的搜索列表，都没有泛解析' },
  story: {
    en: 'Names are tried under each domain and then as they stand; the right answer comes.',
    zh: '名字先依次带上各个域去查，再按原样查；最终得到正确答案。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.node.write(
      '/etc/resolv.conf',
      `search a.example.com b.example.com c.example.com\nnameserver ${GATEWAY_ADDRESS}\noptions ndots:5\n`,
    );
  },
  show: [{ command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } }],
});
