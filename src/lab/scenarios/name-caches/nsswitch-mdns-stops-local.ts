import { defineScenario } from '../../scenario.ts';
import { startFakeAvahi } from '../../stages/mdns.ts';

export const scenario = defineScenario({
  id: 'nsswitch-mdns-stops-local',
  title: { en: 'mdns4_minimal ends the search for a name in .local that DNS has', zh: 'mdns4_minimal 截断了 DNS 中存在的 .local 名字' },
  story: {
    en: 'The company uses .local. avahi does not know the name, and [NOTFOUND=return] keeps libc from asking DNS.',
    zh: '公司使用 .local 域。avahi 不认识这个名字，而 [NOTFOUND=return] 使 libc 不再询问 DNS。',
  },
  kind: 'failing',
  expects: { cause: 'nsswitch-mdns-stops-local', certainty: 'likely', exitStatus: 1 },
  needs: ['mdns'],
  target: ['gitlab.local'],
  async build(lab) {
    await startFakeAvahi(lab, {});
    await lab.restartDns({ records: [['gitlab.local', '10.240.0.21']] });
  },
  show: [
    { command: 'dig +short gitlab.local', expect: { exitStatus: 0, says: [/10\.240\.0\.21/] } },
    { command: 'getent ahosts gitlab.local', expect: { exitStatus: 2 } },
    { command: 'ping -c 1 gitlab.local', expect: { exitStatus: 2 } },
  ],
});
