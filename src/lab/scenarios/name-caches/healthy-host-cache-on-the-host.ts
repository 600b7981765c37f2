import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';

export const scenario = defineScenario({
  id: 'healthy-host-cache-on-the-host',
  title: { en: "the host's own programs use its cache daemon", zh: '宿主机自己的程序使用它的缓存守护进程' },
  story: {
    en: 'The hosts cache is on and sees the same files and DNS servers as everybody on the node.',
    zh: 'hosts 缓存已开启，它看到的文件和 DNS 服务器与节点上的程序一致。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['node2'],
  otherTargets: [['localhost:6443'], []],
  async build(lab) {
    await startUnscd(lab.node, { hostsCache: true });
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { command: 'getent ahosts localhost', expect: { exitStatus: 0 } },
  ],
});
