import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'ssh-user-not-in-docker-group',
  title: { en: 'the SSH user may not open the Docker socket', zh: 'SSH 用户无权打开 Docker 套接字' },
  story: {
    en: 'The user logs in, but is not in the docker group; the socket belongs to root:docker with mode 660.',
    zh: '用户能登录，但不在 docker 组；套接字属于 root:docker，权限 660。',
  },
  kind: 'failing',
  expects: { cause: 'ssh-user-not-in-docker-group', certainty: 'likely', exitStatus: 1 },
  needs: ['sshd', 'docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await startSshd(lab);
    await lab.docker();
    await lab.node.sh('chown root:docker /var/run/docker.sock; chmod 660 /var/run/docker.sock');
  },
  show: [
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 id', expect: { exitStatus: 0, says: [/rke/], never: [/docker/] } },
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 docker ps', expect: { exitStatus: 1, says: [/permission denied/] } },
    { command: 'stat -c "%U:%G %a %n" /var/run/docker.sock', expect: { exitStatus: 0, says: [/docker 660/] } },
  ],
});
