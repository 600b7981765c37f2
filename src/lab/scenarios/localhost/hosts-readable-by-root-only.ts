import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'hosts-readable-by-root-only',
  title: { en: 'only root may read /etc/hosts', zh: '只有 root 能读 /etc/hosts' },
  story: {
    en: 'The file has mode 600. root resolves localhost; every other user gets nothing, as if the file were empty.',
    zh: '文件权限为 600。root 能解析 localhost；其他用户什么也得不到，就像文件是空的。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-unreadable', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.sh('chmod 600 /etc/hosts');
    await lab.node.start('node-exporter', ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', 'sleep', '1000000']);
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127/] } },
    { command: 'setpriv --reuid 65534 --regid 65534 --clear-groups getent ahosts localhost', expect: { exitStatus: 2 } },
  ],
});
