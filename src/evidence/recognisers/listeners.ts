/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
import type { Listener } from '../../facts/node-facts.ts';
import { hasFlag, isFiltered } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const SS =
  /^(?:(tcp|udp|u_str|u_dgr|u_seq|nl|p_raw|p_dgr|icmp6|raw)[ \t]* )?[ \t]*(LISTEN|UNCONN|ESTAB|TIME-WAIT|CLOSE-WAIT|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|LAST-ACK|CLOSING)[ \t]+(\d+)[ \t]+(\d+)[ \t]+([^ \t]+)[ \t]+([^ \t]+)(.*)$/u;
const NETSTAT =
  /^(tcp|udp)(6)?[ \t]+(\d+)[ \t]+(\d+)[ \t]+([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+(LISTEN|ESTABLISHED|TIME_WAIT|CLOSE_WAIT|SYN_SENT|SYN_RECV|FIN_WAIT[12]|LAST_ACK|CLOSING|CLOSE))?(.*)$/u;
const SS_PROCESS = /users:\(\("([^"]+)",(?:pid=)?(\d+)/u;
const NETSTAT_PROCESS = /[ \t](\d+)\/([^ \t]+)/u;

/** '127.0.0.1:53', '[::1]:6443', '*:6443', ':::6443', '127.0.0.53%lo:53', '0.0.0.0:http'. */
function endpoint(text: string): { readonly address: string; readonly port: number; readonly both: boolean } | undefined {
  const hit = /^(?:\[([^\]]+)\]|(.*)):(\d{1,5}|\*)$/u.exec(text);
  if (hit === null || hit[3] === '*') return undefined;
  const address = (hit[1] ?? hit[2] ?? '').replace(/%[^\]]*$/u, '');
  return { address: address === '*' || address === '' ? '*' : address.toLowerCase(), port: Number(hit[3]), both: address === '*' };
}

/**
 * '*:PORT' in ss is an IPv6 socket that takes IPv4 as well (a plain IPv4 wildcard is printed as 0.0.0.0:PORT); '[::]:PORT' is one with
 * IPV6_V6ONLY. In netstat ':::PORT' does not tell. Source: iproute2 misc/ss.c (inet_addr_print), man 8 ss.
 */
function listenerOf(
  protocol: 'tcp' | 'udp',
  local: string,
  tool: 'ss' | 'netstat',
  process: { readonly pid?: number; readonly program?: string },
): Listener | undefined {
  const end = endpoint(local);
  if (end === undefined) return undefined;
  if (end.both) return { protocol, family: 'inet6', address: '::', port: end.port, v6only: false, ...process };
  const inet6 = end.address.includes(':');
  const wildcard6 = end.address === '::';
  return {
    protocol,
    family: inet6 ? 'inet6' : 'inet',
    address: end.address,
    port: end.port,
    ...(wildcard6 && tool === 'ss' ? { v6only: true } : {}),
    ...process,
  };
}

function store(
  piece: Piece,
  facts: EvidenceFacts,
  found: readonly { readonly listener: Listener; readonly index: number }[],
  whole: boolean,
): void {
  if (whole)
    facts.addListeners(
      piece.where,
      found.map((f) => f.listener),
      sourceOf(piece, piece.lines.length > 0 ? 0 : undefined),
    );
  if (piece.where.kind !== 'host') return;
  for (const { listener, index } of found) {
    const source = sourceOf(piece, index);
    if (listener.program !== undefined) facts.observe(`port.${listener.port}.owner`, listener.program, source);
    if (listener.protocol === 'tcp') facts.observe(`port.${listener.port}.listening`, true, source);
  }
}

/** ss -ltn, -lntup, -tulpn … Only a listing without filters shows what does not listen. */
export const ss = defineRecogniser({
  id: 'ss',
  title: { en: 'sockets (ss)', zh: '套接字（ss）' },
  commands: (c) => c.name === 'ss',
  names: /(?:^|\/)ss[-_ ]?[a-z0-9-]*(?:\.txt|\.out|\.log)?$/u,
  look: (lines) =>
    fitting(lines, /^(?:tcp|udp)? *(?:LISTEN|UNCONN) +\d+ +\d+ +[^ ][^ :]*:[^ ]+ +[^ ]+:/u) > 0 ||
    fitting(lines, /^(?:Netid +)?State +Recv-Q +Send-Q +Local Address/u) > 0,
  read(piece, facts) {
    const c = piece.command;
    const found: { listener: Listener; index: number }[] = [];
    const unix: { path: string; index: number; process: string }[] = [];
    const understood = eachLine(piece, (line, index) => {
      if (/^(?:Netid|State)[ \t]/u.test(line)) return true;
      const hit = SS.exec(line);
      if (hit === null) return false;
      const [, netid, state = '', , , local = '', , rest = ''] = hit;
      if (netid?.startsWith('u_') === true) {
        if (local.startsWith('/') || local.startsWith('@')) unix.push({ path: local, index, process: rest });
        return true;
      }
      if (state !== 'LISTEN' && state !== 'UNCONN') return true;
      const protocol = netid === 'udp' || state === 'UNCONN' ? 'udp' : 'tcp';
      const process = SS_PROCESS.exec(rest);
      const listener = listenerOf(protocol, local, 'ss', process === null ? {} : { program: process[1] ?? '', pid: Number(process[2]) });
      if (listener !== undefined) found.push({ listener, index });
      return true;
    });
    const whole =
      c === undefined
        ? !/ssx|-x/u.test(piece.name)
        : !isFiltered(c) &&
          !c.words.some((w) => /^(?:sport|dport|src|dst|state)$/u.test(w)) &&
          !(hasFlag(c, '4') || hasFlag(c, '6')) &&
          (hasFlag(c, 'l') || hasFlag(c, 'a'));
    store(piece, facts, found, whole);
    noteCacheSockets(piece, facts, unix);
    return understood;
  },
});

/** The socket of a name cache and who holds it, from `ss -xlp`. */
function noteCacheSockets(
  piece: Piece,
  facts: EvidenceFacts,
  unix: readonly { readonly path: string; readonly index: number; readonly process: string }[],
): void {
  for (const { path, index, process } of unix) {
    if (!/^\/(?:var\/)?run\/nscd\/socket$/u.test(path)) continue;
    const source = sourceOf(piece, index);
    facts.setSockets(piece.where, [{ service: 'nscd', path, state: 'answering' }], source);
    const owner = SS_PROCESS.exec(process);
    if (piece.where.kind === 'host') facts.observe('nscd.running', true, source);
    if (owner?.[1] !== undefined && !facts.daemons.some((d) => d.kind === 'nscd' || d.kind === 'unscd')) {
      facts.daemons.push({
        id: `${owner[1]}:${owner[2] ?? '0'}`,
        kind: owner[1] === 'unscd' ? 'unscd' : 'nscd',
        pid: Number(owner[2]),
        view: facts.view(piece.where).id,
      });
    }
  }
}

/** netstat -lntup and the like. */
export const netstat = defineRecogniser({
  id: 'netstat',
  title: { en: 'sockets (netstat)', zh: '套接字（netstat）' },
  commands: (c) => c.name === 'netstat' && !hasFlag(c, 'r') && !hasFlag(c, 's') && !hasFlag(c, 'i'),
  names: /(?:^|\/)netstat(?:[-_ ][\w-]+)?(?:\.txt|\.out)?$/u,
  look: (lines) => fitting(lines, /^(?:tcp|udp)6? +\d+ +\d+ +[^ ]+:\d+ +[^ ]+:[\d*]+/u) > 0,
  read(piece, facts) {
    const c = piece.command;
    const found: { listener: Listener; index: number }[] = [];
    const understood = eachLine(piece, (line, index) => {
      if (/^(?:Active Internet|Active UNIX|Proto[ \t]+Recv-Q|Proto RefCnt)/u.test(line) || /^unix +\d/u.test(line)) return true;
      const hit = NETSTAT.exec(line);
      if (hit === null) return false;
      const [, protocol = 'tcp', , , , local = '', peer = '', state, rest = ''] = hit;
      if (!(state === 'LISTEN' || (protocol === 'udp' && peer.endsWith(':*')))) return true;
      const process = NETSTAT_PROCESS.exec(rest);
      const listener = listenerOf(
        protocol === 'udp' ? 'udp' : 'tcp',
        local.replace(/^:::/u, '[::]:'),
        'netstat',
        process === null ? {} : { program: (process[2] ?? '').replace(/:$/u, ''), pid: Number(process[1]) },
      );
      if (listener !== undefined) found.push({ listener, index });
      return true;
    });
    store(
      piece,
      facts,
      found,
      c === undefined || (!isFiltered(c) && (hasFlag(c, 'l') || hasFlag(c, 'a')) && !hasFlag(c, '4') && !hasFlag(c, '6')),
    );
    return understood;
  },
});
