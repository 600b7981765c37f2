import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

/** key=value and key="quoted value" pairs, in order; undefined where the line is not made of them from its start. */
export function readPairs(line: string, limit = 40): readonly (readonly [string, string])[] | undefined {
  const pairs: (readonly [string, string])[] = [];
  const pair = /([A-Za-z_@][\w.@-]{0,63})=("(?:[^"\\]|\\.)*"?|[^ "]*)(?: +|$)/suy;
  while (pair.lastIndex < line.length && pairs.length < limit) {
    const at = pair.lastIndex;
    const hit = pair.exec(line);
    if (hit === null) {
      if (pairs.length < 2) return undefined;
      pairs.push(['', line.slice(at)]);
      break;
    }
    const [, key = '', value = ''] = hit;
    pairs.push([key, value.startsWith('"') ? unquote(value) : value]);
  }
  return pairs.length === 0 ? undefined : pairs;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unquote(value: string): string {
  const body = value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value.slice(1);
  return body.replaceAll(/\\(.)/gsu, (_, c: string) => ESCAPES[c] ?? (c === 'u' ? '\\u' : c));
}

/**
 * logrus text and logfmt: `time="..." level=... msg="..." key=value`. Fields other than time and level stay behind the message, since the
 * reason often stands in `error`. Source: sirupsen/logrus text_formatter.go.
 */
export const logfmt = defineLineFormat({
  id: 'logfmt',
  kind: 'message',
  read(line) {
    if (!/^(?:time|ts|t|level|lvl|at)=/u.test(line)) return undefined;
    const pairs = readPairs(line);
    if (pairs === undefined) return undefined;
    let time: string | undefined;
    let level;
    let message = '';
    let sourceFile: string | undefined;
    const fields: string[] = [];
    for (const [key, value] of pairs) {
      if (key === 'time' || key === 'ts' || key === 't') time ??= value;
      else if (key === 'level' || key === 'lvl') level = levelOf(value);
      else if (key === 'msg' || key === 'message') message = value;
      else if (key === 'caller' || key === 'file') sourceFile = value;
      else if (key === '') fields.push(value);
      else fields.push(`${key}=${value.includes(' ') ? `"${value}"` : value}`);
    }
    if (level === undefined && message === '') return undefined;
    const rest = plainQuotes(
      [message, ...fields]
        .filter((f) => f !== '')
        .join(' ')
        .replaceAll('\n', ' '),
    );
    return {
      rest,
      ...(time !== undefined && /^\d{4}-\d\d-\d\d[T ]\d\d:/u.test(time) ? { time: time.replace(' ', 'T') } : {}),
      ...(level === undefined ? {} : { level }),
      ...(sourceFile === undefined ? {} : { sourceFile }),
      ...(level === 'fatal' || level === 'panic' ? { terminal: 'logrus-fatal' as const } : {}),
    };
  },
});
