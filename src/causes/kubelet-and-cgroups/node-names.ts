/** The name under which a node registers. Source: kubernetes apimachinery validation (DNS-1123), plugin noderestriction, k3s-io/k3s pkg/agent/config, rancher/rke cluster/validation.go. */
import { valueOf } from '../../facts/fact.ts';
import {
  all,
  any,
  ask,
  evidenceCause,
  line,
  observed,
  on,
  spokenKey,
  stated,
  statementsOf,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { renamedNode } from '../_renamed-node.ts';
import type { Symptom } from '../../facts/symptom.ts';

const hostname: Test = ({ node }) => {
  const name = valueOf(node.hostname);
  return name !== undefined && /[A-Z]/u.test(name) && node.hostname.state === 'known'
    ? { seen: 'yes', kind: 'state', source: node.hostname.source, values: { name } }
    : { seen: 'unknown' };
};
const invalidHostname: Test = ({ node }) => {
  const name = valueOf(node.hostname);
  if (name === undefined || node.hostname.state !== 'known') return { seen: 'unknown' };
  const bad =
    /[^A-Za-z0-9.-]|^[.-]|[.-]$/u.test(name) ||
    name.split('.').some((label) => label.length > 63 || label.startsWith('-') || label.endsWith('-'));
  return bad
    ? { seen: 'yes', kind: 'state', source: node.hostname.source, values: { name } }
    : { seen: 'no', source: node.hostname.source };
};
const capitals: Test = any(
  on('hostname.has-capitals'),
  hostname,
  stated({ key: /host ?name|node ?name/u, value: /[A-Z]/u, whole: /host ?name: *["']?[A-Za-z0-9-]*[A-Z]/u }),
  stated({ whole: /(?:host|node|machine|server|vm) ?name[^.;]*(?:capital|upper[- ]?case|大写)/iu }),
);
/** Two names for one machine that differ in capitals only: "machine_name: WORKER1", "kubectl get nodes: worker1". */
const statedInBoth: Test = ({ node }) => {
  const names = statementsOf(node).filter(
    (one) =>
      /name|host|node|machine|server/u.test(spokenKey(one.key)) &&
      /^[A-Za-z0-9][\w.-]{0,62}$/u.test(one.value) &&
      /[A-Za-z]/u.test(one.value),
  );
  const upper = names.find(
    (one) => /[A-Z]/u.test(one.value) && names.some((o) => o.value !== one.value && o.value === one.value.toLowerCase()),
  );
  return upper === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'comparison',
        source: { kind: 'statement', key: upper.key, text: `${upper.key}: ${upper.value}` },
        values: { key: upper.key, value: upper.value },
      };
};

/**
 * A refusal between two spellings of one name: who asks as N1 may not touch n1. Where both are printed alike, the spelling of the
 * certificate was lowered for the message.
 */
const spellingOnly = (s: Symptom): boolean => {
  const text = s.evidence[0]?.text ?? '';
  // Releases up to 1.9 print the names without quotes.
  const same = /node (?<id>[a-z0-9][a-z0-9.-]{0,252}) cannot modify node \k<id>(?![\w.-])/u.test(text);
  if (same) return true;
  const hit =
    /"?\\?"([^"\\]{1,253})\\?" is forbidden: (?:User \\?"system:node:|node \\?")([^"\\]{1,253})\\?"/u.exec(text) ??
    /node \\?"([^"\\]{1,253})\\?" (?:cannot|is not allowed to) [a-z]+ node \\?"([^"\\]{1,253})\\?"/u.exec(text);
  const [, a, b] = hit ?? [];
  return a !== undefined && b !== undefined && a !== b && a.toLowerCase() === b.toLowerCase();
};
const otherSpellingRefused = symptomWhere(spellingOnly);

/** "hostname of the nodes: localhost", "host name on every board: pi": one word for several machines. */
const oneNameForAll = stated({
  key: /host ?names?(?: \w+)? (?:of|on|for|in) (?:the |both |all(?: the)? |every |each |three |two )?(?:nodes|machines|hosts|servers|vms|boards|pis|workers|agents|both|all|every \w+|each \w+)$|^(?:every|each|all|both|the two|two|three) (?:\w+ )?(?:nodes?|machines?|hosts?|servers?|vms?|boards?)'?s? host ?names?$|^(?:nodes|machines|hosts|servers|vms) host ?name$/u,
  value:
    /^(?!(?:unique|different|distinct|yes|no|true|false|unset|none|ok|valid|lower ?case)\b)['"]?[A-Za-z0-9][\w.-]*['"]?(?: \([^)]*\))?$/u,
});

/** Machines stated one by one, and two of them with one host name. */
const statedTwice: Test = ({ node }) => {
  const seen = new Map<string, string>();
  for (const one of statementsOf(node)) {
    const key = spokenKey(one.key);
    if (!/host ?name|node ?name|主机名/u.test(key) || !/^[\w.-]{1,253}$/u.test(one.value) || /override|flag|option/u.test(key)) continue;
    const name = one.value.toLowerCase();
    const other = seen.get(name);
    if (/^(?:yes|no|true|false|same|unset|none|ok)$/u.test(name)) continue;
    if (other !== undefined && other !== key)
      return {
        seen: 'yes',
        kind: 'statement',
        values: { name: one.value },
        source: { kind: 'statement', key: one.key, text: `${one.key}: ${one.value}` },
      };
    seen.set(name, key);
  }
  return { seen: 'unknown' };
};

export const nodeNameConflict = evidenceCause({
  id: 'node-name-conflict',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 6,
  title: t('Two nodes use one name, or a node lost its password', '两个节点同名，或节点密码已变更'),
  mechanism: t(
    'A node name belongs to the machine that registered it. A clone, a re-installed machine or a second node of the same name is refused, or the two take turns.',
    '节点名属于最先注册它的机器。克隆、重装的机器或第二个同名节点会被拒绝，或两者轮流占用。',
  ),
  summary: t(
    'The name of the node is already taken by another machine or an earlier life of this one.',
    '节点名已被另一台机器或本机以前的注册占用。',
  ),
  sources: ['k3s-io/k3s pkg/agent/config', 'rke2-docs: requirements', 'rancher/rke cluster/validation.go'],
  lookAlikes: ['duplicate-machine-identity', 'node-name-mismatch', 'hostname-uppercase'],
  signatures: [
    {
      id: 'node-name-conflict/password',
      grade: 'direct',
      anchors: [
        'Node password rejected',
        'Node password validation failed',
        'duplicate hostname',
        "can't have duplicate node",
        'node password not set',
        ' to verify hash for node',
        ' to verify password for node',
      ],
      pattern:
        /Node password (?:rejected|validation failed)|duplicate hostname or contents of|Cluster can't have duplicate node|(?:unable to|failed to) verify (?:password|hash) for node (?<node>[^ ]+)/i,
      matches: [
        'level=info msg="Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of \'/etc/rancher/node/password\' may not match server node-passwd entry"',
      ],
      rejects: ['node "n1" not found'],
    },
    {
      // Source: k3s-io/k3s pkg/etcd/etcd.go (joining servers compare names).
      id: 'node-name-conflict/etcd',
      grade: 'direct',
      anchors: ['uplicate node name'],
      pattern: /duplicate node names?\b/i,
      matches: ['level=fatal msg="joining etcd cluster: duplicate node name found, please use a unique name for this node"'],
      rejects: ['duplicate node id'],
    },
    {
      id: 'node-name-conflict/exists',
      grade: 'direct',
      anchors: ['already exists in the cluster', 'with name'],
      pattern: /a Node with name "(?<node>[^"]+)" and status "Ready" already exists in the cluster/i,
      matches: [
        'error execution phase kubelet-start: a Node with name "n1" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node',
      ],
      rejects: ['configmap already exists'],
    },
  ],
  confirm: [
    {
      when: stated({
        clause: [
          /node[-_ /]?pass(?:word|wd)|rancher[ /]node[ /]password|password (?:secret|of the node)/i,
          /old|former|earlier|stale|previous|reject|regenerat|differ|mismatch|still|not (?:match|deleted)|solv|cur|fix|delet/i,
        ],
      }),
      grade: 'direct',
      says: t('The password that the server keeps for this node is told to be an older one.', '陈述中提到服务端保存的节点密码是旧的。'),
    },
    {
      when: stated({
        clause: [
          /(?:identical|same|one|clone|copies|template|golden|snapshot)[^;]*(?:image|machine|vm|template|disk|node|server)|clone/iu,
          /host ?name[^;]*(?:not|never|un|same|left|without|still)[ -]?(?:changed|altered|set|adapted|unique|default)?/iu,
        ],
      }),
      grade: 'direct',
      says: t('The machines are stated to be copies of one image, with its host name.', '陈述中提到这些机器是同一镜像的副本且主机名未改。'),
    },
    { when: on('hostname.duplicate'), grade: 'direct', says: t('Two machines have the same host name.', '两台机器的主机名相同。') },
    {
      when: stated({
        whole:
          /(?:one|single|only 1|1) node [^.;]{0,40}(?:two|three|both|several|all|[23]) [^.;]{0,20}(?:machine|host|server|vm|box)|(?:address|ip)[^.;]*(?:keeps? changing|flip|alternat|switch|jump)[^.;]* (?:between|the two|both)/iu,
      }),
      grade: 'direct',
      says: t('Two machines are stated to show up as one node.', '陈述中提到两台机器显示为同一个节点。'),
    },
    { when: oneNameForAll, grade: 'direct', says: t('Several machines have one host name: {value}.', '多台机器的主机名都是 {value}。') },
    { when: statedTwice, grade: 'direct', says: t('Two machines have the host name {name}.', '两台机器的主机名都是 {name}。') },
    {
      when: stated({
        whole:
          /(?:node|machine|agent|server)[^.;]*(?:replace|overwrite|take turns|kick|flap)[^.;]*(?:each other|one another|in turn|between)/iu,
      }),
      grade: 'hint',
      says: t('Machines are stated to replace each other.', '陈述中提到机器相互顶替。'),
    },
    {
      when: stated({
        whole:
          /(?:same|duplicate|identical|equal) (?:host ?name|node ?name)|host ?name[^.;]*(?:same|duplicate|identical|equal|not unique)|\b(?:two|all|both|three) (?:nodes|servers|machines|hosts|vms|boards|agents|workers)[^.;]*(?:named|called|localhost)|\b(?:clon|copi|template)[^.;]*(?:without|not|never|same|kept|keeps)[^.;]*host ?name|\b(?:all|both|each|every|two|three|several|other)\b[^.;]*[ :](?:print|have|has|report|show|use|are (?:named|called)|named|called|keep)[^.;]*(?:host ?name|localhost\.localdomain)|(?:host ?name|node ?name|localhost\.localdomain)(?![^.;]*(?:\/etc\/hosts|hosts file|\bdns\b|resolv))[^.;]*(?:on|for|of|in|by|at|across) (?:all|both|each|every|several|the two|two)\b|localhost\.localdomain[^.;]*as (?:the )?host ?name|主机名[^。；]*(?:相同|重复)/iu,
      }),
      grade: 'direct',
      says: t('It is stated that two nodes have one name.', '陈述中提到两个节点同名。'),
    },
  ],
  refute: [
    {
      when: on('machine.identity-duplicate'),
      says: t('The machine identity is doubled: see duplicate-machine-identity.', '机器标识重复：参见 duplicate-machine-identity。'),
    },
  ],
  asks: [
    ask(
      'whether another machine has this host name, and the age of the node password',
      '是否有其他机器使用该主机名，以及节点密码的时间',
      'hostname; kubectl get nodes -o wide; ls -l /etc/rancher/node/password',
    ),
  ],
  explains: [{ status: 401 }, { status: 403 }],
  remedies: [
    {
      id: 'delete-secret',
      title: t('Delete the node password secret of this very machine, if it was re-installed', '若本机被重装，删除其节点密码 Secret'),
      risk: t('none for the same machine', '对同一台机器无影响'),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system delete secret NODE.node-password.k3s   # RKE2: NODE.node-password.rke2',
      verify: ['kubectl get nodes'],
    },
    {
      id: 'unique-name',
      title: t('Give each machine a name of its own', '为每台机器设置唯一的名称'),
      risk: t('The node registers anew.', '节点会重新注册。'),
      safety: 'needs-a-person',
      command: 'hostnamectl set-hostname UNIQUE-NAME',
      verify: ['kubectl get nodes -o wide'],
    },
  ],
});

/** The prompt or `hostname` shows capitals, and `kubectl get nodes` lists the very name in lower case. */
/** A node was asked for with capitals and not found, and the list of nodes has it in lower case. */
const missingAndListed: Test = ({ node, symptoms }) => {
  const listed = node.observations['kube.nodes'];
  if (listed?.state !== 'known' || !Array.isArray(listed.value)) return { seen: 'unknown' };
  const names = new Set(
    listed.value.map((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one ? String(one.name) : '')),
  );
  const hit = symptoms.find((s) => {
    const asked = s.kind === 'hostname-uppercase/not-found' ? s.details?.['node'] : undefined;
    return asked !== undefined && names.has(asked.toLowerCase());
  });
  const asked = hit?.details?.['node'] ?? '';
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', symptoms: [hit], source: listed.source, values: { asked, node: asked.toLowerCase() } };
};
const nodeInLowerCase: Test = ({ node }) => {
  const prompt = node.observations['hostname.prompt'];
  const host = valueOf(node.hostname) ?? (prompt?.state === 'known' && typeof prompt.value === 'string' ? prompt.value : undefined);
  const listed = node.observations['kube.nodes'];
  if (host === undefined || !/[A-Z]/u.test(host) || listed?.state !== 'known' || !Array.isArray(listed.value)) return { seen: 'unknown' };
  const found = listed.value
    .map((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one ? String(one.name) : ''))
    .find((name) => name === host.toLowerCase());
  return found === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', source: listed.source, values: { host, node: found } };
};

const missingWithCapitals = symptomWhere((s) => /nodes? \\?"[^"A-Z\\]*[A-Z][^"\\]*\\?" not found/u.test(s.evidence[0]?.text ?? ''));

export const hostnameUppercase = evidenceCause({
  id: 'hostname-uppercase',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 6,
  title: t('The host name has capitals, the node object has not', '主机名含大写字母，而节点对象没有'),
  mechanism: t(
    'kubelet registers under the lowered name; tools that take the output of hostname ask for the other spelling, and names of objects are case-sensitive.',
    'kubelet 以小写名称注册；直接使用 hostname 输出的工具会查询另一种写法，而对象名称区分大小写。',
  ),
  summary: t(
    'The node is asked for under its name with capitals, but is registered in lower case.',
    '查询节点时使用了含大写的名称，而它以小写注册。',
  ),
  sources: ['kubesphere/kubekey#300', 'kubernetes pkg/util/node (GetHostname lowers the name)'],
  lookAlikes: ['hostname-invalid', 'node-name-mismatch'],
  signatures: [
    {
      id: 'hostname-uppercase/not-found',
      grade: 'direct',
      anchors: ['not found'],
      // Rancher names the node first, and what is not found after it: `node [Worker-1]: "Worker-1" not found`.
      pattern: /nodes? (?:\[[^\]]{1,253}\]: )?\\?"(?<node>[^ "A-Z\\]*[A-Z][^ "\\]*)\\?" not found/u,
      matches: ['Error from server (NotFound): nodes "Node-A" not found', 'Failed to get kubernetes node [Worker-1]: "Worker-1" not found'],
      rejects: ['Error from server (NotFound): nodes "node-a" not found', 'Secret "Node-A" not found'],
    },
    {
      // Static pods bear the name of their node, in lower case. Source: kubernetes pkg/kubelet/config/common.go.
      id: 'hostname-uppercase/static-pod',
      grade: 'direct',
      anchors: ['not found'],
      pattern:
        /pods? \\?"(?:kube-(?:apiserver|scheduler|controller-manager|proxy|vip)|etcd|cloud-controller-manager)-(?<node>[^ "A-Z\\]*[A-Z][^ "\\]*)\\?" not found/u,
      matches: ['Error from server (NotFound): pods "kube-apiserver-MASTER01" not found'],
      rejects: ['Error from server (NotFound): pods "kube-apiserver-master01" not found', 'pods "web-A1" not found'],
    },
    {
      // Objects are named in lower case; the name itself shows which rule it breaks. Source: kubernetes apimachinery pkg/util/validation.
      id: 'hostname-uppercase/invalid',
      grade: 'direct',
      anchors: ['is invalid: metadata.name', 'is invalid: [metadata.name'],
      pattern: /(?:[Nn]ode|minion) \\?"(?<node>[^"A-Z_\\]*[A-Z][^"_\\]*)\\?" is invalid: \[?metadata\.name/u,
      matches: [
        'Node "Worker-1" is invalid: metadata.name: Invalid value: "Worker-1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters',
      ],
      rejects: [
        'Node "worker_1" is invalid: metadata.name: Invalid value: "worker_1"',
        'Pod "Web" is invalid: metadata.name: Invalid value: "Web"',
      ],
    },
    {
      id: 'hostname-uppercase/said',
      grade: 'direct',
      anchors: ['capital letters', 'upper case', 'uppercase', 'upper-case'],
      pattern: /host ?name[^.\n]{0,60}(?:contains?|has|with|uses?)[^.\n]{0,20}(?:capital letters|upper-? ?case)/iu,
      matches: ["This machine's hostname contains capital letters and/or underscores."],
      rejects: ['the key contains upper case letters'],
    },
  ],
  confirm: [
    {
      when: missingAndListed,
      grade: 'direct',
      says: t('{asked} is not found, and the list of nodes has {node}.', '找不到 {asked}，而节点列表中有 {node}。'),
    },
    {
      when: all(capitals, missingWithCapitals),
      grade: 'direct',
      says: t('The host name has capitals, and a node of that spelling is not found.', '主机名含大写，且找不到该写法的节点。'),
    },
    { when: capitals, grade: 'strong', says: t('The host name has capitals.', '主机名含大写字母。') },
    {
      when: statedInBoth,
      grade: 'direct',
      says: t('The machine is named {value}, and its node has that name in lower case.', '机器名为 {value}，而其节点名为小写。'),
    },
    {
      when: all(capitals, stated({ whole: /(?:node|registered|object|kubectl)[^.;]*lower[- ]?case|小写/iu })),
      grade: 'direct',
      says: t('The host name has capitals, and the node is registered in lower case.', '主机名含大写字母，而节点以小写注册。'),
    },
    {
      when: otherSpellingRefused,
      grade: 'direct',
      says: t('A node is refused what belongs to its own name in the other spelling.', '节点因大小写写法不同而被拒绝访问自己的对象。'),
    },
    {
      when: nodeInLowerCase,
      grade: 'strong',
      says: t('The host is {host}, and the node is registered as {node}.', '主机名为 {host}，而节点注册为 {node}。'),
    },
    {
      when: stated({
        whole:
          /(?:node|server|machine|vm)[^.;]*(?:capital|upper ?case|大写)|(?:capital|upper ?case)[^.;]*(?:node|server|machine|host|vm) ?name|lower ?case[^.;]+(?:node|host) ?name|(?:node|host) ?name[^.;]*[ :](?:to|in|into) lower ?case/iu,
      }),
      grade: 'strong',
      says: t('It is stated that a node name is spelt with capitals.', '陈述中提到节点名使用了大写。'),
    },
  ],
  refute: [
    { when: observed('hostname.has-capitals', (value) => value === false), says: t('The host name is in lower case.', '主机名为小写。') },
  ],
  asks: [ask('the spelling of the host name and of the registered node', '主机名与已注册节点名的写法', 'hostname; kubectl get nodes')],
  remedies: [
    {
      id: 'lower-name',
      title: t('Set the host name in lower case and join again', '将主机名改为小写并重新加入'),
      risk: t('An etcd member and certificates carry the old name.', 'etcd 成员和证书中仍是旧名称。'),
      safety: 'needs-a-person',
      command: 'hostnamectl set-hostname "$(hostname | tr A-Z a-z)"',
      undo: 'hostnamectl set-hostname OLDNAME',
      verify: ['hostname', 'kubectl get nodes'],
    },
  ],
});

export const hostnameInvalid = evidenceCause({
  id: 'hostname-invalid',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 6,
  title: t('The host name breaks the rules for node names', '主机名不符合节点命名规则'),
  mechanism: t(
    'A node name is an RFC 1123 subdomain: no underscore, no leading or trailing hyphen or dot, at most 63 characters a label.',
    '节点名必须是 RFC 1123 子域名：不能有下划线，不能以连字符或点开头或结尾，每段最多 63 个字符。',
  ),
  summary: t('The host name cannot be a node name.', '该主机名不能作为节点名。'),
  sources: ['RFC 1123', 'kubernetes apimachinery pkg/util/validation'],
  lookAlikes: ['hostname-uppercase', 'hosts-node-name-unresolvable'],
  signatures: [
    {
      id: 'hostname-invalid/rule',
      grade: 'direct',
      terminal: true,
      anchors: ['nodeRegistration.name', 'RFC 1123 subdomain', 'invalid node name format', 'DNS-1123 subdomain'],
      pattern:
        /nodeRegistration\.name: Invalid value|invalid node name format|node[^\n]{0,120}(?:RFC |DNS-)1123 subdomain must consist of/i,
      matches: [
        'nodeRegistration.name: Invalid value: "my_node": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters',
        'level=fatal msg="invalid node name format"',
      ],
      rejects: ['metadata.name: Invalid value: "My_Config": a lowercase RFC 1123 subdomain must consist of'],
    },
  ],
  confirm: [
    {
      when: invalidHostname,
      grade: 'strong',
      says: t('The host name holds a character or form that node names may not have.', '主机名含有节点名不允许的字符或形式。'),
    },
    { when: observed('hostname.valid', (value) => value === false), grade: 'strong', says: t('The host name is invalid.', '主机名无效。') },
    {
      when: stated({ whole: /host ?name[^.;]*(?:underscore|invalid|下划线)|host ?name: *["']?[a-z0-9-]*_/iu }),
      grade: 'strong',
      says: t('The host name is stated to hold an underscore.', '陈述中提到主机名含有下划线。'),
    },
  ],
  refute: [
    {
      when: line('hostname-uppercase/invalid'),
      says: t('The name is refused for its capitals: see hostname-uppercase.', '名称因含大写字母而被拒绝：参见 hostname-uppercase。'),
    },
  ],
  asks: [ask('the host name', '主机名', 'hostname; cat /etc/hostname')],
  remedies: [
    {
      id: 'valid-name',
      title: t('Set a valid host name, or --node-name', '设置有效的主机名，或使用 --node-name'),
      risk: t('The node registers under the new name.', '节点会以新名称注册。'),
      safety: 'needs-a-person',
      command: 'hostnamectl set-hostname VALID-NAME',
      undo: 'hostnamectl set-hostname OLDNAME',
      verify: ['hostname'],
    },
  ],
});

/** kubelet's certificate is for one node, and it runs as another: told so, or by the host name, which it takes in lower case. */
const otherThanCertificate =
  (from: 'told' | 'host'): Test =>
  ({ node }) => {
    const cn = node.observations['kubelet.certificate-cn'];
    const told = node.observations['kubelet.hostname-override'];
    if (cn?.state !== 'known' || typeof cn.value !== 'string') return { seen: 'unknown' };
    const override = told?.state === 'known' && typeof told.value === 'string' ? told.value : undefined;
    const name = from === 'told' ? override : override === undefined ? valueOf(node.hostname)?.toLowerCase() : undefined;
    if (name === undefined) return { seen: 'unknown' };
    const certificate = cn.value.replace(/^system:node:/u, '');
    return certificate === name
      ? { seen: 'no', source: cn.source }
      : { seen: 'yes', kind: 'comparison', source: cn.source, values: { certificate, name } };
  };

/** kubelet is told a name that is not the host's: what was made for the host name (certificate, rights) does not fit. */
const toldOtherThanHost: Test = ({ node }) => {
  const told = node.observations['kubelet.hostname-override'];
  const stated_ = node.observations['hostname.stated'];
  const host = valueOf(node.hostname) ?? (stated_?.state === 'known' && typeof stated_.value === 'string' ? stated_.value : undefined);
  if (told?.state !== 'known' || typeof told.value !== 'string' || host === undefined) return { seen: 'unknown' };
  return told.value.toLowerCase() === host.toLowerCase()
    ? { seen: 'no', source: told.source }
    : { seen: 'yes', kind: 'comparison', source: told.source, values: { name: told.value, host } };
};

/** "kubelet cert CN: system:node:A" and "node name: B", as statements. */
const statedCnAndName: Test = ({ node }) => {
  const told = statementsOf(node);
  const cn = told.flatMap((one) => /system:node:([\w.-]+)/u.exec(one.value)?.[1] ?? []).at(0);
  const named = told.find(
    (one) =>
      /^(?:(?:actual|registered|kubernetes|kubelet|real|current|the) )*(?:node|host) ?name$/u.test(spokenKey(one.key)) &&
      /^[\w.-]+$/u.test(one.value),
  );
  if (cn === undefined || named === undefined) return { seen: 'unknown' };
  return named.value.toLowerCase() === cn.toLowerCase()
    ? { seen: 'no' }
    : {
        seen: 'yes',
        kind: 'comparison',
        source: { kind: 'statement', key: named.key, text: `${named.key}: ${named.value}` },
        values: { certificate: cn, name: named.value },
      };
};

export const nodeNameMismatch = evidenceCause({
  id: 'node-name-mismatch',
  area: 'kubelet-and-cgroups',
  severity: 'critical',
  layer: 6,
  title: t('kubelet runs under another name than its certificate says', 'kubelet 的运行名称与其证书不一致'),
  mechanism: t(
    'The client certificate is for system:node:A and kubelet registers as B: the API server forbids it. A rename, a hostname override or the private DNS name of a cloud brings it about.',
    '客户端证书属于 system:node:A，而 kubelet 以 B 注册：API 服务器禁止此操作。改名、hostname-override 或云厂商的私有 DNS 名都会造成这种情况。',
  ),
  summary: t('The name of the node and the name in the certificate of its kubelet differ.', '节点名与 kubelet 证书中的名称不同。'),
  sources: ['kubernetes plugin/pkg/admission/noderestriction', 'kubernetes/website: node authorization'],
  lookAlikes: ['node-name-conflict', 'hostname-uppercase', 'rbac-forbidden'],
  signatures: [
    {
      id: 'node-name-mismatch/forbidden',
      grade: 'direct',
      anchors: [
        'is not allowed to modify',
        'cannot modify node',
        'only its own Node object',
        'cannot read node',
        'cannot get node',
        'cannot patch node',
        'cannot update node',
        'cannot delete node',
        'is not allowed to read',
        'is not allowed to get',
        'is not allowed to update',
        'is not allowed to patch',
        'is not allowed to delete',
        'can only access node',
        'can only access CSINode',
        'Kubelet hostname',
      ],
      pattern:
        /nodes? "(?<node>[^"]+)" is forbidden: node "(?<certificate>[^"]+)" (?:cannot|is not allowed to) (?:modify|read|get|update|patch|delete) node|\bnode \\?"?[\w.-]{1,253}\\?"? (?:cannot|is not allowed to) (?:modify|read|get|update|patch|delete) node|is not allowed to modify (?:node|labels)|only its own Node object|can only access (?:node(?: lease)?s?|CSINode) with the same name|Kubelet hostname .{0,80} does not match/i,
      matches: [
        'nodes "ip-10-0-0-1" is forbidden: node "n1" is not allowed to modify node "ip-10-0-0-1"',
        'can only access node lease with the same name as the requesting node',
      ],
      rejects: ['nodes is forbidden: User "system:anonymous" cannot list resource "nodes"'],
    },
  ],
  confirm: [
    {
      when: renamedNode,
      grade: 'direct',
      says: t(
        'The machine that was {old} now runs as {now}: its certificate is for {now}, and the node {old} is not ready.',
        '原来的 {old} 现在以 {now} 运行：其证书属于 {now}，而节点 {old} 未就绪。',
      ),
    },
    {
      when: statedCnAndName,
      grade: 'direct',
      says: t(
        'The certificate is for node {certificate}, and the node is named {name}.',
        '证书属于节点 {certificate}，而节点名为 {name}。',
      ),
    },
    {
      when: all(
        stated({ key: /host ?name|node ?name/u, value: /^[\w.-]+$/u }),
        stated({ key: /private ?dns|cloud ?name|provider ?(?:id|name)|aws ?name|instance ?name|fqdn/u, value: /^[\w.-]+$/u }),
        stated({
          whole: /(?:kubelet|node|aws|cloud)[^.;]*(?:cannot|not|fails?|forbidden|unable)|not registered|not found/iu,
        }),
      ),
      grade: 'strong',
      says: t('The host is named otherwise than the cloud names the machine.', '主机名与云平台给出的名称不同。'),
    },
    {
      when: toldOtherThanHost,
      grade: 'strong',
      says: t('kubelet is told to run as {name}, and the host is named {host}.', 'kubelet 被设置为以 {name} 运行，而主机名为 {host}。'),
    },
    {
      when: otherThanCertificate('told'),
      grade: 'direct',
      says: t(
        'The certificate is for node {certificate}, and kubelet is told to run as {name}.',
        '证书属于节点 {certificate}，而 kubelet 被设置为以 {name} 运行。',
      ),
    },
    {
      when: otherThanCertificate('host'),
      grade: 'strong',
      says: t(
        'The certificate is for node {certificate}, and the host is named {name}.',
        '证书属于节点 {certificate}，而主机名为 {name}。',
      ),
    },
    {
      when: all(
        any(
          on('hostname.changed'),
          stated({
            clause: [/host|node|machine|server/iu, /\bnames?\b|host ?names?|\brenamed/iu, /(?<!not |never )(?:chang|renam|new name)/iu],
          }),
        ),
        stated({
          clause: [
            /\b(?:old|former|previous|first) (?:host ?|node ?)?(?:name|node|entry|object)/iu,
            /not ?ready|remain|still|stale|left|orphan/iu,
          ],
        }),
      ),
      grade: 'direct',
      says: t('The machine was renamed, and the node of the old name is still there.', '机器已改名，而旧名称的节点仍然存在。'),
    },
    {
      when: all(on('hostname.changed'), without(line('node-name-conflict/'))),
      grade: 'strong',
      says: t('The host name was changed after the node had joined.', '节点加入后主机名被修改。'),
    },
    {
      when: stated({
        whole:
          /(?:host ?name|node ?name)[^.;]*(?<!\b(?:not|never|n't|without being) )(?:changed|renamed|differs?|does not match|override|改名|不一致)/iu,
      }),
      grade: 'strong',
      says: t('It is stated that the names differ.', '陈述中提到名称不一致。'),
    },
  ],
  refute: [
    {
      when: otherSpellingRefused,
      says: t('The names differ in capitals only: see hostname-uppercase.', '名称只有大小写不同：参见 hostname-uppercase。'),
    },
  ],
  asks: [
    ask(
      "the name in kubelet's certificate and the name under which it runs",
      'kubelet 证书中的名称与其运行名称',
      'openssl x509 -in /var/lib/kubelet/pki/kubelet-client-current.pem -noout -subject; hostname; ps -o args -C kubelet | grep -o hostname-override=[^ ]*',
    ),
  ],
  remedies: [
    {
      id: 'override',
      title: t('Set hostname-override to the name in the certificate', '将 hostname-override 设为证书中的名称'),
      risk: t('kubelet restarts.', 'kubelet 会重启。'),
      safety: 'needs-a-person',
      command:
        'cp -p /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/kubeadm-flags.env.before && sed -i "s|^KUBELET_KUBEADM_ARGS=\\"|&--hostname-override=NAME |" /var/lib/kubelet/kubeadm-flags.env && systemctl restart kubelet   # RKE: hostname_override of the node in cluster.yml; k3s, RKE2: node-name in config.yaml',
      undo: 'mv /var/lib/kubelet/kubeadm-flags.env.before /var/lib/kubelet/kubeadm-flags.env && systemctl restart kubelet',
      verify: ['openssl x509 -in /var/lib/kubelet/pki/kubelet-client-current.pem -noout -subject; kubectl get nodes'],
    },
  ],
});
