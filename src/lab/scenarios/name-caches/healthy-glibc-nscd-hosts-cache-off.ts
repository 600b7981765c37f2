import { defineScenario } from '../../scenario.ts';
import { startGlibcNscd } from '../../cache-daemon.ts';
import { installInside } from '../../debian-package.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';

export const scenario = defineScenario({
  id: 'healthy-glibc-nscd-hosts-cache-off',
  title: {
    en: "glibc's nscd is reachable from a container, its hosts cache is off",
    zh: '容器能连到 glibc 的 nscd，但其 hosts 缓存已关闭',
  },
  story: {
    en: 'nscd answers "not served" for hosts, so glibc goes on to DNS.',
    zh: 'nscd 对 hosts 回答“不提供”，glibc 于是继续查询 DNS。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['nscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await installInside(lab.node, 'nscd');
    await startGlibcNscd(lab.node, { hostsCache: false, program: '/usr/sbin/nscd' });
    const mounts = [{ source: '/var/run', target: '/var/run' }];
    await lab.container({ name: 'kubelet', mounts, files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
  },
  show: showNameFound('kubelet'),
});
