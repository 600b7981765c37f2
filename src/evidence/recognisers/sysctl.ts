/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { known } from '../../facts/fact.ts';
import { argumentsOf } from '../pieces/command-line.ts';
import { sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const PAIR = /^([a-z][a-z0-9_-]*(?:[./][\w:/@-]+)+) ?= ?(.*)$/u;
const MISSING = /^sysctl: cannot stat \/proc\/sys\/([^:]+): No such file or directory/u;

/** A path below /proc/sys as a dotted name; a dot inside a part (an interface eth0.100) is written '/'. Source: sysctl(8). */
export const sysctlName = (path: string): string =>
  path
    .replace(/^\/?proc\/sys\//u, '')
    .replaceAll('.', '\u0000')
    .replaceAll('/', '.')
    .replaceAll('\u0000', '/');

/** `sysctl NAME`, `sysctl -a`: "net.ipv4.ip_forward = 1". */
export const sysctl = defineRecogniser({
  id: 'sysctl',
  title: { en: 'kernel settings (sysctl)', zh: '内核参数（sysctl）' },
  commands: (c) => c.name === 'sysctl' && !c.words.includes('-w') && !c.words.some((w) => w.includes('=')),
  names: /(?:^|\/)(?:sysctl[-_]?(?:a|all)?(?:[-_]-a)?|sysctl_all)(?:\.txt|\.out|\.log)?$/u,
  look: (lines) => {
    const content = lines.filter((l) => l !== '');
    return (
      content.length > 0 &&
      fitting(content, /^(?:net|kernel|vm|fs|dev|user|debug|abi|crypto|sunrpc)\.[\w./-]+ = /u) >=
        Math.max(1, Math.min(content.length, 40) * 0.6)
    );
  },
  read(piece, facts) {
    const bare = piece.command?.words.includes('-n') === true ? argumentsOf(piece.command)[0] : undefined;
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const hit = PAIR.exec(line);
      if (hit !== null) {
        facts.setSysctl(piece.where, hit[1] ?? '', (hit[2] ?? '').trim(), source);
        return true;
      }
      const missing = MISSING.exec(line)?.[1];
      if (missing !== undefined) {
        if (piece.where.kind === 'host') facts.observe(`file./proc/sys/${missing}.exists`, false, source);
        if (missing.startsWith('net/ipv6/')) facts.netns(piece.where).ipv6Socket = known(false, source);
        return true;
      }
      if (bare !== undefined && /^[\d \t]+$/u.test(line)) {
        facts.setSysctl(piece.where, bare, line.trim(), source);
        return true;
      }
      return line.startsWith('sysctl: ');
    });
  },
});

/** `cat /proc/sys/net/ipv4/ip_forward`: the value alone. */
export const procSys = defineRecogniser({
  id: 'proc-sys',
  title: { en: 'kernel setting (/proc/sys)', zh: '内核参数（/proc/sys）' },
  commands: (c) => /^(?:cat|head|more|less|grep)$/u.test(c.name) && c.words.some((w) => w.startsWith('/proc/sys/')),
  names: /(?:^|\/)proc\/sys\/[\w./-]+$/u,
  read(piece, facts) {
    const paths =
      piece.command === undefined ? [piece.path ?? piece.name] : argumentsOf(piece.command).filter((a) => a.startsWith('/proc/sys/'));
    let at = 0;
    return eachLine(piece, (line, i) => {
      if (line === '') return false;
      const source = sourceOf(piece, i);
      const missing = /(\/proc\/sys\/[^:]+): No such file or directory/u.exec(line)?.[1];
      if (missing !== undefined) {
        if (piece.where.kind === 'host') facts.observe(`file.${missing}.exists`, false, source);
        return true;
      }
      const named = /^(\/proc\/sys\/[^:]+):(.*)$/u.exec(line);
      const path = named?.[1] ?? paths[at];
      at += 1;
      if (path === undefined) return false;
      facts.setSysctl(piece.where, sysctlName(path), (named?.[2] ?? line).trim(), source);
      return true;
    });
  },
});

/** sysctl.conf and sysctl.d: what will be set, by which line. */
export const sysctlFile = defineRecogniser({
  id: 'sysctl-file',
  title: { en: 'sysctl.d file', zh: 'sysctl.d 文件' },
  prose: true,
  commands: (c) => c.name === 'cat' && c.words.some((w) => /\/sysctl(?:\.d\/|\.conf)/u.test(w)),
  names: /(?:^|\/)(?:sysctl\.conf|sysctl\.d\/[^/]+)$/u,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      if (/^[ \t]*(?:[#;].*)?$/u.test(line)) return true;
      const hit = /^[ \t]*-?([a-z][\w./*:-]*)[ \t]*=[ \t]*(.*?)[ \t]*$/u.exec(line);
      if (hit === null) return false;
      const name = (hit[1] ?? '').includes('.') ? (hit[1] ?? '') : sysctlName(hit[1] ?? '');
      if (piece.where.kind === 'host') facts.observe(`sysctl-file.${name}`, hit[2] ?? '', sourceOf(piece, i));
      return true;
    });
  },
});
