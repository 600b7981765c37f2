/** Cloned machines share machine-id, product_uuid or MAC. Source: kubernetes/website, Installing kubeadm (verify the MAC address and product_uuid); machine-id(5). */
import { all, any, ask, evidenceCause, off, on, stated, t } from '../_checks/index.ts';

export const duplicateMachineIdentity = evidenceCause({
  id: 'duplicate-machine-identity',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('Two machines carry the same identity', '两台机器具有相同的身份标识'),
  mechanism: t(
    'Clones keep machine-id, product_uuid or MAC of their template. DHCP gives both one address, CNIs derive equal MACs or keys from the id, and nodes replace each other.',
    '克隆的机器保留模板的 machine-id、product_uuid 或 MAC。DHCP 会给两者同一地址，CNI 由该 ID 派生出相同的 MAC 或密钥，节点互相顶替。',
  ),
  summary: t('machine-id, product_uuid or MAC is the same on two nodes.', '两个节点的 machine-id、product_uuid 或 MAC 相同。'),
  sources: ['kubernetes/website: Installing kubeadm', 'machine-id(5)'],
  lookAlikes: ['node-name-conflict', 'bridge-address-conflict'],
  signatures: [
    {
      id: 'duplicate-machine-identity/kernel-duplicate-address',
      grade: 'strong',
      anchors: [
        'duplicate address',
        'Duplicate address',
        'duplicate ip address',
        'duplicate IP address',
        'duplicate mac address',
        'duplicate MAC address',
        'own address as source',
      ],
      pattern: /duplicate (?:ip |mac )?address (?:detected|found)|received packet on [^ ]+ with own address as source address/i,
      matches: ['kernel: docker0: received packet on eth0 with own address as source address (addr:02:42:ac:11:00:02, vlan:0)'],
      rejects: ['link becomes ready'],
    },
  ],
  confirm: [
    {
      when: on('machine.identity-duplicate'),
      grade: 'direct',
      says: t('machine-id, product_uuid or MAC is the same as on another node.', 'machine-id、product_uuid 或 MAC 与另一节点相同。'),
    },
    {
      when: stated({
        whole:
          /(?:same|identical|equal|duplicate|clone)[^.;]*(?:machine-?id|product_uuid|uuid|mac(?: address)?\b)|(?:machine-?id|product_uuid|mac address)[^.;]*(?:same|identical|equal|duplicate|not unique)/i,
      }),
      grade: 'direct',
      says: t('It is stated that the machines share an identity.', '陈述中提到这些机器的身份标识相同。'),
    },
    { when: any(on('machine.cloned')), grade: 'weak', says: t('The machine was made by cloning another one.', '该机器由克隆而来。') },
  ],
  refute: [
    {
      when: stated({ key: /machine.?id|product.?uuid/u, value: /^(?:different|distinct|unique|not the same|各不相同|不同)/iu }),
      says: t('The identities are stated to differ.', '陈述中提到身份标识各不相同。'),
    },
    { when: all(off('machine.identity-duplicate')), says: t('All three identities differ.', '三种身份标识各不相同。') },
  ],
  asks: [
    ask(
      'Are machine-id, product_uuid and MAC different on all nodes?',
      '各节点的 machine-id、product_uuid 与 MAC 是否各不相同？',
      'cat /etc/machine-id /sys/class/dmi/id/product_uuid; ip link   # on every node',
    ),
  ],
  remedies: [
    {
      id: 'new-machine-id',
      title: t('Make a new machine-id and reboot', '重新生成 machine-id 并重启'),
      risk: t("The journal's history is split; DHCP may give another address.", '日志历史会被分开；DHCP 可能分配新地址。'),
      safety: 'disruptive',
      command: 'cp /etc/machine-id /etc/machine-id.culprit && rm -f /etc/machine-id && systemd-machine-id-setup && systemctl reboot',
      undo: 'cp /etc/machine-id.culprit /etc/machine-id && systemctl reboot',
      verify: ['cat /etc/machine-id'],
    },
  ],
});
