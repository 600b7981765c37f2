import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askAhosts, getentClient } from './_getent.ts';

export const client: Client = getentClient(
  'ahosts',
  say({
    en: 'asks for any family with AI_ADDRCONFIG: a family of which no interface has an address (loopback not counted) is left out',
    zh: '查询任意地址族并带有 AI_ADDRCONFIG：如果没有任何接口拥有某个地址族的地址（回环地址不算），就不查询该地址族',
  }),
  (run) => askAhosts(run, 'unspec', []),
);
