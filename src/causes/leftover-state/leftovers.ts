/** What an earlier cluster left on the node. Source: rancher/rke hosts/hosts.go and cluster/state.go, kubernetes cmd/kubeadm checks.go, k3s bootstrap storage, rancher/rancher#10832. */
import { inRange } from '../_checks/addresses.ts';
import type { Source } from '../../facts/fact.ts';
import type { Look, Test } from '../_checks/index.ts';
import {
  spokenKey,
  statementsOf,
  helped,
  all,
  any,
  ask,
  evidenceCause,
  line,
  observed,
  on,
  stated,
  symptom,
  symptomWhere,
  t,
  textual,
} from '../_checks/index.ts';

const usedBefore = any(
  on('node.used-in-earlier-cluster'),
  stated({
    whole:
      /(?:node|machine|server|host|vm)[^.;]*(?:used|belonged|was|were|part)[^.;]*(?:earlier|previous|old|another|other|before)[^.;]*|(?:previous|earlier|old|former) (?:cluster|rke|installation|install|kubernetes)|re-?used (?:node|machine|server|host|vm)|(?:node|machine|server|host|vm|image|template)[^.;]*(?:ran|ran as|served as|running) [^.;]*(?:before|earlier|previously|formerly)|(?:node|machine|server|host|vm)[^.;]*re-?used|leftover|not cleaned|(?:clean-?up|cleaning)[^.;]*(?:not|never|skipped|omitted|incomplete)|without (?:a )?clean|(?:旧|之前的)集群|残留/iu,
  }),
);

export const leftoverRkeCluster = evidenceCause({
  id: 'leftover-rke-cluster',
  area: 'leftover-state',
  severity: 'critical',
  layer: 5,
  title: t('Directories and containers of an earlier RKE cluster are still there', '仍残留早期 RKE 集群的目录和容器'),
  mechanism: t(
    'Certificates, etcd data, CNI files and sidekick volumes of another life are found first: peers do not trust them, and the new cluster does not come up.',
    '早期集群的证书、etcd 数据、CNI 文件和 sidekick 卷被优先使用：对端不信任它们，新集群无法启动。',
  ),
  summary: t('The node still holds the state of an earlier cluster.', '节点上仍有早期集群的状态。'),
  sources: ['rancher/rke hosts/hosts.go', 'rancher-docs: cleaning cluster nodes'],
  lookAlikes: ['cert-ca-mismatch', 'etcd-member-state-stale', 'cni-leftover-config', 'rke-state-file-lost-or-old'],
  confirm: [
    {
      when: stated({
        clause: [
          /\/?etc[ /_]kubernetes|var[ /_]lib[ /_](?:etcd|rancher|kubelet)|opt[ /_]rke|kubernetes[ /_]ssl|certificates?|kubeconfig|state/i,
          /\b(?:from|of) (?:the |an? |my )?(?:last|former|first|earlier|previous|old|other|another|failed|prior)\b|not (?:removed|deleted|cleaned)|left ?over|still there/i,
          /attempt|cluster|install|run|set-?up|try|life|removed|deleted|cleaned|left ?over|still there/i,
        ],
      }),
      grade: 'strong',
      says: t('Files of an earlier installation are told of.', '陈述中提到早期安装留下的文件。'),
    },
    {
      when: helped(
        /rm -?r?f?\b[^.;]*(?:kubernetes|etcd|rancher|rke|kubelet)|clean(?:ing|ed)? (?:the |up )?(?:node|host|machine)|remov\w+ [^.;]*(?:etc[ /]kubernetes|var[ /]lib[ /](?:etcd|rancher)|old cert)/i,
      ),
      grade: 'direct',
      says: t('Cleaning the node helped.', '清理节点后恢复。'),
    },
    {
      when: all(
        usedBefore,
        symptomWhere((s) => ['tls', 'dial', 'http', 'start', 'mount', 'other'].includes(s.operation) && s.details?.['noise'] === undefined),
      ),
      grade: 'direct',
      says: t(
        'The node was used before, and components do not trust each other or do not start.',
        '节点曾被使用过，且组件互不信任或无法启动。',
      ),
    },
    {
      when: all(
        usedBefore,
        stated({
          whole:
            /(?:\/etc\/kubernetes|\/opt\/rke|\/var\/lib\/(?:etcd|rancher|kubelet)|\/etc\/cni|director(?:y|ies)|certificate|ssl|file)[^;]*(?:still|not (?:removed|cleaned|deleted)|remain|left|present|there|from before|old)/iu,
        }),
      ),
      grade: 'direct',
      says: t('The node was used before, and its directories are still there.', '节点曾被使用过，且目录仍在。'),
    },
    { when: usedBefore, grade: 'strong', says: t('The node was used in an earlier cluster.', '节点曾用于早期集群。') },
    {
      // The nginx-proxy of an RKE node stands at this address: its kubelet holds the CA of another cluster.
      when: symptomWhere(
        (s) =>
          s.operation === 'tls' &&
          (s.address === '127.0.0.1' || s.name === '127.0.0.1') &&
          /127\.0\.0\.1:6443.*signed by unknown authority/u.test(s.evidence[0]?.text ?? ''),
      ),
      grade: 'hint',
      says: t('A component of the node does not trust the API server of its cluster.', '节点上的组件不信任其集群的 API server。'),
    },
    {
      when: symptomWhere((s) =>
        /service-sidekick|rke-bundle-cert|kube-\w+[^\n]{0,40}already in use by container/iu.test(s.evidence[0]?.text ?? ''),
      ),
      grade: 'strong',
      says: t('A container of an earlier RKE run is in the way.', '早期 RKE 运行留下的容器造成阻碍。'),
    },
  ],
  asks: [
    ask(
      'whether the node was in a cluster before, and what stands in its state directories',
      '节点以前是否属于某个集群，以及状态目录中的内容',
      'ls -ld --time-style=full-iso /etc/kubernetes/ssl /var/lib/etcd /etc/cni/net.d /var/lib/rancher /run/flannel; docker ps -a',
    ),
  ],
  explains: [{ operation: 'tls' }, { kind: 'cert-ca-mismatch/' }],
  remedies: [
    {
      id: 'move-aside',
      title: t(
        'Move the directories aside, remove old interfaces and chains, and start the node again',
        '移走这些目录，删除旧接口和规则链，并重启节点',
      ),
      risk: t('The earlier cluster on this node is gone; keep the copies.', '该节点上的早期集群将不可用；请保留副本。'),
      safety: 'needs-a-person',
      command:
        'for d in /etc/kubernetes /var/lib/etcd /etc/cni/net.d /var/lib/cni /var/lib/rancher /run/flannel; do [ -e $d ] && mv $d $d.culprit; done; ip link del flannel.1; ip link del cni0',
      undo: 'for d in /etc/kubernetes /var/lib/etcd /etc/cni/net.d /var/lib/cni /var/lib/rancher /run/flannel; do [ -e $d.culprit ] && mv $d.culprit $d; done',
      verify: ['rke up'],
    },
  ],
});

export const leftoverKubeadmOrK3sState = evidenceCause({
  id: 'leftover-kubeadm-or-k3s-state',
  area: 'leftover-state',
  severity: 'critical',
  layer: 5,
  title: t('Manifests, tokens or bootstrap data of an earlier installation are there', '存在早期安装留下的清单、令牌或引导数据'),
  mechanism: t(
    'kubeadm refuses to overwrite files of an earlier run; K3s and RKE2 cannot read bootstrap data that was encrypted with another token.',
    'kubeadm 拒绝覆盖早期运行的文件；K3s 和 RKE2 无法读取用另一个令牌加密的引导数据。',
  ),
  summary: t('An earlier installation left files that the new one stops at.', '早期安装留下的文件使新安装中止。'),
  sources: ['kubernetes cmd/kubeadm/app/preflight/checks.go', 'k3s-io/k3s pkg/cluster/storage.go'],
  lookAlikes: ['join-token-invalid', 'leftover-rke-cluster', 'port-in-use'],
  signatures: [
    {
      id: 'leftover-kubeadm-or-k3s-state/kubeadm',
      grade: 'direct',
      terminal: true,
      anchors: ['FileAvailable--', 'DirAvailable--', ' is not empty', ' already exists'],
      // Before 1.8 the checks had no names.
      pattern:
        /\[ERROR (?:FileAvailable|DirAvailable)--[^\]]+\]: [^ ]+ (?:already exists|is not empty)|^[ \t]*\/(?:etc\/kubernetes(?:\/[^ ]*)?|var\/lib\/(?:etcd|kubelet)) (?:already exists|is not empty)$/u,
      matches: [
        '\t/var/lib/etcd is not empty',
        '\t[ERROR FileAvailable--etc-kubernetes-manifests-kube-apiserver.yaml]: /etc/kubernetes/manifests/kube-apiserver.yaml already exists',
        '\t[ERROR DirAvailable--var-lib-etcd]: /var/lib/etcd is not empty',
      ],
      rejects: ['[ERROR Swap]: running with swap on is not supported'],
    },
    {
      id: 'leftover-kubeadm-or-k3s-state/bootstrap',
      grade: 'direct',
      terminal: true,
      anchors: ['bootstrap data already found'],
      pattern: /bootstrap data already found and encrypted with different token/u,
      matches: ['level=fatal msg="starting kubernetes: preparing server: bootstrap data already found and encrypted with different token"'],
      rejects: ['bootstrap data saved'],
    },
  ],
  confirm: [
    {
      when: stated({ clause: [/kubeadm reset|uninstall/i, /not (?:run|done|used|called)|never|without|skipped|no\b|false/i] }),
      grade: 'strong',
      says: t('No reset was done before.', '之前没有执行重置。'),
    },
    {
      when: helped(/kubeadm reset|k3s[-_ ]?uninstall|uninstall[^.;]*k3s|rke2-?uninstall/i),
      grade: 'direct',
      says: t('A reset of the earlier installation helped.', '重置早期安装后恢复。'),
    },
    {
      when: all(
        usedBefore,
        symptomWhere((s) => /kubeadm|k3s|rke2/iu.test(`${s.component ?? ''}${s.client ?? ''}`)),
      ),
      grade: 'strong',
      says: t('The node held an earlier installation.', '节点上有早期安装。'),
    },
  ],
  asks: [
    ask(
      'what an earlier installation left, and the token it was made with',
      '早期安装留下的内容及其使用的令牌',
      'ls -l /etc/kubernetes/manifests /var/lib/etcd /var/lib/rancher/*/server/token',
    ),
  ],
  remedies: [
    {
      id: 'original-token',
      title: t('Start with the original token', '使用原来的令牌启动'),
      risk: t('none', '无'),
      safety: 'safe',
      verify: ['systemctl status k3s rke2-server'],
    },
    {
      id: 'reset',
      title: t('Reset the earlier installation (kubeadm reset, uninstall script)', '重置早期安装（kubeadm reset、卸载脚本）'),
      risk: t('Destroys that cluster on this node.', '会销毁该节点上的集群。'),
      safety: 'needs-a-person',
      command: 'kubeadm reset',
      verify: ['ls /etc/kubernetes/manifests'],
    },
  ],
});

/** Bridges of the CNI; their address lies in the pod range of the node, or they are from another life. */
const POD_BRIDGE = /\b(?:cni0|cbr0|kube[- _]?bridge|flannel[. ]1|weave)\b/iu;
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b/u;
const outside = (bridge: string, address: string, range: string, source: Source): Look =>
  inRange(address, range) ? { seen: 'no' } : { seen: 'yes', kind: 'comparison', values: { bridge, address, range }, source };
/** As told: 'cni0_address: 10.244.0.1/24', 'pod_cidr_of_this_node: 10.244.3.0/24'. */
const toldBridgeOfOldRange: Test = ({ node }) => {
  const told = statementsOf(node);
  const range = told
    .filter(({ key }) => /pod.?cidr|pod.?(?:range|subnet|network)/iu.test(spokenKey(key)))
    .map(({ value }) => /\b\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}\b/u.exec(value)?.[0])
    .find((one) => one !== undefined);
  const bridge = told.find(({ key, value }) => POD_BRIDGE.test(spokenKey(key)) && ADDRESS.test(value));
  const address = ADDRESS.exec(bridge?.value ?? '')?.[0];
  if (range === undefined || bridge === undefined || address === undefined) return { seen: 'unknown' };
  const source: Source = { kind: 'statement', key: bridge.key, text: `${bridge.key}: ${bridge.value}` };
  return outside(POD_BRIDGE.exec(spokenKey(bridge.key))?.[0] ?? bridge.key, address, range, source);
};
/** As shown: the bridge in `ip addr`, the range in the file of the CNI or of flannel. */
const shownBridgeOfOldRange: Test = ({ node }) => {
  const subnet = node.observations['cni.config.subnet'];
  const named = node.observations['cni.config.bridge'];
  const interfaces = (node.netns.find((one) => one.id === 'host') ?? node.netns[0])?.interfaces;
  if (subnet?.state !== 'known' || typeof subnet.value !== 'string' || interfaces?.state !== 'known') return { seen: 'unknown' };
  const name = named?.state === 'known' && typeof named.value === 'string' ? named.value : 'cni0';
  const address = interfaces.value.find((one) => one.name === name)?.addresses.find((one) => one.family === 'inet')?.address;
  if (address === undefined) return { seen: 'unknown' };
  return outside(name, address, subnet.value, interfaces.source);
};
const bridgeOfOldRange: Test = any(toldBridgeOfOldRange, shownBridgeOfOldRange);

export const leftoverNetworkInterface = evidenceCause({
  id: 'leftover-network-interface',
  area: 'leftover-state',
  severity: 'high',
  layer: 2,
  title: t('An orphan interface still answers for a system address', '遗留接口仍在应答系统地址'),
  mechanism: t(
    'A container died, its veth or an old bridge stayed and keeps the address; neighbours learn the dead end. A reboot cures it.',
    '容器已退出，但其 veth 或旧网桥仍在并占用该地址；邻居学到了这个死路。重启可恢复。',
  ),
  summary: t('An interface without a living owner holds an address that others need.', '没有存活所有者的接口占用了他人需要的地址。'),
  sources: ['rancher/rancher#10832', 'ip-link(8)'],
  lookAlikes: ['metadata-unreachable', 'metadata-route-conflict', 'cni-leftover-config', 'bridge-address-conflict'],
  signatures: [
    {
      id: 'leftover-network-interface/bridge-address',
      grade: 'direct',
      anchors: ['already has an IP address different from'],
      pattern: /failed to set bridge addr: \\?"(?<bridge>[^"\\]+)\\?" already has an IP address different from/iu,
      matches: ['failed to set bridge addr: "cni0" already has an IP address different from 10.42.3.1/24'],
      rejects: ['bridge cni0 has address 10.42.3.1/24'],
    },
  ],
  confirm: [
    {
      when: bridgeOfOldRange,
      grade: 'direct',
      says: t("The bridge {bridge} has an address outside this node's pod range.", '网桥 {bridge} 的地址不在本节点的 Pod 网段内。'),
    },
    {
      when: stated({
        clause: [
          /\b(?:cni0|cbr0|kube-?bridge|flannel\.1|docker0|docker_gwbridge|weave|tunl0|vxlan\.calico|cilium_\w+|bridge|interface)\b/i,
          /\b(?:keeps|kept|still|remains?|left|stays)\b|left ?over|not (?:changed|updated|removed|deleted)|did not change/i,
          /\b(?:old|former|previous|earlier|other|wrong|different)\b|after|since|reset/i,
          /address|ip\b|range|cidr|subnet|\bup\b|there|from/i,
        ],
      }),
      grade: 'strong',
      says: t('An interface is told to keep what it had before.', '陈述中提到接口仍保留以前的地址。'),
    },
    {
      when: helped(
        /ip link (?:del|set)|(?:delet|remov)\w+ (?:the )?(?:old |stale |orphan\w* )?(?:interface|bridge|veth|cni0|flannel)|ifconfig cni0 down/i,
      ),
      grade: 'direct',
      says: t('Deleting the interface helped.', '删除该接口后恢复。'),
    },
    { when: on('interface.orphan-veth'), grade: 'direct', says: t('A veth has no living peer.', '某个 veth 没有存活的对端。') },
    {
      when: observed('neighbours.addresses-with-two-macs', (value) => (Array.isArray(value) && value.length > 0) || value === true),
      grade: 'direct',
      says: t('Two interfaces answer for one address.', '同一地址有两个接口应答。'),
    },
    {
      when: all(
        stated({
          whole:
            /(?:orphan|ghost|dangling|stale|left ?over|old|dead)[^.;]*(?:interface|veth|bridge|arp|mac|link)|veth[^.;]*(?:orphan|ghost|dangling|stale|left|without|dead)|two mac/iu,
        }),
        any(
          symptom({ operation: 'dial' }),
          line('metadata-unreachable/'),
          symptomWhere((s) => s.operation === 'dns' || s.operation === 'resolve'),
        ),
      ),
      grade: 'direct',
      says: t('An orphan interface is stated, and an address cannot be reached.', '陈述中提到遗留接口，且某地址不可达。'),
    },
    {
      when: stated({
        whole:
          /(?:orphan|ghost|dangling|left ?over|former|stale|dead)[^.;]*(?:interface|veth|bridge|flannel[. ]1|cni0)|veth[^.;]*(?:orphan|ghost|dangling|stale|left (?:over|behind)|without a|dead)|(?:flannel\.1|cni0|docker0|cali|vxlan\.calico|weave|veth)[^.;]*(?:of|from) (?:the |an? )?(?:old|former|previous|earlier|removed|other)|two mac/iu,
      }),
      grade: 'strong',
      says: t('An orphan interface is stated.', '陈述中提到遗留接口。'),
    },
    { when: all(on('reboot.heals'), line('metadata-unreachable/')), grade: 'weak', says: t('A reboot heals.', '重启后恢复。') },
  ],
  asks: [
    ask(
      'whether every veth on the bridge has a living peer, and whether two MACs answer for the address',
      '网桥上的每个 veth 是否都有存活的对端，以及该地址是否有两个 MAC 应答',
      'ip -d link; ip neigh; arping -I docker0 -c 3 ADDRESS',
    ),
  ],
  remedies: [
    {
      id: 'delete-veth',
      title: t('Delete the orphan interface, after its peer is shown to be empty', '确认对端为空后删除遗留接口'),
      risk: t('A wrong choice cuts a living container off.', '选错会断开仍在运行的容器。'),
      safety: 'needs-a-person',
      command: 'ip link delete VETH',
      undo: 'docker restart CONTAINER',
      verify: ['ip neigh'],
    },
  ],
});

export const rkeStateFileLostOrOld = evidenceCause({
  id: 'rke-state-file-lost-or-old',
  area: 'leftover-state',
  severity: 'critical',
  layer: 'S',
  title: t('cluster.rkestate is lost or older than the cluster', 'cluster.rkestate 丢失或早于集群'),
  mechanism: t(
    'rke keeps CA and desired state in cluster.rkestate. Without it, or with an old one, it makes a new CA: every client of the old one then finds an unknown authority.',
    'rke 将 CA 和期望状态保存在 cluster.rkestate 中。缺少它或使用旧文件时会生成新的 CA：旧 CA 的所有客户端都会遇到未知签发者。',
  ),
  summary: t('rke works with another state file than the cluster was made with.', 'rke 使用的状态文件与创建集群时的不同。'),
  sources: ['rancher/rke cmd/up.go', 'rancher/rke cluster/state.go'],
  lookAlikes: ['cert-ca-mismatch', 'leftover-rke-cluster'],
  signatures: [
    {
      id: 'rke-state-file-lost-or-old/state',
      grade: 'strong',
      anchors: ['cluster state', '.rkestate', 'state file'],
      pattern:
        /Failed to (?:get|reconcile|read|rebuild)[^\n]{0,80}cluster state|(?:\.rkestate|state file)[^\n]{0,60}(?:not found|no such file|doesn't exist)/iu,
      matches: ['Failed to get existing cluster state from file cluster.rkestate: no such file or directory'],
      rejects: ['Successfully Deployed state file at [./cluster.rkestate]'],
    },
  ],
  lines: [
    {
      // RKE says so at the first run of every cluster; at a later one it had no state to take the CA from. Source: rancher/rke pki/services.go.
      id: 'rke-state-file-lost-or-old/new-ca',
      grade: 'weak',
      anchors: ['Generating CA kubernetes certificates'],
      pattern: /\[certificates\] Generating CA kubernetes certificates/u,
      matches: ['level=info msg="[certificates] Generating CA kubernetes certificates"'],
      rejects: ['[certificates] Generating Kubernetes API server certificates'],
    },
  ],
  confirm: [
    {
      when: observed('rke.state-file', textual(/missing|lost|old|absent|none|deleted|different|no\b|丢失/iu)),
      grade: 'direct',
      says: t('The state file is missing or old.', '状态文件缺失或过旧。'),
    },
    {
      when: stated({
        whole:
          /(?:rkestate|state file|状态文件)[^.;]*(?:lost|missing|deleted|old|not (?:there|copied|found|present)|gone|absent|different machine|another (?:machine|copy)|丢失|不存在)/iu,
      }),
      grade: 'direct',
      says: t('It is stated that the state file is missing or old.', '陈述中提到状态文件缺失或过旧。'),
    },
    {
      when: all(
        line('rke-state-file-lost-or-old/new-ca'),
        symptomWhere((s) => s.operation === 'tls' && s.evidence[0]?.text?.includes('signed by unknown authority') === true),
      ),
      grade: 'hint',
      says: t('RKE made a new CA, and clients do not trust the API server.', 'RKE 生成了新的 CA，且客户端不信任 API server。'),
    },
  ],
  refute: [
    {
      when: stated({
        clause: [
          /rkestate|state file|状态文件/iu,
          /\b(?:present|there|kept|exists?|current|up to date)\b|存在/iu,
          /\b(?:fits|same|equals?|matches|its own|of this cluster|fingerprint of|up to date|current)\b|一致/iu,
        ],
      }),
      says: t('The state file is there and belongs to this cluster.', '状态文件存在且属于该集群。'),
    },
  ],
  asks: [
    ask(
      'whether cluster.rkestate is the one of this cluster',
      'cluster.rkestate 是否属于该集群',
      'ls -l cluster.rkestate; jq -r \'.currentState.certificatesBundle."kube-ca".certificatePEM\' cluster.rkestate | openssl x509 -noout -fingerprint; openssl x509 -in /etc/kubernetes/ssl/kube-ca.pem -noout -fingerprint',
    ),
  ],
  explains: [{ operation: 'tls' }],
  remedies: [
    {
      id: 'restore-state',
      title: t(
        'Restore the file from a backup, or from the full-cluster-state ConfigMap or Secret, before the next rke up',
        '在下一次 rke up 之前，从备份或 full-cluster-state ConfigMap/Secret 恢复该文件',
      ),
      risk: t('none', '无'),
      safety: 'safe',
      command:
        'cp -p cluster.rkestate cluster.rkestate.before 2>/dev/null; kubectl -n kube-system get configmap full-cluster-state -o json | jq -r \'.data."full-cluster-state"\' > cluster.rkestate',
      undo: 'rm cluster.rkestate; mv cluster.rkestate.before cluster.rkestate 2>/dev/null || true',
      verify: [
        'jq -r \'.currentState.certificatesBundle."kube-ca".certificatePEM\' cluster.rkestate | openssl x509 -noout -fingerprint; ssh NODE openssl x509 -in /etc/kubernetes/ssl/kube-ca.pem -noout -fingerprint',
      ],
    },
  ],
});
