import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'cgroup-driver-mismatch',
  title: { en: 'kubelet and Docker use different cgroup drivers', zh: 'kubelet 与 Docker 的 cgroup 驱动不同' },
  story: {
    en: 'The engine uses cgroupfs, kubelet is configured for systemd.',
    zh: '引擎使用 cgroupfs，而 kubelet 配置为 systemd。',
  },
  kind: 'failing',
  expects: { cause: 'cgroup-driver-mismatch', certainty: 'likely', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.docker();
    await startKubelet(lab, { cgroupDriver: 'systemd' });
  },
  show: [
    { command: 'docker info | grep -i cgroup', expect: { exitStatus: 0, says: [/Cgroup Driver: cgroupfs/] } },
    { command: 'cat /var/lib/kubelet/config.yaml', expect: { exitStatus: 0, says: [/cgroupDriver: systemd/] } },
  ],
});
