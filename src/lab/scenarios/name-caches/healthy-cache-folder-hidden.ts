import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-cache-folder-hidden',
  title: { en: '/var/run is mounted, an empty folder hides the cache socket', zh: '挂载了 /var/run，但一个空目录盖住了缓存套接字' },
  story: {
    en: 'What Rancher did in the end: an empty folder is bound over /var/run/nscd in the container.',
    zh: 'Rancher 最终的做法：在容器里把一个空目录绑定到 /var/run/nscd 上。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.node.sh('mkdir -p /var/lib/empty');
    await lab.container({
      name: 'kubelet',
      mounts: [
        { source: '/var/run', target: '/var/run' },
        { source: '/var/lib/empty', target: '/var/run/nscd' },
      ],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showNameFound('kubelet'),
});
