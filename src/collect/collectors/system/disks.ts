/** How full the file systems are that components write to, which of them refuse writes, and how mounts spread. Source: df(1), mountinfo(5). */
import { linesOf } from '../../../facts/parse/lines.ts';
import { mountOf, type MountEntry } from '../../../facts/parse/mountinfo.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fromCommand, fromFile, knownValue, recordText, type Observations } from './parts.ts';

/** File systems that are always full and never written: images. */
const IMAGES = new Set(['squashfs', 'erofs', 'iso9660', 'cramfs', 'udf', 'romfs']);

/** Folders that their owner has to be able to write; a read-only mount of another folder is often meant. */
const WRITTEN = [
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/kubelet',
  '/var/lib/etcd',
  '/var/lib/rancher',
  '/var/lib/containers',
  '/var/log',
  '/var/lib',
  '/var',
  '/run',
];

/** Mounts that kubelet and storage drivers hand on to containers. */
const SHARED = ['/', '/var/lib/kubelet', '/var/lib/rancher', '/var/lib/docker'];

export function readDisks(records: readonly ProbeRecord[], mounts: readonly MountEntry[]): Observations {
  const found: Observations = {};
  for (const row of dfRows(recordText(records, 'df', 'blocks'))) {
    const mount = mountOf(mounts, row.mount);
    if (mount !== undefined && IMAGES.has(mount.fsType)) continue;
    const source = fromCommand(`df -Pk ${row.mount}`, row.text);
    if (row.percent !== undefined) found[`disk.${row.mount}.used-percent`] = knownValue(row.percent, source);
    found[`disk.${row.mount}.available-kb`] = knownValue(row.available, source);
    if (mount !== undefined) found[`disk.${row.mount}.fs-type`] = knownValue(mount.fsType, fromFile('/proc/self/mountinfo'));
  }
  for (const row of dfRows(recordText(records, 'df', 'inodes'))) {
    const mount = mountOf(mounts, row.mount);
    // btrfs and some others count no inodes: the total is 0.
    if ((mount !== undefined && IMAGES.has(mount.fsType)) || row.total === 0 || row.percent === undefined) continue;
    found[`disk.${row.mount}.inodes-used-percent`] = knownValue(row.percent, fromCommand(`df -Pi ${row.mount}`, row.text));
  }
  return { ...found, ...readOnly(mounts), ...propagation(mounts) };
}

interface DfRow {
  readonly mount: string;
  readonly total: number;
  readonly available: number;
  readonly percent?: number;
  readonly text: string;
}

/** `Filesystem 1024-blocks Used Available Capacity Mounted-on`; a mount point may hold blanks. */
function dfRows(text: string | undefined): readonly DfRow[] {
  return linesOf(text ?? '').flatMap((line) => {
    const match = / (\d+) +(\d+) +(-?\d+) +(?:(\d+)%|-) +(\/.*)$/u.exec(line);
    if (match === null) return [];
    const [, total, , available, percent, mount = ''] = match;
    return [
      {
        mount,
        total: Number(total),
        available: Number(available),
        ...(percent === undefined ? {} : { percent: Number(percent) }),
        text: line,
      },
    ];
  });
}

const has = (options: string, word: string): boolean => options.split(',').includes(word);

/**
 * An error makes the kernel refuse writes to the file system while the mount itself still says rw; a person who remounts it read-only
 * changes both. The root of an immutable system is read-only by intent, so only the first counts there.
 */
function readOnly(mounts: readonly MountEntry[]): Observations {
  const found: Observations = {};
  const disks = mounts.filter((m) => !IMAGES.has(m.fsType) && mountOf(mounts, m.target)?.id === m.id);
  for (const mount of disks) {
    const byKernel = has(mount.options, 'rw') && has(mount.superOptions, 'ro');
    const written = WRITTEN.includes(mount.target);
    if (!byKernel && !written && mount.target !== '/') continue;
    if (mount.target !== '/' && !written && !WRITTEN.some((folder) => mount.target.startsWith(`${folder}/`))) continue;
    const refuses = byKernel || (written && has(mount.options, 'ro'));
    const text = `${mount.target} ${mount.fsType} ${mount.options} ${mount.superOptions}`;
    found[`disk.${mount.target}.read-only`] = knownValue(refuses, fromFile('/proc/self/mountinfo', text));
    if (byKernel) found[`disk.${mount.target}.read-only-after-error`] = knownValue(true, fromFile('/proc/self/mountinfo', text));
  }
  return found;
}

/** mount_namespaces(7): `shared:N` and `master:N` (slave) are optional fields; neither means private. */
function propagation(mounts: readonly MountEntry[]): Observations {
  const found: Observations = {};
  for (const target of SHARED) {
    const mount = mountOf(mounts, target);
    if (mount === undefined || (target !== '/' && mount.target === '/')) continue;
    if (mountOf(mounts, mount.target)?.id !== mount.id) continue;
    const kind = mount.propagation.some((p) => p.startsWith('shared:'))
      ? 'shared'
      : mount.propagation.some((p) => p.startsWith('master:'))
        ? 'slave'
        : 'private';
    found[`mount.${mount.target}.propagation`] = knownValue(
      kind,
      fromFile('/proc/self/mountinfo', `${mount.target} ${mount.fsType} ${kind}`),
    );
  }
  return found;
}
