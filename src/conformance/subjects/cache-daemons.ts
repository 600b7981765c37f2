/** The real nscd and unscd: from the cache folder, else unpacked there from the packages of this Debian; absent without either. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface CacheDaemons {
  readonly nscd?: string;
  readonly unscd?: string;
}

function unpacked(cache: string, name: 'nscd' | 'unscd'): string | undefined {
  const folder = join(cache, name);
  const binary = join(folder, 'usr/sbin/nscd');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  spawnSync('apt-get', ['download', name], { cwd: folder, timeout: 60_000 });
  const archive = readdirSync(folder).find((file) => file.endsWith('.deb'));
  if (archive !== undefined) spawnSync('dpkg', ['-x', archive, '.'], { cwd: folder, timeout: 60_000 });
  return existsSync(binary) ? binary : undefined;
}

export function cacheDaemons(cache: string): CacheDaemons {
  const nscd = unpacked(cache, 'nscd');
  const unscd = unpacked(cache, 'unscd');
  return { ...(nscd === undefined ? {} : { nscd }), ...(unscd === undefined ? {} : { unscd }) };
}
