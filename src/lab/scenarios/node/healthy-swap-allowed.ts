import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { showInstead } from '../../stages/proc.ts';

export const scenario = defineScenario({
  id: 'healthy-swap-allowed',
  title: { en: 'swap is on and kubelet is told to accept it', zh: '交换分区已开启，而 kubelet 允许' },
  story: {
    en: 'failSwapOn: false, as RKE sets it.',
    zh: 'failSwapOn: false，RKE 就是这样设置的。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { failSwapOn: false });
    await showInstead(
      lab.node,
      '/proc/swaps',
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t2097148\t\t0\t\t-2\n',
    );
  },
  show: [{ command: 'grep failSwapOn /var/lib/kubelet/config.yaml', expect: { exitStatus: 0, says: [/false/] } }],
});
