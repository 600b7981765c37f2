/**
 * Edits of a hosts file, each a small change of one line. Lines are kept as they are, line ends included; nothing is reordered.
 */
import type { ViewId } from '../facts/fact.ts';
import type { HostsLine } from '../facts/hosts-lines.ts';
import type { Edit } from './edit.ts';

type WriteFile = Extract<Edit, { edit: 'write-file' }>;

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** Text as it may stand in a sed(1) basic regular expression or replacement between slashes. */
const sedText = (text: string): string => text.replace(/[\\/.*[\]^$&]/gu, '\\$&');

/** Puts `name` directly behind the address of an existing line. */
export function addNameToLine(view: ViewId, path: string, text: string, line: HostsLine, name: string): WriteFile {
  const lines = text.split('\n');
  const old = lines[line.number - 1] ?? '';
  lines[line.number - 1] = old.replace(/^([ \t]*[^ \t#]+[ \t]+)/u, `$1${name} `);
  return {
    edit: 'write-file',
    view,
    path,
    text: lines.join('\n'),
    command: `sed -e ${quote(`${String(line.number)}s/^\\([[:blank:]]*[^[:blank:]#]*[[:blank:]]*\\)/\\1${sedText(name)} /`)}`,
  };
}

/** Takes `name` off a line; the line goes when no name is left. */
export function removeNameFromLine(view: ViewId, path: string, text: string, line: HostsLine, name: string): WriteFile {
  const lines = text.split('\n');
  const old = lines[line.number - 1] ?? '';
  const rest = line.names.filter((n) => n.toLowerCase() !== name.toLowerCase());
  const number = String(line.number);
  if (rest.length === 0) {
    lines.splice(line.number - 1, 1);
    return { edit: 'write-file', view, path, text: lines.join('\n'), command: `sed -e ${quote(`${number}d`)}` };
  }
  const without = old.replace(/^[^#]*/u, (body) => body.replace(new RegExp(`[ \\t]+${escapeRegExp(name)}(?=[ \\t\\r]|$)`, 'giu'), ''));
  lines[line.number - 1] = without;
  return {
    edit: 'write-file',
    view,
    path,
    text: lines.join('\n'),
    command: `sed -e ${quote(`${number}s/[[:blank:]]\\{1,\\}${sedText(name)}\\([[:blank:]]\\|$\\)/\\1/`)}`,
  };
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');

/** Puts whole lines before the first one: the first line of a name wins where `multi` is off (host.conf(5)). */
export function insertFirst(view: ViewId, path: string, text: string, newLines: readonly string[]): WriteFile {
  return {
    edit: 'write-file',
    view,
    path,
    text: `${newLines.join('\n')}\n${text}`,
    command: `{ printf '%s\\n' ${newLines.map(quote).join(' ')}; cat; }`,
  };
}

/** Puts whole lines after the last one. */
export function appendLines(view: ViewId, path: string, text: string, newLines: readonly string[]): WriteFile {
  const joint = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    edit: 'write-file',
    view,
    path,
    text: `${text}${joint}${newLines.join('\n')}\n`,
    command: `{ cat; printf '%s\\n' ${newLines.map(quote).join(' ')}; }`,
  };
}

/** Replaces the whole of one line. */
export function replaceLine(view: ViewId, path: string, text: string, number: number, newLine: string): WriteFile {
  const lines = text.split('\n');
  lines[number - 1] = newLine;
  return {
    edit: 'write-file',
    view,
    path,
    text: lines.join('\n'),
    command: `sed -e ${quote(`${String(number)}s/.*/${sedText(newLine)}/`)}`,
  };
}
