/**
 * `--what-if EDIT`: a change written by hand, the same kind that remedies make.
 *
 *   hosts:+LINE                     add a line to /etc/hosts (at the top with `hosts:^LINE`)
 *   hosts:-TEXT                     take away the lines of /etc/hosts that hold TEXT
 *   FILE:+LINE, FILE:^LINE, FILE:-TEXT   the same for nsswitch, resolv, host, gai, nscd or any absolute path
 *   FILE:=TEXT                      the whole file; \n stands for a line end
 *   chmod:FILE=MODE                 0644
 *   sysctl:KEY=VALUE                net.ipv6.conf.lo.disable_ipv6=0
 *   lo:+ADDRESS                     give an interface an address (any interface name)
 *   up:DEVICE                       bring an interface up
 *   accept:TEXT                     take away the firewall rule that holds TEXT
 *   hide:DIRECTORY                  an empty directory over it, in this view only
 *   stop:DAEMON, restart:DAEMON, flush:DAEMON    nscd, unscd, systemd-resolved …
 *   restart-container:              its hosts and resolv.conf written anew
 */
import { valueOf } from '../facts/fact.ts';
import type { DaemonFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { parseAddress } from '../model/address/address.ts';
import { fail, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { say, type Said, type Text } from '../shared/text.ts';
import type { Edit } from './edit.ts';
import { appendLines, insertFirst } from './hosts-edits.ts';

const FILES: Readonly<Record<string, string>> = {
  hosts: '/etc/hosts',
  nsswitch: '/etc/nsswitch.conf',
  'nsswitch.conf': '/etc/nsswitch.conf',
  resolv: '/etc/resolv.conf',
  'resolv.conf': '/etc/resolv.conf',
  host: '/etc/host.conf',
  'host.conf': '/etc/host.conf',
  gai: '/etc/gai.conf',
  'gai.conf': '/etc/gai.conf',
  nscd: '/etc/nscd.conf',
  'nscd.conf': '/etc/nscd.conf',
};

const problems = {
  form: {
    en: '"{edit}" is no edit: write for example hosts:+127.0.0.1 localhost, nsswitch:=hosts: files dns, sysctl:net.ipv6.conf.lo.disable_ipv6=0, lo:+::1/128, hide:/var/run/nscd or stop:nscd',
    zh: '“{edit}” 不是有效的修改：例如 hosts:+127.0.0.1 localhost、nsswitch:=hosts: files dns、sysctl:net.ipv6.conf.lo.disable_ipv6=0、lo:+::1/128、hide:/var/run/nscd 或 stop:nscd',
  },
  daemon: { en: '"{edit}": no such daemon was found here, only {known}', zh: '“{edit}”：此处没有这个守护进程，只有 {known}' },
  noDaemon: { en: '"{edit}": no daemon was found here', zh: '“{edit}”：此处没有找到守护进程' },
  fileUnknown: {
    en: '"{edit}": nobody has seen what {path} holds here; give the whole file with {path}:=TEXT',
    zh: '“{edit}”：此处未读取到 {path} 的内容；请用 {path}:=TEXT 给出整个文件',
  },
  noSuchLine: { en: '"{edit}": no line of {path} holds "{text}"', zh: '“{edit}”：{path} 中没有包含 “{text}” 的行' },
  hostsLine: {
    en: '"{edit}": a line of /etc/hosts is an address and then one or more names, such as 127.0.0.1 localhost',
    zh: '“{edit}”：/etc/hosts 的一行先是地址，后面是一个或多个名称，例如 127.0.0.1 localhost',
  },
  address: {
    en: '"{edit}": "{text}" is no address with a prefix length, such as ::1/128',
    zh: '“{edit}”：“{text}” 不是带前缀长度的地址，例如 ::1/128',
  },
  device: { en: '"{edit}": there is no interface "{device}" here, only {known}', zh: '“{edit}”：此处没有接口 “{device}”，只有 {known}' },
  sysctl: {
    en: '"{edit}": write KEY=VALUE, such as sysctl:net.ipv6.conf.all.disable_ipv6=0',
    zh: '“{edit}”：请写成 KEY=VALUE，例如 sysctl:net.ipv6.conf.all.disable_ipv6=0',
  },
  mode: {
    en: '"{edit}": write FILE=MODE with an octal mode, such as chmod:/etc/hosts=0644',
    zh: '“{edit}”：请写成 FILE=MODE，权限用八进制，例如 chmod:/etc/hosts=0644',
  },
  directory: { en: '"{edit}": "{text}" is no absolute path', zh: '“{edit}”：“{text}” 不是绝对路径' },
  rule: { en: '"{edit}": no firewall rule that rejects or drops holds "{text}"', zh: '“{edit}”：没有包含 “{text}” 的拒绝或丢弃规则' },
  container: { en: '"{edit}": this is no container', zh: '“{edit}”：这不是容器' },
} as const satisfies Readonly<Record<string, Text>>;

type Parsed = Result<Edit, Said>;

/** One edit in the words above, against what is known of the node; `view`: where files and interfaces are meant. */
export function parseEdit(typed: string, node: NodeFacts, view: ViewFacts): Parsed {
  const bad = (text: Text, values: Readonly<Record<string, string>> = {}): Parsed => fail(say(text, { edit: typed, ...values }));
  const colon = typed.indexOf(':');
  const subject = typed.slice(0, colon);
  const rest = typed.slice(colon + 1);
  if (subject === 'restart-container') {
    return view.kind === 'container'
      ? ok({ edit: 'restart-container', view: view.id, command: `crictl stop ${view.names[0] ?? view.id}` })
      : bad(problems.container);
  }
  if (colon < 1 || rest === '') return bad(problems.form);
  const path = subject.startsWith('/') ? subject : FILES[subject];
  if (path !== undefined) return fileEdit(view, path, rest, bad);
  switch (subject) {
    case 'sysctl': {
      const match = /^([a-z][\w./-]*) *=(.+)$/u.exec(rest.trim());
      return match === null
        ? bad(problems.sysctl)
        : ok({ edit: 'sysctl', netns: view.netns, key: (match[1] ?? '').replaceAll('/', '.'), value: (match[2] ?? '').trim() });
    }
    case 'chmod': {
      const match = /^(\/[^=]+)=0?([0-7]{3,4})$/u.exec(rest);
      return match === null
        ? bad(problems.mode)
        : ok({ edit: 'chmod', view: view.id, path: match[1] ?? '', mode: Number.parseInt(match[2] ?? '', 8) });
    }
    case 'hide':
      return rest.startsWith('/') ? ok({ edit: 'hide-directory', view: view.id, path: rest }) : bad(problems.directory, { text: rest });
    case 'accept':
      return ruleEdit(node, view, rest, bad);
    case 'stop':
    case 'restart':
    case 'flush':
      return daemonEdit(subject, node, rest, bad);
    case 'up':
      return deviceEdit(node, view, rest, bad, (device) => ok({ edit: 'link-up', netns: view.netns, device }));
    default:
      return rest.startsWith('+') ? addressEdit(node, view, subject, rest.slice(1), bad) : bad(problems.form);
  }
}

type Bad = (text: Text, values?: Readonly<Record<string, string>>) => Parsed;

function daemonEdit(verb: 'stop' | 'restart' | 'flush', node: NodeFacts, name: string, bad: Bad): Parsed {
  const daemon: DaemonFacts | undefined = node.daemons.find((d) => d.kind === name || d.id === name);
  if (daemon === undefined) {
    const known = [...new Set(node.daemons.map((d) => d.kind))].join(', ');
    return known === '' ? bad(problems.noDaemon) : bad(problems.daemon, { known });
  }
  const unit = `${daemon.kind}.service`;
  if (verb === 'flush') {
    const command = daemon.kind === 'systemd-resolved' ? 'resolvectl flush-caches' : `${daemon.kind} --invalidate=hosts`;
    return ok({ edit: 'flush-cache', daemon: daemon.id, command });
  }
  return ok({ edit: verb === 'stop' ? 'stop-daemon' : 'restart-daemon', daemon: daemon.id, unit });
}

function ruleEdit(node: NodeFacts, view: ViewFacts, text: string, bad: Bad): Parsed {
  const rejects = node.netns.find((ns) => ns.id === view.netns)?.rejects;
  const rule = (rejects === undefined ? undefined : valueOf(rejects))?.find((r) => r.text.includes(text));
  if (rule === undefined) return bad(problems.rule, { text });
  return ok({ edit: 'delete-reject-rule', netns: view.netns, rule: rule.text, command: '', undo: '' });
}

/** Where the interfaces are not known, any name is taken. */
function deviceEdit(node: NodeFacts, view: ViewFacts, device: string, bad: Bad, made: (device: string) => Parsed): Parsed {
  const fact = node.netns.find((ns) => ns.id === view.netns)?.interfaces;
  const known = fact === undefined ? undefined : valueOf(fact)?.map((i) => i.name);
  return known === undefined || known.includes(device) ? made(device) : bad(problems.device, { device, known: known.join(', ') });
}

function addressEdit(node: NodeFacts, view: ViewFacts, device: string, typed: string, bad: Bad): Parsed {
  const [address = '', length, more] = typed.trim().split('/');
  const parsed = parseAddress(address);
  const full = parsed?.bytes.length === 4 ? 32 : 128;
  const prefixLength = length === undefined ? full : /^\d{1,3}$/u.test(length) ? Number(length) : -1;
  if (parsed === undefined || more !== undefined || prefixLength < 0 || prefixLength > full) return bad(problems.address, { text: typed });
  const family = parsed.bytes.length === 4 ? 'inet' : 'inet6';
  return deviceEdit(node, view, device, bad, () => ok({ edit: 'add-address', netns: view.netns, device, family, address, prefixLength }));
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function fileEdit(view: ViewFacts, path: string, change: string, bad: Bad): Parsed {
  const body = change.slice(1);
  const sign = change[0];
  if (sign === '=') {
    const whole = `${body.replaceAll('\\n', '\n')}\n`;
    return ok({ edit: 'write-file', view: view.id, path, text: whole, command: `printf '%s\\n' ${quoted(body)}` });
  }
  if ((sign !== '+' && sign !== '^' && sign !== '-') || body.trim() === '') return bad(problems.form);
  const fact = view.files[path];
  if (fact === undefined || fact.state === 'unobserved') return bad(problems.fileUnknown, { path });
  const text = valueOf(fact)?.text ?? '';
  if (sign === '-') {
    const lines = text.split('\n');
    const kept = lines.filter((line) => !line.includes(body));
    if (kept.length === lines.length) return bad(problems.noSuchLine, { path, text: body });
    return ok({ edit: 'write-file', view: view.id, path, text: kept.join('\n'), command: `grep -vF -- ${quoted(body)}` });
  }
  if (path === FILES['hosts'] && !isHostsLine(body)) return bad(problems.hostsLine);
  return ok((sign === '+' ? appendLines : insertFirst)(view.id, path, text, [body]));
}

/** A comment, or an address and a name: what else is added would be no entry to any resolver. */
function isHostsLine(line: string): boolean {
  const [address = '', name] =
    line
      .split('#', 1)[0]
      ?.trim()
      .split(/[ \t]+/u) ?? [];
  return line.trimStart().startsWith('#') || (name !== undefined && parseAddress(address.split('%', 1)[0] ?? '') !== undefined);
}
