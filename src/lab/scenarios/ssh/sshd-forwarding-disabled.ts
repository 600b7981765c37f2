import { defineScenario } from '../../scenario.ts';
import { startSshd } from '../../stages/ssh.ts';

export const scenario = defineScenario({
  id: 'sshd-forwarding-disabled',
  title: { en: 'sshd forbids forwarding', zh: 'sshd 禁止转发' },
  story: {
    en: 'AllowTcpForwarding and AllowStreamLocalForwarding are no: RKE can log in, but reaches neither the Docker socket nor a health port.',
    zh: 'AllowTcpForwarding 与 AllowStreamLocalForwarding 为 no：RKE 能登录，却连不上 Docker 套接字和健康端口。',
  },
  kind: 'failing',
  expects: { cause: 'sshd-forwarding-disabled', certainty: 'likely', exitStatus: 1 },
  needs: ['sshd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
    await startSshd(lab, { config: ['AllowTcpForwarding no', 'AllowStreamLocalForwarding no'], groups: ['docker'] });
  },
  show: [
    { command: 'ssh -F /etc/ssh/lab/config 10.240.0.34 true', expect: { exitStatus: 0 } },
    {
      command: 'ssh -F /etc/ssh/lab/config -W localhost:6443 10.240.0.34 </dev/null',
      expect: { exitStatus: 255, says: [/administratively prohibited/] },
    },
    {
      command: 'sshd -T -f /etc/ssh/lab/sshd_config -C user=rke,host=node1,addr=10.240.0.34 | grep -i forwarding',
      expect: { exitStatus: 0, says: [/allowtcpforwarding no/] },
    },
  ],
});
