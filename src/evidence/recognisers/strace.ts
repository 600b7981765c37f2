import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { CallAssembler } from '../../strace/assemble-calls.ts';
import { Conversations } from '../../strace/conversations.ts';
import { looksLikeTrace } from '../../strace/read-trace.ts';
import type { TraceEvent } from '../../strace/trace.ts';
import { defineRecogniser } from './define-recogniser.ts';

const LINE =
  /^(?:\[pid +\d+\] |\d+ +)?(?:[\d:.]+ )?(?:socket|connect|openat|open|sendto|recvfrom|recvmsg|poll|read|execve|close|stat|newfstatat)\(.*(?:= -?\d+|<unfinished \.\.\.>)/u;

const SERVICE_SOCKET =
  /\bconnect\(\d+, \{sa_family=AF_(?:UNIX|LOCAL), sun_path="(\/[^"]*\/(?:sss\/pipes\/|systemd\/resolve\/)[^"]*)"\}, \d+\) *= 0/u;

/** strace of a lookup: which socket was asked, what it said, and whether DNS was asked afterwards. */
export const strace = defineRecogniser({
  id: 'strace',
  title: { en: 'system calls (strace)', zh: '系统调用（strace）' },
  commands: (c) => c.name === 'strace',
  names: /(?:^|\/)strace[\w.-]*$/u,
  look: (lines) => {
    const first = lines.slice(0, 40);
    return first.filter((l) => LINE.test(l)).length >= 2 || looksLikeTrace(first.join('\n'));
  },
  read(piece, facts) {
    const understood = new Set<number>();
    const assembler = new CallAssembler();
    const conversations = new Conversations();
    piece.lines.forEach((line, i) => {
      const event = assembler.feed(line, i + 1);
      if (event.kind !== 'other' || event.remark === true) understood.add(i);
      // A socket of a name service, also where the trace holds no whole look-up.
      const path = SERVICE_SOCKET.exec(line)?.[1];
      if (path !== undefined) facts.observeMore('strace.service-sockets', [path], sourceOf(piece, i));
      conversations.feed(event);
    });
    for (const call of assembler.rest()) conversations.call(call);
    conversations.end();
    const lookups = conversations.lookups.result(conversations.stack !== 'musl');
    for (const { events } of lookups) for (const event of events) note(event, piece, facts);
    noteCache(
      lookups.flatMap((l) => [...l.events]),
      piece,
      facts,
    );
    return understood;
  },
});

const at = (event: TraceEvent): number => event.place.line - 1;

function note(event: TraceEvent, piece: Piece, facts: EvidenceFacts): void {
  const source = sourceOf(piece, at(event));
  if (event.event === 'no-answer' && (event.errno === undefined || event.errno === 'POLLERR'))
    facts.observe(`lookup.server-answers.${event.server}`, false, source);
  if (event.event === 'answer') facts.observe(`lookup.server-answers.${event.server}`, true, source);
  if (event.event === 'question') facts.observeMore('strace.dns-servers', [event.server], source);
  else if (event.event === 'socket' && event.service !== 'nscd' && event.errno === undefined)
    facts.observeMore('strace.service-sockets', [event.path], source);
  else if (event.event === 'socket' && event.service === 'nscd' && event.errno === undefined) {
    facts.observe('nscd.running', true, source);
    if (piece.where.kind === 'container') facts.observe('nscd.socket-in-container', true, source);
  }
}

/** What the daemon said to the question for a name; without one, why it could not be asked. */
const WORDS = {
  no: 'connected-not-found',
  yes: 'connected-answered',
  'not-served': 'connected-not-served',
  closed: 'connected-not-served',
  silent: 'connected-silent',
} as const;

function noteCache(events: readonly TraceEvent[], piece: Piece, facts: EvidenceFacts): void {
  const asked = events.findIndex((e) => e.event === 'cache-request' && e.type !== 'GETFDHST');
  const replies = events.flatMap((e) => (e.event === 'cache-reply' && e.type !== 'GETFDHST' ? [e] : []));
  const reply = replies.find((r) => r.said === 'no') ?? replies.find((r) => r.said === 'silent') ?? replies[0];
  const failed = events.find((e) => e.event === 'socket' && e.service === 'nscd' && e.errno !== undefined);
  if (reply !== undefined) facts.observe('nscd.strace', WORDS[reply.said], sourceOf(piece, at(reply)));
  else if (failed?.event === 'socket')
    facts.observe('nscd.strace', failed.errno === 'ENOENT' ? 'absent' : 'refused', sourceOf(piece, at(failed)));
  const request = events[asked];
  if (request !== undefined)
    facts.observe(
      'strace.dns-after-nscd',
      events.slice(asked).some((e) => e.event === 'question'),
      sourceOf(piece, at(request)),
    );
}
