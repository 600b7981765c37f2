import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-only-docker-socket-mounted',
  title: { en: 'only the Docker socket is mounted from /var/run', zh: '从 /var/run 只挂载了 Docker 套接字' },
  story: {
    en: "The hosts cache is on, but of the node's /var/run the container has only docker.sock.",
    zh: 'hosts 缓存已开启，但容器从节点 /var/run 得到的只有 docker.sock。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await startUnscd(lab.node, { hostsCache: true });
    await lab.node.sh(': > /run/docker.sock');
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run/docker.sock', target: '/var/run/docker.sock' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showNameFound('kubelet'),
});
