/**
 * A and AAAA leave one socket at once; the second entry clashes in conntrack after DNAT and its packet is dropped. The client waits 5 s.
 * Source: kubernetes/website nodelocaldns (motivation); resolv.conf(5) single-request-reopen.
 */
import { all, any, ask, evidenceCause, observed, on, stated, t, textual } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

const fiveSeconds: Test = any(
  observed(
    'lookup.delay-seconds',
    (value) => typeof value === 'number' && value >= 4.5 && (Math.abs(value % 5) < 0.8 || Math.abs((value % 5) - 5) < 0.5),
  ),
  stated({
    whole:
      /(?:dns|look-?up|resol|delay|latenc|slow|curl)[^.;]*[^.;\w](?:5|five|10|15) ?-?(?:s|sec|seconds?)\b|\b5\.?\d* ?-?s(?:econds?)?[^.;a-z][^.;]*(?:dns|look-?up|resol|delay)/i,
  }),
);
const random: Test = any(
  on('lookup.delay-random'),
  stated({ whole: /(?:random|sometimes|intermittent|occasional|sporadic|now and then|some (?:look-?ups|requests|queries)|\d+ ?%)/i }),
);
const insertFailed: Test = any(
  on('conntrack.insert-failed-rises'),
  observed('conntrack.insert-failed', (value) => typeof value === 'number' && value > 100, { kind: 'counter' }),
  stated(
    { key: /insert.?failed/, value: /ris|grow|increas|climb|[1-9]\d{2,}|yes|true/i },
    { whole: /insert.?failed[^.;]*(?:ris|grow|increas|climb)/i },
  ),
);
const heals: Test = any(
  observed('lookup.heals-on', textual(/single-request|use-vc|tcp|nodelocal/i)),
  stated(
    { whole: /(?:single-request|use-vc|dns over tcp|nodelocal ?dns)[^.;]*(?:cure|heal|help|fix|solve|work|gone|yes|true)/i },
    { whole: /(?:cure|heal|fix|solve|gone|works)[^.;]*(?:single-request|use-vc|nodelocal)/i },
  ),
);

export const dnsConntrackRace = evidenceCause({
  id: 'dns-conntrack-race',
  area: 'cluster-dns',
  severity: 'medium',
  layer: 2,
  title: t('Parallel A and AAAA queries race in connection tracking', '并行的 A 与 AAAA 查询在连接跟踪中发生竞争'),
  mechanism: t(
    'glibc and musl send the A and the AAAA query at once from one socket. Both pass the Service translation before either is confirmed in conntrack; the second insertion clashes and its packet is dropped. The client waits 5 s and asks again.',
    'glibc 和 musl 从同一套接字同时发出 A 与 AAAA 查询。两者都在 conntrack 确认之前经过 Service 地址转换，第二次插入发生冲突，数据包被丢弃。客户端等待 5 秒后重试。',
  ),
  summary: t(
    'Lookups in pods take five seconds more at random because one of two parallel queries is lost in conntrack.',
    'Pod 中的解析随机多花 5 秒，因为两个并行查询之一在 conntrack 中丢失。',
  ),
  sources: ['kubernetes/website: Using NodeLocal DNSCache in Kubernetes Clusters', 'resolv.conf(5): single-request-reopen'],
  lookAlikes: ['resolv-first-nameserver-dead', 'cluster-dns-overloaded', 'nscd-hung', 'conntrack-table-full'],
  signatures: [
    {
      id: 'dns-conntrack-race/curl-resolving-timed-out',
      grade: 'weak',
      anchors: ['Resolving timed out after'],
      pattern: /Resolving timed out after \d+ milliseconds/,
      matches: ['curl: (28) Resolving timed out after 5514 milliseconds'],
      rejects: ['curl: (28) Connection timed out after 5001 milliseconds'],
    },
  ],
  confirm: [
    { when: insertFailed, grade: 'strong', says: t('insert_failed of conntrack rises.', 'conntrack 的 insert_failed 在增长。') },
    {
      when: heals,
      grade: 'strong',
      says: t('single-request-reopen or DNS over TCP cures it.', '使用 single-request-reopen 或 TCP 查询后恢复正常。'),
    },
    {
      when: all(fiveSeconds, random),
      grade: 'strong',
      says: t('Some lookups take steps of five seconds more, others do not.', '部分解析多花 5 秒的整数倍，其他则正常。'),
    },
    {
      when: all(fiveSeconds, insertFailed),
      grade: 'direct',
      says: t('Lookups take five seconds more and insert_failed rises.', '解析多花 5 秒，且 insert_failed 在增长。'),
    },
    // The slow look-up and a quick one of the same name stand side by side.
    { when: fiveSeconds, grade: 'weak', says: t('Lookups take five seconds more.', '解析多花 5 秒。') },
  ],
  refute: [
    {
      when: observed('conntrack.insert-failed', (value) => value === 0),
      says: t('No insertion has failed since the counters began.', '自计数以来没有插入失败。'),
    },
    {
      when: observed('conntrack.insert-failed-rises', (value) => value === false),
      says: t('insert_failed stays flat during the slow lookups.', '慢解析期间 insert_failed 没有增长。'),
    },
    {
      when: observed('lookup.delay-random', (value) => value === false),
      says: t('Every lookup is slow, not only some.', '每次解析都慢，而不是部分。'),
    },
  ],
  asks: [
    ask(
      'Does insert_failed of conntrack rise with each slow lookup, and do the delays come in steps of 5 seconds at random?',
      'conntrack 的 insert_failed 是否随每次慢解析增长？延迟是否随机且为 5 秒的整数倍？',
      'conntrack -S | grep -o "insert_failed=[0-9]*"',
    ),
    ask(
      'Does the option single-request-reopen cure it in a glibc pod?',
      '在 glibc 的 Pod 中使用 single-request-reopen 选项后是否恢复？',
      'kubectl exec POD -- sh -c "grep options /etc/resolv.conf"',
    ),
  ],
  remedies: [
    {
      id: 'single-request-reopen',
      title: t(
        'dnsConfig option single-request-reopen for the workload (glibc images only)',
        '为工作负载设置 dnsConfig 选项 single-request-reopen（仅 glibc 镜像有效）',
      ),
      risk: t('One more socket for each lookup; musl ignores it.', '每次解析多用一个套接字；musl 会忽略该选项。'),
      safety: 'disruptive',
      command:
        'kubectl patch deployment NAME -p \'{"spec":{"template":{"spec":{"dnsConfig":{"options":[{"name":"single-request-reopen"}]}}}}}\'',
      undo: 'kubectl patch deployment NAME --type=json -p \'[{"op":"remove","path":"/spec/template/spec/dnsConfig"}]\'',
      verify: ['kubectl exec POD -- sh -c "for i in $(seq 200); do getent ahosts kubernetes.default >/dev/null; done"', 'conntrack -S'],
    },
    {
      id: 'node-local-dns',
      title: t('Run NodeLocal DNSCache: queries leave conntrack out', '部署 NodeLocal DNSCache：查询不再经过 conntrack'),
      risk: t('A hostNetwork DaemonSet on every node.', '每个节点上多一个 hostNetwork DaemonSet。'),
      safety: 'needs-a-person',
      verify: ['conntrack -S'],
    },
  ],
});
