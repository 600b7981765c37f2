/** docker since 1.13 and ufw set the policy of FORWARD to DROP. Source: docker docs, packet filtering; ufw DEFAULT_FORWARD_POLICY; rancher/rancher issue 7789. */
import { helped, all, any, ask, evidenceCause, line, observed, stated, t, textual, picked } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { podTrafficFails } from './_reachability.ts';

const policyDrop: Test = any(
  observed('iptables.policy.FORWARD', textual(/^(?:drop|reject)/i)),
  observed('ufw.forward-policy', textual(/^(?:drop|reject)/i)),
  line('forward-policy-drop/chain'),
  stated(
    { key: /forward.*(?:policy|chain)|policy.*forward|^forward$/, value: /drop|reject|deny/i },
    {
      whole: /forward[^.;]*[^.;a-z]drop\b|default_forward_policy[^.;]*(?:drop|reject|deny)|(?:denies|drops|blocks) forward(?:ed|ing)/i,
    },
  ),
);
/** docker 1.13 was the first to set it. Source: moby/moby pull request 28257. */
const dockerSetsDrop: Test = stated(
  { key: /docker.*(?:upgrad|updat)|(?:upgrad|updat).*docker/, value: /\b1\.13|\b17\.0\d/ },
  { whole: /(?:upgrad|updat)[^.;]*docker[^.;]*(?:1\.13|17\.0\d)/i },
  { key: /^docker(?: version)?$/, value: /^v?1\.13/ },
);
const accepts: Test = any(
  observed(
    'iptables.forward-accepts',
    (value) =>
      Array.isArray(value) &&
      value.some(
        (one) =>
          typeof one === 'string' &&
          // KUBE-FORWARD lets through what is marked or known already: a pod's first packet to another pod is neither.
          /cali-FORWARD|FLANNEL-FWD|CNI-FORWARD|CILIUM_FORWARD|KUBE-ROUTER-FORWARD|WEAVE-NPC|ANTREA-FORWARD|-[io] (?:cni0|weave|flannel|cali|cbr0|kube-bridge)|(?:-[sd] |-j ACCEPT [^ ]*)(?:10|100|172|192)\.\d+\.\d+\.\d+\/\d/.test(
            one,
          ),
      ),
  ),
);

export const forwardPolicyDrop = evidenceCause({
  id: 'forward-policy-drop',
  area: 'firewall',
  severity: 'high',
  layer: 2,
  title: t('The FORWARD chain drops pod traffic', 'FORWARD 链丢弃 Pod 流量'),
  mechanism: t(
    'Pod packets are forwarded by the node. With the policy DROP and no earlier rule that accepts the pod range they are lost; host to host works.',
    'Pod 的数据包由节点转发。当策略为 DROP 且之前没有放行 Pod 网段的规则时，数据包会丢失；主机之间则正常。',
  ),
  summary: t(
    'The policy of FORWARD is DROP and nothing accepts the pod network before it.',
    'FORWARD 的策略为 DROP，且之前没有放行 Pod 网络的规则。',
  ),
  sources: ['docker docs: packet filtering and firewalls', 'ufw(8): DEFAULT_FORWARD_POLICY', 'rancher/rancher issue 7789'],
  consequenceOf: ['iptables-backend-mixed', 'ufw-active'],
  lookAlikes: ['ip-forward-off', 'ufw-active', 'iptables-backend-mixed', 'vxlan-udp-blocked'],
  signatures: [
    {
      id: 'forward-policy-drop/counting',
      grade: 'strong',
      anchors: ['Chain FORWARD (policy DROP'],
      pattern: /Chain FORWARD \(policy DROP [1-9]\d*[KMG]? packets/,
      matches: ['Chain FORWARD (policy DROP 4711 packets, 283K bytes)'],
      rejects: ['Chain FORWARD (policy DROP 0 packets, 0 bytes)', 'Chain FORWARD (policy ACCEPT 12 packets, 720 bytes)'],
    },
  ],
  lines: [
    {
      id: 'forward-policy-drop/chain',
      grade: 'weak',
      anchors: ['Chain FORWARD (policy DROP', '-P FORWARD DROP', ':FORWARD DROP', 'DEFAULT_FORWARD_POLICY=', 'FORWARD policy is DROP'],
      pattern: /FORWARD policy is DROP|Chain FORWARD \(policy DROP|-P FORWARD DROP|^:FORWARD DROP|DEFAULT_FORWARD_POLICY="?(?:DROP|REJECT)/,
      matches: ['Chain FORWARD (policy DROP)', '-P FORWARD DROP', ':FORWARD DROP [0:0]', 'DEFAULT_FORWARD_POLICY="DROP"'],
      rejects: ['Chain FORWARD (policy ACCEPT)'],
    },
  ],
  confirm: [
    {
      when: all(
        policyDrop,
        stated({
          whole:
            /node ?port[^.;]*(?:not|only|local|fail|time|no)|(?:external|internet|outside|outbound|out of the cluster)[^.;]*(?:not|no\b|fail|time|lost|any more)|no (?:internet|outbound|external)/i,
        }),
      ),
      grade: 'direct',
      says: t('The policy of FORWARD is DROP, and forwarded traffic does not pass.', 'FORWARD 的策略为 DROP，且转发流量不通。'),
    },
    {
      when: helped(/(?:iptables )?-?P FORWARD ACCEPT|forward policy[^.;]*accept/i),
      grade: 'direct',
      says: t('Setting the policy to ACCEPT helped.', '把策略设为 ACCEPT 后恢复。'),
    },
    {
      when: all(policyDrop, podTrafficFails),
      grade: 'direct',
      says: t(
        'The policy of FORWARD is DROP, and pods cannot reach each other or Services.',
        'FORWARD 的策略为 DROP，且 Pod 之间或到 Service 不通。',
      ),
    },
    {
      when: all(policyDrop, observed('forward.pod-traffic', textual(/^(?:drop|reject)$/))),
      grade: 'direct',
      says: t(
        'The policy of FORWARD is DROP, and no rule before it accepts what pods send.',
        'FORWARD 的策略为 DROP，且之前没有规则放行 Pod 发出的流量。',
      ),
    },
    { when: picked(policyDrop), grade: 'strong', says: t('The policy of FORWARD is DROP.', 'FORWARD 的策略为 DROP。') },
    {
      when: all(dockerSetsDrop, podTrafficFails),
      grade: 'strong',
      says: t(
        'docker was brought to a version that sets the policy of FORWARD to DROP, and forwarded traffic stopped.',
        'docker 已升级到会把 FORWARD 策略设为 DROP 的版本，且转发流量中断。',
      ),
    },
    {
      when: stated({
        whole: /iptables -P FORWARD ACCEPT[^.;]*(?:cure|heal|fix|help|work|solve)|(?:cure|heal|fix|help|work|solv)[^.;]*FORWARD ACCEPT/i,
      }),
      grade: 'direct',
      says: t('Setting the policy to ACCEPT cures it.', '把策略设为 ACCEPT 后恢复。'),
    },
  ],
  refute: [
    {
      when: observed('forward.pod-traffic', textual(/^accept$/)),
      says: t('The rules of FORWARD accept what pods send.', 'FORWARD 的规则放行了 Pod 发出的流量。'),
    },
    {
      when: accepts,
      says: t(
        'Rules of kube-proxy or the CNI accept the pod network before the policy.',
        'kube-proxy 或 CNI 的规则在策略之前已放行 Pod 网络。',
      ),
    },
    {
      when: any(
        observed('iptables.policy.FORWARD', textual(/^accept/i)),
        stated({ key: /forward.*policy|policy.*forward/, value: /^(?!.*drop).*accept/i }),
      ),
      says: t('The policy of FORWARD is ACCEPT.', 'FORWARD 的策略为 ACCEPT。'),
    },
  ],
  asks: [
    ask(
      'What is the policy of the FORWARD chain (docker, or ufw DEFAULT_FORWARD_POLICY), does its counter grow, and which rules accept the pod network before it?',
      'FORWARD 链的策略是什么（docker 或 ufw 的 DEFAULT_FORWARD_POLICY）？其计数是否增长？之前有哪些规则放行 Pod 网络？',
      'iptables -L FORWARD -nv | head; grep DEFAULT_FORWARD_POLICY /etc/default/ufw',
    ),
  ],
  remedies: [
    {
      id: 'accept-pod-network',
      title: t('Accept the pod network in FORWARD', '在 FORWARD 中放行 Pod 网络'),
      risk: t(
        'Only the pod range is forwarded. The rule is lost at a reload unless made permanent.',
        '只转发 Pod 网段。规则在重新加载后丢失，需另行固化。',
      ),
      safety: 'safe',
      command: 'iptables -I FORWARD -s 10.42.0.0/16 -j ACCEPT && iptables -I FORWARD -d 10.42.0.0/16 -j ACCEPT',
      undo: 'iptables -D FORWARD -s 10.42.0.0/16 -j ACCEPT; iptables -D FORWARD -d 10.42.0.0/16 -j ACCEPT',
      verify: ['iptables -L FORWARD -nv', 'kubectl exec POD -- ping -c 1 POD_IP_ON_OTHER_NODE'],
    },
    {
      id: 'ufw-forward-accept',
      title: t('ufw: set DEFAULT_FORWARD_POLICY to ACCEPT', 'ufw：把 DEFAULT_FORWARD_POLICY 设为 ACCEPT'),
      risk: t('The node forwards for everybody.', '节点会为所有人转发。'),
      safety: 'needs-a-person',
      command: 'sed -i \'s/^DEFAULT_FORWARD_POLICY=.*/DEFAULT_FORWARD_POLICY="ACCEPT"/\' /etc/default/ufw && ufw reload',
      undo: 'sed -i \'s/^DEFAULT_FORWARD_POLICY=.*/DEFAULT_FORWARD_POLICY="DROP"/\' /etc/default/ufw && ufw reload',
      verify: ['iptables -S FORWARD | head -1'],
    },
  ],
});
