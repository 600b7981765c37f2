import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'nscd-in-sibling-container',
  title: { en: 'a cache daemon in another container answers through a shared folder', zh: '另一个容器里的缓存守护进程经共享目录作答' },
  story: {
    en: 'The daemon lives in a sidecar without a network and shares /var/run/nscd with the application; it cannot resolve anything, and its no is final.',
    zh: '守护进程位于没有网络的边车容器里，并与应用共享 /var/run/nscd；它什么都解析不了，而它的否定答案就是最终答案。',
  },
  kind: 'failing',
  expects: {
    cause: 'nscd-empty-hosts-view-in-chroot',
    alsoAccepted: ['nscd-socket-in-container-hosts-cache'],
    certainty: 'likely',
    exitStatus: 1,
  },
  needs: ['unscd'],
  target: ['node2', '--container', '{pid:app}'],
  async build(lab) {
    await lab.node.sh('mkdir -p /var/lib/nscd-socket');
    const mounts = [{ source: '/var/lib/nscd-socket', target: '/var/run/nscd' }];
    const files = {
      '/etc/nscd.conf': 'enable-cache hosts yes\npositive-time-to-live hosts 3600\nnegative-time-to-live hosts 20\n',
      '/etc/nsswitch.conf': 'hosts: files\n',
    };
    const sidecar = await lab.container({ name: 'sidecar', network: 'own', mounts, files });
    const enter = ['nsenter', '-t', String(sidecar.pid), '-m', '-n', '-u', '-i', '-p', '--'];
    await lab.node.start('sidecar-nscd', ['/usr/sbin/nscd', '-d'], { enter, ready: 'test -S /var/lib/nscd-socket/socket' });
    await lab.container({ name: 'app', mounts });
  },
  show: [
    { in: 'app', command: 'dig +short node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
    { in: 'app', command: 'getent ahosts node2', expect: { exitStatus: 2 } },
    { command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } },
  ],
});
