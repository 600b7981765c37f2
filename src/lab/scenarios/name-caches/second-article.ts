import { defineScenario } from '../../scenario.ts';
import { startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { expectHostCacheInContainer, showHostCacheAnswering } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'second-article',
  title: { en: "the host's name cache answers for a container that mounts /var/run", zh: '容器挂载了 /var/run：宿主机的名称缓存替它作答' },
  story: {
    en: "unscd runs on the node with its hosts cache on; the kubelet container (Docker) has the node's /var/run, so its glibc asks that daemon, which cannot know rancher-metadata and says no for good. dig asks the container's DNS server and gets the answer.",
    zh: '节点上运行着开启 hosts 缓存的 unscd；kubelet 容器（Docker）挂载了节点的 /var/run，它的 glibc 便去问这个守护进程；后者不可能知道 rancher-metadata，于是断然否定。dig 则直接询问容器的 DNS 服务器，得到了答案。',
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
      { name: 'kubelet', mounts: [{ source: '/var/run', target: '/var/run' }] },
      '--dns=169.254.169.250',
      '--dns-search=rancher.internal',
    );
  },
  show: showHostCacheAnswering('kubelet'),
});
