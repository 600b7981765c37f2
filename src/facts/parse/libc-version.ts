/**
 * The banner that a C library carries in its own bytes.
 *   glibc:  GNU C Library (Debian GLIBC 2.36-9+deb12u10) stable release version 2.36.     (csu/version.c)
 *   musl:   the lone string 1.2.4                                                          (ldso/dynlink.c __libc_version)
 */
import type { Libc } from '../node-facts.ts';

/** `strings`: printable pieces of the library, one a line. */
export function parseLibcStrings(strings: string): Libc | undefined {
  const gnu = /GNU C Library [^\n]*? version (\d+\.\d+(?:\.\d+)?)/u.exec(strings);
  if (gnu?.[1] !== undefined) return { kind: 'glibc', version: gnu[1] };
  const musl = /^([01]\.\d{1,2}\.\d{1,2})(?:-git[^\n]*)?$/mu.exec(strings);
  if (musl?.[1] !== undefined) return { kind: 'musl', version: musl[1] };
  return undefined;
}
