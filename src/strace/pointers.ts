/** Causes that a trace points to by itself, each with the line that shows it. A trace alone never proves one. */
import type { Said } from '../shared/text.ts';
import { say } from '../shared/text.ts';
import { dialTarget } from './dial-target.ts';
import type { Place, Trace, TracedLookup } from './trace.ts';

export interface Pointer {
  /** Id in the catalogue of causes. */
  readonly cause: string;
  readonly because: Said;
  readonly place: Place;
}

const texts = {
  cache: {
    en: 'a cache daemon answers for {name} out of its own view, not of this program',
    zh: '缓存守护进程按它自己的视角（而非该程序的视角）回答了 {name}',
  },
  hung: { en: 'the cache daemon accepts and does not answer', zh: '缓存守护进程接受连接却不应答' },
  full: { en: 'the cache daemon takes no more connections', zh: '缓存守护进程不再接受连接' },
  firstDead: { en: '{server} does not answer, the next server does', zh: '{server} 没有应答，下一个服务器有应答' },
  allDead: { en: 'no DNS server that is asked answers', zh: '被查询的 DNS 服务器都没有应答' },
  loopback6: { en: 'localhost leads to {address}, which fails with {errno}', zh: 'localhost 指向 {address}，连接失败：{errno}' },
} as const;

export function pointersOf(trace: Trace): readonly Pointer[] {
  const found = [...trace.lookups.flatMap(ofLookup), ...ofDials(trace)];
  return found.filter((p, i) => found.findIndex((q) => q.cause === p.cause) === i);
}

function ofLookup(lookup: TracedLookup): readonly Pointer[] {
  const { events } = lookup;
  const name = lookup.name ?? '?';
  const asked = events.some((e) => e.event === 'question');
  const no = events.find((e) => e.event === 'cache-reply' && e.type !== 'GETFDHST' && e.said === 'no');
  const silent = events.find((e) => e.event === 'cache-reply' && e.said === 'silent');
  const full = events.find((e) => e.event === 'socket' && e.service === 'nscd' && e.errno === 'EAGAIN');
  const pointers: Pointer[] = [];
  if (no !== undefined && !asked)
    pointers.push({ cause: 'nscd-socket-in-container-hosts-cache', because: say(texts.cache, { name }), place: no.place });
  if (silent !== undefined) pointers.push({ cause: 'nscd-hung', because: say(texts.hung), place: silent.place });
  else if (full !== undefined) pointers.push({ cause: 'nscd-hung', because: say(texts.full), place: full.place });
  const mute = events.flatMap((e) => (e.event === 'no-answer' ? [e] : []));
  const answering = new Set(events.flatMap((e) => (e.event === 'answer' ? [e.server] : [])));
  const [first] = mute;
  if (first !== undefined && !answering.has(first.server)) {
    if (answering.size > 0)
      pointers.push({ cause: 'resolv-first-nameserver-dead', because: say(texts.firstDead, { server: first.server }), place: first.place });
    else pointers.push({ cause: 'resolv-no-usable-nameserver', because: say(texts.allDead), place: first.place });
  }
  return pointers;
}

const NO_LOOPBACK = new Set(['EADDRNOTAVAIL', 'ENETUNREACH', 'EHOSTUNREACH', 'EAFNOSUPPORT']);

function ofDials(trace: Trace): readonly Pointer[] {
  const dial = trace.dials.find((d) => d.address === '::1' && NO_LOOPBACK.has(d.result));
  // With 127.0.0.1 tried as well, IPv6 is not what fails.
  if (dial === undefined || trace.dials.some((d) => d.address.startsWith('127.') && d.port === dial.port)) return [];
  if (!trace.lookups.some((l) => l.name === 'localhost')) return [];
  return [
    {
      cause: 'localhost-ipv6-only-lo-without-ipv6',
      because: say(texts.loopback6, { address: dialTarget(dial), errno: dial.result }),
      place: dial.place,
    },
  ];
}
