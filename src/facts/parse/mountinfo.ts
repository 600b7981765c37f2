/**
 * /proc/PID/mountinfo (proc_pid_mountinfo(5)):
 *   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * Blank, tab, newline and backslash in paths stand as \040 \011 \012 \134.
 */
import type { Mount } from '../node-facts.ts';
import { linesOf } from './lines.ts';

export interface MountEntry {
  readonly id: number;
  readonly parent: number;
  /** 'major:minor' of the file system. */
  readonly device: string;
  /** The part of the file system that is shown. */
  readonly root: string;
  readonly target: string;
  readonly options: string;
  readonly fsType: string;
  readonly source: string;
  readonly superOptions: string;
  /** 'shared:1', 'master:2' ... */
  readonly propagation: readonly string[];
}

const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Lines that cannot be read are left out. */
export function parseMountinfo(text: string): readonly MountEntry[] {
  const mounts: MountEntry[] = [];
  for (const line of linesOf(text)) {
    const words = line.split(' ');
    const dash = words.indexOf('-', 6);
    const [id = '', parent = '', device = '', root = '', target = '', options = ''] = words;
    const [fsType, source = '', superOptions = ''] = words.slice(dash + 1);
    if (dash < 0 || fsType === undefined || target === '') continue;
    mounts.push({
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescape(root),
      target: unescape(target),
      options,
      fsType,
      source: unescape(source),
      superOptions,
      propagation: words.slice(6, dash),
    });
  }
  return mounts;
}

/** The mount that shows `path`: the longest target that holds it, the last of several on one place. */
export function mountOf(mounts: readonly MountEntry[], path: string): MountEntry | undefined {
  let best: MountEntry | undefined;
  for (const mount of mounts) {
    if (holds(mount.target, path) && (best === undefined || mount.target.length >= best.target.length)) best = mount;
  }
  return best;
}

/** Is `path` the folder itself or below it? */
export const holds = (folder: string, path: string): boolean => folder === '/' || path === folder || path.startsWith(`${folder}/`);

const join = (folder: string, rest: string): string => (folder === '/' ? (rest === '' ? '/' : rest) : `${folder}${rest}`);
const below = (folder: string, path: string): string => (folder === '/' ? (path === '/' ? '' : path) : path.slice(folder.length));

/** Where `path` of a view lies: file system and path inside it. Two paths with the same origin are the same file. */
export function originOf(mounts: readonly MountEntry[], path: string): { readonly device: string; readonly path: string } | undefined {
  const mount = mountOf(mounts, path);
  return mount === undefined ? undefined : { device: mount.device, path: join(mount.root, below(mount.target, path)) };
}

/** Pseudo file systems: what is mounted there has no place on the node's disks. */
const NOT_FILES = new Set([
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'devpts',
  'mqueue',
  'securityfs',
  'debugfs',
  'tracefs',
  'bpf',
  'configfs',
  'pstore',
  'efivarfs',
  'autofs',
  'fusectl',
  'hugetlbfs',
  'binfmt_misc',
  'nsfs',
]);

/** A view's mounts, each with the path at which the host sees the same files, where there is one. */
export function mountsOfView(own: readonly MountEntry[], host: readonly MountEntry[]): readonly Mount[] {
  const byDevice = new Map<string, MountEntry[]>();
  for (const mount of host) {
    if (NOT_FILES.has(mount.fsType)) continue;
    const list = byDevice.get(mount.device);
    if (list === undefined) byDevice.set(mount.device, [mount]);
    else list.push(mount);
  }
  return own.map((mount) => {
    const hostPath = NOT_FILES.has(mount.fsType) ? undefined : pathOnHost(mount, byDevice.get(mount.device) ?? [], host);
    return {
      target: mount.target,
      ...(hostPath === undefined ? {} : { hostPath }),
      fsType: mount.fsType,
      source: mount.source,
      options: mount.options,
      root: mount.root,
      device: mount.device,
    };
  });
}

function pathOnHost(mount: MountEntry, candidates: readonly MountEntry[], host: readonly MountEntry[]): string | undefined {
  let best: string | undefined;
  let bestRoot = -1;
  for (const candidate of candidates) {
    if (!holds(candidate.root, mount.root) || candidate.root.length <= bestRoot) continue;
    const path = join(candidate.target, below(candidate.root, mount.root));
    // Another mount may cover that place on the host.
    if (mountOf(host, path)?.id !== candidate.id) continue;
    best = path;
    bestRoot = candidate.root.length;
  }
  return best;
}
