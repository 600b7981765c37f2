import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'docker-not-running',
  title: { en: 'the Docker engine does not run', zh: 'Docker 引擎没有运行' },
  story: {
    en: 'The socket is not there; every client says so.',
    zh: '套接字不存在；每个客户端都这么说。',
  },
  kind: 'failing',
  expects: { cause: 'docker-not-running-or-socket-elsewhere', certainty: 'possible', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.node.sh('rm -f /var/run/docker.sock');
  },
  show: [
    { command: 'docker ps', expect: { exitStatus: 1, says: [/Cannot connect to the Docker daemon/] } },
    { command: 'ls -l /var/run/docker.sock', expect: { exitStatus: 2 } },
  ],
});
