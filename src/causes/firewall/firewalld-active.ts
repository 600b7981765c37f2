/** Source: rancher/rke2-docs known_issues; k3s-io/docs requirements; rke1-docs os.md; kubernetes cmd/kubeadm/app/preflight/checks.go (FirewalldCheck). */
import {
  all,
  any,
  ask,
  evidenceCause,
  helped,
  line,
  observed,
  off,
  on,
  osLike,
  picked,
  stated,
  t,
  textual,
  without,
} from '../_checks/index.ts';
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

const active: Test = any(
  on('firewalld.active'),
  line('firewalld-active/kubeadm-warning', 'firewalld-active/state'),
  stated({ key: /firewalld/, value: 'yes' }),
);
/** By the rules themselves, as the probe walks them. */
const rulesStopCluster: Test = any(
  observed('firewall.closed-ports', (value) => Array.isArray(value) && value.length > 0),
  observed('forward.pod-traffic', textual(/^(?:drop|reject)$/)),
);
const stopped: Test = any(off('firewalld.active'), stated({ key: /firewalld/, value: 'no' }));
const rhel: Test = any(
  osLike(/rhel|centos|rocky|alma|fedora|oracle|suse/i),
  stated({ key: /^(?:os|distribution|operating system)|^os\b/, value: /centos|rhel|red hat|rocky|alma|fedora|oracle|suse/i }),
);
const heals: Test = any(
  on('firewall.heals-when-stopped'),
  helped(/iptables (?:-F\b|--flush)|nft flush ruleset|flush\w* (?:all )?(?:the )?(?:iptables|firewall|nftables)/i),
  stated({
    whole:
      /(?:stop|disabl|turn(?:ing|ed)? off|flush|without)[^.;]*(?:firewall|iptables)[^.;]*(?:cure|heal|fix|help|work|solve|yes|true|ok|ready|reach|resolve|normal|fine|gone|join|succeed|connect|running|come up|came up)|(?:work|cured|fixed|solved|ok|ready|gone|fine|normal|join|resolve|help|heal)[^.;]*(?:after|once|when|by|without|with)[^.;]*(?:firewall|iptables -f)[^.;]*(?:stop|disabl|off|flush|removed|-f\b|$)/i,
  }),
);

export const firewalldActive = evidenceCause({
  id: 'firewalld-active',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t('firewalld rejects the traffic of the cluster', 'firewalld 拒绝了集群流量'),
  mechanism: t(
    'firewalld rejects what its zones do not allow with icmp-host-prohibited, which programs print as "no route to host". Ports between nodes, the overlay and traffic from pod and Service ranges are not in its default zone, and a reload rewrites rules that Canal has made.',
    'firewalld 会以 icmp-host-prohibited 拒绝区域未允许的流量，程序显示为“no route to host”。节点间端口、隧道以及来自 Pod 和 Service 网段的流量不在默认区域内；重新加载还会改写 Canal 的规则。',
  ),
  summary: t('The host firewall rejects ports or pod traffic that the cluster needs.', '主机防火墙拒绝了集群所需的端口或 Pod 流量。'),
  sources: ['rancher/rke2-docs known_issues', 'k3s-io/docs: requirements', 'kubernetes/kubernetes cmd/kubeadm/app/preflight/checks.go'],
  lookAlikes: ['ufw-active', 'node-port-blocked', 'cloud-security-group', 'cidr-overlap', 'networkmanager-manages-cni'],
  signatures: [
    {
      id: 'firewalld-active/reject-log',
      grade: 'direct',
      anchors: ['FINAL_REJECT', 'filter_IN', 'filter_FWD'],
      pattern: /(?:FINAL_REJECT|filter_(?:IN|FWD)[A-Za-z_]*_(?:REJECT|DROP)): IN=/,
      matches: ['kernel: FINAL_REJECT: IN=eth0 OUT= MAC=00 SRC=192.0.2.4 DST=192.0.2.5 PROTO=TCP DPT=6443'],
      rejects: ['kernel: [UFW BLOCK] IN=eth0'],
    },
  ],
  lines: [
    {
      id: 'firewalld-active/kubeadm-warning',
      grade: 'weak',
      anchors: ['firewalld is active'],
      pattern: /firewalld is active, please ensure ports/,
      matches: [
        '\t[WARNING Firewalld]: firewalld is active, please ensure ports [6443 10250] are open or your cluster may not function correctly',
      ],
      rejects: ['firewalld is inactive'],
    },
    {
      id: 'firewalld-active/state',
      grade: 'weak',
      anchors: ['firewalld.service', 'Started firewalld'],
      pattern: /firewalld\.service[^\n]*(?:active \(?running|enabled|loaded active)|Started firewalld/,
      matches: ['firewalld.service  loaded active running  firewalld - dynamic firewall daemon'],
      rejects: ['firewalld.service  loaded inactive dead'],
    },
    {
      id: 'firewalld-active/host-prohibited',
      grade: 'weak',
      anchors: ['icmp-host-prohibited', 'admin prohibited', 'admin-prohibited', 'adm-prohibited', 'Host Prohibited', 'host prohibited'],
      pattern:
        /REJECT[^\n]*icmp-host-prohibited|ICMP host [^ ]+ unreachable - admin prohibited|(?:icmp6?-)?adm(?:in)?-prohibited|Destination Host Prohibited/i,
      matches: [
        'REJECT     all  --  0.0.0.0/0   0.0.0.0/0   reject-with icmp-host-prohibited',
        'IP 192.0.2.4 > 10.42.0.9: ICMP host 192.0.2.4 unreachable - admin prohibited, length 68',
      ],
      rejects: ['ACCEPT     all  --  0.0.0.0/0   0.0.0.0/0'],
    },
  ],
  confirm: [
    { when: heals, grade: 'direct', says: t('The trouble goes when the firewall is stopped.', '停止防火墙后故障消失。') },
    {
      when: all(
        active,
        any(clusterTrafficRejected, nodePortRejected, nodePortDropped, portUnreachable, clusterTrafficDropped, upstreamFails),
      ),
      grade: 'direct',
      says: t(
        'firewalld runs, and connections that the cluster needs are rejected or dropped.',
        'firewalld 在运行，且集群所需的连接被拒绝或丢弃。',
      ),
    },
    {
      when: all(active, rulesStopCluster),
      grade: 'direct',
      says: t(
        'firewalld runs, and its rules stop traffic that the cluster needs: {value}',
        'firewalld 在运行，且其规则阻止了集群所需的流量：{value}',
      ),
    },
    {
      when: all(on('firewall.active'), without(osLike(/ubuntu|debian/i)), any(someTrafficFails, upstreamFails, clusterTrafficDropped)),
      grade: 'strong',
      says: t('A firewall of the host is told of, and connections of the cluster fail.', '陈述中提到主机防火墙，且集群的连接失败。'),
    },
    {
      when: all(active, someTrafficFails),
      grade: 'direct',
      says: t('firewalld runs, and pods or nodes cannot reach each other.', 'firewalld 在运行，且 Pod 或节点之间无法互通。'),
    },
    {
      when: all(line('firewalld-active/host-prohibited'), any(clusterTrafficRejected, nodePortRejected, someTrafficFails)),
      grade: 'direct',
      says: t(
        'A rule rejects with host-prohibited, which programs print as "no route to host".',
        '有规则以 host-prohibited 拒绝，程序显示为“no route to host”。',
      ),
    },
    {
      when: all(clusterTrafficRejected, rhel),
      grade: 'direct',
      says: t(
        '"no route to host" for a Service or pod address on a distribution where firewalld runs by default.',
        '在默认运行 firewalld 的发行版上，Service 或 Pod 地址出现“no route to host”。',
      ),
    },
    {
      when: clusterTrafficRejected,
      grade: 'strong',
      says: t(
        '"no route to host" for a Service or pod address: a rule rejects it.',
        'Service 或 Pod 地址出现“no route to host”：被规则拒绝。',
      ),
    },
    {
      when: all(nodePortRejected, rhel),
      grade: 'strong',
      says: t(
        '"no route to host" for a port of another node, as firewalld rejects.',
        '其他节点的端口出现“no route to host”，与 firewalld 的拒绝方式一致。',
      ),
    },
    {
      when: nodePortRejected,
      grade: 'weak',
      says: t('"no route to host" for a port of another node.', '其他节点的端口出现“no route to host”。'),
    },
    { when: picked(active), grade: 'weak', says: t('firewalld runs.', 'firewalld 在运行。') },
    {
      when: line('firewalld-active/host-prohibited'),
      grade: 'weak',
      says: t('A rule rejects with host-prohibited.', '有规则以 host-prohibited 拒绝。'),
    },
    {
      when: all(rhel, someTrafficFails),
      grade: 'hint',
      says: t('A distribution where firewalld runs by default, and connections fail.', '该发行版默认运行 firewalld，且有连接失败。'),
    },
  ],
  refute: [{ when: stopped, says: t('firewalld does not run.', 'firewalld 未运行。') }],
  asks: [
    ask(
      'Does firewalld run, which ports and sources does its active zone allow, and does a reject counter grow during the failure?',
      'firewalld 是否在运行？其活动区域允许哪些端口和来源？故障期间拒绝计数是否增长？',
      'firewall-cmd --state; firewall-cmd --list-all; iptables -L -nv | grep -i reject',
    ),
  ],
  explains: [{ errno: ['EHOSTUNREACH'] }],
  remedies: [
    {
      id: 'open-what-is-missing',
      title: t('Allow exactly the missing ports, and trust the pod and Service ranges', '仅放行缺少的端口，并信任 Pod 与 Service 网段'),
      risk: t('What is opened can be reached by all that the zone admits.', '放行的端口对该区域允许的所有来源开放。'),
      safety: 'safe',
      command:
        'firewall-cmd --permanent --add-port=6443/tcp --add-port=10250/tcp --add-port=8472/udp && firewall-cmd --permanent --zone=trusted --add-source=10.42.0.0/16 --add-source=10.43.0.0/16 && firewall-cmd --reload',
      undo: 'firewall-cmd --permanent --remove-port=6443/tcp --remove-port=10250/tcp --remove-port=8472/udp && firewall-cmd --permanent --zone=trusted --remove-source=10.42.0.0/16 --remove-source=10.43.0.0/16 && firewall-cmd --reload',
      verify: ['firewall-cmd --list-all', 'kubectl get nodes'],
    },
    {
      id: 'disable-firewalld',
      title: t('Disable firewalld where the product demands it (RKE2 with Canal)', '在产品要求时禁用 firewalld（RKE2 搭配 Canal）'),
      risk: t('The host has no filter of its own any more.', '主机将不再有自己的过滤。'),
      safety: 'needs-a-person',
      command: 'systemctl disable --now firewalld',
      undo: 'systemctl enable --now firewalld',
      verify: ['firewall-cmd --state', 'kubectl get nodes'],
    },
  ],
});
