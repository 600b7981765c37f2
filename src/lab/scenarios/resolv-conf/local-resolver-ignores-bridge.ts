import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'local-resolver-ignores-bridge',
  title: { en: "the node's dnsmasq does not answer the container bridge", zh: '节点的 dnsmasq 不应答容器网桥' },
  story: {
    en: 'dnsmasq was started before the bridge was there; with local-service it takes containers for strangers.',
    zh: 'dnsmasq 启动时网桥还不存在；在 local-service 模式下，它把容器当作外人。',
  },
  kind: 'failing',
  expects: { cause: 'local-resolver-ignores-bridge', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com', '--container', '{pid:app}'],
  async build(lab) {
    await lab.node.start(
      'dnsmasq',
      [
        'dnsmasq',
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--no-hosts',
        '--no-resolv',
        '--user=root',
        '--pid-file=',
        '--log-facility=/var/log/syslog',
        '--local-service',
        '--host-record=registry.example.com,10.240.0.11',
        '--local=/#/',
      ],
      { ready: "grep -q ':0035 ' /proc/net/udp" },
    );
    // The daemon takes the containers for strangers, because no interface's own network holds their addresses.
    await lab.bridge('docker0', '172.17.0.1/32');
    await lab.node.sh('ip route add 172.17.0.0/16 dev docker0');
    await lab.bridgedContainer(
      { name: 'app', files: { '/etc/resolv.conf': 'nameserver 172.17.0.1\noptions timeout:1 attempts:1\n' } },
      'docker0',
      '172.17.0.2/16',
      '172.17.0.1',
    );
    await lab.node.write('/etc/resolv.conf', 'nameserver 127.0.0.1\n');
  },
  show: [
    { command: 'dig +short @127.0.0.1 registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } },
    { in: 'app', command: 'dig +time=1 +tries=1 registry.example.com', expect: { exitStatus: 9 } },
    { command: 'grep -i ignoring /var/log/syslog', expect: { exitStatus: 0, says: [/non-local network/] } },
  ],
});
