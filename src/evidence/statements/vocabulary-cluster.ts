/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/** What people state about runtimes, kubelet, certificates, etcd, CNI, registries, products. */
import { clausesOf, negated } from './statement.ts';
import { amount, clause, flag, rule, says, word, type Observed, type StatementRule } from './vocabulary.ts';

const CNIS = 'flannel|calico|canal|cilium|weave|kube-router|kube-ovn|antrea|multus';

const cni = rule((s) => {
  if (!/\bcni\b|network (?:plugin|provider|add-?on)|overlay|网络插件|pod network$/u.test(s.words)) return [];
  const found: Observed[] = [];
  const name = new RegExp(`\\b(${CNIS})\\b`, 'u').exec(s.said)?.[1];
  const earlier = /previous|earlier|old|former|first|before/u.test(s.words);
  const aboutFiles = /config|\bconf\b|files?\b|net ?d\b|\bdir\b|director|folder|errors?\b/u.test(s.words);
  if (name !== undefined && !aboutFiles) found.push([earlier ? 'cni.previous' : 'cni.name', name]);
  const backend = /\b(vxlan|host-?gw|wireguard|ipip|ipsec|bgp|geneve|udp)\b/u.exec(s.said)?.[1];
  if (backend !== undefined) found.push(['cni.backend', backend.replace('hostgw', 'host-gw')]);
  if (/config|files?|net ?d\b/u.test(s.words)) {
    const files = [...s.value.matchAll(/([\w.-]+\.conf(?:list)?)/gu)].map((m) => m[1] ?? '');
    if (files.length > 0) found.push(['cni.config-files', files.sort()]);
    else if (s.yes === false || /empty|none|missing|no files/u.test(s.said)) found.push(['cni.config-files', []]);
  }
  return found;
});

const versions = rule((s) => {
  const version = /v?(\d+\.\d[\w.+~-]*)/u.exec(s.value)?.[1];
  if (version === undefined) return [];
  const w = s.words;
  if (/^docker(?: server| engine| daemon)?(?: version)?$/u.test(w)) return [['docker.version', version]];
  if (/^containerd(?: version)?$/u.test(w)) return [['containerd.version', version]];
  if (/^(?:kubernetes|k8s|kube)(?: version)?$/u.test(w)) return [['kube.version', version]];
  if (/^kubelet(?: version)?$/u.test(w)) return [['kubelet.version', version]];
  const program =
    /^(k3s|rke2|rke|kubeadm|coredns|calico|flannel|etcd|systemd|iptables|musl|alpine|glibc|golang|go|nscd|unscd|crictl|runc|networkmanager|network manager)(?: version)?$/u.exec(
      w,
    )?.[1];
  return program === undefined ? [] : [[`program.${program.replace(' ', '')}.version`, version]];
});

const docker = rule((s) => {
  if (!/docker|podman|snap|容器运行时/u.test(s.text)) return [];
  const found: Observed[] = [];
  if (/upgraded?|updated|升级/u.test(s.words) && s.text.includes('docker') && s.yes !== false) found.push(['docker.upgraded', true]);
  if (/\bsnap\b/u.test(s.text) && s.yes !== false) found.push(['docker.from-snap', true]);
  if (s.text.includes('podman') && s.text.includes('docker') && s.yes !== false) found.push(['docker.is-podman', true]);
  if (
    /^docker(?: daemon| service| engine)?(?: running| active| state| status)?$/u.test(s.words) &&
    (s.yes !== undefined || /running|stopped|inactive|not/u.test(s.said)) &&
    !/\d+\.\d+/u.test(s.value)
  )
    found.push(['docker.running', s.yes ?? !negated(s.said)]);
  const driver = /log(?:ging)? driver/u.test(s.words) ? /([\w-]+)/u.exec(s.value)?.[1] : undefined;
  if (driver !== undefined) found.push(['docker.log-driver', driver]);
  const storage = s.words.includes('storage driver') ? /([\w-]+)/u.exec(s.value)?.[1] : undefined;
  if (storage !== undefined) found.push(['docker.storage-driver', storage]);
  if (/mountflags?[= ]slave|mount ?flags/u.test(s.text)) found.push(['docker.mount-flags', /slave|private/u.exec(s.text)?.[0] ?? 'set']);
  if (s.text.includes('rootless') && s.yes !== false) found.push(['docker.rootless', true]);
  if (/insecure[- ]registr/u.test(s.text) && (s.yes === false || /missing|not|lacks|no /u.test(s.said)))
    found.push(['docker.insecure-registries', []]);
  if (/\bbip\b/u.test(s.words)) found.push(['docker.bip', s.value]);
  if (
    /restart(?:ing)? (?:of )?docker[^;]{0,40}(?:cures|helps|fixes|heals|solves)|(?:cured|fixed|heals)[^;]{0,30}restart(?:ing)? docker/u.test(
      s.text,
    )
  )
    found.push(['docker.restart-heals', true]);
  return found;
});

const containerd = rule((s) => {
  const found: Observed[] = [];
  if (/systemd ?cgroup/u.test(s.text)) {
    const value =
      s.yes ??
      (/systemd ?cgroup ?= ?(true|false)/u.exec(s.text)?.[1] === 'true'
        ? true
        : /systemd ?cgroup ?= ?false|missing|not set|absent|lacks/u.test(s.text)
          ? false
          : undefined);
    if (value !== undefined) found.push(['containerd.systemd-cgroup', value]);
  }
  if (/disabled[_ ]plugins?/u.test(s.text) && s.said.includes('cri')) found.push(['containerd.cri-enabled', false]);
  else if (s.text.includes('cri plugin') && (s.yes !== undefined || /disabled|enabled/u.test(s.said)))
    found.push(['containerd.cri-enabled', s.yes ?? !/disabled|not/u.test(s.said)]);
  if (/sandbox[_ ]image|pause image/u.test(s.words)) found.push(['containerd.sandbox-image', s.value]);
  if (/cri sockets?|container runtime (?:sockets?|endpoints?)/u.test(s.words)) {
    const sockets = [...s.value.matchAll(/(\/[\w./-]+\.sock)/gu)].map((m) => m[1] ?? '');
    if (sockets.length > 0) found.push(['cri.sockets', sockets]);
  }
  const installed = s.words.includes('runtimes')
    ? ['docker', 'containerd', 'cri-o', 'crio', 'cri-dockerd'].filter((r) => s.said.includes(r))
    : [];
  if (installed.length > 0) found.push(['runtime.installed', installed]);
  const runtimes = /runtimes?|installed/u.test(s.words) ? ['docker', 'containerd', 'cri-o', 'crio'].filter((r) => s.said.includes(r)) : [];
  if (runtimes.length > 0 && /container runtimes?$|^runtimes?$|cri$/u.test(s.words)) found.push(['runtime.name', runtimes[0] ?? '']);
  if (
    /containerd|crio|cri-o/u.test(s.words) &&
    /(?:service|running|active|state|status)$|^(?:containerd|crio|cri-o)$/u.test(s.words) &&
    s.yes !== undefined
  )
    found.push([`unit.${/containerd|crio/u.exec(s.words)?.[0] ?? 'containerd'}.active`, s.yes ? 'active' : 'inactive']);
  return found;
});

const certificates = rule((s) => {
  if (!/cert(?:ificate)?s?\b|\bca\b|cacerts|tls|x509|证书|\bsans?\b/u.test(s.text)) return [];
  const found: Observed[] = [];
  if (
    /expired|not after[^;]{0,30}past|past (?:its|the) (?:expiry|end)|过期|ran out/u.test(s.text) &&
    s.yes !== false &&
    !s.text.includes('not expired')
  )
    found.push(['cert.expired', true]);
  else if (s.words.includes('expired') && s.yes === false) found.push(['cert.expired', false]);
  const after = /not after|expir\w*|valid until|notafter|有效期/u.test(s.text)
    ? /(\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?)/u.exec(s.value)?.[1]
    : undefined;
  if (after !== undefined) found.push(['cert.told.not-after', after.replace(' ', 'T')]);
  if (
    /\bca\b[^;]{1,40}(?:changed|replaced|renewed|regenerated|new|rotated|different|updated|switched|migrated|re-?issued|re-?created)|(?:changed|replaced|new|other|old|different|another|updated) (?:root )?(?:ca|certificate authority)\b|(?:certificate|cert)s?[^;]{0,40}(?:replaced|regenerated|of (?:the |an? )?(?:old|earlier|previous))/u.test(
      s.text,
    ) &&
    s.yes !== false
  )
    found.push(['cert.ca-changed', true]);
  if (
    /(?:certificate|cert|key|pem)[^;]{0,60}(?:does not exist|do not exist|missing|not found|no such file|not there|absent|不存在)/u.test(
      s.text,
    )
  )
    found.push(['cert.missing', [s.value]]);
  const sans = /\bsans?\b|subject alternative|certificate names|valid for/u.test(s.words)
    ? s.value.split(/[, ]+/u).filter((x) => /[.:]|localhost/u.test(x))
    : [];
  if (sans.length > 0) found.push(['cert.told.sans', sans]);
  if (/\bsans?\b|in (?:the )?cert/u.test(s.words) && s.yes !== undefined && sans.length === 0) found.push(['cert.san-covers', s.yes]);
  const cn = /system:node:[\w.-]+/u.exec(s.value)?.[0];
  if (cn !== undefined) found.push(['kubelet.certificate-cn', cn]);
  if (/intermediate[^;]{0,40}(?:missing|not (?:sent|served|included))|chain (?:is )?incomplete|incomplete chain/u.test(s.text))
    found.push(['cert.chain-incomplete', true]);
  if (/self-?signed|private ca|internal ca|自签/u.test(s.text) && s.yes !== false) found.push(['cert.private-ca', true]);
  return found;
});

const etcd = rule((s) => {
  if (!s.text.includes('etcd')) return [];
  const found: Observed[] = [];
  if (/members?|nodes?|成员/u.test(s.words)) {
    const n = /^(\d)\b(?! (?:of|out of))/u.exec(s.value)?.[1];
    if (n !== undefined) found.push(['etcd.member-count', Number(n)]);
    const reach = /(\d) (?:of|out of|\/) ?(\d)(?: (?:are |is )?(up|reachable|healthy|alive|down|lost|dead|gone|unreachable))?/u.exec(
      s.said,
    );
    if (reach !== null) {
      const down = /down|lost|dead|gone|unreach/u.test(reach[3] ?? s.said);
      found.push(
        ['etcd.member-count', Number(reach[2])],
        ['etcd.members-reachable', down ? Number(reach[2]) - Number(reach[1]) : Number(reach[1])],
      );
    }
  }
  if (/nospace|no ?space alarm|space exceeded|quota/u.test(s.text) && s.yes !== false) found.push(['etcd.alarms', ['NOSPACE']]);
  const size = /(?:db|database)[ _]size|size of the (?:db|database)/u.test(s.words) ? /(\d+(?:\.\d+)?) ?(g|m)/u.exec(s.said) : null;
  if (size !== null) found.push(['etcd.db-size-bytes', Math.round(Number(size[1]) * (size[2] === 'g' ? 2 ** 30 : 2 ** 20))]);
  if (/data ?-?dir|var[ /]lib[ /](?:rancher[ /])?etcd|db[ /]etcd/u.test(s.text)) {
    const owner = /(?:owned by|owner)[: ]+(?:user |uid )?([\w:.-]+)/u.exec(s.text)?.[1];
    if (owner !== undefined) found.push(['etcd.data-dir-owner', owner]);
    const mode = /\b(0?[0-7]{3})\b/u.exec(s.said)?.[1];
    if (mode !== undefined && /mode|permission|chmod/u.test(s.text)) found.push(['etcd.data-dir-mode', mode.replace(/^0/u, '')]);
    if (/old(?:er)?|earlier|previous|not (?:empty|removed|cleaned|deleted)|still there|left|stale|kept|旧/u.test(s.said))
      found.push(['etcd.data-dir-older-than-cluster', true]);
  }
  if (/restored|snapshot restored|rolled back|from (?:a )?(?:backup|snapshot)/u.test(s.text) && s.yes !== false)
    found.push(['etcd.restored', true]);
  const fsync = /fsync|fdatasync/u.test(s.text) ? /(\d+(?:\.\d+)?) ?(ms|s)\b/u.exec(s.said) : null;
  if (fsync !== null) found.push(['disk.fsync-p99-ms', Number(fsync[1]) * (fsync[2] === 's' ? 1000 : 1)]);
  return found;
});

const tokens = rule((s) => {
  if (!/token|令牌/u.test(s.words)) return [];
  const found: Observed[] = [];
  if (/expired|older than|24 ?h|ran out|过期/u.test(s.text) && s.yes !== false) found.push(['join.token-expired', true]);
  if (/match|same|equal|correct|valid|一致/u.test(s.text)) found.push(['join.token-matches', s.yes ?? !negated(s.said)]);
  else if (/wrong|different|differs|another|old|mismatch|不一致/u.test(s.said)) found.push(['join.token-matches', false]);
  return found;
});

const coredns = rule((s) => {
  if (!/coredns|kube-?dns|corefile|cluster dns/u.test(s.text)) return [];
  const found: Observed[] = [];
  if (/crash|restart(?:s|ing)? (?:again|over|loop)|backoff/u.test(s.text)) found.push(['coredns.crash-loop', true]);
  if (s.text.includes('loop') && /forward|detected|plugin|error|root domain|itself/u.test(s.text) && s.yes !== false)
    found.push(['coredns.loop-detected', true]);
  const forward = /(?:forward|upstream|proxy)[^;]{0,20}?(?:: | to | \. |is )[^;]{0,10}?((?:\d{1,3}\.){3}\d{1,3}|\/etc\/resolv\.conf)/u.exec(
    s.text,
  )?.[1];
  if (forward !== undefined) found.push(['coredns.forward', [forward]]);
  if (/upstream|forward(?:er)?/u.test(s.words) && s.yes !== undefined) found.push(['coredns.upstream-answers', s.yes]);
  if (/endpoints?/u.test(s.text) && (s.yes === false || /none|empty|no /u.test(s.said)))
    found.push(['kube.service.kube-dns.endpoints', []]);
  if (/cpu|memory|oom|throttl|limit|load|overload|concurrent/u.test(s.text) && /limit|high|100|throttl|oom|max|reach|满/u.test(s.said))
    found.push(['coredns.overloaded', true]);
  const zone = /zone|domain/u.test(s.words) ? /([a-z0-9-]+(?:\.[a-z0-9-]+)+)/u.exec(s.said)?.[1] : undefined;
  if (zone !== undefined) found.push(['coredns.zones', [zone]]);
  return found;
});

const ranges = rule((s) => {
  const cidr = /((?:\d{1,3}\.){3}\d{1,3}\/\d{1,2})/u.exec(s.value)?.[1];
  if (cidr === undefined) return [];
  if (/service|svc/u.test(s.words)) return [['kube.service-cidr', cidr]];
  if (/pod|cluster cidr|overlay|flannel network/u.test(s.words)) return [['kube.pod-cidr', cidr]];
  if (/docker0?|bip|bridge/u.test(s.words)) return [['docker.bip', cidr]];
  if (/node|host|company|corporate|office|lan|local|vpn|server|machine|physical/u.test(s.words)) return [['kube.node-cidr', cidr]];
  return [];
});

const registry = rule((s) => {
  if (!/registr|mirror|\bpull\b|image|docker hub|dockerhub|镜像/u.test(s.words)) return [];
  const found: Observed[] = [];
  if (/mirrors?$|mirror (?:key|entry|name|under)/u.test(s.words) && /[\w.-]+/u.test(s.value) && s.yes === undefined)
    found.push([
      'registry.mirrors',
      [...s.value.matchAll(/["']?([\w*-]+(?:\.[\w-]+)*(?::\d+)?)["']?(?=[, ]|$)/gu)]
        .map((m) => m[1] ?? '')
        .filter((x) => x.includes('.') || x.includes(':') || x === '*'),
    ]);
  if (/\bhttp\b|plain http|insecure|without tls/u.test(s.said) && !s.said.includes('https')) found.push(['registry.scheme', 'http']);
  if (/rate limit|toomanyrequests|429|limit/u.test(s.text) && s.yes !== false) found.push(['registry.rate-limited', true]);
  if (
    /auth|credential|login|secret|password|认证/u.test(s.text) &&
    (s.yes === false || /missing|none|no |not |without|wrong|expired/u.test(s.said))
  )
    found.push(['registry.credentials', false]);
  if (/(?:pull|reach)[^;]{0,30}(?:by hand|manual|docker pull|crictl pull|curl)/u.test(s.text) && s.yes !== undefined)
    found.push(['registry.pull-by-hand-works', s.yes]);
  return found;
});

const rancher = rule((s) => {
  const found: Observed[] = [];
  const w = s.words;
  if (
    /(?:server|rancher|agent)(?: server)? (?:url|name|hostname|domain)|server name|rancher (?:host|fqdn)/u.test(w) ||
    /rancher (?:server )?(?:name|hostname|url)/u.test(s.said)
  ) {
    if (/hosts(?: file)?/u.test(s.text)) found.push(['rancher.name-in-hosts', !(s.yes === false || negated(s.said))]);
    if (/\bdns\b/u.test(s.text))
      found.push([
        'rancher.name-in-dns',
        !(s.yes === false || negated(s.said) || /only in (?:the )?hosts|hosts only|no dns/u.test(s.text)),
      ]);
    const url = /(https?:\/\/[^ ,;"']+)/u.exec(s.value)?.[1];
    if (url !== undefined) found.push(['rancher.server-url', url]);
  }
  if (/(?:only|just) in (?:the )?(?:nodes'? )?(?:\/?etc\/?)?hosts|no dns record|not in dns|hosts files? only/u.test(s.text))
    found.push(['rancher.name-in-hosts', true], ['rancher.name-in-dns', false]);
  if (/^(?:k3s url|server url|join url|join server|server)$/u.test(w)) {
    const url = /(https?:\/\/[^ ,;"']+)/u.exec(s.value)?.[1];
    if (url !== undefined) found.push(['join.server-url', url]);
  }
  if (/join[^;]{0,20}port|server[^;]{0,20}port|registration port|supervisor port/u.test(w)) {
    const port = /(\d{2,5})/u.exec(s.value)?.[1];
    if (port !== undefined && s.yes === undefined) found.push(['join.port', Number(port)]);
  }
  if (/^mode$|how it was run|invocation|command/u.test(w) && s.said.includes('rke up --local')) found.push(['product.local-mode', true]);
  if (/rke ?state|cluster\.rkestate|state file/u.test(s.text))
    found.push(['rke.state-file', !(s.yes === false || /lost|missing|old|deleted|other|not/u.test(s.said))]);
  if (w.includes('checksum') && !/offload|ethtool|udp|tcp|tx|vxlan|packet/u.test(s.text)) {
    const sum = /\b([0-9a-f]{64})\b/u.exec(s.said)?.[1];
    if (sum !== undefined) found.push(['rancher.agent-ca-checksum', sum]);
    else if (s.yes === false || /differs?|mismatch|not (?:equal|match|same)|old/u.test(s.said))
      found.push(['rancher.checksum-matches', false]);
  }
  if (/(?:load ?balancer|\blb\b|reverse proxy|nginx|ingress|f5|haproxy)[^;]{0,60}(?:websocket|upgrade|idle timeout|headers?)/u.test(s.text))
    found.push(
      ['rancher.behind-load-balancer', true],
      ...((s.yes === false || negated(s.said) ? [['rancher.websocket-works', false]] : []) as Observed[]),
    );
  return found;
});

const pods = rule((s) => {
  const found: Observed[] = [];
  const text = s.text;
  if (/dns ?policy/u.test(s.words))
    found.push(['kube.pod-dns-policy', /(clusterfirstwithhostnet|clusterfirst|default|none)/iu.exec(s.value)?.[1] ?? s.value]);
  if (/host ?network/u.test(s.words) && s.yes !== undefined) found.push(['kube.pod-host-network', s.yes]);
  else if (/host ?network(?:ed|ing)?\b/u.test(s.said) && !/not|without/u.test(s.said)) found.push(['kube.pod-host-network', true]);
  for (const c of clausesOf(text))
    if (/endpoints?/u.test(c) && /empty|none|no (?:ready )?(?:endpoints?|pods?)|<none>/u.test(c))
      found.push(['kube.endpoints-empty', true]);
  if (/^(?:nodes?|node) (?:status|state|ready)(?: later)?$|^nodes?$/u.test(s.words) && s.said.includes('ready'))
    found.push(['kube.nodes-ready', !/not ?ready/u.test(s.said)]);
  if (/pods?(?: state| status)?$/u.test(s.words) && /crash|error|pending|not running|creating|image ?pull|evicted/u.test(s.said))
    found.push(['kube.pods-failing', true]);
  if (/metadata|webhook/u.test(s.words) && s.yes !== undefined) found.push([`told-works.${s.words.replaceAll(' ', '-')}`, s.yes]);
  return found;
});

const mounts = rule((s) => {
  if (!/propagation|shared mount|rshared|rslave|mount --make|\/var\/run|\/run\b|var run/u.test(s.text)) return [];
  const found: Observed[] = [];
  const mode = /\b(private|shared|slave|rshared|rslave)\b/u.exec(s.said)?.[1];
  if (/propagation|shared/u.test(s.words) && mode !== undefined) found.push(['mount./.propagation', mode.replace(/^r/u, '')]);
  else if (s.words.includes('shared') && s.yes === false) found.push(['mount./.propagation', 'private']);
  if (/var run (?:is |was )?(?:bind )?mount(?:ed|s)?|mounts? (?:of )?(?:the )?(?:host )?var run/u.test(s.words) && s.yes !== undefined)
    found.push(['container.mounts-var-run', s.yes]);
  else if (
    /(?:\/var\/run|\/run\b|var run)[^;]{0,60}(?:mounted|bind|volume|in the container|into)/u.test(s.text) &&
    s.yes !== false &&
    !s.text.includes('docker.sock')
  )
    found.push(['container.mounts-var-run', true]);
  return found;
});

export const clusterVocabulary: readonly StatementRule[] = [
  cni,
  versions,
  docker,
  containerd,
  certificates,
  etcd,
  tokens,
  coredns,
  ranges,
  registry,
  rancher,
  pods,
  mounts,
  flag(/^kubelet(?: running| active| state| status| service)?$/u, 'kubelet.running'),
  word(
    /^kubelet cluster dns$|cluster dns (?:ip|address|setting)$|^cluster dns$/u,
    'kubelet.cluster-dns',
    /((?:\d{1,3}\.){3}\d{1,3})/u,
    (w) => [w],
  ),
  word(
    /(?:coredns|kube dns|dns) service (?:ip|address|cluster ip)|cluster ip of (?:the )?(?:coredns|kube dns|dns)/u,
    'kube.dns-service-ip',
    /((?:\d{1,3}\.){3}\d{1,3})/u,
  ),
  word(/cluster domain/u, 'kubelet.cluster-domain', /([a-z0-9-]+(?:\.[a-z0-9-]+)+)/iu),
  flag(/fail ?swap ?on/u, 'kubelet.fail-swap-on'),
  word(
    /hostname override|node ?name (?:override|flag|option|argument|parameter|setting)|^(?:--)?node-?name$/u,
    'kubelet.hostname-override',
    /^(?:--[a-z-]+[= ])?([\w.-]+)$/u,
  ),
  rule((s) => {
    const flagged = /--(?:hostname-override|node-name)[= ]"?([\w.-]+)/u.exec(`${s.key} ${s.value}`)?.[1];
    return flagged === undefined ? [] : [['kubelet.hostname-override', flagged]];
  }),
  word(/kube(?:config)? ?config server|kubeconfig (?:server )?(?:host|url|server)|kubeconfig server host/u, 'kubeconfig.server'),
  word(/kube ?proxy mode|proxy mode/u, 'kube.proxy-mode', /(iptables|ipvs|nftables|ebpf)/iu, (w) => w.toLowerCase()),
  amount(/nodes? count|number of nodes|^nodes$|cluster size/u, 'kube.node-count', /^(\d+)/u),
  word(/pod ?cidr(?: of the node)?$|spec pod ?cidr/u, 'kube.node.told.pod-cidr', /([\d./]+)/u),
  word(/^(?:failing |pulled )?image(?: name| reference)?$/u, 'image.name', /^([\w.-]+(?::\d+)?(?:\/[\w./-]+)?(?::[\w.-]+)?)$/u),
  amount(/(?:running |live )?pods?(?: running| count| on (?:the )?node)$|^running pods/u, 'kube.pods-on-node', /^(\d+)/u),
  word(
    /(?:node|object) (?:object )?name(?: in kubernetes| in the cluster)?$|registered as|kubectl get nodes?(?: shows)?/u,
    'kube.node-name',
    /^([A-Za-z0-9][\w.-]*)$/u,
  ),
  says(/docker[^;]{0,40}(?:kill(?:ed)? (?:with )?-?9|kill -9|crash(?:ed)?)/u, ['docker.killed', true]),
  clause(/rbac|role ?binding|can-i/u, 'kube.rbac-allows'),
  flag(/api ?server (?:reachable|up|running|healthy)/u, 'process.kube-apiserver.running'),
  says(/(?:oom[- ]?killed|out of memory|exit(?: code)? 137)/u, ['container.told.oom-killed', true]),
  says(/no (?:pod|container) (?:gets|has|receives) an? (?:ip|address)|ip(?:am)? (?:pool|range)?[^;]{0,20}exhausted/u, [
    'cni.addresses-exhausted',
    true,
  ]),
];
