import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askGo } from './_go.ts';

export const client: Client = {
  id: 'go',
  title: { en: 'a pure Go program', zh: '纯 Go 程序' },
  role: 'library',
  behaviour: say({
    en: 'reads hosts, nsswitch.conf and resolv.conf itself, never asks the C library or a name cache, and tries both families (happy eyeballs)',
    zh: '自行读取 hosts、nsswitch.conf 和 resolv.conf，从不通过 C 库或名称缓存查询，并尝试两个地址族（happy eyeballs）',
  }),
  presentIn: () => true,
  answer: (world, view, name, port, options) =>
    askGo('go', undefined, { cgo: false }, world, view, name, port, { flavour: 'pure', ...options }),
};
