/**
 * AI_IDN: names with other than ASCII characters, by the character set of the process.
 *
 *   ASCII only                                          unchanged
 *   C locale (no LC_ALL, LC_CTYPE or LANG with UTF-8)   EAI_IDN_ENCODE
 *   UTF-8 locale                                        to 2.27 the library's own libidn; from 2.28 libidn2, if it can be loaded
 *
 * Source: glibc inet/idna.c, libidn/. Not modelled: whether libidn2 is installed (a UTF-8 process with it is assumed), other character
 * sets, the differences between IDNA 2003 and 2008.
 */
import type { Run } from '../nss/run.ts';

const ASCII = /^[\0-\x7f]*$/u;

/** The name in ASCII, or undefined: EAI_IDN_ENCODE. */
export function toAscii(run: Run, name: string): string | undefined {
  if (ASCII.test(name)) return name;
  const locale = run.env['LC_ALL'] || run.env['LC_CTYPE'] || run.env['LANG'] || 'C';
  if (!/utf-?8/iu.test(locale)) return undefined;
  const url = URL.parse(`http://${name}/`);
  return url === null || url.hostname === '' || !ASCII.test(url.hostname) ? undefined : url.hostname;
}
