import { defineScenario } from '../../scenario.ts';
import { NODE_ADDRESS } from '../../lab.ts';
import { LOCALHOST_BOTH, hostsWith } from '../../stages/hosts.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'hostname-invalid',
  title: { en: 'the host name has an underscore', zh: '主机名含下划线' },
  story: {
    en: 'Node names follow DNS rules; kubelet cannot register node_1.',
    zh: '节点名须符合 DNS 规则；kubelet 无法注册 node_1。',
  },
  kind: 'failing',
  expects: { cause: 'hostname-invalid', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.sh('echo node_1 > /proc/sys/kernel/hostname; echo node_1 > /etc/hostname');
    await lab.node.write('/etc/hosts', hostsWith(...LOCALHOST_BOTH, `${NODE_ADDRESS} node_1`));
    await startKubelet(lab);
  },
  show: [{ command: 'hostname', expect: { exitStatus: 0, says: [/node_1/] } }],
});
