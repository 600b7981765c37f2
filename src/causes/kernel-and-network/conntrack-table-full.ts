/** Source: kubernetes/node-problem-detector config/plugin/network_problem.sh (90 %); kernel nf_conntrack. */
import type { Look, Test } from '../_checks/index.ts';
import { ask, evidenceCause, stated, t } from '../_checks/index.ts';

const number = (node: Parameters<Test>[0]['node'], key: string): number | undefined => {
  // As a counter of its own, or as `sysctl` prints it.
  const fact = node.observations[key] ?? node.observations[`sysctl.net.netfilter.nf_${key.replace('.', '_')}`];
  const value =
    fact?.state === 'known' && typeof fact.value === 'string' ? Number(fact.value) : fact?.state === 'known' ? fact.value : undefined;
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
};
const filled =
  (holds: (share: number) => boolean): Test =>
  ({ node }): Look => {
    const count = number(node, 'conntrack.count');
    const max = number(node, 'conntrack.max');
    if (count === undefined || max === undefined || max === 0) return { seen: 'unknown' };
    const source = (node.observations['conntrack.count'] ?? node.observations['sysctl.net.netfilter.nf_conntrack_count'])?.source;
    return holds(count / max)
      ? { seen: 'yes', kind: 'counter', values: { count: String(count), max: String(max) }, ...(source === undefined ? {} : { source }) }
      : { seen: 'no' };
  };

export const conntrackTableFull = evidenceCause({
  id: 'conntrack-table-full',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('The connection tracking table is full', '连接跟踪表已满'),
  mechanism: t(
    'Each connection takes an entry in nf_conntrack. When the table is full the kernel drops the packets of new connections.',
    '每个连接在 nf_conntrack 中占一个条目。表满后，内核会丢弃新连接的数据包。',
  ),
  summary: t('nf_conntrack is full: new connections are dropped.', 'nf_conntrack 已满：新连接被丢弃。'),
  sources: ['kubernetes/node-problem-detector config/plugin/network_problem.sh'],
  lookAlikes: ['dns-conntrack-race', 'node-port-blocked'],
  signatures: [
    {
      id: 'conntrack-table-full/kernel',
      grade: 'direct',
      anchors: ['table full, dropping packet'],
      pattern: /nf_conntrack: (?:nf_conntrack: )?table full, dropping packet/,
      matches: ['kernel: nf_conntrack: nf_conntrack: table full, dropping packet'],
      rejects: ['kernel: nf_conntrack: default automatic helper assignment has been turned off'],
    },
  ],
  confirm: [
    { when: filled((share) => share > 0.9), grade: 'direct', says: t('More than 90 % of the table is in use.', '表的使用率超过 90%。') },
    {
      when: stated({ whole: /conntrack[^.;]*(?:full|exhaust|at (?:the |its )?(?:limit|max)|exceed)/i }),
      grade: 'strong',
      says: t('It is stated that the table is full.', '陈述中提到跟踪表已满。'),
    },
  ],
  refute: [{ when: filled((share) => share < 0.8), says: t('Less than 80 % of the table is in use.', '表的使用率低于 80%。') }],
  asks: [ask('How full is the table?', '跟踪表的使用率是多少？', 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max')],
  remedies: [
    {
      id: 'raise-maximum',
      title: t('Raise the maximum, now and for good', '立即并永久提高上限'),
      risk: t('Uses more kernel memory, about 300 bytes an entry.', '占用更多内核内存，每条约 300 字节。'),
      safety: 'safe',
      command:
        "sysctl -w net.netfilter.nf_conntrack_max=524288 && echo 'net.netfilter.nf_conntrack_max = 524288' > /etc/sysctl.d/99-culprit-conntrack-table-full.conf",
      undo: 'sysctl -w net.netfilter.nf_conntrack_max=262144 && rm -f /etc/sysctl.d/99-culprit-conntrack-table-full.conf',
      verify: ['sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max'],
    },
  ],
});
