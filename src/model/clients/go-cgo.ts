import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askGo } from './_go.ts';
import { hasLibc } from './_libc.ts';

export const client: Client = {
  id: 'go-cgo',
  title: { en: 'a Go program with cgo', zh: '启用 cgo 的 Go 程序' },
  role: 'library',
  behaviour: say({
    en: 'decides by nsswitch.conf, resolv.conf and the environment whether it asks the C library or looks itself, then tries both families (happy eyeballs)',
    zh: '根据 nsswitch.conf、resolv.conf 和环境变量决定由 C 库查询还是自行查询，然后尝试两个地址族（happy eyeballs）',
  }),
  presentIn: (_world, view) => hasLibc(view),
  answer: (world, view, name, port, options) =>
    askGo('go-cgo', undefined, { cgo: true }, world, view, name, port, { flavour: 'cgo', ...options }),
};
