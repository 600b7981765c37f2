import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-hosts-cache-off',
  title: { en: '/var/run is mounted, but the cache daemon keeps no hosts', zh: '挂载了 /var/run，但缓存守护进程不缓存 hosts' },
  story: {
    en: 'The daemon runs and its socket is in the container, but `enable-cache hosts no`: it answers "not served" and glibc goes on to DNS.',
    zh: '守护进程在运行，套接字也在容器里，但 `enable-cache hosts no`：它回答“不提供”，glibc 于是继续查询 DNS。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: false });
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run', target: '/var/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showNameFound('kubelet'),
});
