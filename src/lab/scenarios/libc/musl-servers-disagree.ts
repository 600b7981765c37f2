import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'musl-servers-disagree',
  title: { en: 'two servers disagree, and musl takes the quicker one', zh: '两个服务器不一致，而 musl 采用先到的应答' },
  story: {
    en: 'musl asks all servers at once. The public one says NXDOMAIN first; glibc asks the internal one first and is content.',
    zh: 'musl 同时询问所有服务器。公共服务器先回答 NXDOMAIN；glibc 先问内部服务器，因此没事。',
  },
  kind: 'failing',
  expects: { cause: 'musl-resolver-differences', alsoAccepted: ['resolv-servers-disagree'], certainty: 'possible', exitStatus: 1 },
  needs: ['musl-gcc'],
  target: ['git.corp', '--container', '{pid:alpine}'],
  async build(lab) {
    await lab.scriptedDns({
      title: 'internal-dns',
      address: '10.240.0.2',
      rules: [
        { name: 'git.corp', type: 'A', answer: { addresses: ['10.240.0.21'] } },
        { name: 'git.corp', answer: 'empty' },
      ],
      otherwise: 'nxdomain',
      delayMs: 60,
    });
    await lab.scriptedDns({ title: 'public-dns', address: '10.240.0.3', rules: [], otherwise: 'nxdomain' });
    const resolv = 'nameserver 10.240.0.2\nnameserver 10.240.0.3\n';
    await lab.node.write('/etc/resolv.conf', resolv);
    await lab.container({ name: 'alpine', libc: 'musl', files: { '/etc/resolv.conf': resolv } });
  },
  show: [
    { command: 'getent ahosts git.corp', expect: { exitStatus: 0, says: [/10\.240\.0\.21/] } },
    { in: 'alpine', command: 'lookup git.corp', expect: { exitStatus: 2 } },
  ],
});
