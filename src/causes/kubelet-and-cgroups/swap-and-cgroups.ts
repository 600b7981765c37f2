/** What kubelet and K3s demand of the host before they start. Source: kubernetes cmd/kubeadm/app/preflight/checks.go, k3s-io/docs requirements, kernel cgroup documentation. */
import {
  helped,
  all,
  any,
  ask,
  evidenceCause,
  hostFile,
  line,
  observed,
  off,
  on,
  stated,
  symptomWhere,
  t,
  textual,
  without,
  picked,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

/** kubelet ends, or its health port refuses. */
const kubeletEnds: Test = symptomWhere(
  (s) =>
    (s.port === 10248 && s.errno === 'ECONNREFUSED') ||
    (/kubelet/iu.test(s.component ?? '') && (s.kind === 'terminated' || s.kind.startsWith('exit') || s.kind.startsWith('unit'))),
);

export const swapEnabled = evidenceCause({
  id: 'swap-enabled',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 0,
  title: t('Swap is on, and kubelet refuses to run with it', '开启了 swap，kubelet 拒绝运行'),
  mechanism: t(
    'kubelet with failSwapOn ends at its start while a swap device is active. After a reboot the fstab line brings swap back.',
    '当 failSwapOn 生效且存在活动的 swap 设备时，kubelet 启动即退出。重启后 fstab 中的行会再次启用 swap。',
  ),
  summary: t('A swap device is active, and kubelet ends because of it.', '存在活动的 swap 设备，kubelet 因此退出。'),
  sources: ['kubernetes pkg/kubelet/cm/container_manager_linux.go', 'kubernetes cmd/kubeadm/app/preflight/checks.go'],
  lookAlikes: ['cgroup-driver-mismatch', 'memory-cgroup-missing'],
  signatures: [
    {
      id: 'swap-enabled/kubelet',
      grade: 'direct',
      terminal: true,
      anchors: ['running with swap on is not supported'],
      pattern: /^(?!.*WARNING).*running with swap on is not supported/i,
      matches: [
        'failed to run Kubelet: running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false.',
        '[ERROR Swap]: running with swap on is not supported. Please disable swap',
      ],
      rejects: ['[WARNING Swap]: running with swap on is not supported. Please disable swap'],
    },
  ],
  lines: [
    {
      id: 'swap-enabled/warning',
      grade: 'weak',
      anchors: ['[WARNING Swap]', 'swap is supported for cgroup v2 only', 'swap is enabled'],
      pattern: /\[WARNING Swap\]|swap is (?:supported for cgroup v2 only|enabled; production)/i,
      matches: ['\t[WARNING Swap]: swap is supported for cgroup v2 only'],
      rejects: ['[ERROR Swap]: running with swap on is not supported'],
    },
  ],
  confirm: [
    {
      when: helped(/swapoff|swap(?: was| is)? (?:turned |switched )?off|disabl\w* swap|fail[- ]swap[- ]on/i),
      grade: 'direct',
      says: t('Switching swap off helped.', '关闭 swap 后恢复。'),
    },
    {
      when: all(
        on('swap.enabled'),
        any(
          off('kubelet.running'),
          stated({ whole: /kubelet[^.;]*(?:exit|fail|crash|stop|restart|not (?:start|run)|inactive)/iu }),
          line('swap-enabled/warning'),
          kubeletEnds,
        ),
      ),
      grade: 'direct',
      says: t('Swap is on, and kubelet does not run.', 'swap 已开启，且 kubelet 未运行。'),
    },
    {
      when: all(line('swap-enabled/warning'), kubeletEnds),
      grade: 'direct',
      says: t('kubeadm warns of swap, and kubelet does not come up.', 'kubeadm 提示 swap 已开启，且 kubelet 未能启动。'),
    },
    {
      when: all(
        on('swap.enabled'),
        any(
          on('kubelet.fail-swap-on'),
          hostFile('/var/lib/kubelet/config.yaml', (text) => /^failSwapOn:[ \t]*true/mu.test(text)),
        ),
      ),
      grade: 'direct',
      says: t('Swap is on, and kubelet is told to fail on it.', 'swap 已开启，且 kubelet 被设置为因此失败。'),
    },
    {
      when: all(
        hostFile('/etc/fstab', (text) => /^[^#\n]*[ \t]swap[ \t]/mu.test(text)),
        any(
          kubeletEnds,
          off('kubelet.running'),
          stated({ whole: /kubelet[^.;]*(?:exit|fail|crash|stop|restart|not (?:start|run|come)|inactive)|not ?ready[^.;]*reboot/iu }),
        ),
      ),
      grade: 'strong',
      says: t('fstab switches swap on at boot, and kubelet does not run.', 'fstab 在启动时启用 swap，且 kubelet 未运行。'),
    },
    { when: picked(on('swap.enabled')), grade: 'weak', says: t('Swap is on.', 'swap 已开启。') },
  ],
  refute: [
    { when: all(off('swap.enabled'), without(line('swap-enabled/kubelet'))), says: t('No swap is active.', '没有活动的 swap。') },
    {
      when: any(
        off('kubelet.fail-swap-on'),
        hostFile('/var/lib/kubelet/config.yaml', (text) => /^failSwapOn:[ \t]*false/mu.test(text)),
      ),
      says: t('kubelet is told to accept swap.', 'kubelet 被设置为接受 swap。'),
    },
  ],
  asks: [
    ask(
      'whether a swap device is active, and whether kubelet accepts swap',
      '是否有活动的 swap 设备，以及 kubelet 是否接受 swap',
      'cat /proc/swaps; grep -i failSwapOn /var/lib/kubelet/config.yaml',
    ),
  ],
  explains: [{ port: 10248 }],
  remedies: [
    {
      id: 'swapoff',
      title: t('Switch swap off, now and in fstab', '立即关闭 swap，并在 fstab 中注释'),
      risk: t('Less memory: the kernel may end processes under pressure.', '可用内存减少：内存紧张时内核可能终止进程。'),
      safety: 'safe',
      command: "swapoff -a && sed -i.culprit '/[[:blank:]]swap[[:blank:]]/s/^[^#]/#&/' /etc/fstab && systemctl restart kubelet",
      undo: 'mv /etc/fstab.culprit /etc/fstab && swapon -a',
      verify: ['cat /proc/swaps', 'systemctl is-active kubelet'],
    },
  ],
});

/** cgroup_memory=1 alone is what Raspberry Pi kernels knew for a while: others take cgroup_enable=memory only. */
const parametersGiven: Test = any(
  observed('boot.parameters', textual(/cgroup_enable=memory/iu)),
  ({ node }) => {
    const cmdline = node.bootParameters;
    if (cmdline.state !== 'known') return { seen: 'unknown' };
    return cmdline.value.includes('cgroup_enable=memory')
      ? { seen: 'yes', kind: 'configuration', source: cmdline.source }
      : { seen: 'no', source: cmdline.source };
  },
  stated({ whole: /(?:cmdline|boot|kernel (?:parameter|command))[^.;]*cgroup_enable=memory/iu }),
);
const kernelLacks: Test = any(
  stated({
    clause: [
      /memory (?:controller|cgroup)|cgroup memory|memcg/i,
      /not (?:compiled|built|supported|available)|without|lacks?|unsupported|not in (?:the|this) kernel/i,
      /kernel|although|compiled|built|parameters? (?:is|are) set/i,
    ],
  }),
  off('cgroup.memory-known'),
  line('kernel-lacks-memory-cgroup/config'),
  observed('kernel.config.CONFIG_MEMCG', textual(/^(?:n|is not set|unset|false|missing)/iu)),
  stated({
    whole:
      /config_memcg[^.;]*(?:not set|=n|missing|unset|absent|off)|(?:kernel|build)[^.;]*(?:without|lacks?|no) (?:the )?memory (?:cgroup|controller)|\/proc\/cgroups[^.;]*(?:no|lacks|without)[^.;]*memory/iu,
  }),
);
const noMemoryCgroup = [
  {
    id: 'memory-cgroup-missing/k3s',
    grade: 'direct',
    terminal: true,
    anchors: [
      'failed to find memory cgroup',
      'failed to find cpuset cgroup',
      'failed to find cpu cgroup',
      'failed to find memory cgroup (v2)',
    ],
    pattern: /failed to find (?:memory|cpuset|cpu) cgroup/i,
    matches: ['level=fatal msg="failed to find memory cgroup (v2)"'],
    rejects: ['failed to find plugin "bridge" in path'],
  },
  {
    id: 'memory-cgroup-missing/kubeadm',
    grade: 'direct',
    anchors: ['CGROUPS_MEMORY', 'subsystem not mounted', 'missing cgroups: ', 'missing required cgroups: '],
    pattern:
      /CGROUPS_MEMORY: ?missing|Following Cgroup subsystem not mounted: \[[^\]]*memory|missing (?:required )?cgroups: [^\n]{0,60}memory/i,
    matches: ['CGROUPS_MEMORY: missing', 'system validation failed - Following Cgroup subsystem not mounted: [memory]'],
    rejects: ['CGROUPS_MEMORY: enabled'],
  },
  // docker info; source: docker/cli cli/command/system/info.go, moby pkg/sysinfo.
  {
    id: 'memory-cgroup-missing/docker',
    grade: 'strong',
    anchors: ['WARNING: No memory limit support'],
    pattern: /WARNING: No memory limit support/,
    matches: ['WARNING: No memory limit support'],
    rejects: ['WARNING: No swap limit support'],
  },
  // Runtimes: libcontainer's NotFoundError, containerd's cgroups, docker run. Source: opencontainers/runc libcontainer/cgroups; containerd/cgroups v1 errors.go; moby daemon_unix.go.
  {
    id: 'memory-cgroup-missing/runtime',
    grade: 'direct',
    anchors: [
      'mountpoint for memory not found',
      'memory cgroup not supported on this system',
      'does not support memory limit capabilities',
    ],
    pattern:
      /mountpoint for memory not found|memory cgroup not supported on this system|kernel does not support memory limit capabilities/i,
    matches: [
      'Cannot start container web: [8] System error: mountpoint for memory not found',
      'cgroups: memory cgroup not supported on this system: unknown',
      'WARNING: Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.',
    ],
    rejects: ['mountpoint for cpuset found'],
  },
] as const;

export const memoryCgroupMissing = evidenceCause({
  id: 'memory-cgroup-missing',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 0,
  title: t('The memory controller of cgroups is not enabled', 'cgroup 的内存控制器未启用'),
  mechanism: t(
    'Raspberry Pi OS and some container hosts start with the memory controller off; kubelet and K3s need it.',
    'Raspberry Pi OS 和某些容器主机启动时未启用内存控制器，而 kubelet 和 K3s 需要它。',
  ),
  summary: t('The kernel offers no memory controller to kubelet.', '内核没有向 kubelet 提供内存控制器。'),
  sources: ['k3s-io/docs: requirements', 'kernel Documentation/admin-guide/cgroup-v1/memory.rst'],
  lookAlikes: ['kernel-lacks-memory-cgroup', 'cgroup-v2-too-old-component'],
  consequenceOf: ['kernel-lacks-memory-cgroup'],
  signatures: noMemoryCgroup,
  confirm: [
    {
      when: helped(/cgroup[_ ](?:enable|memory)|cmdline\.txt/i),
      grade: 'direct',
      says: t('Adding the boot parameters helped.', '添加启动参数后恢复。'),
    },
    { when: off('cgroup.memory-enabled'), grade: 'direct', says: t('The memory controller is listed as off.', '内存控制器显示为关闭。') },
    {
      when: observed('cgroup.controllers', (value) => Array.isArray(value) && value.length > 0 && !value.some((one) => one === 'memory')),
      grade: 'direct',
      says: t('memory is not among the controllers.', '控制器列表中没有 memory。'),
    },
    {
      when: observed('boot.file-parameters-ignored', textual(/cgroup_enable=memory|cgroup_memory=1/iu)),
      grade: 'direct',
      says: t(
        'The parameters stand on a second line of the file, which the firmware does not read.',
        '参数写在文件的第二行，固件不会读取。',
      ),
    },
    {
      when: stated({
        whole:
          /(?:cgroup_(?:enable|memory)|parameter|option)[^.;]*(?:second|separate|own|new|another|other|wrong) line|(?:memory )?cgroup[^.;]*(?:not enabled|disabled|not active|off)\b/iu,
      }),
      grade: 'strong',
      says: t('It is stated that the controller or its parameters are not in effect.', '陈述中提到该控制器或其参数未生效。'),
    },
  ],
  refute: [
    { when: on('cgroup.memory-enabled'), says: t('The memory controller is on.', '内存控制器已启用。') },
    {
      when: kernelLacks,
      says: t('The kernel was built without it: see kernel-lacks-memory-cgroup.', '内核编译时未包含它：参见 kernel-lacks-memory-cgroup。'),
    },
  ],
  asks: [
    ask(
      'whether the running kernel lists the memory controller, and its boot parameters',
      '运行中的内核是否列出内存控制器，以及启动参数',
      'cat /proc/cgroups /sys/fs/cgroup/cgroup.controllers /proc/cmdline',
    ),
  ],
  remedies: [
    {
      id: 'boot-line',
      title: t(
        'Add cgroup_memory=1 cgroup_enable=memory to the boot line and reboot',
        '在启动参数中加入 cgroup_memory=1 cgroup_enable=memory 并重启',
      ),
      risk: t('The node reboots.', '节点会重启。'),
      safety: 'needs-a-person',
      command:
        "f=/boot/firmware/cmdline.txt; [ -e $f ] || f=/boot/cmdline.txt; cp $f $f.culprit; sed -i '1s/$/ cgroup_memory=1 cgroup_enable=memory/' $f",
      undo: 'for f in /boot/firmware/cmdline.txt /boot/cmdline.txt; do [ -e $f.culprit ] && mv $f.culprit $f; done',
      verify: ['grep memory /proc/cgroups'],
    },
  ],
});

export const kernelLacksMemoryCgroup = evidenceCause({
  id: 'kernel-lacks-memory-cgroup',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 0,
  title: t('The kernel was built without the memory controller', '内核编译时未包含内存控制器'),
  mechanism: t(
    'A vendor kernel without CONFIG_MEMCG has nothing that a boot parameter could switch on.',
    '没有 CONFIG_MEMCG 的厂商内核，任何启动参数都无法启用内存控制器。',
  ),
  summary: t('This kernel has no memory controller at all, whatever the boot line says.', '该内核完全没有内存控制器，与启动参数无关。'),
  sources: ['k3s-io/docs: requirements', 'kernel init/Kconfig (MEMCG)'],
  lookAlikes: ['memory-cgroup-missing'],
  // The listing of kubeadm and of k3s check-config. Source: k8s.io/system-validators kernel_validator.go.
  signatures: [
    {
      id: 'kernel-lacks-memory-cgroup/config',
      grade: 'direct',
      anchors: ['CONFIG_MEMCG'],
      pattern: /\bCONFIG_MEMCG(?::| is|=)[ \t]*(?:not set|missing|n\b)/i,
      matches: ['CONFIG_MEMCG: not set', '# CONFIG_MEMCG is not set', '- CONFIG_MEMCG: missing (fail)'],
      rejects: ['CONFIG_MEMCG: enabled', '# CONFIG_MEMCG_SWAP is not set', 'CONFIG_MEMCG=y'],
    },
  ],
  confirm: [
    { when: kernelLacks, grade: 'direct', says: t('The kernel has no memory controller.', '内核没有内存控制器。') },
    {
      when: all(parametersGiven, any(line('memory-cgroup-missing/'), off('cgroup.memory-enabled'))),
      grade: 'direct',
      says: t('The boot parameters are in effect, and still there is no memory controller.', '启动参数已生效，但仍没有内存控制器。'),
    },
    { when: line('memory-cgroup-missing/'), grade: 'hint', says: t('There is no memory controller.', '没有内存控制器。') },
  ],
  refute: [
    { when: on('cgroup.memory-enabled'), says: t('The memory controller is on.', '内存控制器已启用。') },
    {
      when: on('cgroup.memory-known'),
      says: t('The kernel lists the memory controller: it is only switched off.', '内核列出了内存控制器：只是未启用。'),
    },
  ],
  asks: [
    ask(
      'whether the running command line has the parameters and the kernel was built with CONFIG_MEMCG',
      '运行中的命令行是否有相应参数，内核是否启用 CONFIG_MEMCG',
      'cat /proc/cmdline /proc/cgroups; zgrep CONFIG_MEMCG /proc/config.gz || grep CONFIG_MEMCG /boot/config-$(uname -r)',
    ),
  ],
  remedies: [
    {
      id: 'other-kernel',
      title: t('Install a kernel that has the memory controller', '安装带有内存控制器的内核'),
      risk: t('The node reboots into another kernel.', '节点会以另一个内核重启。'),
      safety: 'needs-a-person',
      command:
        'apt-get install linux-image-generic && systemctl reboot   # Raspberry Pi OS: apt-get full-upgrade; RHEL family: dnf install kernel; a vendor board: the image of the vendor with CONFIG_MEMCG=y',
      verify: ['grep memory /proc/cgroups'],
    },
  ],
});

export const cgroupV2TooOldComponent = evidenceCause({
  id: 'cgroup-v2-too-old-component',
  area: 'kubelet-and-cgroups',
  severity: 'high',
  layer: 0,
  title: t('A component does not know cgroup v2', '某个组件不支持 cgroup v2'),
  mechanism: t(
    'The host has the unified hierarchy only; docker before 20.10, Kubernetes before 1.19 and old runtimes look for the directories of version 1.',
    '主机只有统一层级；docker 20.10 之前、Kubernetes 1.19 之前以及旧的运行时会寻找 v1 的目录。',
  ),
  summary: t('The host runs cgroup v2, which a component is too old for.', '主机使用 cgroup v2，而某个组件过旧不支持。'),
  sources: ['kubernetes/website: cgroup v2', 'moby/moby 20.10 release notes', 'rancher/rke-tools entrypoint.sh'],
  lookAlikes: ['cgroup-driver-mismatch', 'memory-cgroup-missing'],
  signatures: [
    {
      id: 'cgroup-v2-too-old-component/mountpoint',
      grade: 'direct',
      anchors: [
        'cgroup mountpoint does not exist',
        '/sys/fs/cgroup/kubepods',
        'cgroup v2 is not supported',
        'kubelet is configured to not run on a host using cgroup v1',
        'cgroup2: unknown',
      ],
      pattern:
        /cgroups?: cgroup mountpoint does not exist|mkdir \/sys\/fs\/cgroup\/kubepods[^:]*: read-only|cgroup v2 is not supported|kubelet is configured to not run on a host using cgroup v1/i,
      matches: [
        'docker: Error response from daemon: cgroups: cgroup mountpoint does not exist: unknown.',
        'mkdir /sys/fs/cgroup/kubepods: read-only file system',
      ],
      rejects: ['cgroup v2 is supported'],
    },
    {
      id: 'cgroup-v2-too-old-component/kubelet-cgroup',
      grade: 'strong',
      anchors: ["failed to get the kubelet's cgroup", 'failed to get cgroup stats', 'failed to get container info for "/kubepods"'],
      pattern: /failed to get the kubelet's cgroup: cpu and memory cgroup hierarchy not unified|failed to get the kubelet's cgroup/i,
      matches: [
        "failed to get the kubelet's cgroup: cpu and memory cgroup hierarchy not unified. cpu: /, memory: /system.slice/kubelet.service",
      ],
      rejects: ['kubelet cgroup driver: systemd'],
    },
  ],
  confirm: [
    {
      when: all(
        observed('cgroup.version', (value) => value === 2),
        any(observed('docker.version', textual(/^(?:1\d|20\.0\d)\./u)), observed('kubelet.version', textual(/v?1\.(?:\d|1[0-8])\./u))),
      ),
      grade: 'direct',
      says: t(
        'The host has cgroup v2, and a component is older than its support for it.',
        '主机使用 cgroup v2，而某个组件的版本早于对它的支持。',
      ),
    },
    {
      when: stated({ whole: /cgroup ?v2[^.;]*(?:unsupported|not support|too old|docker 1\d|old)/iu }),
      grade: 'strong',
      says: t('It is stated that a component is too old for cgroup v2.', '陈述中提到某个组件过旧不支持 cgroup v2。'),
    },
  ],
  asks: [
    ask(
      'the cgroup version of the host and the versions of runtime and kubelet',
      '主机的 cgroup 版本以及运行时和 kubelet 的版本',
      'stat -fc %T /sys/fs/cgroup; docker version; kubelet --version',
    ),
  ],
  remedies: [
    {
      id: 'newer-runtime',
      title: t('Use a newer runtime or component', '使用更新的运行时或组件'),
      risk: t('Containers restart.', '容器会重启。'),
      safety: 'needs-a-person',
      verify: ['docker info'],
    },
    {
      id: 'hierarchy-v1',
      title: t('Start with systemd.unified_cgroup_hierarchy=0', '以 systemd.unified_cgroup_hierarchy=0 启动'),
      risk: t('The node reboots; newer versions have no version 1.', '节点会重启；更新的版本已不含 v1。'),
      safety: 'needs-a-person',
      command: "sed -i.culprit 's/^GRUB_CMDLINE_LINUX=\"/&systemd.unified_cgroup_hierarchy=0 /' /etc/default/grub && update-grub",
      undo: 'mv /etc/default/grub.culprit /etc/default/grub && update-grub',
      verify: ['stat -fc %T /sys/fs/cgroup'],
    },
  ],
});

export const kubeletEvictionPressure = evidenceCause({
  id: 'kubelet-eviction-pressure',
  area: 'kubelet-and-cgroups',
  severity: 'high',
  layer: 6,
  title: t('kubelet evicts pods for lack of disk, inodes, memory or pids', 'kubelet 因磁盘、inode、内存或 PID 不足而驱逐 Pod'),
  mechanism: t(
    'Below 10 % of free disk, 15 % on the image file system, 5 % of inodes or 100 MiB of memory kubelet taints the node and evicts pods.',
    '当剩余磁盘低于 10%、镜像文件系统低于 15%、inode 低于 5% 或内存低于 100 MiB 时，kubelet 会给节点打污点并驱逐 Pod。',
  ),
  summary: t(
    'The node is under pressure, so kubelet evicts pods and takes no new ones.',
    '节点资源紧张，kubelet 驱逐 Pod 且不再接受新的 Pod。',
  ),
  sources: ['kubernetes/website: node-pressure eviction'],
  lookAlikes: ['disk-full'],
  signatures: [
    {
      id: 'kubelet-eviction-pressure/manager',
      grade: 'direct',
      anchors: [
        'eviction manager',
        'ttempting to reclaim',
        'Wanted to free',
        'node.kubernetes.io/disk-pressure',
        'node.kubernetes.io/memory-pressure',
        'node.kubernetes.io/pid-pressure',
        'EvictionThresholdMet',
        'NodeHasDiskPressure',
        'NodeHasInsufficientMemory',
        'NodeHasInsufficientPID',
        'FreeDiskSpaceFailed',
        'DiskPressure',
        'MemoryPressure',
        'PIDPressure',
        'disk pressure',
        'memory pressure',
        'pid pressure',
      ],
      pattern:
        /eviction manager: (?:attempting to reclaim|must evict|pods? .{0,100} evicted)|attempting to reclaim (?:ephemeral-storage|memory|inodes|pids|nodefs|imagefs)|Wanted to free \d+ bytes|node\.kubernetes\.io\/(?:disk|memory|pid)-pressure(?!:[A-Z]* (?:op=|for ))|EvictionThresholdMet|NodeHasDiskPressure|NodeHasInsufficientMemory|NodeHasInsufficientPID|FreeDiskSpaceFailed|conditions?:? ?\[?(?:Disk|Memory|PID)Pressure|under (?:disk|memory|pid) pressure/i,
      matches: [
        'Taints:             node.kubernetes.io/disk-pressure:NoSchedule',
        'the node has conditions: [DiskPressure]',
        'The node was low on resource, and is under disk pressure',
        'eviction manager: attempting to reclaim ephemeral-storage',
        'Warning  FreeDiskSpaceFailed  2m  kubelet  failed to garbage collect required amount of images. Wanted to free 5000 bytes, but freed 0 bytes',
      ],
      rejects: [
        'eviction manager: no observation found for eviction signal allocatableMemory.available',
        'Tolerations: node.kubernetes.io/not-ready:NoExecute op=Exists',
        '                 node.kubernetes.io/disk-pressure:NoSchedule op=Exists',
      ],
    },
  ],
  confirm: [
    {
      when: ({ node }) => {
        const hit = Object.entries(node.observations).find(
          ([key, fact]) => key.startsWith('kube.pressure.') && fact.state === 'known' && fact.value === true,
        );
        return hit?.[1].state === 'known' ? { seen: 'yes', kind: 'state', source: hit[1].source } : { seen: 'unknown' };
      },
      grade: 'direct',
      says: t('A condition of the node says pressure.', '节点状况显示资源紧张。'),
    },
    {
      when: observed('kube.pods', textual(/"status":"Evicted"/u)),
      grade: 'strong',
      says: t('Pods stand as Evicted.', '有 Pod 处于 Evicted 状态。'),
    },
  ],
  asks: [
    ask(
      'what is short: disk, inodes, memory or pids',
      '缺少的是磁盘、inode、内存还是 PID',
      'kubectl describe node NODE | grep -A8 Conditions; df -h; df -i; free -m',
    ),
  ],
  remedies: [
    {
      id: 'free',
      title: t('Free what is short: the largest logs and unused images first', '释放不足的资源：先清理最大的日志和未使用的镜像'),
      risk: t('Old log lines are lost.', '旧日志会丢失。'),
      safety: 'needs-a-person',
      command: 'crictl rmi --prune; journalctl --vacuum-size=200M; du -xh --max-depth=2 /var | sort -h | tail',
      verify: ['kubectl describe node NODE | grep -A8 Conditions'],
    },
  ],
});
