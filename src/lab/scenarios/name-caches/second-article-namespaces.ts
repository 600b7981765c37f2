import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { expectHostCacheInContainer, showHostCacheAnswering } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'second-article-namespaces',
  title: { en: "the host's name cache answers for a container of plain namespaces", zh: '宿主机的名称缓存替一个纯命名空间容器作答' },
  story: {
    en: 'The same fault without a container runtime: a process with a root, mounts and a resolv.conf of its own, and the /var/run of the node.',
    zh: '同样的故障，但没有容器运行时：一个有独立根目录、挂载和 resolv.conf 的进程，却挂着节点的 /var/run。',
  },
  kind: 'failing',
  expects: expectHostCacheInContainer,
  needs: ['unscd', 'strace'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run', target: '/var/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showHostCacheAnswering('kubelet'),
});
