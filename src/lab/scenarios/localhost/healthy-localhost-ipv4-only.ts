import { defineScenario } from '../../scenario.ts';
import { hostsWith } from '../../stages/hosts.ts';

export const scenario = defineScenario({
  id: 'healthy-localhost-ipv4-only',
  title: { en: 'the hosts file has no ::1 line', zh: 'hosts 文件没有 ::1 行' },
  story: {
    en: 'localhost is 127.0.0.1 alone while IPv6 is on; nothing needs ::1.',
    zh: 'localhost 只是 127.0.0.1，而 IPv6 开着；没有程序需要 ::1。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.write('/etc/hosts', hostsWith('127.0.0.1 localhost'));
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [{ command: 'telnet localhost 6443 </dev/null', expect: { says: [/Connected to localhost/] } }],
});
