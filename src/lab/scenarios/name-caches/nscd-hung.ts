import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';

export const scenario = defineScenario({
  id: 'nscd-hung',
  title: { en: 'the cache daemon accepts and never answers', zh: '缓存守护进程接受连接却从不应答' },
  story: {
    en: 'The daemon is stopped (as one stuck in I/O is): every lookup through libc waits five seconds for it, users included.',
    zh: '守护进程停住了（就像卡在 I/O 里那样）：所有经 libc 的查询都要等它五秒，用户名查询也一样。',
  },
  kind: 'failing',
  expects: { cause: 'nscd-hung', certainty: 'likely', exitStatus: 1 },
  needs: ['unscd'],
  target: ['node2'],
  otherTargets: [[]],
  async build(lab) {
    const daemon = await startUnscd(lab.node, { hostsCache: true });
    await lab.node.sh('kill -STOP "$1"', String(daemon.pid));
  },
  show: [
    { command: 'dig +short node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { command: 'timeout 3 getent ahosts node2', expect: { exitStatus: 124 } },
  ],
});
