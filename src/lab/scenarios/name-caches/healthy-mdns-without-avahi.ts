import { defineScenario } from '../../scenario.ts';
import { installInside } from '../../debian-package.ts';
import { NSSWITCH_MDNS } from '../../stages/mdns.ts';

export const scenario = defineScenario({
  id: 'healthy-mdns-without-avahi',
  title: { en: 'mdns4_minimal is configured, no mDNS daemon runs', zh: '配置了 mdns4_minimal，但没有 mDNS 守护进程' },
  story: {
    en: 'Without its daemon the module is unavailable, not a no: libc goes on to DNS, also for names in .local.',
    zh: '守护进程不在时该模块是“不可用”而不是“没有”：libc 会继续查询 DNS，.local 的名字也一样。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['mdns'],
  target: ['gitlab.local'],
  otherTargets: [[]],
  async build(lab) {
    await installInside(lab.node, 'libnss-mdns');
    await lab.node.write('/etc/nsswitch.conf', NSSWITCH_MDNS);
    await lab.restartDns({ records: [['gitlab.local', '10.240.0.21']] });
  },
  show: [{ command: 'getent ahosts gitlab.local', expect: { exitStatus: 0, says: [/10\.240\.0\.21/] } }],
});
