import { defineScenario } from '../../scenario.ts';
import { buildLocalhostIpv6Only, expectLocalhostIpv6Only, showLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-address-deleted',
  title: { en: 'localhost is ::1 only; a script deleted ::1 from lo', zh: 'localhost 只指向 ::1；脚本把 ::1 从 lo 上删掉了' },
  story: {
    en: 'IPv6 is enabled everywhere, but ::1 was taken off lo by hand or by a script that flushes addresses.',
    zh: 'IPv6 处处开启，但有人或某个清空地址的脚本把 ::1 从 lo 上去掉了。',
  },
  kind: 'failing',
  expects: expectLocalhostIpv6Only,
  needs: [],
  target: ['localhost:6443'],
  otherTargets: [[]],
  async build(lab) {
    await lab.node.sh('ip -6 addr del ::1/128 dev lo');
    await buildLocalhostIpv6Only(lab);
  },
  show: showLocalhostIpv6Only(/Network is unreachable|Cannot assign requested address/),
});
