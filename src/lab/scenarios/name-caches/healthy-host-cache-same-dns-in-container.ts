import { defineScenario } from '../../scenario.ts';
import { startUnscd } from '../../cache-daemon.ts';

export const scenario = defineScenario({
  id: 'healthy-host-cache-same-dns-in-container',
  title: { en: "a container reaches the host's cache, and both ask the same DNS", zh: '容器能用宿主机的缓存，且两者使用同一 DNS' },
  story: {
    en: "/var/run is mounted and the cache on, but the container's names are the host's names: what the daemon says is true for both.",
    zh: '挂载了 /var/run 且缓存开启，但容器与宿主机的名字相同：守护进程的回答对两者都成立。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['node2', '--container', '{pid:agent}'],
  async build(lab) {
    await startUnscd(lab.node, { hostsCache: true });
    await lab.container({ name: 'agent', mounts: [{ source: '/var/run', target: '/var/run' }] });
  },
  show: [{ in: 'agent', command: 'getent ahosts node2', expect: { exitStatus: 0, says: [/10\.240\.0\.35/] } }],
});
