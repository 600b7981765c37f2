import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'filesystem-read-only-after-error',
  title: { en: 'the kernel refuses writes to the disk of etcd', zh: '内核拒绝写入 etcd 所在磁盘' },
  story: {
    en: 'The mount still says rw; its file system went read-only, as it does after an I/O error.',
    zh: '挂载仍显示 rw，而文件系统已变为只读，如同发生 I/O 错误之后。',
  },
  kind: 'failing',
  expects: { cause: 'filesystem-read-only', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    // A second mount of the same file system keeps its own rw when the file system goes read-only: what an error looks like.
    await lab.node.sh(
      'mkdir -p /run/disk /var/lib/etcd; mount -t tmpfs tmpfs /run/disk; mount --bind /run/disk /var/lib/etcd; mount -o remount,ro /run/disk',
    );
  },
  show: [{ command: 'touch /var/lib/etcd/x', expect: { exitStatus: 1, says: [/Read-only file system/] } }],
});
