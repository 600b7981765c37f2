import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'rp-filter-wrong-for-cni',
  title: { en: "Calico refuses the node's RPF setting", zh: 'Calico 拒绝节点的 RPF 设置' },
  story: {
    en: 'net.ipv4.conf.all.rp_filter is 2 (loose), and Felix ends because of it.',
    zh: 'net.ipv4.conf.all.rp_filter 为 2（宽松），Felix 因此退出。',
  },
  kind: 'failing',
  expects: { cause: 'rp-filter-wrong-for-cni', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh('echo 2 > /proc/sys/net/ipv4/conf/all/rp_filter');
    await podLog(lab, 'calico-node-7x7x7', 'calico-node', [
      "2026-11-22 10:00:00.000 [FATAL][61] felix/int_dataplane.go 1035: Kernel's RPF check is set to 'loose'.  This would allow endpoints to spoof their IP address.  Calico requires net.ipv4.conf.all.rp_filter to be set to 0 or 1.",
    ]);
  },
  show: [{ command: 'sysctl net.ipv4.conf.all.rp_filter', expect: { exitStatus: 0, says: [/= 2/] } }],
});
