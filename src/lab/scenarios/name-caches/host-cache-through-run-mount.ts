import { defineScenario } from '../../scenario.ts';
import { startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { expectHostCacheInContainer, showHostCacheAnswering } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'host-cache-through-run-mount',
  title: { en: "the host's name cache reaches a container through /run", zh: '宿主机的名称缓存经 /run 进入容器' },
  story: {
    en: 'The mount is /run:/run; /var/run in the image is a link to /run, so glibc finds the same socket.',
    zh: '挂载的是 /run:/run；镜像里 /var/run 是指向 /run 的链接，glibc 找到的仍是同一个套接字。',
  },
  kind: 'failing',
  expects: expectHostCacheInContainer,
  needs: ['unscd', 'docker', 'strace'],
  target: ['rancher-metadata', '--container', 'kubelet'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.dockerContainer(
      { name: 'kubelet', mounts: [{ source: '/run', target: '/run' }] },
      '--dns=169.254.169.250',
      '--dns-search=rancher.internal',
    );
  },
  show: showHostCacheAnswering('kubelet'),
});
