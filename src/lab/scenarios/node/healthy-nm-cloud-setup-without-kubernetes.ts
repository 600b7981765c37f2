import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-nm-cloud-setup-without-kubernetes',
  title: { en: 'nm-cloud-setup on a machine that is no node', zh: '非节点机器上的 nm-cloud-setup' },
  story: {
    en: 'A cloud image enables it by default; nothing here minds.',
    zh: '云镜像默认启用它；这里没有受影响的组件。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.sh(
      'mkdir -p /etc/systemd/system/timers.target.wants; ln -s /usr/lib/systemd/system/nm-cloud-setup.timer /etc/systemd/system/timers.target.wants/nm-cloud-setup.timer',
    );
  },
  show: [{ command: 'ls /etc/systemd/system/timers.target.wants', expect: { exitStatus: 0, says: [/nm-cloud-setup/] } }],
});
