import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, fitting } from './define-recogniser.ts';

const CALL = /^(?:\[pid +\d+\] |\d+ +)?(?:\d\d:\d\d:\d\d(?:\.\d+)? |\d+\.\d+ )?(?:<\.\.\. )?[a-z_0-9]+(?:\(| resumed)/u;
const CONNECT = /connect\((\d+), \{sa_family=AF_(?:UNIX|LOCAL|FILE), sun_path=@?"([^"]+)".*\) = (-?\d+)(?: (E[A-Z]+))?/u;
const DNS = /sa_family=AF_INET6?, sin6?_port=htons\(53\).*?"([0-9a-fA-F.:]+)"/u;

/** What the first bytes of nscd's answer say: version 2, then found = 0 (a definite no), 1 (from the cache) or -1 (not served). Source: glibc nscd/nscd-client.h. */
function nscdAnswer(line: string): 'connected-not-found' | 'connected-not-served' | 'connected-answered' | undefined {
  if (/^.*\b(?:read|recv(?:from|msg)?)\(.*"\\2\\0\\0\\0\\0\\0\\0\\0/u.test(line)) return 'connected-not-found';
  if (line.includes('"\\2\\0\\0\\0\\1\\0\\0\\0')) return 'connected-answered';
  if (line.includes('"\\2\\0\\0\\0\\377\\377\\377\\377')) return 'connected-not-served';
  return undefined;
}

/** strace of a lookup: which socket was asked, what it said, and whether DNS was asked afterwards. */
export const strace = defineRecogniser({
  id: 'strace',
  title: { en: 'system calls (strace)', zh: '系统调用（strace）' },
  commands: (c) => c.name === 'strace',
  names: /(?:^|\/)strace[\w.-]*$/u,
  look: (lines) => fitting(lines, /^(?:\[pid +\d+\] |\d+ +)?(?:[\d:.]+ )?(?:socket|connect|openat|open|sendto|recvfrom|recvmsg|poll|read|execve|close|stat|newfstatat)\(.*(?:= -?\d+|<unfinished \.\.\.>)/u) >= 2 || fitting(lines, CONNECT) > 0,
  read(piece, facts) {
    const understood = new Set<number>();
    let asked = -1;
    let dnsAfter = false;
    piece.lines.forEach((line, i) => {
      if (!CALL.test(line) && !/^(?:\+\+\+|---|strace: )/u.test(line)) return;
      understood.add(i);
      const connect = CONNECT.exec(line);
      if (connect !== null && (connect[2] ?? '').endsWith("nscd/socket")) {
        noteConnect(piece, facts, i, connect[3] === '0', connect[4]);
        if (connect[3] === '0') asked = i;
      }
      const answer = asked >= 0 ? nscdAnswer(line) : undefined;
      if (answer !== undefined) facts.observe('nscd.strace', answer, sourceOf(piece, i));
      const server = DNS.exec(line)?.[1];
      if (server !== undefined) {
        dnsAfter = true;
        facts.observeMore('strace.dns-servers', [server], sourceOf(piece, i));
      }
      const pipe = /sun_path="(\/var\/lib\/sss\/pipes\/[^"]+|\/run\/systemd\/resolve\/[^"]+|\/run\/avahi[^"]+|\/var\/run\/avahi[^"]+)"/u.exec(line)?.[1];
      if (pipe !== undefined) facts.observeMore('strace.service-sockets', [pipe], sourceOf(piece, i));
    });
    if (asked >= 0) facts.observe('strace.dns-after-nscd', dnsAfter, sourceOf(piece, asked));
    // Connected, and then the client waits for the whole time that glibc allows.
    const silent = asked >= 0 && piece.lines.slice(asked).some((l) => /poll\(.*5000\) *= 0 \(Timeout\)/u.test(l.replaceAll(/\t/gu, ' ')));
    if (silent) facts.observe('nscd.strace', 'connected-silent', sourceOf(piece, asked));
    return understood;
  },
});

function noteConnect(piece: Piece, facts: EvidenceFacts, index: number, connected: boolean, errno: string | undefined): void {
  const source = sourceOf(piece, index);
  if (!connected) {
    facts.observe('nscd.strace', errno === 'ENOENT' ? 'absent' : 'refused', source);
    return;
  }
  facts.observe('nscd.running', true, source);
  if (piece.where.kind === 'container') facts.observe('nscd.socket-in-container', true, source);
}
