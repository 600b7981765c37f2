/**
 * Debian packages that a scenario needs but that must not be installed on the machine (one conflicts with another, one would change
 * nsswitch.conf). They are unpacked into .cache/debian, where `npm test` puts them as well, and copied into a lab host's own /usr.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadFailed } from './lab-error.ts';
import type { LabHost } from './namespace-host.ts';
import { runProgram } from './program.ts';

const CACHE = fileURLToPath(new URL('../../.cache/debian', import.meta.url));

/** The folder of an unpacked package; fetched when it is not there yet. */
export const unpackedPackage = async (name: string): Promise<string> => {
  const place = join(CACHE, name);
  if (existsSync(place)) return place;
  await mkdir(CACHE, { recursive: true });
  const part = await mkdtemp(join(CACHE, `${name}.part-`));
  try {
    const fetched = await runProgram(['apt-get', 'download', '-qq', name], { cwd: part, timeoutMs: 120_000 });
    const file = (await readdir(part)).find((entry) => entry.endsWith('.deb'));
    if (file === undefined) throw downloadFailed(name, fetched.stderr.trim().slice(-500));
    const unpacked = await runProgram(['dpkg-deb', '-x', file, '.'], { cwd: part });
    if (unpacked.exitStatus !== 0) throw downloadFailed(name, unpacked.stderr.trim().slice(-500));
    await rm(join(part, file));
    await runProgram(['chmod', '755', part]);
    await rename(part, place).catch((error: unknown) => {
      // Another lab was quicker.
      if (!existsSync(place)) throw error;
    });
    return place;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
};

/** Copies a package's files into the host: its /usr and /etc are overlays, so the machine keeps what it has. */
export const installInside = async (host: LabHost, name: string): Promise<void> => {
  const place = await unpackedPackage(name);
  const script =
    'cd "$1"; for d in usr etc; do if [ -d $d ]; then cp -a --remove-destination $d/. /$d/; fi; done; if [ -d lib ]; then cp -a --remove-destination lib/. /lib/; fi';
  await host.sh(script, place);
};
