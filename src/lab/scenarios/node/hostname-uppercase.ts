import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'hostname-uppercase',
  title: { en: 'the host name has capitals', zh: '主机名含大写字母' },
  story: {
    en: 'kubelet registers the name in lower case; what compares names literally does not find the node.',
    zh: 'kubelet 以小写注册节点名；逐字比较名字的程序找不到该节点。',
  },
  kind: 'failing',
  expects: { cause: 'hostname-uppercase', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await lab.node.sh('hostname Node1; echo Node1 > /etc/hostname');
    await startKubelet(lab);
  },
  show: [{ command: 'hostname', expect: { exitStatus: 0, says: [/Node1/] } }],
});
