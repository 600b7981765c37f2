import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'nsswitch-hosts-without-dns',
  title: { en: 'the hosts line of nsswitch.conf leaves dns out', zh: 'nsswitch.conf 的 hosts 行漏掉了 dns' },
  story: {
    en: 'A hardening script wrote "hosts: files". No program that uses libc ever asks DNS; dig does not read the file and answers.',
    zh: '加固脚本写成了“hosts: files”。凡是使用 libc 的程序都不再查询 DNS；dig 不读这个文件，因此有答案。',
  },
  kind: 'failing',
  expects: { cause: 'nsswitch-hosts-without-dns', certainty: 'proved', exitStatus: 1 },
  needs: [],
  target: ['node2'],
  async build(lab) {
    await lab.node.write('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files\n');
  },
  show: [
    { command: 'dig +short node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { command: 'getent ahosts node2', expect: { exitStatus: 2 } },
    { command: 'ping -c 1 node2', expect: { exitStatus: 2, says: [/not known/] } },
  ],
});
