import { say } from '../../shared/text.ts';
import { errnoNumber } from '../dial/errno-texts.ts';
import type { Client } from '../types.ts';
import { runsIn } from './_go.ts';
import { addressesOf, answer, dialInTurn, errnoOf, lookup, nothingDialled, startRun, strerror } from './_run.ts';

/**
 * A name written literally in nginx's configuration: looked up once, when the configuration is read (nginx src/core/ngx_inet.c
 * ngx_inet_resolve_host: any family with AI_ADDRCONFIG); every address becomes an upstream. Names in variables go to `resolver` instead.
 */
export const client: Client = {
  id: 'nginx',
  title: { en: 'nginx (a literal upstream)', zh: 'nginx（配置中直接写明的上游）' },
  program: 'nginx',
  role: 'component',
  behaviour: say({
    en: 'looks a literal upstream up once, at start, for any family with AI_ADDRCONFIG; every address becomes an upstream',
    zh: '只在启动时解析一次配置中直接写明的上游，查询任意地址族并带有 AI_ADDRCONFIG；每个地址都成为一个上游',
  }),
  presentIn: (_world, view) => runsIn(view, 'nginx'),
  answer: (world, view, name, port, options) => {
    const run = startRun('nginx', 'nginx', world, view, name, port, options);
    const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: ['AI_ADDRCONFIG'], socktype: 'stream' });
    if (resolution.outcome.kind === 'error') {
      return answer(run, resolution, nothingDialled, { prints: [`nginx: [emerg] host not found in upstream "${name}"`], exitStatus: 1 });
    }
    const dialled = resolution.outcome.kind === 'addresses' ? dialInTurn(run, addressesOf(resolution)) : nothingDialled;
    const errno = errnoOf(dialled.reported);
    const prints =
      errno === undefined
        ? []
        : [`connect() failed (${String(errnoNumber(errno) ?? 0)}: ${strerror(run, errno)}) while connecting to upstream`];
    return answer(run, resolution, dialled, { prints });
  },
};
