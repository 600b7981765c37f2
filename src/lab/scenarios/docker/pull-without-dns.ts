import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'pull-without-dns',
  title: { en: 'an image cannot be pulled because the node has no working DNS', zh: '节点 DNS 不可用，镜像拉取失败' },
  story: {
    en: "The engine asks the node's DNS server, which answers SERVFAIL.",
    zh: '引擎询问节点的 DNS 服务器，而它回答 SERVFAIL。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-no-usable-nameserver', certainty: 'possible', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.scriptedDns({ title: 'broken-dns', address: '10.240.0.2', rules: [], otherwise: 'servfail' });
    await lab.node.write('/etc/resolv.conf', 'nameserver 10.240.0.2\n');
    await lab.docker();
  },
  show: [
    { command: 'docker pull registry.example.com:5000/pause:3.2', expect: { exitStatus: 1, says: [/server misbehaving|no such host/] } },
    { command: 'cat /etc/resolv.conf' },
    { command: 'dig registry.example.com', expect: { exitStatus: 0, says: [/SERVFAIL/] } },
    { command: 'dig @10.240.0.1 registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
