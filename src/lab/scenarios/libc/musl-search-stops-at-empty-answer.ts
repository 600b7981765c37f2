import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'musl-search-stops-at-empty-answer',
  title: { en: 'a search domain answers empty, and musl stops there', zh: '搜索域给出空应答，musl 就此停止' },
  story: {
    en: 'The zone of the search domain answers NOERROR without data instead of NXDOMAIN; glibc goes on, musl does not.',
    zh: '搜索域的区域返回没有数据的 NOERROR 而不是 NXDOMAIN；glibc 会继续，musl 不会。',
  },
  kind: 'failing',
  expects: { cause: 'musl-search-stops-at-empty-answer', certainty: 'likely', exitStatus: 1 },
  needs: ['musl-gcc'],
  target: ['registry.example.com', '--container', '{pid:alpine}'],
  async build(lab) {
    await lab.scriptedDns({
      title: 'dns',
      address: '10.240.0.2',
      rules: [
        { name: '*.corp.example.com', answer: 'empty' },
        { name: 'registry.example.com', type: 'A', answer: { addresses: ['10.240.0.11'] } },
        { name: 'registry.example.com', answer: 'empty' },
      ],
      otherwise: 'nxdomain',
    });
    const resolv = 'search corp.example.com\nnameserver 10.240.0.2\noptions ndots:5\n';
    await lab.node.write('/etc/resolv.conf', resolv);
    await lab.container({ name: 'alpine', libc: 'musl', files: { '/etc/resolv.conf': resolv } });
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { in: 'alpine', command: 'lookup registry.example.com', expect: { exitStatus: 2, says: [/no usable address|does not resolve/] } },
    { in: 'alpine', command: 'lookup registry.example.com.', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
  ],
});
