/** nm-cloud-setup puts its routing table ahead of the CNI's routes. Source: rke1-docs os.md; k3s-io/docs requirements; rke2-docs known_issues. */
import type { Look, Test } from '../_checks/index.ts';
import { helped, all, any, ask, evidenceCause, line, observed, off, on, stated, t, textual, without } from '../_checks/index.ts';

const enabled: Test = any(
  on('nm-cloud-setup.enabled'),
  observed('unit.nm-cloud-setup.service.enabled', (value) => value === 'enabled'),
  observed('unit.nm-cloud-setup.timer.enabled', (value) => value === 'enabled'),
  stated({ key: /nm.?cloud.?setup/, value: 'yes' }, { whole: /nm[- ]cloud[- ]setup[^.;]*(?:enabled|active|running|on\b|installed)/i }),
);
/** Its rules have priorities 30200, 30350 and 30400, and its tables the same numbers (NetworkManager nm-cloud-setup). */
const itsRules: Test = ({ node }): Look => {
  const rules = (node.netns.find((one) => one.id === 'host') ?? node.netns[0])?.rules;
  if (rules?.state !== 'known') return { seen: 'unknown' };
  const hit = rules.value.find((one) => one.priority >= 30200 && one.priority <= 30500 && /30\d{3}/.test(one.action + one.selector));
  return hit === undefined ? { seen: 'no', source: rules.source } : { seen: 'yes', kind: 'state', source: rules.source };
};
const rhel84: Test = any(
  observed('kernel.release', textual(/^4\.18\.0-(?:30[5-9]|3[1-9]\d|[4-9]\d\d)[0-9.]*\.el8|\.el9/)),
  stated({
    key: /^(?:os|distribution|operating system)/,
    value: /(?:rhel|centos|rocky|alma|red hat|oracle)[^;]*(?:8\.[4-9]|8\.10|9\b|9\.\d)/i,
  }),
);
const cloud: Test = any(
  observed('cloud', textual(/aws|azure|gcp|ec2|google|alibaba/i)),
  stated({ key: /^cloud|provider|platform/, value: /aws|azure|gcp|ec2|google|alibaba/i }),
);

export const nmCloudSetupEnabled = evidenceCause({
  id: 'nm-cloud-setup-enabled',
  area: 'kernel-and-network',
  severity: 'critical',
  layer: 2,
  title: t('nm-cloud-setup adds routing rules that divert pod traffic', 'nm-cloud-setup 添加的路由规则使 Pod 流量走错路'),
  mechanism: t(
    "On RHEL 8.4 and later in a cloud, this part of NetworkManager adds policy rules near priority 30400 with a table of its own. It comes ahead of the CNI's routes, so answers of pods leave by the wrong way. K3s and RKE2 refuse to start while it is enabled.",
    '在云上的 RHEL 8.4 及更高版本中，NetworkManager 的这一组件会添加优先级约为 30400 的策略路由及自己的路由表。它先于 CNI 的路由，使 Pod 的应答从错误的路径发出。K3s 与 RKE2 在它启用时拒绝启动。',
  ),
  summary: t(
    "nm-cloud-setup is enabled and its routing table takes precedence over the CNI's routes.",
    'nm-cloud-setup 已启用，其路由表优先于 CNI 的路由。',
  ),
  sources: ['rancher/rke1-docs docs/os/os.md', 'k3s-io/docs: requirements', 'rancher/rke2-docs known_issues'],
  lookAlikes: ['networkmanager-manages-cni', 'firewalld-active', 'selinux-denials', 'vxlan-udp-blocked'],
  signatures: [
    {
      id: 'nm-cloud-setup-enabled/unit-refuses',
      grade: 'direct',
      terminal: true,
      anchors: ['nm-cloud-setup'],
      pattern:
        /ExecStartPre=.*is-enabled --quiet nm-cloud-setup\.service.*(?:status=1|FAILURE)|nm-cloud-setup\.(?:service|timer)[; ].*\benabled\b|nm-cloud-setup(?:\.service|\.timer)? is enabled/,
      matches: [
        'Process: 812 ExecStartPre=/bin/sh -xc ! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service (code=exited, status=1/FAILURE)',
        'nm-cloud-setup.timer                enabled',
      ],
      rejects: [
        'Failed to get unit file state for nm-cloud-setup.service: No such file or directory',
        'Process: 812 ExecStartPre=/bin/sh -xc ! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service (code=exited, status=0/SUCCESS)',
      ],
    },
    {
      id: 'nm-cloud-setup-enabled/ip-rule',
      grade: 'direct',
      anchors: ['lookup 30'],
      pattern: /^30[2-5]\d\d:[ \t]+from .*lookup 30[2-5]\d\d/,
      matches: ['30400:\tfrom 192.0.2.17 lookup 30400'],
      rejects: ['32766:\tfrom all lookup main'],
    },
  ],
  lines: [
    {
      id: 'nm-cloud-setup-enabled/asked',
      grade: 'weak',
      anchors: ['is-enabled --quiet nm-cloud-setup'],
      pattern: /(?:sh\[\d+\]: )?\+ (?:\/usr)?\/?(?:bin\/)?systemctl is-enabled --quiet nm-cloud-setup/,
      matches: ['sh[14205]: + /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service'],
      rejects: [
        'Process: 1 ExecStartPre=/bin/sh -xc ! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service (code=exited, status=0/SUCCESS)',
      ],
    },
    {
      id: 'nm-cloud-setup-enabled/unit-absent',
      grade: 'weak',
      anchors: ['unit file state for nm-cloud-setup'],
      pattern: /Failed to get unit file state for nm-cloud-setup/,
      matches: ['Failed to get unit file state for nm-cloud-setup.service: No such file or directory'],
      rejects: ['Failed to get unit file state for cockpit.service: No such file or directory'],
    },
    {
      id: 'nm-cloud-setup-enabled/start-refused',
      grade: 'weak',
      anchors: ['Control process exited', 'control process exited'],
      pattern: /(?:k3s|rke2)[a-z-]*\.service: Control process exited, code=exited,? status=1/i,
      matches: ['systemd[1]: rke2-server.service: Control process exited, code=exited status=1'],
      rejects: ['systemd[1]: rke2-server.service: Main process exited, code=exited, status=1/FAILURE'],
    },
  ],
  confirm: [
    {
      when: helped(/(?:nm|network ?manager)[- ]cloud[- ]setup/i),
      grade: 'direct',
      says: t('Switching nm-cloud-setup off helped.', '停用 nm-cloud-setup 后恢复。'),
    },
    {
      when: all(
        line('nm-cloud-setup-enabled/asked'),
        line('nm-cloud-setup-enabled/start-refused'),
        without(line('nm-cloud-setup-enabled/unit-absent')),
      ),
      grade: 'direct',
      says: t('The unit asks whether nm-cloud-setup is enabled, and ends there.', '单元检查 nm-cloud-setup 是否启用，并就此终止。'),
    },
    {
      when: all(
        any(rhel84, cloud),
        stated({
          whole:
            /(?:ip rule|routing (?:table|rule|polic)|policy rout)[^.;]*(?:extra|additional|another|second|own|more|besides|appears?|added|30\d{3})|(?:extra|additional|another|second|new) (?:ip |routing |policy )*(?:rules?|tables?)|table 30\d{3}/i,
        }),
      ),
      grade: 'strong',
      says: t(
        'A cloud node of this family has routing rules or tables of somebody else.',
        '该系列的云节点上有其他来源的路由规则或路由表。',
      ),
    },
    { when: enabled, grade: 'direct', says: t('nm-cloud-setup (service or timer) is enabled.', 'nm-cloud-setup（服务或定时器）已启用。') },
    { when: itsRules, grade: 'direct', says: t('ip rule shows its rules near priority 30400.', 'ip rule 显示优先级约 30400 的规则。') },
    {
      when: any(rhel84, cloud),
      grade: 'hint',
      says: t(
        'A node of the RHEL 8.4+ family or in a cloud, where nm-cloud-setup may be enabled.',
        'RHEL 8.4 及更高版本或云上节点，可能启用了 nm-cloud-setup。',
      ),
    },
  ],
  refute: [
    {
      when: any(off('nm-cloud-setup.enabled'), stated({ key: /nm.?cloud.?setup/, value: 'no' })),
      says: t('nm-cloud-setup is disabled or not installed.', 'nm-cloud-setup 未启用或未安装。'),
    },
  ],
  asks: [
    ask(
      'Is nm-cloud-setup (service or timer) enabled, and does ip rule show priorities near 30400?',
      'nm-cloud-setup（服务或定时器）是否启用？ip rule 中是否有约 30400 的优先级？',
      'systemctl is-enabled nm-cloud-setup.service nm-cloud-setup.timer; ip rule',
    ),
  ],
  remedies: [
    {
      id: 'disable-nm-cloud-setup',
      title: t('Disable the service and its timer, then reboot', '禁用该服务及其定时器，然后重启'),
      risk: t(
        'Secondary cloud addresses are no longer set up; the node is away for minutes.',
        '云上的辅助地址将不再自动配置；节点会中断几分钟。',
      ),
      safety: 'disruptive',
      command: 'systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer && systemctl reboot',
      undo: 'systemctl enable nm-cloud-setup.service nm-cloud-setup.timer',
      verify: ['systemctl is-enabled nm-cloud-setup.timer', 'ip rule'],
    },
  ],
});
