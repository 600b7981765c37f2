/** Disks and mounts of the node. Source: kubernetes/node-problem-detector config, statfs(2), mount_namespaces(7), rancher/rke cluster/plan.go. */
import { all, any, ask, evidenceCause, line, stated, symptom, t, without, picked } from '../_checks/index.ts';
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Test } from '../_checks/index.ts';

const ROOM_KB = 2 * 1024 * 1024;
const roomLeft = (node: NodeFacts, prefix: string): boolean => {
  const free = node.observations[`${prefix}available-kb`];
  return free?.state === 'known' && typeof free.value === 'number' && free.value > ROOM_KB;
};

const percent =
  (suffix: 'used-percent' | 'inodes-used-percent'): Test =>
  ({ node }) => {
    const full = Object.entries(node.observations).find(
      ([key, fact]) =>
        key.startsWith('disk.') &&
        key.endsWith(`.${suffix}`) &&
        fact.state === 'known' &&
        typeof fact.value === 'number' &&
        fact.value >= 98 &&
        // A large disk has room for days when one percent is left.
        !(suffix === 'used-percent' && roomLeft(node, key.slice(0, -suffix.length))),
    );
    if (full?.[1].state !== 'known') return { seen: 'unknown' };
    return {
      seen: 'yes',
      kind: 'state',
      source: full[1].source,
      values: { mount: full[0].slice('disk.'.length, -suffix.length - 1), percent: JSON.stringify(full[1].value) },
    };
  };

export const diskFull = evidenceCause({
  id: 'disk-full',
  area: 'storage',
  severity: 'critical',
  layer: 0,
  title: t('A file system is full', '文件系统已满'),
  mechanism: t(
    'No block or no inode is free on the file system of a component. etcd and the runtime end, pulls and logs fail, kubelet evicts pods.',
    '组件所在的文件系统没有空闲块或 inode。etcd 和运行时退出，拉取镜像和写日志失败，kubelet 驱逐 Pod。',
  ),
  summary: t('A file system has no room left, so whatever writes there fails.', '某个文件系统没有剩余空间，向其写入的程序都会失败。'),
  sources: ['df(1)', 'write(2) (ENOSPC)'],
  lookAlikes: ['inotify-limits', 'etcd-space-exceeded', 'kubelet-eviction-pressure'],
  signatures: [
    {
      id: 'disk-full/enospc',
      grade: 'direct',
      anchors: ['no space left on device', 'No space left on device'],
      pattern: /^(?!.*(?:inotify|fsnotify|watcher|watch )).*no space left on device/i,
      matches: ['failed to write: write /var/lib/etcd/member/wal/0.tmp: no space left on device'],
      rejects: ['failed to create fsnotify watcher: no space left on device'],
    },
  ],
  confirm: [
    { when: percent('used-percent'), grade: 'direct', says: t('A file system is full by df.', 'df 显示某个文件系统已满。') },
    { when: percent('inodes-used-percent'), grade: 'direct', says: t('A file system has no free inode.', '某个文件系统没有空闲 inode。') },
    {
      when: stated({
        whole:
          /(?:disk|file ?system|partition|volume|root|\/var|inode)[^.;]*(?:(?<!half |half-|not |never )full|100 ?%|9[89] ?%|no space|out of space|exhausted|\b0 (?:free|left|available|inodes))|(?:runs?|running|ran) out of (?:(?:free|disk) )?(?:inodes?|space|disk)|no (?:free )?(?:inodes?|disk space|space) (?:left|free|available)|(?:磁盘|分区|空间)[^。；]*(?:满|不足|100)/iu,
      }),
      grade: 'direct',
      says: t('A file system is stated to be full.', '陈述中提到文件系统已满。'),
    },
  ],
  refute: [
    {
      when: all(line('inotify-limits/'), without(line('disk-full/enospc')), without(percent('used-percent'))),
      says: t('The limit is that of inotify: see inotify-limits.', '达到的是 inotify 限制：参见 inotify-limits。'),
    },
  ],
  asks: [ask('how full the file systems are, in blocks and in inodes', '各文件系统的空间和 inode 使用率', 'df -h; df -i')],
  explains: [{ operation: 'pull' }, { port: 2379 }, { kind: 'kubelet-eviction-pressure/' }],
  remedies: [
    {
      id: 'free-space',
      title: t('Free the largest owner: old logs and unused images first', '清理占用最大的部分：先清理旧日志和未使用的镜像'),
      risk: t('Old log lines are lost.', '旧日志会丢失。'),
      safety: 'needs-a-person',
      command: 'du -xh --max-depth=2 /var | sort -h | tail; journalctl --vacuum-size=200M; crictl rmi --prune',
      verify: ['df -h', 'df -i'],
    },
  ],
});

const readOnlyMount: Test = ({ node }) => {
  const hit = Object.entries(node.observations).find(
    ([key, fact]) => /^disk\..+\.read-only$/u.test(key) && fact.state === 'known' && fact.value === true,
  );
  return hit?.[1].state === 'known' ? { seen: 'yes', kind: 'state', source: hit[1].source } : { seen: 'unknown' };
};

const afterError: Test = ({ node }) => {
  const hit = Object.entries(node.observations).find(
    ([key, fact]) => /^disk\..+\.read-only-after-error$/u.test(key) && fact.state === 'known' && fact.value === true,
  );
  return hit?.[1].state === 'known' ? { seen: 'yes', kind: 'state', source: hit[1].source } : { seen: 'unknown' };
};

export const filesystemReadOnly = evidenceCause({
  id: 'filesystem-read-only',
  area: 'storage',
  severity: 'critical',
  layer: 0,
  title: t('A file system was remounted read-only', '文件系统被重新挂载为只读'),
  mechanism: t(
    'After an I/O error the kernel keeps the data safe by taking no more writes. Everything that writes there fails, while reads still work.',
    '发生 I/O 错误后，内核为保护数据而停止写入。向其写入的程序全部失败，而读取仍然正常。',
  ),
  summary: t('The kernel made a file system read-only after an error.', '内核在出错后将文件系统设为只读。'),
  sources: ['kubernetes/node-problem-detector config/kernel-monitor.json, readonly-monitor.json', 'mount(8)'],
  lookAlikes: ['disk-full', 'etcd-data-dir-permission', 'cgroup-v2-too-old-component'],
  signatures: [
    {
      id: 'filesystem-read-only/kernel',
      grade: 'direct',
      anchors: ['emounting filesystem read-only', 'EXT4-fs error', 'hutting down filesystem', 'Buffer I/O error', 'I/O error, dev'],
      pattern:
        /remounting filesystem read-only|EXT4-fs error|XFS .{0,120}Shutting down filesystem|Buffer I\/O error on|I\/O error, dev \w+/i,
      matches: ['EXT4-fs (sda1): Remounting filesystem read-only', 'XFS (dm-0): Corruption detected. Shutting down filesystem'],
      rejects: ['EXT4-fs (sda1): mounted filesystem with ordered data mode'],
    },
    {
      id: 'filesystem-read-only/erofs',
      grade: 'strong',
      anchors: ['ead-only file system'],
      pattern: /^(?!.*(?:\/sys\/|\/proc\/|\/run\/secrets\/)).*read-only file system/i,
      matches: ['mkdir /var/lib/kubelet/pods/1: read-only file system'],
      rejects: [
        'mkdir /sys/fs/cgroup/kubepods: read-only file system',
        "rm: cannot remove '/var/run/secrets/kubernetes.io/serviceaccount/token': Read-only file system",
      ],
    },
  ],
  confirm: [
    {
      when: afterError,
      grade: 'direct',
      says: t(
        'The kernel refuses writes to a file system that is mounted rw, as it does after an error.',
        '文件系统以 rw 挂载，而内核拒绝写入，如同出错之后。',
      ),
    },
    {
      when: readOnlyMount,
      grade: 'strong',
      says: t('A file system that should take writes is mounted read-only.', '应可写的文件系统被挂载为只读。'),
    },
    {
      when: stated({
        whole: /^(?!.*(?:\bproc\b|\/proc|sysctl|\bsys fs\b|\/sys\/)).*(?:(?:file ?system|mount|disk|root)[^.;]*read-?only|只读)/iu,
      }),
      grade: 'strong',
      says: t('A file system is stated to be read-only.', '陈述中提到文件系统为只读。'),
    },
  ],
  refute: [
    {
      when: stated({ whole: /(?:immutable|read-?only) (?:os|root|image)[^.;]*(?:purpose|design|meant)|flatcar|bottlerocket|talos/iu }),
      says: t('The file system is read-only on purpose.', '该文件系统有意设为只读。'),
    },
  ],
  asks: [
    ask(
      'which file systems are read-only, and what the kernel said before',
      '哪些文件系统为只读，以及此前内核的提示',
      "grep ' ro[, ]' /proc/mounts; dmesg | grep -iE 'I/O error|read-only|EXT4-fs|XFS'",
    ),
  ],
  remedies: [
    {
      id: 'repair',
      title: t('Check the disk, repair the file system, and start the node again', '检查磁盘、修复文件系统并重启节点'),
      risk: t('The node is away; the disk may be failing: save its data first.', '节点将不可用；磁盘可能即将损坏：请先备份数据。'),
      safety: 'needs-a-person',
      command: 'smartctl -a /dev/DISK; fsck -n /dev/PARTITION',
      verify: ["grep ' rw[, ]' /proc/mounts"],
    },
  ],
});

const privateMount: Test = ({ node }) => {
  const hit = Object.entries(node.observations).find(
    ([key, fact]) => /^mount\..+\.propagation$/u.test(key) && fact.state === 'known' && fact.value === 'private',
  );
  return hit?.[1].state === 'known' ? { seen: 'yes', kind: 'state', source: hit[1].source } : { seen: 'unknown' };
};

export const mountPropagationPrivate = evidenceCause({
  id: 'mount-propagation-private',
  area: 'storage',
  severity: 'high',
  layer: 3,
  title: t('A mount is private where it has to be shared', '本应共享的挂载为私有'),
  mechanism: t(
    'kubelet and storage drivers mount volumes for other containers; that works only where the path is a shared mount. On a private one volumes stay empty in pods, or the container is refused.',
    'kubelet 和存储驱动要为其他容器挂载卷，只有当该路径是共享挂载时才有效。若为私有挂载，Pod 中的卷为空，或容器被拒绝启动。',
  ),
  summary: t('A path that kubelet mounts as shared is a private mount on the host.', 'kubelet 要求共享的路径在主机上是私有挂载。'),
  sources: ['mount_namespaces(7)', 'rancher/rke cluster/plan.go', 'moby/moby daemon/oci_linux.go'],
  lookAlikes: ['disk-full'],
  signatures: [
    {
      id: 'mount-propagation-private/not-shared',
      grade: 'direct',
      anchors: ['but it is not a shared'],
      pattern: /path [^ ]+ is mounted on [^ ]+ but it is not a shared(?: or slave)? mount/i,
      matches: ['Error response from daemon: path /var/lib/kubelet is mounted on / but it is not a shared mount'],
      rejects: ['path /var/lib/kubelet is mounted on / and is shared'],
    },
  ],
  confirm: [
    {
      when: all(privateMount, any(line('mount-propagation-private/'), symptom({ operation: 'mount' }), symptom({ operation: 'start' }))),
      grade: 'direct',
      says: t('The mount is private, and a container or volume fails.', '该挂载为私有，且容器或卷失败。'),
    },
    { when: picked(privateMount), grade: 'strong', says: t('The mount is private.', '该挂载为私有。') },
    {
      when: stated({
        whole:
          /(?:volume|mount|csi|nfs|pvc)[^.;]*(?:empty|not visible|invisible|missing)[^.;]*(?:pod|container)|(?:pod|container)[^.;]*(?:see|show|find)[^.;]*empty[^.;]*(?:volume|mount|director)/iu,
      }),
      grade: 'hint',
      says: t('What is mounted on the host does not show in the pod.', '主机上已挂载的内容在 Pod 中不可见。'),
    },
  ],
  asks: [
    ask(
      'the propagation of / and of the path',
      '根目录和该路径的传播属性',
      'findmnt -o TARGET,PROPAGATION /; findmnt -T /var/lib/kubelet -o TARGET,PROPAGATION',
    ),
  ],
  explains: [{ operation: 'mount' }],
  remedies: [
    {
      id: 'make-shared',
      title: t('Make the mounts shared', '将挂载设为共享'),
      risk: t('Mounts made in containers become visible on the host.', '容器中的挂载会在主机上可见。'),
      safety: 'safe',
      command: 'mount --make-rshared /',
      undo: 'mount --make-rprivate /',
      verify: ['findmnt -o TARGET,PROPAGATION /'],
    },
  ],
});
