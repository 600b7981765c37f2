import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'etcd-slow-disk',
  title: { en: 'the disk of etcd is slow', zh: 'etcd 所在磁盘缓慢' },
  story: {
    en: 'Its log says that applies and syncs take seconds, and leaders are lost.',
    zh: '其日志显示 apply 和 fsync 需要数秒，并丢失 leader。',
  },
  kind: 'failing',
  expects: { cause: 'etcd-slow-disk', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await podLog(lab, 'etcd-node1', 'etcd', [
      '{"level":"warn","ts":"2026-11-22T10:00:00.123Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"2.31s","expected-duration":"1s"}',
      '{"level":"warn","ts":"2026-11-22T10:00:01.456Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"1.204s","expected-duration":"100ms","prefix":"read-only range ","request":"key:\\"/registry/leases/kube-system/kube-controller-manager\\" "}',
      '{"level":"warn","ts":"2026-11-22T10:00:02.789Z","caller":"etcdserver/raft.go:416","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk","to":"8e9e05c52164694d","heartbeat-interval":"100ms","expected-duration":"200ms","exceeded-duration":"1.1s"}',
    ]);
  },
  show: [{ command: 'cat /var/log/pods/*/etcd/0.log', expect: { exitStatus: 0, says: [/slow fdatasync/] } }],
});
