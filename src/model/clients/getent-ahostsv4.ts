import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askAhosts, getentClient } from './_getent.ts';

export const client: Client = getentClient(
  'ahostsv4',
  say({
    en: 'asks for IPv4 alone with AI_ADDRCONFIG: a hosts line with ::1 is answered as 127.0.0.1, so it hides that localhost is IPv6 only',
    zh: '只查询 IPv4 并带有 AI_ADDRCONFIG：hosts 中的 ::1 行会被当作 127.0.0.1 返回，因此看不出 localhost 只有 IPv6',
  }),
  (run) => askAhosts(run, 'inet', []),
);
