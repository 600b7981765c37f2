/**
 * The real nscd and unscd, and modules of the name service switch that this machine has not installed: from the cache folder, else
 * unpacked there from the packages of this Debian; absent without either.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface CacheDaemons {
  readonly nscd?: string;
  readonly unscd?: string;
}

function unpack(folder: string, packages: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  spawnSync('apt-get', ['download', ...packages], { cwd: folder, timeout: 60_000 });
  for (const archive of readdirSync(folder).filter((file) => file.endsWith('.deb')))
    spawnSync('dpkg', ['-x', archive, '.'], { cwd: folder, timeout: 60_000 });
}

function unpacked(cache: string, name: 'nscd' | 'unscd'): string | undefined {
  const folder = join(cache, name);
  const binary = join(folder, 'usr/sbin/nscd');
  if (!existsSync(binary)) unpack(folder, [name]);
  return existsSync(binary) ? binary : undefined;
}

export function cacheDaemons(cache: string): CacheDaemons {
  const nscd = unpacked(cache, 'nscd');
  const unscd = unpacked(cache, 'unscd');
  return { ...(nscd === undefined ? {} : { nscd }), ...(unscd === undefined ? {} : { unscd }) };
}

export interface NssModules {
  /** Services by the name of the hosts line. */
  readonly services: readonly string[];
  /** For LD_LIBRARY_PATH; none where they are installed. */
  readonly folders: readonly string[];
}

const MODULE = /^libnss_(myhostname|mymachines|resolve|mdns\w*)\.so\.2$/u;
const FOLDERS = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'];

const servicesIn = (folders: readonly string[]): readonly string[] => [
  ...new Set(folders.flatMap((each) => (existsSync(each) ? readdirSync(each) : [])).flatMap((file) => MODULE.exec(file)?.[1] ?? [])),
];

/**
 * Those that a root file system has, else this machine's. What they ask besides DNS (avahi, a message bus, systemd-resolved) is not in an
 * arena, so that they answer as on a node without it.
 */
export function nssModules(cache: string, rootfs: string | undefined): NssModules {
  if (rootfs !== undefined) {
    const inRoot = FOLDERS.map((each) => join(rootfs, each));
    return { folders: [], services: servicesIn(inRoot) };
  }
  const folder = join(cache, 'nss-modules');
  if (!existsSync(folder)) unpack(folder, ['libnss-myhostname', 'libnss-mymachines', 'libnss-resolve', 'libnss-mdns']);
  const folders = FOLDERS.map((each) => join(folder, each));
  return { folders, services: servicesIn(folders) };
}
