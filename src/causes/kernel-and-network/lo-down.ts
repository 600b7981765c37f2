import type { Symptom } from '../../facts/symptom.ts';
import { say } from '../../shared/text.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import { interfacesSource, isLocalhost, loopbackInterface, viewsOf } from '../_localhost.ts';

const texts = {
  down: { en: 'the loopback interface {device} is down', zh: '回环接口 {device} 未启用' },
  up: { en: 'the loopback interface is up', zh: '回环接口已启用' },
} as const;

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** 127.0.0.1 that cannot be reached: with lo up the kernel always has a route to it. */
const unreachableLoopback = (s: Symptom): boolean =>
  s.operation === 'dial' &&
  (s.address ?? s.name)?.startsWith('127.') === true &&
  s.errno !== undefined &&
  ['ENETUNREACH', 'EADDRNOTAVAIL'].includes(s.errno);

export const loDown = defineCause({
  id: 'lo-down',
  area: 'kernel-and-network',
  severity: 'critical',
  layer: 0,
  title: { en: 'The loopback interface is down', zh: '回环接口未启用' },
  mechanism: {
    en: 'With lo down no local address can be reached: 127.0.0.1 gives "network is unreachable", ::1 "cannot assign requested address". Every component that talks to localhost fails.',
    zh: 'lo 未启用时任何本机地址都不可达：127.0.0.1 报 “network is unreachable”，::1 报 “cannot assign requested address”。所有访问 localhost 的组件都会失败。',
  },
  summary: { en: 'lo is down, so nothing on this machine can be reached by way of it.', zh: 'lo 未启用，本机上任何经由它的连接都会失败。' },
  sources: ['ip-link(8)', 'measured on Linux 6.18'],
  lookAlikes: ['localhost-ipv6-only-lo-without-ipv6'],
  confirms: [{ en: '`ip link show dev lo` has no UP among its flags', zh: '`ip link show dev lo` 的标志中没有 UP' }],
  refutes: [{ en: 'the flags of lo hold UP', zh: 'lo 的标志含有 UP' }],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Is the loopback interface up, with 127.0.0.1 on it?', zh: '回环接口是否已启用，并带有 127.0.0.1？' },
      command: 'ip addr show dev lo',
    },
  ],
  remedies: [
    {
      id: 'link-up',
      title: { en: 'Bring lo up', zh: '启用 lo' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: 'ip link set dev lo up',
      undo: 'ip link set dev lo down',
      verify: ['ip addr show dev lo', 'ping -c1 127.0.0.1'],
    },
  ],
  check: ({ world, symptoms }) => {
    const lost = symptoms.filter(unreachableLoopback);
    const findings = viewsOf(world).flatMap(({ view, netns }): readonly Finding[] => {
      const lo = loopbackInterface(netns);
      const source = interfacesSource(netns);
      if (netns === undefined || lo === undefined || lo.up) return [];
      return [
        {
          status: 'present',
          view: view.id,
          evidence: [
            {
              said: say(texts.down, { device: lo.name }),
              ...(source === undefined ? {} : { source }),
              grade: lost.length > 0 ? 'direct' : 'strong',
            },
          ],
          remedies: [{ id: 'link-up', edits: [{ edit: 'link-up', netns: netns.id, device: lo.name }] }],
          explainsAnswer: (a) => a.view === view.id && a.attempts.some((t) => isLoopback(t.address.address)),
          explainsSymptom: (s) => s.operation === 'dial' && (isLocalhost(s.name) || (s.address !== undefined && isLoopback(s.address))),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const seen = viewsOf(world).some(({ netns }) => loopbackInterface(netns) !== undefined);
    return lost.length > 0 && !seen
      ? [{ status: 'cannot-tell', needs: [{ kind: 'netns', netns: 'host', fact: 'interfaces' }] }]
      : ruledOut(world.node, say(texts.up), 'interfaces');
  },
});
