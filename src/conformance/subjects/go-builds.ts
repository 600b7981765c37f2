/** Builds the program that looks names up with each Go there is: every `go` on the PATH, or the one of a root file system. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDER = new URL('./go-look-up/', import.meta.url).pathname;
const WORK = '/var/cache/culprit-go';

export interface GoBuild {
  /** '1.19.8' */
  readonly version: string;
  readonly binary: string;
}

const settings = (cgo: boolean): Record<string, string> => ({
  CGO_ENABLED: cgo ? '1' : '0',
  GOFLAGS: '-mod=mod',
  GOTOOLCHAIN: 'local',
  GOPROXY: 'off',
});

const versionIn = (text: string): string | undefined => /go(\d+\.\d+(?:\.\d+)?)/u.exec(text)?.[1];

/** One build for each version; the words of what failed where there is none. */
export function goBuilds(cache: string, cgo: boolean, rootfs: string | undefined): readonly GoBuild[] | { readonly missing: string } {
  if (rootfs !== undefined && existsSync(join(rootfs, 'usr/lib/go'))) return builtInside(rootfs, cgo);
  const env = { ...process.env, ...settings(cgo) };
  const builds: GoBuild[] = [];
  let missing = 'go';
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const go = join(folder, 'go');
    if (!existsSync(go)) continue;
    const version = versionIn(spawnSync(go, ['version'], { encoding: 'utf8', env }).stdout);
    if (version === undefined || builds.some((build) => build.version === version)) continue;
    const binary = join(cache, `go-${version}-${cgo ? 'cgo' : 'pure'}`);
    const built = spawnSync(go, ['build', '-o', binary, '.'], { encoding: 'utf8', env, cwd: FOLDER });
    if (built.status === 0) builds.push({ version, binary });
    else missing = `go build: ${built.error?.message ?? built.stderr}`;
  }
  return builds.length > 0 ? builds : { missing };
}

/** In the root file system, with a /proc that is gone again afterwards. */
function builtInside(rootfs: string, cgo: boolean): readonly GoBuild[] | { readonly missing: string } {
  const work = join(rootfs, WORK);
  mkdirSync(work, { recursive: true });
  for (const file of ['main.go', 'go.mod']) copyFileSync(join(FOLDER, file), join(work, file));
  const binary = `${WORK}/${cgo ? 'cgo' : 'pure'}`;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: WORK, GOCACHE: `${WORK}/cache`, ...settings(cgo) };
  const script = 'mount -t proc proc "$1/proc" && chroot "$1" sh -c "cd $2 && go version && go build -o $3 ."';
  const built = spawnSync('unshare', ['--mount', 'sh', '-c', script, 'sh', rootfs, WORK, binary], { encoding: 'utf8', env });
  const version = versionIn(built.stdout);
  return version === undefined || built.status !== 0
    ? { missing: `go build in ${rootfs}: ${built.error?.message ?? built.stderr}` }
    : [{ version, binary: join(rootfs, binary) }];
}
