/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/** Files of a node or container that the model reads itself: kept whole, whatever stands in them. */
import { known } from '../../facts/fact.ts';
import { isAddress } from '../host-port.ts';
import { argumentsOf, isFiltered } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, fitting, type Recogniser } from './define-recogniser.ts';

/** Bundles name the files of a node in their own ways. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:etchosts|etc-hosts(?:\.txt)?)$/u, '/etc/hosts'],
  [/(?:^|\/)(?:etcresolvconf|resolv-conf(?:\.txt)?|resolv\.conf\.txt)$/u, '/etc/resolv.conf'],
  [/(?:^|\/)systemd-resolved$/u, '/run/systemd/resolve/resolv.conf'],
  [/(?:^|\/)nsswitch-conf(?:\.txt)?$/u, '/etc/nsswitch.conf'],
];

const KEPT =
  /(?:^|\/)(etc\/(?:hosts|nsswitch\.conf|resolv\.conf|host\.conf|gai\.conf|nscd\.conf|unscd\.conf|hostname|hosts\.deny|hosts\.allow|crictl\.yaml|fstab|machine-id|services|protocols|nsswitch\.conf\.d\/.+)|run\/systemd\/resolve\/(?:stub-)?resolv\.conf|etc\/systemd\/resolved\.conf(?:\.d\/.+)?|var\/lib\/rancher\/(?:k3s|rke2)\/agent\/etc\/resolv\.conf)$/u;

/** Path on the node that this file shows, or undefined. */
export function nodePathOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  const alias = ALIASES.find(([p]) => p.test(lower))?.[1];
  if (alias !== undefined) return alias;
  const kept = KEPT.exec(name)?.[1];
  if (kept !== undefined) return `/${kept}`;
  const base = /^(hosts|nsswitch\.conf|resolv\.conf|host\.conf|gai\.conf|nscd\.conf|unscd\.conf)(?:\.txt)?$/u.exec(
    name.split('/').at(-1) ?? '',
  )?.[1];
  return base === undefined ? undefined : base === 'unscd.conf' ? '/etc/nscd.conf' : `/etc/${base}`;
}

const catPath = (piece: Piece): string | undefined => {
  const command = piece.command;
  if (command === undefined || !/^(?:cat|less|more|head|tail)$/u.test(command.name)) return undefined;
  const paths = argumentsOf(command).filter((a) => a.startsWith('/') || a.startsWith('etc/'));
  return paths.length === 1 ? (paths[0]?.startsWith('/') === true ? paths[0] : `/${paths[0] ?? ''}`) : undefined;
};

const MISSING = /: No such file or directory$|: no such file or directory$/u;
const NOT_READ = /^(?:cat|less|more): (?:.{0,200}: )?(?<why>Permission denied|Is a directory|[Rr]ead error: Is a directory)$/u;

/** What stands behind an empty line and is plainly a message of some program is no part of the file before it. */
const MESSAGE =
  /^(?:\[[\w-]+\][: ]|[IWEF]\d{4} \d\d:|time="|\{"|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d |\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|(?:[EF]RRO?R?|Error|error|panic|fatal)[: [\t]|[\w./-]{2,40}: .{10,})/u;
const ownLines = (path: string, lines: readonly string[]): readonly string[] => {
  if (path !== '/etc/hosts' && path !== '/etc/resolv.conf') return lines;
  const end = lines.findIndex((line, i) => i > 0 && lines[i - 1] === '' && MESSAGE.test(line));
  return end < 0 ? lines : lines.slice(0, end);
};

function keep(piece: Piece, path: string, facts: Parameters<Recogniser['read']>[1]): number {
  const first = piece.lines.find((l) => l !== '') ?? '';
  const lines = piece.kind === 'command' ? ownLines(path, piece.lines) : piece.lines;
  const source = sourceOf(piece);
  const asFile =
    piece.kind === 'command'
      ? ({ kind: 'file', path, ...(piece.where.kind === 'host' ? {} : { view: facts.view(piece.where).id }) } as const)
      : source;
  if (piece.lines.length === 1 && MISSING.test(first)) {
    facts.noFile(piece.where, path, source);
    return lines.length;
  }
  const why = piece.lines.length === 1 ? NOT_READ.exec(first)?.groups?.['why'] : undefined;
  if (why !== undefined) {
    if (/directory/iu.test(why)) facts.file(piece.where, path, '', asFile, { directory: true });
    return lines.length;
  }
  const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  facts.file(piece.where, path, text, asFile, piece.truncated === true ? { truncated: true } : {});
  return lines.length;
}

export const nodeFile = defineRecogniser({
  id: 'node-file',
  title: { en: 'file of the node', zh: '节点文件' },
  wholeLines: true,
  prose: true,
  commands: (c) => {
    const path = argumentsOf(c).find((a) => a.startsWith('/'));
    return (
      /^(?:cat|less|more)$/u.test(c.name) &&
      path !== undefined &&
      nodePathOf(path) !== undefined &&
      argumentsOf(c).length === 1 &&
      !isFiltered(c)
    );
  },
  names:
    /(?:^|\/)(?:etchosts|etcresolvconf|(?:etc-)?hosts(?:\.txt)?|resolv[.-]conf(?:\.txt)?|nsswitch[.-]conf(?:\.txt)?|host\.conf|gai\.conf|u?nscd\.conf|systemd-resolved|hosts\.(?:deny|allow)|resolved\.conf|crictl\.yaml|fstab|etc\/hostname|machine-id)$/u,
  read(piece, facts) {
    const path = catPath(piece) ?? nodePathOf(piece.path ?? piece.name) ?? piece.path;
    if (path === undefined) return new Set();
    const own = keep(piece, path, facts);
    noteMachineFiles(piece, path, facts);
    return own === piece.lines.length ? 'all' : new Set([...piece.lines.keys()].slice(0, own));
  },
});

/** A few files say something about the node that causes ask for by key. */
export function noteMachineFiles(piece: Piece, path: string, facts: Parameters<Recogniser['read']>[1]): void {
  const source = sourceOf(piece, 0);
  const word = piece.lines.find((l) => l.trim() !== '')?.trim();
  if (word === undefined || piece.where.kind !== 'host') return;
  if (path === '/etc/hostname' && /^[\w.-]{1,253}$/u.test(word)) facts.hostname = known(word, source);
  if (path === '/etc/machine-id') facts.observe('machine.id', word, source);
  if (path === '/etc/crictl.yaml') {
    const endpoint = piece.lines.map((l) => /^runtime-endpoint: *"?([^"#]+?)"? *$/u.exec(l)?.[1]).find((e) => e !== undefined);
    if (endpoint !== undefined) facts.observe('cri.endpoint', endpoint, source);
  }
}

const HOSTS_LINE = /^[ \t]*[0-9a-fA-F:.]{2,45}(?:%\w+)?[ \t]+[\w.-]+(?:[ \t]+[\w.-]+)*[ \t]*(?:#.*)?\r?$/u;

export const hostsByLook = defineRecogniser({
  id: 'hosts-by-look',
  title: { en: 'hosts file', zh: 'hosts 文件' },
  wholeLines: true,
  prose: true,
  look: (lines) => {
    const content = lines.filter((l) => !/^[ \t]*(?:#|$)/u.test(l));
    const addressed = content.filter((l) => HOSTS_LINE.test(l) && isAddress(l.trim().split(/[ \t]/u)[0] ?? ''));
    const hits = addressed.length;
    // Lines of getent carry a socket type, those of ss and routes other words: a hosts file has a loopback line or names with letters.
    return (
      hits > 0 &&
      hits === content.length &&
      addressed.some((l) => /[ \t]localhost|^127\.|^::1[ \t]/u.test(l)) &&
      !content.some((l) => /[ \t](?:STREAM|DGRAM|RAW)\b/u.test(l))
    );
  },
  read(piece, facts) {
    keep(piece, '/etc/hosts', facts);
    return 'all';
  },
});

export const resolvConfByLook = defineRecogniser({
  id: 'resolv-conf-by-look',
  title: { en: 'resolv.conf', zh: 'resolv.conf' },
  wholeLines: true,
  prose: true,
  look: (lines) =>
    fitting(lines, /^nameserver[ \t]+[:.%\w]+[ \t]*\r?$/u) > 0 &&
    lines.every((l) => /^[ \t]*(?:[#;].*|nameserver[ \t].*|search[ \t].*|domain[ \t].*|options[ \t].*|sortlist[ \t].*)?\r?$/u.test(l)),
  read(piece, facts) {
    keep(piece, '/etc/resolv.conf', facts);
    return 'all';
  },
});

export const nsswitchByLook = defineRecogniser({
  id: 'nsswitch-by-look',
  title: { en: 'nsswitch.conf', zh: 'nsswitch.conf' },
  wholeLines: true,
  prose: true,
  look: (lines) => {
    const content = lines.filter((l) => !/^[ \t]*(?:#|$)/u.test(l));
    return content.some((l) => /^hosts:[ \t]+[a-z]/u.test(l)) && content.every((l) => /^[a-z_]+:[ \t]+[a-z0-9_]+(?:[ \t]|\r?$)/u.test(l));
  },
  read(piece, facts) {
    keep(piece, '/etc/nsswitch.conf', facts);
    return 'all';
  },
});

/** Lines of a log are read as a log, whatever picked them; lines of a table that has a reader of its own are read by that. */
const READ_ELSEWHERE = /^\/var\/log\/|\.log(?:\.\d+)?$|^\/proc\/(?:self\/|\d+\/)?mount(?:s|info)$|^\/etc\/mtab$/u;

/** `grep nameserver /etc/resolv.conf`: some lines of a file are known, the file is not. */
export const grepOfFile = defineRecogniser({
  id: 'grep-of-file',
  title: { en: 'lines of a file', zh: '文件中的若干行' },
  prose: true,
  commands: (c) =>
    argumentsOf(c).some((a) => READ_ELSEWHERE.test(a))
      ? false
      : /^(?:e?grep|fgrep|zgrep|awk|sed|head|tail)$/u.test(c.name) && argumentsOf(c).some((a) => a.startsWith('/'))
        ? true
        : c.name === 'cat' && isFiltered(c) && argumentsOf(c).some((a) => a.startsWith('/')),
  read(piece, facts) {
    const path = argumentsOf(piece.command ?? { text: '', words: [], name: '', filters: [], where: piece.where }).findLast((a) =>
      a.startsWith('/'),
    );
    if (path === undefined) return new Set();
    const lines = piece.lines
      .filter((l) => l !== '' && !l.startsWith('grep: '))
      .map((l) => l.replace(new RegExp(`^(?:${path.replaceAll('.', '\\.')}:)?(?:\\d+[:-])?`, 'u'), ''));
    const source = sourceOf(piece, 0);
    if (piece.where.kind === 'host') facts.observe(`grep.${path}`, lines, source);
    if (piece.lines.some((l) => MISSING.test(l))) facts.noFile(piece.where, path, source);
    // The hosts line is all that a look-up needs of it.
    if (
      path === '/etc/nsswitch.conf' &&
      piece.where.kind !== 'elsewhere' &&
      lines.length > 0 &&
      lines.every((l) => /^[ \t]*hosts[ \t]*:/u.test(l))
    )
      facts.file(piece.where, path, lines.map((l) => `${l}\n`).join(''), source, { truncated: true });
    if (path.endsWith('/resolv.conf') && piece.where.kind !== 'elsewhere') {
      const servers = lines.map((l) => /^[ \t]*nameserver[ \t]+([^ \t]+)/u.exec(l)?.[1]).filter((s) => s !== undefined);
      // All name servers are known when they were what was asked for; the other lines are not, and a resolver needs none of them.
      const asked = (piece.command?.text ?? '').includes('nameserver');
      if (asked && lines.every((l) => /^[ \t]*(?:#|nameserver)/u.test(l)))
        facts.file(piece.where, path, lines.map((l) => `${l}\n`).join(''), source, { truncated: true });
      if (piece.where.kind === 'host' && servers.length > 0) {
        facts.observe('resolv.nameserver-count', servers.length, source);
        facts.observe(
          'resolv.loopback-nameserver',
          servers.some((s) => s.startsWith('127.') || s === '::1'),
          source,
        );
      }
    }
    return 'all';
  },
});
