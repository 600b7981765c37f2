import { defineScenario } from '../../scenario.ts';
import { buildLocalhostIpv6Only, expectLocalhostIpv6Only, showLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-no-route-to-host',
  title: { en: 'localhost is ::1 only; an unreachable route covers ::1', zh: 'localhost 只指向 ::1；一条 unreachable 路由盖住了 ::1' },
  story: {
    en: "RHEL's network scripts add an unreachable route for ::/96. With another interface that has IPv6, the kernel then says No route to host for ::1, as in the first article.",
    zh: 'RHEL 的网络脚本会为 ::/96 添加 unreachable 路由。若另一块网卡有 IPv6，内核对 ::1 就回答 No route to host，与第一篇文章相同。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    await switchIpv6Off(lab.node, 'lo');
    // The uplink gets its link-local address once its link is up; which error ::1 gives depends on it.
    await lab.node.sh(
      'i=0; until ip -6 addr show dev eth0 | grep -q inet6 || [ $i -ge 250 ]; do sleep 0.02; i=$((i + 1)); done; ip -6 route add unreachable ::/96',
    );
    await buildLocalhostIpv6Only(lab);
  },
  show: showLocalhostIpv6Only(/No route to host/),
});
