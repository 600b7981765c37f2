/** A container's hosts file is a copy of its own: older than the node's, or with a ::1 that its network does not have. */
import { valueOf } from '../../facts/fact.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import type { NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { removeNameFromLine } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import {
  HOSTS,
  NO_IPV6_LOOPBACK,
  dialledIpv6Localhost,
  hostsSource,
  isLocalhost,
  loHasIpv6,
  localhostLines,
  viewsOf,
} from '../_localhost.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  differs: {
    en: "{path} of {container} is not the node's: it is a copy taken when the container started",
    zh: '{container} 的 {path} 与节点的不同：它是容器启动时的副本',
  },
  nodeWorks: { en: 'the same name works with the hosts file of the node', zh: '使用节点的 hosts 文件时同一名称可以正常解析' },
  same: {
    en: 'containers of the host network have the hosts file of the node, or nothing fails because of the difference',
    zh: '使用主机网络的容器与节点的 hosts 文件一致，或差异没有造成失败',
  },
  ipv6Line: { en: '{path} of {container} lists ::1 for localhost', zh: '{container} 的 {path} 为 localhost 列出了 ::1' },
  noIpv6: { en: 'lo of its network namespace has no ::1', zh: '其网络命名空间的 lo 上没有 ::1' },
  fine: { en: 'no container dials a ::1 that its network lacks', zh: '没有容器连接其网络中不存在的 ::1' },
} as const;

const textOf = (view: ViewFacts | undefined): string | undefined => {
  const fact = view?.files[HOSTS];
  return fact === undefined ? undefined : valueOf(fact)?.text;
};

const dialledIpv6Loopback = dialledIpv6Localhost(NO_IPV6_LOOPBACK);

/** Of the container's own view, or of its log as a command shows it. */
const fromContainer = (s: Symptom, view: ViewFacts): boolean => {
  if (s.view !== undefined && s.view !== 'host') return s.view === view.id;
  const [source] = s.evidence;
  const place = source?.kind === 'log' ? source.path : source?.kind === 'command' ? source.command : '';
  return view.names.some((name) => place.split(/[ /]/u).includes(name) && /\blogs?\b|\bexec\b/u.test(place));
};

function missesName(node: NodeFacts, view: ViewFacts, symptoms: readonly Symptom[], hosts: string): boolean {
  const names = new Set(hostsLines(hosts).flatMap((line) => line.names.map((name) => name.toLowerCase())));
  const has = (name: string | undefined): boolean => name !== undefined && names.has(name.toLowerCase());
  return (
    symptoms.some((s) => s.operation === 'resolve' && has(s.name) && fromContainer(s, view)) ||
    node.runs.some(
      (run) => run.view === view.id && run.client.startsWith('getent') && has(run.name) && /^[ \t\n\d]{0,4}$/u.test(run.stdout),
    )
  );
}

export const containerHostsOvermounted = defineCause({
  id: 'container-hosts-overmounted',
  area: 'localhost-and-hosts',
  severity: 'medium',
  layer: 3,
  title: { en: "A container still has an older copy of the node's hosts file", zh: '容器仍在使用节点 hosts 文件的旧副本' },
  mechanism: {
    en: "Host-network containers get a copy of the node's hosts file at each start (Docker), pods at pod start (kubelet). Later edits of the node's file do not reach a running one, and an editor that replaces the inode cuts a bind mount of the file off.",
    zh: '使用主机网络的容器在每次启动时（Docker）或 Pod 启动时（kubelet）获得节点 hosts 文件的副本。之后对节点文件的修改不会进入运行中的容器；替换 inode 的编辑器还会使文件的绑定挂载失效。',
  },
  summary: { en: "{container} resolves with an older hosts file than the node's.", zh: '{container} 使用的 hosts 文件比节点的旧。' },
  sources: ['moby/moby daemon/container_operations_unix.go', 'kubernetes/kubernetes pkg/kubelet/kubelet_pods.go'],
  lookAlikes: ['localhost-missing', 'localhost-ipv6-only-lo-without-ipv6'],
  confirms: [
    {
      en: "the container's /etc/hosts differs from the node's, and the look-up works with the node's",
      zh: '容器的 /etc/hosts 与节点的不同，且使用节点的文件可以正常解析',
    },
  ],
  refutes: [{ en: 'the two files are the same', zh: '两个文件相同' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'What does /etc/hosts say inside the container, and is a file of the host or of a ConfigMap mounted over it?',
        zh: '容器内的 /etc/hosts 内容是什么？是否有主机文件或 ConfigMap 覆盖挂载其上？',
      },
      command: 'kubectl exec POD -- cat /etc/hosts; kubectl exec POD -- grep /etc/hosts /proc/mounts',
    },
  ],
  remedies: [
    {
      id: 'restart-container',
      title: { en: 'Restart {container}: the runtime copies the file anew', zh: '重启 {container}：运行时会重新复制该文件' },
      risk: { en: 'that component is away for some seconds', zh: '该组件会中断数秒' },
      safety: 'disruptive',
      verify: ['nsenter -t {pid} -m cat /etc/hosts'],
    },
  ],
  check: ({ world, symptoms }) => {
    const host = world.node.views.find((v) => v.kind === 'host');
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const [own, nodes] = [textOf(view), textOf(host)];
      if (
        host === undefined ||
        view.kind !== 'container' ||
        view.netns !== host.netns ||
        own === undefined ||
        nodes === undefined ||
        own === nodes
      )
        return [];
      const container = view.names[0] ?? view.id;
      return [
        {
          status: 'present',
          view: view.id,
          values: { container, path: HOSTS, pid: view.pid ?? 'PID' },
          evidence: [
            { said: say(texts.differs, { container, path: HOSTS }), source: { kind: 'file', path: HOSTS, view: view.id }, grade: 'strong' },
            { said: say(texts.nodeWorks), source: { kind: 'file', path: HOSTS, view: host.id }, grade: 'strong' },
          ],
          remedies: [
            {
              id: 'restart-container',
              edits: [
                { edit: 'restart-container', view: view.id, command: `docker restart ${view.names[0] ?? view.containerId ?? 'CONTAINER'}` },
              ],
            },
          ],
          explainsAnswer: (a) => a.view === view.id,
          explainsSymptom: (s) => fromContainer(s, view) && (s.operation === 'resolve' || s.operation === 'dial') && isLocalhost(s.name),
        },
      ];
    });
    if (findings.length > 0) return findings;
    // The node's file has the name, the container does not find it, and nobody showed the container's own.
    const unseen = world.node.views.find(
      (view) =>
        view.kind === 'container' &&
        view.files[HOSTS] === undefined &&
        textOf(host) !== undefined &&
        missesName(world.node, view, symptoms, textOf(host) ?? ''),
    );
    return unseen === undefined
      ? ruledOut(world.node, say(texts.same), '/etc/hosts')
      : [{ status: 'cannot-tell', needs: [{ kind: 'file', view: unseen.id, path: HOSTS }] }];
  },
});

export const containerHostsIpv6LocalhostWithoutIpv6 = defineCause({
  id: 'container-hosts-ipv6-localhost-without-ipv6',
  area: 'localhost-and-hosts',
  severity: 'low',
  layer: 3,
  title: { en: "A container's hosts file lists ::1, which its network lacks", zh: '容器的 hosts 文件列出了 ::1，而其网络没有该地址' },
  mechanism: {
    en: 'Docker and kubelet always write `::1 localhost` into the hosts file of a container, also where its lo has no ::1. Clients that try only the first address, or report the error of ::1, are misled.',
    zh: 'Docker 和 kubelet 总会在容器的 hosts 文件中写入 `::1 localhost`，即使其 lo 上没有 ::1。只尝试第一个地址或报告 ::1 错误的客户端会被误导。',
  },
  summary: {
    en: '{container} is led to ::1 for localhost, which its network namespace does not have.',
    zh: '{container} 的 localhost 被引向 ::1，而其网络命名空间没有该地址。',
  },
  sources: ['moby/moby#37616', 'kubernetes/kubernetes#124686'],
  lookAlikes: ['localhost-ipv6-only-lo-without-ipv6'],
  confirms: [
    {
      en: 'the hosts file has a ::1 line, lo of its network namespace has no ::1, and the client picks ::1',
      zh: 'hosts 文件有 ::1 行，其网络命名空间的 lo 没有 ::1，且客户端选择了 ::1',
    },
  ],
  refutes: [{ en: 'the client goes on to 127.0.0.1 and works', zh: '客户端会继续尝试 127.0.0.1 并成功' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Has /etc/hosts of the container localhost beside ::1, and has lo of the container an IPv6 address?',
        zh: '容器的 /etc/hosts 中 localhost 是否对应 ::1？容器的 lo 是否有 IPv6 地址？',
      },
      command: 'kubectl exec POD -- cat /etc/hosts; kubectl exec POD -- cat /proc/net/if_inet6',
    },
  ],
  remedies: [
    {
      id: 'client-ipv4',
      title: { en: 'Make the client use 127.0.0.1', zh: '让客户端使用 127.0.0.1' },
      risk: { en: 'none', zh: '无' },
      safety: 'needs-a-person',
      verify: ['nsenter -t {pid} -n ss -ltn'],
    },
    {
      id: 'name-off-ipv6-line',
      title: { en: 'Take localhost off the ::1 line of {path} in {container}', zh: '从 {container} 的 {path} 的 ::1 行去掉 localhost' },
      risk: { en: 'lasts until the container starts anew', zh: '仅在容器重新启动之前有效' },
      safety: 'safe',
      verify: ['nsenter -t {pid} -m -n getent ahosts localhost'],
    },
    {
      id: 'ipv6-on-lo',
      title: {
        en: 'Start the container with --sysctl net.ipv6.conf.lo.disable_ipv6=0',
        zh: '以 --sysctl net.ipv6.conf.lo.disable_ipv6=0 启动容器',
      },
      risk: { en: 'the container is made anew', zh: '需要重建容器' },
      safety: 'disruptive',
      command: 'nsenter -t {pid} -n sysctl -w net.ipv6.conf.lo.disable_ipv6=0',
      undo: 'nsenter -t {pid} -n sysctl -w net.ipv6.conf.lo.disable_ipv6=1',
      verify: ['nsenter -t {pid} -n ip -6 addr show dev lo'],
    },
  ],
  check: ({ world, symptoms }) => {
    const host = world.node.views.find((v) => v.kind === 'host');
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lines = localhostLines(view);
      const [line] = lines?.ipv6Loopback ?? [];
      if (
        view.kind !== 'container' ||
        view.netns === host?.netns ||
        lines === undefined ||
        line === undefined ||
        lines.ipv4Loopback.length === 0
      )
        return [];
      const lost = symptoms.some((s) => fromContainer(s, view) && dialledIpv6Loopback(s));
      if (loHasIpv6(netns) === undefined && lost) {
        return [{ status: 'cannot-tell', needs: [{ kind: 'netns', netns: view.netns, fact: 'interfaces' }] }];
      }
      if (loHasIpv6(netns) !== false || netns === undefined) return [];
      const container = view.names[0] ?? view.id;
      return [
        {
          status: 'present',
          view: view.id,
          values: { container, path: HOSTS, pid: view.pid ?? 'PID' },
          evidence: [
            { said: say(texts.ipv6Line, { container, path: HOSTS }), source: hostsSource(view, line), grade: 'strong' },
            {
              said: say(texts.noIpv6),
              ...(netns.interfaces.state === 'known' ? { source: netns.interfaces.source } : {}),
              grade: 'strong',
            },
          ],
          remedies: [
            { id: 'client-ipv4' },
            { id: 'name-off-ipv6-line', edits: [removeNameFromLine(view.id, HOSTS, lines.file.text, line, 'localhost')] },
            { id: 'ipv6-on-lo', edits: [{ edit: 'sysctl', netns: netns.id, key: 'net.ipv6.conf.lo.disable_ipv6', value: '0' }] },
          ],
          explainsAnswer: (a) => a.view === view.id && isLocalhost(a.name) && a.attempts.some((t) => t.address.address === '::1'),
          explainsSymptom: (s) => fromContainer(s, view) && dialledIpv6Loopback(s),
        },
      ];
    });
    return findings.length > 0 ? findings : ruledOut(world.node, say(texts.fine), '/etc/hosts', 'interfaces');
  },
});
