import { say } from '../../shared/text.ts';
import { resolveWithCares } from '../tools/c-ares.ts';
import type { Client } from '../types.ts';
import { runsIn } from './_go.ts';
import { addressesOf, answer, dialInTurn, nothingDialled, startRun } from './_run.ts';

/** Envoy with its c-ares resolver; clusters of type STRICT_DNS ask again and again, dns_lookup_family AUTO takes IPv6 where there is any. */
export const client: Client = {
  id: 'envoy',
  title: { en: 'Envoy (c-ares)', zh: 'Envoy（c-ares）' },
  program: 'envoy',
  role: 'component',
  behaviour: say({
    en: 'reads hosts and resolv.conf itself with c-ares, answers localhost itself, and takes IPv6 addresses where there are any',
    zh: '用 c-ares 自行读取 hosts 和 resolv.conf，自行解析 localhost，有 IPv6 地址时使用 IPv6',
  }),
  presentIn: (_world, view) => runsIn(view, 'envoy'),
  answer: (world, view, name, port, options) => {
    const run = startRun('envoy', 'envoy', world, view, name, port, options);
    const resolution = resolveWithCares(world, view, '', name);
    const all = addressesOf(resolution);
    const six = all.filter((a) => a.family === 'inet6');
    const dialled = all.length === 0 ? nothingDialled : dialInTurn(run, six.length > 0 ? six : all);
    const prints =
      dialled.winner !== undefined || resolution.outcome.kind === 'cannot-tell'
        ? []
        : [dialled.reported === undefined ? 'no healthy upstream' : 'upstream connect error or disconnect/reset before headers'];
    return answer(run, resolution, dialled, { prints }, 'c-ares');
  },
};
