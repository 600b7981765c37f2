import { defineScenario } from '../../scenario.ts';
import { startGlibcNscd } from '../../cache-daemon.ts';
import { installInside } from '../../debian-package.ts';
import { expectHostCacheInContainer } from '../../stages/host-cache-in-container.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';

export const scenario = defineScenario({
  id: 'glibc-nscd-in-container',
  title: { en: "glibc's nscd on the host answers for a container", zh: '宿主机上 glibc 的 nscd 替容器作答' },
  story: {
    en: "The same as the second article, with glibc's own nscd, which hands its cache to clients as shared memory.",
    zh: '与第二篇文章相同，只是换成 glibc 自带的 nscd，它会把缓存以共享内存的方式交给客户端。',
  },
  kind: 'failing',
  expects: expectHostCacheInContainer,
  needs: ['nscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await installInside(lab.node, 'nscd');
    await startGlibcNscd(lab.node, { hostsCache: true, program: '/usr/sbin/nscd' });
    const mounts = [{ source: '/var/run', target: '/var/run' }];
    await lab.container({ name: 'kubelet', mounts, files: { '/etc/resolv.conf': METADATA_RESOLV_CONF } });
  },
  show: [
    { in: 'kubelet', command: 'dig +short rancher-metadata', expect: { exitStatus: 0, says: [/169\.254\.169\.250/] } },
    { in: 'kubelet', command: 'getent ahosts rancher-metadata', expect: { exitStatus: 2 } },
    { in: 'kubelet', command: 'ping -c 1 rancher-metadata', expect: { exitStatus: 2, says: [/Name or service not known/] } },
  ],
});
