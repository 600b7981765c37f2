/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, fitting } from './define-recogniser.ts';
import { readRows, readTable, type TableRow } from './table.ts';

const isKubectl = (name: string): boolean => /^(?:kubectl|k|oc|k3s|microk8s\.kubectl|rke2)$/u.test(name);

const bare = (name: string): string => name.replace(/^[a-z]+(?:\.[a-z.]+)?\//u, '');

/** '372d', '2y35d', '13h' → whole days; the AGE column of kubectl (duration.HumanDuration). */
function daysOf(age: string): number | undefined {
  const hit = /^(?:(\d+)y)?(?:(\d+)d)?(?:\d+[hms]){0,3}$/u.exec(age);
  if (hit === null || age === '') return undefined;
  return Number(hit[1] ?? 0) * 365 + Number(hit[2] ?? 0);
}

/** What has run for longest tells how old the cluster is at least. */
function noteAge(rows: readonly TableRow[], piece: Piece, facts: EvidenceFacts): void {
  const oldest = rows
    .map((row) => ({ row, days: daysOf(row.values['age'] ?? '') ?? -1 }))
    .reduce<{ readonly row?: TableRow; readonly days: number }>((a, b) => (b.days > a.days ? b : a), { days: 0 });
  if (oldest.row !== undefined) facts.observe('cluster.age-days', oldest.days, sourceOf(piece, oldest.row.index));
}

/** "2 (3m ago)" → 2. */
const count = (text: string | undefined): number | undefined =>
  text === undefined || !/^\d/u.test(text) ? undefined : Number.parseInt(text, 10);

function notePod(row: TableRow, piece: Piece, facts: EvidenceFacts): Record<string, string> {
  const v = row.values;
  const name = bare(v['name'] ?? '');
  const source = sourceOf(piece, row.index);
  const status = v['status'] ?? '';
  if (status !== '') facts.observe(`kube.pod.${name}.status`, status, source);
  const restarts = count(v['restarts']);
  if (restarts !== undefined) facts.observe(`kube.pod.${name}.restarts`, restarts, source);
  if (/^(?:coredns|kube-dns|rke2-coredns)/u.test(name) && /CrashLoopBackOff|Error/u.test(status))
    facts.observe('coredns.crash-loop', true, source);
  if (v['nominated-node'] !== undefined && v['node'] !== undefined && v['ip'] !== undefined && v['ip'] !== '<none>')
    facts.observe(`kube.pod.${name}.ip`, v['ip'], source);
  return {
    name,
    status,
    ready: v['ready'] ?? '',
    restarts: v['restarts'] ?? '',
    ...(v['namespace'] === undefined ? {} : { namespace: v['namespace'] }),
    ...(v['node'] === undefined ? {} : { node: v['node'] }),
    ...(v['ip'] === undefined ? {} : { ip: v['ip'] }),
  };
}

const AGE = String.raw`(?:\d+[ydhms]){1,3}`;
/** `coredns-66bff-x9z 0/1 CrashLoopBackOff 7 18m`, with the namespace before it or not. */
const POD_ROW = new RegExp(
  String.raw`^ *(?:[a-z0-9][a-z0-9-]*[ \t]+)?[a-z0-9][a-z0-9.-]*[ \t]+\d+/\d+[ \t]+[A-Z][\w:/]*[ \t]+\d+(?: \([^()]*\))?[ \t]+${AGE}\b`,
  'u',
);
const POD_COLUMNS: readonly string[] = ['name', 'ready', 'status', 'restarts', 'age', 'ip', 'node'];
/** `node-1 Ready control-plane 12d v1.28.4+k3s1`. */
const NODE_ROW = new RegExp(
  String.raw`^ *[A-Za-z0-9][\w.-]*[ \t]+(?:Not)?(?:Ready|Unknown)(?:,SchedulingDisabled)?[ \t]+[\w<>,.-]+[ \t]+${AGE}[ \t]+v\d`,
  'u',
);
const NODE_COLUMNS: readonly string[] = ['name', 'status', 'roles', 'age', 'version', 'internal-ip', 'external-ip'];

function podRows(lines: readonly string[]): readonly TableRow[] {
  return lines.some((l) => /^ *[a-z0-9][a-z0-9.-]*[ \t]+\d+\/\d+/u.test(l))
    ? readRows(lines, POD_ROW, POD_COLUMNS)
    : readRows(lines, POD_ROW, ['namespace', ...POD_COLUMNS]);
}

/** `kubectl get pods`. */
export const kubectlPods = defineRecogniser({
  id: 'kubectl-pods',
  title: { en: 'pods (kubectl get pods)', zh: 'Pod 列表（kubectl get pods）' },
  commands: (c) =>
    isKubectl(c.name) &&
    c.words.includes('get') &&
    c.words.some((w) => /^(?:pods?|po|all)(?:\/|,|$)/u.test(w)) &&
    !c.words.some((w) => /^-o(?:yaml|json)?$|^(?:yaml|json)$/u.test(w)),
  names: /(?:^|\/)kubectl\/pods$|kubectl[-_]get[-_]pods?/u,
  look: (lines) => fitting(lines, /^(?:NAMESPACE +)?NAME +READY +STATUS +RESTARTS +AGE/u) > 0 || fitting(lines, POD_ROW) > 0,
  read(piece, facts) {
    const table = readTable(piece.lines, /^(?:NAMESPACE +)?NAME +READY +STATUS/u);
    const { headings } = table;
    const rows = headings.length > 0 ? table.rows : podRows(piece.lines);
    const first = headings[0] ?? rows[0]?.index;
    const pods = rows.map((r) => notePod(r, piece, facts));
    noteAge(rows, piece, facts);
    if (pods.length > 0) {
      facts.observe('kube.pods', pods, sourceOf(piece, first));
      const failing = rows.find((r) =>
        /CrashLoop|Error|ImagePull|ErrImage|CreateContainer|Evicted|Unknown|ContainerCreating|Pending/u.test(r.values['status'] ?? ''),
      );
      facts.observe('kube.pods-failing', failing !== undefined, sourceOf(piece, failing?.index ?? first));
    }
    return new Set([...headings, ...rows.map((r) => r.index)]);
  },
});

/** `kubectl get nodes [-o wide]`. */
export const kubectlNodes = defineRecogniser({
  id: 'kubectl-nodes',
  title: { en: 'nodes (kubectl get nodes)', zh: '节点列表（kubectl get nodes）' },
  commands: (c) =>
    isKubectl(c.name) &&
    c.words.includes('get') &&
    c.words.some((w) => /^(?:nodes?|no)(?:\/|,|$)/u.test(w)) &&
    !c.words.some((w) => /^-o(?:yaml|json)?$|^(?:yaml|json)$/u.test(w) || w.includes('jsonpath')),
  names: /(?:^|\/)kubectl\/nodes$|kubectl[-_]get[-_]nodes?/u,
  look: (lines) => fitting(lines, /^NAME +STATUS +ROLES +AGE +VERSION/u) > 0 || fitting(lines, NODE_ROW) > 0,
  read(piece, facts) {
    const table = readTable(piece.lines, /^NAME +STATUS/u);
    const { headings } = table;
    const rows = headings.length > 0 ? table.rows : readRows(piece.lines, NODE_ROW, NODE_COLUMNS);
    const first = headings[0] ?? rows[0]?.index;
    const nodes = rows.map((r) => {
      const v = r.values;
      const name = bare(v['name'] ?? '');
      const source = sourceOf(piece, r.index);
      facts.observe(`kube.node.${name}.status`, v['status'] ?? '', source);
      if (v['internal-ip'] !== undefined && v['internal-ip'] !== '')
        facts.observe(`kube.node.${name}.internal-ip`, v['internal-ip'], source);
      if (v['version'] !== undefined && v['version'] !== '') {
        facts.observe('kube.version', v['version'], source);
        const product = /\+(k3s|rke2)/u.exec(v['version'])?.[1];
        if (product !== undefined) facts.product(product as 'k3s' | 'rke2', source, v['version']);
      }
      const runtime = /^([a-z-]+):\/\//u.exec(v['container-runtime'] ?? '')?.[1];
      if (runtime !== undefined) facts.observe('runtime.name', runtime, source);
      return {
        name,
        status: v['status'] ?? '',
        roles: v['roles'] ?? '',
        version: v['version'] ?? '',
        ...(v['internal-ip'] === undefined ? {} : { internalIp: v['internal-ip'] }),
      };
    });
    noteAge(rows, piece, facts);
    if (nodes.length > 0) {
      facts.observe('kube.nodes', nodes, sourceOf(piece, first));
      facts.observe('kube.node-count', nodes.length, sourceOf(piece, first));
      facts.observe(
        'kube.nodes-ready',
        nodes.every((n) => n.status.startsWith('Ready')),
        sourceOf(piece, rows.find((r) => !(r.values['status'] ?? '').startsWith('Ready'))?.index ?? first),
      );
    }
    return new Set([...headings, ...rows.map((r) => r.index)]);
  },
});

/** `kubectl get svc` and `kubectl get endpoints`. */
export const kubectlServices = defineRecogniser({
  id: 'kubectl-services',
  title: { en: 'services and endpoints (kubectl get)', zh: 'Service 与端点（kubectl get）' },
  commands: (c) =>
    isKubectl(c.name) &&
    c.words.includes('get') &&
    c.words.some((w) => /^(?:svc|services?|ep|endpoints?)(?:\/|,|$)/u.test(w)) &&
    !c.words.some((w) => /^(?:yaml|json)$/u.test(w)),
  names: /(?:^|\/)kubectl\/(?:services|endpoints)$/u,
  look: (lines) => fitting(lines, /^(?:NAMESPACE +)?NAME +(?:TYPE +CLUSTER-IP|ENDPOINTS)/u) > 0,
  read(piece, facts) {
    const services = readTable(piece.lines, /^(?:NAMESPACE +)?NAME +TYPE +CLUSTER-IP/u);
    for (const { values, index } of services.rows) {
      const name = bare(values['name'] ?? '');
      const source = sourceOf(piece, index);
      const ip = values['cluster-ip'] ?? '';
      facts.observe(`kube.service.${name}.cluster-ip`, ip, source);
      if (/^(?:kube-dns|coredns|rke2-coredns-rke2-coredns)$/u.test(name)) facts.observe('kube.dns-service-ip', ip, source);
    }
    if (services.rows.length > 0)
      facts.observe(
        'kube.services',
        services.rows.map(({ values: v }) => ({
          namespace: v['namespace'] ?? '',
          name: bare(v['name'] ?? ''),
          type: v['type'] ?? '',
          clusterIp: v['cluster-ip'] ?? '',
          ports: v['port(s)'] ?? '',
        })),
        sourceOf(piece, services.headings[0]),
      );
    const endpoints = readTable(piece.lines, /^(?:NAMESPACE +)?NAME +ENDPOINTS/u);
    for (const { values, index } of endpoints.rows) {
      const list = values['endpoints'] ?? '';
      facts.observe(
        `kube.service.${bare(values['name'] ?? '')}.endpoints`,
        list === '<none>' || list === '' ? [] : list.split(','),
        sourceOf(piece, index),
      );
    }
    return new Set([
      ...services.headings,
      ...endpoints.headings,
      ...services.rows.map((r) => r.index),
      ...endpoints.rows.map((r) => r.index),
    ]);
  },
});

const EVENT =
  /^[ \t]*(?:(?:(?:\d+[smhd]){1,3}|<unknown>|\d{4}-\d\d[^ ]*)[ \t]*)?(?:\(x\d+ over [^)]+\))?[ \t]*(Normal|Warning)[ \t]+([A-Z][A-Za-z]+)\b[ \t]*(.*)$/u;
const DESCRIBE_EVENT =
  /^[ \t]+(Normal|Warning)[ \t]+([A-Z][A-Za-z]+)[ \t]+(?:(?:\d+[smhd])+|<unknown>|<invalid>)?(?:[ \t]+\(x\d+ over [^)]+\))?[ \t]+(.*)$/u;

/** `kubectl get events` and the events below `kubectl describe`: type, reason, who, message. */
export const kubectlEvents = defineRecogniser({
  id: 'kubectl-events',
  title: { en: 'events', zh: '事件' },
  commands: (c) => isKubectl(c.name) && c.words.some((w) => /^(?:events?|ev)$/u.test(w)),
  names: /(?:^|\/)kubectl\/events$/u,
  look: (lines) =>
    fitting(lines, /^(?:LAST SEEN|NAMESPACE +LAST SEEN|Events:|[ \t]+Type +Reason +Age)/u) > 0 ||
    fitting(lines, /^[ \t]*(?:\d+[smhd][^ ]* +)?(?:Normal|Warning) +[A-Z][a-z][A-Za-z]* +/u) > 0,
  read(piece, facts) {
    const understood = new Set<number>();
    piece.lines.forEach((line, i) => {
      const hit = DESCRIBE_EVENT.exec(line) ?? EVENT.exec(line);
      if (hit !== null) {
        facts.observeMore('kube.event-reasons', [hit[2] ?? ''], sourceOf(piece, i));
        understood.add(i);
      } else if (
        /^(?:LAST SEEN|NAMESPACE|Events:|[ \t]+Type +Reason|[ \t]+-{3,})/u.test(line) ||
        /^(?:Node|Pod)?(?:Has|Is)?[A-Z][a-z]+(?:[A-Z][a-z]+)+$/u.test(line.trim())
      ) {
        if (/^[A-Z][A-Za-z]+$/u.test(line.trim())) facts.observeMore('kube.event-reasons', [line.trim()], sourceOf(piece, i));
        understood.add(i);
      }
    });
    return understood;
  },
});

/** A reason of an event by itself: "NodeHasDiskPressure". */
export const eventReason = defineRecogniser({
  id: 'event-reason',
  title: { en: 'reason of an event', zh: '事件原因' },
  look: (lines) => {
    const content = lines.filter((l) => l.trim() !== '');
    return (
      content.length > 0 &&
      content.length <= 3 &&
      content.every((l) =>
        /^[ \t]*(?:Node(?:Has|Not|Is|Ready)[A-Za-z]+|Failed[A-Z][A-Za-z]+|Evicted|BackOff|CrashLoopBackOff|ImagePullBackOff|ErrImagePull|Unhealthy|SystemOOM|FreeDiskSpaceFailed|ImageGCFailed|EvictionThresholdMet|DNSConfigForming|CIDRNotAvailable|OOMKilled)[ \t]*$/u.test(
          l,
        ),
      )
    );
  },
  read(piece, facts) {
    piece.lines.forEach((line, i) => {
      const reason = line.trim();
      if (reason === '') return;
      facts.observeMore('kube.event-reasons', [reason], sourceOf(piece, i));
      const condition = /NodeHas(Disk|Memory|PID)Pressure/u.exec(reason)?.[1];
      if (condition !== undefined) facts.observe(`kube.pressure.${condition.toLowerCase()}`, true, sourceOf(piece, i));
    });
    return 'all';
  },
});

const CONDITION = /^[ \t]+(Ready|MemoryPressure|DiskPressure|PIDPressure|NetworkUnavailable)[ \t]+(True|False|Unknown)[ \t]+(.*)$/u;

/** `kubectl describe node|pod`: conditions, taints, states of containers, mounts of the host. */
export const kubectlDescribe = defineRecogniser({
  id: 'kubectl-describe',
  title: { en: 'description of an object (kubectl describe)', zh: '对象详情（kubectl describe）' },
  commands: (c) => isKubectl(c.name) && c.words.includes('describe'),
  names: /(?:^|\/)kubectl\/(?:nodesdescribe|poddescribe\/.+)$/u,
  look: (lines) =>
    fitting(
      lines,
      /^(?:Name|Namespace|Labels|Annotations|CreationTimestamp|Conditions|Containers|Node-Selectors|QoS Class|Taints|Capacity|Allocatable|System Info):/u,
    ) >= 3,
  read(piece, facts) {
    const understood = new Set<number>();
    let name = '';
    let container = '';
    piece.lines.forEach((line, i) => {
      const source = sourceOf(piece, i);
      const named = /^Name:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (named !== undefined) name = named;
      const condition = CONDITION.exec(line);
      if (condition !== null && name !== '') {
        const [, type = '', status = '', rest = ''] = condition;
        const bad = type === 'Ready' ? status !== 'True' : status !== 'False';
        if (type === 'Ready') facts.observe(`kube.node.${name}.status`, bad ? 'NotReady' : 'Ready', source);
        if (bad) facts.observeMore(`kube.node.${name}.conditions`, [`${type}=${status}`], source);
        if (bad && type.includes('Pressure')) facts.observe(`kube.pressure.${type.replace('Pressure', '').toLowerCase()}`, true, source);
        if (/cni|network/iu.test(rest) && bad)
          facts.observeMore(`kube.node.${name}.conditions`, [rest.replace(/^.*? {2,}/u, '').trim()], source);
      }
      const taint = /^(?:Taints:)?[ \t]+([\w./-]+(?:=[\w.-]*)?:(?:NoSchedule|NoExecute|PreferNoSchedule))/u.exec(line)?.[1];
      if (taint !== undefined && name !== '') facts.observeMore(`kube.node.${name}.taints`, [taint], source);
      const heading = /^ {2}([\w.-]+):[ \t]*$/u.exec(line)?.[1];
      if (heading !== undefined) container = heading;
      const state = /^[ \t]+(Exit Code|Reason|Restart Count):[ \t]+(.+?)[ \t]*$/u.exec(line);
      if (state !== null && container !== '') {
        if (state[1] === 'Exit Code') facts.observe(`container.${container}.exit-code`, Number(state[2]), source);
        else if (state[1] === 'Restart Count') facts.observe(`container.${container}.restarts`, Number(state[2]), source);
        else if (state[2] === 'OOMKilled') facts.observe(`container.${container}.oom-killed`, true, source);
        else if ((state[2] ?? '').includes('CrashLoopBackOff')) facts.observe(`container.${container}.state`, 'crash-loop', source);
      }
      const cidr = /^PodCIDRs?:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (cidr !== undefined && name !== '') facts.observe(`kube.node.${name}.pod-cidr`, cidr, source);
      const ip = /^[ \t]+InternalIP:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (ip !== undefined && name !== '') facts.observe(`kube.node.${name}.internal-ip`, ip, source);
      const kubelet = /^[ \t]+Kubelet Version:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (kubelet !== undefined) facts.observe('kubelet.version', kubelet, source);
      if (
        /^[A-Z][\w .()-]*:|^[ \t]+(?:[\w()\-./][\w ./()-]*| ):|^[ \t]+(?:Normal|Warning|Type)[ \t]|^[ \t]*$|^[ \t]+-{3,}/u.test(line) ||
        condition !== null ||
        DESCRIBE_EVENT.test(line)
      )
        understood.add(i);
      const event = DESCRIBE_EVENT.exec(line);
      if (event !== null) facts.observeMore('kube.event-reasons', [event[2] ?? ''], source);
    });
    return understood;
  },
});

/** `kubectl auth can-i`: yes or no. */
export const canI = defineRecogniser({
  id: 'kubectl-can-i',
  title: { en: 'rights (kubectl auth can-i)', zh: '权限（kubectl auth can-i）' },
  commands: (c) => isKubectl(c.name) && c.words.includes('can-i'),
  read(piece, facts) {
    const at = piece.lines.findIndex((l) => /^(?:yes|no)\b/u.test(l));
    if (at >= 0) facts.observe('kube.rbac-allows', (piece.lines[at] ?? '').startsWith('yes'), sourceOf(piece, at));
    return at < 0 ? new Set() : 'all';
  },
});
