/**
 * A name that only the cluster DNS knows is used by a process of the node: kubelet, a mount helper, the runtime, a hostNetwork pod.
 * Source: kubernetes/kubernetes pkg/kubelet/network/dns/dns.go (hostNetwork pods with ClusterFirst fall back to Default).
 */
import {
  all,
  any,
  ask,
  evidenceCause,
  isClusterDns,
  isLookup,
  isLoopbackAddress,
  line,
  observed,
  off,
  on,
  stated,
  symptomWhere,
  t,
  textual,
  without,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { siteNameTold } from '../_told-names.ts';

const CLUSTER_NAME = /\.svc(?:\.[a-z0-9.-]+)?\.?$|\.cluster\.local\.?$/i;

/** Asked of a server that is not the cluster DNS: so not from an ordinary pod. */
const askedElsewhere: Test = symptomWhere(
  (one, node) =>
    isLookup(one) &&
    CLUSTER_NAME.test(one.name ?? '') &&
    one.server !== undefined &&
    !isClusterDns(node, one.server) &&
    !/coredns/i.test(one.component ?? ''),
);
const askedByNode: Test = symptomWhere(
  (one) =>
    CLUSTER_NAME.test(one.name ?? '') &&
    (isLookup(one) || one.operation === 'mount' || one.operation === 'pull') &&
    (/kubelet|containerd|dockerd|docker|mount|k3s|rke2|crio|etcd|apiserver/i.test(one.component ?? one.client ?? '') ||
      // Images are pulled by the runtime, wherever the line was found.
      one.evidence.some((e) => /failed to (?:pull|resolve reference|do request)|Failed to pull image|ErrImagePull/u.test(e.text ?? ''))),
);
const podsResolve: Test = any(
  on('lookup.container.works'),
  on('lookup.container-dns.works'),
  on('lookup.cluster-names.works'),
  (context) => {
    const answer = context.node.dns.find(
      (one) => isClusterDns(context.node, one.question.server) && one.reply.kind === 'answer' && one.reply.answers.length > 0,
    );
    return answer === undefined
      ? { seen: 'unknown' }
      : { seen: 'yes', kind: 'comparison', ...(answer.source === undefined ? {} : { source: answer.source }) };
  },
);

/** By hand, of a stub on a loopback address: a pod has none there. The API's own Service stands in every cluster. */
const askedOfStub: Test = ({ node }) => {
  const hit = node.dns.find(
    (one) =>
      (CLUSTER_NAME.test(one.question.name) || /^kubernetes(?:\.default)?\.?$/iu.test(one.question.name)) &&
      isLoopbackAddress(one.question.server) &&
      (one.reply.kind !== 'answer' || one.reply.answers.length === 0),
  );
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', values: { name: hit.question.name }, ...(hit.source === undefined ? {} : { source: hit.source }) };
};
/** Asked live, in the node's own view: its servers do not know the name. */
const nodeDoesNotKnow: Test = ({ answers, world }) => {
  const failing = answers.find(
    (a) => CLUSTER_NAME.test(a.name) && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve' && world.view(a.view)?.kind === 'host',
  );
  return failing === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', view: failing.view, values: { name: failing.name } };
};

/** A mount, pull or process of the node is said to fail by name (and, often, to work by address). */
const toldOfHost: Test = stated(
  {
    whole:
      /(?:mount|nfs|cifs|gluster|pull|volume|pv|kubelet)[^:]*(?:name|dns|host ?name|svc|service)[^:]*: .*(?:fail|not|cannot|unable|does not|never)/iu,
  },
  {
    clause: [
      /mount|nfs|volume|kubelet|hostnetwork|host network|\bpull/iu,
      /(?:service|svc|cluster|dns) ?name|by name|\.svc|cluster\.local/iu,
      /fail|cannot|not |unable/iu,
    ],
  },
);

/** What is looked up is a Service by its name, or something that pods offer: a registry, a volume server. */
const clusterNameMeant: Test = stated({
  clause: [/\bservice\b|cluster ?name|name of a service|svc\b|in-cluster/iu, /name|server|host|endpoint|registry|volume|nfs|url/iu],
});
/** The very name of a Service is what a mount, a volume or an image of the node uses. */
const clusterNameInNodeSetting: Test = stated({
  key: /nfs|mount|volume|\bpvc?\b|persistent|oidc|issuer|api ?server|storage|registry|image|csi|glusterfs|ceph|iscsi|smb|cifs|kubelet|containerd|docker|webhook|etcd endpoints?/iu,
  value: /[\w-]\.svc\b|cluster\.local|(?:name|dns name) of (?:a|the) service|service name/iu,
});
/** A process of the node is said not to resolve, and a pod to resolve. */
const nodeCannot: Test = stated({
  clause: [
    /kubelet|mount|volume|runtime|docker|containerd|\bhost\b|\bnodes?\b|hostnetwork|host network|static pod|api ?server/iu,
    /resolv|look ?up|\bping|find|reach/iu,
    /\bnot\b|n't|cannot|fail|unable|无法|不能/iu,
  ],
});
const podCan: Test = stated({
  clause: [
    /\bpods?\b|container|busybox|inside the cluster/iu,
    /resolv|look ?up|nslookup|ping|dig\b/iu,
    /works?\b|ok\b|resolves|succeeds|fine|answers|yes|true|same address|可以|正常/iu,
  ],
});

/** The node is said not to use the cluster DNS, or to be the one that looks a cluster name up. */
const nodeWithoutClusterDns: Test = stated({
  clause: [
    /\bnode|\bhost(?!name)|kubelet|resolv ?conf/iu,
    /cluster ?dns|coredns|kube-?dns|svc\.|cluster\.local|cluster ?ip/iu,
    /\bnot\b|n't|without|lacks?|missing|cannot|unable|unknown|no /iu,
  ],
});
const clusterNameStated: Test = stated({ whole: /\.svc(?:\.|\b)|cluster\.local/iu });

export const hostCannotResolveClusterNames = evidenceCause({
  id: 'host-cannot-resolve-cluster-names',
  area: 'cluster-dns',
  severity: 'medium',
  layer: 7,
  title: t('A name that only pods can resolve is used on the node', '节点上的进程使用了只有 Pod 才能解析的名称'),
  mechanism: t(
    "Nodes do not ask the cluster DNS. Mounts, image pulls and API server calls are made by processes of the node, and hostNetwork pods with dnsPolicy ClusterFirst silently use the node's resolv.conf. A Service name then does not exist.",
    '节点不会询问集群 DNS。挂载、拉取镜像以及 API Server 的调用由节点上的进程完成；dnsPolicy 为 ClusterFirst 的 hostNetwork Pod 会悄悄使用节点的 resolv.conf。此时 Service 名称并不存在。',
  ),
  summary: t('A process of the node looks up a name that only the cluster DNS knows.', '节点上的进程在查询只有集群 DNS 才知道的名称。'),
  sources: ['kubernetes/kubernetes pkg/kubelet/network/dns/dns.go', 'kubernetes/website: DNS for Services and Pods, dnsPolicy'],
  lookAlikes: ['coredns-no-endpoints', 'cluster-domain-mismatch', 'resolv-no-usable-nameserver'],
  signatures: [
    {
      id: 'host-cannot-resolve-cluster-names/mount',
      grade: 'strong',
      anchors: ['Failed to resolve server', 'could not resolve address for', 'server name not found', 'DNS resolution failed on host'],
      pattern:
        /mount\.(?:nfs4?|cifs|ceph|glusterfs|smb3): .{0,40}?Failed to resolve server (?<name>[^ :]+)|^(?:Output: )?Failed to resolve server (?<server>[^ :]+\.(?:svc|local)[^ :]*): |mount(?:\.[a-z]+| error): could not resolve address for (?<host>[^ :]+)|mount\.ceph: .{0,40}server name not found|DNS resolution failed on host (?<gluster>[^ ]+)/i,
      matches: [
        'Output: mount.nfs: Failed to resolve server nfs.storage.svc.cluster.local: Name or service not known',
        'mount error: could not resolve address for smb.files: Unknown error',
      ],
      rejects: ['mount.nfs: access denied by server while mounting 10.0.0.4:/data'],
    },
    {
      id: 'host-cannot-resolve-cluster-names/curl',
      grade: 'weak',
      anchors: ['Could not resolve host', 'could not resolve host'],
      pattern: /could not resolve host: (?<name>[a-z0-9.-]+\.svc(?:\.[a-z0-9.-]+)?)\b/i,
      matches: ['curl: (6) Could not resolve host: web.shop.svc.cluster.local'],
      rejects: ['curl: (6) Could not resolve host: example.com'],
    },
  ],
  confirm: [
    {
      when: nodeDoesNotKnow,
      grade: 'strong',
      says: t(
        'On the node the servers of its own resolv.conf do not know the cluster name.',
        '节点自己的 resolv.conf 中的服务器不知道该集群内部名称。',
      ),
    },
    {
      when: all(nodeCannot, podCan, any(clusterNameStated, clusterNameMeant, line('host-cannot-resolve-cluster-names/'))),
      grade: 'direct',
      says: t('A process of the node cannot resolve the name, and a pod can.', '节点上的进程无法解析该名称，而 Pod 可以。'),
    },
    {
      when: all(toldOfHost, podsResolve),
      grade: 'direct',
      says: t('What the node does by name fails, while pods resolve the name.', '节点按名称进行的操作失败，而 Pod 能解析该名称。'),
    },
    {
      when: all(
        clusterNameInNodeSetting,
        any(
          stated({
            whole:
              /(?:by|with|using) (?:the )?(?:cluster ?)?(?:ip|address)[^.;]*(?:works|ok\b|fine|succeed)|(?:mount|pull|look ?up|resol|containerd|docker|kubelet|node)[^.;]*(?:no such host|not resolv|cannot|fail|unknown|does not)/iu,
          }),
          nodeWithoutClusterDns,
        ),
      ),
      grade: 'direct',
      says: t('The node uses the name of a Service, and does not know it.', '节点使用了 Service 名称，但无法识别。'),
    },
    {
      when: clusterNameInNodeSetting,
      grade: 'strong',
      says: t('A setting that the node acts on holds the name of a Service.', '由节点执行的设置中使用了 Service 名称。'),
    },
    {
      when: toldOfHost,
      grade: 'strong',
      says: t('It is stated that a mount or pull of the node fails by name.', '陈述中提到节点按名称挂载或拉取失败。'),
    },
    {
      when: all(
        any(line('host-cannot-resolve-cluster-names/'), askedElsewhere, all(off('lookup.host.works'), without(siteNameTold))),
        podsResolve,
      ),
      grade: 'direct',
      says: t('The node cannot resolve the name while a pod can.', '节点无法解析该名称，而 Pod 可以。'),
    },
    {
      when: all(nodeWithoutClusterDns, any(clusterNameStated, line('host-cannot-resolve-cluster-names/'))),
      grade: 'direct',
      says: t('The node does not know cluster names, and one is used there.', '节点不认识集群内部名称，却在节点上使用了它。'),
    },
    {
      when: askedOfStub,
      grade: 'direct',
      says: t(
        '{name} was asked of the stub resolver of a node, which does not know cluster names.',
        '向节点的存根解析器查询了 {name}，而它不认识集群内部名称。',
      ),
    },
    {
      when: askedElsewhere,
      grade: 'direct',
      says: t('A cluster name was asked of a server that is not the cluster DNS.', '向并非集群 DNS 的服务器查询了集群内部名称。'),
    },
    { when: askedByNode, grade: 'direct', says: t('A process of the node looked up a cluster name.', '节点上的进程查询了集群内部名称。') },
    {
      when: all(on('kube.pod-host-network'), observed('kube.pod-dns-policy', textual(/^(?:ClusterFirst|Default)$/))),
      grade: 'strong',
      says: t(
        'The pod uses the host network and its dnsPolicy is not ClusterFirstWithHostNet.',
        '该 Pod 使用主机网络，且 dnsPolicy 不是 ClusterFirstWithHostNet。',
      ),
    },
    {
      when: stated(
        { whole: /(?:from|on|in) (?:the |a )?(?:host|node|kubelet|host ?network)[^.;]*(?:svc|service name|cluster name|cluster\.local)/i },
        { key: /host|node|kubelet|mount/, value: /svc\.cluster|cluster\.local/i },
      ),
      grade: 'weak',
      says: t('It is stated that a cluster name is used on the node.', '陈述中提到在节点上使用集群内部名称。'),
    },
    {
      when: symptomWhere(
        (one) => isLookup(one) && CLUSTER_NAME.test(one.name ?? '') && one.server === undefined && one.component === undefined,
      ),
      grade: 'hint',
      says: t('A cluster name cannot be resolved.', '集群内部名称无法解析。'),
    },
  ],
  refute: [
    {
      when: off('lookup.cluster-names.works'),
      says: t(
        'The same name fails in an ordinary pod as well: it is the cluster DNS.',
        '同一名称在普通 Pod 中也解析失败：问题在集群 DNS。',
      ),
    },
    {
      when: off('lookup.container-dns.works'),
      says: t(
        'The same name fails in an ordinary pod as well: it is the cluster DNS.',
        '同一名称在普通 Pod 中也解析失败：问题在集群 DNS。',
      ),
    },
  ],
  asks: [
    ask(
      'Who makes the failing lookup, a process on the node (kubelet, mount, runtime, hostNetwork pod) or an ordinary pod, and does the same name resolve in a pod?',
      '失败的解析是由节点上的进程（kubelet、挂载、运行时、hostNetwork Pod）发起，还是普通 Pod？同一名称在 Pod 中能否解析？',
      "kubectl get pod POD -o jsonpath='{.spec.hostNetwork} {.spec.dnsPolicy}'; kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup NAME",
    ),
  ],
  remedies: [
    {
      id: 'cluster-first-with-host-net',
      title: t(
        'Set dnsPolicy: ClusterFirstWithHostNet for the hostNetwork pod',
        '为 hostNetwork Pod 设置 dnsPolicy: ClusterFirstWithHostNet',
      ),
      risk: t('The pod is made anew.', 'Pod 会重建。'),
      safety: 'disruptive',
      command: 'kubectl patch deployment NAME -p \'{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet"}}}}\'',
      undo: 'kubectl patch deployment NAME -p \'{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirst"}}}}\'',
      verify: ['kubectl exec POD -- nslookup kubernetes.default.svc.cluster.local'],
    },
    {
      id: 'address-or-real-dns',
      title: t(
        'Give the node the ClusterIP of the Service, or a name that the site DNS knows',
        '在节点侧使用 Service 的 ClusterIP，或现场 DNS 知道的名称',
      ),
      risk: t('An address must be changed by hand when the Service is made anew.', 'Service 重建后需手工更改地址。'),
      safety: 'needs-a-person',
      command: 'kubectl get svc -n NAMESPACE NAME -o wide',
      verify: ['getent ahosts NAME'],
    },
  ],
});
