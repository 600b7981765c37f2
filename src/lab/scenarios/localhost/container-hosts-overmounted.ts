import { defineScenario } from '../../scenario.ts';
import { LOCALHOST_BOTH, hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'container-hosts-overmounted',
  title: { en: "the container's hosts file is older than the node's", zh: '容器的 hosts 文件比节点的旧' },
  story: {
    en: "The node's hosts file got a line for the registry after the container had started; the container keeps the copy it was started with.",
    zh: '容器启动之后，节点的 hosts 文件才加上镜像仓库那一行；容器仍在使用启动时的副本。',
  },
  kind: 'failing',
  expects: { cause: 'container-hosts-overmounted', certainty: 'proved', exitStatus: 1 },
  needs: ['docker'],
  target: ['registry.corp:5000', '--container', 'agent'],
  async build(lab) {
    await lab.addAddress('10.240.0.12');
    await lab.listen({ title: 'registry', port: 5000, address: '10.240.0.12' }, lab.network);
    await lab.dockerContainer({ name: 'agent' });
    await lab.node.write('/etc/hosts', hostsWith(...LOCALHOST_BOTH, '10.240.0.12 registry.corp'));
  },
  show: [
    { command: 'curl -sS http://registry.corp:5000/', expect: { exitStatus: 0, says: [/ok/] } },
    { in: 'agent', command: 'curl -sS http://registry.corp:5000/', expect: { exitStatus: 6, says: [/Could not resolve/] } },
  ],
});
