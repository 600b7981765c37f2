import { defineScenario } from '../../scenario.ts';
import { METADATA_RESOLV_CONF, startRancherMetadata } from '../../stages/rancher-metadata.ts';
import { startUnscd } from '../../cache-daemon.ts';
import { showNameFound } from '../../stages/host-cache-in-container.ts';

export const scenario = defineScenario({
  id: 'healthy-stale-cache-socket',
  title: { en: '/var/run is mounted; the socket is left over and nobody answers', zh: '挂载了 /var/run；套接字是残留的，没有人应答' },
  story: {
    en: 'The daemon was killed and left its socket file: connect is refused and glibc goes on to DNS.',
    zh: '守护进程被杀死，留下了套接字文件：连接被拒绝，glibc 继续查询 DNS。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: ['unscd'],
  target: ['rancher-metadata', '--container', '{pid:kubelet}'],
  otherTargets: [[]],
  async build(lab) {
    await startRancherMetadata(lab);
    const daemon = await startUnscd(lab.node, { hostsCache: true });
    await lab.node.sh('kill -9 "$1"; test -S /run/nscd/socket', String(daemon.pid));
    await lab.container({
      name: 'kubelet',
      mounts: [{ source: '/var/run', target: '/var/run' }],
      files: { '/etc/resolv.conf': METADATA_RESOLV_CONF },
    });
  },
  show: showNameFound('kubelet'),
});
