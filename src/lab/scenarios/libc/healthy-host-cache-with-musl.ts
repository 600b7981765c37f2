import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';

export const scenario = defineScenario({
  id: 'healthy-host-cache-with-musl',
  title: { en: "a musl container mounts /var/run with the host's cache", zh: 'musl 容器挂载了带宿主机缓存的 /var/run' },
  story: {
    en: 'musl never asks a cache daemon: the socket in the container is of no consequence.',
    zh: 'musl 从不询问缓存守护进程：容器里的套接字没有影响。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd', 'musl-gcc'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.container({
      name: 'kubelet',
      libc: 'musl',
      mounts: [{ source: '/run', target: '/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: [{ in: 'kubelet', command: 'lookup rancher-metadata', expect: { exitStatus: 0, says: [/169\.254\.169\.250/] } }],
});
