import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'nsswitch-hosts-without-files',
  title: { en: 'the hosts line of nsswitch.conf leaves files out', zh: 'nsswitch.conf 的 hosts 行漏掉了 files' },
  story: {
    en: 'With "hosts: dns" the hosts file is not read, so localhost goes to DNS, which does not know it.',
    zh: '“hosts: dns”使 hosts 文件不被读取，localhost 因而去问 DNS，而 DNS 不认识它。',
  },
  kind: 'failing',
  expects: { cause: 'nsswitch-hosts-without-files', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['localhost:10248'],
  async build(lab) {
    await lab.node.write('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: dns\n');
    await lab.listen({ title: 'kubelet', port: 10248, address: '127.0.0.1' });
  },
  show: [
    { command: 'grep localhost /etc/hosts', expect: { exitStatus: 0 } },
    { command: 'getent ahosts localhost', expect: { exitStatus: 2 } },
    { command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
  ],
});
