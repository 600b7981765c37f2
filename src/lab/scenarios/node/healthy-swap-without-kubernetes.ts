import { showInstead } from '../../stages/proc.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-swap-without-kubernetes',
  title: { en: 'swap on a machine that is no node', zh: '非节点机器上的交换分区' },
  story: {
    en: 'Nothing of Kubernetes runs here: swap is in order.',
    zh: '这里没有运行 Kubernetes：使用 swap 没有问题。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await showInstead(
      lab.node,
      '/proc/swaps',
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t2097148\t\t0\t\t-2\n',
    );
  },
  show: [{ command: 'cat /proc/swaps', expect: { exitStatus: 0, says: [/sda2/] } }],
});
