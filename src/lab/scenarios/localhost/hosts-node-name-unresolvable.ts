import { defineScenario } from '../../scenario.ts';
import { podLog } from '../../stages/pods.ts';

export const scenario = defineScenario({
  id: 'hosts-node-name-unresolvable',
  title: { en: 'the node does not know its own name', zh: '节点不认识自己的名字' },
  story: {
    en: 'The host name is in no hosts line and in no DNS zone.',
    zh: '主机名既不在 hosts 文件里，也不在任何 DNS 区域里。',
  },
  kind: 'failing',
  expects: { cause: 'hosts-node-name-unresolvable', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node9'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.sh('hostname node9; echo node9 > /etc/hostname');
    await podLog(lab, 'kube-apiserver-node9', 'kube-apiserver', [
      'E1122 10:00:01.000000       1 status.go:71] apiserver received an error that is not an metav1.Status: &url.Error{Op:"Get", URL:"https://node9:10250/containerLogs/default/web/web", Err:(*net.OpError)(0xc0052f2500)}: Get "https://node9:10250/containerLogs/default/web/web": dial tcp: lookup node9 on 10.240.0.1:53: no such host',
    ]);
  },
  show: [
    { command: 'hostname', expect: { exitStatus: 0, says: [/node9/] } },
    { command: 'getent ahosts node9', expect: { exitStatus: 2 } },
    { command: 'hostname -f', expect: { exitStatus: 1, says: [/Name or service not known|not known/] } },
  ],
});
