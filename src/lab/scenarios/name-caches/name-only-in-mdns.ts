import { defineScenario } from '../../scenario.ts';
import { startFakeAvahi } from '../../stages/mdns.ts';

export const scenario = defineScenario({
  id: 'name-only-in-mdns',
  title: { en: 'a name in .local that only avahi knows', zh: '只有 avahi 认识的 .local 名字' },
  story: {
    en: "libc finds the server's name through the module mdns4_minimal; Go programs and DNS never do.",
    zh: 'libc 通过 mdns4_minimal 模块找到服务器的名字；Go 程序和 DNS 则永远找不到。',
  },
  kind: 'failing',
  expects: { cause: 'name-only-in-mdns', certainty: 'likely', exitStatus: 1 },
  needs: ['mdns'],
  target: ['k3s-server.local:6443'],
  async build(lab) {
    await startFakeAvahi(lab, { 'k3s-server.local': '10.240.0.22' });
  },
  show: [
    { command: 'getent ahosts k3s-server.local', expect: { exitStatus: 0, says: [/10\.240\.0\.22/] } },
    { command: 'dig +short k3s-server.local', expect: { exitStatus: 0, never: [/10\.240/] } },
  ],
});
