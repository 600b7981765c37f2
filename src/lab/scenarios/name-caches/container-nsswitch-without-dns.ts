import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'container-nsswitch-without-dns',
  title: { en: "a container image's nsswitch.conf leaves dns out", zh: '容器镜像的 nsswitch.conf 漏掉了 dns' },
  story: {
    en: 'On the node all is well; the image brings its own nsswitch.conf with files only.',
    zh: '节点上一切正常；镜像自带的 nsswitch.conf 只有 files。',
  },
  kind: 'failing',
  expects: { cause: 'nsswitch-hosts-without-dns', certainty: 'proved', exitStatus: 1 },
  needs: ['docker'],
  target: ['node2', '--container', 'agent'],
  async build(lab) {
    await lab.dockerContainer({ name: 'agent', files: { '/etc/nsswitch.conf': 'hosts: files\n' } });
  },
  show: [
    { command: 'getent ahosts node2', expect: { exitStatus: 0 } },
    { in: 'agent', command: 'dig +short node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { in: 'agent', command: 'curl -sS http://node2/', expect: { exitStatus: 6, says: [/Could not resolve/] } },
  ],
});
