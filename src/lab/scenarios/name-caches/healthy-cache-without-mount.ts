import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-cache-without-mount',
  title: { en: 'the cache daemon runs, the container does not see it', zh: '缓存守护进程在运行，但容器看不到它' },
  story: {
    en: 'The hosts cache is on, but the container has a /var/run of its own.',
    zh: 'hosts 缓存已开启，但容器有自己的 /var/run。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.container({ name: 'kubelet', mounts: [], files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
  },
  show: showNameFound('kubelet'),
});
