/** No CNI configuration was installed. Normal for minutes on a new node. Source: field knowledge; kubelet network readiness. */
import { all, any, ask, evidenceCause, line, observed, stated, t } from '../_checks/index.ts';

const emptyDirectory = any(
  observed('cni.config-files', (value) => Array.isArray(value) && value.length === 0),
  observed('file./etc/cni/net.d.empty', (value) => value === true),
  observed('directory./etc/cni/net.d.entries', (value) => Array.isArray(value) && value.length === 0),
  stated(
    { whole: /\/etc\/cni\/net\.d[^.;]*(?:empty|missing|nothing|does not exist)/i },
    { key: /cni (?:config|installed|plugin)|network plugin/, value: /^(?:none|no\b|not installed|missing|not deployed|not applied)/i },
  ),
);

export const cniConfigMissing = evidenceCause({
  id: 'cni-config-missing',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 7,
  title: t('No CNI configuration was installed', '没有安装 CNI 配置'),
  mechanism: t(
    'The runtime finds no file in /etc/cni/net.d, so no pod gets a network and the node stays NotReady. The pod of the CNI that should write the file has a reason of its own, or no CNI was ever deployed.',
    '运行时在 /etc/cni/net.d 中找不到文件，Pod 没有网络，节点保持 NotReady。应写入该文件的 CNI Pod 有其自身原因，或者根本没有部署 CNI。',
  ),
  summary: t('/etc/cni/net.d holds no configuration and stays so.', '/etc/cni/net.d 中一直没有配置。'),
  sources: ['kubernetes/website: network plugins', 'containerd CRI: cni config load'],
  lookAlikes: ['cni-leftover-config', 'cni-plugin-binary-missing', 'pod-cidr-not-assigned'],
  consequenceOf: [
    'cni-plugin-binary-missing',
    'kernel-module-missing',
    'pod-cidr-not-assigned',
    'pause-image-unavailable',
    'registry-tls-or-http',
    'registry-auth-or-limit',
    'selinux-denials',
    'rp-filter-wrong-for-cni',
    'wrong-interface-autodetected',
    'resolv-no-usable-nameserver',
    'proxy-missing-for-egress',
    'cgroup-driver-mismatch',
  ],
  lines: [
    {
      id: 'cni-config-missing/not-ready',
      grade: 'weak',
      anchors: [
        'cni config uninitialized',
        'cni plugin not initialized',
        'no networks found in',
        'no network config found',
        'no networks config found',
        'no network found in',
      ],
      pattern: /cni config uninitialized|cni plugin not initialized|no networks? (?:config )?found in \/etc\/cni/i,
      matches: [
        'Container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized',
        'Unable to update cni config: no networks found in /etc/cni/net.d',
      ],
      rejects: ['NetworkReady=true'],
    },
  ],
  confirm: [
    {
      when: all(emptyDirectory, line('cni-config-missing/not-ready')),
      grade: 'direct',
      says: t('/etc/cni/net.d is empty and the runtime waits for a configuration.', '/etc/cni/net.d 为空，运行时在等待配置。'),
    },
    { when: emptyDirectory, grade: 'strong', says: t('/etc/cni/net.d is empty.', '/etc/cni/net.d 为空。') },
    {
      when: line('cni-config-missing/not-ready'),
      grade: 'hint',
      says: t(
        'The runtime waits for a CNI configuration; that is normal on a young node.',
        '运行时在等待 CNI 配置；新节点上这是正常现象。',
      ),
    },
  ],
  refute: [
    {
      when: observed('cni.config-files', (value) => Array.isArray(value) && value.length > 0),
      says: t('A CNI configuration is there.', '已有 CNI 配置。'),
    },
  ],
  asks: [
    ask(
      "Is /etc/cni/net.d still empty after five minutes, and what does the CNI's own pod say?",
      '五分钟后 /etc/cni/net.d 是否仍为空？CNI 自身的 Pod 报告了什么？',
      'ls -l /etc/cni/net.d; kubectl -n kube-system get pods -o wide; kubectl -n kube-system describe pod CNI_POD',
    ),
  ],
  remedies: [
    {
      id: 'deploy-cni',
      title: t('Deploy the CNI, or mend what keeps its pod from starting', '部署 CNI，或解决其 Pod 无法启动的原因'),
      risk: t('None on a node without network.', '对尚无网络的节点没有风险。'),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system describe pods -l k8s-app=canal',
      verify: ['ls /etc/cni/net.d', 'kubectl get nodes'],
    },
  ],
});
