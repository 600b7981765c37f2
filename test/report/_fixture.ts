/** A diagnosis as the first article's failure gives it, written by hand: the report must not depend on the engine. */
import type { Diagnosis } from '../../src/diagnose/types.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import type { ClientAnswer, StepKind } from '../../src/model/types.ts';
import { say } from '../../src/shared/text.ts';
import { smallNetns, smallNode, smallView } from '../support/small-node.ts';

export const HOSTS = '::1         localhost localhost.localdomain\n127.0.0.1   node1\n';

export const node: NodeFacts = smallNode({
  views: [
    smallView({ text: { '/etc/hosts': HOSTS } }),
    smallView({
      id: 'container:0123456789ab',
      kind: 'container',
      names: ['kubelet'],
      pid: 4242,
      netns: 'net:4026532000',
      runtime: 'docker',
    }),
  ],
  netns: [smallNetns({ ipv6: false }), smallNetns({ id: 'net:4026532000' })],
});

const inHosts: StepKind = {
  id: 'glibc.in-hosts',
  text: { en: '{path} has {address} for it', zh: '{path} 中有对应的 {address}' },
  rule: 'nss_files(5)',
};
const noAddress: StepKind = { id: 'dial.no-address', text: { en: 'lo has no {address}', zh: 'lo 上没有 {address}' } };

export const failing: ClientAnswer = {
  client: 'telnet',
  version: 'netkit 0.17',
  view: 'host',
  name: 'localhost',
  port: 6443,
  resolution: {
    outcome: { kind: 'addresses', addresses: [{ family: 'inet6', address: '::1' }] },
    steps: [
      {
        kind: inHosts,
        values: { path: '/etc/hosts', address: '::1' },
        at: { kind: 'file', path: '/etc/hosts', line: 1, text: '::1         localhost localhost.localdomain' },
      },
    ],
    queries: [],
    elapsedMs: 0,
  },
  attempts: [
    {
      address: { family: 'inet6', address: '::1' },
      port: 6443,
      outcome: { kind: 'errno', errno: 'EADDRNOTAVAIL' },
      stage: 'address',
      steps: [{ kind: noAddress, values: { address: '::1' } }],
      elapsedMs: 0,
    },
  ],
  outcome: { kind: 'fails', stage: 'address', errno: 'EADDRNOTAVAIL', address: { family: 'inet6', address: '::1' } },
  prints: ['Trying ::1...', 'telnet: Unable to connect to remote host: Cannot assign requested address'],
  exitStatus: 1,
  elapsedMs: 0,
};

export const working: ClientAnswer = {
  ...failing,
  client: 'ping',
  version: 'iputils 20160308',
  resolution: {
    ...failing.resolution,
    outcome: { kind: 'addresses', addresses: [{ family: 'inet', address: '127.0.0.1' }] },
    steps: [
      {
        kind: inHosts,
        values: { path: '/etc/hosts', address: '127.0.0.1' },
        at: { kind: 'file', path: '/etc/hosts', line: 1 },
        inner: [{ kind: noAddress, values: { address: 'x' } }],
      },
    ],
  },
  attempts: [
    {
      address: { family: 'inet', address: '127.0.0.1' },
      port: undefined,
      outcome: { kind: 'connected' },
      stage: 'connected',
      steps: [],
      elapsedMs: 0,
    },
  ],
  outcome: { kind: 'works', address: { family: 'inet', address: '127.0.0.1' } },
  prints: ['64 bytes from localhost (127.0.0.1): icmp_seq=1'],
  exitStatus: 0,
};

const hostile = 'evil \u001b]0;owned\u0007 \u202egnp.exe \u009b2J';

export const diagnosis: Diagnosis = {
  target: 'this machine',
  questions: [],
  answers: [failing, working],
  failing: [failing],
  troubled: true,
  symptoms: [
    {
      kind: 'dial-failed',
      operation: 'dial',
      component: 'kube-apiserver',
      address: '::1',
      port: 6443,
      errno: 'EHOSTUNREACH',
      count: 3,
      evidence: [{ kind: 'log', path: '/var/log/containers/kube-apiserver.log', line: 17, text: hostile }],
    },
  ],
  verdicts: [
    {
      cause: 'localhost-ipv6-only-lo-without-ipv6',
      title: say({ en: 'localhost is ::1 only, and lo has no ::1', zh: 'localhost 只对应 ::1，而 lo 上没有 ::1' }),
      certainty: 'proved',
      severity: 'critical',
      weight: 6,
      summary: say(
        { en: 'Line {line} of {path} is the only one for localhost.', zh: '{path} 第 {line} 行是 localhost 的唯一一行。' },
        { line: 1, path: '/etc/hosts' },
      ),
      explains: [say({ en: 'telnet to localhost:6443 fails', zh: 'telnet localhost:6443 失败' })],
      chain: [
        {
          said: say({ en: 'the hosts file gives ::1', zh: 'hosts 文件给出 ::1' }),
          source: { kind: 'file', path: '/etc/hosts', line: 1, text: '::1         localhost localhost.localdomain' },
        },
        { said: say({ en: 'the kernel says no', zh: '内核拒绝' }), source: { kind: 'command', command: 'ip addr', text: hostile } },
      ],
      evidence: [],
      remedies: [
        {
          id: 'name-on-ipv4-line',
          title: say({ en: 'Add localhost to the 127.0.0.1 line', zh: '在 127.0.0.1 行中加入 localhost' }),
          edits: [
            {
              edit: 'write-file',
              view: 'host',
              path: '/etc/hosts',
              text: HOSTS.replace('127.0.0.1   ', '127.0.0.1   localhost '),
              command: "sed -e '2s/node1/localhost node1/'",
            },
          ],
          risk: say({ en: 'none', zh: '无' }),
          safety: 'safe',
          verify: ['getent ahosts localhost'],
        },
        {
          id: 'ipv6-back',
          title: say({ en: 'Give lo its ::1 back', zh: '恢复 lo 上的 ::1' }),
          edits: [{ edit: 'sysctl', netns: 'host', key: 'net.ipv6.conf.lo.disable_ipv6', value: '0' }],
          risk: say({ en: 'site policy', zh: '站点策略' }),
          safety: 'safe',
          verify: [],
        },
      ],
      proof: { predicted: [failing], afterRemedy: [{ ...failing, outcome: { kind: 'works' } }], broken: [], remedy: 'name-on-ipv4-line' },
    },
  ],
  next: [],
  undecided: [
    {
      cause: 'nscd-stale-hosts-cache',
      title: say({ en: 'The cache is stale', zh: '缓存过期' }),
      needs: [{ what: say({ en: 'its settings', zh: '其配置' }), command: 'cat /etc/nscd.conf' }],
    },
  ],
  ruledOut: [{ cause: 'lo-down', title: say({ en: 'lo is down', zh: 'lo 未启用' }), because: say({ en: 'it is up', zh: '它已启用' }) }],
  notChecked: [
    {
      what: say({ en: '{path} is too large', zh: '{path} 过大' }, { path: '/etc/gai.conf' }),
      source: { kind: 'file', path: '/etc/gai.conf', view: 'container:0123456789ab' },
    },
  ],
  needs: [],
  timings: { model: 3 },
};
