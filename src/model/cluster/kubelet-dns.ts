/**
 * What the kubelet writes into a pod's /etc/resolv.conf and /etc/hosts.
 *
 *   dnsPolicy                    nameservers       search                                          options
 *   ClusterFirst                 clusterDNS        NS.svc.DOMAIN svc.DOMAIN DOMAIN + the node's    ndots:5
 *   ClusterFirst + hostNetwork   as Default
 *   ClusterFirstWithHostNet      as ClusterFirst, also with hostNetwork
 *   Default                      the node's        the node's                                      the node's
 *   None                         dnsConfig only
 *
 * dnsConfig comes last: nameservers and searches are added without doubles, options replace those of the same name. Limits: 3 nameservers;
 * 6 search domains and 256 characters, 32 and 2048 from 1.26. What is cut is told in the event DNSConfigForming.
 * Sources: kubernetes pkg/kubelet/network/dns/dns.go, pkg/kubelet/kubelet_pods.go; the text of resolv.conf: containerd
 * internal/cri/server parseDNSOptions.
 */
import { say, type Said } from '../../shared/text.ts';

export interface PodForDns {
  readonly namespace: string;
  readonly dnsPolicy: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly hostNetwork?: boolean;
  readonly dnsConfig?: {
    readonly nameservers?: readonly string[];
    readonly searches?: readonly string[];
    readonly options?: readonly { readonly name: string; readonly value?: string }[];
  };
}

export interface KubeletDns {
  /** Kubernetes release: '1.27', 'v1.22.3+k3s1'. */
  readonly version?: string;
  /** Addresses of --cluster-dns / clusterDNS. */
  readonly clusterDns: readonly string[];
  /** 'cluster.local', or '' when none is set. */
  readonly clusterDomain: string;
  /** Text of the file that resolvConf names; undefined: resolvConf is "", the node's DNS is not used. */
  readonly nodeResolvConf: string | undefined;
  readonly nodeIps?: readonly string[];
}

export interface PodResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
  readonly text: string;
  /** What the kubelet tells in events. */
  readonly warnings: readonly Said[];
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCH_NAME = 253;

const minorOf = (version: string | undefined): number => Number(/^v?1\.(\d{1,3})/u.exec(version ?? '')?.[1] ?? 99);
const unique = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** Lines of `search` and `options` replace earlier ones; nameservers add up; nothing is checked. */
export function parseNodeResolvConf(
  text: string,
  version?: string,
): { nameservers: readonly string[]; searches: readonly string[]; options: readonly string[] } {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  let options: readonly string[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(/[ \t\r\v\f]+/u).filter((word) => word !== '');
    const [keyword, ...rest] = fields;
    if (keyword === undefined || keyword.startsWith('#')) continue;
    if (keyword === 'nameserver' && rest[0] !== undefined) nameservers.push(rest[0]);
    else if (keyword === 'search') searches = rest.map((name) => withoutFinalDot(name, version)).filter((name) => name !== '');
    else if (keyword === 'options') options = rest;
  }
  return { nameservers, searches, options };
}

/** A final dot is dropped. A lone dot became nothing before 1.25, and has been copied since (kubernetes issue 112135). */
function withoutFinalDot(name: string, version: string | undefined): string {
  if (name === '.' && minorOf(version) >= 25) return name;
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

export function podResolvConf(pod: PodForDns, kubelet: KubeletDns): PodResolvConf {
  const warnings: Said[] = [];
  const node = kubelet.nodeResolvConf === undefined ? EMPTY : parseNodeResolvConf(kubelet.nodeResolvConf, kubelet.version);
  let { nameservers, searches, options } = baseOf(pod, kubelet, node, warnings);
  const more = pod.dnsConfig;
  if (more !== undefined) {
    nameservers = unique([...nameservers, ...(more.nameservers ?? [])]);
    searches = unique([...searches, ...(more.searches ?? [])]);
    options = mergeOptions(options, more.options ?? []);
  }
  if (nameservers.length > MAX_NAMESERVERS) {
    nameservers = nameservers.slice(0, MAX_NAMESERVERS);
    warnings.push(say(NAMESERVERS_CUT, { kept: nameservers.join(' ') }));
  }
  const fitted = fitSearches(searches, minorOf(kubelet.version) >= 26);
  if (fitted.length < searches.length) warnings.push(say(SEARCHES_CUT, { kept: fitted.join(' ') }));
  return { nameservers, searches: fitted, options, text: resolvConfText(nameservers, fitted, options), warnings };
}

interface DnsSettings {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

const EMPTY: DnsSettings = { nameservers: [], searches: [], options: [] };
const NAMESERVERS_CUT = {
  en: 'More than three nameservers: the kubelet keeps {kept}.',
  zh: '名称服务器超过三个：kubelet 只保留 {kept}。',
};
const SEARCHES_CUT = {
  en: 'The search list is over the limits: the kubelet keeps {kept}.',
  zh: 'search 列表超出限制：kubelet 只保留 {kept}。',
};
const NO_CLUSTER_DNS = {
  en: 'The kubelet has no clusterDNS: the pod gets the node’s DNS (event MissingClusterDNS).',
  zh: 'kubelet 未配置 clusterDNS：Pod 使用节点的 DNS（事件 MissingClusterDNS）。',
};

function baseOf(pod: PodForDns, kubelet: KubeletDns, node: DnsSettings, warnings: Said[]): DnsSettings {
  if (pod.dnsPolicy === 'None') return EMPTY;
  const cluster = pod.dnsPolicy === 'ClusterFirstWithHostNet' || (pod.dnsPolicy === 'ClusterFirst' && pod.hostNetwork !== true);
  if (cluster && kubelet.clusterDns.length > 0) {
    const { clusterDomain: domain } = kubelet;
    const own = domain === '' ? [] : [`${pod.namespace}.svc.${domain}`, `svc.${domain}`, domain];
    return {
      nameservers: kubelet.clusterDns,
      searches: domain === '' ? node.searches : unique([...own, ...node.searches]),
      options: ['ndots:5'],
    };
  }
  if (cluster) warnings.push(say(NO_CLUSTER_DNS));
  if (kubelet.nodeResolvConf !== undefined) return node;
  // resolvConf: "" leaves the pod with its own loopback, where nothing answers.
  const loopbacks = (kubelet.nodeIps ?? []).map((ip) => (ip.includes(':') ? '::1' : '127.0.0.1'));
  return { nameservers: loopbacks.length === 0 ? ['127.0.0.1'] : loopbacks, searches: ['.'], options: [] };
}

function mergeOptions(existing: readonly string[], more: readonly { readonly name: string; readonly value?: string }[]): readonly string[] {
  const merged = new Map<string, string>();
  for (const option of existing) {
    const colon = option.indexOf(':');
    merged.set(colon < 0 ? option : option.slice(0, colon), colon < 0 ? '' : option.slice(colon + 1));
  }
  for (const { name, value } of more) merged.set(name, value ?? '');
  // The kubelet writes them in no fixed order.
  return [...merged].map(([name, value]) => (value === '' ? name : `${name}:${value}`));
}

function fitSearches(searches: readonly string[], expanded: boolean): readonly string[] {
  const [most, characters] = expanded ? [32, 2048] : [6, 256];
  const kept = searches.slice(0, most).filter((name) => name.length <= MAX_SEARCH_NAME);
  while (kept.join(' ').length > characters) kept.pop();
  return kept;
}

/** The order of lines that containerd writes. */
function resolvConfText(nameservers: readonly string[], searches: readonly string[], options: readonly string[]): string {
  const lines = [
    ...(searches.length === 0 ? [] : [`search ${searches.join(' ')}`]),
    ...nameservers.map((server) => `nameserver ${server}`),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

export interface PodForHosts {
  readonly hostNetwork?: boolean;
  readonly podIps: readonly string[];
  readonly hostname: string;
  readonly subdomain?: string;
  readonly namespace: string;
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames: readonly string[] }[];
}

/** `nodeHosts`: the node's own file, which hostNetwork pods get a copy of. It is written once, and not kept in step afterwards. */
export function podHosts(pod: PodForHosts, clusterDomain: string, nodeHosts: string): string {
  const aliases = pod.hostAliases ?? [];
  const added =
    aliases.length === 0
      ? ''
      : `\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`;
  if (pod.hostNetwork === true) return `# Kubernetes-managed hosts file (host network).\n${nodeHosts}${added}`;
  const { hostname, subdomain = '' } = pod;
  const full = subdomain === '' ? hostname : `${hostname}.${subdomain}.${pod.namespace}.svc.${clusterDomain}\t${hostname}`;
  return `${MANAGED_HEADER}${pod.podIps.map((ip) => `${ip}\t${full}\n`).join('')}${added}`;
}

/** ::1 is there whether or not the pod has IPv6. */
const MANAGED_HEADER = [
  '# Kubernetes-managed hosts file.',
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
  '',
].join('\n');
