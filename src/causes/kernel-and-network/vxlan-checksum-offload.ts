/** Checksum offload spoils VXLAN packets on some kernels and virtual cards. Source: rancher/rke2-docs known_issues; projectcalico ChecksumOffloadBroken; flannel-io/flannel issue 1279. */
import {
  helped,
  all,
  any,
  ask,
  evidenceCause,
  isDial,
  isLookup,
  isServiceAddress,
  isTimeout,
  observed,
  off,
  on,
  stated,
  symptomWhere,
  t,
  textual,
  without,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

const vmware: Test = any(
  observed('virtualization', textual(/vmware|esx|vsphere/i)),
  on('module.vmxnet3.loaded'),
  stated({ whole: /vmware|vsphere|esxi|vmxnet3/i }),
);
const vxlan: Test = any(
  observed('cni.backend', textual(/vxlan/i)),
  observed('cni.name', textual(/flannel|canal/i)),
  stated({ whole: /vxlan/i }, { key: /cni|network plugin/, value: /flannel|canal/i }),
);
const oldKernel: Test = any(
  observed('os.id', textual(/rhel|centos|rocky|alma|ol|sles|opensuse|suse|ubuntu/i)),
  stated({
    key: /^(?:os|distribution|operating system)/,
    value: /rhel ?8|centos ?8|rocky(?: linux)? ?8|red hat.*8|ubuntu (?:18|20)|leap 15|oracle.* 8/i,
  }),
  observed('kernel.release', textual(/\.el8|^4\.15|^5\.4|^5\.3/)),
);
const crossNodeServicesFail: Test = any(
  off('path.pods-reach-services'),
  off('path.pods-reach-pods'),
  symptomWhere(
    (one, node) =>
      (isDial(one) && one.address !== undefined && isServiceAddress(node, one.address) && isTimeout(one)) ||
      (isLookup(one) && one.server !== undefined && isServiceAddress(node, one.server) && isTimeout(one)),
  ),
  stated({
    whole:
      /(?:cannot|can't|not|fail|unable|slow|time)[^.;]*(?:service|api|dns|pods? on (?:other|another)|across nodes|cross-node|between nodes|different nodes)|(?:service|dns|cross-node|across nodes|other nodes|different nodes)[^.;]*(?:cannot|can't|fail|unable|slow|time|not|hang|dead)/i,
  }),
);
/** A retransmission schedule that ends after 63 s is the known sign: the first packets with a bad checksum are lost, a later one passes. */
const sixtyThreeSeconds: Test = stated({
  clause: [/\b6\d ?-?s(?:ec|econds?)?\b|\b(?:one|1|two|2) minutes?\b/i, /service|node ?port|cluster ?ip|pod|dns/i],
});
/** Of the card itself: what it cannot do for encapsulated packets it does all the same. */
const cardOffloadOn: Test = ({ node }) => {
  const hit = Object.entries(node.observations).find(
    ([key, fact]) => /^interface\.[^.]+\.tx-checksum$/.test(key) && fact.state === 'known' && fact.value === true,
  )?.[1];
  return hit?.state === 'known' ? { seen: 'yes', kind: 'setting', source: hit.source } : { seen: 'unknown' };
};
const offloadOn: Test = any(
  observed('interface.flannel.1.tx-checksum', (value) => value === true),
  observed('interface.vxlan.calico.tx-checksum', (value) => value === true),
);

/** What carries no checksum that a card computes passes; a handshake that gets no answer at all is not a matter of size. */
const onlyPingPasses: Test = all(
  stated({
    clause: [
      /\b(?:icmp|pings?)\b/i,
      /\b(?:works?|ok|okay|answers?|passes|fine|yes|true|succeeds?|(?:un|not )affected|reach(?:es|able)?)\b/i,
      /^(?!.*(?:large|big|-s \d|bytes|\bnot work|fails))/i,
    ],
  }),
  stated({
    clause: [
      /\b(?:tcp|curl|http|telnet|nc)\b/i,
      /across|cross|between|(?:other|another|different|remote) nodes?|pods?\b/i,
      /tim(?:es?|ed|ing)[ -]?out|hangs?|fails?|dead|lost|dropp?ed|never|no answer|refus|does not|doesn't|not work/i,
      /^(?!.*(?:large|big|connects|after (?:connect|client hello)|stall))/i,
    ],
  }),
);

export const vxlanChecksumOffload = evidenceCause({
  id: 'vxlan-checksum-offload',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t('Checksum offload spoils VXLAN packets', '校验和卸载损坏了 VXLAN 数据包'),
  mechanism: t(
    'The kernel leaves the inner checksum to the network card, and the card or its driver gets it wrong for encapsulated packets. The receiver drops them silently: ping works, TCP and UDP through the overlay are dead or take seconds.',
    '内核把内层校验和交给网卡计算，而网卡或驱动对封装的数据包计算有误。接收方会悄悄丢弃：ping 正常，但经隧道的 TCP 和 UDP 不通或耗时数秒。',
  ),
  summary: t(
    'Packets between nodes through VXLAN arrive with a wrong checksum and are dropped.',
    '节点间经 VXLAN 的数据包因校验和错误被丢弃。',
  ),
  sources: ['rancher/rke2-docs known_issues', 'projectcalico/calico felix configuration: ChecksumOffloadBroken'],
  lookAlikes: ['vxlan-udp-blocked', 'mtu-mismatch', 'firewalld-active'],
  signatures: [
    {
      id: 'vxlan-checksum-offload/kernel-bad-checksum',
      grade: 'direct',
      anchors: ['bad checksum'],
      pattern: /UDP: bad checksum\. From [^ ]+ to [^ ]+:(?:8472|4789|8473)\b/,
      matches: ['kernel: UDP: bad checksum. From 192.0.2.4:51234 to 192.0.2.5:8472 ulen 118'],
      rejects: ['kernel: UDP: bad checksum. From 192.0.2.4:53 to 192.0.2.5:4000 ulen 60'],
    },
    {
      id: 'vxlan-checksum-offload/capture',
      grade: 'strong',
      anchors: ['bad udp cksum', 'bad tcp cksum', '(incorrect', 'incorrect ->'],
      pattern:
        /bad udp cksum 0x[0-9a-f]+ -> 0x[0-9a-f]+!?.{0,120}(?:OTV|VXLAN|vni|8472|4789)|(?:8472|4789|OTV|VXLAN).{0,160}(?:bad udp cksum|cksum 0x[0-9a-f]+ \(incorrect)/i,
      matches: ['192.0.2.4.40000 > 192.0.2.5.8472: [bad udp cksum 0x1234 -> 0x4321!] OTV, flags [I] (0x08), overlay 0, instance 1'],
      rejects: ['192.0.2.4.40000 > 192.0.2.5.8472: [udp sum ok] OTV'],
    },
  ],
  confirm: [
    {
      when: all(
        sixtyThreeSeconds,
        stated({
          clause: [
            /other node|another node|different node|remote|cross-?node|across nodes|on (?:the )?(?:second|other)|from (?:a |the )?(?:node|host)|node port|cluster ?ip/i,
            /\b6[0-4] ?-?s(?:ec|econds?)?\b/i,
          ],
        }),
      ),
      grade: 'strong',
      says: t('Services whose pod runs on another node answer after about a minute.', 'Pod 在其他节点上的 Service 约一分钟后才应答。'),
    },
    {
      when: helped(
        /ethtool|tx[- ]?checksum|checksum(?:ming)?[- ](?:offload|off)|offload(?:ing)?(?! (?:is |are |still |left |being |turned |switched |kept )*(?:on|enabled|active)\b)|tx off/i,
      ),
      grade: 'direct',
      says: t('Switching the offload off helped.', '关闭卸载功能后恢复。'),
    },
    { when: on('path.heals-without-offload'), grade: 'direct', says: t('Switching the offload off cures it.', '关闭该卸载功能后恢复。') },
    {
      when: on('path.bad-udp-checksum'),
      grade: 'direct',
      says: t('A capture shows wrong checksums on the overlay port.', '抓包显示隧道端口上校验和错误。'),
    },
    {
      when: stated({
        whole:
          /^(?!.*(?:not|no (?:effect|change|difference)|n't|still)).*(?:tx-checksum|checksum offload|tx off|ethtool -k)[^.;]*(?:off|cure|heal|fix|help|work|disab)|bad (?:udp )?(?:cksum|checksum)/i,
      }),
      grade: 'direct',
      says: t(
        'It is stated that the checksums are wrong, or that switching the offload off helps.',
        '陈述中提到校验和错误，或关闭卸载后恢复。',
      ),
    },
    {
      when: all(vmware, vxlan, crossNodeServicesFail, oldKernel),
      grade: 'direct',
      says: t(
        'VXLAN between VMware machines with a kernel known for it, and Services fail across nodes.',
        '带有已知问题内核的 VMware 虚拟机之间使用 VXLAN，且跨节点 Service 失败。',
      ),
    },
    {
      when: all(vmware, cardOffloadOn, any(crossNodeServicesFail, on('path.only-some-nodes'))),
      grade: 'direct',
      says: t(
        'The VMware card computes checksums itself, and traffic to other nodes fails.',
        'VMware 网卡自行计算校验和，且到其他节点的流量失败。',
      ),
    },
    {
      when: all(vmware, cardOffloadOn),
      grade: 'weak',
      says: t('The VMware card computes checksums itself.', 'VMware 网卡自行计算校验和。'),
    },
    {
      when: all(vmware, vxlan, any(crossNodeServicesFail, on('path.nodes-reach-nodes'))),
      grade: 'strong',
      says: t('VXLAN between VMware machines, and Services fail across nodes.', 'VMware 虚拟机之间使用 VXLAN，且跨节点 Service 失败。'),
    },
    {
      when: all(vxlan, sixtyThreeSeconds),
      grade: 'strong',
      says: t('Services answer after about a minute through VXLAN.', '经 VXLAN 的 Service 约一分钟后才应答。'),
    },
    {
      when: all(onlyPingPasses, any(vmware, vxlan)),
      grade: 'strong',
      says: t('Ping passes the overlay, TCP gets no answer.', '隧道中 ping 可通，TCP 却无应答。'),
    },
    {
      when: all(offloadOn, crossNodeServicesFail),
      grade: 'weak',
      says: t('The offload is on and Services fail across nodes.', '卸载功能已开启，且跨节点 Service 失败。'),
    },
    {
      when: all(crossNodeServicesFail, without(on('path.same-node-works'))),
      grade: 'hint',
      says: t('Services or pods fail across nodes.', '跨节点的 Service 或 Pod 不通。'),
    },
  ],
  refute: [
    {
      when: stated({
        whole: /\b(?:works?|fine|ok) (?:[^.;]* )?offload\w* (?:is |are |still |left |turned |switched |kept )*(?:on|enabled)\b/i,
      }),
      says: t('It is stated to work with the offload on.', '陈述中提到卸载开启时也正常。'),
    },
    {
      when: stated({
        whole:
          /(?:tx-checksum|checksum offload|ethtool|tx off)[^;]*(?:no (?:change|effect|difference)|changes nothing|still (?:fails|slow|dead)|did not help|没有变化|无效)/iu,
      }),
      says: t('Switching the offload off is stated to change nothing.', '陈述中提到关闭卸载功能没有变化。'),
    },
    { when: off('path.heals-without-offload'), says: t('Switching the offload off changes nothing.', '关闭卸载功能没有变化。') },
    { when: off('path.bad-udp-checksum'), says: t('The packets arrive with right checksums.', '数据包到达时校验和正确。') },
    { when: off('path.same-node-works'), says: t('Traffic within one node fails as well.', '同节点流量同样失败。') },
  ],
  asks: [
    ask(
      'Are the nodes VMware machines (vmxnet3) or of a kernel known for it (RHEL 8, Ubuntu 18.04/20.04), does the CNI use VXLAN, and does switching tx-checksum-ip-generic off cure it?',
      '节点是否为 VMware 虚拟机（vmxnet3）或已知有此问题的内核（RHEL 8、Ubuntu 18.04/20.04）？CNI 是否使用 VXLAN？关闭 tx-checksum-ip-generic 后是否恢复？',
      'systemd-detect-virt; uname -r; ethtool -k flannel.1 | grep tx-checksum-ip-generic',
    ),
    ask(
      'Does a capture at the receiver show wrong UDP checksums on port 8472?',
      '接收端抓包是否显示 8472 端口的 UDP 校验和错误？',
      'tcpdump -vvni any udp port 8472 -c 20',
    ),
  ],
  remedies: [
    {
      id: 'offload-off',
      title: t('Switch the offload off on the overlay interface', '在隧道接口上关闭校验和卸载'),
      risk: t(
        'Uses a little more processor; lost at the next start of the interface unless made permanent.',
        '略增 CPU 占用；接口重建后失效，需另行固化。',
      ),
      safety: 'safe',
      command: 'ethtool -K flannel.1 tx-checksum-ip-generic off',
      undo: 'ethtool -K flannel.1 tx-checksum-ip-generic on',
      verify: ['kubectl exec POD -- curl -sk -m 5 https://kubernetes.default'],
    },
    {
      id: 'calico-feature-override',
      title: t('Calico: set ChecksumOffloadBroken=true', 'Calico：设置 ChecksumOffloadBroken=true'),
      risk: t('calico-node restarts its data plane.', 'calico-node 会重启数据面。'),
      safety: 'safe',
      command:
        'kubectl patch felixconfiguration default --type=merge -p \'{"spec":{"featureDetectOverride":"ChecksumOffloadBroken=true"}}\'',
      undo: 'kubectl patch felixconfiguration default --type=merge -p \'{"spec":{"featureDetectOverride":null}}\'',
      verify: ['kubectl exec POD -- curl -sk -m 5 https://kubernetes.default'],
    },
  ],
});
