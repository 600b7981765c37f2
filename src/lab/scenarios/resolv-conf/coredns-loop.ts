import { startKubelet } from '../../stages/kubelet.ts';
import { podLog } from '../../stages/pods.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'coredns-loop',
  title: { en: 'CoreDNS forwards to itself', zh: 'CoreDNS 转发给自己' },
  story: {
    en: 'The node lists a stub on the loopback, kubelet hands it to CoreDNS, and its log says Loop.',
    zh: '节点的 resolv.conf 指向回环地址上的存根，kubelet 将其交给 CoreDNS，其日志报告 Loop。',
  },
  kind: 'failing',
  expects: { cause: 'coredns-loop', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.write('/etc/resolv.conf', 'nameserver 127.0.0.53\n');
    await lab.node.start(
      'stub',
      [
        'dnsmasq',
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--listen-address=127.0.0.53',
        '--bind-interfaces',
        '--no-hosts',
        '--no-resolv',
        '--server=10.240.0.1',
        '--user=root',
        '--pid-file=',
      ],
      {
        ready: "grep -q ':0035 ' /proc/net/udp",
      },
    );
    await podLog(lab, 'coredns-5d78c9869d-abcde', 'coredns', [
      '.:53',
      'CoreDNS-1.10.1',
      '[FATAL] plugin/loop: Loop (127.0.0.1:38721 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 4547991504243258144.3688648895315093531."',
    ]);
  },
  show: [{ command: 'cat /var/log/pods/*/coredns/0.log', expect: { exitStatus: 0, says: [/Loop/] } }],
});
