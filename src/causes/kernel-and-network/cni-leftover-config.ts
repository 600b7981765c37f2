/** A configuration of an earlier CNI sorts first and is used. Source: rancher/rancher issue 6665 (missing plugin text); rancher/rke hosts/hosts.go (cleanup list). */
import type { Look, Test } from '../_checks/index.ts';
import { spokenKey, helped, all, any, ask, evidenceCause, line, observed, stated, statementsOf, t, picked } from '../_checks/index.ts';

const KINDS = [
  'calico',
  'flannel',
  'weave',
  'cilium',
  'rancher-bridge',
  'kube-router',
  'romana',
  'canal',
  'antrea',
  'multus',
  'kube-ovn',
  'kindnet',
  'podman',
  'bridge',
];
const kindOf = (text: string): string | undefined => KINDS.find((kind) => text.toLowerCase().includes(kind));
const sameKind = (a: string, b: string): boolean =>
  a === b || (a === 'canal' && (b === 'calico' || b === 'flannel')) || (b === 'canal' && (a === 'calico' || a === 'flannel'));

const files = (node: Parameters<Test>[0]['node']): readonly string[] | undefined => {
  const fact = node.observations['cni.config-files'] ?? node.observations['directory./etc/cni/net.d.entries'];
  return fact?.state === 'known' && Array.isArray(fact.value)
    ? fact.value.filter((one): one is string => typeof one === 'string' && /\.conf(?:list)?$/.test(one)).sort()
    : undefined;
};
const wanted = (node: Parameters<Test>[0]['node']): string | undefined => {
  const fact = node.observations['cni.name'];
  return fact?.state === 'known' && typeof fact.value === 'string' ? kindOf(fact.value) : undefined;
};
/** Several files of different CNIs, or the first one of a CNI that is not the wanted one. */
const foreignFirst: Test = ({ node }): Look => {
  const list = files(node);
  if (list === undefined || list.length === 0) return { seen: 'unknown' };
  const kinds = new Set(list.map(kindOf).filter((kind): kind is string => kind !== undefined));
  const first = list[0] === undefined ? undefined : kindOf(list[0]);
  const want = wanted(node);
  const source = (node.observations['cni.config-files'] ?? node.observations['directory./etc/cni/net.d.entries'])?.source;
  const foreign = want === undefined ? kinds.size > 1 : first !== undefined && !sameKind(first, want);
  return foreign
    ? { seen: 'yes', kind: 'configuration', values: { file: list[0] ?? '' }, ...(source === undefined ? {} : { source }) }
    : { seen: 'no' };
};
/** The errors name another CNI than the one that is installed. */
const errorsNameAnother: Test = (context): Look => {
  const want = wanted(context.node);
  const used = context.symptoms.find(
    (one) => one.kind.startsWith('cni-leftover-config/') || one.kind === 'cni-plugin-binary-missing/plugin',
  )?.evidence[0]?.text;
  const named = used === undefined ? undefined : kindOf(used);
  if (want === undefined || named === undefined) return { seen: 'unknown' };
  return sameKind(named, want) ? { seen: 'no' } : { seen: 'yes', kind: 'comparison', values: { plugin: named } };
};
const REMOVED = /\b(?:uninstall|remov|delet|disabl|replac|purg|clean|not used|no longer|switch|migrat|earlier|previous|old|before|former)/i;
/** 'multus: was uninstalled', and the failing line still names Multus. */
const namedButRemoved: Test = ({ node, symptoms }): Look => {
  const named = symptoms.find((one) => one.kind === 'cni-leftover-config/plugin-named' || one.kind === 'cni-leftover-config/nodename');
  const kind = kindOf(named?.evidence[0]?.text?.replace(/^.*?(?=plugin type=|multus|failed \()/i, '') ?? '');
  if (kind === undefined) return { seen: 'unknown' };
  const told = statementsOf(node).find(({ key, value }) => {
    const whole = `${key}: ${value}`;
    return whole.toLowerCase().includes(kind) && REMOVED.test(whole) && !/interface|route|address/i.test(whole);
  });
  return told === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'comparison',
        values: { plugin: kind },
        source: { kind: 'statement', key: told.key, text: `${told.key}: ${told.value}` },
      };
};
/** 'installed_cni: calico', 'flannel: not used in this cluster', while the lines name flannel's files or plugin. */
const NOT_USED = /\bnot? (?:used|installed|in use|part|present|deployed|wanted|configured)\b|\bunused\b|^(?:no|false|none|absent)\b/i;
const errorsNameUnused: Test = ({ node, symptoms }): Look => {
  const named = symptoms
    .filter((one) => /^(?:cni-leftover-config|cni-plugin-binary-missing|pod-cidr-not-assigned)\//.test(one.kind))
    .map((one) => kindOf(one.evidence[0]?.text ?? ''))
    .find((one) => one !== undefined);
  if (named === undefined) return { seen: 'unknown' };
  const told = statementsOf(node);
  const unused = told.find(({ key, value }) => kindOf(key) === named && NOT_USED.test(value));
  const other = told.find(({ key, value }) => {
    const kind = kindOf(value);
    return (
      /\b(?:cni|network plug-?in|plug-?in)\b/i.test(spokenKey(key)) &&
      !REMOVED.test(`${key}: ${value}`) &&
      kind !== undefined &&
      !sameKind(kind, named) &&
      !value.toLowerCase().includes(named)
    );
  });
  const hit = unused ?? other;
  return hit === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'comparison',
        values: { plugin: named },
        source: { kind: 'statement', key: hit.key, text: `${hit.key}: ${hit.value}` },
      };
};
const toldLeftover: Test = any(
  stated({
    whole:
      /(?:old|leftover|left over|previous|earlier|stale|remaining|former)[^.;]*(?:cni|calico|flannel|weave|cilium|canal|net\.d)|\/etc\/cni\/net\.d[^.;]*(?:old|still|also|several|two|both|leftover|contains|holds)|(?:cni|calico|weave|flannel|cilium)(?![^.;]*(?:interface|route|address))[^.;]*(?:removed|uninstalled|deleted|replaced|switched|migrat)/i,
  }),
  ({ node }) => {
    const hit = statementsOf(node).find(({ key, value }) => /cni/i.test(key) && (value.match(/\.conf(?:list)?/g)?.length ?? 0) > 1);
    return hit === undefined
      ? { seen: 'unknown' }
      : { seen: 'yes', kind: 'statement', source: { kind: 'statement', key: hit.key, text: `${hit.key}: ${hit.value}` } };
  },
);

export const cniLeftoverConfig = evidenceCause({
  id: 'cni-leftover-config',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 7,
  title: t('A configuration file of an earlier CNI is used', '使用了早先 CNI 的配置文件'),
  mechanism: t(
    'The runtime takes the first file by name in /etc/cni/net.d. On a node that was used before, that file may belong to a CNI that is no longer there: its plugin is missing, or pods get addresses of the former cluster.',
    '运行时按名称选用 /etc/cni/net.d 中的第一个文件。在重复使用的节点上，该文件可能属于已不存在的 CNI：其插件缺失，或 Pod 得到旧集群的地址。',
  ),
  summary: t('/etc/cni/net.d holds a file of another CNI that sorts first.', '/etc/cni/net.d 中有另一 CNI 的文件且排在最前。'),
  sources: ['rancher/rke hosts/hosts.go', 'containernetworking/cni libcni'],
  lookAlikes: ['cni-plugin-binary-missing', 'cni-config-missing', 'leftover-kubeadm-or-k3s-state'],
  signatures: [
    {
      id: 'cni-leftover-config/nodename',
      grade: 'weak',
      anchors: ['/var/lib/calico/nodename', 'weave-net', 'cilium-cni', 'rancher-bridge', 'kube-router'],
      pattern:
        /stat \/var\/lib\/calico\/nodename: no such file|failed to find plugin "(?:weave-net|rancher-bridge|cilium-cni|kube-router)"|weave-net[^\n]{0,120}(?:dial tcp 127\.0\.0\.1:6784|connection refused)|plugin type="cilium-cni"[^\n]{0,160}(?:unable to connect|cilium\.sock)/i,
      matches: [
        'failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running',
        'failed to find plugin "weave-net" in path [/opt/cni/bin]',
      ],
      rejects: ['failed to find plugin "loopback" in path [/opt/cni/bin]'],
    },
  ],
  lines: [
    {
      id: 'cni-leftover-config/plugin-named',
      grade: 'weak',
      anchors: ['plugin type="', 'Multus: ['],
      pattern: /plugin type="[\w-]+"(?: name="[^"\n]*")? failed \((?:add|delete|check)\)|\bMultus: \[/,
      matches: [
        'plugin type="weave-net" name="weave" failed (add): unable to allocate IP address',
        'Multus: [default/web-0/7c1]: error getting pod: Unauthorized',
      ],
      rejects: ['failed to find plugin "bridge" in path [/opt/cni/bin]'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /\b\d\d?-(?:flannel|calico|weave|canal|cilium|kube-?router|podman|crio|antrea|multus)[\w-]*(?:\.conf(?:list)?)?\b|net\.d|cni (?:dir|config|conf|file)/i,
          /\b(?:still|old|left|remain\w*|also|previous|former|earlier|both|two|several|besides?)\b|podman|crio-bridge/i,
        ],
      }),
      grade: 'strong',
      says: t('A file of another CNI is told to be in the folder.', '陈述中提到目录中有另一 CNI 的文件。'),
    },
    {
      when: all(line('cni-leftover-config/', 'cni-plugin-binary-missing/plugin', 'pod-cidr-not-assigned/'), errorsNameUnused),
      grade: 'direct',
      says: t('The errors name {plugin}, which this cluster does not use.', '错误中出现 {plugin}，而该集群并不使用它。'),
    },
    {
      when: helped(
        /(?:old|former|previous|left ?over|stale)[^.;]*(?:config|conf\b|net\.d)|(?:rm|remov|delet)[^.;]*(?:net\.d|conf(?:list)?\b|cni)/i,
      ),
      grade: 'direct',
      says: t('Removing the old file helped.', '删除旧文件后恢复。'),
    },
    {
      when: namedButRemoved,
      grade: 'direct',
      says: t('The error names the plugin {plugin}, which is told to be removed.', '错误指向插件 {plugin}，而陈述称它已被移除。'),
    },
    {
      when: all(foreignFirst, any(line('cni-leftover-config/'), line('cni-plugin-binary-missing/plugin'), errorsNameAnother)),
      grade: 'direct',
      says: t(
        'The first file in /etc/cni/net.d belongs to another CNI, and errors name its plugin.',
        '/etc/cni/net.d 中第一个文件属于另一 CNI，且错误指向其插件。',
      ),
    },
    {
      when: errorsNameAnother,
      grade: 'direct',
      says: t('The errors name the plugin of a CNI that is not the installed one.', '错误中的插件属于并未安装的 CNI。'),
    },
    {
      when: picked(foreignFirst),
      grade: 'strong',
      says: t(
        'Several CNIs have files in /etc/cni/net.d, or the first belongs to another CNI.',
        '/etc/cni/net.d 中有多个 CNI 的文件，或第一个文件属于另一 CNI。',
      ),
    },
    {
      when: toldLeftover,
      grade: 'strong',
      says: t('It is stated that files of an earlier CNI are left.', '陈述中提到残留了早先 CNI 的文件。'),
    },
    { when: line('cni-plugin-binary-missing/plugin'), grade: 'hint', says: t('A CNI plugin is missing.', '缺少某个 CNI 插件。') },
  ],
  refute: [
    {
      when: ({ node }) => {
        const list = files(node);
        const want = wanted(node);
        return list?.length === 1 && want !== undefined && list[0] !== undefined && sameKind(kindOf(list[0]) ?? want, want)
          ? { seen: 'yes', kind: 'configuration' }
          : { seen: 'unknown' };
      },
      says: t('There is one file only, and it is that of the wanted CNI.', '只有一个文件，且属于所需的 CNI。'),
    },
    {
      when: observed('cni.config-files', (value) => Array.isArray(value) && value.length === 0),
      says: t('There is no file at all.', '没有任何文件。'),
    },
  ],
  asks: [
    ask(
      'Which files are in /etc/cni/net.d, and which CNI does the first by name belong to?',
      '/etc/cni/net.d 中有哪些文件？按名称排在第一的属于哪个 CNI？',
      'ls -l /etc/cni/net.d; kubectl -n kube-system get pods -o wide',
    ),
  ],
  remedies: [
    {
      id: 'move-file-away',
      title: t('Move the foreign file away', '移走不属于当前 CNI 的文件'),
      risk: t('Pods that were made with it must be made anew.', '用它创建的 Pod 需要重建。'),
      safety: 'disruptive',
      command: 'mkdir -p /root/cni-culprit && mv /etc/cni/net.d/FILE /root/cni-culprit/',
      undo: 'mv /root/cni-culprit/FILE /etc/cni/net.d/',
      verify: ['ls /etc/cni/net.d', 'kubectl get pods -A -o wide'],
    },
  ],
});
