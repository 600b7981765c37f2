import { defineScenario } from '../../scenario.ts';
import { METADATA_ADDRESS, METADATA_RESOLV_CONF } from '../../stages/rancher-metadata.ts';

export const scenario = defineScenario({
  id: 'metadata-unreachable',
  title: { en: 'nobody answers at the metadata address', zh: '元数据地址无人应答' },
  story: {
    en: "The container's resolv.conf is right, but the metadata service is down: DNS and libc fail alike.",
    zh: '容器的 resolv.conf 没错，但元数据服务没有运行：DNS 与 libc 都失败。',
  },
  kind: 'failing',
  expects: { cause: 'metadata-unreachable', alsoAccepted: ['resolv-no-usable-nameserver'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  async build(lab) {
    await lab.node.sh('ip addr add "$1/32" dev lo', METADATA_ADDRESS);
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run', target: '/var/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: [
    { in: 'kubelet', command: 'dig +time=1 +tries=1 rancher-metadata', expect: { exitStatus: 9 } },
    { in: 'kubelet', command: 'curl -sS -m 5 http://rancher-metadata/', expect: { exitStatus: 6 } },
  ],
});
