import { defineScenario } from '../../scenario.ts';
import { runEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'etcd-data-dir-permission',
  title: { en: 'etcd may not use its data directory', zh: 'etcd 无权使用数据目录' },
  story: {
    en: 'The directory belongs to root with mode 700, and etcd runs as another user.',
    zh: '目录属于 root 且权限为 700，而 etcd 以另一个用户运行。',
  },
  kind: 'failing',
  expects: { cause: 'etcd-data-dir-permission', certainty: 'likely', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.node.sh(
      'mkdir -p /var/lib/etcd; chown 0:0 /var/lib/etcd; chmod 700 /var/lib/etcd; : > /var/log/etcd.log; chmod 666 /var/log/etcd.log',
    );
    await runEtcd(lab, ['--logger=zap'], { prefix: ['setpriv', '--reuid', '64055', '--regid', '64055', '--clear-groups'] });
  },
  show: [
    { command: 'cat /var/log/etcd.log', expect: { exitStatus: 0, says: [/permission denied/] } },
    { command: 'stat -c "%U:%G %a %n" /var/lib/etcd', expect: { exitStatus: 0, says: [/700/] } },
  ],
});
