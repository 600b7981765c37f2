import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'filesystem-read-only',
  title: { en: "Docker's data folder is mounted read-only", zh: 'Docker 数据目录以只读方式挂载' },
  story: {
    en: 'The kernel remounted the disk read-only after an error; nothing can be written.',
    zh: '磁盘出错后内核将其重新挂载为只读；无法写入。',
  },
  kind: 'failing',
  expects: { cause: 'filesystem-read-only', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.node.sh('mkdir -p /var/lib/docker; mount -t tmpfs tmpfs /var/lib/docker; mount -o remount,ro /var/lib/docker');
  },
  show: [
    { command: 'touch /var/lib/docker/test', expect: { exitStatus: 1, says: [/Read-only file system/] } },
    { command: 'grep /var/lib/docker /proc/mounts', expect: { exitStatus: 0, says: [/\bro\b/] } },
  ],
});
