/** Source: k3s-io/docs requirements; ufw(8) (log lines "[UFW BLOCK]"). */
import { all, any, ask, evidenceCause, line, observed, off, on, osLike, stated, t, picked } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { upstreamFails } from '../cluster-dns/coredns-upstream-unreachable.ts';
import {
  clusterTrafficDropped,
  clusterTrafficRejected,
  nodePortDropped,
  nodePortRejected,
  portUnreachable,
  someTrafficFails,
} from './_reachability.ts';

const NEEDED = /^(?:6443|8472|9345|10250|2379|2380|4789|179|51820|30\d{3}|443)$/;
const active: Test = any(
  on('ufw.active'),
  line('ufw-active/status'),
  stated({ key: /^ufw|ufw (?:active|status|enabled|running)/, value: 'yes' }),
);
/** Somebody speaks of a firewall of the host and names none: Debian and Ubuntu have ufw. */
const hostFirewall: Test = all(on('firewall.active'), osLike(/ubuntu|debian/i));
const stopped: Test = any(off('ufw.active'), stated({ key: /^ufw/, value: 'no' }));
const heals: Test = stated({
  whole:
    /(?:ufw disable|disabl\w+ ufw|ufw (?:off|disabled|stopped|allow)|without ufw)[^.;]*(?:cure|heal|fix|help|work|solve|ok|ready|reach|resolve|connect)|(?:works|cured|fixed|solved|helps|heals)[^.;]*ufw/i,
});

export const ufwActive = evidenceCause({
  id: 'ufw-active',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t('ufw blocks traffic of the cluster', 'ufw 阻断了集群流量'),
  mechanism: t(
    "Ubuntu's ufw drops incoming packets that no rule allows: the API port, the overlay, and packets from the pod and Service ranges.",
    'Ubuntu 的 ufw 会丢弃没有规则允许的入站数据包：API 端口、隧道，以及来自 Pod 和 Service 网段的数据包。',
  ),
  summary: t('ufw is active and drops packets that the cluster needs.', 'ufw 已启用，并丢弃集群所需的数据包。'),
  sources: ['k3s-io/docs: requirements', 'ufw(8)'],
  lookAlikes: ['firewalld-active', 'forward-policy-drop', 'node-port-blocked'],
  signatures: [
    {
      id: 'ufw-active/block-needed-port',
      grade: 'direct',
      anchors: ['[UFW BLOCK]'],
      pattern: /\[UFW BLOCK\] .*\bDPT=(?<port>6443|8472|9345|10250|2379|2380|4789|5182[01]|179)\b/,
      matches: ['kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.4 DST=192.0.2.5 PROTO=TCP SPT=40000 DPT=6443 WINDOW=64240'],
      rejects: [
        'kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.4 DST=192.0.2.5 PROTO=TCP SPT=40000 DPT=23',
        'kernel: [UFW ALLOW] IN=eth0 DPT=6443',
      ],
    },
    {
      id: 'ufw-active/block-cluster-interface',
      grade: 'strong',
      anchors: ['[UFW BLOCK]'],
      pattern: /\[UFW BLOCK\] IN=(?:cni0|flannel[.\d]*|cali[0-9a-f]+|vxlan\.calico|docker0|br-[0-9a-f]+|tunl0|cilium\w*)\b/,
      matches: ['kernel: [UFW BLOCK] IN=cni0 OUT=eth0 SRC=10.42.0.9 DST=192.0.2.5 PROTO=UDP DPT=53'],
      rejects: ['kernel: [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.4'],
    },
  ],
  lines: [
    {
      id: 'ufw-active/status',
      grade: 'weak',
      anchors: ['Status: active'],
      pattern: /^Status: active/,
      matches: ['Status: active'],
      rejects: ['Status: inactive'],
    },
  ],
  confirm: [
    {
      when: all(
        active,
        stated({
          clause: [
            /pod|container|dns|coredns|service|overlay|vxlan|database|outside|external/i,
            /at times|sometimes|intermittent|now and then|sporadic|dropped|drops|blocked|denied|not (?:allowed|forwarded|routed)|lost/i,
          ],
        }),
      ),
      grade: 'direct',
      says: t('ufw is active, and traffic of pods is told to be lost.', 'ufw 已启用，且陈述中提到 Pod 流量丢失。'),
    },
    {
      when: stated({
        clause: [
          /\bufw\b/i,
          /enabled|active|\bon\b|running/i,
          /\b(?:no|without|not|lacks?|missing|deny|denies)\b/i,
          /rule|allow|route|pod|cni|overlay|range|port/i,
        ],
      }),
      grade: 'direct',
      says: t('ufw is active without a rule for the traffic of the cluster.', 'ufw 已启用，且没有放行集群流量的规则。'),
    },
    { when: heals, grade: 'direct', says: t('The trouble goes when ufw is disabled.', '禁用 ufw 后故障消失。') },
    {
      when: observed(
        'ufw.blocked-ports',
        (value) => Array.isArray(value) && value.some((one) => typeof one === 'string' && NEEDED.test(one)),
      ),
      grade: 'direct',
      says: t('ufw logs blocked packets for a port that the cluster needs.', 'ufw 日志中有集群所需端口被阻断的记录。'),
    },
    {
      when: all(
        active,
        observed('firewall.closed-ports', (value) => Array.isArray(value) && value.length > 0),
      ),
      grade: 'direct',
      says: t(
        'ufw is active, and its rules keep ports of the cluster from other nodes: {value}',
        'ufw 已启用，且其规则不允许其他节点访问集群端口：{value}',
      ),
    },
    {
      when: all(
        active,
        any(clusterTrafficRejected, clusterTrafficDropped, nodePortRejected, nodePortDropped, portUnreachable, upstreamFails),
      ),
      grade: 'direct',
      says: t(
        'ufw is active, and connections that the cluster needs are rejected or dropped.',
        'ufw 已启用，且集群所需的连接被拒绝或丢弃。',
      ),
    },
    {
      when: all(hostFirewall, any(someTrafficFails, upstreamFails, line('coredns-upstream-unreachable/api-awaited'))),
      grade: 'strong',
      says: t('A firewall of the host is told of, on a distribution that has ufw.', '陈述中提到主机防火墙，且该发行版使用 ufw。'),
    },
    {
      when: all(active, someTrafficFails),
      grade: 'direct',
      says: t('ufw is active, and pods or nodes cannot reach each other.', 'ufw 已启用，且 Pod 或节点之间无法互通。'),
    },
    { when: picked(active), grade: 'weak', says: t('ufw is active.', 'ufw 已启用。') },
  ],
  refute: [{ when: stopped, says: t('ufw is not active.', 'ufw 未启用。') }],
  asks: [
    ask(
      'Is ufw active, and does the kernel log [UFW BLOCK] lines for a needed port?',
      'ufw 是否启用？内核日志中是否有所需端口的 [UFW BLOCK] 记录？',
      'ufw status verbose; dmesg | grep "UFW BLOCK" | tail',
    ),
  ],
  remedies: [
    {
      id: 'allow-what-is-missing',
      title: t('Allow the API port, and all from the pod and Service ranges', '放行 API 端口以及来自 Pod 与 Service 网段的流量'),
      risk: t('The port can be reached by everybody unless a source is given.', '若不限定来源，该端口对所有人开放。'),
      safety: 'safe',
      command: 'ufw allow 6443/tcp && ufw allow from 10.42.0.0/16 to any && ufw allow from 10.43.0.0/16 to any',
      undo: 'ufw delete allow 6443/tcp && ufw delete allow from 10.42.0.0/16 to any && ufw delete allow from 10.43.0.0/16 to any',
      verify: ['ufw status', 'kubectl get nodes'],
    },
  ],
});
