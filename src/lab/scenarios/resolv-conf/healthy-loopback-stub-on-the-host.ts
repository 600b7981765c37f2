import { defineScenario } from '../../scenario.ts';
import { startDnsServer } from '../../dns-server.ts';
import { NODE_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'healthy-loopback-stub-on-the-host',
  title: { en: "a stub resolver on the node's loopback, used by the node", zh: '节点回环地址上的存根解析器，由节点自己使用' },
  story: {
    en: '127.0.0.53 answers for everybody in the node network.',
    zh: '127.0.0.53 为节点网络中的所有程序应答。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await startDnsServer(lab.node, {
      name: 'systemd-resolved',
      addresses: ['127.0.0.53'],
      records: [
        ['registry.example.com', '10.240.0.11'],
        ['node1', NODE_ADDRESS],
      ],
    });
    await lab.node.write('/etc/resolv.conf', 'nameserver 127.0.0.53\noptions edns0 trust-ad\n');
  },
  show: [{ command: 'getent ahosts registry.example.com', expect: { exitStatus: 0 } }],
});
