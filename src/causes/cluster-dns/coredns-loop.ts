/**
 * CoreDNS (or the dnsmasq of kube-dns) forwards a question to an address that leads back to itself.
 * Source: coredns/coredns plugin/loop/README.md (a random HINFO question that comes back more than twice ends the server).
 */
import {
  all,
  any,
  ask,
  evidenceCause,
  hostFile,
  isLoopbackAddress,
  line,
  observed,
  on,
  stated,
  symptomWhere,
  t,
  textual,
  without,
  isClusterDns,
  isLookup,
} from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

const loopbackUpstream: Test = any(
  on('resolv.loopback-nameserver'),
  hostFile('/etc/resolv.conf', (text) => /^nameserver[ \t]+(?:127\.|::1)/m.test(text)),
  observed(
    'coredns.forward',
    (value) =>
      Array.isArray(value) && value.some((one) => typeof one === 'string' && isLoopbackAddress(one.replace(/^dns:\/\/|:53$/g, ''))),
  ),
);
const nodeRunsStub: Test = any(
  observed('local-resolver', textual(/systemd-resolved|dnsmasq/i)),
  stated({ key: /systemd.?resolved|resolved|dnsmasq/, value: 'yes' }),
);
const kubeletHandsOutEtcFile: Test = observed('kubelet.resolv-conf', textual(/^\/etc\/resolv\.conf$/), { kind: 'configuration' });
const dnsCrashes: Test = any(
  on('coredns.crash-loop'),
  stated({ whole: /(?:coredns|kube-?dns).*(?:crash|restart)|(?:crash|restart).*(?:coredns|kube-?dns)/i }),
);

/** CoreDNS itself asks an upstream on a loopback address: in its own network namespace that is CoreDNS. */
const asksItself: Test = symptomWhere(
  (one, node) =>
    isLookup(one) &&
    /coredns|kube-?dns|dnsmasq/i.test(one.component ?? '') &&
    one.server !== undefined &&
    (isLoopbackAddress(one.server) || isClusterDns(node, one.server)),
);

export const corednsLoop = evidenceCause({
  id: 'coredns-loop',
  area: 'cluster-dns',
  severity: 'critical',
  layer: 7,
  title: t('The cluster DNS forwards to itself', '集群 DNS 把查询转发给了自己'),
  mechanism: t(
    'The server that the cluster DNS forwards to is a loopback address, a stub on the node, or the cluster DNS Service itself. Inside the DNS pod that address is the pod. The loop plugin sees its own question come back and stops the server; without it the questions circulate until the query table is full.',
    '集群 DNS 的上游是回环地址、节点上的存根解析器，或者就是集群 DNS Service 本身。在 DNS Pod 内，这个地址指向 Pod 自己。loop 插件发现自己发出的查询又回来了，于是停止服务；没有该插件时，查询会循环往复，直到查询表被占满。',
  ),
  summary: t('The cluster DNS gets a resolv.conf whose server leads back to it.', '集群 DNS 得到的 resolv.conf 中的服务器又指回它自己。'),
  sources: ['coredns/coredns plugin/loop/README.md', 'kubernetes/website: Debugging DNS Resolution, known issues'],
  lookAlikes: ['cluster-dns-overloaded', 'resolv-loopback-stub-inherited', 'coredns-upstream-unreachable'],
  signatures: [
    {
      id: 'coredns-loop/loop-plugin',
      grade: 'direct',
      terminal: true,
      anchors: ['plugin/loop'],
      pattern: /plugin\/loop: (?:Loop \([^)]*\) detected|(?:Seen|Forwarding loop).{0,200}?(?:loop detected|detected in))/i,
      matches: [
        '[FATAL] plugin/loop: Loop (127.0.0.1:40011 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 1.2."',
        '[FATAL] plugin/loop: Seen "HINFO IN 11.22." more than twice, loop detected',
        '[FATAL] plugin/loop: Forwarding loop detected in "." zone. Exiting.',
      ],
      rejects: ['[INFO] plugin/reload: Running configuration MD5 = 00', 'plugin/loop is part of the default Corefile'],
    },
  ],
  lines: [
    {
      id: 'coredns-loop/dnsmasq-table-full',
      grade: 'weak',
      anchors: ['concurrent DNS queries reached'],
      pattern: /Maximum number of concurrent DNS queries reached/i,
      matches: ['dnsmasq[21]: Maximum number of concurrent DNS queries reached (max: 1000)'],
      rejects: ['dnsmasq: using nameserver 10.0.0.2#53'],
    },
  ],
  confirm: [
    {
      when: stated({
        whole:
          /(?:forward|dns|coredns|resolver|query|queries)[^.;]*[^a-z.;]loop(?!back)|plugin\/loop|\bloop(?!back)[^.;]*(?:detected|forward|root domain|root zone)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the DNS forwards in a loop.', '陈述中提到 DNS 转发形成了循环。'),
    },
    {
      when: all(line('coredns-loop/dnsmasq-table-full'), any(loopbackUpstream, nodeRunsStub)),
      grade: 'direct',
      says: t(
        'The query table of the DNS pod is full, and the node uses a local stub resolver.',
        'DNS Pod 的查询表已满，而节点使用本地存根解析器。',
      ),
    },
    {
      when: line('coredns-loop/dnsmasq-table-full'),
      grade: 'weak',
      says: t(
        'The query table of the DNS pod is full; a loop fills it even on an idle cluster.',
        'DNS Pod 的查询表已满；即使集群空闲，循环转发也会把它占满。',
      ),
    },
    {
      when: all(loopbackUpstream, line('coredns-loop/')),
      grade: 'direct',
      says: t(
        'The DNS pod reports a loop, and the node hands out a loopback name server.',
        'DNS Pod 报告环路，且节点交给 Pod 的是回环名称服务器。',
      ),
    },
    {
      when: all(dnsCrashes, any(loopbackUpstream, all(nodeRunsStub, kubeletHandsOutEtcFile))),
      grade: 'direct',
      says: t(
        'The DNS pods crash again and again, and kubelet hands them a resolv.conf with a loopback server.',
        'DNS Pod 反复崩溃，而 kubelet 交给它们的 resolv.conf 中是回环地址。',
      ),
    },
    {
      when: asksItself,
      grade: 'strong',
      says: t(
        'The DNS pod sends its questions to a loopback address or to the cluster DNS Service.',
        'DNS Pod 把查询发往回环地址或集群 DNS Service。',
      ),
    },
    {
      when: all(nodeRunsStub, kubeletHandsOutEtcFile),
      grade: 'weak',
      says: t(
        'kubelet hands out /etc/resolv.conf while a local stub resolver owns that file.',
        'kubelet 把 /etc/resolv.conf 交给 Pod，而该文件由本地存根解析器管理。',
      ),
    },
    {
      when: all(dnsCrashes, without(loopbackUpstream)),
      grade: 'hint',
      says: t('The DNS pods crash again and again.', 'DNS Pod 反复崩溃。'),
    },
  ],
  refute: [
    {
      when: all(
        observed(
          'coredns.forward',
          (value) =>
            Array.isArray(value) &&
            value.every(
              (one) => typeof one === 'string' && !one.includes('resolv.conf') && !isLoopbackAddress(one.replace(/^dns:\/\/|:53$/g, '')),
            ),
        ),
        without(line('coredns-loop/loop-plugin')),
      ),
      says: t(
        'The cluster DNS forwards to fixed servers that are not on a loopback address.',
        '集群 DNS 转发到固定的、非回环地址的服务器。',
      ),
    },
    {
      when: all(
        observed('resolv.loopback-nameserver', (value) => value === false),
        without(line('coredns-loop/')),
        without(stated({ whole: /\bloop(?!back)/i })),
      ),
      says: t(
        'The resolv.conf that the DNS pods get has no loopback server, and no loop is reported.',
        'DNS Pod 得到的 resolv.conf 中没有回环地址，也没有循环的报告。',
      ),
    },
  ],
  asks: [
    ask(
      'Which resolv.conf does kubelet hand to pods (resolvConf), does it name a loopback server such as 127.0.0.53, and does systemd-resolved or dnsmasq run on the node?',
      'kubelet 交给 Pod 的是哪个 resolv.conf（resolvConf）？其中是否有 127.0.0.53 之类的回环服务器？节点上是否运行 systemd-resolved 或 dnsmasq？',
      'grep resolvConf /var/lib/kubelet/config.yaml; grep nameserver /etc/resolv.conf; systemctl is-active systemd-resolved',
    ),
    ask('What does the log of the DNS pod say?', 'DNS Pod 的日志写了什么？', 'kubectl -n kube-system logs -l k8s-app=kube-dns --tail=50'),
  ],
  explains: [{ component: /coredns|kube-?dns/i }],
  remedies: [
    {
      id: 'kubelet-uplink-resolv-conf',
      title: t('Point kubelet at the file with the real servers', '让 kubelet 使用包含真实服务器的文件'),
      risk: t(
        'Names that only the local stub knows are no longer known to pods; a short DNS gap while the pods restart.',
        '只有本地存根解析器知道的名称在 Pod 中将不可用；Pod 重启期间 DNS 短暂中断。',
      ),
      safety: 'disruptive',
      command:
        'sed -i "s|^resolvConf:.*|resolvConf: /run/systemd/resolve/resolv.conf|" /var/lib/kubelet/config.yaml && systemctl restart kubelet && kubectl -n kube-system delete pod -l k8s-app=kube-dns',
      undo: 'sed -i "s|^resolvConf:.*|resolvConf: /etc/resolv.conf|" /var/lib/kubelet/config.yaml && systemctl restart kubelet',
      verify: [
        'kubectl -n kube-system get pods -l k8s-app=kube-dns',
        'kubectl run -it --rm --restart=Never --image=busybox:1.28 dns-test -- nslookup kubernetes.default',
      ],
    },
    {
      id: 'forward-to-real-server',
      title: t(
        'Let the Corefile forward to a real server in place of /etc/resolv.conf',
        '让 Corefile 转发到真实的 DNS 服务器，而不是 /etc/resolv.conf',
      ),
      risk: t(
        'The address is then fixed: it must be kept in step with the site. Do not remove the loop plugin: a crash would become a storm of queries.',
        '地址从此固定，需与现场保持一致。不要删除 loop 插件：崩溃会变成查询风暴。',
      ),
      safety: 'needs-a-person',
      command: 'kubectl -n kube-system edit configmap coredns   # forward . <ADDRESS OF A REAL SERVER>',
      undo: 'kubectl -n kube-system edit configmap coredns   # forward . /etc/resolv.conf',
      verify: ['kubectl -n kube-system logs -l k8s-app=kube-dns --tail=5'],
    },
  ],
});
