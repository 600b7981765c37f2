import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { showInstead } from '../../stages/proc.ts';

export const scenario = defineScenario({
  id: 'swap-enabled',
  title: { en: 'swap is on and kubelet is told to refuse it', zh: '交换分区已开启，而 kubelet 被要求拒绝' },
  story: {
    en: 'kubelet has failSwapOn: true and the kernel lists a swap partition.',
    zh: 'kubelet 设置了 failSwapOn: true，而内核列出了交换分区。',
  },
  kind: 'failing',
  expects: { cause: 'swap-enabled', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab, { failSwapOn: true });
    await showInstead(
      lab.node,
      '/proc/swaps',
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t2097148\t\t0\t\t-2\n',
    );
  },
  show: [
    { command: 'cat /proc/swaps', expect: { exitStatus: 0, says: [/\/dev\/sda2/] } },
    { command: 'grep failSwapOn /var/lib/kubelet/config.yaml', expect: { exitStatus: 0, says: [/true/] } },
  ],
});
