/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/** Configuration files of node components: what causes ask of them, by key. */
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import type { CommandLine } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, fitting } from './define-recogniser.ts';
import { noteProxy } from './environment.ts';
import { tomlScalars, yamlScalars, type Scalar } from './yaml-lite.ts';

const catOf = (c: CommandLine, path: RegExp): boolean =>
  (c.name === 'cat' || c.name === 'grep' || c.name === 'head' || c.name === 'less') && c.words.some((w) => path.test(w));
const here = (piece: Piece): boolean => piece.where.kind === 'host';

/** All values at a path, or undefined when the path is not there. */
function values(scalars: readonly Scalar[], path: RegExp): readonly string[] | undefined {
  const hits = scalars.filter((s) => path.test(s.path));
  return hits.length === 0 ? undefined : hits.map((s) => s.value);
}

function noteOne(
  facts: EvidenceFacts,
  piece: Piece,
  scalars: readonly Scalar[],
  path: RegExp,
  key: string,
  make: (value: string) => string | number | boolean = (v) => v,
): void {
  const hit = scalars.find((s) => path.test(s.path));
  if (hit !== undefined && here(piece)) facts.observe(key, make(hit.value), sourceOf(piece, hit.index));
}

/** kubelet's config.yaml. Defaults of absent keys are not facts: they are left to the causes. */
export const kubeletConfig = defineRecogniser({
  id: 'kubelet-config',
  title: { en: "kubelet's configuration", zh: 'kubelet 配置' },
  prose: true,
  commands: (c) => catOf(c, /\/kubelet\/config(?:\.yaml|\.yml|$)|kubelet-config/u),
  names: /(?:^|\/)(?:var\/lib\/kubelet\/config\.yaml|kubelet[-_]?config(?:uration)?\.(?:ya?ml|json))$/u,
  look: (lines) =>
    fitting(lines, /^kind: KubeletConfiguration/u) > 0 ||
    (fitting(lines, /^(?:cgroupDriver|resolvConf|clusterDNS|clusterDomain|failSwapOn|evictionHard|staticPodPath):/u) >= 1 &&
      fitting(lines, /^[a-zA-Z]+:/u) >= 1 &&
      fitting(lines, /\[|\]|\bE\d{4} /u) === 0),
  read(piece, facts) {
    const s = yamlScalars(piece.lines);
    noteOne(facts, piece, s, /^cgroupDriver$/u, 'cgroup.driver.kubelet');
    noteOne(facts, piece, s, /^resolvConf$/u, 'kubelet.resolv-conf');
    noteOne(facts, piece, s, /^clusterDomain$/u, 'kubelet.cluster-domain');
    noteOne(facts, piece, s, /^failSwapOn$/u, 'kubelet.fail-swap-on', (v) => v === 'true');
    noteOne(facts, piece, s, /^containerRuntimeEndpoint$/u, 'cri.endpoint');
    const dns = s.filter((x) => x.path === 'clusterDNS');
    if (dns.length > 0 && here(piece))
      facts.observe(
        'kubelet.cluster-dns',
        dns.map((d) => d.value),
        sourceOf(piece, dns[0]?.index),
      );
    return 'all';
  },
});

/** containerd's config.toml. */
export const containerdConfig = defineRecogniser({
  id: 'containerd-config',
  title: { en: "containerd's configuration", zh: 'containerd 配置' },
  prose: true,
  commands: (c) =>
    catOf(c, /containerd\/config(?:\.toml|-v3\.toml|\.toml\.tmpl)/u) || (c.name === 'containerd' && c.words.includes('config')),
  names: /(?:^|\/)containerd\/config[\w.-]*\.toml(?:\.tmpl)?$|containerd[-_]config(?:[-_]dump)?(?:\.txt|\.toml)?$/u,
  look: (lines) =>
    fitting(lines, /^[ \t]*\[plugins\./u) > 0 || fitting(lines, /^[ \t]*(?:disabled_plugins|SystemdCgroup|sandbox_image) ?=/u) > 0,
  read(piece, facts) {
    if (!here(piece)) return 'all';
    const s = tomlScalars(piece.lines);
    const whole = piece.command?.name !== 'grep';
    noteOne(facts, piece, s, /^version$/u, 'containerd.config-version', Number);
    noteOne(facts, piece, s, /sandbox_image$|sandbox$/u, 'containerd.sandbox-image');
    const disabled = s.filter((x) => x.path === 'disabled_plugins');
    if (disabled.length > 0)
      facts.observe('containerd.cri-enabled', !disabled.some((d) => /(?:^|\.)cri$/u.test(d.value)), sourceOf(piece, disabled[0]?.index));
    const systemd = s.find((x) => x.path.endsWith('SystemdCgroup'));
    if (systemd !== undefined) {
      facts.observe('containerd.systemd-cgroup', systemd.value === 'true', sourceOf(piece, systemd.index));
      facts.observe('cgroup.driver.runtime', systemd.value === 'true' ? 'systemd' : 'cgroupfs', sourceOf(piece, systemd.index));
    } else if (whole && s.length > 2) {
      // Absent means cgroupfs; that is containerd's default, and the file as a whole says so.
      facts.observe('containerd.systemd-cgroup', false, sourceOf(piece, 0));
      facts.observe('cgroup.driver.runtime', 'cgroupfs', sourceOf(piece, 0));
      if (s.every((x) => x.path !== 'version')) facts.observe('containerd.config-version', 1, sourceOf(piece, 0));
    }
    const mirrors = [...new Set(s.map((x) => /registry\.mirrors\.(.+)\.endpoint$/u.exec(x.path)?.[1]).filter((m) => m !== undefined))];
    if (mirrors.length > 0) facts.observe('registry.mirrors', mirrors, sourceOf(piece, 0));
    return 'all';
  },
});

/** docker's daemon.json. */
export const daemonJson = defineRecogniser({
  id: 'daemon-json',
  title: { en: "docker's daemon.json", zh: 'docker 的 daemon.json' },
  prose: true,
  commands: (c) => catOf(c, /daemon\.json$/u),
  names: /(?:^|\/)(?:etcdocker)?daemon\.json$/u,
  look: (lines) =>
    fitting(
      lines,
      /^ *"(?:exec-opts|log-driver|insecure-registries|registry-mirrors|storage-driver|bip|data-root|default-address-pools|live-restore|selinux-enabled)": /u,
    ) > 0 && fitting(lines, /^ *[{}"\]]/u) === lines.slice(0, 40).filter((l) => l !== '').length,
  read(piece, facts) {
    if (!here(piece)) return 'all';
    const s = yamlScalars(piece.lines.map((l) => l.replace(/^[ \t]*\{|\}[ \t]*,?$/gu, '')));
    const flat = piece.lines.join(' ');
    const list = (key: string): readonly string[] | undefined => {
      const body = new RegExp(`"${key}" ?: ?\\[([^\\]]*)\\]`, 'u').exec(flat)?.[1];
      return body === undefined ? undefined : [...body.matchAll(/"([^"]*)"/gu)].map((m) => m[1] ?? '');
    };
    const source = sourceOf(piece, 0);
    const driver = (list('exec-opts') ?? []).map((o) => /native\.cgroupdriver=(\w+)/u.exec(o)?.[1]).find((d) => d !== undefined);
    if (driver !== undefined) facts.observe('cgroup.driver.runtime', driver, source);
    noteOne(facts, piece, s, /^log-driver$/u, 'docker.log-driver');
    noteOne(facts, piece, s, /^storage-driver$/u, 'docker.storage-driver');
    noteOne(facts, piece, s, /^bip$/u, 'docker.bip');
    facts.observe('docker.dns', list('dns') ?? [], source);
    const insecure = list('insecure-registries');
    if (insecure !== undefined) facts.observe('docker.insecure-registries', insecure, source);
    if (/"selinux-enabled" ?: ?true/u.test(flat)) facts.observeMore('docker.security-options', ['selinux'], source);
    return 'all';
  },
});

/** K3s and RKE2: registries.yaml. */
export const registriesYaml = defineRecogniser({
  id: 'registries-yaml',
  title: { en: 'registries.yaml', zh: 'registries.yaml' },
  prose: true,
  commands: (c) => catOf(c, /registries\.ya?ml$/u),
  names: /(?:^|\/)registries\.ya?ml$/u,
  look: (lines) => fitting(lines, /^mirrors:[ \t]*$/u) > 0 && fitting(lines, /^ +(?:endpoint:|"?[\w.*-]+(?::\d+)?"?:)/u) > 0,
  read(piece, facts) {
    if (!here(piece)) return 'all';
    const s = yamlScalars(piece.lines);
    const keys = (top: string): readonly string[] => {
      const found: string[] = [];
      let inside = false;
      for (const line of piece.lines) {
        if (/^[a-z]/u.test(line)) inside = line.startsWith(`${top}:`);
        const key = inside ? /^ {2,4}["']?([^"':]+(?::\d+)?|\*)["']?: *$/u.exec(line)?.[1] : undefined;
        if (key !== undefined && key !== 'endpoint' && key !== 'tls' && key !== 'auth' && key !== 'rewrite') found.push(key);
      }
      return found;
    };
    facts.observe('registry.mirrors', keys('mirrors'), sourceOf(piece, 0));
    const path = [piece.path ?? piece.name, ...(piece.command?.words ?? [])].find((p) => p.endsWith('registries.yml'));
    if (path !== undefined) facts.observe('registry.file-not-read', path, sourceOf(piece, 0));
    facts.observe('registry.configs', keys('configs'), sourceOf(piece, 0));
    for (const mirror of keys('mirrors')) {
      const endpoints = values(s, new RegExp(`^mirrors\\.${mirror.replaceAll(/[.*+?]/gu, '\\$&')}\\.endpoint$`, 'u'));
      if (endpoints !== undefined) facts.observe(`registry.endpoints.${mirror}`, endpoints, sourceOf(piece, 0));
    }
    return 'all';
  },
});

/** K3s and RKE2: config.yaml. */
export const productConfig = defineRecogniser({
  id: 'product-config',
  title: { en: 'configuration of K3s or RKE2', zh: 'K3s 或 RKE2 配置' },
  prose: true,
  commands: (c) => catOf(c, /rancher\/(?:k3s|rke2)\/config\.yaml/u),
  names: /(?:^|\/)(?:rancher\/(?:k3s|rke2)\/config\.yaml(?:\.d\/[^/]+)?|(?:k3s|rke2)\/config\.yaml)$/u,
  look: (lines) =>
    fitting(
      lines,
      /^(?:write-kubeconfig-mode|tls-san|node-ip|flannel-iface|cluster-init|node-label|kubelet-arg|profile|cni|selinux|server|token|disable|node-external-ip|resolv-conf|cluster-cidr|service-cidr|cluster-dns|node-name|system-default-registry):/u,
    ) >= 2,
  read(piece, facts) {
    if (!here(piece)) return 'all';
    const s = yamlScalars(piece.lines);
    const product = /(k3s|rke2)/u.exec(piece.path ?? piece.name)?.[1] as 'k3s' | 'rke2' | undefined;
    if (product !== undefined) facts.product(product, sourceOf(piece));
    noteOne(facts, piece, s, /^server$/u, 'join.server-url');
    noteOne(facts, piece, s, /^node-ip$/u, 'kubelet.node-ip');
    noteOne(facts, piece, s, /^node-name$/u, 'kubelet.hostname-override');
    noteOne(facts, piece, s, /^flannel-iface$/u, 'cni.interface');
    noteOne(facts, piece, s, /^cni$/u, 'cni.name');
    noteOne(facts, piece, s, /^resolv-conf$/u, 'kubelet.resolv-conf');
    noteOne(facts, piece, s, /^cluster-cidr$/u, 'kube.pod-cidr');
    noteOne(facts, piece, s, /^service-cidr$/u, 'kube.service-cidr');
    noteOne(facts, piece, s, /^cluster-domain$/u, 'kubelet.cluster-domain');
    const dns = values(s, /^cluster-dns$/u);
    if (dns !== undefined) facts.observe('kubelet.cluster-dns', dns, sourceOf(piece));
    for (const x of s)
      if (!/token|secret|key|password/u.test(x.path))
        facts.observe(`config.${product ?? 'product'}.${x.path}`, x.value, sourceOf(piece, x.index));
    return 'all';
  },
});

/** RKE's cluster.yml: nodes with address, user, roles; services. */
export const clusterYml = defineRecogniser({
  id: 'cluster-yml',
  title: { en: "RKE's cluster.yml", zh: 'RKE 的 cluster.yml' },
  prose: true,
  commands: (c) => catOf(c, /cluster\.ya?ml$/u),
  names: /(?:^|\/)cluster\.ya?ml$/u,
  look: (lines) =>
    fitting(lines, /^nodes:[ \t]*$/u) > 0 && fitting(lines, /^[ -]+(?:address|user|role|hostname_override|internal_address):/u) >= 2,
  read(piece, facts) {
    const s = yamlScalars(piece.lines);
    facts.product('rke', sourceOf(piece));
    noteOne(facts, piece, s, /^nodes\.user$/u, 'ssh.user');
    noteOne(facts, piece, s, /^(?:nodes\.)?ssh_key_path$/u, 'ssh.key-path');
    noteOne(facts, piece, s, /^network\.plugin$/u, 'cni.name');
    noteOne(facts, piece, s, /cluster_cidr$/u, 'kube.pod-cidr');
    noteOne(facts, piece, s, /service_cluster_ip_range$/u, 'kube.service-cidr');
    noteOne(facts, piece, s, /fail_swap_on$/u, 'kubelet.fail-swap-on', (v) => v === 'true');
    noteOne(facts, piece, s, /extra_args\.resolv-conf$/u, 'kubelet.resolv-conf');
    noteOne(facts, piece, s, /cluster_dns_server$/u, 'kubelet.cluster-dns-server');
    noteOne(facts, piece, s, /hostname_override$/u, 'kubelet.hostname-override');
    return 'all';
  },
});

/** kubeconfig: which server. Credentials are not kept. */
export const kubeconfig = defineRecogniser({
  id: 'kubeconfig',
  title: { en: 'kubeconfig', zh: 'kubeconfig' },
  prose: true,
  commands: (c) =>
    catOf(c, /(?:kubeconfig|\.kube\/config|k3s\.yaml|rke2\.yaml|\/kubernetes\/[\w-]+\.conf)$/u) ||
    (c.name === 'kubectl' && c.words.includes('config') && c.words.includes('view')),
  names: /(?:^|\/)(?:kubeconfig(?:\.ya?ml)?|\.kube\/config|k3s\.yaml|rke2\.yaml|etc\/kubernetes\/\w+\.conf|kube_config_\w+\.ya?ml)$/u,
  look: (lines) =>
    fitting(lines, /^ +server: https?:\/\//u) > 0 && fitting(lines, /^(?:clusters|contexts|kind: Config|users|- cluster):?/u) > 0,
  read(piece, facts) {
    noteOne(facts, piece, yamlScalars(piece.lines), /(?:^|\.)server$/u, 'kubeconfig.server');
    return 'all';
  },
});

/** The Corefile, or the ConfigMap that holds it: upstreams of the root zone, zones of the cluster. */
export const corefile = defineRecogniser({
  id: 'corefile',
  title: { en: 'Corefile', zh: 'Corefile' },
  prose: true,
  commands: (c) =>
    catOf(c, /Corefile$/u) ||
    (c.name === 'kubectl' &&
      c.words.some((w) => /^(?:cm|configmaps?)$/u.test(w)) &&
      c.words.some((w) => /coredns|kube-dns|nodelocaldns/u.test(w))),
  names: /(?:^|\/)corefile$/u,
  look: (lines) =>
    fitting(lines, /^[ \t]*(?:\.:53|[\w.-]+:\d+|[a-z0-9.-]+) \{/u) > 0 &&
    fitting(lines, /^[ \t]+(?:forward|proxy|kubernetes|loop|cache|errors|loadbalance|reload|prometheus|health)\b/u) >= 2,
  read(piece, facts) {
    const targets: string[] = [];
    piece.lines.forEach((line, i) => {
      const forward = /^[ \t]*(?:forward|proxy) +\. +([^{]+?) *\{?$/u.exec(line)?.[1];
      if (forward !== undefined) targets.push(...forward.split(/ +/u));
      const zones = /^[ \t]*kubernetes +([^{]+?) *\{?$/u.exec(line)?.[1];
      if (zones !== undefined)
        facts.observe(
          'coredns.zones',
          zones.split(/ +/u).filter((z) => !z.endsWith('arpa')),
          sourceOf(piece, i),
        );
      if (/^[ \t]*loop[ \t]*$/u.test(line)) facts.observe('coredns.loop-plugin', true, sourceOf(piece, i));
      if (targets.length > 0 && forward !== undefined) facts.observe('coredns.forward', targets, sourceOf(piece, i));
    });
    return 'all';
  },
});

/** netplan, cloud-init network and ifcfg files: name servers and search domains that an owner of resolv.conf will write. */
export const netplan = defineRecogniser({
  id: 'netplan',
  title: { en: 'network configuration (netplan)', zh: '网络配置（netplan）' },
  prose: true,
  commands: (c) => catOf(c, /netplan\/|network-scripts\/|interfaces$/u) || (c.name === 'netplan' && c.words.includes('get')),
  names: /(?:^|\/)netplan(?:\/[^/]+\.ya?ml)?$/u,
  look: (lines) =>
    fitting(lines, /^[ \t]*(?:nameservers|ethernets|gateway4|dhcp4):/u) > 0 &&
    fitting(lines, /^[ \t]*(?:addresses|search|version|renderer|routes|dhcp4|ethernets|nameservers):/u) >= 2,
  read(piece, facts) {
    if (!here(piece)) return 'all';
    const s = yamlScalars(piece.lines);
    const servers = values(s, /(?:^|\.)nameservers\.addresses$/u);
    const search = values(s, /(?:^|\.)nameservers\.search$/u);
    if (servers !== undefined) facts.observe('nameservers.netplan', servers, sourceOf(piece, 0));
    if (search !== undefined) facts.observe('resolv.search', search, sourceOf(piece, s.find((x) => x.path.endsWith('search'))?.index ?? 0));
    return 'all';
  },
});

/** Compose files: environment with proxies, networks, mounts. */
export const compose = defineRecogniser({
  id: 'compose',
  title: { en: 'compose file', zh: 'compose 文件' },
  prose: true,
  names: /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml\b/u,
  look: (lines) =>
    fitting(lines, /^[+-]?[ \t]*- ["']?(?:https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)=/u) > 0 ||
    (fitting(lines, /^services:[ \t]*$/u) > 0 && fitting(lines, /^[ \t]+(?:image|environment|volumes|network_mode|privileged):/u) >= 2),
  read(piece, facts) {
    piece.lines.forEach((line, i) => {
      const variable = /^[+-]?[ \t]*(?:- *)?["']?([A-Za-z_]+)(?:=|: )["']?([^"']*)["']?[ \t]*$/u.exec(line);
      if (variable !== null) noteProxy(facts, variable[1] ?? '', variable[2] ?? '', piece, i);
      if (/^[+-]?[ \t]*(?:- *)?["']?\/(?:var\/)?run:\/(?:var\/)?run/u.test(line))
        facts.observe('container.mounts-var-run', true, sourceOf(piece, i));
    });
    return 'all';
  },
});

/** Pod and workload manifests: DNS policy, host network, mounts of the host. */
export const manifest = defineRecogniser({
  id: 'manifest',
  title: { en: 'Kubernetes manifest', zh: 'Kubernetes 清单' },
  prose: true,
  commands: (c) => c.name === 'kubectl' && c.words.includes('get') && c.words.some((w) => /^-o=?ya?ml$|^ya?ml$/u.test(w)),
  names: /(?:^|\/)(?:manifests|pod-manifests)\/[^/]+\.ya?ml$/u,
  look: (lines) => fitting(lines, /^apiVersion: /u) > 0 && fitting(lines, /^kind: /u) > 0,
  read(piece, facts) {
    const s = yamlScalars(piece.lines);
    noteOne(facts, piece, s, /(?:^|\.)dnsPolicy$/u, 'kube.pod-dns-policy');
    noteOne(facts, piece, s, /(?:^|\.)hostNetwork$/u, 'kube.pod-host-network', (v) => v === 'true');
    noteOne(facts, piece, s, /(?:^|\.)podCIDR$/u, 'kube.node.told.pod-cidr');
    if (s.some((x) => x.path.endsWith('hostPath.path') && /^\/(?:var\/)?run\/?$/u.test(x.value)))
      facts.observe('container.mounts-var-run', true, sourceOf(piece, 0));
    const command = s.filter((x) => /(?:command|args)$/u.test(x.path) && x.value.startsWith('--'));
    for (const x of command) {
      const [name = '', value = ''] = x.value.slice(2).split(/=(.*)/su);
      if (name === 'service-cluster-ip-range') facts.observe('kube.service-cidr', value, sourceOf(piece, x.index));
      if (name === 'cluster-cidr') facts.observe('kube.pod-cidr', value, sourceOf(piece, x.index));
      if (name === 'data-dir') facts.observe('etcd.data-dir', value, sourceOf(piece, x.index));
    }
    const kind = s.find((x) => x.path === 'kind')?.value;
    const name = s.find((x) => x.path === 'metadata.name')?.value;
    if (kind === 'Node' && name !== undefined) noteOne(facts, piece, s, /^spec\.podCIDR$/u, `kube.node.${name}.pod-cidr`);
    return 'all';
  },
});
