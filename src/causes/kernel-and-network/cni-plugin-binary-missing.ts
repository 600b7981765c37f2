/** A CNI binary, or the iptables tool that it calls, is not on the node. Source: rancher/rke2-docs known_issues; containernetworking/plugins. */
import { all, any, ask, evidenceCause, line, observed, off, on, programMissing, stated, t } from '../_checks/index.ts';

const iptablesMissing = any(
  programMissing('iptables'),
  off('program.iptables.installed'),
  off('package.iptables.installed'),
  stated(
    { key: /iptables$|iptables (?:installed|binary|present|package)/, value: 'no' },
    {
      whole:
        /iptables[^.;]*(?:not installed|is missing|absent|not present|no such|not in (?:the )?path|not available|not found)|(?:no|without|lacks) (?:the )?iptables\b/i,
    },
  ),
);

export const cniPluginBinaryMissing = evidenceCause({
  id: 'cni-plugin-binary-missing',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 7,
  title: t('A CNI plugin or the iptables tool is missing on the node', '节点上缺少 CNI 插件或 iptables 工具'),
  mechanism: t(
    'The runtime runs the plugins of /opt/cni/bin, and portmap and others run iptables. Bare containerd packages bring no plugins; minimal images have no iptables. Adding a pod fails, or deleting it does and its address is never given back.',
    '运行时执行 /opt/cni/bin 中的插件，而 portmap 等插件又要执行 iptables。单独的 containerd 软件包不含插件；精简镜像没有 iptables。于是 Pod 创建失败，或删除失败而地址永不归还。',
  ),
  summary: t('A binary that pod networking calls is not installed.', 'Pod 网络所调用的可执行文件未安装。'),
  sources: ['rancher/rke2-docs known_issues', 'containernetworking/plugins'],
  lookAlikes: ['cni-leftover-config', 'cni-config-missing', 'selinux-denials', 'cni-ip-exhaustion'],
  signatures: [
    {
      id: 'cni-plugin-binary-missing/iptables',
      grade: 'direct',
      anchors: [
        'exec: "iptables',
        'exec: \\"iptables',
        'iptables: not found',
        'iptables: command not found',
        'failed to open iptables',
        'iptables not found',
        'iptables binary',
        'exec: "ip6tables',
        'exec: \\"ip6tables',
        'failed to find iptables',
        'failed to locate iptables',
        'iptables-save: ',
        'iptables-restore: ',
        'ip6tables: ',
        'iptables nor ip6tables usable',
      ],
      pattern:
        /exec: \\?"ip6?tables(?:-restore|-save)?\\?": executable file not found|ip6?tables(?:-save|-restore)?: (?:command )?not found|failed to (?:locate|open|find) iptables: exec|iptables (?:binary )?not found in \$?PATH|failed to find iptables|neither iptables nor ip6tables usable/i,
      matches: [
        'plugin type="portmap" failed (add): failed to open iptables: exec: "iptables": executable file not found in $PATH',
        'sh: iptables: not found',
        'network: neither iptables nor ip6tables usable',
      ],
      rejects: ["iptables v1.8.4 (legacy): can't initialize iptables table `nat'"],
    },
    {
      id: 'cni-plugin-binary-missing/plugin',
      grade: 'direct',
      anchors: ['failed to find plugin'],
      pattern:
        /failed to find plugin \\?"(?<plugin>loopback|portmap|bridge|host-local|bandwidth|tuning|firewall|flannel|ptp|static|dhcp)\\?" in path/,
      matches: ['failed to find plugin "loopback" in path [/opt/cni/bin]', 'failed to find plugin \\"portmap\\" in path [/usr/lib/cni]'],
      rejects: ['failed to find plugin "weave-net" in path [/opt/cni/bin]'],
    },
    {
      id: 'cni-plugin-binary-missing/kubeadm',
      grade: 'strong',
      anchors: ['not found in system path'],
      pattern: /(?:ERROR|WARNING) FileExisting-(?:iptables|ip|conntrack|nsenter|mount)\]: (?<program>[a-z]+) not found in system path/i,
      matches: ['\t[ERROR FileExisting-conntrack]: conntrack not found in system path'],
      rejects: ['\t[WARNING FileExisting-socat]: socat not found in system path'],
    },
    {
      id: 'cni-plugin-binary-missing/not-there',
      grade: 'strong',
      anchors: ['/opt/cni/bin', '/usr/lib/cni'],
      pattern:
        /(?:fork\/exec |stat |exec: )(?:\\?")?(?:\/opt\/cni\/bin|\/usr\/lib(?:exec)?\/cni)\/[a-z0-9-]+(?:\\?")?: no such file or directory/,
      matches: ['fork/exec /opt/cni/bin/bridge: no such file or directory'],
      rejects: ['fork/exec /opt/cni/bin/bridge: permission denied', 'fork/exec /opt/cni/bin/bridge: exec format error'],
    },
  ],
  lines: [
    {
      id: 'cni-plugin-binary-missing/other-architecture',
      grade: 'weak',
      anchors: ['exec format error'],
      pattern: /\/cni\/[\w./-]+: exec format error/,
      matches: ['fork/exec /opt/cni/bin/bridge: exec format error'],
      rejects: ['fork/exec /opt/cni/bin/bridge: no such file or directory'],
    },
  ],
  confirm: [
    { when: all(iptablesMissing), grade: 'direct', says: t('iptables is not installed on the node.', '节点上未安装 iptables。') },
    {
      when: stated({ whole: /(?:cni plugin|loopback|portmap|\/opt\/cni\/bin)[^.;]*(?:not installed|missing|absent|empty)/i }),
      grade: 'strong',
      says: t('It is stated that the plugins are missing.', '陈述中提到缺少插件。'),
    },
    {
      when: any(line('cni-ip-exhaustion/no-addresses')),
      grade: 'hint',
      says: t('Addresses run out; leaked ones come from plugins that fail at deletion.', '地址耗尽；泄漏往往源于删除时失败的插件。'),
    },
  ],
  refute: [
    {
      when: line('cni-plugin-binary-missing/other-architecture'),
      says: t('The plugin is there, built for another architecture.', '插件存在，但属于另一种 CPU 架构。'),
    },
    {
      when: all(
        any(on('program.iptables.installed'), stated({ key: /iptables$|iptables installed/, value: 'yes' })),
        observed(
          'cni.binaries',
          (value) => Array.isArray(value) && ['loopback', 'portmap', 'bridge'].every((name) => value.some((one) => one === name)),
        ),
      ),
      says: t('iptables and the plugins are installed.', 'iptables 与插件均已安装。'),
    },
  ],
  asks: [
    ask(
      'Are iptables and the plugins in /opt/cni/bin (loopback, portmap, bridge, host-local) installed on the node?',
      '节点上是否安装了 iptables 以及 /opt/cni/bin 中的插件（loopback、portmap、bridge、host-local）？',
      'command -v iptables; ls /opt/cni/bin',
    ),
  ],
  remedies: [
    {
      id: 'install-tools',
      title: t('Install iptables and the CNI plugins', '安装 iptables 与 CNI 插件'),
      risk: t('New packages; a repository is needed.', '需要安装新软件包；需要可用的软件源。'),
      safety: 'needs-a-person',
      command: 'apt-get install iptables containernetworking-plugins   # RHEL: dnf install iptables containernetworking-plugins',
      undo: 'apt-get remove containernetworking-plugins',
      verify: ['command -v iptables', 'ls /opt/cni/bin'],
    },
  ],
});
