/** A small root file system of another Debian release, for its C library and tools. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What subjects run besides the C library itself; gcc and libc6-dev build the Go program with cgo. */
const PACKAGES = [
  ...['curl', 'wget', 'iputils-ping', 'telnet', 'netcat-openbsd', 'openssh-client', 'bind9-host', 'bind9-dnsutils', 'busybox'],
  ...['python3-minimal', 'libc-bin', 'libnss-myhostname', 'libnss-mdns', 'musl', 'golang-go', 'gcc', 'libc6-dev'],
];

/** Exit status: 0 made or there already, 2 no such release or no debootstrap. */
export function makeRootfs(release: string, folder: string): number {
  if (!/^[a-z]+$/u.test(release)) {
    process.stderr.write(`${release} is no name of a release\n`);
    return 2;
  }
  if (existsSync(join(folder, 'etc/debian_version'))) {
    process.stdout.write(`${folder} is there already\n`);
    return 0;
  }
  const run = spawnSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, release, folder], { stdio: 'inherit' });
  if (run.error !== undefined) process.stderr.write('debootstrap is not installed\n');
  return run.status === 0 ? 0 : 2;
}
