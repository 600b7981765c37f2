import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'healthy-ssh',
  title: { en: 'a node that RKE can use over SSH', zh: 'RKE 可经 SSH 使用的节点' },
  story: {
    en: 'The user logs in and forwards a port.',
    zh: '用户能登录并转发端口。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  otherTargets: [[]],
  async build(lab) {
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await startSshd(lab, { groups: ['docker'] });
  },
  show: [
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 id', expect: { exitStatus: 0, says: [/docker/] } },
    {
      command: 'printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" | ssh -F /etc/ssh/lab/config -W localhost:6443 10.240.0.34',
      expect: { exitStatus: 0, says: [/200 OK/] },
    },
  ],
});
