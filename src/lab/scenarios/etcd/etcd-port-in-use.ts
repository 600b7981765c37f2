import { defineScenario } from '../../scenario.ts';
import { runEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'etcd-port-in-use',
  title: { en: "another process holds etcd's port", zh: '别的进程占用了 etcd 的端口' },
  story: {
    en: 'A second etcd, left over from an earlier installation, still listens on 2379.',
    zh: '上一次安装遗留的 etcd 仍在监听 2379。',
  },
  kind: 'failing',
  expects: { cause: 'port-in-use', certainty: 'likely', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.listen({ title: 'old-etcd', port: 2379, address: '127.0.0.1' });
    await runEtcd(lab, []);
  },
  show: [
    { command: 'cat /var/log/etcd.log', expect: { exitStatus: 0, says: [/address already in use/] } },
    { command: 'ss -ltnp', expect: { exitStatus: 0, says: [/2379/] } },
  ],
});
