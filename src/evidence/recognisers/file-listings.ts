/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { argumentsOf } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const LONG =
  /^([-dlcbpsD])([rwxsStT-]{9})([.+@])? +(\d+) +([^ ]+) +([^ ]+) +(?:([^ ]*:s\d[^ ]*|[^ ]+_t[^ ]*) +)?(\d+,? ?\d*) +([A-Z][a-z]{2} +\d+ +[\d:]+|\d{4}-\d\d-\d\d [\d:.]+(?: [+-]\d{4})?|\d+ [A-Z][a-z]{2} +[\d:]+) (.+)$/u;
const MISSING =
  /^(?:ls|stat|cat|readlink|find|namei): (?:cannot (?:access|stat|open)(?: directory)? )?['"‘]?(\/[^'"’:]+)['"’]?: No such file or directory/u;

const KINDS: Readonly<Record<string, string>> = {
  '-': 'regular',
  d: 'directory',
  l: 'link',
  c: 'device',
  b: 'device',
  p: 'fifo',
  s: 'socket',
};

/** 'rwxr-xr-x' → '755'. */
export function octalMode(letters: string): string {
  const bits = [...letters].map((c, i) => (c === '-' || c === 'S' || c === 'T' ? 0 : i % 3 === 0 ? 4 : i % 3 === 1 ? 2 : 1));
  const digits = [0, 3, 6].map((n) => (bits[n] ?? 0) + (bits[n + 1] ?? 0) + (bits[n + 2] ?? 0));
  const special =
    (/[sS]/u.test(letters[2] ?? '') ? 4 : 0) + (/[sS]/u.test(letters[5] ?? '') ? 2 : 0) + (/t/iu.test(letters[8] ?? '') ? 1 : 0);
  return `${special === 0 ? '' : special}${digits.join('')}`;
}

const INTERESTING = /^\/(?:etc|var\/(?:lib|run)|run|opt\/cni|boot|lib\/modules|usr\/lib\/sysctl)/u;

function noteFile(
  piece: Piece,
  facts: EvidenceFacts,
  path: string,
  index: number,
  values: {
    readonly kind?: string | undefined;
    readonly mode?: string | undefined;
    readonly owner?: string | undefined;
    readonly target?: string | undefined;
  },
): void {
  if (piece.where.kind === 'elsewhere') return;
  const source = sourceOf(piece, index);
  if (piece.where.kind === 'container') {
    if (path.endsWith('/run/nscd/socket') && values.kind === 'socket') {
      facts.observe('nscd.socket-in-container', true, source);
      facts.setSockets(piece.where, [{ service: 'nscd', path, state: 'present' }], source);
    }
    return;
  }
  facts.observe(`file.${path}.exists`, true, source);
  if (values.kind !== undefined) facts.observe(`file.${path}.kind`, values.kind, source);
  if (values.mode !== undefined) facts.observe(`file.${path}.mode`, values.mode, source);
  if (values.owner !== undefined) facts.observe(`file.${path}.owner`, values.owner, source);
  if (values.target !== undefined) facts.observe(`file.${path}.link-target`, values.target, source);
  if (path === '/var/lib/etcd' || path.endsWith('db/etcd')) {
    if (values.owner !== undefined) facts.observe('etcd.data-dir-owner', values.owner, source);
    if (values.mode !== undefined) facts.observe('etcd.data-dir-mode', values.mode, source);
  }
}

function noteMissing(piece: Piece, facts: EvidenceFacts, path: string, index: number): void {
  const source = sourceOf(piece, index);
  if (/\/etc\/(?:hosts|resolv\.conf|nsswitch\.conf|host\.conf|nscd\.conf)$/u.test(path)) facts.noFile(piece.where, path, source);
  if (piece.where.kind === 'host') facts.observe(`file.${path}.exists`, false, source);
}

/** ls, ls -l, ls -Z, find: names, kinds, modes, owners. A directory that was listed whole gives its names. */
export const ls = defineRecogniser({
  id: 'ls',
  title: { en: 'files (ls)', zh: '文件列表（ls）' },
  commands: (c) => c.name === 'ls' || c.name === 'll' || c.name === 'find' || c.name === 'tree',
  look: (lines) => fitting(lines, LONG) > 0,
  read(piece, facts) {
    const asked = piece.command === undefined ? [] : argumentsOf(piece.command).filter((a) => a.startsWith('/') && !a.includes('*'));
    let directory =
      asked.length === 1 && piece.command?.words.some((w) => /^-\w*d/u.test(w)) !== true ? asked[0]?.replace(/\/$/u, '') : undefined;
    const entries = new Map<string, string[]>();
    const put = (name: string): void => {
      if (directory !== undefined && name !== '.' && name !== '..' && !name.startsWith('/'))
        entries.set(directory, [...(entries.get(directory) ?? []), name]);
    };
    const understood = eachLine(piece, (line, i) => {
      const missing = MISSING.exec(line)?.[1];
      if (missing !== undefined) {
        noteMissing(piece, facts, missing, i);
        return true;
      }
      const head = /^(\/[^:]+):$/u.exec(line)?.[1];
      if (head !== undefined) {
        directory = head;
        return true;
      }
      const long = LONG.exec(line);
      if (long !== null) {
        const [, type = '-', letters = '', , , owner = '', group = '', , , , rest = ''] = long;
        const [name = '', target] = rest.split(' -> ');
        put(name);
        const path = name.startsWith('/')
          ? name
          : directory === undefined
            ? asked.length === 1 && asked[0] !== undefined
              ? asked[0]
              : undefined
            : `${directory}/${name}`;
        if (path !== undefined && INTERESTING.test(path))
          noteFile(piece, facts, path, i, { kind: KINDS[type], mode: octalMode(letters), owner: `${owner}:${group}`, target });
        return true;
      }
      if (/^total \d+/u.test(line)) return true;
      if (piece.command === undefined) return false;
      if (line.startsWith('/')) {
        if (INTERESTING.test(line.trim())) noteFile(piece, facts, line.trim(), i, {});
        return true;
      }
      for (const name of line.split(/ {2,}|\t/u).filter((n) => n !== '')) put(name.trim());
      return line.trim() !== '' && line.length < 400 && !/^(?:ls|find): /u.test(line);
    });
    if (piece.where.kind !== 'host') return understood;
    if (
      directory !== undefined &&
      entries.size === 0 &&
      piece.lines.every((l) => l === '' || l.startsWith('total 0')) &&
      piece.command?.filters.length === 0
    )
      entries.set(directory, []);
    for (const [path, names] of entries) {
      const source = sourceOf(piece, piece.lines.length > 0 ? 0 : undefined);
      const sorted = [...names].sort();
      facts.observe(`directory.${path}.entries`, sorted, source);
      facts.observe(`file.${path}.empty`, sorted.length === 0, source);
      if (path === '/etc/cni/net.d')
        facts.observe(
          'cni.config-files',
          sorted.filter((n) => /\.conf(?:list)?$|\.json$/u.test(n)),
          source,
        );
      if (path === '/opt/cni/bin') facts.observe('cni.binaries', sorted, source);
    }
    const sockets = piece.lines
      .map((l) => /(\/(?:var\/)?run\/[\w./-]+\.sock)\b/u.exec(l)?.[1])
      .filter((s, i) => s !== undefined && !MISSING.test(piece.lines[i] ?? '')) as string[];
    if (sockets.some((s) => /containerd\.sock|crio\.sock|cri-dockerd\.sock|dockershim\.sock/u.test(s)))
      facts.observe('cri.sockets', sockets, sourceOf(piece, 0));
    return understood;
  },
});

/** stat -c FORMAT: what each line holds, in the order of the format. Source: stat(1), format sequences. */
const FORMAT_FIELDS: Readonly<Record<string, string>> = {
  n: '(?<path>/.*)',
  N: "(?<path>'/[^']*'|/[^ ]*)(?: -> '?(?<target>[^']*)'?)?",
  a: '(?<mode>[0-7]{1,4})',
  A: '[-dlcbps](?<letters>[rwxsStT-]{9})',
  U: '(?<user>[^ ]+)',
  G: '(?<group>[^ ]+)',
  F: '(?<kind>regular (?:empty )?file|directory|socket|symbolic link|fifo|character special file|block special file)',
};
function linePattern(format: string): RegExp | undefined {
  if (!/%n/iu.test(format)) return undefined;
  const used = new Set<string>();
  const pattern = format.replaceAll(/%(.)|[\\^$.*+?()[\]{}|/]/gu, (whole, field: string | undefined) => {
    if (field === undefined) return `\\${whole}`;
    const known = used.has(field) ? undefined : FORMAT_FIELDS[field];
    used.add(field);
    return known ?? '[^ ]*(?: [^ ]+)*?';
  });
  return new RegExp(`^${pattern}$`, 'u');
}
function formatOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((w) => w === '-c' || w === '--format' || w === '--printf');
  const format = at < 0 ? words.map((w) => /^(?:--format=|--printf=|-c)(.+)$/u.exec(w)?.[1]).find((w) => w !== undefined) : words[at + 1];
  return format?.replace(/\\n$/u, '');
}

const kindOfFile = (said: string): string | undefined =>
  said.includes('regular') ? 'regular' : said === 'symbolic link' ? 'link' : said.split(' ')[0];

/** stat of coreutils. */
export const stat = defineRecogniser({
  id: 'stat',
  title: { en: 'a file (stat)', zh: '文件状态（stat）' },
  commands: (c) => c.name === 'stat',
  look: (lines) => fitting(lines, /^ +File: /u) > 0 && fitting(lines, /^Access: \(\d+\//u) > 0,
  read(piece, facts) {
    let path: string | undefined;
    const format = piece.command === undefined ? undefined : formatOf(piece.command.words);
    const formatted = format === undefined ? undefined : linePattern(format);
    return eachLine(piece, (line, i) => {
      const missing = MISSING.exec(line)?.[1];
      if (missing !== undefined) {
        noteMissing(piece, facts, missing, i);
        return true;
      }
      const fields = formatted?.exec(line.trim())?.groups;
      if (fields?.['path'] !== undefined) {
        const { user, group, mode, letters, kind: said } = fields;
        noteFile(piece, facts, fields['path'].replaceAll("'", ''), i, {
          mode: mode ?? (letters === undefined ? undefined : octalMode(letters)),
          owner: user === undefined ? undefined : group === undefined ? user : `${user}:${group}`,
          kind: said === undefined ? undefined : kindOfFile(said),
          target: fields['target'],
        });
        return true;
      }
      const file = /^ +File: ['"‘]?([^'"’ ]+)['"’]?(?: -> ['"‘]?([^'"’]+))?/u.exec(line);
      if (file !== null) {
        path = file[1];
        if (path !== undefined) noteFile(piece, facts, path, i, { target: file[2] });
        return true;
      }
      const kind =
        /^ +Size: .* (regular (?:empty )?file|directory|socket|symbolic link|fifo|character special file|block special file)/u.exec(
          line,
        )?.[1];
      if (kind !== undefined && path !== undefined) {
        noteFile(piece, facts, path, i, { kind: kindOfFile(kind) });
        return true;
      }
      const access = /^Access: \((\d+)\/[^)]*\) +Uid: \( *\d+\/ *([^)]+)\) +Gid: \( *\d+\/ *([^)]+)\)/u.exec(line);
      if (access !== null && path !== undefined) {
        noteFile(piece, facts, path, i, {
          mode: (access[1] ?? '').replace(/^0/u, ''),
          owner: `${(access[2] ?? '').trim()}:${(access[3] ?? '').trim()}`,
        });
        return true;
      }
      return /^(?:Device|Access|Modify|Change| Birth|Context):/u.test(line);
    });
  },
});

/** readlink, readlink -f, namei. */
export const readlink = defineRecogniser({
  id: 'readlink',
  title: { en: 'a link (readlink)', zh: '符号链接（readlink）' },
  commands: (c) => c.name === 'readlink' || c.name === 'namei' || c.name === 'realpath' || c.name === 'file',
  read(piece, facts) {
    const path = piece.command === undefined ? undefined : argumentsOf(piece.command).find((a) => a.startsWith('/'));
    return eachLine(piece, (line, i) => {
      const missing = MISSING.exec(line)?.[1];
      if (missing !== undefined) noteMissing(piece, facts, missing, i);
      else if (path !== undefined && /^[./][^ ]*$/u.test(line) && piece.command?.name !== 'namei')
        noteFile(piece, facts, path, i, { target: line.trim() });
      else if (path !== undefined && / +l[^ ]* /u.test(line)) {
        const link = / ([^ ]+) -> ([^ ]+)$/u.exec(line);
        if (link !== null && path.endsWith(`/${link[1] ?? ''}`)) noteFile(piece, facts, path, i, { target: link[2] });
      }
      return line.trim() !== '';
    });
  },
});

/** lsattr: is the immutable bit set? */
export const lsattr = defineRecogniser({
  id: 'lsattr',
  title: { en: 'attributes of files (lsattr)', zh: '文件属性（lsattr）' },
  commands: (c) => c.name === 'lsattr',
  look: (lines) => fitting(lines, /^[-a-zA-Z]{16,22} \/[^ ]+$/u) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const hit = /^([-a-zA-Z]{16,22}) (\/[^ ]+)$/u.exec(line);
      if (hit !== null && piece.where.kind === 'host')
        facts.observe(`file.${hit[2] ?? ''}.immutable`, (hit[1] ?? '').includes('i'), sourceOf(piece, i));
      return hit !== null;
    });
  },
});
