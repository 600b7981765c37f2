import { defineScenario } from '../../scenario.ts';
import { installInside } from '../../debian-package.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { NSSWITCH_RESOLVE } from '../../stages/resolved.ts';

export const scenario = defineScenario({
  id: 'healthy-nss-resolve-without-daemon',
  title: {
    en: 'an image with resolve in nsswitch.conf, and no systemd-resolved to be seen',
    zh: '镜像的 nsswitch.conf 带有 resolve，但看不到 systemd-resolved',
  },
  story: {
    en: 'Without the socket the module is unavailable and libc goes on to dns.',
    zh: '没有套接字时该模块不可用，libc 继续查询 dns。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['mdns'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await installInside(lab.node, 'libnss-resolve');
    await lab.container({ name: 'kubelet', files: { '/etc/resolv.conf': METADATA_RESOLV_CONF, '/etc/nsswitch.conf': NSSWITCH_RESOLVE } });
  },
  show: showNameFound('kubelet'),
});
