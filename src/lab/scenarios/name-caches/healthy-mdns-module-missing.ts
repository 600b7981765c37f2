import { defineScenario } from '../../scenario.ts';
import { NSSWITCH_MDNS } from '../../stages/mdns.ts';

export const scenario = defineScenario({
  id: 'healthy-mdns-module-missing',
  title: { en: 'mdns4_minimal is configured, the module is not installed', zh: '配置了 mdns4_minimal，但没有安装该模块' },
  story: {
    en: 'A module that cannot be loaded counts as unavailable; libc goes on to DNS.',
    zh: '无法加载的模块按“不可用”处理；libc 继续查询 DNS。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['gitlab.local'],
  async build(lab) {
    await lab.node.write('/etc/nsswitch.conf', NSSWITCH_MDNS);
    await lab.restartDns({ records: [['gitlab.local', '10.240.0.21']] });
  },
  show: [{ command: 'getent ahosts gitlab.local', expect: { exitStatus: 0, says: [/10\.240\.0\.21/] } }],
});
