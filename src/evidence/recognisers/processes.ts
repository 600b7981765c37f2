import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

/** Output of `ps`: which daemons run, with their arguments. */
export const ps = defineRecogniser({
  id: 'ps',
  title: { en: 'processes (ps)', zh: '进程（ps）' },
  commands: (c) =>
    c.name === 'ps' || c.name === 'pgrep' || (c.name === 'cat' && c.words.some((w) => w.endsWith('/cmdline') && w !== '/proc/cmdline')),
  names: /(?:^|\/)ps(?:[-_]\w+)?(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^(?:USER|UID|F) .*\bPID\b.+\b(?:CMD|COMMAND)\b/u) > 0,
  read(piece, facts) {
    const header = piece.lines.find((l) => /\bPID\b/u.test(l));
    return eachLine(piece, (line, i) => {
      if (line === header) return true;
      const words = line.trim().split(/[ \t]+/u);
      const pid = words.find((w) => /^\d+$/u.test(w));
      const at = words.findIndex((w) => /^(?:\/|[a-z][\w.+-]*$)/u.test(w) && NAMES.has(w.split('/').at(-1) ?? ''));
      const program = words[at]?.split('/').at(-1);
      if (program === undefined || pid === undefined) return pid !== undefined;
      if (piece.where.kind !== 'host') return true;
      const source = sourceOf(piece, i);
      facts.observe(`process.${program}.running`, true, source);
      facts.observe(`process.${program}.args`, words.slice(at).join(' '), source);
      if (program === 'nscd' || program === 'unscd') {
        facts.observe('nscd.running', true, source);
        if (!facts.daemons.some((d) => d.kind === program))
          facts.daemons.push({ id: `${program}:${pid}`, kind: program, pid: Number(pid), view: 'host' });
      }
      noteFlags(facts, program, words.slice(at + 1), piece, i);
      return true;
    });
  },
});

const NAMES: ReadonlySet<string> = new Set([
  'nscd',
  'unscd',
  'sssd',
  'systemd-resolved',
  'avahi-daemon',
  'dnsmasq',
  'kubelet',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
  'k3s',
  'rke2',
  'containerd',
  'dockerd',
  'crio',
  'cri-dockerd',
  'firewalld',
  'NetworkManager',
  'sshd',
  'chronyd',
  'ntpd',
  'coredns',
  'named',
  'unbound',
]);

const KUBELET_FLAGS: Readonly<Record<string, string>> = {
  'resolv-conf': 'kubelet.resolv-conf',
  'cgroup-driver': 'cgroup.driver.kubelet',
  'cluster-domain': 'kubelet.cluster-domain',
  'hostname-override': 'kubelet.hostname-override',
  'node-ip': 'kubelet.node-ip',
  'container-runtime-endpoint': 'cri.endpoint',
};

/** Flags of a component's command line that causes ask for. */
export function noteFlags(facts: EvidenceFacts, program: string, words: readonly string[], piece: Piece, index: number): void {
  const source = sourceOf(piece, index);
  words.forEach((word, i) => {
    const hit = /^--([\w-]+)(?:=(.*))?$/u.exec(word);
    if (hit === null) return;
    const next = words[i + 1];
    const value = hit[2] ?? (next?.startsWith('-') === false ? next : 'true');
    const name = hit[1] ?? '';
    if (program === 'kubelet' || program === 'k3s' || program === 'rke2') {
      facts.observe(`kubelet.flag.${name}`, value, source);
      const key = KUBELET_FLAGS[name];
      if (key !== undefined) facts.observe(key, value, source);
      if (name === 'cluster-dns') facts.observe('kubelet.cluster-dns', value.split(','), source);
      if (name === 'fail-swap-on') facts.observe('kubelet.fail-swap-on', value !== 'false', source);
    }
    if (name === 'service-cluster-ip-range' || name === 'service-cidr') facts.observe('kube.service-cidr', value, source);
    if (name === 'cluster-cidr') facts.observe('kube.pod-cidr', value, source);
    if (program === 'etcd' && name === 'data-dir') facts.observe('etcd.data-dir', value, source);
  });
}
