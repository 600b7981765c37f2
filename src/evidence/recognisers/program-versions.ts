import { sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

/** `ldd --version`, the libc loader's own banner, `getent --version`. */
export const libcVersion = defineRecogniser({
  id: 'libc-version',
  title: { en: 'version of libc', zh: 'libc 版本' },
  commands: (c) => (c.name === 'ldd' && c.words.includes('--version')) || /^(?:libc\.so\.6|ld-musl)/u.test(c.name),
  look: (lines) => fitting(lines, /^(?:ldd \(.*(?:GLIBC|GNU libc|Ubuntu|Debian).*\) \d|musl libc \()/u) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const glibc = /^(?:ldd|getent) \(.*\) (\d\.\d+)|GNU C Library .* release version (\d\.\d+)/u.exec(line);
      if (glibc !== null) facts.setLibc(piece.where, { kind: 'glibc', version: glibc[1] ?? glibc[2] ?? '' }, sourceOf(piece, i));
      const musl = /^Version (1\.\d+\.\d+)/u.exec(line)?.[1];
      if (musl !== undefined) facts.setLibc(piece.where, { kind: 'musl', version: musl }, sourceOf(piece, i));
      return true;
    });
  },
});

/** A version banner says which program is installed, of which flavour. */
export const programVersion = defineRecogniser({
  id: 'program-version',
  title: { en: 'version of a program', zh: '程序版本' },
  commands: (c) =>
    c.words.length === 2 &&
    /^(?:-V|-v|--version|version|-version)$/u.test(c.words[1] ?? '') &&
    /^(?:iptables|ip6tables|ssh|sshd|ping|curl|docker|podman|containerd|runc|kubelet|kubeadm|kubectl|k3s|rke2|rke|etcd|etcdctl|busybox|crictl|crio|telnet|nscd|unscd|chronyd|dnsmasq)$/u.test(
      c.name,
    ),
  look: (lines) =>
    lines.filter((l) => l !== '').length <= 3 &&
    fitting(
      lines,
      /^(?:OpenSSH_\d|iptables v\d|ping (?:from|utility,) iputils|Docker version \d|containerd (?:github\.com|containerd\.io)|k3s version v|rke2 version v|rke version v|Kubernetes v\d|BusyBox v\d|curl \d+\.\d+\.\d+ \()/u,
    ) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const ssh = /OpenSSH_(\d+\.\d+(?:p\d+)?)/u.exec(line)?.[1];
      if (ssh !== undefined) {
        // The machine that runs rke is another one: it is the client.
        const client = piece.where.kind === 'elsewhere' || /rke|client|local|laptop|workstation/iu.test(piece.name);
        facts.observe(client ? 'ssh.client-version' : 'ssh.server-version', ssh, source);
        return true;
      }
      const iptables = /iptables v(\d+\.\d+(?:\.\d+)?)(?: \((nf_tables|legacy)\))?/u.exec(line);
      if (iptables !== null) {
        facts.observe('iptables.version', iptables[1] ?? '', source, piece.where);
        if (iptables[2] !== undefined) facts.observe('iptables.backend', iptables[2] === 'legacy' ? 'legacy' : 'nft', source, piece.where);
        return true;
      }
      const iputils = /^ping (?:from|utility,) iputils[- ]s?(\d+)/u.exec(line)?.[1];
      if (iputils !== undefined) facts.setProgram(piece.where, 'ping', { flavour: 'iputils', version: iputils }, source);
      const busybox = /^BusyBox v(\d+\.\d+\.\d+)/u.exec(line)?.[1];
      if (busybox !== undefined) facts.setProgram(piece.where, 'busybox', { flavour: 'busybox', version: busybox }, source);
      const curlVersion = /^curl (\d+\.\d+\.\d+) /u.exec(line)?.[1];
      if (curlVersion !== undefined) facts.setProgram(piece.where, 'curl', { version: curlVersion }, source);
      const product = /^(k3s|rke2|rke) version (v[^ ]+)/u.exec(line);
      if (product !== null) facts.product(product[1] as 'k3s' | 'rke2' | 'rke', source, product[2]);
      const version = /(?:version:? |^|\bv)v?(\d+\.\d[\w.+~-]*)/iu.exec(line)?.[1];
      const name = piece.command?.name;
      if (version !== undefined && name !== undefined && piece.where.kind === 'host') {
        facts.observe(`program.${name}.version`, version, source);
        if (name === 'docker') facts.observe('docker.version', version, source);
        if (name === 'containerd') facts.observe('containerd.version', version, source);
        if (name === 'kubelet') facts.observe('kubelet.version', version, source);
        if (/podman/iu.test(line) && name === 'docker') facts.observe('docker.is-podman', true, source);
      }
      return version !== undefined;
    });
  },
});
