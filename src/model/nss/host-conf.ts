/**
 * /etc/host.conf and its environment variables.
 *
 *   order ...            read and ignored        multi on|off
 *   trim .domain, ...    up to 4                 reorder on|off          # comment
 *
 * Keywords in any letter case, the last value wins, trailing text is reported but the value counts. Lines are read 255 characters at a
 * time. RESOLV_HOST_CONF names another file; RESOLV_MULTI, RESOLV_REORDER, RESOLV_ADD_TRIM_DOMAINS and RESOLV_OVERRIDE_TRIM_DOMAINS
 * are applied after the file. Source: host.conf(5), glibc resolv/res_hconf.c 2.12 to 2.43.
 */
import { asciiLower, isSpaceCode, skipSpace } from './ascii.ts';

export interface HostConf {
  readonly multi: boolean;
  readonly reorder: boolean;
  readonly trim: readonly string[];
  /** What the library prints while reading. */
  readonly stderr: string;
  /** Line that set `multi`; absent: the default, or the environment. */
  readonly multiLine?: number;
}

const OLD_SPOOF_WORDS = new Set(['nospoof', 'spoofalert', 'spoof']);

export function parseHostConf(text: string, fileName: string, env: Readonly<Record<string, string>>, spoofWords: boolean): HostConf {
  const state = { multi: false, reorder: false, trim: [] as string[], stderr: '', multiLine: undefined as number | undefined };
  let number = 0;
  for (const line of pieces(text)) {
    number++;
    readLine(line, number);
  }
  if (env['RESOLV_MULTI'] !== undefined) {
    const before = state.multi;
    readBoolean('RESOLV_MULTI', 1, env['RESOLV_MULTI'], 'multi');
    if (state.multi !== before) state.multiLine = undefined;
  }
  if (env['RESOLV_REORDER'] !== undefined) readBoolean('RESOLV_REORDER', 1, env['RESOLV_REORDER'], 'reorder');
  if (env['RESOLV_ADD_TRIM_DOMAINS'] !== undefined) readTrim(env['RESOLV_ADD_TRIM_DOMAINS'], 'RESOLV_ADD_TRIM_DOMAINS', 1);
  if (env['RESOLV_OVERRIDE_TRIM_DOMAINS'] !== undefined) {
    state.trim = [];
    readTrim(env['RESOLV_OVERRIDE_TRIM_DOMAINS'], 'RESOLV_OVERRIDE_TRIM_DOMAINS', 1);
  }
  return {
    multi: state.multi,
    reorder: state.reorder,
    trim: state.trim,
    stderr: state.stderr,
    ...(state.multiLine === undefined ? {} : { multiLine: state.multiLine }),
  };

  function readLine(line: string, lineNumber: number): void {
    const start = skipSpace(line, 0);
    if (start === line.length || line[start] === '#') return;
    const end = wordEnd(line, start);
    const command = asciiLower(line.slice(start, end));
    const from = skipSpace(line, end);
    if (command === 'order') return;
    let rest: number | undefined;
    if (command === 'trim') rest = readTrim(line, fileName, lineNumber, from);
    else if (command === 'multi' || command === 'reorder') {
      const taken = readBoolean(fileName, lineNumber, line.slice(from), command);
      if (taken > 0 && command === 'multi') state.multiLine = lineNumber;
      rest = taken === 0 ? undefined : from + taken;
    } else {
      if (!(spoofWords && OLD_SPOOF_WORDS.has(command)))
        state.stderr += `${fileName}: line ${String(lineNumber)}: bad command \`${line.slice(start)}'\n`;
      return;
    }
    if (rest === undefined) return;
    const garbage = skipSpace(line, rest);
    if (garbage < line.length && line[garbage] !== '#')
      state.stderr += `${fileName}: line ${String(lineNumber)}: ignoring trailing garbage \`${line.slice(garbage)}'\n`;
  }

  /** Characters that the value takes; 0 when it is neither. */
  function readBoolean(where: string, lineNumber: number, value: string, flag: 'multi' | 'reorder'): number {
    const lower = asciiLower(value.slice(0, 3));
    if (lower.startsWith('on')) {
      state[flag] = true;
      return 2;
    }
    if (lower === 'off') {
      state[flag] = false;
      return 3;
    }
    state.stderr += `${where}: line ${String(lineNumber)}: expected \`on' or \`off', found \`${value}'\n`;
    return 0;
  }

  function readTrim(line: string, where: string, lineNumber: number, from = 0): number | undefined {
    let at = from;
    do {
      const end = wordEnd(line, at);
      if (state.trim.length === 4) {
        state.stderr += `${where}: line ${String(lineNumber)}: cannot specify more than 4 trim domains`;
        return undefined;
      }
      state.trim.push(line.slice(at, end));
      at = skipSpace(line, end);
      if (line[at] === ',' || line[at] === ';' || line[at] === ':') {
        at = skipSpace(line, at + 1);
        if (at === line.length || line[at] === '#') {
          state.stderr += `${where}: line ${String(lineNumber)}: list delimiter not followed by domain`;
          return undefined;
        }
      } else if (at === end && at < line.length && line[at] !== '#') return undefined;
    } while (at < line.length && line[at] !== '#');
    return at;
  }
}

function wordEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== '#' && line[at] !== ',' && !isSpaceCode(line.charCodeAt(at))) at++;
  return at;
}

/** What fgets() with a buffer of 256 returns, newlines removed. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (end - at > 255 || (end - at === 255 && newline >= 0)) {
      yield text.slice(at, at + 255);
      at += 255;
    } else {
      yield text.slice(at, end);
      at = end + 1;
    }
  }
}
