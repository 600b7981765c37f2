import { defineLineFormat } from '../line-format.ts';

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const SHORT = new RegExp(
  `^(?:<\\d{1,3}>)?((?:${MONTHS}) [ \\d]\\d \\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)? ([^ ]+) ([^ :[]+)(?:\\[(\\d+)\\])?: ?(.*)$`,
  'su',
);
const ISO =
  /^(?:<\d{1,3}>1? ?)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) ([A-Za-z0-9][\w.-]*) ([A-Za-z][^ :[\]"=]{0,63})(?:\[(\d+)\])?: (.*)$/su;
/** `journalctl -o cat`-less excerpts often lose the host: "Nov 22 00:01:36 kubelet[12]: text". */
const NO_HOST = new RegExp(`^((?:${MONTHS}) [ \\d]\\d \\d\\d:\\d\\d:\\d\\d) ([A-Za-z][\\w.@-]*)\\[\\d+\\]: ?(.*)$`, 'su');
/** Pasted fragments: "dnsmasq[1234]: text". */
const TAG_ONLY = /^([a-z][\w.@-]{1,40})\[\d{1,7}\]: (.*)$/su;
const MONTH_NUMBER: Readonly<Record<string, string>> = {
  Jan: '01',
  Feb: '02',
  Mar: '03',
  Apr: '04',
  May: '05',
  Jun: '06',
  Jul: '07',
  Aug: '08',
  Sep: '09',
  Oct: '10',
  Nov: '11',
  Dec: '12',
};

/** 'Jan  5 10:11:12' has no year: written as '--01-05T10:11:12', the ISO 8601 form for an unknown year. */
const shortTime = (text: string): string =>
  `--${MONTH_NUMBER[text.slice(0, 3)] ?? '01'}-${text.slice(4, 6).replace(' ', '0')}T${text.slice(7)}`;

/** Program names that systemd writes for a unit's own lines; the interesting name is in the text. */
const unitName = (tag: string): string => tag.replace(/\.service$/u, '');

/**
 * syslog and journalctl's short forms: "Jan 25 06:42:29 host program[pid]: text", RFC 5424-like with an ISO time, and kernel lines.
 * No year in the classic form. Sources: RFC 3164, journalctl(1) output modes short and short-iso.
 */
export const syslog = defineLineFormat({
  id: 'syslog',
  kind: 'envelope',
  read(line) {
    const short = SHORT.exec(line);
    if (short !== null) {
      const [, time = '', , tag = '', , rest = ''] = short;
      return { rest, time: shortTime(time), component: unitName(tag) };
    }
    const noHost = NO_HOST.exec(line);
    if (noHost !== null) return { rest: noHost[3] ?? '', time: shortTime(noHost[1] ?? ''), component: unitName(noHost[2] ?? '') };
    const iso = ISO.exec(line);
    if (iso !== null) return { rest: iso[5] ?? '', time: iso[1] ?? '', component: unitName(iso[3] ?? '') };
    const tag = TAG_ONLY.exec(line);
    if (tag !== null) return { rest: tag[2] ?? '', component: unitName(tag[1] ?? '') };
    return undefined;
  },
});
