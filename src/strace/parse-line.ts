/**
 * One line of strace(1): who (pid), when, and which call. Forms of strace 4.5 to 6.x: `[pid 12] `, `12  `, `12<ping> `; -t, -tt, -ttt,
 * -r (alone or beside -t, then in brackets); -i and -n put an address or a number in square brackets before the call.
 */
import type { ParsedLine, Stamp } from './call.ts';

const PID = /^(?:\[pid +(\d{1,10})(?:<[^>]{0,64}>)?\] |(\d{1,10})(?:<[^>]{0,64}>)? +(?=[\d:.(+ <[\-a-z_]))/u;
const CLOCK = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? +/u;
const EPOCH = /^(\d{9,11})\.(\d{1,9}) +/u;
const RELATIVE = /^ {0,10}(\d{1,6})\.(\d{6,9}) +(?=[<a-z_[+-])/u;
const RELATIVE_BESIDE = /^\(\+ {0,10}(\d{1,6})\.(\d{1,9})\) +/u;
const NUMBERED = /^(?:\[ {0,4}(?:[\da-f]{8,16}|\d{1,4})\] ){1,2}/u;

const CALL = /^([a-z_][a-z0-9_]{1,40})\(/u;
const RESUMED = /^<\.\.\. ([a-z_][a-z0-9_]{1,40}) resumed> ?/u;
const EXITED = /^\+\+\+ (?:exited with (\d{1,3})|killed by (SIG[A-Z0-9_]{2,12})) ?[^+]{0,40}\+\+\+/u;
const SIGNAL = /^--- (SIG[A-Z0-9_]{2,12}) /u;
const REMARK = /^(?:strace: |Process \d{1,10} (?:attached|detached|resumed|suspended)|--- stopped by |\+\+\+ superseded by )/u;

const fraction = (digits: string | undefined): number => (digits === undefined ? 0 : Number(`0.${digits}`) * 1000);

interface Head {
  readonly stamp: Stamp;
  readonly rest: string;
}

function headOf(line: string): Head {
  let rest = line;
  const pid = PID.exec(rest);
  // '1795313332.99' of -ttt is no pid: the dot follows at once, so PID does not match it.
  if (pid !== null) rest = rest.slice(pid[0].length);
  let time: number | undefined;
  let relative = false;
  const clock = CLOCK.exec(rest);
  const epoch = clock === null ? EPOCH.exec(rest) : null;
  const since = clock === null && epoch === null ? RELATIVE.exec(rest) : null;
  if (clock !== null) {
    time = ((Number(clock[1]) * 60 + Number(clock[2])) * 60 + Number(clock[3])) * 1000 + fraction(clock[4]);
    rest = rest.slice(clock[0].length);
  } else if (epoch !== null) {
    time = Number(epoch[1]) * 1000 + fraction(epoch[2]);
    rest = rest.slice(epoch[0].length);
  } else if (since !== null) {
    time = Number(since[1]) * 1000 + fraction(since[2]);
    relative = true;
    rest = rest.slice(since[0].length);
  }
  const beside = RELATIVE_BESIDE.exec(rest);
  if (beside !== null) rest = rest.slice(beside[0].length);
  const numbered = NUMBERED.exec(rest);
  if (numbered !== null) rest = rest.slice(numbered[0].length);
  const number = pid === null ? undefined : Number(pid[1] ?? pid[2]);
  return {
    stamp: { ...(number === undefined ? {} : { pid: number }), ...(time === undefined ? {} : { time }), ...(relative ? { relative } : {}) },
    rest,
  };
}

export function parseLine(line: string): ParsedLine {
  const { stamp, rest } = headOf(line);
  const call = CALL.exec(rest);
  if (call !== null) return { kind: 'call', stamp, name: call[1] ?? '', rest: rest.slice(call[0].length) };
  const resumed = RESUMED.exec(rest);
  if (resumed !== null) return { kind: 'resumed', stamp, name: resumed[1] ?? '', rest: rest.slice(resumed[0].length) };
  const exited = EXITED.exec(rest);
  if (exited !== null) {
    const [, status, signal] = exited;
    return { kind: 'exit', stamp, status: status === undefined ? undefined : Number(status), ...(signal === undefined ? {} : { signal }) };
  }
  const signal = SIGNAL.exec(rest);
  if (signal !== null) return { kind: 'signal', stamp, name: signal[1] ?? '' };
  if (REMARK.test(rest)) return { kind: 'remark' };
  if (/^\) += |^ <unfinished \.\.\.>/u.test(rest)) return { kind: 'tail', stamp, rest };
  return { kind: 'other' };
}
