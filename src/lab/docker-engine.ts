/**
 * A private Docker engine inside a lab host, at the usual places (/var/run/docker.sock, /var/lib/docker), which are the lab's own.
 * No registry is needed: the image is made of the machine's programs with `docker import`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stepFailed } from './lab-error.ts';
import type { ContainerSpec, LabContainer } from './container.ts';
import { LAB_FOLDER, type LabHost } from './namespace-host.ts';
import type { ProgramOptions, ProgramResult } from './program.ts';

export interface DockerOptions {
  /** Make docker0 and let containers have addresses on it. Default: host network or none only. */
  readonly bridge?: boolean;
  /** Let the engine write firewall rules, as it does on a real node. Default: none. */
  readonly tables?: boolean;
  /** Added to daemon.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface DockerEngine {
  /** Imports the machine's own programs as an image; made once for an engine. Gives its name. */
  image(): Promise<string>;
  /** `docker ARG…` on the host. */
  docker(...args: readonly string[]): Promise<ProgramResult>;
  run(spec: ContainerSpec, ...dockerArgs: readonly string[]): Promise<LabContainer>;
  /** Ends the engine's containers. */
  stop(): Promise<void>;
  /** Control groups outlive namespaces: to be called when the host is gone. */
  removeControlGroups(): Promise<void>;
}

/** What an image has: a shell, the clients whose answers are compared, and the name service modules that glibc loads by name. */
const IMAGE_PROGRAMS = [
  'sh',
  'bash',
  'cat',
  'ls',
  'date',
  'sleep',
  'id',
  'stat',
  'grep',
  'getent',
  'ping',
  'telnet',
  'curl',
  'dig',
  'host',
  'nslookup',
  'strace',
];

const MAKE_IMAGE = `
root=$1; shift
mkdir -p "$root"/etc "$root"/proc "$root"/sys "$root"/dev "$root"/tmp "$root"/root "$root"/run "$root"/var/lib "$root"/var/log "$root"/usr/bin
for link in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$link" ]; then cp -a "/$link" "$root/$link"; mkdir -p "$root/usr/$link"; fi
done
ln -s /run "$root/var/run"
copy() { mkdir -p "$root$(dirname "$1")"; [ -e "$root$1" ] || cp -L "$1" "$root$1"; }
for name in "$@"; do
  path=$(command -v "$name") || continue
  case $path in /*) ;; *) continue ;; esac
  copy "$path"
  ldd "$path" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do copy "$library"; done || :
done
for folder in $(ldd /bin/sh | grep -o '/[^ ]*libc\\.so[^ ]*' | xargs -r dirname); do
  for module in "$folder"/libnss_files.so.2 "$folder"/libnss_dns.so.2; do if [ -e "$module" ]; then copy "$module"; fi; done
done
for file in passwd group nsswitch.conf host.conf services protocols ld.so.cache os-release; do
  if [ -e "/etc/$file" ]; then cp -L "/etc/$file" "$root/etc/"; fi
done
tar -C "$root" -c . | docker import - culprit-lab:1
rm -rf "$root"
`;

const IMAGE = 'culprit-lab:1';

/** Starts dockerd (and its containerd) on `host` and waits for its socket. */
export const startDockerEngine = async (host: LabHost, options: DockerOptions = {}): Promise<DockerEngine> => {
  sweepControlGroups();
  const group = `culprit-lab-${process.pid}-${randomBytes(3).toString('hex')}`;
  await host.sh('mkdir -p /var/lib/docker; mount -t tmpfs tmpfs /var/lib/docker');
  if (options.settings !== undefined) await host.write('/etc/docker/daemon.json', `${JSON.stringify(options.settings, undefined, 2)}\n`);
  const storage = (await host.exec(['sh', '-c', OVERLAY_WORKS])).exitStatus === 0 ? 'overlay2' : 'vfs';
  await host.start(
    'dockerd',
    [
      'dockerd',
      '--storage-driver',
      storage,
      '--exec-opt',
      'native.cgroupdriver=cgroupfs',
      '--cgroup-parent',
      group,
      ...(options.bridge === true ? [] : ['--bridge=none']),
      // Without tables of its own the engine works in kernels that lack the modules it wants.
      ...(options.tables === true ? [] : ['--iptables=false', '--ip6tables=false']),
    ],
    { ready: 'docker version', readyTimeoutMs: 30_000 },
  );
  return new Engine(host, group);
};

const OVERLAY_WORKS = `
cd /var/lib/docker && mkdir -p t/l t/u t/w t/m && mount -t overlay -o lowerdir=t/l,upperdir=t/u,workdir=t/w overlay t/m && umount t/m; status=$?
rm -rf /var/lib/docker/t
exit $status`;

class Engine implements DockerEngine {
  readonly #host: LabHost;
  readonly #group: string;
  #image: Promise<string> | undefined;

  constructor(host: LabHost, group: string) {
    this.#host = host;
    this.#group = group;
  }

  image(): Promise<string> {
    this.#image ??= this.#host.sh(MAKE_IMAGE, `${LAB_FOLDER}/image`, ...IMAGE_PROGRAMS).then(() => IMAGE);
    return this.#image;
  }

  docker(...args: readonly string[]): Promise<ProgramResult> {
    return this.#host.exec(['docker', ...args]);
  }

  async run(spec: ContainerSpec, ...dockerArgs: readonly string[]): Promise<LabContainer> {
    const image = await this.image();
    const mounts = (spec.mounts ?? []).flatMap((mount) => ['-v', `${mount.source}:${mount.target}${mount.readOnly === true ? ':ro' : ''}`]);
    const env = Object.entries(spec.env ?? {}).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
    await this.#must(
      'run',
      '-d',
      '--name',
      spec.name,
      `--net=${spec.network === 'own' ? 'none' : 'host'}`,
      ...mounts,
      ...env,
      ...dockerArgs,
      image,
      ...(spec.command ?? ['sleep', '1000000']),
    );
    for (const [path, content] of Object.entries(spec.files ?? {})) {
      const written = await this.#host.exec(['docker', 'exec', '-i', spec.name, 'sh', '-c', 'cat > "$1"', 'sh', path], { input: content });
      if (written.exitStatus !== 0) throw stepFailed(written);
    }
    const pid = Number((await this.#must('inspect', '-f', '{{.State.Pid}}', spec.name)).trim());
    return {
      name: spec.name,
      kind: 'docker',
      pid,
      hasShell: true,
      exec: (command: readonly string[], options?: ProgramOptions) => this.#host.exec(['docker', 'exec', spec.name, ...command], options),
    };
  }

  async stop(): Promise<void> {
    await this.#host.exec(['sh', '-c', 'docker ps -aq | xargs -r docker rm -f'], { timeoutMs: 15_000 });
  }

  async removeControlGroups(): Promise<void> {
    // The last processes may take a moment to be gone.
    for (let tries = 0; tries < 40 && !removeControlGroups(this.#group); tries++) await new Promise((done) => setTimeout(done, 50));
  }

  async #must(...args: readonly string[]): Promise<string> {
    const result = await this.docker(...args);
    if (result.exitStatus !== 0) throw stepFailed(result);
    return result.stdout;
  }
}

const foldersIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
};

/** Where control groups of labs are: named `culprit-lab-*`, in whatever hierarchy and below whatever parent. */
const labGroups = (folder = '/sys/fs/cgroup', depth = 0): readonly string[] =>
  depth > 6
    ? []
    : foldersIn(folder).flatMap((name) =>
        name.startsWith('culprit-lab-') ? [join(folder, name)] : labGroups(join(folder, name), depth + 1),
      );

/** Takes a control group and all below it away; false while a process is still in one of them. */
const removeTree = (folder: string): boolean => {
  for (const name of foldersIn(folder)) removeTree(join(folder, name));
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
};

const removeControlGroups = (name: string): boolean =>
  labGroups()
    .filter((path) => basename(path) === name)
    .map(removeTree)
    .every(Boolean);

/** What labs left that were killed: their process is in the name of the group. */
const sweepControlGroups = (): void => {
  for (const path of labGroups()) {
    const pid = /^culprit-lab-(\d+)-/.exec(basename(path))?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeTree(path);
  }
};

/** Asked by tests: the control groups of all labs. */
export const leftControlGroups = (): readonly string[] => labGroups();
