/** Modules, control groups and security modules of the kernel. Source: cgroups(7), modules.dep(5), selinux(8), audit log of the kernel. */
import { linesOf, wordsOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { labelled } from '../processes.ts';
import { fromCommand, fromFile, knownValue, recordText, type Observations } from './parts.ts';

/** Modules whose absence causes look for; others are told when they are loaded. */
const WATCHED = new Set(['br_netfilter', 'overlay', 'nf_conntrack']);

const OF_CONTAINERS = /container|kube|etcd|k3s|rke2|docker|cri-?o\b/iu;

/** Denials older than this say nothing about now, in seconds. */
const RECENT = 3600;

export function readKernelState(records: readonly ProbeRecord[]): Observations {
  const files = new Map<string, string[]>();
  for (const [path, line] of labelled(recordText(records, 'kernel-files') ?? '')) files.set(path, [...(files.get(path) ?? []), line]);
  const asked = recordText(records, 'kernel-files') !== undefined;
  const found: Observations = { ...modules(recordText(records, 'kernel-modules')), ...cgroups(files) };
  const enforce = files.get('/sys/fs/selinux/enforce')?.[0];
  if (asked) {
    const mode = enforce === undefined ? 'disabled' : enforce === '1' ? 'enforcing' : 'permissive';
    found['selinux.mode'] = knownValue(mode, fromFile('/sys/fs/selinux/enforce', enforce));
    const apparmor = files.get('/sys/module/apparmor/parameters/enabled')?.[0];
    found['apparmor.enabled'] = knownValue(apparmor === 'Y', fromFile('/sys/module/apparmor/parameters/enabled', apparmor));
  }
  const denials = recordText(records, 'denials');
  const now = Number(recordText(records, 'time')?.trim());
  if (denials !== undefined) {
    const recent = linesOf(denials).filter((line) => {
      // Denials of other programs, and those that were only written down, stop no container.
      if (!OF_CONTAINERS.test(line) || line.includes('permissive=1')) return false;
      const at = Number(/audit\((\d+)\./u.exec(line)?.[1]);
      return !Number.isFinite(now) || now === 0 || !Number.isFinite(at) || now - at < RECENT;
    });
    if (recent.length > 0)
      found['selinux.denials'] = knownValue(recent, {
        kind: 'log',
        path: '/var/log/audit/audit.log',
        view: 'host',
        text: recent.at(-1) ?? '',
      });
  }
  return found;
}

function modules(text: string | undefined): Observations {
  if (text === undefined) return {};
  const found: Observations = {};
  const states = new Map<string, Set<string>>();
  for (const line of linesOf(text)) {
    const [name = '', state = ''] = wordsOf(line);
    states.set(name, (states.get(name) ?? new Set()).add(state));
  }
  // Without a list of the running kernel's modules a module that is not loaded may still be built in.
  const listed = states.get('-')?.has('listed') === true;
  for (const [name, seen] of states) {
    if (seen.has('loaded')) found[`module.${name}.loaded`] = knownValue(true, fromFile('/proc/modules', name));
    if (seen.has('available')) found[`module.${name}.available`] = knownValue(true, fromFile('/lib/modules', `${name}.ko`));
  }
  for (const name of WATCHED) {
    if (found[`module.${name}.loaded`] !== undefined) continue;
    if (listed && states.get(name)?.has('available') !== true) {
      found[`module.${name}.available`] = knownValue(false, fromFile('/lib/modules', `${name}.ko is not in modules.dep`));
    }
    if (listed) found[`module.${name}.loaded`] = knownValue(false, fromFile('/proc/modules', `${name} is not in the list`));
  }
  return found;
}

function cgroups(files: ReadonlyMap<string, readonly string[]>): Observations {
  const found: Observations = {};
  const controllers = files.get('/sys/fs/cgroup/cgroup.controllers')?.[0];
  if (controllers !== undefined)
    found['cgroup.controllers'] = knownValue(wordsOf(controllers), fromFile('/sys/fs/cgroup/cgroup.controllers', controllers));
  const table = files.get('/proc/cgroups') ?? [];
  const memory = table.find((line) => line.startsWith('memory\t'));
  // On version 2 alone the kernel may leave /proc/cgroups without the controllers: cgroup.controllers decides there.
  const unified = controllers !== undefined ? wordsOf(controllers).includes('memory') : undefined;
  if (memory !== undefined) {
    const enabled = wordsOf(memory)[3] === '1';
    found['cgroup.memory-known'] = knownValue(true, fromFile('/proc/cgroups', memory));
    found['cgroup.memory-enabled'] = knownValue(enabled || unified === true, fromFile('/proc/cgroups', memory));
  } else if (unified !== undefined) {
    found['cgroup.memory-enabled'] = knownValue(unified, fromFile('/sys/fs/cgroup/cgroup.controllers', controllers));
    if (unified) found['cgroup.memory-known'] = knownValue(true, fromFile('/sys/fs/cgroup/cgroup.controllers', controllers));
  } else if (table.length > 1) {
    found['cgroup.memory-known'] = knownValue(false, fromFile('/proc/cgroups', 'no memory'));
    found['cgroup.memory-enabled'] = knownValue(false, fromFile('/proc/cgroups', 'no memory'));
  }
  return found;
}

/** `used`: the number that root holds, of `inotify.max-instances`. */
export function readInotify(records: readonly ProbeRecord[]): Observations {
  const count = Number(recordText(records, 'inotify')?.trim());
  return Number.isInteger(count) && count >= 0
    ? { 'inotify.instances-used': knownValue(count, fromCommand('ls -ln /proc/[0-9]*/fd | grep -c anon_inode:inotify')) }
    : {};
}
