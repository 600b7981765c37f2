/** Outgoing connections take local ports in which a service wants to listen. Source: Linux ip-sysctl (ip_local_port_range, ip_local_reserved_ports). */
import { all, ask, evidenceCause, line, symptom, sysctl, t, stated } from '../_checks/index.ts';

/** 30000 to 32767 are the default node ports; 32768 is the kernel's default lower end, just above. */
const overlaps = sysctl('net.ipv4.ip_local_port_range', (value) => {
  const [from, to] = value.split(/[ \t]+/).map(Number);
  return from !== undefined && to !== undefined && from <= 32767 && to >= 10250;
});
const inUse = symptom({ errno: 'EADDRINUSE' }, { kind: 'port-in-use/bind' });

export const nodeportRangeOverlapsEphemeral = evidenceCause({
  id: 'nodeport-range-overlaps-ephemeral',
  area: 'ports',
  severity: 'low',
  layer: 0,
  title: t('Outgoing connections take the ports of services', '出站连接占用了服务端口'),
  mechanism: t(
    'The kernel picks source ports from ip_local_port_range. Where that range holds a port to listen on, such as 10250 or a NodePort, a connection that happens to use it makes a start fail now and then.',
    '内核从 ip_local_port_range 中选择源端口。若该范围包含监听端口（如 10250 或 NodePort），恰好占用它的连接会偶尔导致启动失败。',
  ),
  summary: t(
    'The local port range of the kernel covers ports on which services must listen.',
    '内核的本地端口范围覆盖了服务需要监听的端口。',
  ),
  sources: ['Linux Documentation/networking/ip-sysctl.rst'],
  lookAlikes: ['port-in-use'],
  confirm: [
    {
      when: all(overlaps, inUse),
      grade: 'strong',
      says: t('The local port range covers service ports, and a bind failed.', '本地端口范围覆盖了服务端口，且绑定失败。'),
    },
    {
      when: symptom({ errno: 'EADDRNOTAVAIL', text: /dial tcp (?!\[::1\]|127\.)[0-9.]+:\d+: connect: cannot assign requested address/ }),
      grade: 'weak',
      says: t('No local port was left for an outgoing connection.', '没有可用于出站连接的本地端口。'),
    },
    {
      when: stated({
        whole:
          /(?:now and then|sometimes|rarely|intermittent|at random)[^;]*(?:port|bind|address already in use)|(?:port|bind)[^;]*(?:now and then|sometimes|rarely|intermittent|at random)/iu,
      }),
      grade: 'hint',
      says: t('A port cannot be opened now and then.', '偶尔无法打开端口。'),
    },
    { when: overlaps, grade: 'hint', says: t('The local port range covers service ports.', '本地端口范围覆盖了服务端口。') },
  ],
  refute: [{ when: all(line('port-in-use/kubeadm')), says: t('The port is held by a listener.', '该端口由监听者占用。') }],
  asks: [
    ask(
      'Which range has net.ipv4.ip_local_port_range, and is ip_local_reserved_ports set?',
      'net.ipv4.ip_local_port_range 的范围是多少？是否设置了 ip_local_reserved_ports？',
      'sysctl net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports; ss -tan state time-wait | wc -l',
    ),
  ],
  atMost: 'possible',
  remedies: [
    {
      id: 'reserve-ports',
      title: t('Reserve the service ports', '保留服务端口'),
      risk: t('Fewer ports for outgoing connections.', '可用于出站连接的端口减少。'),
      safety: 'safe',
      command:
        "sysctl -w net.ipv4.ip_local_reserved_ports=10250,30000-32767 && echo 'net.ipv4.ip_local_reserved_ports = 10250,30000-32767' > /etc/sysctl.d/99-culprit-nodeport-range.conf",
      undo: 'sysctl -w net.ipv4.ip_local_reserved_ports= && rm -f /etc/sysctl.d/99-culprit-nodeport-range.conf',
      verify: ['sysctl net.ipv4.ip_local_reserved_ports'],
    },
  ],
});
