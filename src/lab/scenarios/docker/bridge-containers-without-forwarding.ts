import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'bridge-containers-without-forwarding',
  title: { en: 'containers on docker0 reach nothing because forwarding is off', zh: '转发已关闭，docker0 上的容器无法访问外部' },
  story: {
    en: 'docker warns about it when a container starts; the node itself reaches everything.',
    zh: '容器启动时 docker 会给出警告；节点自身一切可达。',
  },
  kind: 'failing',
  expects: { cause: 'ip-forward-off', certainty: 'likely', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.docker({ bridge: true });
    await (await lab.docker()).image();
    await lab.node.sh('echo 0 > /proc/sys/net/ipv4/ip_forward');
  },
  show: [
    { command: 'docker run --rm culprit-lab:1 id', expect: { exitStatus: 0, says: [/IPv4 forwarding is disabled/] } },
    { command: 'sysctl net.ipv4.ip_forward', expect: { exitStatus: 0, says: [/= 0/] } },
  ],
});
