/** etcd and what it stores on: permissions, quota, slow disks, an address that is not there. Source: etcd client/pkg/fileutil, server/mvcc, server/wal; rancher/rke cluster/plan.go. */
import {
  helped,
  all,
  any,
  ask,
  evidenceCause,
  observed,
  on,
  stated,
  symptomWhere,
  t,
  textual,
  picked,
  statementsOf,
  spokenKey,
} from '../_checks/index.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Test } from '../_checks/index.ts';

export const etcdDataDirPermission = evidenceCause({
  id: 'etcd-data-dir-permission',
  area: 'etcd',
  severity: 'critical',
  layer: 4,
  title: t('etcd may not use its data directory', 'etcd 无权使用其数据目录'),
  mechanism: t(
    'Owner, mode, SELinux label or a root-squashed network mount bar the process from its data directory. The API server then finds 127.0.0.1:2379 refused.',
    '属主、权限、SELinux 标签或启用 root_squash 的网络挂载阻止进程访问数据目录。API 服务器随后发现 127.0.0.1:2379 被拒绝。',
  ),
  summary: t('etcd ends at its start because it may not read or write its data directory.', 'etcd 在启动时退出，因为无权读写其数据目录。'),
  sources: ['etcd client/pkg/fileutil (directory mode)', 'rancher/rke services/etcd.go'],
  lookAlikes: ['filesystem-read-only', 'selinux-denials', 'cert-key-permissions-or-missing'],
  signatures: [
    {
      id: 'etcd-data-dir-permission/denied',
      grade: 'direct',
      terminal: true,
      anchors: ['permission denied', 'operation not permitted', 'cannot access data directory', 'cannot write to data directory'],
      pattern:
        /(?:open|mkdir|stat|rename|chmod|lock|access)[^:]{0,20} ["']?[^ "']*etcd(?![^ "']*\.(?:pem|key|crt))[^ "']*["']?: (?:permission denied|operation not permitted)|cannot (?:access|write to) data directory(?![^\n]{0,200}(?:read-only file system|no space left))[^\n]{0,200}(?:permission denied|operation not permitted|: )/i,
      matches: [
        'etcdmain: cannot access data directory: mkdir /var/lib/etcd/member: permission denied',
        'panic: open /var/lib/rancher/etcd/member/snap/db: permission denied',
      ],
      rejects: [
        'open /etc/kubernetes/pki/etcd/server.key: permission denied',
        'cannot access data directory: open /var/lib/etcd/.touch: read-only file system',
      ],
    },
  ],
  confirm: [
    {
      when: helped(/ch(?:own|mod) [^.;]*etcd|etcd[^.;]*(?:ch(?:own|mod)|owner|permission)/i),
      grade: 'direct',
      says: t('Another owner or mode helped.', '调整属主或权限后恢复。'),
    },
    {
      when: stated({
        clause: [
          /etcd|data[- ]?dir(?:ectory)?|volume/i,
          /root ?squash|owned by|owner|\bmode\b|\b0?7[05][05]\b|uid|runs as/i,
          /root|0?755|0?775|777|denied|not writ|cannot write|squash|other user|\bnobody\b/i,
        ],
      }),
      grade: 'strong',
      says: t('Owner or mode of the directory of etcd are told.', '陈述中提到 etcd 目录的属主或权限。'),
    },
    {
      when: picked(observed('etcd.data-dir-mode', (value) => typeof value === 'string' && !/^[0-7]?700$/u.test(value))),
      grade: 'strong',
      says: t('The data directory has mode {value}; etcd wants 0700.', '数据目录的权限为 {value}；etcd 要求 0700。'),
    },
    {
      when: stated({
        whole:
          /etcd[^.;]*(?:data|dir|director|member|volume|path)[^.;]*(?:owned|owner|permission|mode|chown|chmod|writ[ae]ble)[^.;]*(?:wrong|root|not|denied|other|uid|7[0-7]5)|(?:owner|permission|mode|chown)[^.;]*etcd[^.;]*(?:data|dir|member|volume)/iu,
      }),
      grade: 'strong',
      says: t('It is stated that owner or mode of the data directory do not fit.', '陈述中提到数据目录的属主或权限异常。'),
    },
  ],
  asks: [
    ask(
      'owner, mode and label of the data directory, and the uid of etcd',
      '数据目录的属主、权限和标签，以及 etcd 的 uid',
      'stat -c "%U:%G %a %n" /var/lib/etcd /var/lib/etcd/member; ls -dZ /var/lib/etcd; ps -o uid,cmd -C etcd',
    ),
  ],
  explains: [{ port: 2379, errno: 'ECONNREFUSED' }],
  remedies: [
    {
      id: 'own-it',
      title: t('Give the directory to the uid of etcd, mode 0700, with its label', '把目录交给 etcd 的 uid，权限 0700，并恢复标签'),
      risk: t('none', '无'),
      safety: 'safe',
      command: 'chown -R UID:GID /var/lib/etcd && chmod 700 /var/lib/etcd && restorecon -R /var/lib/etcd',
      undo: 'chown -R OLDUID:OLDGID /var/lib/etcd && chmod OLDMODE /var/lib/etcd',
      verify: ['etcdctl endpoint health'],
    },
  ],
});

export const etcdSpaceExceeded = evidenceCause({
  id: 'etcd-space-exceeded',
  area: 'etcd',
  severity: 'critical',
  layer: 4,
  title: t('etcd has reached its space quota', 'etcd 达到空间配额'),
  mechanism: t(
    'The database has grown over its quota (2 GiB unless set otherwise). etcd raises the alarm NOSPACE and takes no more writes; reads still work, so the cluster looks half alive.',
    '数据库超过配额（默认 2 GiB）。etcd 触发 NOSPACE 告警并拒绝写入；读取仍然正常，因此集群看起来半死不活。',
  ),
  summary: t('etcd refuses every write because its database is over the quota.', 'etcd 因数据库超过配额而拒绝所有写入。'),
  sources: ['etcd.io: maintenance, space quota', 'rancher-docs: troubleshooting-etcd'],
  lookAlikes: ['disk-full', 'etcd-quorum-lost'],
  signatures: [
    {
      id: 'etcd-space-exceeded/alarm',
      grade: 'direct',
      anchors: ['database space exceeded', 'exceeded backend quota', 'alarm:NOSPACE', 'alarm_type: NOSPACE', 'alarmType":"NOSPACE'],
      pattern: /mvcc: database space exceeded|exceeded backend quota|alarm:NOSPACE|alarm_type: NOSPACE|alarmType":"NOSPACE/i,
      matches: ['etcdserver: mvcc: database space exceeded', 'memberID:8630161756594109333 alarm:NOSPACE'],
      rejects: ['no space left on device'],
    },
  ],
  confirm: [
    {
      when: observed('etcd.alarms', textual(/NOSPACE/iu)),
      grade: 'direct',
      says: t('The alarm NOSPACE is raised.', 'NOSPACE 告警已触发。'),
    },
  ],
  refute: [
    {
      when: observed('etcd.alarms', (value) => Array.isArray(value) && value.length === 0),
      says: t('etcd has no alarm.', 'etcd 没有告警。'),
    },
  ],
  asks: [
    ask("etcd's alarms and the size of its database", 'etcd 的告警及其数据库大小', 'etcdctl alarm list; etcdctl endpoint status -w table'),
  ],
  remedies: [
    {
      id: 'compact',
      title: t('Compact, defragment one member after the other, and clear the alarm', '压缩、逐个成员整理碎片，然后清除告警'),
      risk: t('Each member pauses while it is defragmented.', '整理碎片时该成员会暂停。'),
      safety: 'disruptive',
      command:
        'rev=$(etcdctl endpoint status -w json | grep -o \'"revision":[0-9]*\' | head -1 | cut -d: -f2); etcdctl compact $rev && etcdctl defrag && etcdctl alarm disarm',
      verify: ['etcdctl alarm list'],
    },
    {
      id: 'raise-quota',
      title: t('Raise the quota (quota-backend-bytes, at most 8 GiB)', '提高配额（quota-backend-bytes，最多 8 GiB）'),
      risk: t('etcd restarts.', 'etcd 会重启。'),
      safety: 'needs-a-person',
      verify: ['etcdctl endpoint status -w table'],
    },
  ],
});

const slowLines = symptomWhere((s) => s.kind.startsWith('etcd-slow-disk/'));

export const etcdSlowDisk = evidenceCause({
  id: 'etcd-slow-disk',
  area: 'etcd',
  severity: 'high',
  layer: 4,
  title: t('The disk under etcd is too slow', 'etcd 所用磁盘过慢'),
  mechanism: t(
    'etcd waits for the disk at every write. On hard disks, shared storage or SD cards fsync takes hundreds of milliseconds: heartbeats come late, leaders change, and controllers lose their leases.',
    'etcd 的每次写入都要等待磁盘。在机械硬盘、共享存储或 SD 卡上，fsync 需要数百毫秒：心跳延迟、领导者频繁变更、控制器失去租约。',
  ),
  summary: t('The disk answers etcd too slowly, so heartbeats and leases run late.', '磁盘对 etcd 的响应过慢，心跳和租约因此超时。'),
  sources: ['etcd.io: hardware, disks', 'k3s-io/docs: requirements, disks'],
  lookAlikes: ['etcd-quorum-lost', 'clock-skew', 'cluster-dns-overloaded'],
  signatures: [
    {
      id: 'etcd-slow-disk/fsync',
      grade: 'direct',
      anchors: [
        'slow fdatasync',
        'sync duration of',
        'failed to send out heartbeat on time',
        'disk is likely too slow',
        'leader failed to send out heartbeat on time',
      ],
      pattern:
        /slow fdatasync|(?:^|wal: |: )sync duration of (?<duration>[0-9.]+m?s)|failed to send out heartbeat on time|disk (?:is likely|might be) too slow/i,
      matches: [
        'wal: sync duration of 3.2s, expected less than 1s',
        'etcd[911]: sync duration of 1.4s, expected less than 1s',
        '{"level":"warn","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk"}',
      ],
      rejects: ['read-only range request took too long'],
    },
  ],
  // One slow answer is a burst: only with more of them, or with a second fact, does it speak.
  lines: [
    {
      id: 'etcd-slow-disk/apply',
      grade: 'weak',
      anchors: ['apply request took too long', 'took too long', 'Slow SQL (', '"GuaranteedUpdate etcd3"'],
      pattern:
        /apply request took too long|took too long \([0-9.]+m?s\) to execute|Slow SQL \(|"GuaranteedUpdate etcd3"[^\n]{0,300}\(total time: /i,
      matches: [
        'etcdserver: read-only range request "key:\\"/registry/pods\\" " with result "range_response_count:1 size:9" took too long (1.02s) to execute',
        '{"level":"warn","msg":"apply request took too long","took":"1.2s"}',
        'level=info msg="Slow SQL (started: 2021) (total time: 3.1s): INSERT INTO kine"',
      ],
      rejects: ['Trace[1]: "List" took 0.1s'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /etcd|data ?store|wal\b|control.?plane|k3s server/i,
          /\b(?:hdd|sd card|spinning|nfs|ceph|usb|rotational|7200|5400|sata|emmc|network (?:disk|storage))\b|\b\d{3,} ?ms\b|io ?wait|latency|slow/i,
        ],
      }),
      grade: 'strong',
      says: t('The disk of etcd is told to be of a slow kind.', '陈述中提到 etcd 使用慢速磁盘。'),
    },
    {
      when: helped(/\b(?:ssd|nvme|faster disk|local disk|iops)\b/i),
      grade: 'direct',
      says: t('A faster disk helped.', '换用更快的磁盘后恢复。'),
    },
    {
      when: observed('etcd.fsync-p99-ms', (value) => typeof value === 'number' && value > 25),
      grade: 'direct',
      says: t('fsync takes far longer than 10 ms.', 'fsync 耗时远超过 10 毫秒。'),
    },
    {
      when: observed('disk.fsync-p99-ms', (value) => typeof value === 'number' && value > 25),
      grade: 'direct',
      says: t('fsync takes far longer than 10 ms.', 'fsync 耗时远超过 10 毫秒。'),
    },
    {
      when: all(
        slowLines,
        any(
          observed('disk.kind', textual(/hdd|spinning|rotational|sd[ -]?card|emmc|nfs|usb|network|ceph|机械/iu)),
          stated({
            whole:
              /(?:disk|storage|ssd|card|raspberry|nfs|iops|emmc|usb)[^.;]*(?:slow|hdd|spinning|sd|shared|poor|low|saturat|busy|emmc)|slow (?:disk|storage)|磁盘[^。；]*慢/iu,
          }),
        ),
      ),
      grade: 'direct',
      says: t('Requests take too long, and the disk is of a slow kind.', '请求耗时过长，且磁盘属于慢速类型。'),
    },
    {
      when: symptomWhere((s) => s.kind === 'etcd-slow-disk/apply' && s.count >= 5),
      grade: 'strong',
      says: t('Requests take too long again and again.', '请求反复耗时过长。'),
    },
    {
      when: symptomWhere((s) => s.kind === 'etcd-slow-disk/apply' && s.count >= 2),
      grade: 'weak',
      says: t('Requests took too long more than once.', '请求不止一次耗时过长。'),
    },
    {
      when: stated({ whole: /(?:slow (?:disk|storage)|(?:disk|storage)[^.;]*(?:slow|latency|iops)|hdd|sd card|spinning)/iu }),
      grade: 'strong',
      says: t('The disk is stated as slow.', '陈述中提到磁盘较慢。'),
    },
  ],
  asks: [
    ask(
      'how long the disk of etcd takes for fsync, and what kind of disk it is',
      'etcd 磁盘的 fsync 延迟及磁盘类型',
      'curl -s http://127.0.0.1:2381/metrics | grep wal_fsync_duration_seconds; lsblk -d -o NAME,ROTA,TRAN; iostat -x 1 3',
    ),
  ],
  remedies: [
    {
      id: 'faster-disk',
      title: t('Put the data directory on a disk of its own, an SSD', '把数据目录放到独立的 SSD 上'),
      risk: t('The member is down while its data moves.', '迁移数据期间该成员不可用。'),
      safety: 'needs-a-person',
      verify: ['curl -s http://127.0.0.1:2381/metrics | grep wal_fsync_duration_seconds'],
    },
    {
      id: 'ionice',
      title: t('Give etcd the highest disk priority meanwhile', '暂时提高 etcd 的磁盘优先级'),
      risk: t('Others on the disk wait longer.', '同一磁盘上的其他程序等待更久。'),
      safety: 'safe',
      command: 'ionice -c2 -n0 -p $(pgrep -x etcd)',
      undo: 'ionice -c2 -n4 -p $(pgrep -x etcd)',
      verify: ['ionice -p $(pgrep -x etcd)'],
    },
  ],
});

/** The address that cannot be bound is on no interface that was seen. */
const addressAbsent: Test = ({ node, symptoms }) => {
  for (const s of symptoms) {
    if (s.operation !== 'listen' || s.errno !== 'EADDRNOTAVAIL' || s.address === undefined || (s.port !== 2379 && s.port !== 2380))
      continue;
    const interfaces = valueOf((node.netns.find((n) => n.id === 'host') ?? node.netns[0])?.interfaces);
    const [source] = s.evidence;
    const there = interfaces?.some((i) => i.addresses.some((a) => a.address === s.address));
    if (there === true) return { seen: 'no' };
    return {
      seen: 'yes',
      kind: interfaces === undefined ? 'symptom' : 'comparison',
      symptoms: [s],
      values: { address: s.address },
      ...(source === undefined ? {} : { source }),
    };
  }
  return { seen: 'unknown' };
};

const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b/u;
/** 'address_at_installation: 192.0.2.4' beside 'after_restart: 192.0.2.9'. */
const movedBetweenStatements: Test = ({ node }) => {
  const told = statementsOf(node).filter(({ value }) => ADDRESS.test(value));
  const at = (when: RegExp): (typeof told)[number] | undefined => told.find(({ key, value }) => when.test(`${spokenKey(key)} ${value}`));
  const before = at(/\b(?:install\w*|before|old|first|original\w*|earlier|previous\w*|initial\w*|was)\b/iu);
  const now = at(/\b(?:now|after|new|current\w*|today|restart|reboot|since)\b/iu);
  if (before === undefined || now === undefined || before === now) return { seen: 'unknown' };
  return ADDRESS.exec(before.value)?.[0] === ADDRESS.exec(now.value)?.[0]
    ? { seen: 'no' }
    : { seen: 'yes', kind: 'statement', source: { kind: 'statement', key: now.key, text: `${now.key}: ${now.value}` } };
};
const toldMoved = any(
  movedBetweenStatements,
  stated({
    whole:
      /(?:chang(?:ed|ing)|moved|gave|assigned|renumbered)[^.;]{0,40} (?:ips?|addresses|address)\b|\b(?:ips?|addresses|address)\b[^.;]{1,40}(?:shuffled|reassigned|swapped|renumbered|(?<!(?:not|never) )changed (?:with|by|via|on|after|from|to|when|since|during)|were changed|was changed|have changed|has changed|changes? (?:on|after|at|with))|(?:registered|listed|known|advertised?) (?:with|under|by|at) (?:the |its |their |an? )?(?:old|former|previous|earlier) (?:ip|address)/iu,
  }),
  stated({
    key: /address|\bips?\b|server|node(?! ?name)|host(?! ?name)/u,
    value:
      /(?:was|from|formerly|used to be|old)[^;]*\d\.\d+\.\d+\.\d[^;]*(?:is|to|now|new|became)[^;]*\d\.\d+\.\d+\.\d+|(?:another|new|different|other) (?:ip|address|lease)|address[^;]*changed|dhcp[^;]*(?:another|new|different|changed)|^changed\b/iu,
  }),
);

export const etcdBindAddressAbsent = evidenceCause({
  id: 'etcd-bind-address-absent',
  area: 'etcd',
  severity: 'critical',
  layer: 4,
  title: t('etcd is told to listen on an address that the node does not have', 'etcd 被要求监听节点上不存在的地址'),
  mechanism: t(
    'RKE binds the internal address when it differs from the address; behind NAT, or after DHCP gave the node another one, that address is on no interface and bind fails. K3s and RKE2 say that the node is not the member they expect.',
    'RKE 在内部地址与地址不同时绑定内部地址；在 NAT 之后，或 DHCP 更换了节点地址后，该地址不在任何接口上，绑定失败。K3s 和 RKE2 会提示该节点不是预期的成员。',
  ),
  summary: t('The address that etcd has to listen on is not on this node.', 'etcd 需要监听的地址不在该节点上。'),
  sources: ['rancher/rke cluster/plan.go', 'k3s-io/k3s pkg/etcd', 'bind(2)'],
  lookAlikes: ['port-in-use', 'hosts-node-name-on-loopback', 'wrong-interface-autodetected'],
  signatures: [
    {
      id: 'etcd-bind-address-absent/not-member',
      grade: 'direct',
      terminal: true,
      anchors: ['not a member of the etcd cluster'],
      pattern: /this server is (?:a )?not a member of the etcd cluster/i,
      matches: [
        'level=fatal msg="starting kubernetes: this server is a not a member of the etcd cluster. Found [n1-ab=https://10.0.0.1:2380], expect: n1-ab=https://10.0.0.2:2380"',
      ],
      rejects: ['added member to the etcd cluster'],
    },
  ],
  confirm: [
    {
      when: addressAbsent,
      grade: 'direct',
      says: t('The address of the listener is on no interface of the node.', '监听地址不在节点的任何接口上。'),
    },
    {
      when: all(
        any(on('node.address-changed'), toldMoved),
        symptomWhere(
          (s) => s.operation === 'dial' && (s.port === 2379 || s.port === 2380 || s.port === 6443) && s.details?.['noise'] === undefined,
        ),
      ),
      grade: 'direct',
      says: t(
        'The address of the node has changed, and etcd or the API is dialled in vain.',
        '节点的地址已改变，对 etcd 或 API 的连接失败。',
      ),
    },
    {
      when: all(
        any(on('node.address-changed'), toldMoved),
        any(
          ...['k3s', 'rke2-server', 'kubelet', 'etcd'].map((unit) =>
            observed(`unit.${unit}.active`, textual(/^(?:failed|activating|inactive)$/u)),
          ),
          stated({
            clause: [
              /\bk3s\b|rke2|etcd|kubelet|api ?server|control ?plane|cluster|kubectl|\bnode/iu,
              /(?:not|n't|fails? to|unable to|never) (?:come|start|reach|work|join|up|get|answer|listen|bind)|\bdown\b|crash|refused|unreachable|not ?ready|cannot bind|无法启动/iu,
            ],
          }),
        ),
      ),
      grade: 'direct',
      says: t('The address of the node has changed, and its components do not come up.', '节点的地址已改变，且其组件无法启动。'),
    },
    { when: toldMoved, grade: 'strong', says: t('The address of the node is stated to have changed.', '陈述中提到节点地址已改变。') },
    { when: on('node.address-changed'), grade: 'strong', says: t('The address of the node has changed.', '节点的地址已改变。') },
  ],
  refute: [
    {
      when: on('lookup.localhost.foreign'),
      says: t(
        'DNS gives localhost a foreign address: see localhost-shadowed-by-dns-search.',
        'DNS 为 localhost 给出外部地址：参见 localhost-shadowed-by-dns-search。',
      ),
    },
  ],
  asks: [ask('whether the address is on an interface of the node', '该地址是否在节点的某个接口上', 'ip -br addr')],
  explains: [{ port: 2379 }],
  remedies: [
    {
      id: 'address-back',
      title: t(
        'Give the node its address back, or correct internal_address in cluster.yml',
        '恢复节点地址，或在 cluster.yml 中更正 internal_address',
      ),
      risk: t('Components restart.', '组件会重启。'),
      safety: 'needs-a-person',
      command: 'ip addr add ADDRESS/PREFIX dev DEVICE',
      undo: 'ip addr del ADDRESS/PREFIX dev DEVICE',
      verify: ['ip -br addr', 'etcdctl endpoint health'],
    },
  ],
});
