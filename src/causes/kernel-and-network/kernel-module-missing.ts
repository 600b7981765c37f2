/** A module that the network or storage of the cluster needs cannot be loaded. Source: k3s-io/docs requirements; rke2-docs requirements; rke1-docs os.md. */
import type { Look, Test } from '../_checks/index.ts';
import { helped, all, any, ask, evidenceCause, line, on, stated, t } from '../_checks/index.ts';

const NEEDED = [
  'overlay',
  'vxlan',
  'br_netfilter',
  'nf_conntrack',
  'ip_tables',
  'iptable_nat',
  'iptable_filter',
  'xt_comment',
  'xt_conntrack',
  'xt_mark',
  'xt_multiport',
  'nf_nat',
  'ip_set',
  'wireguard',
  'ip_vs',
];
const cannotLoad: Test = ({ node }): Look => {
  for (const name of NEEDED) {
    const fact = node.observations[`module.${name}.available`];
    if (fact?.state === 'known' && fact.value === false)
      return { seen: 'yes', kind: 'state', source: fact.source, values: { module: name } };
  }
  return { seen: 'unknown' };
};
const loads: Test = ({ node }): Look => {
  const facts = NEEDED.flatMap((name) => [node.observations[`module.${name}.available`], node.observations[`module.${name}.loaded`]]);
  const seen = facts.filter((fact) => fact?.state === 'known');
  const [first] = seen;
  return first !== undefined && seen.every((fact) => fact.value === true)
    ? { seen: 'yes', kind: 'state', source: first.source }
    : { seen: 'unknown' };
};

export const kernelModuleMissing = evidenceCause({
  id: 'kernel-module-missing',
  area: 'kernel-and-network',
  severity: 'critical',
  layer: 0,
  title: t('The kernel lacks a module that the cluster needs', '内核缺少集群所需的模块'),
  mechanism: t(
    'overlay, vxlan, nf_conntrack or a netfilter match is neither built in nor installed: minimal kernels leave it out, some distributions moved it to an extra package, and after a kernel update without reboot the module directory of the running kernel is gone.',
    'overlay、vxlan、nf_conntrack 或某个 netfilter 匹配模块既未内建也未安装：精简内核不包含它，有的发行版把它移到了附加包；内核升级后未重启时，正在运行的内核的模块目录已被删除。',
  ),
  summary: t('A kernel module that the network or the containers need cannot be loaded.', '网络或容器所需的内核模块无法加载。'),
  sources: ['k3s-io/docs: requirements', 'rancher/rke2-docs: requirements', 'rancher/rke1-docs docs/os/os.md'],
  lookAlikes: ['selinux-denials', 'iptables-backend-mixed', 'firewall-reload-flushed-docker-chains', 'bridge-nf-call-off'],
  signatures: [
    {
      id: 'kernel-module-missing/modprobe',
      grade: 'direct',
      anchors: ['not found in directory', 'not found in modules.dep'],
      pattern: /Module (?<module>[\w-]+) not found in (?:directory \/lib\/modules|modules\.dep)/,
      matches: [
        'modprobe: FATAL: Module vxlan not found in directory /lib/modules/6.1.0-9-arm64',
        'modprobe: Module xt_comment not found in modules.dep',
      ],
      rejects: ['modprobe: FATAL: could not open /lib/modules'],
    },
    {
      id: 'kernel-module-missing/vxlan-device',
      grade: 'strong',
      terminal: true,
      anchors: ['peration not supported', 'Unknown device type'],
      pattern:
        /(?:flannel (?:exited|failed)|registering network|init(?:ializing)? vxlan|VXLAN init|vxlan (?:device|interface|link)|create (?:the )?vxlan|RegisterNetwork|wireguard|backend).{0,160}?operation not supported|RTNETLINK answers: Operation not supported.{0,60}vxlan|Unknown device type/i,
      matches: [
        'level=fatal msg="flannel exited: operation not supported"',
        'Failed to create vxlan device: operation not supported',
        'main.go:332] Error registering network: operation not supported',
      ],
      rejects: ['failed to create vxlan device: file exists'],
    },
    {
      id: 'kernel-module-missing/iptables-match',
      grade: 'strong',
      anchors: ["Couldn't load match", "Couldn't load target", 'do you need to insmod', 'missing kernel module', 'Table does not exist'],
      pattern:
        /Couldn't load (?:match|target) `|Table does not exist \(do you need to insmod\?\)|can't initialize ip6?tables table `[a-z]+': Table does not exist|Warning: Extension [a-z]+ revision \d+ not supported, missing kernel module/i,
      matches: [
        "iptables v1.8.4: can't initialize iptables table `nat': Table does not exist (do you need to insmod?)",
        "iptables-restore v1.8.7: Couldn't load match `comment'",
        'Warning: Extension MARK revision 0 not supported, missing kernel module?',
      ],
      rejects: ["iptables: can't initialize iptables table `nat': Permission denied (you must be root)"],
    },
    {
      id: 'kernel-module-missing/modprobe-failed',
      grade: 'weak',
      anchors: ['Failed to load kernel module', "modprobe: can't change directory"],
      pattern: /Failed to load kernel module (?<module>[a-z0-9_-]+) with modprobe|modprobe: can't change directory to '\/lib\/modules'/,
      matches: ['level=warning msg="Failed to load kernel module nft-expr-counter with modprobe"'],
      rejects: ['modprobe overlay'],
    },
    {
      id: 'kernel-module-missing/overlay',
      grade: 'strong',
      anchors: ['failed to mount overlay', "unknown filesystem type 'overlay'", 'not supported'],
      pattern: /failed to mount overlay: no such device|unknown filesystem type 'overlay'|overlay(?:fs)?.{0,60}not supported.{0,40}kernel/i,
      matches: ['failed to mount overlay: no such device'],
      rejects: ['failed to mount overlay: invalid argument'],
    },
  ],
  confirm: [
    {
      when: helped(/modules[- ]extra|modprobe(?! br[-_ ]?netfilter)|kernel (?:upgrade|update)/i),
      grade: 'direct',
      says: t('Installing or loading the module helped.', '安装或加载模块后恢复。'),
    },
    { when: cannotLoad, grade: 'direct', says: t('A needed module cannot be loaded.', '所需模块无法加载。') },
    {
      when: on('kernel.updated-without-reboot'),
      grade: 'strong',
      says: t(
        'The running kernel has no module directory any more: it was updated without a reboot.',
        '正在运行的内核已没有模块目录：内核升级后没有重启。',
      ),
    },
    {
      when: stated(
        {
          key: /(?:vxlan|overlay|conntrack|iptable|netfilter|xt ).*(?:module|support)|module.*(?:vxlan|overlay|nf|xt|ip)/,
          value: /^(?:no\b|not |missing|absent|false|unavailable)/i,
        },
        {
          whole:
            /(?:vxlan|overlay|nf_conntrack|xt_\w|iptable_\w|wireguard|ip_tables)[^.;]*(?:not (?:found|available|built|in the kernel|installed|compiled)|missing|absent|lacks)|kernel (?:lacks|without|has no)[^.;]*(?:vxlan|overlay|conntrack|netfilter|xt_|module)/i,
        },
      ),
      grade: 'strong',
      says: t('It is stated that the module is missing.', '陈述中提到缺少该模块。'),
    },
    {
      when: stated({ whole: /linux-modules-extra|kernel-modules-extra/i }),
      grade: 'strong',
      says: t('The package with the extra modules is not installed.', '未安装包含附加模块的软件包。'),
    },
  ],
  refute: [
    { when: all(loads), says: t('The needed modules are loaded or can be loaded.', '所需模块已加载或可加载。') },
    {
      when: all(
        line('selinux-denials/module-request'),
        any(line('kernel-module-missing/iptables-match'), line('selinux-denials/module-request')),
      ),
      says: t('SELinux denied the request to load the module; the module itself is there.', 'SELinux 拒绝了加载模块的请求；模块本身存在。'),
    },
  ],
  asks: [
    ask(
      'Can the module be loaded, or is it built in? Does /lib/modules hold the running kernel?',
      '该模块能否加载或已内建？/lib/modules 中是否有正在运行的内核？',
      'modprobe -n -v MODULE; grep MODULE /lib/modules/$(uname -r)/modules.builtin; ls /lib/modules; uname -r',
    ),
  ],
  remedies: [
    {
      id: 'reboot-into-installed-kernel',
      title: t('Reboot into the installed kernel, where the running one was replaced', '若运行中的内核已被替换，重启进入已安装的内核'),
      risk: t('The node is away for minutes: drain it first.', '节点会中断几分钟：请先排空。'),
      safety: 'disruptive',
      command: 'systemctl reboot',
      verify: ['modprobe -v MODULE'],
    },
    {
      id: 'install-modules-package',
      title: t('Install the package that holds the module', '安装包含该模块的软件包'),
      risk: t('The kernel packages change; a repository is needed.', '内核软件包会变化；需要可用的软件源。'),
      safety: 'needs-a-person',
      command:
        'apt-get install linux-modules-extra-$(uname -r)   # Raspberry Pi: linux-modules-extra-raspi; RHEL: dnf install kernel-modules-extra',
      undo: 'apt-get remove linux-modules-extra-$(uname -r)',
      verify: ['modprobe -v MODULE'],
    },
  ],
});
