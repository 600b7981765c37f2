import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { addressesOf, answer, dialInTurn, errnoOf, lookup, nothingDialled, startRun, strerror } from './_run.ts';
import { hasLibc, libcName } from './_libc.ts';

/** Any ordinary program of the view's C library: getaddrinfo for any family without flags, every address in turn. */
export const client: Client = {
  id: 'getaddrinfo',
  title: { en: 'a program with the C library', zh: '使用 C 库的程序' },
  role: 'library',
  behaviour: say({
    en: 'asks the C library for any family (getaddrinfo, AF_UNSPEC, no flags) and tries all addresses in turn',
    zh: '通过 C 库查询任意地址族（getaddrinfo，AF_UNSPEC，不带标志），依次尝试所有地址',
  }),
  presentIn: (_world, view) => hasLibc(view),
  answer: (world, view, name, port, options) => {
    const run = startRun('getaddrinfo', undefined, world, view, name, port, options);
    const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
    if (resolution.outcome.kind !== 'addresses') {
      const prints = resolution.outcome.kind === 'error' ? [resolution.outcome.error.text] : [];
      return answer(run, resolution, nothingDialled, { prints }, libcName(view));
    }
    const dialled = dialInTurn(run, addressesOf(resolution));
    const errno = errnoOf(dialled.reported);
    return answer(run, resolution, dialled, { prints: errno === undefined ? [] : [strerror(run, errno)] }, libcName(view));
  },
};
