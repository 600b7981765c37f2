/**
 * An edit as commands that a person can paste into a root shell on the node, and the commands that take it back.
 * Files are written in place: a rename would give them a new inode, and containers that mount the file would keep the old one. Each
 * write leaves a dated copy beside the file, so that the way back is exact.
 */
import type { NetnsId, ViewId } from '../facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { shellQuote } from '../shared/shell-quote.ts';
import type { Edit } from './edit.ts';

export interface EditCommands {
  /** In order; each a whole command line. */
  readonly apply: readonly string[];
  /** In order; empty where nothing has to be taken back (a flushed cache fills again). */
  readonly undo: readonly string[];
}

/** All edits of a remedy. They are taken back in the opposite order. */
export function toCommands(edits: readonly Edit[], node: NodeFacts | undefined): EditCommands {
  const each = joinWrites(edits).map((edit) => editToCommands(edit, node));
  return { apply: each.flatMap((e) => e.apply), undo: [...each].reverse().flatMap((e) => e.undo) };
}

type WriteFile = Extract<Edit, { edit: 'write-file' }>;

/** Several writes of one file become one, with the filters in a row: there is one copy to go back to. */
function joinWrites(edits: readonly Edit[]): readonly Edit[] {
  const made: Edit[] = [];
  for (const edit of edits) {
    const at =
      edit.edit === 'write-file' ? made.findIndex((e) => e.edit === 'write-file' && e.view === edit.view && e.path === edit.path) : -1;
    const earlier = made[at];
    if (edit.edit === 'write-file' && earlier?.edit === 'write-file')
      made[at] = { ...edit, command: `${earlier.command} | ${edit.command}` };
    else made.push(edit);
  }
  return made;
}

export function editToCommands(edit: Edit, node: NodeFacts | undefined): EditCommands {
  switch (edit.edit) {
    case 'write-file':
      return writeFile(edit, node);
    case 'chmod':
      return chmod(edit, node);
    case 'sysctl':
      return sysctl(edit, node);
    case 'add-address': {
      const ip = `${inNetns(edit.netns, node)}ip ${edit.family === 'inet6' ? '-6 ' : ''}addr`;
      const what = `${edit.address}/${edit.prefixLength} dev ${shellQuote(edit.device)}`;
      return { apply: [`${ip} add ${what}`], undo: [`${ip} del ${what}`] };
    }
    case 'link-up': {
      const link = `${inNetns(edit.netns, node)}ip link set dev ${shellQuote(edit.device)}`;
      return { apply: [`${link} up`], undo: [`${link} down`] };
    }
    case 'delete-reject-rule':
      return { apply: [inNetnsShell(edit.netns, node, edit.command)], undo: [inNetnsShell(edit.netns, node, edit.undo)] };
    case 'hide-directory':
      return hideDirectory(edit.view, edit.path, node);
    case 'stop-daemon':
      return stopDaemon(edit.daemon, edit.unit, node);
    case 'restart-daemon': {
      const restart = restartDaemon(edit.daemon, edit.unit, node);
      return { apply: [restart], undo: [restart] };
    }
    case 'flush-cache':
    case 'restart-container':
      return { apply: [edit.command], undo: [] };
    case 'by-hand':
      return { apply: [edit.command], undo: edit.undo === undefined ? [] : [edit.undo] };
  }
}

// ---- where

const viewOf = (id: ViewId, node: NodeFacts | undefined): ViewFacts | undefined => node?.views.find((v) => v.id === id);

/** The process number of a view's main process; where nobody saw it, the command that tells it, for use inside double quotes or bare. */
function pidOf(view: ViewFacts | undefined): string {
  if (view?.pid !== undefined) return String(view.pid);
  const name = view?.names[0] ?? view?.containerId;
  if (name === undefined) return 'PID';
  switch (view?.runtime) {
    case 'docker':
      return `$(docker inspect -f '{{.State.Pid}}' ${shellQuote(name)})`;
    case 'containerd':
    case 'cri-o':
      return `$(crictl inspect -o go-template --template '{{.info.pid}}' ${shellQuote(view.containerId ?? name)})`;
    default:
      return 'PID';
  }
}

/** Prefix that runs one program in a network namespace; nothing for the host's. */
function inNetns(id: NetnsId, node: NodeFacts | undefined): string {
  const host = node?.views.find((v) => v.kind === 'host');
  if (id === 'host' || id === host?.netns) return '';
  const inside = node?.views.filter((v) => v.netns === id) ?? [];
  return `nsenter -t ${pidOf(inside.find((v) => v.pid !== undefined) ?? inside[0])} -n `;
}

/** A whole command line in a network namespace: pipes and lists need a shell there. */
function inNetnsShell(id: NetnsId, node: NodeFacts | undefined, command: string): string {
  const prefix = inNetns(id, node);
  if (prefix === '') return command;
  return /[|&;<>$`(){}\n]/u.test(command) ? `${prefix}sh -c ${shellQuote(command)}` : `${prefix}${command}`;
}

/**
 * A view's file as the host reaches it. A link inside the container would lead out of it when it is followed from the host, so a known
 * link is replaced by where it leads, and commands refuse any other.
 */
function hostPath(view: ViewFacts | undefined, id: ViewId, path: string): { readonly path: string; readonly guard: string } {
  const fact = view?.files[path];
  const link = fact?.state === 'known' ? fact.value.linkTarget : undefined;
  const target = link === undefined ? path : resolveLink(path, link);
  if (view?.kind === 'host' || id === 'host') return { path: shellQuote(target), guard: '' };
  const pid = pidOf(view);
  const whole = pid.startsWith('$(') ? `"/proc/${pid}/root"${shellQuote(target)}` : shellQuote(`/proc/${pid}/root${target}`);
  return { path: whole, guard: `[ ! -L ${whole} ] && ` };
}

/** Where a link leads inside its own root; `..` never leaves it. */
function resolveLink(path: string, link: string): string {
  const from = link.startsWith('/') ? [] : path.split('/').slice(0, -1);
  const parts: string[] = [];
  for (const part of [...from, ...link.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

// ---- daemons

/** Distributions whose services OpenRC starts, by ID of os-release(5). */
const OPENRC: ReadonlySet<string> = new Set(['alpine', 'gentoo', 'artix', 'postmarketos']);

const hasOpenrc = (node: NodeFacts | undefined): boolean =>
  node?.osRelease.state === 'known' && OPENRC.has(node.osRelease.value['ID'] ?? '');

/** The container that the daemon is the main program of, or lives in; undefined: it is a service of the host. */
function containerOf(daemon: string, node: NodeFacts | undefined): ViewFacts | undefined {
  const home = node?.daemons.find((d) => d.id === daemon)?.view;
  const view = home === undefined ? undefined : viewOf(home, node);
  return view?.kind === 'container' && view.runtime !== 'plain' ? view : undefined;
}

function restartDaemon(daemon: string, unit: string, node: NodeFacts | undefined): string {
  const container = containerOf(daemon, node);
  if (container?.runtime === 'docker') return `docker restart ${shellQuote(container.names[0] ?? container.id)}`;
  // The kubelet starts it anew.
  if (container?.containerId !== undefined) return `crictl stop ${shellQuote(container.containerId)}`;
  return hasOpenrc(node) ? `rc-service ${shellQuote(unit)} restart` : `systemctl restart ${shellQuote(unit)}`;
}

function stopDaemon(daemon: string, unit: string, node: NodeFacts | undefined): EditCommands {
  const container = containerOf(daemon, node);
  if (container?.runtime === 'docker') {
    const name = shellQuote(container.names[0] ?? container.id);
    return { apply: [`docker stop ${name}`], undo: [`docker start ${name}`] };
  }
  const service = shellQuote(unit);
  return hasOpenrc(node)
    ? {
        apply: [`rc-service ${service} stop`, `rc-update del ${service}`],
        undo: [`rc-update add ${service}`, `rc-service ${service} start`],
      }
    : { apply: [`systemctl disable --now ${service}`], undo: [`systemctl enable --now ${service}`] };
}

// ---- what

const BACKUP = '.culprit-$(date -u +%Y%m%dT%H%M%SZ)';

function writeFile(edit: WriteFile, node: NodeFacts | undefined): EditCommands {
  const view = viewOf(edit.view, node);
  const { path, guard } = hostPath(view, edit.view, edit.path);
  if (view?.files[edit.path]?.state === 'absent') {
    return { apply: [`${guard}printf '' | ${edit.command} >${path}`], undo: [`rm ${path}`] };
  }
  return {
    apply: [`${guard}b=${path}${BACKUP} && cp -p ${path} "$b" && cat "$b" | ${edit.command} >${path}`],
    // Dates sort as text: the last copy is the newest.
    undo: [`cat "$(ls ${path}.culprit-* | tail -n 1)" >${path}`],
  };
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function chmod(edit: Extract<Edit, { edit: 'chmod' }>, node: NodeFacts | undefined): EditCommands {
  const view = viewOf(edit.view, node);
  const { path, guard } = hostPath(view, edit.view, edit.path);
  const fact = view?.files[edit.path];
  const before = fact?.state === 'known' ? fact.value.mode : undefined;
  return {
    apply: [`${guard}chmod ${octal(edit.mode)} ${path}`],
    undo: before === undefined ? [] : [`chmod ${octal(before & 0o7777)} ${path}`],
  };
}

/** Keys are written with dots; a dot inside an interface name is written as a slash (sysctl(8)), which these keys have already. */
function sysctl(edit: Extract<Edit, { edit: 'sysctl' }>, node: NodeFacts | undefined): EditCommands {
  const run = `${inNetns(edit.netns, node)}sysctl -w `;
  const before = sysctlBefore(edit.netns, edit.key, node);
  const apply = [`${run}${shellQuote(`${edit.key}=${edit.value}`)}`];
  const undo = before === undefined ? [] : [`${run}${shellQuote(`${edit.key}=${before}`)}`];
  if (edit.persistIn !== undefined) {
    // A file of its own in sysctl.d, so that it can simply be removed.
    apply.push(`printf '%s\\n' ${shellQuote(`${edit.key} = ${edit.value}`)} >${shellQuote(edit.persistIn)}`);
    undo.push(`rm -f ${shellQuote(edit.persistIn)}`);
  }
  return { apply, undo };
}

function sysctlBefore(netns: NetnsId, key: string, node: NodeFacts | undefined): string | undefined {
  const ns = node?.netns.find((n) => n.id === netns);
  const known = ns?.sysctls[key];
  if (known?.state === 'known') return known.value;
  const device = /^net[./]ipv6[./]conf[./](.+)[./]disable_ipv6$/u.exec(key)?.[1];
  const disabled = device === undefined ? undefined : ns?.disableIpv6[device];
  return disabled?.state === 'known' ? (disabled.value ? '1' : '0') : undefined;
}

/**
 * An empty file system over the directory, in the mount namespace of the view alone. The node's own mount does it (mount(8) -N, util-linux
 * 2.34 and newer): an image need not hold one. Older nodes fall back on the container's.
 */
function hideDirectory(id: ViewId, path: string, node: NodeFacts | undefined): EditCommands {
  const view = viewOf(id, node);
  const [mount, umount] = [`-t tmpfs -o size=4k,mode=0755 culprit-empty ${shellQuote(path)}`, shellQuote(path)];
  if (view?.kind === 'host' || id === 'host') return { apply: [`mount ${mount}`], undo: [`umount ${umount}`] };
  const pid = pidOf(view);
  const either = (program: string, args: string): string =>
    `${program} -N ${pid} ${args} 2>/dev/null || nsenter -t ${pid} -m ${program} ${args}`;
  return { apply: [either('mount', mount)], undo: [either('umount', umount)] };
}
