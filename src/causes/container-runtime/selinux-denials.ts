/** SELinux denies what modes would allow. Source: rke2-docs security/selinux; audit(8). */
import { helped, all, any, ask, evidenceCause, line, observed, stated, symptomWhere, t, textual } from '../_checks/index.ts';

const permissive = observed('selinux.mode', textual(/^(?:permissive|disabled)/i));
const enforcing = any(observed('selinux.mode', textual(/^enforcing/i)), stated({ key: /selinux/, value: /^enforcing|^on\b|^enabled/i }));
const heals = stated(
  { key: /setenforce|permissive|selinux (?:off|disabled|stopped)|without selinux/, value: 'yes' },
  {
    key: /setenforce|permissive|selinux (?:off|disabled|stopped)|without selinux/,
    value:
      /^(?!.*\b(?:no|not|never|same|still|nothing|fail\w*|un\w+)\b).*\b(?:created|starts?|started|runs?|running|ready|up|succeeds?|passes|allowed|gone|mounted|reads?|writes?|available|normal|resolved|recovers?)\b/i,
  },
  {
    whole:
      /(?:setenforce 0|permissive)[^.;]*(?:cure|heal|fix|help|work|solve|ok)|(?:works|cured|fixed|solved)[^.;]*(?:setenforce|permissive|selinux (?:off|disabled))|disabl\w+ selinux[^.;]*(?:cure|fix|help|work|solve)/i,
  },
);
const deniedInWords = stated({ whole: /permission denied|access denied|not permitted|avc|拒绝|权限/i });

export const selinuxDenials = evidenceCause({
  id: 'selinux-denials',
  area: 'container-runtime',
  severity: 'high',
  layer: 3,
  title: t('SELinux denies an operation of the runtime or of a pod', 'SELinux 拒绝了运行时或 Pod 的操作'),
  mechanism: t(
    'Without the policy package of the product, or with wrong labels on its directories, SELinux denies reading, executing or loading modules although the modes are right.',
    '若没有产品的策略软件包，或其目录标签不正确，即使文件权限正确，SELinux 也会拒绝读取、执行或加载模块。',
  ),
  summary: t('The audit log shows that SELinux denied an operation of the cluster.', '审计日志显示 SELinux 拒绝了集群的操作。'),
  sources: ['rancher/rke2-docs security/selinux', 'k3s-io/docs advanced (SELinux)'],
  lookAlikes: ['kernel-module-missing', 'cni-plugin-binary-missing', 'conntrack-sysctl-denied', 'nm-cloud-setup-enabled'],
  signatures: [
    {
      // What audit2allow makes of denials. Source: policycoreutils audit2allow(1).
      id: 'selinux-denials/audit2allow',
      grade: 'direct',
      anchors: [
        'allow container',
        'allow spc_t',
        'allow init_t',
        'allow unlabeled_t',
        'allow iptables_t',
        'allow svirt',
        'SELinux is preventing',
      ],
      pattern:
        /^[ \t]*allow (?:container|spc|init|unlabeled|iptables|svirt(?:_lxc_net|_sandbox)?)_t [a-z0-9_]+:[a-z_]+ (?:\{[^}]*\}|[a-z_]+);|SELinux is preventing [^ ]+ from [a-z_, ]+ access on/,
      matches: [
        'allow container_t unlabeled_t:file { open read };',
        'SELinux is preventing /usr/bin/etcd from write access on the directory member.',
      ],
      rejects: ['allow 192.0.2.0/24;'],
    },
    {
      id: 'selinux-denials/avc',
      grade: 'direct',
      anchors: ['avc:  denied', 'avc: denied', 'SELinux is preventing'],
      pattern: /avc: {1,2}denied {1,2}\{ (?<permission>[a-z_ ]+) \} for|SELinux is preventing/,
      matches: [
        'type=AVC msg=audit(1.1:2): avc:  denied  { read } for  pid=7 comm="coredns" name="Corefile"',
        'SELinux is preventing /usr/bin/runc from using the transition access on a process.',
      ],
      rejects: ['type=USER_AVC msg=audit(1.1:2): avc:  received policyload notice'],
    },
  ],
  lines: [
    {
      id: 'selinux-denials/iptables-lock',
      grade: 'weak',
      anchors: ['xtables.lock'],
      pattern: /xtables\.lock: Permission denied/i,
      matches: ["Fatal: can't open lock file /run/xtables.lock: Permission denied"],
      rejects: ['Another app is currently holding the xtables lock'],
    },
    {
      id: 'selinux-denials/module-request',
      grade: 'weak',
      anchors: ['module_request', 'module_load'],
      pattern: /avc: {1,2}denied {1,2}\{ module_(?:request|load) \}/,
      matches: ['type=AVC msg=audit(1.1:2): avc:  denied  { module_request } for  pid=7 comm="iptables"'],
      rejects: ['type=AVC msg=audit(1.1:2): avc:  denied  { read } for  pid=7'],
    },
    {
      id: 'selinux-denials/exec-denied',
      grade: 'weak',
      anchors: ['permission denied', 'Permission denied', 'status=203/EXEC'],
      pattern:
        /fork\/exec [^ ]+: permission denied|exec [^ ]*(?:\/var\/lib\/rancher|\/usr\/local\/bin|\/opt\/cni)[^ ]*: permission denied|status=203\/EXEC/i,
      matches: ['fork/exec /var/lib/rancher/k3s/data/abc/bin/containerd: permission denied'],
      rejects: ['open /etc/rancher/k3s/k3s.yaml: permission denied'],
    },
  ],
  confirm: [
    {
      when: helped(/setenforce|selinux|permissive|restorecon|semanage|semodule/i),
      grade: 'direct',
      says: t('What was done to SELinux helped.', '调整 SELinux 后恢复。'),
    },
    { when: heals, grade: 'direct', says: t('It works in permissive mode.', '在 permissive 模式下正常。') },
    {
      when: observed('selinux.denials', (value) => Array.isArray(value) && value.length > 0),
      grade: 'direct',
      says: t('The audit log has denials.', '审计日志中有拒绝记录。'),
    },
    {
      // Modes never bar root from this file.
      when: all(enforcing, line('selinux-denials/iptables-lock')),
      grade: 'direct',
      says: t('SELinux is enforcing, and the lock of iptables cannot be opened.', 'SELinux 为 enforcing，且无法打开 iptables 的锁文件。'),
    },
    {
      when: all(enforcing, line('selinux-denials/exec-denied')),
      grade: 'strong',
      says: t(
        'SELinux is enforcing, and an execution is denied although modes allow it.',
        'SELinux 为 enforcing，且在权限允许的情况下执行被拒绝。',
      ),
    },
    {
      when: all(
        enforcing,
        any(
          deniedInWords,
          symptomWhere((one) => one.errno === 'EACCES' || one.errno === 'EPERM'),
        ),
      ),
      grade: 'strong',
      says: t('SELinux is enforcing, and access is denied.', 'SELinux 为 enforcing，且访问被拒绝。'),
    },
    {
      when: stated({
        whole:
          /selinux[^.;]*(?:den(?:y|ies|ied)|block|prevent)|(?:k3s|rke2|container)-selinux[^.;]*(?:missing|not installed|absent|too old)/i,
      }),
      grade: 'strong',
      says: t(
        'It is stated that SELinux denies it or that its policy package is missing.',
        '陈述中提到 SELinux 拒绝，或缺少其策略软件包。',
      ),
    },
    { when: line('selinux-denials/exec-denied'), grade: 'hint', says: t('An execution is denied.', '执行被拒绝。') },
  ],
  refute: [{ when: permissive, says: t('SELinux is permissive or disabled.', 'SELinux 为 permissive 或已禁用。') }],
  asks: [
    ask(
      'Is SELinux enforcing, and which AVC denials name the component at that time?',
      'SELinux 是否为 enforcing？当时有哪些 AVC 拒绝记录涉及该组件？',
      'getenforce; ausearch -m avc -ts recent; rpm -q k3s-selinux rke2-selinux container-selinux',
    ),
  ],
  remedies: [
    {
      id: 'labels-and-policy',
      title: t('Restore the labels and install the policy package of the product', '恢复标签并安装产品的策略软件包'),
      risk: t('Changes the SELinux policy. Do not switch SELinux off.', '会更改 SELinux 策略。不要关闭 SELinux。'),
      safety: 'needs-a-person',
      command: 'restorecon -R -v /var/lib/rancher /etc/rancher /opt/cni; yum install k3s-selinux   # RKE2: rke2-selinux',
      undo: 'yum remove k3s-selinux',
      verify: ['ausearch -m avc -ts recent'],
    },
  ],
});
