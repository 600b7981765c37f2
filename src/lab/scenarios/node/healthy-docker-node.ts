import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-docker-node',
  title: { en: 'a node with a Docker engine and three containers', zh: '有 Docker 引擎和三个容器的节点' },
  story: {
    en: 'kubelet mounts /var/run as RKE does it, the others nothing.',
    zh: 'kubelet 像 RKE 那样挂载 /var/run，其他容器什么都不挂。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['docker'],
  target: [],
  async build(lab) {
    await lab.dockerContainer({ name: 'kubelet', mounts: [{ source: '/var/run', target: '/var/run' }] });
    await lab.dockerContainer({ name: 'kube-proxy' });
    await lab.dockerContainer({ name: 'nginx-proxy' });
  },
  show: [
    { command: 'docker ps --format "{{.Names}}"', expect: { exitStatus: 0, says: [/kubelet/, /kube-proxy/] } },
    { in: 'kubelet', command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
  ],
});
