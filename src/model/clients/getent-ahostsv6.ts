import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askAhosts, getentClient } from './_getent.ts';

export const client: Client = getentClient(
  'ahostsv6',
  say({
    en: 'asks for IPv6 alone with AI_ADDRCONFIG and AI_V4MAPPED: without any IPv6 address but ::1 it says nothing and asks nobody',
    zh: '只查询 IPv6 并带有 AI_ADDRCONFIG 和 AI_V4MAPPED：如果除 ::1 外没有任何 IPv6 地址，它不发出任何查询，也没有结果',
  }),
  (run) => askAhosts(run, 'inet6', ['AI_V4MAPPED']),
);
