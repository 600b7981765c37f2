import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'container-localhost-ipv6-only',
  title: {
    en: 'a container with its own network has localhost at ::1 only and no ::1',
    zh: '有独立网络的容器：localhost 只指向 ::1，而 ::1 不存在',
  },
  story: {
    en: "The first article's fault inside a container: its image brings a hosts file with ::1 alone, and IPv6 is off in its network namespace.",
    zh: '第一篇文章的故障出现在容器里：镜像自带的 hosts 文件只有 ::1，而它的网络命名空间关闭了 IPv6。',
  },
  kind: 'failing',
  expects: {
    cause: 'localhost-ipv6-only-lo-without-ipv6',
    alsoAccepted: ['localhost-ipv6-only-sysctl-persisted', 'container-hosts-ipv6-localhost-without-ipv6'],
    certainty: 'likely',
    exitStatus: 1,
  },
  needs: [],
  target: ['localhost:8080', '--container', '{pid:app}'],
  async build(lab) {
    const app = await lab.container({ name: 'app', network: 'own', files: { '/etc/hosts': '::1 localhost\n127.0.0.1 app\n' } });
    await lab.node.sh(
      'nsenter -t "$1" -n sh -c "for s in all default lo; do echo 1 > /proc/sys/net/ipv6/conf/\\$s/disable_ipv6; done"',
      String(app.pid),
    );
  },
  show: [
    { in: 'app', command: 'getent ahosts localhost', expect: { exitStatus: 0 } },
    { in: 'app', command: 'telnet localhost 8080', expect: { exitStatus: 1, says: [/Trying ::1/] } },
  ],
});
