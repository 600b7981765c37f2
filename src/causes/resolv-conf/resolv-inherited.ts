/** A resolv.conf that is right on the node and wrong where it is copied to: loopback stubs, generated fallbacks, dangling links. */
import type { Signature } from '../../facts/signature.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { say } from '../../shared/text.ts';
import {
  all,
  any,
  ask,
  evidenceCheck,
  isLookup,
  isLoopbackAddress,
  line,
  observed,
  off,
  on,
  stated,
  symptom,
  symptomWhere,
  t,
  textual,
  without,
} from '../_checks/index.ts';
import { RESOLV_CONF, nameserverLine, resolvConf, resolvSource } from '../_resolv-conf.ts';
import { SOME_NAME_SERVER } from '../../facts/some-name-server.ts';
import type { Test } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import { ownDnsmasqSilent } from './_own-dnsmasq.ts';
import type { Finding } from '../define-cause.ts';

const UPLINK = '/run/systemd/resolve/resolv.conf';

const agentWarns: readonly Signature[] = [
  {
    id: 'resolv-loopback-stub-inherited/agent',
    anchors: ['Loopback address found in /etc/resolv.conf'],
    pattern: /Loopback address found in \/etc\/resolv\.conf/u,
    grade: 'strong',
    matches: ['WARN: Loopback address found in /etc/resolv.conf, please refer to the documentation'],
    rejects: ['INFO: /etc/resolv.conf has 2 name servers'],
  },
  {
    // Source: rancher/cattle-bootstrap, check of the agent of Rancher 1.6 before it registers.
    id: 'resolv-loopback-stub-inherited/agent-refuses',
    anchors: ['DNS Checking loopback IP address'],
    pattern: /DNS Checking loopback IP address/u,
    grade: 'direct',
    terminal: true,
    matches: [
      "ERROR: DNS Checking loopback IP address 127.0.0.0/8, localhost or ::1 configured as the DNS server on the host file /etc/resolv.conf, can't accept it",
    ],
    rejects: ['INFO: Checking the DNS server'],
  },
];

const openFails: readonly Signature[] = [
  {
    id: 'resolv-dangling-link-in-container/open',
    anchors: [
      'resolv.conf: no such file',
      'resolv.conf": no such file',
      "resolv.conf': No such file",
      'resolv.conf: No such file',
      'systemd/resolve: no such file',
    ],
    // Container engines follow the link before they open the file: podman, runc and crictl name the call that failed.
    pattern:
      /(?:open|l?stat|readlink|resolving|mount(?:ing)?|read) [^ ]*resolv\.conf["']?: [Nn]o such file or directory|resolv\.conf[^:]{0,40}: (?:open|l?stat|readlink) [^ ]*(?:resolv\.conf|\/systemd\/resolve)["']?: no such file or directory/u,
    grade: 'direct',
    matches: [
      'Failed to create pod sandbox: open /run/systemd/resolve/resolv.conf: no such file or directory',
      'error creating resolv.conf for container 4f1e: lstat /run/NetworkManager/resolv.conf: no such file or directory',
      'Error: resolving /etc/resolv.conf symlink: lstat /run/systemd/resolve: no such file or directory',
    ],
    rejects: ['open /run/flannel/subnet.env: no such file or directory'],
  },
];

const ignoringQuery: readonly Signature[] = [
  {
    id: 'local-resolver-ignores-bridge/ignoring',
    anchors: ['gnoring query from non-local network'],
    pattern: /ignoring query from non-local network/iu,
    grade: 'direct',
    matches: ['dnsmasq[812]: Ignoring query from non-local network'],
    rejects: ['dnsmasq[812]: using nameserver 10.0.0.2#53'],
  },
];

const texts = {
  loopback: t(
    '{path} of {view} names {server}, which in its network is the container itself',
    '{view} 的 {path} 指定了 {server}，而在它的网络中那是容器自己',
  ),
} as const;

/** kubectl prints what the API server says to exec and logs: that is the server's look-up of the node, not the container's. */
const isApiServersOwn = (s: Symptom): boolean =>
  s.evidence.some((e) => /error dialing backend|:10250\/|^Error from server/u.test(e.text ?? ''));

const podAsksLoopback = symptomWhere(
  // A definite answer, also "no such host", comes from a server that is there.
  (s) =>
    isLookup(s) &&
    s.rcode !== 'NXDOMAIN' &&
    !/\[WARNING Hostname\]|^\[preflight\]/iu.test(s.evidence[0]?.text ?? '') &&
    !isApiServersOwn(s) &&
    s.server !== undefined &&
    isLoopbackAddress(s.server.replace(/^\[|\]$/gu, '')) &&
    s.server !== '::1' &&
    s.server !== '[::1]' &&
    // Docker's own server.
    s.server !== '127.0.0.11',
);
/** … by a program that ran inside one. */
const askedInside = symptomWhere(
  (s) =>
    isLookup(s) &&
    s.rcode !== 'NXDOMAIN' &&
    s.server?.startsWith('127.') === true &&
    s.server !== '127.0.0.11' &&
    !isApiServersOwn(s) &&
    s.view?.startsWith('container') === true,
);
/** A resolver of the node's own listens on its loopback. */
const localResolver = any(
  observed('local-resolver', () => true),
  on('unit.systemd-resolved.active'),
  on('unit.dnsmasq.active'),
  stated({
    whole:
      /(?:host|node|machine|server|ubuntu|desktop|local)[^.;]*(?:dnsmasq|systemd-?resolved|unbound|caching (?:resolver|dns|name ?server)|local (?:resolver|dns))|network-?manager[^.;]*dnsmasq/iu,
  }),
);
/** Look-ups of containers and pods. rancher-metadata is asked by system containers only. */
const containerLookupFails = any(
  off('lookup.container.works'),
  off('lookup.container-dns.works'),
  off('lookup.external-names.works'),
  symptomWhere(
    (s) =>
      isLookup(s) &&
      s.details?.['noise'] === undefined &&
      (/^rancher-metadata\b/u.test(s.name ?? '') ||
        /cattle|agent|network-?manager|metadata|healthcheck|ipsec|pod|coredns/iu.test(`${s.component ?? ''} ${s.client ?? ''}`) ||
        (s.evidence[0]?.text ?? '').includes('is not accessible (')),
  ),
);
/** nslookup or dig inside a container asked a loopback server, and got nothing that can be used. */
const containerAskedLoopback: Test = ({ node }) => {
  const hit = node.dns.find(
    ({ netns, question, reply }) =>
      netns !== 'host' &&
      isLoopbackAddress(question.server) &&
      question.server !== '127.0.0.11' &&
      (reply.kind !== 'answer' || reply.answers.length === 0),
  );
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'setting', source: hit.source ?? { kind: 'probe', probe: 'dns' }, values: { server: hit.question.server } };
};
/** A container named the server itself, and it is no loopback address: what it inherited was not asked. */
const containerAskedAnother: Test = ({ node }) => {
  const hit = node.dns.find(
    ({ netns, question, reply }) =>
      netns !== 'host' && reply.kind === 'silent' && question.server !== SOME_NAME_SERVER && !isLoopbackAddress(question.server),
  );
  return hit === undefined ? { seen: 'unknown' } : { seen: 'yes', kind: 'setting', source: hit.source ?? { kind: 'probe', probe: 'dns' } };
};
/** The file itself, where somebody shows it. */
const nodeFileNamesLoopback: Test = ({ node }) => {
  const view = node.views.find((v) => v.kind === 'host');
  const file = view === undefined ? undefined : resolvConf(view);
  const server = file?.nameservers.find((s) => isLoopbackAddress(s));
  return view === undefined || file === undefined || server === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'configuration', source: resolvSource(view, file, nameserverLine(file, server)) };
};
/** A resolver that was started before the bridge, or that a restart heals: it refuses strangers, it is not asked in the wrong place. */
const startOrder = any(
  on('local-resolver.started-before-bridge'),
  stated({
    whole:
      /(?:dnsmasq|unbound|resolver|named)[^.;]*(?:before (?:the )?(?:docker|bridge|cni)|restart[^.;]*(?:cure|help|fix|heal|solve|work)|starts? (?:too )?(?:early|first)|started (?:too )?(?:early|first))|(?:until|after|by) [^.;]*(?:(?:dnsmasq|resolver)[^.;]*restart|restart[^.;]*(?:dnsmasq|resolver))|restart[^.;]*(?:dnsmasq|resolver)[^.;]*(?:cure|help|fix|heal|solve|work)|bridge[^.;]*(?:created|made|up|exists?) (?:later|after)[^.;]*(?:dnsmasq|resolver)/iu,
  }),
);
/** A loopback server is stated for the node or for what kubelet or Docker hands out. */
const stubStated = stated({
  whole: /(?:name ?server|resolv(?:\.| )?conf|resolver|dns)[^;]*[^\d.;]127\.\d{1,3}\.\d{1,3}\.(?!11\b)\d{1,3}\b/iu,
});
const loopbackFile = any(on('resolv.loopback-nameserver'), observed('nameservers.node', textual(/^127\.|^::1/u)));
/** … and containers are stated to have it, or not to resolve. */
const reachesContainers = all(
  any(stubStated, loopbackFile),
  stated(
    {
      clause: [
        /\bpods?\b|containers?\b|coredns|kube-?dns|agent|cluster/iu,
        /resolv|look ?up|dns|names?\b|domain|internet|解析|域名/iu,
        /\bnot\b|n't|cannot|fail|unable|broken|refus|time ?out|times out|wrong|no answer|inherit|copied|mounted|gets?\b|无法|失败/iu,
      ],
    },
    { clause: [/\b(?:pods?|containers?|inside)\b/iu, /unusable|unreachable|cannot be (?:used|reached)|not reachable|broken|no answer/iu] },
  ),
);

export const resolvLoopbackStubInherited = defineCause({
  id: 'resolv-loopback-stub-inherited',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t("Containers inherit the node's loopback name server", '容器继承了节点的回环 DNS 服务器'),
  mechanism: t(
    "The stub of systemd-resolved (127.0.0.53), or a local dnsmasq, listens on the node's loopback. Copied into a container's resolv.conf that address is the container itself, where nobody answers; CoreDNS even forwards to itself.",
    'systemd-resolved 的存根（127.0.0.53）或本地 dnsmasq 监听在节点的回环地址上。该地址被复制到容器的 resolv.conf 后就是容器自己，那里无人应答；CoreDNS 甚至会转发给自己。',
  ),
  summary: t(
    'A container was given a loopback name server of the node, which does not exist in its own network.',
    '容器得到的是节点的回环 DNS 服务器，而它自己的网络中并不存在该服务器。',
  ),
  sources: ['kubernetes/website dns-debugging-resolution', 'rancher/rancher package/run.sh'],
  lookAlikes: ['coredns-loop', 'resolv-empty-or-missing'],
  confirms: [
    t(
      'the resolv.conf that kubelet or the runtime hands out names 127.*, while /run/systemd/resolve/resolv.conf holds real servers',
      'kubelet 或运行时下发的 resolv.conf 指定了 127.*，而 /run/systemd/resolve/resolv.conf 中有真正的服务器',
    ),
  ],
  refutes: [
    t(
      'kubelet already points to the real file; only host-network containers are involved',
      'kubelet 已指向真正的文件；只涉及使用主机网络的容器',
    ),
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Which nameserver has resolv.conf of the failing pod or container: a loopback address of the host (127.0.0.53, 127.0.1.1)?',
        zh: '出错 Pod 或容器的 resolv.conf 中的服务器是什么：主机的回环地址（127.0.0.53、127.0.1.1）吗？',
      },
      command: 'kubectl exec POD -- cat /etc/resolv.conf; cat /etc/resolv.conf; grep resolvConf /var/lib/kubelet/config.yaml',
    },
  ],
  remedies: [
    {
      id: 'kubelet-real-file',
      title: t('Point kubelet at {uplink}', '让 kubelet 使用 {uplink}'),
      risk: t('restart of kubelet; pods keep the old copy until they are made anew', '需要重启 kubelet；已有 Pod 在重建前仍使用旧副本'),
      safety: 'disruptive',
      command:
        "sed -i.bak 's#^resolvConf:.*#resolvConf: /run/systemd/resolve/resolv.conf#' /var/lib/kubelet/config.yaml && systemctl restart kubelet",
      undo: 'mv /var/lib/kubelet/config.yaml.bak /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      verify: ['kubectl exec POD -- cat /etc/resolv.conf'],
    },
    {
      id: 'link-real-file',
      title: t('Link /etc/resolv.conf to {uplink}', '将 /etc/resolv.conf 链接到 {uplink}'),
      risk: t('the node loses the features of the stub (split DNS, cache)', '节点将失去存根的功能（分域解析、缓存）'),
      safety: 'needs-a-person',
      command: 'cp -P /etc/resolv.conf /etc/resolv.conf.bak; ln -sf /run/systemd/resolve/resolv.conf /etc/resolv.conf',
      undo: 'mv /etc/resolv.conf.bak /etc/resolv.conf',
      verify: ['getent ahosts NAME'],
    },
  ],
  signatures: agentWarns,
  check: (context) => {
    // Somebody says that look-ups of containers fail, and shows none: the file is the complaint.
    const told =
      containerLookupFails(context).seen === 'yes' &&
      !context.symptoms.some(isLookup) &&
      !context.answers.some((a) => a.outcome.kind === 'fails' && a.outcome.stage === 'resolve');
    const host = context.node.views.find((v) => v.kind === 'host');
    const findings = context.node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const server = file?.nameservers.find((s) => isLoopbackAddress(s) && s !== '127.0.0.11');
      if (view.kind !== 'container' || view.netns === host?.netns || file === undefined || server === undefined) return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: RESOLV_CONF, view: view.names[0] ?? view.id, server, uplink: UPLINK },
          evidence: [
            {
              said: say(texts.loopback, { path: RESOLV_CONF, view: view.names[0] ?? view.id, server }),
              source: resolvSource(view, file, nameserverLine(file, server)),
              grade: 'direct',
            },
          ],
          ...(told
            ? {}
            : {
                explainsAnswer: (a) =>
                  a.view === view.id &&
                  a.outcome.kind === 'fails' &&
                  a.outcome.stage === 'resolve' &&
                  a.resolution.queries.some((q) => q.server === server),
                // nslookup that gets no answer names no server.
                explainsSymptom: (s) =>
                  isLookup(s) && (s.server === server || (s.server === undefined && (s.view === undefined || s.view === view.id))),
              }),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      signatures: agentWarns,
      confirm: [
        {
          when: all(line('resolv-loopback-stub-inherited/agent'), containerLookupFails),
          grade: 'direct',
          says: t(
            'the agent found a loopback server in its resolv.conf, and its look-up fails',
            'agent 在 resolv.conf 中发现回环服务器，且其解析失败',
          ),
        },
        {
          when: all(
            any(localResolver, loopbackFile),
            containerLookupFails,
            without(any(line('local-resolver-ignores-bridge/'), on('lookup.container-dns.works'), startOrder, containerAskedAnother)),
          ),
          grade: 'direct',
          says: t(
            'a resolver listens on the loopback of the node, and look-ups of containers fail',
            '节点回环地址上有解析器在监听，且容器的解析失败',
          ),
        },
        {
          when: all(localResolver, podAsksLoopback),
          grade: 'direct',
          says: t('a container asked the loopback address where the resolver of the node listens', '容器查询了节点解析器所监听的回环地址'),
        },
        {
          when: all(observed('resolv.container-nameservers', textual(/127\.\d|::1/u)), any(containerLookupFails, podAsksLoopback)),
          grade: 'direct',
          says: t('the resolv.conf inside the container names a loopback server', '容器内的 resolv.conf 指定了回环服务器'),
        },
        {
          when: all(localResolver, off('docker.dns-set')),
          grade: 'strong',
          says: t('a local resolver runs, and Docker is given no servers of its own', '节点运行本地解析器，且未为 Docker 指定 DNS 服务器'),
        },
        {
          when: containerAskedLoopback,
          grade: 'direct',
          says: t(
            'a DNS tool inside a container asks {server}, which is the container itself',
            '容器内的 DNS 工具询问 {server}，而那就是容器自己',
          ),
        },
        {
          when: askedInside,
          grade: 'direct',
          says: t('a look-up inside a container was sent to a loopback address', '容器内的查询被发往回环地址'),
        },
        { when: podAsksLoopback, grade: 'strong', says: t('a look-up was sent to a loopback address', '查询被发往回环地址') },
        {
          when: all(podAsksLoopback, loopbackFile),
          grade: 'direct',
          says: t('a look-up was sent to the loopback server that resolv.conf names', '查询被发往 resolv.conf 指定的回环服务器'),
        },
        {
          when: loopbackFile,
          grade: 'strong',
          says: t("the node's resolv.conf names a loopback server", '节点的 resolv.conf 指定了回环服务器'),
        },
        {
          when: all(nodeFileNamesLoopback, containerLookupFails, without(any(on('lookup.container-dns.works'), containerAskedAnother))),
          grade: 'hint',
          says: t(
            "the node's resolv.conf names a loopback server, and look-ups of a container fail",
            '节点的 resolv.conf 指定了回环服务器，且容器的解析失败',
          ),
        },
        {
          when: reachesContainers,
          grade: 'direct',
          says: t("a loopback server of the node reaches the containers' resolv.conf", '节点的回环 DNS 服务器进入了容器的 resolv.conf'),
        },
        {
          when: stated({ whole: /(?:pod|container|agent)[^:]*resolv[^:]*: .*127\.\d/iu }),
          grade: 'direct',
          says: t('the resolv.conf inside the container names a loopback server', '容器内的 resolv.conf 指定了回环服务器'),
        },
      ],
      refute: [
        {
          when: symptom({ kind: 'coredns-loop/' }),
          says: t('CoreDNS says that it forwards to itself: see coredns-loop', 'CoreDNS 提示转发给了自己：参见 coredns-loop'),
        },
        {
          when: observed('kubelet.resolv-conf', textual(/^\/run\/systemd\/resolve\/resolv\.conf$/u)),
          says: t('kubelet hands out the file with the real servers', 'kubelet 下发的是含真正服务器的文件'),
        },
      ],
      asks: [
        ask(
          'the nameserver lines of resolv.conf inside the failing container',
          '失败容器内 resolv.conf 的 nameserver 行',
          'docker exec CONTAINER cat /etc/resolv.conf; kubectl exec POD -- cat /etc/resolv.conf',
        ),
      ],
    })(context).filter(
      () =>
        troubled(context.symptoms) ||
        containerLookupFails(context).seen === 'yes' ||
        reachesContainers(context).seen === 'yes' ||
        stated({ whole: /(?:pod|container|agent)[^;]*(?:resolv|dns|look)|docker(?: daemon)? dns|域名|解析/iu })(context).seen === 'yes',
    );
  },
});

/** A loopback server on a node where nothing fails is the rule on many distributions. */
const troubled = (
  symptoms: readonly { readonly operation: string; readonly kind: string; readonly details?: Readonly<Record<string, string>> }[],
): boolean =>
  symptoms.some(
    (s) =>
      s.details?.['noise'] === undefined &&
      (s.operation === 'resolve' || s.operation === 'dns' || s.kind.startsWith('resolv-loopback-stub-inherited/')),
  );

export const resolvAutogeneratedFallbackPublicDns = defineCause({
  id: 'resolv-autogenerated-fallback-public-dns',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t(
    'K3s or RKE2 fell back to a generated resolv.conf with a public server',
    'K3s 或 RKE2 回退到了自动生成的、使用公共服务器的 resolv.conf',
  ),
  mechanism: t(
    'Both /etc/resolv.conf and /run/systemd/resolve/resolv.conf hold a server that is no global unicast address, so a file with a public server is written for kubelet. Pods cannot resolve internal names; without internet they resolve nothing.',
    '/etc/resolv.conf 和 /run/systemd/resolve/resolv.conf 中都含有非全局单播地址的服务器，因此为 kubelet 生成了使用公共服务器的文件。Pod 无法解析内部名称；没有外网时则什么都解析不了。',
  ),
  summary: t(
    'Pods use a generated resolv.conf with a public server, which does not know internal names or cannot be reached.',
    'Pod 使用自动生成的 resolv.conf，其公共服务器不知道内部名称或不可达。',
  ),
  sources: ['k3s-io/k3s pkg/agent/config'],
  lookAlikes: ['resolv-loopback-stub-inherited', 'coredns-upstream-unreachable'],
  confirms: [
    t('the warning about the autogenerated resolv.conf, and that file is in use', '出现关于自动生成 resolv.conf 的警告，且该文件正在使用'),
  ],
  refutes: [t('resolv-conf is set; or only internet names are needed and they resolve', '已设置 resolv-conf；或只需要外网名称且可以解析')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Has the container public servers (8.8.8.8) in resolv.conf that the host has not, as the host's are loopback addresses, and can it reach them?",
        zh: '容器的 resolv.conf 中是否有主机没有的公共服务器（8.8.8.8）（因主机的均为回环地址）？能否访问它们？',
      },
      command: 'docker exec NAME cat /etc/resolv.conf; cat /etc/resolv.conf; dig @8.8.8.8 +time=2 example.com',
    },
  ],
  remedies: [
    {
      id: 'set-resolv-conf',
      title: t('Give a clean file through resolv-conf in config.yaml', '在 config.yaml 中通过 resolv-conf 指定正确的文件'),
      risk: t('restart of the service', '需要重启服务'),
      safety: 'disruptive',
      command: 'echo "resolv-conf: /etc/k3s-resolv.conf" >> /etc/rancher/k3s/config.yaml && systemctl restart k3s',
      undo: "sed -i '/^resolv-conf:/d' /etc/rancher/k3s/config.yaml && systemctl restart k3s",
      verify: ['kubectl exec POD -- nslookup INTERNAL-NAME'],
    },
  ],
  signatures: [
    {
      id: 'resolv-autogenerated-fallback-public-dns/warning',
      anchors: ['kubelet will use autogenerated resolv.conf'],
      pattern: /kubelet will use autogenerated resolv\.conf/u,
      grade: 'strong',
      matches: [
        'Host resolv.conf includes loopback or multicast nameservers - kubelet will use autogenerated resolv.conf with nameserver 8.8.8.8',
      ],
      rejects: ['using resolv.conf of the host'],
    },
  ],
  check: evidenceCheck({
    confirm: [
      {
        when: all(symptom({ kind: 'resolv-autogenerated-fallback-public-dns/warning' }), symptomWhere(isLookup)),
        grade: 'direct',
        says: t('the generated file is in use, and look-ups fail', '正在使用自动生成的文件，且查询失败'),
      },
      {
        when: all(
          symptom({ kind: 'resolv-autogenerated-fallback-public-dns/warning' }),
          stated({ whole: /(?:internal|private|corp|air-?gap|dns|resol)[^:]*: .*(?:fail|not|no |unreachable)/iu }),
        ),
        grade: 'direct',
        says: t('the generated file is in use, and names do not resolve', '正在使用自动生成的文件，且名称无法解析'),
      },
      {
        when: symptom({ kind: 'resolv-autogenerated-fallback-public-dns/warning' }),
        grade: 'hint',
        says: t('the generated file is in use', '正在使用自动生成的文件'),
      },
    ],
    asks: [
      ask(
        'whether pods resolve an internal name, and through which server',
        'Pod 能否解析内部名称，以及通过哪个服务器',
        'kubectl -n kube-system logs -l k8s-app=kube-dns; kubectl exec POD -- nslookup INTERNAL-NAME',
      ),
    ],
  }),
});

export const resolvDanglingLinkInContainer = defineCause({
  id: 'resolv-dangling-link-in-container',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t('The resolv.conf that kubelet is told to use does not exist', 'kubelet 被指定使用的 resolv.conf 不存在'),
  mechanism: t(
    'kubelet names the file of systemd-resolved while that service is off, or a container has /etc of the host but not /run, where the link leads. No sandbox can be made without the file.',
    'kubelet 指定了 systemd-resolved 的文件，而该服务未运行；或容器挂载了宿主机的 /etc 却没有链接所指的 /run。没有该文件就无法创建沙箱。',
  ),
  summary: t('The resolv.conf that is handed to pods is not there.', '下发给 Pod 的 resolv.conf 不存在。'),
  sources: ['kubernetes/website', 'resolv.conf(5)'],
  lookAlikes: ['resolv-empty-or-missing'],
  confirms: [
    t(
      '"open .../resolv.conf: no such file or directory" when a sandbox is made',
      '创建沙箱时报 “open .../resolv.conf: no such file or directory”',
    ),
  ],
  refutes: [t('the file is there', '该文件存在')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is resolv.conf a link whose target does not exist, on the node or in the container, and which file is kubelet told to use (resolvConf)?',
        zh: '节点或容器中的 resolv.conf 是否为目标不存在的链接？kubelet 被指定使用哪个文件（resolvConf）？',
      },
      command: 'ls -l /etc/resolv.conf /run/systemd/resolve/; readlink -e /etc/resolv.conf; grep resolvConf /var/lib/kubelet/config.yaml',
    },
  ],
  remedies: [
    {
      id: 'existing-file',
      title: t('Set resolvConf of kubelet to a file that exists', '将 kubelet 的 resolvConf 设为存在的文件'),
      risk: t('restart of kubelet', '需要重启 kubelet'),
      safety: 'disruptive',
      command: "sed -i.bak 's#^resolvConf:.*#resolvConf: /etc/resolv.conf#' /var/lib/kubelet/config.yaml && systemctl restart kubelet",
      undo: 'mv /var/lib/kubelet/config.yaml.bak /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      verify: ['kubectl get pods -A | grep -v Running'],
    },
    {
      id: 'start-resolved',
      title: t('Start systemd-resolved', '启动 systemd-resolved'),
      risk: t("changes the node's resolver", '会改变节点的解析器'),
      safety: 'needs-a-person',
      command: 'systemctl enable --now systemd-resolved',
      undo: 'systemctl disable --now systemd-resolved',
      verify: ['ls -lL /run/systemd/resolve/resolv.conf'],
    },
  ],
  signatures: openFails,
  check: evidenceCheck({
    signatures: openFails,
    confirm: [
      {
        when: all(
          stated({
            whole:
              /(?:\bits|\/run\/systemd\/resolve\/|systemd-?resolved'?s?|resolved'?s?) ?resolv\.?conf|resolv\.?conf of (?:systemd-?)?resolved/iu,
          }),
          stated({
            whole:
              /resolved[^.;]*[ :](?:uninstalled|removed|disabled|masked|switched off|purged|not (?:installed|running|there|present|active))\b/iu,
          }),
        ),
        grade: 'direct',
        says: t('systemd-resolved is gone, and its file is still named', 'systemd-resolved 已不存在，但仍引用其文件'),
      },
      {
        when: all(
          stated({ whole: /\/run\/systemd\/resolve\/resolv\.conf/iu }),
          any(
            off('unit.systemd-resolved.active'),
            stated({
              whole: /resolved[^:]*: *(?:not (?:running|installed|active|used)|inactive|disabled|stopped|off|masked|absent|no\b|false)/iu,
            }),
          ),
        ),
        grade: 'direct',
        says: t(
          'kubelet is given the file of systemd-resolved, and that service is off',
          'kubelet 使用 systemd-resolved 的文件，而该服务未运行',
        ),
      },
      {
        when: all(on('resolv.missing'), on('kube.pods-failing')),
        grade: 'strong',
        says: t('the file is stated to be missing, and pods do not start', '陈述中提到文件不存在，且 Pod 无法启动'),
      },
      {
        when: all(
          stated({ whole: /resolv[\w .-]*conf/iu }),
          stated(
            { key: /^(?:the |that |this )?(?:file|path|target|it)(?: (?:exists|present|there|found))?$|(?:^| )exists$/u, value: 'no' },
            {
              whole: /\b(?:file|path|target|link)\b[^.;]+(?:missing|absent|does not exist|doesn't exist|no such file|not there|dangling)/iu,
            },
          ),
        ),
        grade: 'direct',
        says: t('the file that kubelet is told to use is stated not to exist', '陈述中提到 kubelet 被指定使用的文件不存在'),
      },
      {
        when: all(
          off('unit.systemd-resolved.active'),
          stated({ clause: [/kubelet|kubeadm|--resolv-conf/iu, /resolv\W?conf/iu, /systemd|\/run\/|\bits\b|still|names?\b|points?/iu] }),
        ),
        grade: 'strong',
        says: t(
          'kubelet is told to use a file of systemd-resolved, and that service is off',
          'kubelet 使用 systemd-resolved 的文件，而该服务未运行',
        ),
      },
      {
        when: all(
          off('unit.systemd-resolved.active'),
          stated({ clause: [/kubelet/iu, /ubuntu|debian|other (?:system|distribution|os)/iu, /copied|taken|same|from|of an?\b/iu] }),
        ),
        grade: 'direct',
        says: t(
          'the settings of kubelet come from a system with systemd-resolved, which does not run here',
          'kubelet 的设置来自使用 systemd-resolved 的系统，而此处未运行',
        ),
      },
      {
        when: off('kubelet.resolv-conf.exists'),
        grade: 'direct',
        says: t('the file that kubelet is told to use does not exist', 'kubelet 被指定使用的文件不存在'),
      },
    ],
    refute: [{ when: on('kubelet.resolv-conf.exists'), says: t('the file is there', '该文件存在') }],
    asks: [
      ask(
        "whether the file of kubelet's resolvConf exists",
        'kubelet 的 resolvConf 所指文件是否存在',
        'grep resolvConf /var/lib/kubelet/config.yaml; ls -lL /run/systemd/resolve/resolv.conf',
      ),
    ],
  }),
});

export const resolvRewrittenByOwner = defineCause({
  id: 'resolv-rewritten-by-owner',
  area: 'resolv-conf',
  severity: 'medium',
  layer: 1,
  title: t('The owner of resolv.conf undoes manual edits', 'resolv.conf 的管理者会撤销手动修改'),
  mechanism: t(
    'NetworkManager, dhclient, cloud-init, resolvconf or a VPN client writes the file anew at each lease or reboot, so an edit by hand holds only until then.',
    'NetworkManager、dhclient、cloud-init、resolvconf 或 VPN 客户端会在每次续租或重启时重写该文件，因此手动修改只能维持到那时。',
  ),
  summary: t('resolv.conf was edited by hand and is written anew by its owner.', 'resolv.conf 的手动修改被其管理者覆盖。'),
  sources: ['NetworkManager.conf(5)', 'dhclient-script(8)'],
  confirms: [
    t('it worked until a reboot or a renewed lease; the header of the file names its owner', '在重启或续租之前正常；文件头部注明了管理者'),
  ],
  refutes: [t('no owner is active', '没有活动的管理者')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Which program writes resolv.conf (NetworkManager, resolvconf, dhclient, cloud-init), and did it change after a reboot or a lease?',
        zh: '哪个程序写入 resolv.conf（NetworkManager、resolvconf、dhclient、cloud-init）？重启或续租后是否改变？',
      },
      command: 'head -5 /etc/resolv.conf; ls -l --time-style=full-iso /etc/resolv.conf; nmcli general',
    },
  ],
  remedies: [
    {
      id: 'set-at-owner',
      title: t('Set the servers at the owner of the file', '在该文件的管理者处设置服务器'),
      risk: t('none', '无'),
      safety: 'needs-a-person',
      command: 'head -5 /etc/resolv.conf; nmcli con show',
      verify: ['cat /etc/resolv.conf'],
    },
  ],
  check: evidenceCheck({
    confirm: [
      {
        when: stated(
          { whole: /resolv[^:]*: .*(?:overwrit|rewrit|revert|undone|restored|regenerat|changes back|被覆盖|被改回)/iu },
          { whole: /after (?:a )?(?:reboot|lease|restart)[^.;]*(?:resolv|dns|nameserver)[^.;]*(?:old|back|gone|lost|overwrit)/iu },
        ),
        grade: 'direct',
        says: t('it is stated that resolv.conf is written anew', '陈述中提到 resolv.conf 被重写'),
      },
      {
        when: stated({
          clause: [
            /resolv[. ]conf|name ?servers?|\bdns\b/iu,
            /\b(?:edits?|edited|changes?|entr(?:y|ies)|lines?)\b|修改/iu,
            /\b(?:gone|lost|undone|disappear(?:s|ed)?|vanish(?:es|ed)?|comes? back|does not stick|do not stick|never sticks)\b|丢失|消失/iu,
          ],
        }),
        grade: 'direct',
        says: t('an edit of resolv.conf does not last', '对 resolv.conf 的修改无法保留'),
      },
      {
        when: stated({
          clause: [/look-?ups?|resol|\bdns\b|解析/iu, /\b(?:until|after|since)\b|之后|直到/iu, /lease|reboot|dhcp|租约|重启/iu],
        }),
        grade: 'hint',
        says: t('names worked until a reboot or a renewed lease', '在重启或续租之前解析正常'),
      },
    ],
    refute: [
      {
        when: stated({ clause: [/resolv[. ]conf/iu, /\bunchanged\b|never (?:touched|rewritten|overwritten)|\bchattr \+i\b|未改变/iu] }),
        says: t('resolv.conf stays as it was written', 'resolv.conf 保持写入时的内容'),
      },
    ],
    asks: [ask('who writes /etc/resolv.conf', '由谁写入 /etc/resolv.conf', 'head -5 /etc/resolv.conf; lsattr /etc/resolv.conf')],
  }),
});

const ignoringByEvidence = evidenceCheck({
  signatures: ignoringQuery,
  confirm: [
    {
      when: all(startOrder, stated({ clause: [/container|pod|docker|bridge/iu, /dns|resolv|look|name|域名|解析/iu] })),
      grade: 'direct',
      says: t(
        'a restart of dnsmasq heals the look-ups of containers, or it was started before their bridge',
        '重启 dnsmasq 后容器解析恢复，或它先于网桥启动',
      ),
    },
    {
      when: any(startOrder, stated({ whole: /dnsmasq[^.;]*(?:restart|before docker|start order|started before)/iu })),
      grade: 'strong',
      says: t('a restart of dnsmasq heals, or it was started first', '重启 dnsmasq 后恢复，或它先于 Docker 启动'),
    },
    {
      when: all(on('unit.dnsmasq.active'), containerAskedAnother),
      grade: 'hint',
      says: t(
        'dnsmasq runs on the node, and a container that asks the node gets no answer',
        '节点上运行 dnsmasq，而询问节点的容器得不到应答',
      ),
    },
  ],
  asks: [
    ask(
      'whether the log of dnsmasq says that it ignores queries',
      'dnsmasq 日志是否提示忽略查询',
      'journalctl -u dnsmasq | grep -i ignoring',
    ),
  ],
});

export const localResolverIgnoresBridge = defineCause({
  id: 'local-resolver-ignores-bridge',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t("The host's dnsmasq refuses questions from the container bridge", '宿主机的 dnsmasq 拒绝来自容器网桥的查询'),
  mechanism: t(
    'With local-service dnsmasq answers only networks that had an interface when it looked. Started before Docker made its bridge, it takes the containers for strangers.',
    '启用 local-service 时，dnsmasq 只应答它启动时已有接口的网络。若它在 Docker 创建网桥之前启动，就会把容器视为外部网络。',
  ),
  summary: t(
    'dnsmasq was started before the container bridge was there and ignores questions from containers.',
    'dnsmasq 在容器网桥出现之前启动，忽略来自容器的查询。',
  ),
  sources: ['dnsmasq(8) (--local-service)', 'rancher/rancher#7280'],
  lookAlikes: ['coredns-upstream-unreachable', 'dns-port-half-open'],
  confirms: [
    t(
      '"Ignoring query from non-local network" in the log, and a restart of dnsmasq heals',
      '日志中有 “Ignoring query from non-local network”，且重启 dnsmasq 后恢复',
    ),
  ],
  refutes: [t('no such line; or the bridge is older than the daemon', '没有该行；或网桥比守护进程更早存在')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Does the host's resolver (dnsmasq) say that it ignores queries from a non-local network, and does it answer pods once restarted?",
        zh: '主机的解析器（dnsmasq）是否提示忽略来自非本地网络的查询？重启后是否应答 Pod？',
      },
      command: "journalctl -u dnsmasq -u libvirtd -n 50 | grep -i 'non-local'; ss -lunp sport = :53",
    },
  ],
  remedies: [
    {
      id: 'restart-dnsmasq',
      title: t('Restart dnsmasq', '重启 dnsmasq'),
      risk: t('DNS is away for a second', 'DNS 中断约一秒'),
      safety: 'disruptive',
      command: 'systemctl restart dnsmasq',
      undo: 'true',
      verify: ['docker run --rm busybox nslookup NAME'],
    },
    {
      id: 'order-units',
      title: t(
        'Start dnsmasq after Docker, or name the bridge: interface=docker0, bind-dynamic',
        '让 dnsmasq 在 Docker 之后启动，或指定网桥：interface=docker0、bind-dynamic',
      ),
      risk: t('restart of dnsmasq', '需要重启 dnsmasq'),
      safety: 'needs-a-person',
      verify: ['systemctl cat dnsmasq'],
    },
  ],
  signatures: ignoringQuery,
  check: (context) => {
    const silent = ownDnsmasqSilent(context);
    return silent.length > 0 ? silent : ignoringByEvidence(context);
  },
});

export const dnsPortHalfOpen = defineCause({
  id: 'dns-port-half-open',
  area: 'resolv-conf',
  severity: 'medium',
  layer: 2,
  title: t('Port 53 is open for UDP or TCP only', '53 端口只开放了 UDP 或 TCP'),
  mechanism: t(
    'Small answers come by UDP and large ones need TCP or fragments. With one of them blocked, small names work and large answers time out, or the other way round.',
    '小的应答走 UDP，大的应答需要 TCP 或分片。其中之一被阻断时，小应答正常而大应答超时，或反之。',
  ),
  summary: t('DNS answers of one kind get through and others do not.', '一类 DNS 应答可以通过，另一类不行。'),
  sources: ['RFC 7766'],
  lookAlikes: ['mtu-mismatch', 'resolv-first-nameserver-dead'],
  confirms: [
    t(
      'the same server answers by UDP and not by TCP, or small and not large',
      '同一服务器 UDP 有应答而 TCP 没有，或小应答正常而大应答没有',
    ),
  ],
  refutes: [t('all four of UDP/TCP and small/large work', 'UDP/TCP 与大/小应答四种组合都正常')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does the server answer by UDP as well as by TCP on port 53?', zh: '该服务器的 53 端口是否 UDP 和 TCP 都有应答？' },
      command: 'dig +time=2 @SERVER NAME; dig +tcp +time=2 @SERVER NAME',
    },
  ],
  remedies: [
    {
      id: 'open-both',
      title: t('Open 53/udp and 53/tcp to the server', '对该服务器开放 53/udp 和 53/tcp'),
      risk: t('for the owner of the firewall', '由防火墙管理者处理'),
      safety: 'needs-a-person',
      verify: ['dig +tcp @SERVER NAME', 'dig +notcp @SERVER NAME'],
    },
  ],
  check: (context) => {
    const { node } = context;
    const answered = (transport: 'udp' | 'tcp', server: string): boolean | undefined => {
      const replies = node.dns.filter((d) => d.question.server === server && d.question.transport === transport);
      return replies.length === 0 ? undefined : replies.some((d) => d.reply.kind === 'answer');
    };
    const server = [...new Set(node.dns.map((d) => d.question.server))].find((s) => {
      const [udp, tcp] = [answered('udp', s), answered('tcp', s)];
      return udp !== undefined && tcp !== undefined && udp !== tcp;
    });
    if (server !== undefined) {
      return [
        {
          status: 'present',
          values: { server },
          evidence: [
            {
              said: say(t('{server} answers on one transport only', '{server} 只在一种传输方式上应答'), { server }),
              source: { kind: 'probe', probe: 'dns' },
              grade: 'direct',
            },
          ],
        },
      ];
    }
    return evidenceCheck({
      confirm: [
        {
          when: stated({
            clause: [
              /\btcp\b/iu,
              /\budp\b/iu,
              /\b53\b|\bdns\b/iu,
              /block|drop|closed|time|refus|not open|阻断|不通/iu,
              /\b(?:works?|open|allowed|answers?|fine|ok|passes)\b|正常|放行/iu,
            ],
          }),
          grade: 'direct',
          says: t(
            'it is stated that one transport of port 53 works and the other is blocked',
            '陈述中提到 53 端口的一种传输正常而另一种被阻断',
          ),
        },
        {
          when: stated({ whole: /(?:udp|tcp)[^.;]*(?:53|dns)[^.;]*(?:block|drop|closed|timeout|refus|not open)/iu }),
          grade: 'strong',
          says: t('it is stated that port 53 is blocked for one transport', '陈述中提到 53 端口的一种传输被阻断'),
        },
        {
          when: stated({
            clause: [
              /\bdns\b|look-?ups?|解析/iu,
              /\b(?:large|big|long)\b|大/iu,
              /answers?|repl(?:y|ies)|responses?|records?|应答/iu,
              /fail|time|lost|never|block|失败|超时/iu,
            ],
          }),
          grade: 'hint',
          says: t('large answers do not arrive', '大的应答无法到达'),
        },
      ],
      asks: [
        ask(
          'whether the server answers by UDP and by TCP',
          '该服务器的 UDP 和 TCP 是否都应答',
          'dig +notcp @SERVER NAME; dig +tcp @SERVER NAME',
        ),
      ],
    })(context);
  },
});
