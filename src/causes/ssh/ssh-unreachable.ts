/** TCP to the SSH port does not come about. Source: rancher/rke hosts/dialer.go. */
import { any, ask, evidenceCause, isDial, observed, symptom, symptomWhere, t } from '../_checks/index.ts';

export const sshUnreachable = evidenceCause({
  id: 'ssh-unreachable',
  area: 'ssh',
  severity: 'critical',
  layer: 'S',
  title: t('The SSH port of the node cannot be reached', '无法访问节点的 SSH 端口'),
  mechanism: t(
    'The address or port in cluster.yml is wrong, sshd does not run, or a firewall stands between. RKE only warns, drops the host and fails later with something else.',
    'cluster.yml 中的地址或端口有误、sshd 未运行，或中间有防火墙。RKE 只给出警告并剔除该主机，之后才以其他错误失败。',
  ),
  summary: t('No TCP connection to the SSH port of the node comes about.', '无法与节点的 SSH 端口建立 TCP 连接。'),
  sources: ['rancher/rke hosts/dialer.go'],
  lookAlikes: ['sshd-connection-limits', 'ssh-key-or-user-wrong', 'node-port-blocked'],
  signatures: [
    {
      id: 'ssh-unreachable/dial',
      grade: 'direct',
      anchors: ['Failed to dial ssh using address', 'bastion host', 'ssh: connect to host', 'Failed to connect to the host'],
      pattern:
        /(?:Failed to dial ssh using address \[(?<target>[^\]]*)\]|Failed to connect to the (?:bastion )?host)[^\n]*(?:connection refused|no route to host|i\/o timeout|operation timed out|network is unreachable)|ssh: connect to host (?<name>[^ ]+) port (?<port>\d+): (?:Connection (?:refused|timed out)|No route to host|Network is unreachable|Operation timed out)/,
      matches: [
        'Failed to set up SSH tunneling for host [192.0.2.4]: Failed to dial ssh using address [192.0.2.4:22]: dial tcp 192.0.2.4:22: connect: connection refused',
        'ssh: connect to host node1 port 22: Connection timed out',
      ],
      rejects: ['Failed to dial ssh using address [192.0.2.4:22]: ssh: handshake failed: EOF'],
    },
  ],
  confirm: [
    {
      when: symptomWhere(
        (one) =>
          isDial(one) &&
          (one.port === 22 || one.component === 'ssh') &&
          one.errno !== undefined &&
          ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'TIMEOUT', 'ETIMEDOUT'].includes(one.errno),
      ),
      grade: 'strong',
      says: t('A connection to port 22 fails.', '到 22 端口的连接失败。'),
    },
    {
      when: observed('port.22.reachable', (value) => value === false),
      grade: 'direct',
      says: t('Port 22 does not answer.', '22 端口没有应答。'),
    },
  ],
  refute: [
    {
      when: any(
        symptom({ kind: ['ssh-key-or-user-wrong/unable-to-authenticate', 'ssh-user-not-in-docker-group/prohibited'] }),
        observed('port.22.reachable', (value) => value === true),
      ),
      says: t('TCP connects: it is about authentication or forwarding.', 'TCP 可以连接：问题在认证或转发。'),
    },
  ],
  asks: [
    ask(
      'Does the SSH port answer from the machine that runs rke?',
      '从运行 rke 的机器访问 SSH 端口是否有应答？',
      'nc -vz -w 3 HOST 22; grep -n -e "address:" -e "port:" cluster.yml',
    ),
  ],
  remedies: [
    {
      id: 'address-port-or-firewall',
      title: t(
        'Correct address and port in cluster.yml, start sshd, or open the port',
        '更正 cluster.yml 中的地址与端口，启动 sshd，或放行端口',
      ),
      risk: t('The port is exposed to the machine that runs rke.', '该端口对运行 rke 的机器开放。'),
      safety: 'needs-a-person',
      command: 'systemctl enable --now sshd',
      undo: 'systemctl disable --now sshd',
      verify: ['nc -vz -w 3 HOST 22'],
    },
  ],
});
