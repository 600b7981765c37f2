/** The remedies that give localhost its IPv4 address back, or lo its ::1; shared by the causes of the localhost group. */
import type { Edit } from '../remedy/edit.ts';
import { addNameToLine, appendLines, insertFirst } from '../remedy/hosts-edits.ts';
import type { NetnsFacts, ViewFacts } from '../facts/node-facts.ts';
import type { FindingRemedy, RemedyText } from './define-cause.ts';
import type { LocalhostLines } from './_localhost.ts';
import { HOSTS, ipv6OffOnLo } from './_localhost.ts';

const VERIFY = ['getent ahosts localhost', 'curl -sk --connect-timeout 3 https://127.0.0.1:6443/healthz'] as const;

export const nameOnIpv4Line: RemedyText = {
  id: 'name-on-ipv4-line',
  title: { en: 'Add localhost to the 127.0.0.1 line of {path}', zh: '在 {path} 的 127.0.0.1 行中加入 localhost' },
  risk: { en: 'none: other readers see the new line at once', zh: '无：其他程序会立即看到新的内容' },
  safety: 'safe',
  command: "cp -p /etc/hosts /etc/hosts.bak; sed -e 's/^127\\.0\\.0\\.1[[:blank:]]\\{1,\\}/&localhost /' /etc/hosts.bak > /etc/hosts",
  undo: 'cat /etc/hosts.bak > /etc/hosts',
  verify: VERIFY,
};

export const ipv4LineFirst: RemedyText = {
  id: 'ipv4-line-first',
  title: { en: 'Add the line 127.0.0.1 localhost at the top of {path}', zh: '在 {path} 的开头加入一行 127.0.0.1 localhost' },
  risk: { en: 'none: other readers see the new line at once', zh: '无：其他程序会立即看到新的内容' },
  safety: 'safe',
  command:
    "cp -p /etc/hosts /etc/hosts.bak; { echo '127.0.0.1 localhost localhost.localdomain localhost4'; cat /etc/hosts.bak; } > /etc/hosts",
  undo: 'cat /etc/hosts.bak > /etc/hosts',
  verify: VERIFY,
};

export const ipv4LineLast: RemedyText = {
  ...ipv4LineFirst,
  id: 'ipv4-line-last',
  title: { en: 'Add the line 127.0.0.1 localhost to {path}', zh: '在 {path} 中加入一行 127.0.0.1 localhost' },
};

export const ipv6BackOnLo: RemedyText = {
  id: 'ipv6-back-on-lo',
  title: { en: 'Give lo its ::1 back', zh: '恢复 lo 上的 ::1 地址' },
  risk: {
    en: 'site policy may forbid IPv6; a file in sysctl.d may switch it off again at the next start',
    zh: '站点策略可能禁止 IPv6；sysctl.d 中的文件可能在下次启动时再次关闭它',
  },
  safety: 'safe',
  command: 'sysctl -w net.ipv6.conf.lo.disable_ipv6=0',
  undo: 'sysctl -w net.ipv6.conf.lo.disable_ipv6=1',
  verify: ['ip -6 addr show dev lo', 'getent ahosts localhost'],
};

const IPV4_LINE = '127.0.0.1 localhost localhost.localdomain localhost4';

/** Smallest first: the name on a line that is there, else a line of its own. Which of them cures is tried on the model. */
export function ipv4LocalhostRemedies(view: ViewFacts, lines: LocalhostLines): readonly FindingRemedy[] {
  const line = lines.all.find((l) => l.address === '127.0.0.1');
  const values = { path: HOSTS };
  const { text } = lines.file;
  const inPlace: FindingRemedy[] =
    line === undefined
      ? [{ id: ipv4LineLast.id, edits: [appendLines(view.id, HOSTS, text, [IPV4_LINE])], values }]
      : [{ id: nameOnIpv4Line.id, edits: [addNameToLine(view.id, HOSTS, text, line, 'localhost')], values }];
  return [...inPlace, { id: ipv4LineFirst.id, edits: [insertFirst(view.id, HOSTS, text, [IPV4_LINE])], values }];
}

export function ipv6LoRemedy(netns: NetnsFacts): FindingRemedy {
  const edits: readonly Edit[] =
    ipv6OffOnLo(netns) === true
      ? [{ edit: 'sysctl', netns: netns.id, key: 'net.ipv6.conf.lo.disable_ipv6', value: '0' }]
      : [{ edit: 'add-address', netns: netns.id, device: 'lo', family: 'inet6', address: '::1', prefixLength: 128 }];
  return { id: ipv6BackOnLo.id, edits };
}
