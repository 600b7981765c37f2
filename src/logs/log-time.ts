/** The time of a line, straight from its bytes: envelopes and headers of the usual formats, without reading the line as a whole. */

/** Milliseconds since the epoch, or NaN where the line says no time that is found fast. `hint`: a time near which a line without a year lies. */
export function timeOfLine(bytes: Uint8Array, start: number, end: number, hint: number): number {
  const ms = timeAtStart(bytes, start, end, hint);
  if (!Number.isNaN(ms)) return ms;
  const behind = behindPrefix(bytes, start, end);
  return behind < 0 ? NaN : timeAtStart(bytes, behind, end, hint);
}

const PREFIX_LENGTH = 400;
/** Colours, a syslog priority, a weekday, `[pod/NAME/CONTAINER]`, `name  | `, `pod container`. */
const PREFIX =
  // eslint-disable-next-line no-control-regex -- colours of a terminal begin with it
  /^(?:\u001B\[[\d;]{0,12}m)?(?:<\d{1,3}>(?:1 )?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\d{4}-)|\[pod\/[^\] ]{1,320}\] |[a-z0-9][\w.-]{0,62} {1,60}\| |[a-z0-9][a-z0-9.-]{1,252} [a-z0-9-]{1,63} (?=[IWEF]\d{4} |\d{4}-|time=|\{"))?/u;

/** Where the line goes on behind what a tool put before it; -1 where nothing is before it. */
function behindPrefix(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] ?? 0;
  if (first < 27 || first === 32) return -1;
  const length =
    PREFIX.exec(Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, PREFIX_LENGTH)).toString('latin1'))?.[0].length ??
    0;
  return length === 0 ? -1 : start + length;
}

function timeAtStart(bytes: Uint8Array, start: number, end: number, hint: number): number {
  const first = bytes[start] ?? 0;
  if (first === 123 /* { */) return timeInJson(bytes, start, end);
  if (isDigit(first)) return bytes[start + 10] === 46 && bytes[start + 4] !== 45 ? epochAt(bytes, start) : isoAt(bytes, start, end);
  if ((first === 73 || first === 87 || first === 69 || first === 70) && isDigit(bytes[start + 1]) && end - start > 20)
    return klogAt(bytes, start, hint);
  const month = MONTHS.get(word3(bytes, start));
  if (month !== undefined && end - start > 15) return clockAt(bytes, start + 7, month, two(bytes, start + 4), hint);
  if (first === 60 /* < */ || first === 91 /* [ */) return NaN;
  // logrus: time="2021-08-08T06:10:53Z"
  if (first === 116 && bytes[start + 4] === 61) return isoAt(bytes, bytes[start + 5] === 34 ? start + 6 : start + 5, end);
  return NaN;
}

/** `journalctl -o short-unix`: '1628403053.123456 '. */
function epochAt(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let i = start; i < start + 10; i += 1) {
    if (!isDigit(bytes[i])) return NaN;
    value = value * 10 + (bytes[i] ?? 48) - 48;
  }
  return bytes[start + 17] === 32 ? value * 1000 + two(bytes, start + 11) * 10 + (two(bytes, start + 12) % 10) : NaN;
}

const isDigit = (b: number | undefined): boolean => b !== undefined && b >= 48 && b <= 57;
const word3 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
const MONTHS = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((m, i) => [
    (m.charCodeAt(0) << 16) | (m.charCodeAt(1) << 8) | m.charCodeAt(2),
    i + 1,
  ]),
);

/** Two digits, the first of which may be a blank; NaN for anything else. */
function two(bytes: Uint8Array, at: number): number {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  return isDigit(b) && (isDigit(a) || a === 32) ? (a === 32 ? 0 : a - 48) * 10 + b - 48 : NaN;
}

/** '2021-08-08T06:10:53.740356721Z', with 'T' or a blank, '/' or '-', and any zone; UTC where none stands there. */
export function isoAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 19 > end) return NaN;
  const separator = bytes[at + 10];
  if ((bytes[at + 4] !== 45 && bytes[at + 4] !== 47) || (separator !== 84 && separator !== 32) || bytes[at + 13] !== 58) return NaN;
  const whole = Date.UTC(
    two(bytes, at) * 100 + two(bytes, at + 2),
    two(bytes, at + 5) - 1,
    two(bytes, at + 8),
    two(bytes, at + 11),
    two(bytes, at + 14),
    two(bytes, at + 17),
  );
  let next = at + 19;
  let fraction = 0;
  if (bytes[next] === 46 || bytes[next] === 44) {
    next += 1;
    for (let scale = 100; isDigit(bytes[next]) && next < end; next += 1) {
      fraction += ((bytes[next] ?? 48) - 48) * scale;
      scale /= 10;
    }
  }
  const sign = bytes[next] === 43 ? 1 : bytes[next] === 45 ? -1 : 0;
  if (sign === 0) return whole + Math.trunc(fraction);
  const minutes = bytes[next + 3] === 58 ? two(bytes, next + 4) : two(bytes, next + 3);
  return whole + Math.trunc(fraction) - sign * (two(bytes, next + 1) * 60 + (Number.isNaN(minutes) ? 0 : minutes)) * 60_000;
}

const klogAt = (bytes: Uint8Array, at: number, hint: number): number =>
  clockAt(bytes, at + 6, two(bytes, at + 1), two(bytes, at + 3), hint);

/** 'hh:mm:ss(.ffffff)' of a day whose year is not said: the year that brings it nearest under a day after the hint. */
function clockAt(bytes: Uint8Array, at: number, month: number, day: number, hint: number): number {
  if (bytes[at + 2] !== 58 || bytes[at + 5] !== 58) return NaN;
  let fraction = 0;
  if (bytes[at + 8] === 46)
    for (let i = 9, scale = 100; i < 12 && isDigit(bytes[at + i]); i += 1, scale /= 10) fraction += ((bytes[at + i] ?? 48) - 48) * scale;
  const year = new Date(hint).getUTCFullYear();
  const inYear = (y: number): number => Date.UTC(y, month - 1, day, two(bytes, at), two(bytes, at + 3), two(bytes, at + 6)) + fraction;
  const same = inYear(year);
  return same > hint + 86_400_000 ? inYear(year - 1) : same;
}

const TIME_KEYS = ['"time"', '"ts"', '"@timestamp"', '"timestamp"', '"__REALTIME_TIMESTAMP"'].map((k) => Buffer.from(k));

/** Behind the colon, blanks and quote that follow a key. */
function valueBehind(line: Buffer, from: number): number {
  let at = from;
  while (line[at] === 32) at += 1;
  if (line[at] !== 58) return -1;
  at += 1;
  while (line[at] === 32) at += 1;
  return line[at] === 34 ? at + 1 : at;
}

function timeInJson(bytes: Uint8Array, start: number, end: number): number {
  // Docker writes the time last: {"log":"…","stream":"stderr","time":"2021-08-08T06:10:53.740356721Z"}
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  const docker = bytes[start + 2] === 108 && bytes[start + 3] === 111;
  for (const key of TIME_KEYS) {
    const at = docker ? line.lastIndexOf(key) : line.indexOf(key);
    if (at < 0) continue;
    const value = valueBehind(line, at + key.length);
    if (value < 0) continue;
    const iso = isoAt(line, value, line.length);
    if (!Number.isNaN(iso)) return iso;
    const number = /^\d{9,17}(?:\.\d{1,9})?/u.exec(line.toString('latin1', value, value + 30))?.[0];
    if (number === undefined) continue;
    const n = Number(number);
    return n > 1e14 ? n / 1000 : n > 1e11 ? n : n * 1000;
  }
  return NaN;
}

/** The time that a reader of lines wrote, with the year put in where there is none. */
export function parseTime(time: string | undefined, hint: number): number {
  if (time === undefined) return NaN;
  if (!time.startsWith('--')) return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/u.test(time) ? time : `${time}Z`);
  const year = new Date(hint).getUTCFullYear();
  const same = Date.parse(`${year}-${time.slice(2)}Z`);
  return same > hint + 86_400_000 ? Date.parse(`${year - 1}-${time.slice(2)}Z`) : same;
}
