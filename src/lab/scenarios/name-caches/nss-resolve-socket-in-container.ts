import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { NSSWITCH_RESOLVE, startFakeResolved } from '../../stages/resolved.ts';

export const scenario = defineScenario({
  id: 'nss-resolve-socket-in-container',
  title: { en: "the host's systemd-resolved answers for a container through /run", zh: '宿主机的 systemd-resolved 经 /run 替容器作答' },
  story: {
    en: 'The image has libnss_resolve and "resolve [!UNAVAIL=return]"; with /run mounted it asks the host, whose no is final.',
    zh: '镜像带有 libnss_resolve 和“resolve [!UNAVAIL=return]”；挂载 /run 后它去问宿主机，而宿主机的否定就是最终答案。',
  },
  kind: 'failing',
  expects: { cause: 'nss-resolve-socket-in-container', certainty: 'likely', exitStatus: 1 },
  needs: ['mdns'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await startRancherMetadata(lab);
    await startFakeResolved(lab, { node2: '10.240.0.35' });
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/run', target: '/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF, '/etc/nsswitch.conf': NSSWITCH_RESOLVE },
    });
  },
  show: [
    { in: 'kubelet', command: 'dig +short rancher-metadata', expect: { exitStatus: 0, says: [/169\.254\.169\.250/] } },
    { in: 'kubelet', command: 'getent ahosts rancher-metadata', expect: { exitStatus: 2 } },
  ],
});
