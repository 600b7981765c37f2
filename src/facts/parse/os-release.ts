/** os-release(5): shell-compatible assignments. Values may be in single or double quotes; in double quotes a backslash guards \ " $ `. */
import { linesOf } from './lines.ts';

export function parseOsRelease(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const match = /^[ \t]*([A-Za-z_]\w*)=(.*)$/u.exec(line.replace(/\r$/u, ''));
    const name = match?.[1];
    const raw = match?.[2]?.replace(/[ \t]+$/u, '');
    if (name === undefined || raw === undefined || name === '__proto__') continue;
    values[name] = unquote(raw);
  }
  return values;
}

function unquote(raw: string): string {
  if (raw.length >= 2 && raw.startsWith("'") && raw.endsWith("'")) return raw.slice(1, -1);
  const inner = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
  return inner.replace(/\\([\\"$`'])/gu, '$1');
}
