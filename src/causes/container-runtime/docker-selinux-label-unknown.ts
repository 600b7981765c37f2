/** Source: rancher/rke cluster/selinux.go. */
import { any, ask, evidenceCause, off, on, stated, t } from '../_checks/index.ts';

export const dockerSelinuxLabelUnknown = evidenceCause({
  id: 'docker-selinux-label-unknown',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t("The node does not know RKE's SELinux label", '节点不认识 RKE 的 SELinux 标签'),
  mechanism: t(
    'With SELinux in docker and Kubernetes 1.22 or later RKE labels its containers rke_container_t, which the package rancher-selinux defines.',
    '当 docker 启用 SELinux 且 Kubernetes 为 1.22 或更高版本时，RKE 为容器打上 rke_container_t 标签，该标签由 rancher-selinux 软件包定义。',
  ),
  summary: t('The package rancher-selinux is not installed on the node.', '节点上未安装 rancher-selinux 软件包。'),
  sources: ['rancher/rke cluster/selinux.go'],
  lookAlikes: ['selinux-denials'],
  signatures: [
    {
      id: 'docker-selinux-label-unknown/rke',
      grade: 'direct',
      terminal: true,
      anchors: ['does not recognize SELinux label', 'rke_container_t'],
      pattern: /does not recognize SELinux label|(?:invalid|unknown)[^\n]{0,80}rke_container_t/i,
      matches: [
        '[selinux] Host [192.0.2.4] does not recognize SELinux label [label=type:rke_container_t]. This is required for Kubernetes version [1.24]',
      ],
      rejects: ['[selinux] Checking if host [192.0.2.4] recognizes SELinux label [label=type:rke_container_t]'],
    },
  ],
  confirm: [
    {
      when: any(off('package.rancher-selinux.installed'), stated({ key: /rancher.?selinux/, value: 'no' })),
      grade: 'weak',
      says: t('The package rancher-selinux is not installed.', '未安装 rancher-selinux 软件包。'),
    },
  ],
  refute: [
    {
      when: on('package.rancher-selinux.installed'),
      says: t(
        'rancher-selinux is installed: its policy may not be loaded yet (reboot or semodule).',
        '已安装 rancher-selinux：其策略可能尚未加载（重启或使用 semodule）。',
      ),
    },
  ],
  asks: [
    ask(
      'Is rancher-selinux installed, and does docker run with SELinux?',
      '是否安装了 rancher-selinux？docker 是否启用 SELinux？',
      "rpm -q rancher-selinux; docker info -f '{{.SecurityOptions}}'",
    ),
  ],
  remedies: [
    {
      id: 'install-rancher-selinux',
      title: t('Install rancher-selinux', '安装 rancher-selinux'),
      risk: t('Changes the SELinux policy.', '会更改 SELinux 策略。'),
      safety: 'needs-a-person',
      command: 'yum install rancher-selinux',
      undo: 'yum remove rancher-selinux',
      verify: ['rpm -q rancher-selinux', 'rke up'],
    },
  ],
});
