/** RKE's own TCP check between planes failed. Source: rancher/rke cluster/network.go. */
import { ask, evidenceCause, stated, t } from '../_checks/index.ts';

export const rkePortCheckFailed = evidenceCause({
  id: 'rke-port-check-failed',
  area: 'firewall',
  severity: 'critical',
  layer: 'S',
  title: t('Ports between the planes of an RKE cluster are closed', 'RKE 各平面之间的端口被封'),
  mechanism: t(
    'Before it builds anything RKE starts small listeners and tries each needed TCP port from host to host, by their internal addresses. A firewall, a security group or a wrong internal_address makes the check fail.',
    'RKE 在部署前会启动小型监听容器，按内部地址逐一测试主机间所需的 TCP 端口。防火墙、安全组或错误的 internal_address 都会使检查失败。',
  ),
  summary: t(
    'RKE found that a host cannot connect to a port that it needs on another host.',
    'RKE 发现某主机无法连接另一主机上的所需端口。',
  ),
  sources: ['rancher/rke cluster/network.go'],
  lookAlikes: ['firewalld-active', 'cloud-security-group', 'port-in-use'],
  consequenceOf: ['firewalld-active', 'ufw-active', 'cloud-security-group'],
  signatures: [
    {
      id: 'rke-port-check-failed/between-hosts',
      grade: 'direct',
      terminal: true,
      anchors: ['not able to connect to the following ports', 'port check', "Can't access KubeAPI port"],
      pattern:
        /\[network\] Host \[(?<name>[^\]]*)\] is not able to connect to the following ports: \[(?<ports>[^\]]*)\]|Can't access KubeAPI port \[(?<port>\d+)\] on Control Plane host/,
      matches: [
        '[network] Host [192.0.2.4] is not able to connect to the following ports: [192.0.2.5:2379]. Please check network policies and firewall rules',
        "[network] Can't access KubeAPI port [6443] on Control Plane host: 192.0.2.5",
      ],
      rejects: ['[network] Port listener containers deployed successfully', '[network] Running control plane -> etcd port checks'],
    },
  ],
  confirm: [
    {
      when: stated({ whole: /rke[^.;]*port check[^.;]*(?:fail|error)/i }),
      grade: 'strong',
      says: t("It is stated that RKE's port check failed.", '陈述中提到 RKE 的端口检查失败。'),
    },
  ],
  asks: [
    ask(
      'Which of the named ports can be reached from that host, and which firewall stands between?',
      '从该主机可访问哪些所列端口？中间有何防火墙？',
      'nc -vz -w 3 INTERNAL_ADDRESS 2379; firewall-cmd --state; ufw status',
    ),
  ],
  remedies: [
    {
      id: 'open-named-ports',
      title: t('Open the named ports between the hosts', '在主机之间放行所列端口'),
      risk: t(
        'Open them for the addresses of the nodes only. Skipping the check is no fix: the cluster will not work.',
        '只对节点地址放行。跳过检查不是修复：集群仍无法工作。',
      ),
      safety: 'needs-a-person',
      command: 'firewall-cmd --permanent --add-port=2379-2380/tcp --add-port=6443/tcp --add-port=10250/tcp && firewall-cmd --reload',
      undo: 'firewall-cmd --permanent --remove-port=2379-2380/tcp --remove-port=6443/tcp --remove-port=10250/tcp && firewall-cmd --reload',
      verify: ['nc -vz -w 3 INTERNAL_ADDRESS 2379', 'rke up'],
    },
  ],
});
