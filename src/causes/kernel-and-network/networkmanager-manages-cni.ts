/** NetworkManager changes addresses and routes of interfaces that belong to the CNI. Source: rancher/rke2-docs known_issues; projectcalico docs, NetworkManager. */
import { helped, all, any, ask, evidenceCause, observed, off, on, osLike, product, stated, t, textual, picked } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

const active: Test = any(
  on('networkmanager.active'),
  stated({ key: /network.?manager$|^nm$|network manager (?:active|running|status)/, value: 'yes' }),
);
const noRule: Test = any(
  off('networkmanager.unmanaged-cni'),
  stated(
    { key: /unmanaged/, value: 'no' },
    { whole: /(?:no|without|missing|lacks)[^.;]*unmanaged-devices|unmanaged-devices[^.;]*(?:missing|absent|not set|none|no rule)/i },
  ),
);
const managesThem: Test = observed('networkmanager.managed', textual(/^(?:cali|flannel|tunl|vxlan|cni)/i));
const CNI_INTERFACES = /\b(?:cali|flannel|tunl|vxlan|canal|cni|pod|veth)/i;
const routesVanish: Test = any(
  stated({
    clause: [
      /interfaces?|routes?|network cards?|网卡|路由/i,
      CNI_INTERFACES,
      /delet|vanish|disappear|remov|lost|gone|missing|no (?:cali|flannel|interface)|not (?:there|created|present)|flush|down|丢失|消失|没有/i,
    ],
  }),
  stated({ whole: /(?:pod|container)[^.;]*(?:lose|loses|losing|lost|drop)[^.;]*(?:connect|network)/i }),
  stated({
    whole:
      /(?:nm|network ?manager)[^.;]*(?:reload|restart|manages|removes|flush|takes|changes)|route[^.;]*(?:vanish|disappear|lost|gone|removed)|reboot may cure|after (?:a )?(?:network ?manager|nm) (?:reload|restart)|(?:first|gateway) address of (?:each|the) pod/i,
  }),
);
const rhelCluster: Test = all(osLike(/rhel|centos|rocky|alma|oracle|fedora|suse/i), product('rke2', 'k3s', 'rke'));

export const networkmanagerManagesCni = evidenceCause({
  id: 'networkmanager-manages-cni',
  area: 'kernel-and-network',
  severity: 'medium',
  layer: 2,
  title: t("NetworkManager manages the CNI's interfaces", 'NetworkManager 管理了 CNI 的接口'),
  mechanism: t(
    'Without an unmanaged-devices rule NetworkManager treats cali*, flannel* and tunl* as its own: it waits for DHCP on them, and drops their addresses and routes at a reload.',
    '没有 unmanaged-devices 规则时，NetworkManager 会把 cali*、flannel*、tunl* 当作自己的接口：在其上等待 DHCP，并在重新加载时删除其地址和路由。',
  ),
  summary: t(
    "NetworkManager runs without a rule that keeps it off the CNI's interfaces, and takes their routes away.",
    'NetworkManager 在运行且没有排除 CNI 接口的规则，会删除这些接口的路由。',
  ),
  sources: ['rancher/rke2-docs known_issues', 'projectcalico docs: configure NetworkManager'],
  lookAlikes: ['nm-cloud-setup-enabled', 'vxlan-udp-blocked'],
  signatures: [
    {
      id: 'networkmanager-manages-cni/nmcli',
      grade: 'direct',
      anchors: ['connecting (', 'connected'],
      pattern: /^(?:cali[0-9a-f]+|flannel[.0-9a-z-]*|tunl0|vxlan\.calico)(?:[ \t]+[a-z-]+[ \t]+|: )(?:connecting \(|connected)/,
      matches: [
        'cali0a1b2c3d4e5: connecting (getting IP configuration) to Wired connection 3',
        'cali0a1b2c3d4e5  ethernet  connecting (getting IP configuration)  Wired connection 2',
        'flannel.1  vxlan  connected  flannel.1',
      ],
      rejects: ['cali0a1b2c3d4e5  ethernet  unmanaged  --', 'eth0  ethernet  connected  eth0'],
    },
    {
      // Before NetworkManager 1.0 its lines named the interface without "device".
      id: 'networkmanager-manages-cni/activation',
      grade: 'direct',
      anchors: [
        'Activation (cali',
        'Activation (flannel',
        'Activation (tunl',
        'Activation (vxlan',
        'Activation: starting',
        'dhcp4 (cali',
        'dhcp4 (flannel',
      ],
      pattern:
        /Activation \((?:cali[0-9a-f]+|flannel[.0-9a-z-]*|tunl0|vxlan\.calico)\)|device \((?:cali[0-9a-f]+|flannel[.0-9a-z-]*|tunl0|vxlan\.calico)\): Activation: starting|dhcp4 \((?:cali[0-9a-f]+|flannel[.0-9a-z-]*)\)/,
      matches: [
        "NetworkManager[6043]: <info> Activation (cali0a1b2c3d4e5) starting connection 'Wired connection 3'",
        "NetworkManager[801]: <info>  [1600000000.1] device (cali0a1b2c3d4e5): Activation: starting connection 'Wired connection 1'",
        'NetworkManager[801]: <info> dhcp4 (cali0a1b2c3d4e5): activation: beginning transaction',
      ],
      rejects: ["NetworkManager[801]: <info> Activation (eth0) starting connection 'eth0'"],
    },
    {
      id: 'networkmanager-manages-cni/journal',
      grade: 'strong',
      anchors: ['device (cali', 'device (flannel', 'device (tunl', 'device (vxlan'],
      pattern:
        /device \((?:cali[0-9a-f]+|flannel[.0-9a-z-]*|tunl0|vxlan\.calico)\): (?:state change: (?!unmanaged -> unavailable)|Activation|carrier:.*managed|enslaved)/,
      matches: ["NetworkManager[801]: <info> device (cali0a1b2c3d4e5): state change: unavailable -> disconnected (reason 'none')"],
      rejects: ['NetworkManager[801]: <info> device (eth0): state change: config -> activated'],
    },
  ],
  lines: [
    {
      id: 'networkmanager-manages-cni/unmanaged',
      grade: 'weak',
      anchors: ['unmanaged'],
      pattern:
        /^(?:cali[0-9a-f]+|flannel[.0-9a-z-]*|tunl0|vxlan\.calico)(?:[ \t]+[a-z-]+[ \t]+|: )unmanaged|unmanaged-devices=.*interface-name:(?:cali|flannel)/,
      matches: ['cali0a1b2c3d4e5  ethernet  unmanaged  --', 'unmanaged-devices=interface-name:cali*;interface-name:flannel*'],
      rejects: ['eth1  ethernet  unmanaged  --'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /network ?manager|nmcli|\bnm\b/i,
          /\b(?:cali|flannel|tunl|vxlan|veth|cni|pod)/i,
          /dhcp|manag(?:es|ing|ed)|configur|connect(?:s|ed|ing)|tak(?:es|en) over|delet|remov|touch|interfer|lost|drops?/i,
        ],
      }),
      grade: 'strong',
      says: t("NetworkManager is told to act on the CNI's interfaces.", '陈述中提到 NetworkManager 操作 CNI 的接口。'),
    },
    {
      when: helped(/unmanaged|(?:stop|disabl|mask)\w* network ?manager|network ?manager (?:stopp|disabl)/i),
      grade: 'direct',
      says: t('Keeping NetworkManager off the interfaces helped.', '让 NetworkManager 不管理这些接口后恢复。'),
    },
    { when: managesThem, grade: 'direct', says: t("nmcli shows the CNI's interfaces as managed.", 'nmcli 显示 CNI 接口处于受管状态。') },
    {
      when: all(active, noRule),
      grade: 'direct',
      says: t(
        "NetworkManager is active and no unmanaged-devices rule names the CNI's interfaces.",
        'NetworkManager 在运行，且没有针对 CNI 接口的 unmanaged-devices 规则。',
      ),
    },
    {
      when: noRule,
      grade: 'strong',
      says: t("No unmanaged-devices rule names the CNI's interfaces.", '没有针对 CNI 接口的 unmanaged-devices 规则。'),
    },
    {
      when: all(active, routesVanish),
      grade: 'direct',
      says: t('NetworkManager is active, and routes or interfaces of pods vanish.', 'NetworkManager 在运行，且 Pod 的路由或接口消失。'),
    },
    { when: picked(active), grade: 'weak', says: t('NetworkManager is active.', 'NetworkManager 在运行。') },
    {
      when: any(rhelCluster, routesVanish),
      grade: 'hint',
      says: t('A node of the RHEL or SUSE family, where NetworkManager usually runs.', 'RHEL 或 SUSE 系节点，通常运行 NetworkManager。'),
    },
  ],
  refute: [
    {
      when: on('networkmanager.unmanaged-cni'),
      says: t("A rule keeps NetworkManager off the CNI's interfaces.", '已有规则使 NetworkManager 不管理 CNI 接口。'),
    },
    {
      when: any(off('networkmanager.active'), stated({ key: /network.?manager$/, value: 'no' })),
      says: t('NetworkManager does not run.', 'NetworkManager 未运行。'),
    },
    {
      when: (context) =>
        context.symptoms.some((one) => one.kind === 'networkmanager-manages-cni/unmanaged')
          ? { seen: 'yes', kind: 'line' }
          : { seen: 'unknown' },
      says: t("The CNI's interfaces are unmanaged.", 'CNI 接口处于非受管状态。'),
    },
  ],
  asks: [
    ask(
      'Is NetworkManager active, and does an unmanaged-devices rule name cali*, flannel* and tunl*?',
      'NetworkManager 是否在运行？是否有针对 cali*、flannel*、tunl* 的 unmanaged-devices 规则？',
      'systemctl is-active NetworkManager; grep -rn unmanaged-devices /etc/NetworkManager/conf.d; nmcli dev',
    ),
  ],
  remedies: [
    {
      id: 'unmanaged-devices',
      title: t("Keep NetworkManager off the CNI's interfaces", '让 NetworkManager 不管理 CNI 接口'),
      risk: t('None; reboot the node when the cluster already runs.', '无风险；若集群已在运行，需重启节点。'),
      safety: 'safe',
      command:
        "printf '[keyfile]\\nunmanaged-devices=interface-name:cali*;interface-name:tunl*;interface-name:flannel*;interface-name:vxlan.calico\\n' > /etc/NetworkManager/conf.d/culprit-cni.conf && systemctl reload NetworkManager",
      undo: 'rm -f /etc/NetworkManager/conf.d/culprit-cni.conf && systemctl reload NetworkManager',
      verify: ['nmcli dev'],
    },
  ],
});
