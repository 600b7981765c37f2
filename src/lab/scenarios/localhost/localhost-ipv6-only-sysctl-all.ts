import { defineScenario } from '../../scenario.ts';
import { buildLocalhostIpv6Only, expectLocalhostIpv6Only, showLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-sysctl-all',
  title: {
    en: 'localhost is ::1 only; IPv6 off by the sysctls "all" and "lo"',
    zh: 'localhost 只指向 ::1；sysctl “all” 与 “lo” 关闭了 IPv6',
  },
  story: {
    en: 'A hardening role sets net.ipv6.conf.all.disable_ipv6 and net.ipv6.conf.lo.disable_ipv6; every IPv6 address goes at once, ::1 included.',
    zh: '安全加固脚本设置了 net.ipv6.conf.all.disable_ipv6 和 net.ipv6.conf.lo.disable_ipv6；所有 IPv6 地址立即消失，包括 ::1。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await switchIpv6Off(lab.node, 'all', 'lo');
    await buildLocalhostIpv6Only(lab);
  },
  show: showLocalhostIpv6Only(/Cannot assign requested address/),
});
