import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';
import { showInstead } from '../../stages/proc.ts';

export const scenario = defineScenario({
  id: 'memory-cgroup-missing',
  title: { en: 'the memory controller is switched off', zh: 'memory 控制器被关闭' },
  story: {
    en: 'As on a Raspberry Pi without the boot parameters: /proc/cgroups lists memory with enabled 0.',
    zh: '如同没有加启动参数的树莓派：/proc/cgroups 中 memory 的 enabled 为 0。',
  },
  kind: 'failing',
  expects: { cause: 'memory-cgroup-missing', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startKubelet(lab);
    await showInstead(
      lab.node,
      '/proc/cgroups',
      '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\ncpuacct\t2\t1\t1\nblkio\t7\t1\t1\nmemory\t0\t1\t0\ndevices\t5\t1\t1\nfreezer\t6\t1\t1\npids\t8\t1\t1\n',
    );
  },
  show: [{ command: 'cat /proc/cgroups', expect: { exitStatus: 0, says: [/memory\t0\t1\t0/] } }],
});
