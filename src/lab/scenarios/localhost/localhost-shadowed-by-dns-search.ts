import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'localhost-shadowed-by-dns-search',
  title: { en: 'localhost is found through a wildcard of the search domain', zh: 'localhost 经搜索域的泛解析被找到' },
  story: {
    en: 'The hosts file has no localhost; the resolver tries localhost.corp.example.com, and a wildcard record answers with a foreign address.',
    zh: 'hosts 文件没有 localhost；解析器尝试 localhost.corp.example.com，而泛解析记录给出了一个外部地址。',
  },
  kind: 'failing',
  expects: { cause: 'localhost-shadowed-by-dns-search', alsoAccepted: ['localhost-missing'], certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('127.0.0.1 loopback'));
    await lab.node.write('/etc/resolv.conf', `search corp.example.com\nnameserver ${GATEWAY_ADDRESS}\n`);
    await lab.restartDns({ wildcards: [['corp.example.com', '10.240.0.99']] });
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/10\.240\.0\.99/] } },
    { command: 'curl -sS http://127.0.0.1:10248/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
