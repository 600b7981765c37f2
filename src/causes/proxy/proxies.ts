/** HTTP proxies in the way, or missing. Source: Go golang.org/x/net/http/httpproxy, curl(1), rke1-docs provisioning errors, k3s-io/docs advanced, kubeadm checks.go. */
import type { NodeFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { isExcepted } from '../../facts/parse/no-proxy.ts';
import type { Test } from '../_checks/index.ts';
import {
  all,
  any,
  ask,
  evidenceCause,
  isPodAddress,
  isServiceAddress,
  line,
  off,
  on,
  stated,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';

const EXCEPTIONS = 'proxy-catches-internal-traffic/exceptions';
const proxySet = any(
  line('proxy-catches-internal-traffic/variable'),
  on('proxy.set'),
  ({ node }) =>
    ['proxy.http', 'proxy.https'].some((key) => node.observations[key]?.state === 'known' && node.observations[key].value !== '')
      ? { seen: 'yes', kind: 'configuration' }
      : { seen: 'unknown' },
  stated({
    key: /environment|\benv\b|unit|drop ?in|service/iu,
    value: /^(?!no\b|not\b|without|none|unset).*\bhttps?_proxy\b(?! (?:un|not |is not|none))/iu,
  }),
  stated({
    whole:
      /\b(?:injects?|sets?|exports?|passes|adds?|puts?|inherits?|gets?|has|have|with|uses?) (?:an? |the |its )?(?:https? |corporate |company )?proxy\b/iu,
  }),
  stated({
    whole:
      /(?:https?_proxy|proxy)[^:]*: *(?:https?:\/\/|\d+\.\d+|set|yes|[a-z0-9.-]+:\d+|.{0,60}\b(?:configured|enabled|in use|set (?:for|in|on|at)|copied from))/iu,
  }),
);
/** Go's words when it was the proxy that could not be reached, or that refused to connect on. Source: Go net/http/transport.go. */
const throughProxy = (s: Symptom): boolean =>
  s.evidence.some((e) => /proxyconnect tcp: |from proxy after CONNECT|uses proxy "/u.test(e.text ?? ''));
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|127\.)|\.svc(?:\.|$)|\.cluster\.local$|^kubernetes(?:\.|$)|^localhost$/u;
/** What was asked for is an address of a Service, of a pod or of a node, or a name that only the cluster knows: no proxy can help there. */
const isPrivateTarget = (s: Symptom, node: NodeFacts): boolean =>
  s.evidence.some((e) => {
    const before = /^(.{0,600}?)(?:proxyconnect tcp: | from proxy after CONNECT| uses proxy ")/u.exec(e.text ?? '')?.[1] ?? '';
    const name = [...before.matchAll(/(?:https?:\/\/|wss?:\/\/|onnection to ")\[?([\w.-]+)/gu)].at(-1)?.[1];
    if (name === undefined) return false;
    return isServiceAddress(node, name) || isPodAddress(node, name) || PRIVATE.test(name);
  });
/**
 * Go's transport turns the status text of a refused CONNECT into the whole error: `Get "https://host:10250/…": Forbidden`. A server that
 * answers itself comes with a body, and so with more words. Source: Go net/http/transport.go (dialConn).
 */
const REFUSED_CONNECT =
  /\b(?:Get|Post|Put|Patch|Delete|Head|Options) \\?"?https:\/\/([^" ]{1,300}?)\\?"?: (?:Forbidden|Not Found|Bad Gateway|Service Unavailable|Gateway Time-?out|Method Not Allowed|Proxy Authentication Required|Internal Server Error|Bad Request|Moved Permanently|Found)(?=$|[\\"',;)]|\.(?:$| ))/u;
/** The port of kubelet, or an address or name that only the cluster has: no server there answers in one word. */
const refusedConnect = symptomWhere((s, node) =>
  s.evidence.some((e) => {
    const target = REFUSED_CONNECT.exec(e.text ?? '')?.[1]?.split('/')[0];
    if (target === undefined) return false;
    const { host: name, port } = /^\[?(?<host>.+?)\]?(?::(?<port>\d{1,5}))?$/u.exec(target)?.groups ?? {};
    if (name === undefined) return false;
    return /^(?:10250|6443|9345|2379)$/u.test(port ?? '') || isServiceAddress(node, name) || isPodAddress(node, name) || PRIVATE.test(name);
  }),
);
/** Names that only the cluster or the site has, and addresses of private ranges: no proxy of a company should be asked for them. */
const INTERNAL = /\.(?:internal|local|lan|svc|corp|intra|home)\.?$|^[^.:]+$/iu;
/** What answered a call shows that it was not the server: another certificate, or an error page; and the list of exceptions lacks that server. */
const exceptionMissing: Test = ({ node, symptoms }) => {
  const told = node.observations['proxy.no-proxy'];
  const lists = [
    ...(told?.state === 'known' && typeof told.value === 'string' ? [told.value] : []),
    ...symptoms.flatMap((s) => (s.kind === EXCEPTIONS ? [s.details?.['exceptions'] ?? ''] : [])),
  ].filter((list) => list !== '');
  if (lists.length === 0) return { seen: 'unknown' };
  const hit = symptoms.find((s) => {
    const name = s.name ?? s.address;
    const foreign =
      (s.operation === 'tls' && ['unknown-authority', 'name-mismatch'].includes(s.details?.['reason'] ?? '')) ||
      (s.operation === 'http' && [403, 407, 502, 503, 504].includes(s.httpStatus ?? 0));
    return foreign && name !== undefined && (INTERNAL.test(name) || PRIVATE.test(name)) && !lists.some((list) => isExcepted(name, list));
  });
  const source = hit?.evidence[0];
  return hit === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'comparison',
        symptoms: [hit],
        values: { name: hit.name ?? hit.address ?? '' },
        ...(source === undefined ? {} : { source }),
      };
};
const notCovered = any(
  line('proxy-catches-internal-traffic/narrow-exceptions'),
  off('proxy.no-proxy-covers-cluster'),
  stated(
    {
      whole:
        /no_?proxy[^.;]*(?:lack|missing|without|does not|doesn't|not set|unset|empty|only|not (?:contain|include|cover|list)|缺少|未包含|没有)/iu,
    },
    { whole: /\b(?:no|without(?: an?)?|lacks?(?: an?)?|missing) no_?proxy\b/iu },
    { key: /no ?proxy/iu, value: /^(?:unset|not set|empty|none|missing|no\b|absent)/iu },
  ),
);

export const proxyCatchesInternalTraffic = evidenceCause({
  id: 'proxy-catches-internal-traffic',
  area: 'proxy',
  severity: 'critical',
  layer: 5,
  title: t('A proxy catches traffic between the nodes', '代理拦截了节点之间的流量'),
  mechanism: t(
    'A component runs with a proxy in its environment, and NO_PROXY does not cover nodes, pods, services or localhost. Its requests to the cluster go to the proxy, which answers with an error or its own certificate. Go exempts localhost by itself, curl and wget do not.',
    '组件的环境中设置了代理，而 NO_PROXY 没有覆盖节点、Pod、Service 或 localhost。它发往集群的请求被送到代理，由代理返回错误或它自己的证书。Go 会自动排除 localhost，curl 和 wget 不会。',
  ),
  summary: t('Requests to the cluster itself are sent to an HTTP proxy.', '发往集群自身的请求被送到了 HTTP 代理。'),
  sources: [
    'golang.org/x/net/http/httpproxy',
    'rke1-docs: provisioning errors',
    'kubernetes cmd/kubeadm/app/preflight/checks.go',
    'k3s-io/docs: advanced',
  ],
  lookAlikes: ['proxy-missing-for-egress', 'cert-ca-mismatch', 'join-server-url-wrong'],
  signatures: [
    {
      id: 'proxy-catches-internal-traffic/proxyconnect',
      grade: 'strong',
      anchors: [
        'proxyconnect tcp',
        '[WARNING HTTPProxy',
        '" uses proxy "',
        ' from proxy after CONNECT',
        'X-Squid-Error',
        'ERR_ACCESS_DENIED',
      ],
      pattern:
        /^(?!.*(?:registry|docker\.io|gcr\.io|quay\.io|ghcr\.io|k8s\.io)).*proxyconnect tcp: |\[WARNING HTTPProxy|onnection to "[^"]+" uses proxy "|Received HTTP code \d+ from proxy after CONNECT|X-Squid-Error|ERR_ACCESS_DENIED/u,
      matches: [
        'Get "https://10.0.0.4:6443/version": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused',
        '[WARNING HTTPProxy]: Connection to "https://10.0.0.4" uses proxy "http://10.0.0.9:3128". If that is not intended, adjust your proxy settings',
      ],
      rejects: ['pull failed: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: EOF', 'Using iptables proxier'],
    },
    {
      // Source: google.golang.org/grpc, proxy.go (doHTTPConnectHandshake): only a proxy answers a CONNECT.
      id: 'proxy-catches-internal-traffic/grpc',
      grade: 'direct',
      anchors: ['failed to do connect handshake'],
      pattern: /failed to do connect handshake, response: /u,
      matches: ['transport: Error while dialing failed to do connect handshake, response: "HTTP/1.1 403 Forbidden'],
      rejects: ['transport: authentication handshake failed: context deadline exceeded'],
    },
    {
      // Source: squid access.log (native format): the proxy was asked for a probe, a port of the cluster or a Service address.
      id: 'proxy-catches-internal-traffic/access-log',
      grade: 'direct',
      anchors: [' TCP_MISS', ' TCP_DENIED', ' TCP_TUNNEL', ' TCP_REFRESH'],
      pattern:
        / TCP_(?:MISS|DENIED|TUNNEL|REFRESH)[A-Z_]*\/\d{3} \d+ (?:GET|POST|PUT|PATCH|HEAD|CONNECT) (?:https?:\/\/)?(?:(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+(?::(?:10250|10254|10256|6443|2379)\b|(?::\d+)?\/(?:healthz|readyz|livez|ready|health|containerLogs|exec|apis?)\b)|10\.(?:43|96|233)\.[\d.]+:|[\w.-]+\.svc[.:/])/u,
      matches: [
        '1499844148.511 998 10.0.0.10 TCP_MISS_ABORTED/000 0 GET http://10.25.73.2:10254/healthz - HIER_DIRECT/10.25.73.2 -',
        '1499844148.511 0 10.0.0.10 TCP_DENIED/403 3898 CONNECT 10.43.0.1:443 - HIER_NONE/- text/html',
      ],
      rejects: ['1499844148.511 998 10.0.0.10 TCP_TUNNEL/200 0 CONNECT registry-1.docker.io:443 - HIER_DIRECT/1.2.3.4 -'],
    },
    {
      id: 'proxy-catches-internal-traffic/service-account',
      grade: 'weak',
      anchors: ['Failed to apply the ServiceAccount needed for job execution'],
      pattern: /Failed to apply the ServiceAccount needed for job execution/u,
      matches: ['Failed to apply the ServiceAccount needed for job execution: Post "https://10.0.0.4:6443/apis": Forbidden'],
      rejects: ['Applied the ServiceAccount'],
    },
  ],
  lines: [
    {
      id: 'proxy-catches-internal-traffic/variable',
      grade: 'weak',
      anchors: [
        'http_proxy=',
        'https_proxy=',
        'HTTP_PROXY=',
        'HTTPS_PROXY=',
        'http_proxy: ',
        'https_proxy: ',
        'HTTP_PROXY: ',
        'HTTPS_PROXY: ',
        'HttpProxy=',
        'httpProxy',
      ],
      pattern: /(?:^|[^A-Z0-9])https?_proxy(?:=|: )["']?(?<proxy>[a-z]+:\/\/[^ "',]+|[a-z0-9.-]+:\d+)/iu,
      matches: ['  - http_proxy=http://proxy.corp:3128', '      HTTPS_PROXY: "http://10.0.0.9:8080"'],
      rejects: ['  - http_proxy=', 'using proxy mode iptables'],
    },
    {
      id: EXCEPTIONS,
      grade: 'weak',
      anchors: ['no_proxy=', 'NO_PROXY=', 'no_proxy: ', 'NO_PROXY: '],
      pattern: /(?:^|[^A-Z0-9])no_proxy(?:=|: )["']?(?<exceptions>[^ "']{1,2000})/iu,
      matches: ['  - env NO_PROXY=corp.example,10.0.0.0/8', "no_proxy: 'localhost,.svc'"],
      rejects: ['  - no_proxy=', 'the variable NO_PROXY'],
    },
    {
      id: 'proxy-catches-internal-traffic/narrow-exceptions',
      grade: 'weak',
      anchors: ['no_proxy=', 'NO_PROXY=', 'no_proxy: ', 'NO_PROXY: '],
      // The list names no address range at all: neither nodes, nor pods, nor Services are excepted.
      pattern: /(?:^|[^A-Z0-9])no_proxy(?:=|: )["']?(?![^ ]*(?:\*|\/\d|(?:10|172|192|100)\.\d))(?<exceptions>[^ "']*)/iu,
      matches: ['  - no_proxy=localhost,corp.example', 'docker run -e NO_PROXY=localhost image'],
      rejects: ['  - no_proxy=localhost,10.0.0.0/8,.svc', 'NO_PROXY=*'],
    },
  ],
  confirm: [
    {
      when: all(proxySet, exceptionMissing),
      grade: 'direct',
      says: t(
        'A proxy is set, NO_PROXY does not except {name}, and it was not {name} that answered.',
        '设置了代理，NO_PROXY 没有排除 {name}，而应答的并非 {name}。',
      ),
    },
    {
      when: symptomWhere((s, node) => throughProxy(s) && isPrivateTarget(s, node)),
      grade: 'direct',
      says: t('A call to an address of the cluster went to a proxy.', '对集群内地址的调用被送到了代理。'),
    },
    {
      when: stated({
        clause: [
          /\bproxy|squid|tinyproxy|TCP_(?:MISS|DENIED|TUNNEL)/iu,
          /\blogs?\b|access|TCP_(?:MISS|DENIED|TUNNEL)|\bsees?\b|shows?|receiv|record/iu,
          /\b10\.(?:43|96|233|42|244)\.|kubelet|probes?\b|healthz|\bpods?\b|cluster|service (?:address|ip)|:(?:10250|6443)\b|\.svc\b/iu,
        ],
      }),
      grade: 'direct',
      says: t('The log of the proxy shows requests for the cluster itself.', '代理的日志中有发往集群自身的请求。'),
    },
    {
      when: refusedConnect,
      grade: 'direct',
      says: t(
        'The answer is a bare status text, as when a proxy refuses to connect on; the server itself would send a body.',
        '应答只有状态文本，这是代理拒绝建立连接时的表现；服务器自身的应答会带有正文。',
      ),
    },
    {
      when: all(proxySet, notCovered),
      grade: 'direct',
      says: t('A proxy is set, and NO_PROXY does not cover the cluster.', '设置了代理，而 NO_PROXY 没有覆盖集群。'),
    },
    {
      when: all(
        proxySet,
        stated({
          whole:
            /(?:503|502|504|407|service unavailable|bad gateway|gateway time-?out)[^;]*|from the proxy|proxy (?:error|page|answers?)/iu,
        }),
      ),
      grade: 'direct',
      says: t(
        'A proxy is set, and calls in the cluster are stated to get the answer of a proxy.',
        '设置了代理，且陈述中提到集群内的调用得到代理的应答。',
      ),
    },
    {
      when: all(
        proxySet,
        symptomWhere(
          (s) =>
            s.operation === 'http' &&
            (s.httpStatus === 503 || s.httpStatus === 502 || s.httpStatus === 504 || s.httpStatus === 407 || s.httpStatus === 403),
        ),
      ),
      grade: 'direct',
      says: t('A proxy is set, and requests to the cluster get the answer of a proxy.', '设置了代理，发往集群的请求得到了代理的应答。'),
    },
    {
      when: all(
        proxySet,
        symptomWhere((s) => ['dial', 'tls', 'http'].includes(s.operation) && s.details?.['noise'] === undefined),
      ),
      grade: 'strong',
      says: t('A proxy is set for the component, and its connections fail.', '组件设置了代理，且其连接失败。'),
    },
    { when: notCovered, grade: 'strong', says: t('NO_PROXY does not cover the cluster.', 'NO_PROXY 没有覆盖集群。') },
    {
      when: all(
        line('proxy-catches-internal-traffic/service-account'),
        symptomWhere((s) => /<html|squid|proxy|Service Unavailable|Forbidden/iu.test(s.evidence[0]?.text ?? '')),
      ),
      grade: 'strong',
      says: t('The answer looks like that of a proxy.', '应答看起来来自代理。'),
    },
    { when: proxySet, grade: 'hint', says: t('A proxy is set.', '设置了代理。') },
  ],
  refute: [{ when: on('proxy.no-proxy-covers-cluster'), says: t('NO_PROXY covers the cluster.', 'NO_PROXY 已覆盖集群。') }],
  asks: [
    ask(
      'the proxy variables of the very process, NO_PROXY among them',
      '该进程的代理环境变量，包括 NO_PROXY',
      "tr '\\0' '\\n' < /proc/PID/environ | grep -i proxy; cat /etc/systemd/system/docker.service.d/*.conf /etc/systemd/system/k3s*.env /etc/default/rke2-* 2>/dev/null",
    ),
  ],
  explains: [{ operation: 'http' }],
  remedies: [
    {
      id: 'no-proxy',
      title: t(
        'Add nodes, pod and service ranges, .svc, .cluster.local and localhost to NO_PROXY of the unit',
        '在该单元的 NO_PROXY 中加入节点、Pod 与 Service 网段、.svc、.cluster.local 和 localhost',
      ),
      risk: t('The service restarts.', '服务会重启。'),
      safety: 'disruptive',
      command:
        "mkdir -p /etc/systemd/system/UNIT.service.d && printf '[Service]\\nEnvironment=NO_PROXY=localhost,127.0.0.0/8,10.0.0.0/8,.svc,.cluster.local,NODES\\n' > /etc/systemd/system/UNIT.service.d/no-proxy.conf && systemctl daemon-reload && systemctl restart UNIT",
      undo: 'rm /etc/systemd/system/UNIT.service.d/no-proxy.conf && systemctl daemon-reload && systemctl restart UNIT',
      verify: ["tr '\\0' '\\n' < /proc/PID/environ | grep -i no_proxy"],
    },
  ],
});

const egressTimesOut = symptomWhere(
  (s) =>
    (s.operation === 'pull' ||
      /registry-1\.docker\.io|gcr\.io|quay\.io|ghcr\.io|registry\.k8s\.io|\/v2\//iu.test(s.evidence[0]?.text ?? '')) &&
    /i\/o timeout|deadline exceeded|Client\.Timeout|timed? ?out|no route to host|network is unreachable/iu.test(s.evidence[0]?.text ?? ''),
);

export const proxyMissingForEgress = evidenceCause({
  id: 'proxy-missing-for-egress',
  area: 'proxy',
  severity: 'high',
  layer: 3,
  title: t('A service lacks the proxy that it needs to get out', '服务缺少访问外网所需的代理'),
  mechanism: t(
    'The shell of the administrator has a proxy, the unit of the runtime has none: pulls by hand work, those of kubelet time out.',
    '管理员的 shell 设置了代理，而运行时的单元没有：手动拉取成功，kubelet 的拉取超时。',
  ),
  summary: t(
    'The runtime tries to reach the internet directly, where only a proxy leads out.',
    '运行时试图直接访问外网，而只有通过代理才能出去。',
  ),
  sources: ['k3s-io/docs: advanced (CONTAINERD_ variables)', 'docs.docker.com: daemon proxy'],
  lookAlikes: ['resolv-no-usable-nameserver', 'registry-tls-or-http', 'cloud-security-group'],
  confirm: [
    {
      when: all(
        egressTimesOut,
        any(
          on('proxy.needed'),
          stated({ whole: /(?:behind|corporate|company|needs?|requires?|only via|through) (?:a |the )?proxy|shell[^.;]*proxy|代理/iu }),
        ),
      ),
      grade: 'direct',
      says: t('Pulls time out where only a proxy leads out.', '只能通过代理出网，而拉取超时。'),
    },
    { when: all(on('proxy.needed'), without(notCovered)), grade: 'strong', says: t('A proxy is needed to get out.', '访问外网需要代理。') },
    {
      when: all(egressTimesOut, on('registry.pull-by-hand-works')),
      grade: 'strong',
      says: t('A pull by hand works, that of the service times out.', '手动拉取成功，而服务的拉取超时。'),
    },
    { when: egressTimesOut, grade: 'hint', says: t('Pulls time out.', '拉取超时。') },
  ],
  refute: [{ when: on('node.air-gapped'), says: t('The node has no way out at all.', '节点完全无法访问外网。') }],
  asks: [
    ask(
      'whether the shell has a proxy that the unit of the runtime lacks',
      'shell 中是否有代理而运行时单元没有',
      'env | grep -i proxy; systemctl show -p Environment docker containerd k3s rke2-server',
    ),
  ],
  explains: [{ operation: 'pull' }],
  remedies: [
    {
      id: 'unit-proxy',
      title: t('Give the unit of the runtime the proxy', '为运行时单元设置代理'),
      risk: t('The runtime restarts.', '运行时会重启。'),
      safety: 'disruptive',
      command:
        "mkdir -p /etc/systemd/system/containerd.service.d && printf '[Service]\\nEnvironment=HTTPS_PROXY=http://PROXY:3128 NO_PROXY=localhost,127.0.0.0/8,10.0.0.0/8,.svc,.cluster.local\\n' > /etc/systemd/system/containerd.service.d/proxy.conf && systemctl daemon-reload && systemctl restart containerd",
      undo: 'rm /etc/systemd/system/containerd.service.d/proxy.conf && systemctl daemon-reload && systemctl restart containerd',
      verify: ['crictl pull IMAGE'],
    },
  ],
});
