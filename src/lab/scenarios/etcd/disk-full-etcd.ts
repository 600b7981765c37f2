import { defineScenario } from '../../scenario.ts';
import { runEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'disk-full-etcd',
  title: { en: 'the disk below etcd is full', zh: 'etcd 所在的磁盘已满' },
  story: {
    en: 'A one-megabyte file system stands for the full disk: etcd cannot preallocate its log and ends.',
    zh: '用 1MB 的文件系统代表写满的磁盘：etcd 无法预分配日志而退出。',
  },
  kind: 'failing',
  expects: { cause: 'disk-full', certainty: 'likely', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.node.sh(
      'mkdir -p /var/lib/etcd; mount -t tmpfs -o size=1m,mode=700 tmpfs /var/lib/etcd; dd if=/dev/zero of=/var/lib/etcd/old.snap bs=1k 2>/dev/null || :',
    );
    await runEtcd(lab, []);
  },
  show: [
    { command: 'cat /var/log/etcd.log', expect: { exitStatus: 0, says: [/no space left on device/] } },
    { command: 'df -P /var/lib/etcd', expect: { exitStatus: 0, says: [/100%/] } },
  ],
});
