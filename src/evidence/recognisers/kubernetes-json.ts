import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser } from './define-recogniser.ts';

type Json = Readonly<Record<string, unknown>>;
const object = (v: unknown): Json => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Json) : {});
const list = (v: unknown): readonly Json[] => (Array.isArray(v) ? v.map(object) : []);
const text = (v: unknown): string => (typeof v === 'string' ? v : typeof v === 'number' || typeof v === 'boolean' ? String(v) : '');

/** Objects of the API as JSON (`kubectl get -o json`, support bundles): pods, nodes, services, endpoints, events. */
export const kubernetesJson = defineRecogniser({
  id: 'kubernetes-json',
  title: { en: 'objects of Kubernetes (JSON)', zh: 'Kubernetes 对象（JSON）' },
  wholeLines: true,
  commands: (c) => c.name === 'kubectl' && c.words.some((w) => /^-o=?json$|^json$/u.test(w)),
  names: /(?:^|\/)(?:cluster-resources\/[^/]+(?:\/[^/]+)?|kubectl\/[^/]+|[^/]+\/(?:pods|events|services|nodes)|nodes)\.json$/u,
  look: (lines) =>
    /^[ \t]*[{[]/u.test(lines.find((l) => l.trim() !== '') ?? '') &&
    lines.some((l) => /"apiVersion": ?"/u.test(l)) &&
    lines.some((l) => /"kind": ?"/u.test(l)),
  read(piece, facts) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(piece.lines.join('\n'));
    } catch {
      return new Set();
    }
    const items = Array.isArray(parsed) ? parsed.map(object) : 'items' in object(parsed) ? list(object(parsed)['items']) : [object(parsed)];
    // Lists of some bundles leave the kind of their items out: it stands in the list's own.
    const listKind = text(object(parsed)['kind']).replace(/List$/u, '');
    for (const item of items) noteObject(item, text(item['kind']) === '' ? listKind : text(item['kind']), piece, facts);
    return 'all';
  },
});

function noteObject(item: Json, kind: string, piece: Piece, facts: EvidenceFacts): void {
  const source = sourceOf(piece);
  const name = text(object(item['metadata'])['name']);
  const spec = object(item['spec']);
  const status = object(item['status']);
  if (kind === 'Pod') notePod(name, spec, status, piece, facts);
  else if (kind === 'Node') noteNode(name, spec, status, piece, facts);
  else if (kind === 'Service') {
    facts.observe(`kube.service.${name}.cluster-ip`, text(spec['clusterIP']), source);
    if (/^(?:kube-dns|coredns|rke2-coredns-rke2-coredns)$/u.test(name))
      facts.observe('kube.dns-service-ip', text(spec['clusterIP']), source);
  } else if (kind === 'Endpoints') {
    facts.observe(
      `kube.service.${name}.endpoints`,
      list(item['subsets']).flatMap((s) => list(s['addresses']).map((a) => text(a['ip']))),
      source,
    );
  } else if (kind === 'Event')
    facts.observeMore(
      'kube.event-reasons',
      [text(item['reason'])].filter((r) => r !== ''),
      source,
    );
}

function notePod(name: string, spec: Json, status: Json, piece: Piece, facts: EvidenceFacts): void {
  const source = sourceOf(piece);
  const containers = list(status['containerStatuses']);
  const waiting = containers.map((c) => text(object(object(c['state'])['waiting'])['reason'])).find((r) => r !== '');
  facts.observe(`kube.pod.${name}.status`, waiting ?? text(status['phase']), source);
  facts.observe(
    `kube.pod.${name}.restarts`,
    containers.reduce((n, c) => n + (Number(c['restartCount']) || 0), 0),
    source,
  );
  if (/^(?:coredns|kube-dns|rke2-coredns)/u.test(name) && waiting === 'CrashLoopBackOff') facts.observe('coredns.crash-loop', true, source);
  for (const c of containers) {
    const ended = object(object(c['lastState'])['terminated']);
    if (text(ended['reason']) === 'OOMKilled') facts.observe(`container.${text(c['name'])}.oom-killed`, true, source);
    if (typeof ended['exitCode'] === 'number') facts.observe(`container.${text(c['name'])}.exit-code`, ended['exitCode'], source);
  }
  const runVolumes = list(spec['volumes'])
    .filter((v) => /^\/(?:var\/)?run\/?$/u.test(text(object(v['hostPath'])['path'])))
    .map((v) => text(v['name']));
  const mounting = list(spec['containers']).some((c) =>
    list(c['volumeMounts']).some((m) => runVolumes.includes(text(m['name'])) && /^\/(?:var\/)?run\/?$/u.test(text(m['mountPath']))),
  );
  if (mounting) facts.observe('container.mounts-var-run', true, source);
}

function noteNode(name: string, spec: Json, status: Json, piece: Piece, facts: EvidenceFacts): void {
  const source = sourceOf(piece);
  facts.observe(`kube.node.${name}.pod-cidr`, text(spec['podCIDR']), source);
  for (const a of list(status['addresses']))
    if (text(a['type']) === 'InternalIP') facts.observe(`kube.node.${name}.internal-ip`, text(a['address']), source);
  for (const c of list(status['conditions'])) {
    const type = text(c['type']);
    const bad = type === 'Ready' ? text(c['status']) !== 'True' : text(c['status']) === 'True';
    if (type === 'Ready') facts.observe(`kube.node.${name}.status`, bad ? 'NotReady' : 'Ready', source);
    if (bad) facts.observeMore(`kube.node.${name}.conditions`, [`${type}=${text(c['status'])}`], source);
    if (bad && type.endsWith('Pressure')) facts.observe(`kube.pressure.${type.replace('Pressure', '').toLowerCase()}`, true, source);
  }
  const kubelet = text(object(status['nodeInfo'])['kubeletVersion']);
  if (kubelet !== '') facts.observe('kubelet.version', kubelet, source);
}
