/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import type { DnsRecord, DnsReply } from '../../facts/node-facts.ts';
import { isAddress } from '../host-port.ts';
import { argumentsOf, type CommandLine } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { noteLocalhostAnswer } from './localhost-answers.ts';

const lower = (name: string): string => name.toLowerCase().replace(/\.$/u, '');
const RECORD = /^([^; \t][^ \t]*)[ \t]+(?:(\d+)[ \t]+)?IN[ \t]+([A-Z]+)[ \t]+(.+?)[ \t]*$/u;

/** Writes one question and its answer down, and what it says about DNS at that place. */
function noteAnswer(
  piece: Piece,
  facts: EvidenceFacts,
  question: {
    readonly server: string | undefined;
    readonly port?: number;
    readonly name: string;
    readonly type: string;
    readonly transport?: 'udp' | 'tcp';
  },
  reply: DnsReply,
  index: number,
): void {
  if (piece.where.kind === 'elsewhere') return;
  const source = sourceOf(piece, index);
  const netns = facts.view(piece.where).netns;
  facts.netns(piece.where);
  // A server that is silent by TCP alone does answer: programs ask it by UDP.
  const told = reply.kind === 'answer' || question.transport !== 'tcp';
  const server = question.server === undefined ? undefined : question.server.replace(/#\d+$/u, '');
  if (server !== undefined && isAddress(server)) {
    facts.dns.push({
      netns,
      question: {
        server,
        name: lower(question.name),
        type: question.type,
        transport: question.transport ?? 'udp',
        ...(question.port === undefined || question.port === 53 ? {} : { port: question.port }),
      },
      reply,
      source,
    });
    if (told) facts.observe(`lookup.server-answers.${server}`, reply.kind === 'answer', source);
  } else if (server === undefined) {
    const own = { name: lower(question.name), type: question.type, transport: question.transport ?? 'udp' } as const;
    facts.dnsOfOwnServer.push({ where: piece.where, netns, question: own, reply, source });
  }
  if (reply.kind === 'answer') {
    const addresses = reply.answers.flatMap(({ type, data }) => (type === 'A' || type === 'AAAA' ? [data] : []));
    noteLocalhostAnswer(piece, facts, question.name, addresses, source);
  }
  const works = reply.kind === 'answer' && reply.rcode === 'NOERROR' && reply.answers.length > 0;
  if (told && !isAddress(question.name) && (question.type === 'A' || question.type === 'AAAA'))
    facts.observe(piece.where.kind === 'host' ? 'lookup.dns.works' : 'lookup.container-dns.works', works, source);
}

interface Asked {
  readonly server?: string;
  readonly name?: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

function askedOf(c: CommandLine | undefined): Asked {
  const words = c === undefined ? [] : argumentsOf(c).filter((w) => w !== 'IN');
  const at = words.find((w) => w.startsWith('@'));
  const type = words.find((w) => /^(?:A|AAAA|PTR|CNAME|SOA|NS|MX|TXT|SRV|ANY|HINFO)$/iu.test(w));
  const names = words.filter((w) => !w.startsWith('@') && w !== type && !/^\d+$/u.test(w));
  return {
    type: (type ?? 'A').toUpperCase(),
    transport: c?.words.includes('+tcp') === true ? 'tcp' : 'udp',
    ...(at === undefined ? {} : { server: at.slice(1) }),
    ...(names[0] === undefined ? {} : { name: names[0] }),
  };
}

/** dig in its full and short forms. Source: bind9 bin/dig/dig.c. */
export const dig = defineRecogniser({
  id: 'dig',
  title: { en: 'DNS query (dig)', zh: 'DNS 查询（dig）' },
  commands: (c) => c.name === 'dig' || c.name === 'drill' || c.name === 'kdig',
  look: (lines) => fitting(lines, /^;; ->>HEADER<<-/u) > 0 || fitting(lines, /^; <<>> DiG /u) > 0,
  read(piece, facts) {
    const asked = askedOf(piece.command);
    const header = piece.lines.findIndex((l) => l.includes('->>HEADER<<-'));
    const status = /status: ([A-Z]+)/u.exec(piece.lines[header] ?? '')?.[1];
    const serverLine = piece.lines.map((l) => /^;; SERVER: ([^#( ]+)#(\d+)/u.exec(l)).find((h) => h !== null);
    const question = piece.lines.map((l) => /^;([^; \t][^ \t]*)[ \t]+IN[ \t]+([A-Z]+)/u.exec(l)).find((h) => h !== null);
    const answers: DnsRecord[] = [];
    let section = '';
    const understood = eachLine(piece, (line) => {
      if (line.startsWith(';')) {
        section = /^;; ([A-Z]+) SECTION/u.exec(line)?.[1] ?? (line.startsWith(';; ') ? '' : section);
        return true;
      }
      const record = RECORD.exec(line);
      if (record !== null) {
        if (section === 'ANSWER' || section === '')
          answers.push({
            name: lower(record[1] ?? ''),
            type: record[3] ?? '',
            data: lower(record[4] ?? ''),
            ...(record[2] === undefined ? {} : { ttl: Number(record[2]) }),
          });
        return true;
      }
      if (isAddress(line.trim()) && header < 0) {
        answers.push({ name: lower(asked.name ?? ''), type: line.includes(':') ? 'AAAA' : 'A', data: line.trim() });
        return true;
      }
      return /^[\w.-]+\.$/u.test(line.trim());
    });
    const name = question?.[1] ?? asked.name;
    if (name === undefined) return understood;
    const silent = piece.lines.some((l) =>
      /no servers could be reached|connection timed out|^;; Connection to .* failed: (?!.*refused)/u.test(l),
    );
    const refused = piece.lines.some((l) => l.includes('connection refused'));
    const truncated = piece.lines.findIndex((l) => l.startsWith(';; Truncated, retrying in TCP mode'));
    const flags = /flags: ([a-z ]*)/u.exec(piece.lines.find((l) => l.startsWith(';; flags')) ?? '')?.[1] ?? '';
    const server = serverLine?.[1] ?? asked.server ?? communications(piece.lines);
    const reply: DnsReply =
      status !== undefined || answers.length > 0
        ? {
            kind: 'answer',
            rcode: status ?? 'NOERROR',
            answers,
            aa: /\baa\b/u.test(flags),
            ra: /\bra\b/u.test(flags),
            tc: /\btc\b/u.test(flags),
          }
        : refused
          ? { kind: 'error', errno: 'ECONNREFUSED' }
          : { kind: 'silent' };
    // `dig +short` that prints nothing got an answer without addresses: which one is not known.
    if (status === undefined && answers.length === 0 && !silent && !refused) return understood;
    const type = question?.[2] ?? asked.type;
    // The answer was too long for UDP: it came, cut off, and dig asked again by TCP.
    if (truncated >= 0)
      noteAnswer(
        piece,
        facts,
        { server, name, type },
        { kind: 'answer', rcode: 'NOERROR', answers: [], aa: false, ra: false, tc: true },
        truncated,
      );
    noteAnswer(
      piece,
      facts,
      {
        server,
        name,
        type,
        transport: truncated >= 0 ? 'tcp' : asked.transport,
        ...(serverLine?.[2] === undefined ? {} : { port: Number(serverLine[2]) }),
      },
      reply,
      Math.max(header, 0),
    );
    return understood;
  },
});

const communications = (lines: readonly string[]): string | undefined =>
  lines.map((l) => /(?:communications error to|UDP setup with|^;; Connection to) ([^ #]+)#/u.exec(l)?.[1]).find((s) => s !== undefined);

/** nslookup of bind and of busybox. Sources: bind9 bin/dig/nslookup.c, busybox networking/nslookup.c. */
export const nslookup = defineRecogniser({
  id: 'nslookup',
  title: { en: 'DNS query (nslookup)', zh: 'DNS 查询（nslookup）' },
  commands: (c) => c.name === 'nslookup',
  look: (lines) =>
    fitting(lines, /^Server:[ \t]+[0-9a-f.:]+/u) > 0 || fitting(lines, /^(?:nslookup: can't resolve|\*\* server can't find)/u) > 0,
  read(piece, facts) {
    const words = piece.command === undefined ? [] : argumentsOf(piece.command);
    let server: string | undefined = words[1];
    let name: string | undefined = words[0];
    let rcode: string | undefined;
    let failedAt = 0;
    const answers: DnsRecord[] = [];
    let owner: string | undefined;
    const understood = eachLine(piece, (line, i) => {
      const head = /^Server:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (head !== undefined) {
        server = head;
        return true;
      }
      const cannot = /^\*\* server can't find ([^ :]+): ([A-Z]+)/u.exec(line) ?? /^nslookup: can't resolve '([^']+)'/u.exec(line);
      if (cannot !== null && cannot[1] === '(null)') return true;
      if (cannot !== null) {
        name ??= cannot[1];
        rcode = cannot[2] ?? 'NXDOMAIN';
        failedAt = i;
        return true;
      }
      const at = /^Address(?: \d+)?:[ \t]+([0-9a-fA-F.:]+)(?:#\d+)?(?:[ \t].*)?$/u.exec(line);
      if (at?.[1] !== undefined) {
        if (owner === undefined) server ??= at[1];
        else answers.push({ name: lower(owner), type: at[1].includes(':') ? 'AAAA' : 'A', data: at[1].toLowerCase() });
        return true;
      }
      const named = /^Name:[ \t]+([^ \t]+)/u.exec(line)?.[1];
      if (named !== undefined) {
        owner = named;
        name ??= named;
        return true;
      }
      const alias = /^([^ \t]+)[ \t]+canonical name = ([^ \t]+)/u.exec(line);
      if (alias !== null) {
        answers.push({ name: lower(alias[1] ?? ''), type: 'CNAME', data: lower(alias[2] ?? '') });
        return true;
      }
      return /^(?:;; |Non-authoritative answer|command terminated|\*\*\* |Address: +<)/u.test(line);
    });
    const silent = piece.lines.some((l) => /no servers could be reached|connection timed out/u.test(l));
    if (name === undefined) return understood;
    if (answers.length > 0)
      noteAnswer(
        piece,
        facts,
        { server, name, type: answers.some((a) => a.type === 'A') ? 'A' : 'AAAA' },
        { kind: 'answer', rcode: 'NOERROR', answers },
        0,
      );
    else if (rcode !== undefined) noteAnswer(piece, facts, { server, name, type: 'A' }, { kind: 'answer', rcode, answers: [] }, failedAt);
    else if (silent) noteAnswer(piece, facts, { server, name, type: 'A' }, { kind: 'silent' }, 0);
    // BusyBox prints the name only where it was found; people leave the address out.
    if (owner !== undefined && rcode === undefined && words[0]?.endsWith('.') === true && piece.where.kind !== 'elsewhere')
      facts.observe('lookup.trailing-dot.works', true, sourceOf(piece, 0), piece.where);
    if (owner !== undefined && words[0] !== undefined && answers.length > 0) noteSuffix(piece, facts, words[0], owner);
    return understood;
  },
});

/** The name that answered is the asked one with a search suffix: normal for short names, a hijack for complete ones. */
function noteSuffix(piece: Piece, facts: EvidenceFacts, asked: string, answered: string): void {
  const a = lower(asked);
  const b = lower(answered);
  if (b.length > a.length + 1 && b.startsWith(`${a}.`) && a.includes('.') && !b.endsWith('.cluster.local'))
    facts.observe('lookup.answered-as', answered, sourceOf(piece, 0), piece.where);
}

/** host: "NAME has address A", "Host NAME not found: 3(NXDOMAIN)". */
export const host = defineRecogniser({
  id: 'host-tool',
  title: { en: 'DNS query (host)', zh: 'DNS 查询（host）' },
  commands: (c) => c.name === 'host',
  look: (lines) => fitting(lines, /^[^ ]+ (?:has address|has IPv6 address|is an alias for) |^Host [^ ]+ not found: /u) > 0,
  read(piece, facts) {
    const words = piece.command === undefined ? [] : argumentsOf(piece.command);
    const answers: DnsRecord[] = [];
    let rcode: string | undefined;
    let name = words[0];
    const understood = eachLine(piece, (line) => {
      const has = /^([^ ]+) has (IPv6 )?address ([0-9a-fA-F.:]+)/u.exec(line);
      if (has !== null) {
        name ??= has[1];
        answers.push({ name: lower(has[1] ?? ''), type: has[2] === undefined ? 'A' : 'AAAA', data: (has[3] ?? '').toLowerCase() });
        return true;
      }
      const not = /^Host ([^ ]+) not found: \d\(([A-Z]+)\)/u.exec(line);
      if (not !== null) {
        name ??= not[1];
        rcode = not[2];
        return true;
      }
      return /^(?:;; |[^ ]+ is an alias for|Using domain server|Name: |Address: |Aliases:|[^ ]+ mail is handled)/u.test(line);
    });
    const using = piece.lines.map((l) => /^Address: ([^ #]+)#/u.exec(l)?.[1]).find((s) => s !== undefined);
    const server = using ?? words[1];
    if (name === undefined) return understood;
    if (answers.length > 0) noteAnswer(piece, facts, { server, name, type: 'A' }, { kind: 'answer', rcode: 'NOERROR', answers }, 0);
    else if (rcode !== undefined) noteAnswer(piece, facts, { server, name, type: 'A' }, { kind: 'answer', rcode, answers: [] }, 0);
    else if (piece.lines.some((l) => l.includes('no servers could be reached')))
      noteAnswer(piece, facts, { server, name, type: 'A' }, { kind: 'silent' }, 0);
    return understood;
  },
});

/** resolvectl status and resolvectl query. Source: resolvectl(1). */
export const resolvectl = defineRecogniser({
  id: 'resolvectl',
  title: { en: 'systemd-resolved (resolvectl)', zh: 'systemd-resolved（resolvectl）' },
  commands: (c) => c.name === 'resolvectl' || c.name === 'systemd-resolve',
  names: /(?:^|\/)(?:resolvectl|systemd-resolve)[-_]+(?:[\dA-Za-z]\w*)?(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^ *(?:Current DNS Server|DNS Servers|resolv\.conf mode|LLMNR setting): /u) >= 2,
  read(piece, facts) {
    const source = sourceOf(piece, 0);
    const servers: string[] = [];
    let more = false;
    const understood = eachLine(piece, (line) => {
      const hit = /^ *([A-Z][\w. ]+): (.*)$/u.exec(line);
      if (hit !== null) {
        more = hit[1] === 'DNS Servers';
        if (hit[1] === 'DNS Servers' || hit[1] === 'Current DNS Server') servers.push(...(hit[2] ?? '').split(/ +/u).filter(isAddress));
        return true;
      }
      const lone = line.trim();
      if (more && isAddress(lone)) {
        servers.push(lone);
        return true;
      }
      return /^(?:Global|Link \d+|--|[^ ]+: [^ ]+|[^ ]+: resolve call failed)/u.test(line) || lone !== '';
    });
    if (piece.where.kind === 'host') {
      if (servers.length > 0) facts.observe('nameservers.resolvectl', [...new Set(servers)], source);
      facts.observe('local-resolver', 'systemd-resolved', source);
      facts.observe('unit.systemd-resolved.active', 'active', source);
    }
    return understood;
  },
});
