/**
 * nscd.conf, for the hosts database.
 *
 *   enable-cache hosts yes|no                 nscd: the words as they are; unscd: the first letter, y or Y is yes
 *   positive-time-to-live hosts SECONDS       default 3600
 *   negative-time-to-live hosts SECONDS       default 20
 *
 * A database without an enable-cache line is not cached. Later lines win. '#' begins a comment.
 * Sources: nscd.conf(5), glibc nscd/nscd_conf.c; unscd nscd.c.
 */
import type { FileContent } from '../../facts/node-facts.ts';
import { memoByIdentity } from '../memo.ts';
import { lines, words } from '../nss/ascii.ts';

export interface NscdHosts {
  readonly enabled: boolean;
  /** Line of the enable-cache word in force. */
  readonly line?: number;
  readonly text?: string;
  readonly positiveSeconds: number;
  readonly negativeSeconds: number;
}

function parse(content: FileContent, kind: 'nscd' | 'unscd'): NscdHosts {
  let enabled = false;
  let at: { line: number; text: string } | undefined;
  let positiveSeconds = 3600;
  let negativeSeconds = 20;
  let number = 0;
  for (const text of lines(content.text)) {
    number++;
    const hash = text.indexOf('#');
    const [keyword, database, value = ''] = words(hash < 0 ? text : text.slice(0, hash));
    if (database !== 'hosts') continue;
    if (keyword === 'enable-cache') {
      if (kind === 'nscd' && value !== 'yes' && value !== 'no') continue;
      enabled = kind === 'nscd' ? value === 'yes' : /^y/iu.test(value);
      at = { line: number, text };
    } else if (keyword === 'positive-time-to-live') positiveSeconds = seconds(value, positiveSeconds);
    else if (keyword === 'negative-time-to-live') negativeSeconds = seconds(value, negativeSeconds);
  }
  return { enabled, positiveSeconds, negativeSeconds, ...at };
}

const seconds = (text: string, otherwise: number): number => (/^\d{1,9}$/u.test(text) ? Number(text) : otherwise);

const parsers = {
  nscd: memoByIdentity((content: FileContent) => parse(content, 'nscd')),
  unscd: memoByIdentity((content: FileContent) => parse(content, 'unscd')),
};

export const parseNscdConf = (content: FileContent, kind: 'nscd' | 'unscd'): NscdHosts => parsers[kind](content);
