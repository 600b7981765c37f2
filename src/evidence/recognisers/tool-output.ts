import { known, type Source } from '../../facts/fact.ts';
import type { ProductFacts } from '../../facts/node-facts.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { isAddress } from '../host-port.ts';
import { sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const KUBEADM =
  /^[ \t]*\[(?:preflight|init|certs|kubeconfig|kubelet-start|kubelet-check|control-plane|etcd|wait-control-plane|apiclient|upload-config|upload-certs|mark-control-plane|bootstrap-token|addons|join|discovery|reset|upgrade\/\w+|config\/images|api-check|WARNING [\w-]+|ERROR [\w-]+|kubelet-finalize|attestation)\]/u;
const RKE_STAGE =
  /^(?:time="[^"]+" level=\w+ msg="|(?:INFO|WARN|ERRO|FATA|DEBU)\[\d+\] )(?:\[(?:dialer|network|certificates|reconcile|etcd|controlplane|controlPlane|worker|workerPlane|healthcheck|sync|authz|addons|ingress|dns|remove\/[\w-]+|hosts|state|selinux|file-deploy|pre-deploy|images)\]|Running RKE version|Initiating Kubernetes cluster|Building Kubernetes cluster|Finished building)/u;

const PRODUCTS: Readonly<Record<string, ProductFacts['name']>> = { kubeadm: 'kubeadm', rke: 'rke', rke2: 'rke2', k3s: 'k3s' };

/** What installers print: kubeadm init and join, rke up, k3s and rke2 in the foreground. Failures in it are read like those of a log. */
export const installerOutput = defineRecogniser({
  id: 'installer-output',
  title: { en: 'output of an installer', zh: '安装程序输出' },
  commands: (c) =>
    /^(?:kubeadm|rke|rke2|k3s|kubekey|kk)$/u.test(c.name) &&
    !c.words.some((w) => /^(?:kubectl|crictl|ctr|--version|-v|version|certs|token)$/u.test(w)),
  look: (lines) => fitting(lines, KUBEADM) > 0 || fitting(lines, RKE_STAGE) > 0,
  read(piece, facts) {
    const product = PRODUCTS[piece.command?.name ?? ''];
    const source = sourceOf(piece, 0);
    if (product !== undefined) facts.product(product, source);
    else if (piece.lines.some((l) => RKE_STAGE.test(l))) facts.product('rke', source);
    else if (piece.lines.some((l) => KUBEADM.test(l))) facts.product('kubeadm', source);
    noteJoin(piece.command?.words ?? [], facts, source);
    return eachLine(piece, (line, i) => {
      const version = /Running RKE version: (v[\d.][\w.-]*)/u.exec(line)?.[1];
      if (version !== undefined) facts.product('rke', sourceOf(piece, i), version);
      const kubernetes = /Using Kubernetes version: (v[\d.]+)/u.exec(line)?.[1];
      if (kubernetes !== undefined) facts.observe('kube.version', kubernetes, sourceOf(piece, i));
      const sockets = /Found multiple CRI (?:sockets|endpoints)[^:]*: ?(.+)$/u.exec(line)?.[1];
      if (sockets !== undefined)
        facts.observe(
          'cri.sockets',
          [...sockets.matchAll(/(?:unix:\/\/)?(\/[\w./-]+\.sock)/gu)].map((m) => m[1] ?? ''),
          sourceOf(piece, i),
        );
      return (
        KUBEADM.test(line) ||
        RKE_STAGE.test(line) ||
        /^(?:To see the stack trace|Failed to (?:join|initialize)|This node has joined|Your Kubernetes control-plane|Unfortunately, an error has occurred|Found multiple CRI|This error is likely|[ \t]+- |[ \t]+timed out waiting|couldn't initialize|If you are on a systemd|Additionally, a control plane|Here is one example|Run 'kubectl|\* Certificate signing|\* The Kubelet was informed|To start using|Alternatively, if|Then you can join)/u.test(
          line,
        )
      );
    });
  },
});

/** "kubeadm join HOST:6443 --token …": where it joins. */
function noteJoin(
  words: readonly string[],
  facts: Parameters<(typeof installerOutput)['read']>[1],
  source: ReturnType<typeof sourceOf>,
): void {
  const target = words[words.indexOf('join') + 1];
  if (words.includes('join') && target !== undefined && /:\d+$/u.test(target))
    facts.observe('join.server-url', `https://${target}`, source);
  const server = words.includes('--server') ? words[words.indexOf('--server') + 1] : undefined;
  if (server !== undefined) facts.observe('join.server-url', server, source);
  for (const word of words) {
    const cidr = /^--(?:pod-network-cidr|cluster-cidr)=(.+)$/u.exec(word)?.[1];
    if (cidr !== undefined) facts.observe('kube.pod-cidr', cidr, source);
    const service = /^--(?:service-cidr|service-cluster-ip-range)=(.+)$/u.exec(word)?.[1];
    if (service !== undefined) facts.observe('kube.service-cidr', service, source);
  }
}

/** Settings that stand in any command line: where an installation joins. */
export function noteCommandSettings(text: string, facts: EvidenceFacts, source: Source): void {
  const url = /\b(?:K3S_URL|RKE2_URL|CATTLE_SERVER|CATTLE_URL)=["']?(https?:\/\/[^ "']+)/u.exec(text)?.[1];
  if (url !== undefined) facts.observe('join.server-url', url, source);
}

/** A command somebody ran, given as text: "kubeadm init --pod-network-cidr=…". */
export const commandText = defineRecogniser({
  id: 'command-text',
  title: { en: 'a command that was run', zh: '执行过的命令' },
  look: (lines) => {
    const content = lines.filter((l) => l.trim() !== '');
    return (
      content.length > 0 &&
      content.length <= 6 &&
      content.every(
        (l) =>
          /^(?:sudo )?(?:kubeadm (?:init|join)|k3s (?:server|agent)|rke2 (?:server|agent)|rke up|curl -sfL https:\/\/get\.(?:k3s|rke2)\.io|docker run|--[\w-]+)/u.test(
            l.trim(),
          ) ||
          /^ +--/u.test(l) ||
          // NAME=value settings in front of whatever is run
          /^(?:export )?[A-Z][A-Z0-9]*_[A-Z0-9_]*=[^ ]+ +(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*=|[./a-z])/u.test(l.trim()),
      )
    );
  },
  read(piece, facts) {
    const text = piece.lines.map((l) => l.replace(/\\$/u, '')).join(' ');
    noteJoin(text.split(/ +/u), facts, sourceOf(piece, 0));
    noteCommandSettings(text, facts, sourceOf(piece, 0));
    if (/(?:-v|--volume)[ =]\/(?:var\/)?run:\/(?:var\/)?run/u.test(text))
      facts.observe('container.mounts-var-run', true, sourceOf(piece, 0));
    return 'all';
  },
});

/** `ssh -v`: the banner, the methods, what was refused. */
export const sshVerbose = defineRecogniser({
  id: 'ssh-verbose',
  title: { en: 'SSH connection (ssh -v)', zh: 'SSH 连接（ssh -v）' },
  commands: (c) => c.name === 'ssh' && c.words.some((w) => /^-v+$/u.test(w)),
  look: (lines) => fitting(lines, /^debug1: /u) >= 2 || fitting(lines, /^SSH-2\.0-OpenSSH_/u) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const banner =
        /(?:remote software version |Remote protocol version [\d.]+, remote software version |SSH-2\.0-)OpenSSH_(\d+\.\d+(?:p\d+)?)/u.exec(
          line,
        )?.[1];
      if (banner !== undefined) facts.observe('ssh.server-version', banner, sourceOf(piece, i));
      const local =
        /^OpenSSH_(\d+\.\d+(?:p\d+)?)/u.exec(line)?.[1] ?? /Local version string SSH-2\.0-OpenSSH_(\d+\.\d+(?:p\d+)?)/u.exec(line)?.[1];
      if (local !== undefined) facts.observe('ssh.client-version', local, sourceOf(piece, i));
      const type = /(?:Offering public key|Server accepts key): .* (RSA|ED25519|ECDSA)\b/u.exec(line)?.[1];
      if (type !== undefined) facts.observe('ssh.key-type', type.toLowerCase(), sourceOf(piece, i));
      if (/Authentication succeeded|Authenticated to /u.test(line)) facts.observe('ssh.works-by-hand', true, sourceOf(piece, i));
      return /^(?:debug\d: |OpenSSH_|SSH-2\.0|Authenticated to|Warning: Permanently)/u.test(line);
    });
  },
});

/** Counts of inotify instances by program: "50 kubelet". */
export const inotifyCount = defineRecogniser({
  id: 'inotify-count',
  title: { en: 'inotify instances', zh: 'inotify 实例' },
  commands: (c) => c.text.includes('inotify') && c.name !== 'sysctl',
  look: (lines) =>
    fitting(lines, /^ *\d+ (?:kubelet|k3s|k0s|containerd|kube-\w+|systemd|dockerd)/u) >= 2 || fitting(lines, /^INotify Limits:/u) > 0,
  read(piece, facts) {
    let sum = 0;
    const understood = eachLine(piece, (line, i) => {
      // inotify-info, github.com/mikesart/inotify-info
      const limit = /^ +max_user_(instances|watches) +([\d,]+)$/u.exec(line);
      if (limit !== null) {
        if (piece.where.kind === 'host')
          facts.observe(`inotify.max-${limit[1] ?? ''}`, Number((limit[2] ?? '').replaceAll(',', '')), sourceOf(piece, i));
        return true;
      }
      if (/^INotify Limits:|^ +max_queued_events|^-{10,}$|^ +Pid +Uid +App/u.test(line)) return true;
      if (/^ +\d+ +\d+ +[\w.-]+ +\d+ +\d+$/u.test(line)) return true;
      const hit = /^ *(\d+) +[\w./-]+/u.exec(line);
      sum += Number(hit?.[1] ?? 0);
      return hit !== null;
    });
    if (understood.size > 0 && piece.where.kind === 'host' && piece.name.includes('instance'))
      facts.observe('inotify.instances-listed', sum, sourceOf(piece, 0));
    return understood;
  },
});

/** `ip neigh`, arping: the same address from two machines. */
export const neighbours = defineRecogniser({
  id: 'neighbours',
  title: { en: 'neighbours (ip neigh, arp)', zh: '邻居表（ip neigh、arp）' },
  commands: (c) =>
    (c.name === 'ip' && c.words.some((w) => /^(?:n|ne|nei|neigh|neighbou?r)$/u.test(w))) || c.name === 'arp' || c.name === 'arping',
  look: (lines) =>
    fitting(
      lines,
      /^[0-9a-f.:]+ dev [\w.@-]+ (?:lladdr [0-9a-f:]{17} )?(?:router )?(?:REACHABLE|STALE|DELAY|FAILED|INCOMPLETE|PERMANENT|PROBE)/u,
    ) > 0,
  read(piece, facts) {
    const macs = new Map<string, Set<string>>();
    const understood = eachLine(piece, (line) => {
      const hit =
        /^([0-9a-f.:]+) dev [\w.@-]+(?: lladdr ([0-9a-f:]{17}))?/u.exec(line) ??
        /(?:\(|from )([0-9.]+)\)? (?:at |\[)([0-9A-Fa-f:]{17})/u.exec(line);
      if (hit === null || !isAddress(hit[1] ?? '')) return false;
      if (hit[2] !== undefined) macs.set(hit[1] ?? '', new Set([...(macs.get(hit[1] ?? '') ?? []), hit[2].toLowerCase()]));
      return true;
    });
    const doubled = [...macs].filter(([, m]) => m.size > 1).map(([a]) => a);
    if (doubled.length > 0 && piece.where.kind === 'host') facts.observe('neighbours.addresses-with-two-macs', doubled, sourceOf(piece, 0));
    return understood;
  },
});

/** /proc/sys, kernel and module switches under /sys: one value. */
export const sysFile = defineRecogniser({
  id: 'sys-file',
  title: { en: 'a value below /sys', zh: '/sys 下的值' },
  commands: (c) => c.name === 'cat' && c.words.some((w) => w.startsWith('/sys/')),
  names: /(?:^|\/)sys\/(?:module|class|fs)\/.+$/u,
  read(piece, facts) {
    const path = piece.command?.words.find((w) => w.startsWith('/sys/')) ?? piece.path ?? '';
    const at = piece.lines.findIndex((l) => l.trim() !== '');
    const value = piece.lines[at]?.trim();
    if (value === undefined || piece.where.kind !== 'host') return new Set();
    if (path.endsWith('/apparmor/parameters/enabled')) facts.observe('apparmor.enabled', value === 'Y', sourceOf(piece, at));
    if (/\/net\/[^/]+\/mtu$/u.test(path))
      facts.observe(`interface.${path.split('/').at(-2) ?? ''}.mtu`, Number(value), sourceOf(piece, at));
    if (path.endsWith('/ipv6/parameters/disable')) facts.netns(piece.where).ipv6Socket = known(value !== '1', sourceOf(piece, at));
    return 'all';
  },
});
