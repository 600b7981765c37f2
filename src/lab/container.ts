/**
 * Containers of a lab host: a root file system, mounts and namespaces of their own. Two kinds stand behind one interface: plain
 * namespaces (this file), and containers of a private Docker engine (docker-engine.ts).
 */
import { daemonNotReady } from './lab-error.ts';
import { LAB_FOLDER, type LabHost } from './namespace-host.ts';
import type { ProgramOptions, ProgramResult } from './program.ts';

export interface ContainerMount {
  /** On the host. */
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
}

export interface ContainerSpec {
  readonly name: string;
  /** Default: the host's. `own`: a new one with lo up only. */
  readonly network?: 'host' | 'own';
  /** In order. Sources have to exist. */
  readonly mounts?: readonly ContainerMount[];
  /** Files of the image or written over it, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: sleeps. */
  readonly command?: readonly string[];
  /**
   * Programs of the image: the host's own with glibc (default); or musl's loader and one program, `lookup NAME`, which prints what
   * musl's getaddrinfo answers.
   */
  readonly libc?: 'glibc' | 'musl';
}

export interface LabContainer {
  readonly name: string;
  readonly kind: 'namespaces' | 'docker';
  /** Its first process, as the lab host sees it. */
  readonly pid: number;
  /** Whether its image has a shell. */
  readonly hasShell: boolean;
  exec(command: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
}

/*
 * Runs inside the new namespaces. The image is made of the host's /usr, read-only, and an /etc of its own with nothing in it but what
 * every image has. pivot_root rather than chroot, so that the mount table starts at this root, as a runtime leaves it.
 */
const CONTAINER_INIT = `
set -eu
root=$1; hostname=$2; mounts=$3; shift 3
mount --rbind "$root" "$root"
printf '%s' "$mounts" | while IFS='|' read -r source target options; do
  [ -n "$source" ] || continue
  # As runtimes do: a link in the image is followed inside the image, never out of it.
  case $target in /var/run|/var/run/*) if [ -L "$root/var/run" ]; then target=/run\${target#/var/run}; fi ;; esac
  if [ -d "$source" ]; then mkdir -p "$root$target"; else mkdir -p "$root$(dirname "$target")"; [ -e "$root$target" ] || : > "$root$target"; fi
  mount --rbind "$source" "$root$target"
  if [ "$options" = ro ]; then mount -o remount,bind,ro "$root$target"; fi
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true
if [ -e /proc/self/ns/net ] && ! ip link show up dev lo | grep -q lo; then ip link set lo up; fi
hostname "$hostname"
cd "$root"
mkdir -p .old
pivot_root . .old
cd /
# An image without a shell and its tools has a program that can do this itself.
if [ "$1" = /bin/lookup ]; then exec "$@"; fi
umount -l /.old
rmdir /.old
exec "$@"
`;

const MAKE_ROOT = `
root=$1
mkdir -p "$root"
cd "$root"
mkdir -p dev proc sys tmp root usr etc var/lib var/log run
chmod 1777 tmp
for link in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$link" ]; then cp -a "/$link" "$link"; elif [ -d "/$link" ]; then mkdir "$link"; mount --bind -o ro "/$link" "$root/$link"; fi
done
mount --bind /usr usr
mount -o remount,bind,ro "$root/usr"
ln -s /run var/run
for file in passwd group nsswitch.conf host.conf services protocols ld.so.cache os-release; do
  if [ -e "/etc/$file" ]; then cp -L "/etc/$file" etc/; fi
done
if [ -d /etc/alternatives ]; then cp -a /etc/alternatives etc/; fi
`;

const hostsOfImage = (name: string): string => `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n127.0.1.1\t${name}\n`;

/** Starts a container of plain namespaces on `host`. */
export const startNamespaceContainer = async (host: LabHost, spec: ContainerSpec): Promise<LabContainer> => {
  const folder = `${LAB_FOLDER}/containers/${spec.name}`;
  const root = `${folder}/root`;
  await host.sh(spec.libc === 'musl' ? MAKE_MUSL_ROOT : MAKE_ROOT, root);
  if (spec.libc === 'musl') await compileMuslLookup(host, `${root}/bin/lookup`);
  const files: Record<string, string> = {
    '/etc/hosts': hostsOfImage(spec.name),
    '/etc/hostname': `${spec.name}\n`,
    ...spec.files,
  };
  for (const [path, content] of Object.entries(files)) await host.write(`${root}${path}`, content);
  if (files['/etc/resolv.conf'] === undefined) await host.sh('cat /etc/resolv.conf > "$1/etc/resolv.conf" 2>/dev/null || :', root);
  const mounts = (spec.mounts ?? []).map((mount) => `${mount.source}|${mount.target}|${mount.readOnly === true ? 'ro' : 'rw'}\n`).join('');
  const started = await host.start(
    `container-${spec.name}`,
    [
      // Two steps, so that the process that waits outside is not in the container's namespaces: a runtime's shim is not either.
      'unshare',
      '--pid',
      '--fork',
      '--kill-child',
      '--',
      'unshare',
      '--mount',
      '--uts',
      '--ipc',
      ...(spec.network === 'own' ? ['--net'] : []),
      '--propagation',
      'private',
      '--',
      'sh',
      '-c',
      CONTAINER_INIT,
      'container',
      root,
      spec.name,
      mounts,
      ...(spec.command ?? (spec.libc === 'musl' ? ['/bin/lookup', '--container'] : ['sleep', '1000000'])),
    ],
    {
      // The old root goes last: when it is gone, the container's own program is about to start.
      ready: `child=$(cat /proc/$pid/task/$pid/children) && [ -n "$child" ] && ! [ -e /proc/\${child%% *}/root/.old ] && ! [ -e "/proc/\${child%% *}/root${LAB_FOLDER}/log" ]`,
      ...(spec.env === undefined ? {} : { env: spec.env }),
    },
  );
  const pid = Number((await host.sh('cat /proc/$1/task/$1/children', String(started.pid))).trim().split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) throw daemonNotReady(spec.name, 'it has no process');
  return {
    name: spec.name,
    kind: 'namespaces',
    pid,
    hasShell: spec.libc !== 'musl',
    exec: (command, options) => host.exec(['nsenter', '-t', String(pid), '-m', '-n', '-u', '-i', '-p', '--', ...command], options),
  };
};

// An image of musl only. Debian's `musl` package brings the loader.
const MAKE_MUSL_ROOT = `
root=$1
mkdir -p "$root"
cd "$root"
mkdir -p dev proc sys tmp root bin lib usr/bin usr/lib etc var/lib var/log run
chmod 1777 tmp
ln -s /run var/run
loader=$(ls /lib/ld-musl-*.so.1 | head -n 1)
cp -L "$loader" "lib/$(basename "$loader")"
printf 'root:x:0:0:root:/root:/bin/sh\\n' > etc/passwd
printf 'root:x:0:\\n' > etc/group
`;

/*
 * The one program of a musl image, linked to musl dynamically, as Alpine's are. As the first process it takes the old root away
 * (MNT_DETACH) and waits; otherwise it asks getaddrinfo for any family, as nearly every client does.
 */
const MUSL_LOOKUP = `
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "--container")) {
    umount2("/.old", MNT_DETACH);
    rmdir("/.old");
    for (;;) pause();
  }
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *each;
  int error = getaddrinfo(argc > 1 ? argv[1] : "localhost", 0, &hints, &list);
  if (error) {
    fprintf(stderr, "lookup: %s: %s\\n", argv[1], gai_strerror(error));
    return 2;
  }
  for (each = list; each; each = each->ai_next) {
    char text[64];
    getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof text, 0, 0, NI_NUMERICHOST);
    puts(text);
  }
  return 0;
}
`;

const compileMuslLookup = async (host: LabHost, target: string): Promise<void> => {
  await host.write(`${LAB_FOLDER}/lookup.c`, MUSL_LOOKUP);
  await host.sh('musl-gcc -o "$2" "$1"', `${LAB_FOLDER}/lookup.c`, target);
};
