import { defineScenario } from '../../scenario.ts';
import { buildLocalhostIpv6Only, showLocalhostIpv6Only } from '../../stages/localhost-ipv6-only.ts';
import { switchIpv6Off } from '../../stages/ipv6.ts';

export const scenario = defineScenario({
  id: 'localhost-ipv6-only-sysctl-persisted',
  title: {
    en: 'localhost is ::1 only; a sysctl.d file switches IPv6 off at every boot',
    zh: 'localhost 只指向 ::1；sysctl.d 文件每次开机都关闭 IPv6',
  },
  story: {
    en: 'The same fault with its owner on disk: a file in /etc/sysctl.d will switch IPv6 off again after every reboot.',
    zh: '同样的故障，但根源在磁盘上：/etc/sysctl.d 里的文件每次重启都会再次关闭 IPv6。',
  },
  kind: 'failing',
  expects: {
    cause: 'localhost-ipv6-only-sysctl-persisted',
    alsoAccepted: ['localhost-ipv6-only-lo-without-ipv6'],
    certainty: 'proved',
    exitStatus: 1,
  },
  needs: [],
  target: ['localhost:6443'],
  async build(lab) {
    const settings = 'net.ipv6.conf.all.disable_ipv6 = 1\nnet.ipv6.conf.default.disable_ipv6 = 1\nnet.ipv6.conf.lo.disable_ipv6 = 1\n';
    await lab.node.write('/etc/sysctl.d/99-no-ipv6.conf', settings);
    await switchIpv6Off(lab.node, 'all', 'default', 'lo');
    await buildLocalhostIpv6Only(lab);
  },
  show: [{ command: 'cat /etc/sysctl.d/99-no-ipv6.conf' }, ...showLocalhostIpv6Only(/Cannot assign requested address/)],
});
