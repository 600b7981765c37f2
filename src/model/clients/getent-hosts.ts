import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askHosts, getentClient } from './_getent.ts';

export const client: Client = getentClient(
  'hosts',
  say({
    en: 'asks for IPv6 alone (gethostbyname2), and for IPv4 only when there is none: it can differ from every other program',
    zh: '先只查询 IPv6（gethostbyname2），没有结果才查询 IPv4：它的结果可能与其他所有程序都不同',
  }),
  askHosts,
);
