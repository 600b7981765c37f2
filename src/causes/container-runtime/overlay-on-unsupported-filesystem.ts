/** overlay2 needs d_type and a file system that can be its upper layer. Source: docker docs, OverlayFS storage driver; containerd overlayutils; k3s snapshotter text. */
import { ask, evidenceCause, observed, stated, t } from '../_checks/index.ts';

export const overlayOnUnsupportedFilesystem = evidenceCause({
  id: 'overlay-on-unsupported-filesystem',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t('The data root lies on a file system that overlay cannot use', '数据目录所在文件系统不支持 overlay'),
  mechanism: t(
    'XFS made with ftype=0 has no d_type; NFS, ZFS and another overlay cannot be an upper layer. The runtime refuses to start or every mount fails.',
    '以 ftype=0 创建的 XFS 没有 d_type；NFS、ZFS 或另一个 overlay 不能作为上层。运行时会拒绝启动，或每次挂载都失败。',
  ),
  summary: t("The file system below the runtime's data does not support overlay.", '运行时数据所在的文件系统不支持 overlay。'),
  sources: ['docker docs: use the OverlayFS storage driver', 'k3s-io/docs advanced'],
  lookAlikes: ['kernel-module-missing', 'disk-full'],
  signatures: [
    {
      id: 'overlay-on-unsupported-filesystem/d-type',
      grade: 'direct',
      anchors: ['without d_type support', 'snapshotter cannot be', 'is not supported over', 'not supported on'],
      pattern:
        /formatted without d_type support|Running on a filesystem without d_type support|"overlayfs" snapshotter cannot be enabled|overlay(?:2|fs)?[^\n]{0,120}(?:is not supported over|not supported on) [a-z]+/i,
      matches: [
        'overlay2: the backing xfs filesystem is formatted without d_type support, which leads to incorrect behavior.',
        '"overlayfs" snapshotter cannot be enabled for "/var/lib/rancher", try using "fuse-overlayfs" or "native": failed to mount overlay',
        "'overlay' is not supported over zfs",
      ],
      rejects: ['Supports d_type: true'],
    },
    {
      id: 'overlay-on-unsupported-filesystem/mount',
      grade: 'strong',
      anchors: ['failed to mount overlay', 'error creating overlay mount', 'filesystem on', 'overlayfs: '],
      pattern:
        /(?:failed to mount overlay|error creating overlay mount to [^\n:]*): invalid argument|overlayfs: (?:filesystem on '[^']*' not supported|upper fs (?:does not support|is missing)|maximum fs stacking depth)/,
      matches: [
        'failed to mount overlay: invalid argument',
        "kernel: overlayfs: filesystem on '/var/lib/docker' not supported as upperdir",
      ],
      rejects: ['failed to mount overlay: no such device'],
    },
  ],
  confirm: [
    {
      when: observed('mount.xfs-ftype', (value) => value === 0),
      grade: 'direct',
      says: t('The XFS below the data root has ftype=0.', '数据目录所在 XFS 的 ftype=0。'),
    },
    {
      when: observed('docker.supports-d-type', (value) => value === false),
      grade: 'direct',
      says: t('docker says that d_type is not supported.', 'docker 报告不支持 d_type。'),
    },
    {
      when: stated({
        whole:
          /ftype ?= ?0|(?:\/var\/lib\/(?:docker|rancher|containerd)|data ?root|(?<!etcd )data dir)[^.;]*(?:on|is) (?:nfs|zfs|overlay|tmpfs|ecryptfs|glusterfs)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the data lies on such a file system.', '陈述中提到数据位于此类文件系统。'),
    },
  ],
  refute: [{ when: observed('mount.xfs-ftype', (value) => value === 1), says: t('The XFS has ftype=1.', 'XFS 的 ftype=1。') }],
  asks: [
    ask(
      'Which file system lies below the data root, and has an XFS ftype=1?',
      '数据目录所在的文件系统是什么？若为 XFS，ftype 是否为 1？',
      'stat -fc %T /var/lib/docker /var/lib/rancher /var/lib/containerd; xfs_info /var/lib/docker | grep ftype',
    ),
  ],
  remedies: [
    {
      id: 'move-data-root',
      title: t('Move the data root to another file system', '把数据目录迁移到其他文件系统'),
      risk: t('All images and containers move or are fetched anew.', '所有镜像和容器都需迁移或重新获取。'),
      safety: 'needs-a-person',
      command:
        'printf \'{"data-root":"/OTHER/docker"}\' > /etc/docker/daemon.json && systemctl restart docker   # K3s: --data-dir, or --snapshotter=native',
      undo: 'rm -f /etc/docker/daemon.json && systemctl restart docker',
      verify: ['docker info | grep -i -e "Backing Filesystem" -e d_type'],
    },
  ],
});
