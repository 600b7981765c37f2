import { defineScenario } from '../../scenario.ts';
import { startDnsServer } from '../../dns-server.ts';

export const scenario = defineScenario({
  id: 'resolv-loopback-stub-inherited',
  title: {
    en: 'a container with its own network was given 127.0.0.53 as its DNS server',
    zh: '有独立网络的容器得到的 DNS 服务器是 127.0.0.53',
  },
  story: {
    en: "The stub resolver listens on the node's loopback; in the container's network that address is the container itself.",
    zh: '存根解析器监听的是节点的回环地址；在容器的网络里，这个地址就是容器自己。',
  },
  kind: 'failing',
  expects: { cause: 'resolv-loopback-stub-inherited', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com', '--container', '{pid:app}'],
  async build(lab) {
    await startDnsServer(lab.node, {
      name: 'systemd-resolved',
      addresses: ['127.0.0.53'],
      records: [['registry.example.com', '10.240.0.11']],
    });
    await lab.node.write('/etc/resolv.conf', 'nameserver 127.0.0.53\n');
    await lab.container({ name: 'app', network: 'own', files: { '/etc/resolv.conf': 'nameserver 127.0.0.53\n' } });
  },
  show: [
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { in: 'app', command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
    {
      in: 'app',
      command: 'dig +time=1 +tries=1 registry.example.com',
      expect: { exitStatus: 9, says: [/connection refused|no servers could be reached/] },
    },
  ],
});
