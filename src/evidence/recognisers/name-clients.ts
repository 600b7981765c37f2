/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { isAddress } from '../host-port.ts';
import { parseCommand } from '../pieces/command-line.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { HOST, sourceOf, type Piece } from '../pieces/piece.ts';
import { noteRun, targetOf } from './client-run.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { noteLocalhostAnswer } from './localhost-answers.ts';

const PING =
  /^(?:PING |\d+ bytes from |From [^ ]+ .*icmp_seq|--- .* ping statistics ---|\d+ packets transmitted|rtt min\/avg|round-trip min|ping6?: )/u;

/** ping of iputils, busybox and inetutils. What the first line names is how the name resolved. */
export const ping = defineRecogniser({
  id: 'ping',
  title: { en: 'ping', zh: 'ping' },
  commands: (c) => c.name === 'ping' || c.name === 'ping6',
  look: (lines) =>
    fitting(lines, /^PING [^ ]+ ?\(/u) > 0 || fitting(lines, /^ping6?: (?:unknown host|bad address|[^ ]+: (?:Name|Temporary))/u) > 0,
  read(piece, facts) {
    const header = piece.lines.map((l) => /^PING ([^ (]+) ?\(([^)]+)\)/u.exec(l)).find((h) => h !== null);
    const asked = piece.command === undefined ? undefined : targetOf(piece.command);
    const target = asked ?? (header?.[1] === undefined ? undefined : { name: header[1] });
    if (target !== undefined) noteRun(piece, facts, piece.command ?? parseCommand(`ping ${target.name}`), target);
    noteHijack(piece, facts, asked?.name, header?.[1], header?.[2]);
    if (header?.[2] !== undefined) noteLocalhostAnswer(piece, facts, asked?.name ?? header[1] ?? '', [header[2]], sourceOf(piece, 0));
    noteMtu(piece, facts);
    return eachLine(piece, (line) => PING.test(line));
  },
});

/** "PING google.com.corp.example (127.0.0.1)": the name that answered carries a search suffix that nobody typed. */
function noteHijack(
  piece: Piece,
  facts: EvidenceFacts,
  asked: string | undefined,
  answered: string | undefined,
  address: string | undefined,
): void {
  if (asked === undefined || answered === undefined || isAddress(asked)) return;
  if (answered.length > asked.length + 1 && answered.toLowerCase().startsWith(`${asked.toLowerCase()}.`)) {
    facts.observe('lookup.answered-as', answered, sourceOf(piece, 0), piece.where);
    if (address !== undefined) facts.observe('lookup.answered-address', address, sourceOf(piece, 0), piece.where);
    if (asked.includes('.')) facts.observe('lookup.search-wildcard', true, sourceOf(piece, 0), piece.where);
  }
}

/** ping -M do -s SIZE: the largest packet that passed, or the MTU that a router told. */
function noteMtu(piece: Piece, facts: EvidenceFacts): void {
  const size = /(?:^| )-s ?(\d{2,5})\b/u.exec(piece.command?.text ?? '')?.[1];
  const told = piece.lines.map((l) => /mtu ?[=:]? ?(\d{3,5})/iu.exec(l)?.[1]).find((m) => m !== undefined);
  if (told !== undefined) facts.observe('path.mtu', Number(told), sourceOf(piece, 0), piece.where);
  else if (size !== undefined && Number(size) > 1000 && piece.lines.some((l) => l.includes('100% packet loss')))
    facts.observe('path.large-packets-lost', true, sourceOf(piece, 0), piece.where);
}

export const telnet = defineRecogniser({
  id: 'telnet',
  title: { en: 'telnet', zh: 'telnet' },
  commands: (c) => c.name === 'telnet',
  look: (lines) =>
    fitting(lines, /^telnet: /u) > 0 ||
    (fitting(lines, /^Trying [0-9a-f.:]+\.\.\.$/u) > 0 && fitting(lines, /^(?:Connected to|Escape character|telnet)/u) > 0),
  read(piece, facts) {
    const target = piece.command === undefined ? undefined : targetOf(piece.command);
    if (piece.command !== undefined && target !== undefined) noteRun(piece, facts, piece.command, target);
    return eachLine(piece, (line) => /^(?:Trying |telnet: |Connected to|Escape character|Connection closed)/u.test(line));
  },
});

const CURL = /^(?:[*<>{}]|curl: \(\d+\)| {0,2}%? *Total| {2}% Total|[ \d]+(?:[\dkMG.]+ +){3}|HTTP\/|Dload)/u;

/** `curl -w %{time_namelookup}` in the usual formats; bare numbers where the command asks for nothing else. Source: curl(1), --write-out. */
const NAME_LOOKUP = /^[ \t]*"?(?:time[_ ]?namelookup|DNS(?: lookup| time)?|lookup(?: time)?)"?[ \t]*[:=][ \t]*"?(\d+[.,]\d+)/iu;
const bareSeconds = (piece: Piece): boolean =>
  (piece.command?.text ?? '').includes('time_namelookup') && !/time_(?!namelookup)/u.test(piece.command?.text ?? '');

/** Look-ups of some seconds beside quick ones: how long the slowest took, and that not all are slow. */
function noteLookupTimes(piece: Piece, facts: EvidenceFacts): void {
  const times = piece.lines.flatMap((line, i) => {
    const shown = NAME_LOOKUP.exec(line)?.[1] ?? (bareSeconds(piece) ? /^[ \t]*(\d+[.,]\d+)[ \t]*$/u.exec(line)?.[1] : undefined);
    return shown === undefined ? [] : [{ seconds: Number(shown.replace(',', '.')), i }];
  });
  const slowest = times.reduce<(typeof times)[number] | undefined>((a, b) => (a === undefined || b.seconds > a.seconds ? b : a), undefined);
  if (slowest === undefined || slowest.seconds < 2) return;
  facts.observe('lookup.delay-seconds', slowest.seconds, sourceOf(piece, slowest.i), piece.where);
  if (times.some(({ seconds }) => seconds < 1)) facts.observe('lookup.delay-random', true, sourceOf(piece, slowest.i), piece.where);
}

/** curl with and without -v. Verbose output tells each address that was tried. */
export const curl = defineRecogniser({
  id: 'curl',
  title: { en: 'curl', zh: 'curl' },
  commands: (c) => c.name === 'curl',
  look: (lines) =>
    fitting(
      lines,
      /^\* +(?:Trying |Connected to|Could not resolve|connect to|About to connect|Host .* was resolved|TCP_NODELAY|ALPN|TLSv1|SSL connection|Failed to connect)/u,
    ) > 0 || fitting(lines, /^curl: \(\d+\) /u) > 0,
  read(piece, facts) {
    const target = piece.command === undefined ? undefined : targetOf(piece.command);
    if (piece.command !== undefined && target !== undefined) noteRun(piece, facts, piece.command, target);
    piece.lines.forEach((line, i) => {
      const mtuStall = /^\* +TLSv1\.\d \(OUT\)/u.test(line) && i === piece.lines.findLastIndex((l) => l !== '');
      // Connected, the first large message went out, and nothing came back: what a lost big packet looks like.
      if (mtuStall && piece.lines.some((l) => /^\* +Connected to/u.test(l)))
        facts.observe('tls.stalls-after-connect', true, sourceOf(piece, i), piece.where);
    });
    noteLookupTimes(piece, facts);
    return eachLine(
      piece,
      (line) =>
        CURL.test(line) || /^[ \t]*(?:time_\w+|-{4})[ \t:=-]*[\d.,]*s?$/u.test(line) || (bareSeconds(piece) && /^[\d.,]+$/u.test(line)),
    );
  },
});

export const wget = defineRecogniser({
  id: 'wget',
  title: { en: 'wget', zh: 'wget' },
  commands: (c) => c.name === 'wget',
  look: (lines) => fitting(lines, /^wget: /u) > 0 || fitting(lines, /^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d-- +https?:/u) > 0,
  read(piece, facts) {
    const target = piece.command === undefined ? undefined : targetOf(piece.command);
    if (piece.command !== undefined && target !== undefined) noteRun(piece, facts, piece.command, target);
    return eachLine(piece, (line) =>
      /^(?:wget: |--\d{4}|Resolving |Connecting to |HTTP request sent|Connected|Reusing|Length:|Saving to|remote file exists|ERROR \d|Retrying)/u.test(
        line,
      ),
    );
  },
});

export const nc = defineRecogniser({
  id: 'nc',
  title: { en: 'nc', zh: 'nc' },
  commands: (c) => c.name === 'nc' || c.name === 'ncat',
  look: (lines) => fitting(lines, /^(?:nc: (?:connect to|bad address|getaddrinfo)|Ncat: |Connection to [^ ]+ \d+ port)/u) > 0,
  read(piece, facts) {
    const target = piece.command === undefined ? undefined : targetOf(piece.command);
    if (piece.command !== undefined && target !== undefined) noteRun(piece, facts, piece.command, target);
    return eachLine(piece, (line) => /^(?:nc: |Ncat: |Connection to |\(UNKNOWN\) |[^ ]+ \([^)]+:\d+\) open)/u.test(line));
  },
});

const GETENT = /^([0-9a-fA-F.:]{2,45}(?:%\w+)?)[ \t]+[^ \t].*$/u;

/** `getent hosts|ahosts|ahostsv4|ahostsv6 NAME`; an empty output means not found. */
export const getent = defineRecogniser({
  id: 'getent',
  title: { en: 'name lookup by libc (getent)', zh: 'libc 名称解析（getent）' },
  commands: (c) => c.name === 'getent' && /^a?hosts(?:v[46])?$/u.test(c.words.find((w, i) => i > 0 && !w.startsWith('-')) ?? ''),
  look: (lines) => fitting(lines, /^[0-9a-fA-F.:]+[ \t]+(?:STREAM|DGRAM|RAW)\b/u) > 0,
  read(piece, facts) {
    const target = piece.command === undefined ? undefined : targetOf(piece.command);
    if (piece.command !== undefined && target !== undefined) noteRun(piece, facts, piece.command, target);
    const understood = eachLine(piece, (line) => GETENT.test(line) || /^Exit(?: status|code)?:? ?\d/iu.test(line));
    // The socket types are printed by glibc's program only.
    if (piece.where.kind === 'host' && piece.lines.some((l) => /[ \t](?:STREAM|DGRAM)\b/u.test(l)))
      facts.setLibc(HOST, { kind: 'glibc' }, sourceOf(piece, 0));
    if (piece.where.kind === 'host' && target !== undefined && facts.hostname.state === 'known' && facts.hostname.value === target.name) {
      const addresses = [...new Set(piece.lines.map((l) => GETENT.exec(l)?.[1]).filter((a) => a !== undefined))];
      facts.observe('hostname.resolves', addresses.length > 0, sourceOf(piece, 0));
      facts.observe('hostname.resolves-to', addresses, sourceOf(piece, 0));
    }
    if (target !== undefined) {
      const addresses = piece.lines.map((l) => GETENT.exec(l)?.[1]).filter((a) => a !== undefined);
      noteLocalhostAnswer(piece, facts, target.name, addresses, sourceOf(piece, 0));
    }
    return understood;
  },
});
