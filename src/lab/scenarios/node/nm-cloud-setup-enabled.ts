import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'nm-cloud-setup-enabled',
  title: { en: 'nm-cloud-setup is enabled on a node', zh: '节点启用了 nm-cloud-setup' },
  story: {
    en: 'Its timer writes routing rules of its own, which take pod traffic away.',
    zh: '其定时器会写入自己的路由规则，夺走 Pod 流量。',
  },
  kind: 'failing',
  expects: { cause: 'nm-cloud-setup-enabled', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh(
      'mkdir -p /etc/systemd/system/timers.target.wants; ln -s /usr/lib/systemd/system/nm-cloud-setup.timer /etc/systemd/system/timers.target.wants/nm-cloud-setup.timer',
    );
  },
  show: [{ command: 'ls /etc/systemd/system/timers.target.wants', expect: { exitStatus: 0, says: [/nm-cloud-setup/] } }],
});
