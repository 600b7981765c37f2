/** iptables 1.8.0 to 1.8.4 in nft mode adds the same rules again and again. Source: k3s-io/docs known-issues (issue 3117). */
import type { Look, Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, line, observed, stated, t, textual } from '../_checks/index.ts';

const VERSION = /\bv?1\.8\.[0-4]\b|\bv?1\.6\.[01]\b/;
const inRange: Test = any(
  observed('iptables.version', textual(VERSION)),
  line('iptables-buggy-version/version'),
  stated({ key: /iptables/, value: VERSION }),
);
const duplicates: Test = any(
  observed('iptables.duplicate-rules', (value) => typeof value === 'number' && value > 50, { kind: 'counter' }),
  stated({
    whole: /(?:duplicate|thousands of|many|\d{4})[^.;]*rules|rules[^.;]*(?:duplicat|grow|by the thousand|multipl)/i,
  }),
);
const noDuplicates = ({ node }: Parameters<Test>[0]): Look => {
  const fact = node.observations['iptables.duplicate-rules'];
  return fact?.state === 'known' && fact.value === 0 ? { seen: 'yes', kind: 'counter', source: fact.source } : { seen: 'unknown' };
};

export const iptablesBuggyVersion = evidenceCause({
  id: 'iptables-buggy-version',
  area: 'kernel-and-network',
  severity: 'medium',
  layer: 2,
  title: t('This iptables version adds rules over and over', '该版本的 iptables 会不断重复添加规则'),
  mechanism: t(
    'In nft mode these versions do not recognise their own rules, so every sync adds them again. With thousands of duplicates the node slows down.',
    '在 nft 模式下，这些版本无法识别自己的规则，每次同步都会重复添加。重复规则成千上万后，节点会变慢。',
  ),
  summary: t('An iptables version known for duplicate rules is in use.', '正在使用一个会产生重复规则的 iptables 版本。'),
  sources: ['k3s-io/docs known-issues', 'k3s-io/k3s issue 3117'],
  lookAlikes: ['iptables-backend-mixed'],
  lines: [
    {
      id: 'iptables-buggy-version/version',
      grade: 'weak',
      anchors: ['iptables v1.8.', 'iptables v1.6.'],
      pattern: /iptables v(?:1\.8\.[0-4]\b(?! \(legacy\))|1\.6\.[01]\b)/,
      matches: ['iptables v1.8.2 (nf_tables)'],
      rejects: ['iptables v1.8.7 (nf_tables)', 'iptables v1.8.2 (legacy)'],
    },
  ],
  confirm: [
    {
      when: all(inRange, duplicates),
      grade: 'direct',
      says: t('The version is in the known range and rules stand there many times.', '版本在已知范围内，且规则大量重复。'),
    },
    { when: duplicates, grade: 'strong', says: t('Rules stand there many times.', '规则大量重复。') },
    { when: inRange, grade: 'hint', says: t('The version is in the known range.', '版本在已知范围内。') },
  ],
  refute: [{ when: noDuplicates, says: t('There are no duplicate rules.', '没有重复规则。') }],
  asks: [
    ask(
      'Which iptables version runs, and how many rules stand there more than once?',
      'iptables 的版本是什么？重复的规则有多少？',
      'iptables -V; iptables-save | sort | uniq -d | wc -l',
    ),
  ],
  remedies: [
    {
      id: 'bundled-binaries',
      title: t(
        'K3s: use its bundled iptables; others: legacy mode or a newer package',
        'K3s：使用其自带的 iptables；其他：改用 legacy 模式或更新软件包',
      ),
      risk: t('The service restarts.', '服务会重启。'),
      safety: 'disruptive',
      command: "echo 'prefer-bundled-bin: true' >> /etc/rancher/k3s/config.yaml && systemctl restart k3s",
      undo: "sed -i '/^prefer-bundled-bin: true$/d' /etc/rancher/k3s/config.yaml && systemctl restart k3s",
      verify: ['iptables-save | sort | uniq -d | wc -l'],
    },
  ],
});
