/** Rules of two iptables back ends, legacy and nft, do not see each other. Source: k3s-io/docs known-issues; node-problem-detector iptables-mode-monitor; Debian 10 and RHEL 8 release notes. */
import type { Look, Test } from '../_checks/index.ts';
import { helped, all, any, ask, evidenceCause, line, observed, off, osLike, stated, t, textual, picked } from '../_checks/index.ts';

const KUBERNETES_CHAIN = /(?:^|\/)(?:KUBE-|DOCKER|CNI-|cali-|FLANNEL)/;
const bothHoldRules: Test = ({ node }): Look => {
  const legacy = node.observations['iptables.legacy-chains'];
  const nft = node.observations['iptables.nft-chains'];
  if (legacy?.state !== 'known' || nft?.state !== 'known') return { seen: 'unknown' };
  const holds = (value: unknown): boolean =>
    Array.isArray(value) && value.some((one) => typeof one === 'string' && KUBERNETES_CHAIN.test(one));
  return holds(legacy.value) && holds(nft.value)
    ? { seen: 'yes', kind: 'comparison', source: legacy.source }
    : { seen: 'no', source: nft.source };
};
const mixed: Test = any(
  observed('iptables.backend', textual(/mixed|both/i)),
  // 'iptables-legacy-save: still has KUBE-SERVICES', while iptables is the nft one.
  all(
    stated({ key: /iptables/, value: /nf_?tables|\bnft\b/i }),
    stated({ key: /iptables.?legacy|legacy/, value: /\b(?:KUBE|DOCKER|CNI|cali|FLANNEL)\b|\brules?\b|still|chain/i }),
  ),
  stated({
    whole:
      /(?:legacy[^.;]*(?:and|beside|next to|vs|versus|while)[^.;]*nft|nft[^.;]*(?:and|beside|next to|vs|versus|while)[^.;]*legacy|both (?:iptables )?back ?ends|two (?:iptables )?back ?ends|different (?:iptables )?(?:back ?ends|modes|versions))/i,
  }),
);
const hostIsNft: Test = any(
  observed('iptables.backend', textual(/nft/i)),
  observed('iptables.version', textual(/nf_tables/i)),
  line('iptables-backend-mixed/nf-tables-version'),
  stated({ key: /iptables/, value: /\bnft\b|nf_?tables|1\.8.*(?:nft|default)/i }),
);
const nftByDefault: Test = any(
  osLike(/debian|rhel|centos|rocky|alma|fedora/i),
  stated({
    key: /^(?:os|distribution|operating system)/,
    value:
      /debian (?:gnu\/linux )?(?:10|11|12)|buster|bullseye|bookworm|(?:rhel|centos|rocky|alma|red hat)[^;]*(?:8|9)|fedora|ubuntu (?:20\.10|21|22|24)/i,
  }),
);
const podsCannotTalk: Test = any(
  off('path.pods-reach-pods'),
  off('path.pods-reach-services'),
  stated({
    whole:
      /pod[^.;]*(?:cannot|can't|unable|not|fail)[^.;]*(?:communicat|reach|talk|connect|resolve|network)|service[^.;]*(?:unreachable|cannot|not reach|fail|time)|(?:dns|network)[^.;]*(?:broken|dead|fail|not work)|port forward|nodeport[^.;]*(?:not|fail)/i,
  }),
);
const curedBySwitch: Test = stated({
  whole:
    /(?:iptables-legacy|update-alternatives|legacy (?:mode|back ?end|iptables))[^.;]*(?:cure|fix|heal|help|work|solve|yes|true)|(?:cure|fix|heal|solv|work)[^.;]*(?:iptables-legacy|update-alternatives|legacy)|switch(?:ed|ing)? to (?:iptables-)?legacy/i,
});

export const iptablesBackendMixed = evidenceCause({
  id: 'iptables-backend-mixed',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 2,
  title: t('Rules stand in two iptables back ends', 'iptables 规则分散在两个后端中'),
  mechanism: t(
    "The host's iptables writes to nftables while container images of kube-proxy, the CNI or docker write to the legacy tables (or the reverse). Both rule sets are applied, neither program sees the other's, and a drop in one beats an accept in the other.",
    '主机的 iptables 写入 nftables，而 kube-proxy、CNI 或 docker 的镜像写入 legacy 表（或相反）。两套规则同时生效，程序彼此看不到对方的规则；一套中的丢弃优先于另一套中的放行。',
  ),
  summary: t(
    'Kubernetes rules stand in both iptables back ends, which do not see each other.',
    'Kubernetes 规则同时存在于两个互不可见的 iptables 后端。',
  ),
  sources: ['k3s-io/docs known-issues', 'kubernetes/node-problem-detector config/iptables-mode-monitor.json'],
  lookAlikes: ['bridge-nf-call-off', 'kernel-module-missing', 'iptables-buggy-version', 'forward-policy-drop'],
  signatures: [
    {
      id: 'iptables-backend-mixed/legacy-tables-present',
      grade: 'strong',
      anchors: ['tables present, use ip'],
      pattern: /(?:# )?Warning: ip6?tables-legacy tables present, use ip6?tables-legacy/,
      matches: ['# Warning: iptables-legacy tables present, use iptables-legacy to see them'],
      rejects: ['# Completed on Mon'],
    },
    {
      id: 'iptables-backend-mixed/incompatible',
      grade: 'strong',
      anchors: ['is incompatible, use', '(nf_tables)'],
      pattern:
        /table `[a-z]+' is incompatible, use 'nft' tool|iptables[^\n]{0,60}\(nf_tables\): {1,2}(?:(?:RULE|CHAIN)_[A-Z_]+ failed|Could not fetch rule set generation id)/,
      matches: [
        "iptables v1.8.2 (nf_tables): table `nat' is incompatible, use 'nft' tool.",
        'iptables v1.8.4 (nf_tables):  RULE_APPEND failed (No such file or directory): rule in chain KUBE-SERVICES',
      ],
      rejects: ['iptables v1.8.7 (nf_tables)'],
    },
  ],
  lines: [
    {
      id: 'iptables-backend-mixed/nf-tables-version',
      grade: 'weak',
      anchors: ['(nf_tables)'],
      pattern: /iptables v1\.8\.\d+ \(nf_tables\)/,
      matches: ['iptables v1.8.7 (nf_tables)'],
      rejects: ['iptables v1.8.7 (legacy)'],
    },
    {
      id: 'iptables-backend-mixed/forward-accept',
      grade: 'weak',
      anchors: ['Chain FORWARD (policy ACCEPT', '-P FORWARD ACCEPT'],
      pattern: /Chain FORWARD \(policy ACCEPT|^-P FORWARD ACCEPT/,
      matches: ['Chain FORWARD (policy ACCEPT)', '-P FORWARD ACCEPT'],
      rejects: ['Chain FORWARD (policy DROP)', 'iptables -P FORWARD ACCEPT'],
    },
    {
      id: 'iptables-backend-mixed/legacy-version',
      grade: 'weak',
      anchors: ['iptables v1.'],
      pattern: /iptables v1\.8\.\d+ \(legacy\)|iptables v1\.[46]\.\d+/,
      matches: ['iptables v1.8.3 (legacy)', 'iptables v1.6.2'],
      rejects: ['iptables v1.8.7 (nf_tables)'],
    },
  ],
  confirm: [
    {
      when: helped(/iptables[- ]legacy|update[- ]alternatives|legacy (?:mode|back ?end|iptables)|nft mode/i),
      grade: 'direct',
      says: t('Using one back end helped.', '统一使用一个后端后恢复。'),
    },
    {
      when: all(
        hostIsNft,
        line('iptables-backend-mixed/legacy-tables-present'),
        stated({
          clause: [
            /\b(?:KUBE|CNI|cali|chain|rules?|service)/i,
            /not (?:found|there|shown|seen|listed|visible)|missing|absent|cannot be seen|invisible/i,
          ],
        }),
      ),
      grade: 'direct',
      says: t(
        'Chains of Kubernetes are not seen in the nft tables, and legacy tables are present.',
        'nft 表中看不到 Kubernetes 的链，而 legacy 表存在。',
      ),
    },
    {
      when: all(
        stated({ clause: [/legacy/i, /\b(?:KUBE|DOCKER|CNI|cali|FLANNEL)\b|KUBE-|DOCKER|cali-/i] }),
        stated({ clause: [/\bnft\b|nf_?tables/i, /\b(?:KUBE|DOCKER|CNI|cali|FLANNEL|forward|drop)\b|KUBE-|DOCKER|cali-/i] }),
      ),
      grade: 'direct',
      says: t('Rules are told of both back ends.', '陈述中两个后端都有规则。'),
    },
    {
      when: bothHoldRules,
      grade: 'direct',
      says: t('Chains of Kubernetes or docker stand in both back ends.', '两个后端中都有 Kubernetes 或 docker 的链。'),
    },
    { when: mixed, grade: 'direct', says: t('Both back ends are in use.', '两个后端都在使用。') },
    {
      when: all(line('iptables-backend-mixed/nf-tables-version'), line('iptables-backend-mixed/legacy-version')),
      grade: 'direct',
      says: t('Host and container use different back ends.', '主机与容器使用不同的后端。'),
    },
    {
      when: all(line('iptables-backend-mixed/forward-accept'), line('forward-policy-drop/chain', 'forward-policy-drop/counting')),
      grade: 'direct',
      says: t('The two back ends have different policies for the same chain.', '两个后端中同一链的策略不同。'),
    },
    {
      when: all(hostIsNft, podsCannotTalk),
      grade: 'direct',
      says: t(
        "The host's iptables is the nft one, and pods or Services cannot be reached.",
        '主机 iptables 为 nft 后端，且 Pod 或 Service 无法访问。',
      ),
    },
    {
      when: picked(all(hostIsNft, nftByDefault)),
      grade: 'strong',
      says: t('A distribution whose iptables is the nft one by default.', '该发行版的 iptables 默认使用 nft 后端。'),
    },
    { when: curedBySwitch, grade: 'direct', says: t('Switching to one back end cures it.', '切换到单一后端后恢复。') },
    { when: picked(hostIsNft), grade: 'hint', says: t("The host's iptables is the nft one.", '主机 iptables 为 nft 后端。') },
    { when: podsCannotTalk, grade: 'hint', says: t('Pods or Services cannot be reached.', 'Pod 或 Service 无法访问。') },
  ],
  refute: [
    {
      when: all(stated({ key: /iptables.?(?:mode|back ?end)/, value: /^legacy(?!.*nft)/i })),
      says: t('One back end only: legacy.', '只有一个后端：legacy。'),
    },
  ],
  asks: [
    ask(
      "Which back end has the host's iptables (legacy or nf_tables), and do both iptables-legacy-save and iptables-nft-save hold KUBE or DOCKER chains?",
      '主机 iptables 使用哪个后端（legacy 或 nf_tables）？iptables-legacy-save 与 iptables-nft-save 中是否都有 KUBE 或 DOCKER 链？',
      'iptables -V; iptables-legacy-save | grep -c KUBE; iptables-nft-save | grep -c KUBE',
    ),
  ],
  remedies: [
    {
      id: 'one-back-end',
      title: t('Use one back end for all, and flush the other', '统一使用一个后端，并清空另一个'),
      risk: t('Connections drop for a moment; kube-proxy and docker must restart.', '连接会短暂中断；kube-proxy 与 docker 需重启。'),
      safety: 'disruptive',
      command:
        'update-alternatives --set iptables /usr/sbin/iptables-legacy && update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy && systemctl reboot',
      undo: 'update-alternatives --set iptables /usr/sbin/iptables-nft && update-alternatives --set ip6tables /usr/sbin/ip6tables-nft',
      verify: ['iptables -V', 'kubectl exec POD -- curl -sk -m 5 https://kubernetes.default'],
    },
  ],
});
