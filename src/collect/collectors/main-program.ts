/** The program of a container's first process: how it was linked, and Go's build facts. Its bytes are read; it is never run. */
import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { known, unobserved, type Fact, type ViewId } from '../../facts/fact.ts';
import type { ProgramFacts } from '../../facts/node-facts.ts';
import { isStatic, parseElf, type ReadAt } from '../../facts/parse/elf.ts';
import { parseGoBuildInfo } from '../../facts/parse/go-build-info.ts';

export function readMainProgram(pid: number, view: ViewId): Fact<ProgramFacts> {
  const link = `/proc/${String(pid)}/exe`;
  let path = link;
  let fd: number | undefined;
  try {
    path = readlinkSync(link).replace(/ \(deleted\)$/u, '');
    // The kernel's own handle on the running program: no path of the container is followed.
    const opened = openSync(link, 'r');
    fd = opened;
    const read: ReadAt = (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(opened, bytes, 0, length, offset));
    };
    const source = { kind: 'file', path, view } as const;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const elf = parseElf(read);
    if (elf === undefined) return known({ name, path, installed: true }, source);
    const go = parseGoBuildInfo(elf, read);
    const flavour = name === 'busybox' ? 'busybox' : undefined;
    return known(
      {
        name,
        path,
        installed: true,
        static: isStatic(elf),
        ...(go === undefined ? {} : { go }),
        ...(flavour === undefined ? {} : { flavour }),
      },
      source,
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const source = { kind: 'file', path, view } as const;
    return unobserved(
      code === 'EACCES' || code === 'EPERM' ? 'permission' : code === 'ENOENT' || code === 'ESRCH' ? 'vanished' : 'io-error',
      code,
      source,
    );
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
