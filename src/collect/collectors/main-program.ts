/** The program of a container's first process: how it was linked, and Go's build facts. Its bytes are read; it is never run. */
import { closeSync, openSync, readSync } from 'node:fs';
import { known, unobserved, type Fact, type ViewId } from '../../facts/fact.ts';
import type { ProgramFacts } from '../../facts/node-facts.ts';
import { isStatic, parseElf, type ReadAt } from '../../facts/parse/elf.ts';
import { parseGoBuildInfo } from '../../facts/parse/go-build-info.ts';

/** `exe`: its path as the container sees it. */
export function readMainProgram(pid: number, exe: string, view: ViewId): Fact<ProgramFacts> {
  const source = { kind: 'file', path: exe, view } as const;
  const name = exe.slice(exe.lastIndexOf('/') + 1);
  let fd: number | undefined;
  try {
    // The kernel's own handle on the running program: no path of the container is followed.
    const opened = openSync(`/proc/${String(pid)}/exe`, 'r');
    fd = opened;
    const read: ReadAt = (offset, length) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(opened, bytes, 0, length, offset));
    };
    const elf = parseElf(read);
    if (elf === undefined) return known({ name, path: exe, installed: true }, source);
    const go = parseGoBuildInfo(elf, read);
    const flavour = name === 'busybox' ? 'busybox' : undefined;
    return known({ name, path: exe, installed: true, static: isStatic(elf), ...(go === undefined ? {} : { go }), ...(flavour === undefined ? {} : { flavour }) }, source);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return unobserved(code === 'EACCES' || code === 'EPERM' ? 'permission' : code === 'ENOENT' || code === 'ESRCH' ? 'vanished' : 'io-error', code, source);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
