/**
 * `--what-if EDIT`: a change written by hand, the same kind that remedies make.
 *
 *   hosts:+LINE                     add a line to /etc/hosts (at the top with `hosts:^LINE`)
 *   hosts:-TEXT                     take away the lines of /etc/hosts that hold TEXT
 *   FILE:+LINE, FILE:^LINE, FILE:-TEXT   the same for nsswitch, resolv, host, gai, nscd or any absolute path
 *   FILE:=TEXT                      the whole file; \n stands for a line end
 *   sysctl:KEY=VALUE                net.ipv6.conf.lo.disable_ipv6=0
 *   lo:+ADDRESS                     give an interface an address (any interface name)
 *   up:DEVICE                       bring an interface up
 *   hide:DIRECTORY                  an empty directory over it, in this view only
 *   stop:DAEMON                     nscd, unscd, systemd-resolved …
 */
import { valueOf } from '../facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { fail, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Text } from '../shared/text.ts';
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

export const editProblems = {
  form: {
    en: '"{edit}" is no edit: write for example hosts:+127.0.0.1 localhost, nsswitch:=hosts: files dns, sysctl:net.ipv6.conf.lo.disable_ipv6=0, lo:+::1/128, hide:/var/run/nscd or stop:nscd',
    zh: '“{edit}” 不是有效的修改：例如 hosts:+127.0.0.1 localhost、nsswitch:=hosts: files dns、sysctl:net.ipv6.conf.lo.disable_ipv6=0、lo:+::1/128、hide:/var/run/nscd 或 stop:nscd',
  },
  daemon: { en: 'no daemon "{edit}" was found here', zh: '此处没有找到守护进程 “{edit}”' },
} as const satisfies Readonly<Record<string, Text>>;

export function parseEdit(typed: string, node: NodeFacts, view: ViewFacts): Result<Edit, Text> {
  const colon = typed.indexOf(':');
  const subject = typed.slice(0, colon);
  const rest = typed.slice(colon + 1);
  if (colon < 1 || rest === '') return fail(editProblems.form);
  const path = subject.startsWith('/') ? subject : FILES[subject];
  if (path !== undefined) return fileEdit(view, path, rest);
  if (subject === 'sysctl') {
    const [key, value] = rest.split('=');
    return key === undefined || value === undefined
      ? fail(editProblems.form)
      : ok({ edit: 'sysctl', netns: view.netns, key: key.trim(), value: value.trim() });
  }
  if (subject === 'hide') return ok({ edit: 'hide-directory', view: view.id, path: rest });
  if (subject === 'up') return ok({ edit: 'link-up', netns: view.netns, device: rest });
  if (subject === 'stop') {
    const daemon = node.daemons.find((d) => d.kind === rest || d.id === rest);
    return daemon === undefined
      ? fail(editProblems.daemon)
      : ok({ edit: 'stop-daemon', daemon: daemon.id, unit: `${daemon.kind}.service` });
  }
  return rest.startsWith('+') ? addressEdit(view, subject, rest.slice(1)) : fail(editProblems.form);
}

function addressEdit(view: ViewFacts, device: string, typed: string): Result<Edit, Text> {
  const [address, length] = typed.split('/');
  if (address === undefined || address === '') return fail(editProblems.form);
  const family = address.includes(':') ? 'inet6' : 'inet';
  return ok({
    edit: 'add-address',
    netns: view.netns,
    device,
    family,
    address,
    prefixLength: Number(length ?? (family === 'inet6' ? 128 : 32)),
  });
}

function fileEdit(view: ViewFacts, path: string, change: string): Result<Edit, Text> {
  const fact = view.files[path];
  const text = (fact === undefined ? undefined : valueOf(fact)?.text) ?? '';
  const body = change.slice(1);
  switch (change[0]) {
    case '+':
      return ok(appendLines(view.id, path, text, [body]));
    case '^':
      return ok(insertFirst(view.id, path, text, [body]));
    case '-': {
      const kept = text.split('\n').filter((line) => !line.includes(body));
      return ok({
        edit: 'write-file',
        view: view.id,
        path,
        text: kept.join('\n'),
        command: `grep -vF -- '${body.replaceAll("'", `'\\''`)}'`,
      });
    }
    case '=': {
      const whole = `${body.replaceAll('\\n', '\n')}\n`;
      return ok({ edit: 'write-file', view: view.id, path, text: whole, command: `printf '%s\\n' '${body.replaceAll("'", `'\\''`)}'` });
    }
    default:
      return fail(editProblems.form);
  }
}
