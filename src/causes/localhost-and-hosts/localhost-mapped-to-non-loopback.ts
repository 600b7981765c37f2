import { addNameToLine, insertFirst, removeNameFromLine } from '../../remedy/hosts-edits.ts';
import type { Edit } from '../../remedy/edit.ts';
import { say } from '../../shared/text.ts';
import { isLoopbackAddress } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import { HOSTS, hostsSource, isLocalhost, localhostLines, viewsOf } from '../_localhost.ts';
import type { LocalhostLines } from '../_localhost.ts';

const texts = {
  line: {
    en: '{path} line {line} gives localhost the address {address}, which is not a loopback address',
    zh: '{path} 第 {line} 行把 localhost 指向 {address}，这不是回环地址',
  },
  fine: { en: 'localhost leads to loopback addresses only', zh: 'localhost 只指向回环地址' },
} as const;

export const localhostMappedToNonLoopback = defineCause({
  id: 'localhost-mapped-to-non-loopback',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 1,
  title: { en: 'localhost leads to an address that is not the loopback', zh: 'localhost 指向了非回环地址' },
  mechanism: {
    en: 'Provisioning wrote localhost on a line with another address. Services bound to 127.0.0.1 are not there, so health checks are refused or reach another machine. With two addresses Go prefers 127.0.0.1 and others may not: it fails now and then.',
    zh: '部署工具把 localhost 写到了其他地址的行上。绑定在 127.0.0.1 的服务不在那里，因此健康检查被拒绝或连到了别的机器。若同时有两个地址，Go 会优先 127.0.0.1，其他程序则未必：表现为时好时坏。',
  },
  summary: { en: '{path} line {line} maps localhost to {address}.', zh: '{path} 第 {line} 行把 localhost 映射到 {address}。' },
  sources: ['rancher/rancher#10188', 'measured'],
  lookAlikes: ['localhost-shadowed-by-dns-search', 'service-not-listening'],
  confirms: [
    {
      en: 'localhost stands on a hosts line whose address is neither 127.0.0.0/8 nor ::1',
      zh: 'hosts 中 localhost 所在行的地址既不属于 127.0.0.0/8 也不是 ::1',
    },
  ],
  refutes: [{ en: 'only localhost.localdomain or localhost4 stand on that line', zh: '该行只有 localhost.localdomain 或 localhost4' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Which addresses has localhost in /etc/hosts and for the resolver?',
        zh: 'localhost 在 /etc/hosts 中以及经解析器得到哪些地址？',
      },
      command: 'grep -n localhost /etc/hosts; getent ahosts localhost',
    },
  ],
  remedies: [
    {
      id: 'move-name',
      title: {
        en: 'Take localhost off the line of {address} and keep it on 127.0.0.1',
        zh: '从 {address} 行移除 localhost，并保留在 127.0.0.1 行',
      },
      risk: { en: 'low: programs that relied on the wrong address', zh: '低：依赖该错误地址的程序' },
      safety: 'safe',
      verify: ['getent ahosts localhost'],
    },
  ],
  check: ({ world, symptoms }) => {
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const lines = localhostLines(view);
      const [line] = lines?.other ?? [];
      if (lines === undefined || line === undefined) return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, line: line.number, address: line.address },
          evidence: [
            {
              said: say(texts.line, { path: HOSTS, line: line.number, address: line.address }),
              source: hostsSource(view, line),
              grade: 'direct',
            },
          ],
          remedies: [{ id: 'move-name', edits: moveName(view, lines) }],
          explainsAnswer: (a) => a.view === view.id && isLocalhost(a.name) && a.outcome.kind === 'fails' && a.outcome.stage !== 'resolve',
          explainsSymptom: (s) => isLocalhost(s.name) && s.operation === 'dial' && s.address !== undefined && s.address === line.address,
        },
      ];
    });
    if (findings.length > 0) return findings;
    const hostsSeen = viewsOf(world).some(({ view }) => localhostLines(view) !== undefined);
    const elsewhere = symptoms.some(
      (s) => isLocalhost(s.name) && s.operation === 'dial' && s.address !== undefined && !isLoopbackAddress(s.address),
    );
    if (elsewhere && !hostsSeen) return [{ status: 'cannot-tell', needs: [{ kind: 'file', view: 'host', path: HOSTS }] }];
    return ruledOut(world.node, say(texts.fine), '/etc/hosts');
  },
});

/** One edit that takes the name off every foreign line and puts it on a 127.0.0.1 line where it is missing. */
function moveName(view: ViewFacts, lines: LocalhostLines): readonly Edit[] {
  let { text } = lines.file;
  const commands: string[] = [];
  const apply = (edit: { readonly text: string; readonly command: string }): void => {
    ({ text } = edit);
    commands.push(edit.command);
  };
  // From the last line to the first, so that numbers stay true when a line goes.
  for (const line of [...lines.other].reverse()) apply(removeNameFromLine(view.id, HOSTS, text, line, 'localhost'));
  if (lines.ipv4Loopback.length === 0) {
    const target = hostsLines(text).find((l) => l.address === '127.0.0.1');
    apply(
      target === undefined
        ? insertFirst(view.id, HOSTS, text, ['127.0.0.1 localhost'])
        : addNameToLine(view.id, HOSTS, text, target, 'localhost'),
    );
  }
  return [{ edit: 'write-file', view: view.id, path: HOSTS, text, command: commands.join(' | ') }];
}
