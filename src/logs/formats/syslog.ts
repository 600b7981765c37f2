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
/** `journalctl -o short-full` and `-o with-unit`: "Sun 2021-08-08 06:10:53 UTC host program[pid]: text"; a zone is told by its letters. */
const FULL =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([A-Z]{1,6}|[+-]\d{2,4}) [^ ]{1,253} ([^ :[]{1,255})(?:\[\d{1,10}\])?: ?(.*)$/su;
/** `journalctl -o short-unix` and `-o short-monotonic`. */
const UNIX = /^(\d{9,10}\.\d{6}) [\w.-]{1,253} ([A-Za-z][^ :[]{0,254})(?:\[\d{1,10}\])?: ?(.*)$/su;
const MONOTONIC = /^\[ {0,12}\d{1,9}\.\d{6}\] [\w.-]{1,253} ([A-Za-z][\w.@-]{0,254})\[\d{1,10}\]: ?(.*)$/su;
/** RFC 5424: priority, version, time, host, program, process, message id, structured data or '-', text. */
const RFC5424 =
  /^<\d{1,3}>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)|-) [^ ]{1,255} ([^ ]{1,48}) [^ ]{1,128} [^ ]{1,32} (?:-|\[[^\]]{0,1000}\]) ?\uFEFF?(.*)$/su;
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
    const full = FULL.exec(line);
    if (full !== null) {
      const [, day = '', clock = '', zone = '', tag = '', rest = ''] = full;
      return { rest, time: `${day}T${clock}${zone === 'UTC' || zone === 'GMT' || zone === 'Z' ? 'Z' : ''}`, component: unitName(tag) };
    }
    const rfc = RFC5424.exec(line);
    if (rfc !== null)
      return { rest: rfc[3] ?? '', component: unitName(rfc[2] ?? ''), ...(rfc[1] === '-' || rfc[1] === undefined ? {} : { time: rfc[1] }) };
    const unix = UNIX.exec(line);
    if (unix !== null)
      return { rest: unix[3] ?? '', time: new Date(Math.round(Number(unix[1]) * 1000)).toISOString(), component: unitName(unix[2] ?? '') };
    const monotonic = MONOTONIC.exec(line);
    if (monotonic !== null) return { rest: monotonic[2] ?? '', component: unitName(monotonic[1] ?? '') };
    const tag = TAG_ONLY.exec(line);
    if (tag !== null) return { rest: tag[2] ?? '', component: unitName(tag[1] ?? '') };
    return undefined;
  },
});
