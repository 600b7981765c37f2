import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'coredns-upstream-unreachable',
  title: { en: 'CoreDNS gets no answer from the server of the node', zh: 'CoreDNS 得不到节点上游服务器的应答' },
  story: {
    en: 'Names outside the cluster time out in pods: the forwarder is silent.',
    zh: 'Pod 中集群外名称超时：转发目标没有应答。',
  },
  kind: 'failing',
  expects: { cause: 'coredns-upstream-unreachable', alsoAccepted: ['coredns-upstream-dead'], certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await podLog(lab, 'coredns-5d78c9869d-abcde', 'coredns', [
      '.:53',
      'CoreDNS-1.10.1',
      '[ERROR] plugin/errors: 2 registry.example.com. A: read udp 10.42.0.7:41234->10.240.0.99:53: i/o timeout',
      '[ERROR] plugin/errors: 2 registry.example.com. AAAA: read udp 10.42.0.7:41235->10.240.0.99:53: i/o timeout',
    ]);
  },
  show: [{ command: 'cat /var/log/pods/*/coredns/0.log', expect: { exitStatus: 0, says: [/i\/o timeout/] } }],
});
