import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-var-run-without-daemon',
  title: { en: '/var/run is mounted and no cache daemon is there', zh: '挂载了 /var/run，但没有缓存守护进程' },
  story: {
    en: 'RKE mounts /var/run into every kubelet container; without a daemon the mount is no fault.',
    zh: 'RKE 会把 /var/run 挂载进每个 kubelet 容器；没有守护进程时，这个挂载不是故障。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run', target: '/var/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showNameFound('kubelet'),
});
