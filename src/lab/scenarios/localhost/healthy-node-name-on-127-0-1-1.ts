import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-node-name-on-127-0-1-1',
  title: { en: 'the node name is on 127.0.1.1, as Debian writes it', zh: '节点名在 127.0.1.1 上，Debian 就是这样写的' },
  story: {
    en: 'The name leads to the loopback, but kubelet is told its address: harmless.',
    zh: '名字指向回环，但 kubelet 明确指定了地址：无害。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await lab.node.write('/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 node1\n::1 localhost ip6-localhost ip6-loopback\n');
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts node1', expect: { exitStatus: 0, says: [/127\.0\.1\.1/] } },
    { command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } },
  ],
});
