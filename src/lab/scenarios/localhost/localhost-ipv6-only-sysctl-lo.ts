import { defineScenario } from '../../scenario.ts';
import { buildLocalhostIpv6Only, expectLocalhostIpv6Only, showLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-sysctl-lo',
  title: { en: 'localhost is ::1 only; IPv6 off on lo alone', zh: 'localhost 只指向 ::1；仅 lo 关闭了 IPv6' },
  story: {
    en: 'Only lo lost its IPv6 address; other interfaces keep theirs, so the kernel answers "Network is unreachable".',
    zh: '只有 lo 失去了 IPv6 地址，其他网卡仍有，因此内核回答“Network is unreachable”。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: [],
  target: ['localhost:6443'],
  otherTargets: [[]],
  async build(lab) {
    await switchIpv6Off(lab.node, 'lo');
    await buildLocalhostIpv6Only(lab);
  },
  show: showLocalhostIpv6Only(/Network is unreachable|Cannot assign requested address/),
});
