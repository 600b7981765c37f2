import { defineScenario } from '../../scenario.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'healthy-ipv6-off',
  title: { en: 'IPv6 is off, but localhost has its IPv4 line', zh: 'IPv6 已关闭，但 localhost 有 IPv4 行' },
  story: {
    en: 'IPv6 is off everywhere and the hosts file lists localhost on both lines: every client finds 127.0.0.1. No fault.',
    zh: 'IPv6 全部关闭，hosts 文件两行都有 localhost：所有客户端都能找到 127.0.0.1。没有故障。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['localhost:6443'],
  otherTargets: [[]],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await lab.listen({ title: 'kube-apiserver', port: 6443 });
  },
  show: [
    { command: 'getent ahosts localhost', expect: { exitStatus: 0, says: [/127\.0\.0\.1/] } },
    { command: 'curl -sS http://localhost:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
