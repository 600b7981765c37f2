import { valueOf } from '../../facts/fact.ts';
import type { NetnsFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { ask, isLoopbackAddress } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  nobody: {
    en: 'nothing listens on TCP port {port}, on any address of either family',
    zh: 'TCP 端口 {port} 在任何地址族的任何地址上都没有监听',
  },
  listens: { en: 'every port that was asked for is listened on', zh: '所查询的端口都有监听' },
  unknownListeners: { en: 'the listeners of the node were not seen', zh: '未能看到节点的监听端口' },
} as const;

const refused = (a: ClientAnswer): a is ClientAnswer & { readonly port: number } =>
  a.port !== undefined && a.outcome.kind === 'fails' && a.outcome.stage === 'listener';

const isOwn = (netns: NetnsFacts | undefined, address: string): boolean =>
  isLoopbackAddress(address) ||
  (netns !== undefined && valueOf(netns.interfaces)?.some((i) => i.addresses.some((a) => a.address === address)) === true);

export const serviceNotListening = defineCause({
  id: 'service-not-listening',
  area: 'ports',
  severity: 'high',
  layer: 6,
  title: { en: 'Nothing listens on the port', zh: '该端口没有程序监听' },
  mechanism: {
    en: 'The name resolves and the address can be reached, but no program listens there, on IPv4 or IPv6: the service is down, not yet up, or bound elsewhere. Its own log says why.',
    zh: '名称可以解析，地址也可达，但 IPv4 和 IPv6 上都没有程序监听：服务未启动、尚未就绪，或绑定在别处。原因见该服务自己的日志。',
  },
  summary: {
    en: '{name}:{port} resolves and can be reached, but no program listens on port {port}.',
    zh: '{name}:{port} 可以解析且可达，但没有程序监听端口 {port}。',
  },
  sources: ['connect(2)', 'tcp(7)'],
  lookAlikes: ['localhost-ipv6-only-service-ipv4-only', 'local-traffic-blocked'],
  consequenceOf: [
    'localhost-ipv6-only-lo-without-ipv6',
    'localhost-ipv6-only-service-ipv4-only',
    'localhost-missing',
    'localhost-mapped-to-non-loopback',
    'ipv6-disabled-at-boot',
    'port-in-use',
    'disk-full',
    'filesystem-read-only',
    'cert-expired',
    'cert-key-permissions-or-missing',
    'clock-skew',
    'etcd-quorum-lost',
    'etcd-member-state-stale',
    'etcd-data-dir-permission',
    'etcd-space-exceeded',
    'etcd-bind-address-absent',
    'swap-enabled',
    'memory-cgroup-missing',
    'kernel-lacks-memory-cgroup',
    'cgroup-v2-too-old-component',
    'cgroup-driver-mismatch',
    'cri-runtime-not-running',
    'containerd-cri-disabled',
    'docker-not-running-or-socket-elsewhere',
    'hostname-invalid',
    'conntrack-sysctl-denied',
    'nm-cloud-setup-enabled',
    'leftover-kubeadm-or-k3s-state',
  ],
  confirms: [{ en: '`ss -ltn` shows the port on no address of either family', zh: '`ss -ltn` 中该端口在两个地址族的任何地址上都不存在' }],
  refutes: [{ en: 'the port is listened on for the other family', zh: '该端口在另一个地址族上有监听' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does anything listen on the port, on IPv4 or IPv6, and what does the log of the service say?',
        zh: '该端口上是否有程序监听（IPv4 或 IPv6）？该服务的日志怎么说？',
      },
      command: 'ss -ltnp | grep :PORT; journalctl -u SERVICE -n 50',
    },
  ],
  remedies: [
    {
      id: 'start-service',
      title: { en: 'Start the service of port {port}; read its own log first', zh: '启动端口 {port} 对应的服务；请先查看它自己的日志' },
      risk: { en: 'depends on the service', zh: '取决于具体服务' },
      safety: 'needs-a-person',
      verify: ['ss -ltn sport = :{port}'],
    },
  ],
  check: (context) => {
    const { world, answers } = context;
    const findings: Finding[] = [];
    const told = new Set<string>();
    for (const answer of answers.filter(refused)) {
      const { port, name, view: id } = answer;
      const view = world.view(id);
      const netns = view === undefined ? undefined : world.netns(view.netns);
      // A refusal by another machine says nothing about the listeners here.
      if (!answer.attempts.some((a) => isOwn(netns, a.address.address))) continue;
      const key = `${id} ${String(port)}`;
      if (told.has(key) || netns?.listeners.state !== 'known') continue;
      if (valueOf(netns.listeners)?.some((l) => l.protocol === 'tcp' && l.port === port) === true) continue;
      told.add(key);
      findings.push({
        status: 'present',
        view: id,
        values: { name, port },
        evidence: [{ said: say(texts.nobody, { port }), source: netns.listeners.source, grade: 'direct' }],
        explainsAnswer: (a) => refused(a) && a.view === id && a.port === port,
        explainsSymptom: (s) => s.operation === 'dial' && s.port === port && s.errno === 'ECONNREFUSED',
        atMost: 'likely',
      });
    }
    if (findings.length > 0) return findings;
    const heard = fromSymptoms(context);
    return heard.length > 0 ? heard : ruledOut(world.node, say(texts.listens), 'listeners');
  },
});

/** A refused call of the machine itself, as a log tells it: the listeners decide, and then the log of the component. */
function fromSymptoms({ world, symptoms }: CauseContext): readonly Finding[] {
  const refusals = symptoms.filter(
    (s) =>
      s.operation === 'dial' &&
      s.errno === 'ECONNREFUSED' &&
      s.port !== undefined &&
      s.address !== undefined &&
      isLoopbackAddress(s.address) &&
      s.details?.['noise'] === undefined,
  );
  const netns = world.netns('host');
  if (refusals.length === 0 || netns === undefined) return [];
  const listeners = valueOf(netns.listeners);
  if (listeners === undefined) return [{ status: 'cannot-tell', needs: [askComponent] }];
  const gone = refusals.filter((s) => !listeners.some((l) => l.protocol === 'tcp' && l.port === s.port));
  const [first] = gone;
  if (first?.port === undefined || netns.listeners.state !== 'known') return [];
  return [
    {
      status: 'present',
      view: 'host',
      values: { name: first.name ?? first.address ?? '', port: first.port },
      evidence: [{ said: say(texts.nobody, { port: first.port }), source: netns.listeners.source, grade: 'direct' }],
      explainsSymptom: (s) => gone.includes(s),
      atMost: 'likely',
    },
  ];
}
const askComponent = ask(
  'whether anything listens on the port, and why the component is down: the last lines of its own log',
  '该端口是否有监听，以及组件为何停止：其自身日志的最后几行',
  'ss -ltnp; journalctl -u kubelet -u k3s -u rke2-server -n 50 --no-pager; docker ps -a',
);
