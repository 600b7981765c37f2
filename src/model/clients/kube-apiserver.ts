import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import { addressBits } from '../dial/address-bits.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { isLoopback4, isLoopback6 } from '../address/special.ts';
import { defineSteps } from '../steps.ts';
import type { Client, Need, Resolution } from '../types.ts';
import { dialLikeGo, goLookup, goProgramOf, runsIn } from './_go.ts';
import type { Run } from './_run.ts';
import { answer, nothingDialled, startRun } from './_run.ts';
import { cannotResolve } from './_libc.ts';

const steps = defineSteps('kube-apiserver', {
  selfByAddress: {
    en: 'kube-apiserver calls itself {address}: it listens on all addresses and lo carries {address}. No name is looked up.',
    zh: 'kube-apiserver 以 {address} 访问自己：它在所有地址上监听，而 lo 上有 {address}。不需要解析名称。',
    rule: 'kubernetes staging/src/k8s.io/apiserver/pkg/server/config_selfclient.go LoopbackHostPort',
  },
  selfByName: {
    en: 'kube-apiserver calls itself by the name localhost, because no interface carries a loopback address of the family it listens with.',
    zh: 'kube-apiserver 以名称 localhost 访问自己，因为没有接口带有与其监听地址族相同的回环地址。',
    rule: 'kubernetes staging/src/k8s.io/apiserver/pkg/server/config_selfclient.go LoopbackHostPort',
  },
});

/** The loopback address that kube-apiserver takes for itself; 'name' when there is none; a Need when nobody knows. */
function selfAddress(run: Run): string | Need {
  const { netns } = run;
  const interfaces = netns === undefined ? undefined : valueOf(netns.interfaces);
  if (netns === undefined || interfaces === undefined) return { kind: 'netns', netns: run.view.netns, fact: 'interfaces' };
  // Bound to 0.0.0.0, Go listens on [::] wherever the kernel has IPv6, and LoopbackHostPort looks for an address of that family.
  const listener = valueOf(netns.listeners)?.find((l) => l.protocol === 'tcp' && l.port === run.port);
  const four = listener === undefined ? ipv6SocketOf(run.world.node, netns) === false : listener.family === 'inet';
  if (listener !== undefined && !['0.0.0.0', '::', '*'].includes(listener.address)) return listener.address;
  for (const { address } of interfaces.flatMap((i) => i.addresses)) {
    const bits = addressBits(address);
    if (bits !== undefined && (four ? isLoopback4(bits) : isLoopback6(bits))) return address;
  }
  return 'name';
}

function lookupSelf(run: Run, ask: () => Resolution): Resolution {
  if (run.name !== 'localhost') return ask();
  const self = selfAddress(run);
  if (typeof self === 'object') return cannotResolve(self);
  if (self === 'name') {
    const found = ask();
    return { ...found, steps: [{ kind: steps.selfByName }, ...found.steps] };
  }
  const family = self.includes(':') ? 'inet6' : 'inet';
  return {
    outcome: { kind: 'addresses', addresses: [{ family, address: self }] },
    steps: [{ kind: steps.selfByAddress, values: { address: self } }],
    queries: [],
    elapsedMs: 0,
  };
}

export const client: Client = {
  id: 'kube-apiserver',
  title: { en: 'kube-apiserver (calling itself)', zh: 'kube-apiserver（访问自身）' },
  program: 'kube-apiserver',
  role: 'component',
  behaviour: say({
    en: 'calls itself [::1] where lo carries ::1, else by the name localhost, which it looks up as a Go program does',
    zh: '如果 lo 上有 ::1，就以 [::1] 访问自己，否则使用名称 localhost，并按 Go 程序的方式解析',
  }),
  presentIn: (_world, view) => runsIn(view, 'kube-apiserver'),
  answer: (world, view, name, port, options) => {
    const run = startRun('kube-apiserver', undefined, world, view, name, port, options);
    const program = goProgramOf(view, 'kube-apiserver', { cgo: false }, options);
    const resolution = lookupSelf(run, () => goLookup(run, program));
    return resolution.outcome.kind === 'cannot-tell'
      ? answer(run, resolution, nothingDialled, { prints: [] })
      : dialLikeGo(run, program, resolution);
  },
};
