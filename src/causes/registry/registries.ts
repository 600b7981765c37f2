/** Pulling images. Source: docker/distribution error texts, k3s-io/docs private-registry, containerd docs/hosts.md, kubernetes cmd/kubeadm checks.go, rancher/rke docker/docker.go. */
import type { Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, line, observed, on, stated, symptom, symptomWhere, t, textual } from '../_checks/index.ts';

const aboutRegistry = /regist|\/v2\/|pull|image|docker\.io|gcr\.io|quay\.io|harbor/iu;
const textOf = (s: { readonly evidence: readonly { readonly text?: string }[] }): string => s.evidence.map((e) => e.text ?? '').join('\n');
const mirrorStated = any(
  observed('registry.mirrors', () => true, { kind: 'configuration' }),
  stated({ whole: /mirror[^.;]*(?:entry|configured|set|registries\.yaml|hosts\.toml|endpoint)|registries\.yaml/iu }),
);
const keyDiffers = any(
  ({ node, symptoms }) => {
    const mirrors = node.observations['registry.mirrors'];
    if (mirrors?.state !== 'known' || !Array.isArray(mirrors.value)) return { seen: 'unknown' };
    const keys = mirrors.value.filter((one): one is string => typeof one === 'string');
    const image = symptoms
      .map((s) => /(?:image|pull(?:ing)?|resolve reference)[^"]{0,40}\\?"([a-z0-9.-]+(?::\d+)?)\/[^"\\]+/iu.exec(textOf(s))?.[1])
      .find((host) => host !== undefined && /[.:]|^localhost$/u.test(host));
    if (image === undefined || keys.length === 0) return { seen: 'unknown' };
    return keys.includes(image) || keys.includes('*')
      ? { seen: 'no' }
      : { seen: 'yes', kind: 'comparison', source: mirrors.source, values: { image, keys: keys.join(', ') } };
  },
  stated({
    whole:
      /(?:mirror|registries\.yaml|endpoint|key)[^.;]*(?:differ|not the (?:same|name)|without (?:the )?port|no port|other name|mismatch|does not match|only for docker\.io|不一致)/iu,
  }),
);

/** A mirror's endpoints are http:// only, and a request for that host went to https://. */
const plainEndpointAskedByTls: Test = ({ node, symptoms }) => {
  for (const [key, fact] of Object.entries(node.observations)) {
    const host = /^registry\.endpoints\.(.+)$/u.exec(key)?.[1];
    if (host === undefined || fact.state !== 'known' || !Array.isArray(fact.value)) continue;
    const endpoints = fact.value.filter((one): one is string => typeof one === 'string');
    if (endpoints.length === 0 || endpoints.some((one) => !one.startsWith('http://'))) continue;
    const hosts = [host, ...endpoints.map((one) => one.slice('http://'.length).replace(/\/.*$/u, ''))];
    if (symptoms.some((s) => hosts.some((one) => textOf(s).includes(`https://${one}/`))))
      return { seen: 'yes', kind: 'comparison', source: fact.source };
  }
  return { seen: 'unknown' };
};

export const registryTlsOrHttp = evidenceCause({
  id: 'registry-tls-or-http',
  area: 'registry',
  severity: 'critical',
  layer: 3,
  title: t('The registry is asked with the wrong scheme, or its CA is not known', '访问镜像仓库的协议错误，或不信任其 CA'),
  mechanism: t(
    'The runtime speaks HTTPS to a registry that serves plain HTTP, or does not know the CA of a private one. registries.yaml is read at the start of the service only.',
    '运行时以 HTTPS 访问只提供 HTTP 的仓库，或不信任私有仓库的 CA。registries.yaml 只在服务启动时读取。',
  ),
  summary: t('The runtime cannot talk to the registry: scheme or CA is wrong.', '运行时无法与镜像仓库通信：协议或 CA 不对。'),
  sources: ['moby/moby registry', 'containerd docs/hosts.md', 'k3s-io/docs: private-registry'],
  lookAlikes: ['registry-mirror-key-mismatch', 'registry-auth-or-limit', 'cert-ca-mismatch', 'proxy-catches-internal-traffic'],
  consequenceOf: ['registry-mirror-key-mismatch'],
  signatures: [
    {
      id: 'registry-tls-or-http/plain',
      grade: 'direct',
      anchors: ['server gave HTTP response to HTTPS client'],
      // A join, an agent or a health check that meets plain HTTP is at a wrong port, not at a registry.
      pattern:
        /^(?!.*(?:\/cacerts|CA certs|\/v1-(?:k3s|rke2)|cluster-info|\/ping\b|\/healthz|:6443|:9345)).*http: server gave HTTP response to HTTPS client/u,
      matches: ['Get "https://registry.corp:5000/v2/": http: server gave HTTP response to HTTPS client'],
      rejects: [
        'http: server closed idle connection',
        'failed to get CA certs: Get "https://192.0.2.10:80/cacerts": http: server gave HTTP response to HTTPS client',
      ],
    },
  ],
  confirm: [
    {
      when: symptomWhere(
        (s) =>
          aboutRegistry.test(textOf(s)) &&
          /signed by unknown authority|self[- ]signed certificate|certificate is not trusted|x509: certificate/iu.test(textOf(s)) &&
          !/expired|not yet valid/iu.test(textOf(s)),
      ),
      grade: 'direct',
      says: t('A pull fails on the certificate of the registry.', '拉取因仓库证书而失败。'),
    },
    {
      when: observed('registry.scheme', textual(/^http$/iu)),
      grade: 'strong',
      says: t('The registry serves plain HTTP.', '仓库只提供 HTTP。'),
    },
  ],
  refute: [
    {
      when: keyDiffers,
      says: t(
        'The entry for the registry is under another name: see registry-mirror-key-mismatch.',
        '仓库的配置项使用了别的名称：参见 registry-mirror-key-mismatch。',
      ),
    },
  ],
  asks: [
    ask(
      'whether the registry serves HTTP or HTTPS, and the entry that the runtime has for exactly its name and port',
      '仓库提供 HTTP 还是 HTTPS，以及运行时中对应该名称和端口的配置项',
      'curl -v https://REGISTRY/v2/; curl -v http://REGISTRY/v2/; cat /etc/docker/daemon.json /etc/rancher/*/registries.yaml; ls /etc/containerd/certs.d /etc/docker/certs.d',
    ),
  ],
  explains: [{ operation: 'pull' }],
  remedies: [
    {
      id: 'add-ca',
      title: t('Give the runtime the CA of the registry', '为运行时添加仓库的 CA'),
      risk: t('none for docker; K3s and RKE2 restart', 'docker 无影响；K3s 和 RKE2 需要重启'),
      safety: 'safe',
      command: 'mkdir -p /etc/docker/certs.d/REGISTRY && cp ca.crt /etc/docker/certs.d/REGISTRY/ca.crt',
      undo: 'rm -r /etc/docker/certs.d/REGISTRY',
      verify: ['crictl pull REGISTRY/IMAGE'],
    },
    {
      id: 'insecure',
      title: t('List the registry as insecure (plain HTTP)', '将仓库列为不安全（HTTP）'),
      risk: t('Images are no longer authenticated on the way.', '镜像在传输中不再受保护。'),
      safety: 'needs-a-person',
      verify: ['crictl pull REGISTRY/IMAGE'],
    },
  ],
});

export const registryMirrorKeyMismatch = evidenceCause({
  id: 'registry-mirror-key-mismatch',
  area: 'registry',
  severity: 'critical',
  layer: 3,
  title: t('The mirror entry is not under the name that the image uses', '镜像加速配置项与镜像名中的仓库不一致'),
  mechanism: t(
    'containerd picks the entry by the host and port written in the image name (docker.io when there is none). An entry under another key is silently not used, its plain-HTTP endpoint neither.',
    'containerd 按镜像名中的主机和端口（没有时为 docker.io）选择配置项。键不一致的配置项会被静默忽略，其中的 HTTP 端点也不生效。',
  ),
  summary: t('The mirror is configured under another name than the one in the image.', '镜像加速配置使用的名称与镜像名中的不同。'),
  sources: ['k3s-io/docs: private-registry', 'containerd docs/hosts.md'],
  lookAlikes: ['registry-tls-or-http', 'resolv-no-usable-nameserver'],
  confirm: [
    {
      when: all(
        keyDiffers,
        any(
          symptom({ operation: 'pull' }),
          line('registry-tls-or-http/'),
          symptomWhere((s) => aboutRegistry.test(textOf(s))),
        ),
      ),
      grade: 'direct',
      says: t('The registry of the image is no key of the mirrors, and its pull fails.', '镜像所属仓库不在 mirrors 的键中，且拉取失败。'),
    },
    {
      when: all(
        observed('registry.file-not-read', () => true, { kind: 'configuration' }),
        any(
          symptom({ operation: 'pull' }),
          line('registry-tls-or-http/'),
          symptomWhere((s) => aboutRegistry.test(textOf(s))),
        ),
      ),
      grade: 'direct',
      says: t('The mirrors stand in {value}; only registries.yaml is read.', '镜像加速配置位于 {value}；只有 registries.yaml 会被读取。'),
    },
    {
      when: plainEndpointAskedByTls,
      grade: 'strong',
      says: t(
        'The endpoint of the mirror is plain HTTP, and HTTPS was asked: the entry is not in use.',
        '镜像端点为 HTTP，却以 HTTPS 访问：该配置项未生效。',
      ),
    },
    {
      when: keyDiffers,
      grade: 'strong',
      says: t('The registry of the image is no key of the mirrors.', '镜像所属仓库不在 mirrors 的键中。'),
    },
    {
      when: all(
        mirrorStated,
        any(
          line('registry-tls-or-http/'),
          symptomWhere((s) => s.operation === 'resolve' && (s.name ?? '').includes('docker.io')),
        ),
      ),
      grade: 'weak',
      says: t('A mirror is configured and not used.', '配置了镜像加速但未生效。'),
    },
  ],
  asks: [
    ask(
      'the keys of mirrors in registries.yaml and the registry part of the failing image',
      'registries.yaml 中 mirrors 的键，以及失败镜像中的仓库部分',
      'cat /etc/rancher/*/registries.yaml; ls /etc/containerd/certs.d',
    ),
  ],
  explains: [{ operation: 'pull' }],
  remedies: [
    {
      id: 'same-key',
      title: t("Repeat the entry under the image's own registry name, port included", '按镜像自身的仓库名（含端口）添加配置项'),
      risk: t('The service restarts.', '服务会重启。'),
      safety: 'disruptive',
      command:
        'cp /etc/rancher/k3s/registries.yaml /etc/rancher/k3s/registries.yaml.culprit; vi /etc/rancher/k3s/registries.yaml; systemctl restart k3s',
      undo: 'mv /etc/rancher/k3s/registries.yaml.culprit /etc/rancher/k3s/registries.yaml; systemctl restart k3s',
      verify: ['crictl pull REGISTRY/IMAGE'],
    },
  ],
});

export const registryAuthOrLimit = evidenceCause({
  id: 'registry-auth-or-limit',
  area: 'registry',
  severity: 'high',
  layer: 3,
  title: t('The registry asks for credentials, or limits pulls', '镜像仓库要求凭据或限制拉取'),
  mechanism: t(
    'The registry answers 401, 403 or 429: credentials are missing or wrong, the image does not exist for this account, or the free limit of pulls is used up.',
    '仓库返回 401、403 或 429：缺少凭据或凭据错误、该账号看不到此镜像，或免费拉取额度已用完。',
  ),
  summary: t('The registry refuses the pull.', '镜像仓库拒绝了拉取。'),
  sources: ['distribution/distribution errcode', 'docs.docker.com: rate limits'],
  lookAlikes: ['registry-tls-or-http', 'registry-mirror-key-mismatch'],
  signatures: [
    {
      id: 'registry-auth-or-limit/refused',
      grade: 'direct',
      anchors: [
        'pull access denied',
        'no basic auth credentials',
        'authentication required',
        'unauthorized: access to',
        'toomanyrequests',
        'Too Many Requests',
        'insufficient_scope',
        'denied: requested access',
      ],
      pattern:
        /pull access denied|no basic auth credentials|unauthorized: (?:authentication required|access to the requested resource)|toomanyrequests|429 Too Many Requests|insufficient_scope: authorization failed|denied: requested access to the resource is denied/iu,
      matches: [
        'Error response from daemon: pull access denied for corp/app, repository does not exist or may require docker login',
        'toomanyrequests: You have reached your pull rate limit.',
      ],
      rejects: ['Successfully pulled image'],
    },
  ],
  confirm: [{ when: on('registry.rate-limited'), grade: 'strong', says: t('The registry limits pulls.', '仓库限制了拉取。') }],
  refute: [
    {
      when: stated({ whole: /anonymous (?:pull|manifest)[^.;]*(?:works|ok|succeed)/iu }),
      says: t('An anonymous request succeeds.', '匿名请求成功。'),
    },
  ],
  asks: [
    ask(
      'what the registry answers to a request for the manifest',
      '仓库对清单请求的应答',
      'curl -sI https://REGISTRY/v2/IMAGE/manifests/TAG; cat /var/lib/kubelet/config.json',
    ),
  ],
  explains: [{ operation: 'pull' }],
  remedies: [
    {
      id: 'credentials',
      title: t('Give kubelet or the runtime the credentials, or use a mirror', '为 kubelet 或运行时提供凭据，或使用镜像加速'),
      risk: t('none', '无'),
      safety: 'needs-a-person',
      command: 'kubectl create secret docker-registry regcred --docker-server=REGISTRY --docker-username=USER --docker-password=PASSWORD',
      undo: 'kubectl delete secret regcred',
      verify: ['crictl pull IMAGE'],
    },
  ],
});

export const pauseImageUnavailable = evidenceCause({
  id: 'pause-image-unavailable',
  area: 'registry',
  severity: 'critical',
  layer: 3,
  title: t('The sandbox (pause) image cannot be had', '无法获得沙箱（pause）镜像'),
  mechanism: t(
    'Every pod needs the pause image first. Without a way to its registry, or when the runtime names another version than was preloaded, no pod starts.',
    '每个 Pod 都需要先有 pause 镜像。若无法访问其仓库，或运行时指定的版本与预加载的不同，则没有 Pod 能启动。',
  ),
  summary: t('The runtime cannot get its sandbox image, so no pod starts.', '运行时无法获得沙箱镜像，因此没有 Pod 能启动。'),
  sources: ['kubernetes cmd/kubeadm/app/preflight/checks.go', 'containerd docs/cri/config.md (sandbox_image)'],
  lookAlikes: ['resolv-no-usable-nameserver', 'proxy-missing-for-egress'],
  signatures: [
    {
      id: 'pause-image-unavailable/sandbox',
      grade: 'direct',
      anchors: ['sandbox image', 'failed pulling image'],
      pattern: /failed to (?:get|pull|resolve) sandbox image|unable to pull sandbox image|failed pulling image "[^"]*pause/iu,
      matches: ['failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image'],
      rejects: [
        'detected that the sandbox image "registry.k8s.io/pause:3.6" of the container runtime is inconsistent with that used by kubeadm',
      ],
    },
  ],
  lines: [
    {
      id: 'pause-image-unavailable/inconsistent',
      grade: 'weak',
      anchors: ['detected that the sandbox image'],
      pattern: /detected that the sandbox image "(?<image>[^"]+)" of the container runtime is inconsistent/u,
      matches: [
        'detected that the sandbox image "registry.k8s.io/pause:3.6" of the container runtime is inconsistent with that used by kubeadm',
      ],
      rejects: ['failed to get sandbox image "x"'],
    },
  ],
  confirm: [
    {
      when: all(line('pause-image-unavailable/inconsistent'), any(on('node.air-gapped'), symptom({ operation: 'pull' }))),
      grade: 'strong',
      says: t('The runtime names another sandbox image than was preloaded.', '运行时指定的沙箱镜像与预加载的不同。'),
    },
  ],
  asks: [
    ask(
      'which sandbox image the runtime names, and whether it is there',
      '运行时指定的沙箱镜像及其是否存在',
      'grep sandbox_image /etc/containerd/config.toml; crictl images | grep pause',
    ),
  ],
  explains: [{ operation: 'pull' }],
  remedies: [
    {
      id: 'preload',
      title: t(
        'Load the image under exactly that name, or set sandbox_image to one that is there',
        '以完全相同的名称加载镜像，或将 sandbox_image 设为已有镜像',
      ),
      risk: t('containerd restarts when its file is changed.', '修改配置后 containerd 会重启。'),
      safety: 'disruptive',
      command: 'ctr -n k8s.io images import pause.tar',
      undo: 'ctr -n k8s.io images rm IMAGE',
      verify: ['crictl images | grep pause'],
    },
  ],
});
