import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'disk-without-inodes',
  title: { en: 'no inode is left below /var/log', zh: '/var/log 没有空闲 inode' },
  story: {
    en: 'There is room, but a flood of small files took every inode.',
    zh: '空间还有，但大量小文件耗尽了 inode。',
  },
  kind: 'failing',
  expects: { cause: 'disk-full', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh(
      'mount -t tmpfs -o size=16m,nr_inodes=64 tmpfs /var/log; i=0; while touch /var/log/$i 2>/dev/null; do i=$((i + 1)); done',
    );
  },
  show: [
    { command: 'df -Pi /var/log', expect: { exitStatus: 0, says: [/100%/] } },
    { command: 'touch /var/log/one-more', expect: { exitStatus: 1, says: [/No space left/] } },
  ],
});
