/** Is everything here that a scenario needs? Asked before anything is built, so that the answer names all that is missing at once. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { labEnvironment } from './namespace-host.ts';
import { runProgram } from './program.ts';
import type { LabNeed } from './scenario.ts';

/** A program for each need that is one; Debian's `sbin` folders count even where PATH leaves them out. */
const PROGRAMS: Readonly<Partial<Record<LabNeed, readonly string[]>>> = {
  namespaces: ['unshare', 'nsenter', 'ip'],
  dnsmasq: ['dnsmasq'],
  unscd: ['nscd'],
  docker: ['dockerd', 'docker'],
  iptables: ['iptables', 'ip6tables'],
  strace: ['strace'],
  'musl-gcc': ['musl-gcc'],
  openssl: ['openssl'],
  // Fetched and unpacked inside the lab host only.
  nscd: ['apt-get', 'dpkg-deb'],
  sshd: ['sshd', 'ssh', 'ssh-keygen'],
  etcd: ['apt-get', 'dpkg-deb'],
  mdns: ['apt-get', 'dpkg-deb'],
};

export const programPath = (name: string): string | undefined => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
};

/** What of these needs is missing, in words for a person; empty when all is there. */
export const missingNeeds = async (needs: readonly LabNeed[]): Promise<readonly string[]> => {
  const wanted = new Set<LabNeed>(['root', 'namespaces', 'dnsmasq', ...needs]);
  const missing: string[] = [];
  if (process.getuid?.() !== 0) return ['root'];
  for (const need of wanted) {
    const absent = (PROGRAMS[need] ?? []).filter((program) => programPath(program) === undefined);
    if (absent.length > 0) missing.push(`${need} (${absent.join(', ')})`);
  }
  if (missing.length === 0 && !(await namespacesWork())) missing.push('namespaces');
  if (wanted.has('unscd') && programPath('nscd') !== undefined && !existsSync('/usr/share/doc/unscd'))
    missing.push('unscd (nscd is here instead)');
  return missing;
};

let works: Promise<boolean> | undefined;
const namespacesWork = (): Promise<boolean> => {
  works ??= runProgram(
    ['unshare', '--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--mount-proc', '--propagation', 'private', '--', 'true'],
    { timeoutMs: 10_000, env: labEnvironment() },
  ).then((result) => result.exitStatus === 0);
  return works;
};
