import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-musl-container',
  title: { en: 'a musl image resolves as the node does', zh: 'musl 镜像的解析与节点一致' },
  story: {
    en: 'One server, no search list: glibc and musl agree.',
    zh: '一个服务器，没有搜索列表：glibc 与 musl 一致。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['musl-gcc'],
  target: ['registry.example.com', '--container', '{pid:alpine}'],
  otherTargets: [[]],
  async build(lab) {
    await lab.container({ name: 'alpine', libc: 'musl' });
  },
  show: [{ in: 'alpine', command: 'lookup registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } }],
});
