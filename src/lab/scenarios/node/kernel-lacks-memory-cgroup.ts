import { startKubelet } from '../../stages/kubelet.ts';
import { showInstead } from '../../stages/proc.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'kernel-lacks-memory-cgroup',
  title: { en: 'a kernel without the memory controller', zh: '内核没有内存控制器' },
  story: {
    en: '/proc/cgroups does not name memory at all: no boot parameter helps.',
    zh: '/proc/cgroups 中根本没有 memory：启动参数无济于事。',
  },
  kind: 'failing',
  expects: { cause: 'kernel-lacks-memory-cgroup', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await showInstead(
      lab.node,
      '/proc/cgroups',
      '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\ncpuacct\t2\t1\t1\nblkio\t7\t1\t1\ndevices\t5\t1\t1\nfreezer\t6\t1\t1\npids\t8\t1\t1\n',
    );
  },
  show: [{ command: 'grep -c memory /proc/cgroups', expect: { exitStatus: 1, says: [/^0/] } }],
});
