/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import type { RejectRule } from '../../facts/node-facts.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

interface Found {
  table: string;
  readonly chains: Set<string>;
  readonly rules: Map<string, number>;
  readonly rejects: RejectRule[];
  readonly forwardAccepts: string[];
  forwardDropSeen: boolean;
  /** Something besides empty chains: a policy that drops. */
  drops: boolean;
}

const newFound = (): Found => ({
  table: 'filter',
  chains: new Set(),
  rules: new Map(),
  rejects: [],
  forwardAccepts: [],
  forwardDropSeen: false,
  drops: false,
});

const inet6 = (piece: Piece): boolean => (piece.command?.name ?? piece.name.toLowerCase()).includes('ip6tables');

const UNDERSTOOD_OPTIONS = /^(?:-A|-p|--protocol|-s|-d|-i|-o|--dport|--dports|-m|-j|--reject-with|--comment|-c)$/u;

/** A rule of `iptables-save` or `iptables -S` that refuses local traffic. */
function rejectOf(line: string, family: RejectRule['family'], packets: number | undefined): RejectRule | undefined {
  const words: readonly string[] = line.match(/"[^"]*"|[^ ]+/gu) ?? [];
  const value = (option: string): string | undefined => {
    const at = words.indexOf(option);
    return at < 0 ? undefined : words[at - 1] === '!' ? undefined : words[at + 1];
  };
  const chain = value('-A');
  const target = value('-j');
  if ((chain !== 'INPUT' && chain !== 'OUTPUT') || (target !== 'DROP' && target !== 'REJECT')) return undefined;
  const unknown = words.filter(
    (w, i) =>
      (w.startsWith('-') && !UNDERSTOOD_OPTIONS.test(w)) || w === '!' || (words[i - 1] === '-m' && !/^(?:tcp|udp|comment)$/u.test(w)),
  );
  const destination = value('-d');
  const from = value('-s');
  const protocol = value('-p');
  const port = Number(value('--dport'));
  const device = value(chain === 'INPUT' ? '-i' : '-o');
  return {
    family,
    hook: chain === 'INPUT' ? 'input' : 'output',
    verdict:
      target === 'DROP' ? 'drop' : (value('--reject-with') ?? (family === 'inet6' ? 'icmp6-port-unreachable' : 'icmp-port-unreachable')),
    text: line,
    ...(destination === undefined ? {} : { destination }),
    ...(from === undefined ? {} : { source: from }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(Number.isInteger(port) && port > 0 ? { port } : {}),
    ...(device === undefined ? {} : { device }),
    ...(packets === undefined ? {} : { packets }),
    ...(unknown.length === 0 ? {} : { unknownConditions: unknown }),
  };
}

function store(piece: Piece, facts: EvidenceFacts, found: Found, backend: 'legacy' | 'nft' | undefined): void {
  const source = sourceOf(piece, 0);
  const netns = facts.netns(piece.where);
  if (found.rules.size + found.chains.size > 0) {
    netns.rejects.push(...found.rejects);
    netns.rejectsSource ??= source;
  }
  if (piece.where.kind !== 'host') return;
  const chains = [...found.chains].sort();
  if (chains.length > 0) facts.observeMore('iptables.chains', chains, source);
  if (backend !== undefined) {
    facts.observeMore(`iptables.${backend}-chains`, chains, source);
    const legacy = facts.observation('iptables.legacy-chains');
    const nft = facts.observation('iptables.nft-chains');
    const own = (list: unknown): boolean => Array.isArray(list) && list.some((c) => /KUBE-|DOCKER|cali-|CNI-|FLANNEL/u.test(String(c)));
    facts.observe(`iptables.${backend}-in-use`, found.rules.size > 0 || found.drops, source);
    const inUse = (which: string): boolean => facts.observation(`iptables.${which}-in-use`) === true;
    if ((own(legacy) && own(nft)) || (inUse('legacy') && inUse('nft'))) facts.observe('iptables.backend', 'mixed', source);
    else if (inUse('nft')) facts.observe('iptables.backend', 'nft', source);
  }
  const duplicates = [...found.rules.values()].reduce((n, c) => n + Math.max(0, c - 1), 0);
  if (found.rules.size > 0) facts.observe('iptables.duplicate-rules', duplicates, source);
  if (found.forwardAccepts.length > 0) facts.observe('iptables.forward-accepts', found.forwardAccepts, source);
}

/** iptables-save and iptables -S. Source: iptables-save(8). */
export const iptablesSave = defineRecogniser({
  id: 'iptables-save',
  title: { en: 'firewall rules (iptables-save)', zh: '防火墙规则（iptables-save）' },
  commands: (c) =>
    /^ip6?tables(?:-legacy|-nft)?-save$/u.test(c.name) ||
    (/^ip6?tables(?:-legacy|-nft)?$/u.test(c.name) && c.words.some((w) => /^-[A-Z]*S/u.test(w) || w === '--list-rules')),
  names: /(?:^|\/)ip6?tables[-_]?(?:legacy|nft)?[-_]?save(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^(?:\*(?:filter|nat|mangle|raw)$|:[A-Z][\w-]* (?:ACCEPT|DROP|-) \[\d+:\d+\]|-[AP] [A-Z])/u) >= 2,
  read(piece, facts) {
    const found = newFound();
    const family = inet6(piece) ? 'inet6' : 'inet';
    let backend: 'legacy' | 'nft' | undefined = piece.name.includes('legacy') ? 'legacy' : piece.name.includes('nft') ? 'nft' : undefined;
    const table = /-t ?(\w+)/u.exec(piece.name)?.[1];
    if (table !== undefined) found.table = table;
    const understood = eachLine(piece, (line, i) => {
      // Up to 1.8.2 the nft variant called itself xtables-save.
      const generated = /^# Generated by (?:ip6?tables(?:-nft|-legacy)?|xtables)-save v[\d.]+(?: \(nf_tables\))?/u.exec(line);
      if (generated !== null) {
        if (/nf_tables|by xtables-save/u.test(line)) backend ??= 'nft';
        return true;
      }
      if (line.startsWith('# Warning: iptables-legacy tables present')) {
        if (piece.where.kind === 'host') facts.observe('iptables.legacy-present', true, sourceOf(piece, i));
        return true;
      }
      const tableLine = /^\*(\w+)$/u.exec(line)?.[1];
      if (tableLine !== undefined) {
        found.table = tableLine;
        return true;
      }
      const chain = /^(?::|-P )([\w.-]+) (ACCEPT|DROP|-)/u.exec(line);
      if (chain !== null) {
        found.chains.add(`${found.table}/${chain[1] ?? ''}`);
        if (chain[2] === 'DROP') found.drops = true;
        if (found.table === 'filter' && chain[2] !== '-' && piece.where.kind === 'host')
          facts.observe(`iptables.policy.${chain[1] ?? ''}`, chain[2] ?? '', sourceOf(piece, i));
        return true;
      }
      const made = /^-N ([\w.-]+)/u.exec(line)?.[1];
      if (made !== undefined) {
        found.chains.add(`${found.table}/${made}`);
        return true;
      }
      const rule = /^(?:\[(\d+):\d+\] )?(-A ([\w.-]+) .*)$/u.exec(line);
      if (rule === null) return /^(?:#|COMMIT$)/u.test(line);
      const [, packets, body = '', name = ''] = rule;
      found.chains.add(`${found.table}/${name}`);
      found.rules.set(`${found.table} ${body}`, (found.rules.get(`${found.table} ${body}`) ?? 0) + 1);
      if (found.table === 'filter') {
        const reject = rejectOf(body, family, packets === undefined ? undefined : Number(packets));
        if (reject !== undefined) found.rejects.push(reject);
        noteForward(found, name, body);
      }
      return true;
    });
    store(piece, facts, found, backend);
    return understood;
  },
});

function noteForward(found: Found, chain: string, body: string): void {
  if (chain !== 'FORWARD') return;
  if (/-j (?:DROP|REJECT)\b/u.test(body)) found.forwardDropSeen = true;
  else if (
    !found.forwardDropSeen &&
    /-j (?:ACCEPT|KUBE-FORWARD|cali-FORWARD|FLANNEL-FWD|CILIUM_FORWARD|KUBE-ROUTER-FORWARD|CNI-FORWARD|WEAVE-NPC|ANTREA-FORWARD)\b/u.test(
      body,
    )
  )
    found.forwardAccepts.push(body);
}

const CHAIN = /^Chain ([\w.-]+) \((?:policy (ACCEPT|DROP)(?: (\d+[KMG]?) packets, [\dKMG]+ bytes)?|(\d+) references)\)/u;
const LISTED =
  /^ *(?:(\d+[KMG]?) +([\dKMG]+) +)?(?:\d+ +\d+ +)?(ACCEPT|DROP|REJECT|RETURN|LOG|MASQUERADE|DNAT|SNAT|[A-Za-z][\w.-]{2,}) +(all|tcp|udp|icmp|icmpv6|ipv6-icmp|\d+) +(?:(?:--|opt) *)?(?:([^ ]+) +([^ ]+) +)?([^ ]+) +([^ ]+) *(.*)$/u;

/** iptables -L -n -v: chains with policies and counters. */
export const iptablesList = defineRecogniser({
  id: 'iptables-list',
  title: { en: 'firewall rules (iptables -L)', zh: '防火墙规则（iptables -L）' },
  commands: (c) =>
    /^ip6?tables(?:-legacy|-nft)?$/u.test(c.name) &&
    c.words.some((w) => /^-[a-z]*L/u.test(w) || w === '--list' || /^-[a-z]*[vn]L/u.test(w)),
  names: /(?:^|\/)ip6?tables(?:nat|mangle)?(?:\.txt)?$/u,
  look: (lines) => fitting(lines, CHAIN) > 0,
  read(piece, facts) {
    const found = newFound();
    found.table = /-t ?(\w+)/u.exec(piece.command?.text ?? '')?.[1] ?? (piece.name.includes('nat') ? 'nat' : 'filter');
    let chain = '';
    const understood = eachLine(piece, (line, i) => {
      const head = CHAIN.exec(line);
      if (head !== null) {
        chain = head[1] ?? '';
        found.chains.add(`${found.table}/${chain}`);
        if (head[2] !== undefined && found.table === 'filter' && piece.where.kind === 'host') {
          facts.observe(`iptables.policy.${chain}`, head[2], sourceOf(piece, i));
          const packets = magnitude(head[3]);
          if (packets !== undefined) facts.observe(`iptables.policy-packets.${chain}`, packets, sourceOf(piece, i));
        }
        return true;
      }
      if (/^ *(?:num +)?(?:pkts +bytes +)?target +prot/u.test(line)) return true;
      const rule = LISTED.exec(line);
      if (rule === null || chain === '') return false;
      const [, packets, , target = ''] = rule;
      found.rules.set(`${chain} ${line.replace(/^ *\d+[KMG]? +[\dKMG]+/u, '').trim()}`, 1);
      if ((chain === 'INPUT' || chain === 'OUTPUT') && (target === 'DROP' || target === 'REJECT') && found.table === 'filter') {
        const withTypes = /reject-with ([\w-]+)/u.exec(line)?.[1];
        const port = /dpt:(\d+)/u.exec(line)?.[1];
        const count = magnitude(packets);
        const more = (rule[9] ?? '').replace(/(?:tcp|udp) dpt:\d+|reject-with [\w-]+|\/\*.*?\*\//gu, '').trim();
        found.rejects.push({
          family: inet6(piece) ? 'inet6' : 'inet',
          hook: chain === 'INPUT' ? 'input' : 'output',
          verdict: target === 'DROP' ? 'drop' : (withTypes ?? 'icmp-port-unreachable'),
          text: line.trim(),
          ...(rule[4] === 'all' ? {} : { protocol: rule[4] ?? '' }),
          ...(port === undefined ? {} : { port: Number(port) }),
          ...(rule[5] === undefined || rule[5] === '*' ? {} : { device: rule[5] }),
          ...(count === undefined ? {} : { packets: count }),
          ...(/^(?:0\.0\.0\.0\/0|::\/0|anywhere)$/u.test(rule[7] ?? '') ? {} : { source: rule[7] ?? '' }),
          ...(/^(?:0\.0\.0\.0\/0|::\/0|anywhere)$/u.test(rule[8] ?? '') ? {} : { destination: rule[8] ?? '' }),
          ...(more === '' ? {} : { unknownConditions: [more] }),
        });
      }
      if (chain === 'FORWARD') noteForward(found, chain, `-A FORWARD -j ${target} ${rule[7] ?? ''} ${rule[8] ?? ''}`);
      if (/^KUBE-SVC|^KUBE-SERVICES/u.test(chain) && packets === '0' && piece.where.kind === 'host' && !found.rejects.length)
        facts.observeMore('iptables.idle-service-rules', [chain], sourceOf(piece, i));
      return true;
    });
    store(piece, facts, found, piece.name.includes('legacy') ? 'legacy' : undefined);
    return understood;
  },
});

/** '12K' → 12000. */
function magnitude(text: string | undefined): number | undefined {
  const hit = text === undefined ? null : /^(\d+)([KMG]?)$/u.exec(text);
  return hit === null ? undefined : Number(hit[1]) * ({ '': 1, K: 1e3, M: 1e6, G: 1e9 }[hit[2] ?? ''] ?? 1);
}

/** nft list ruleset: chains with hooks and policies; refusing rules of input and output. */
export const nft = defineRecogniser({
  id: 'nft',
  title: { en: 'firewall rules (nft)', zh: '防火墙规则（nft）' },
  commands: (c) => c.name === 'nft' && c.words.includes('list'),
  names: /(?:^|\/)nft_ruleset(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^table (?:ip|ip6|inet|arp|bridge) [\w.-]+ \{/u) > 0,
  read(piece, facts) {
    const found = newFound();
    let family = 'ip';
    let chain = '';
    let hook = '';
    const understood = eachLine(piece, (line, i) => {
      const table = /^table (ip6?|inet|arp|bridge) ([\w.-]+) \{/u.exec(line);
      if (table !== null) {
        family = table[1] ?? 'ip';
        found.table = table[2] ?? '';
        return true;
      }
      const named = /^[ \t]+chain ([\w.-]+) \{/u.exec(line)?.[1];
      if (named !== undefined) {
        chain = named;
        hook = '';
        found.chains.add(`${found.table}/${chain}`);
        return true;
      }
      const base = /hook (input|output|forward)\b.*?(?:policy (accept|drop);)?$/u.exec(line);
      if (base !== null) {
        hook = base[1] ?? '';
        const policy = /policy (accept|drop)/u.exec(line)?.[1];
        if (policy !== undefined && piece.where.kind === 'host')
          facts.observe(`iptables.policy.${hook.toUpperCase()}`, policy.toUpperCase(), sourceOf(piece, i));
        return true;
      }
      const verdict = /\b(drop|reject(?: with [\w -]+?(?: type)? ?[\w-]+)?)[ \t]*(?:comment .*|#.*)?$/u.exec(line)?.[1];
      if (verdict !== undefined && (hook === 'input' || hook === 'output')) {
        const port = /dport (\d+)/u.exec(line)?.[1];
        const protocol = /\b(tcp|udp) /u.exec(line)?.[1];
        const device = /[io]ifname "([^"]+)"/u.exec(line)?.[1];
        const packets = /counter packets (\d+)/u.exec(line)?.[1];
        const rest = line
          .replace(/(?:tcp|udp) dport \d+|[io]ifname "[^"]+"|counter packets \d+ bytes \d+|drop|reject.*$|meta l4proto (?:tcp|udp)/gu, '')
          .trim();
        found.rejects.push({
          family: family === 'ip' ? 'inet' : family === 'ip6' ? 'inet6' : 'both',
          hook,
          text: line.trim(),
          verdict:
            verdict === 'drop'
              ? 'drop'
              : verdict.includes('tcp reset')
                ? 'tcp-reset'
                : (/type ([\w-]+)/u.exec(verdict)?.[1] ?? 'icmp-port-unreachable'),
          ...(port === undefined ? {} : { port: Number(port) }),
          ...(protocol === undefined ? {} : { protocol }),
          ...(device === undefined ? {} : { device }),
          ...(packets === undefined ? {} : { packets: Number(packets) }),
          ...(rest === '' ? {} : { unknownConditions: [rest] }),
        });
      }
      if (/^[ \t]/u.test(line) && chain !== '') found.rules.set(`${chain} ${line.trim()}`, 1);
      return /^[ \t]|^\}/u.test(line);
    });
    store(piece, facts, found, undefined);
    return understood;
  },
});

/** firewall-cmd --state, --list-all, --list-ports. */
export const firewallCmd = defineRecogniser({
  id: 'firewall-cmd',
  title: { en: 'firewalld (firewall-cmd)', zh: 'firewalld（firewall-cmd）' },
  commands: (c) => c.name === 'firewall-cmd',
  names: /(?:^|\/)(?:firewall-cmd|rhel-statusfirewalld)/u,
  look: (lines) => fitting(lines, /^ {2}(?:target|icmp-block-inversion|interfaces|masquerade|forward-ports): ?/u) >= 2,
  read(piece, facts) {
    if (piece.where.kind !== 'host') return new Set();
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const word = line.trim();
      if (word === 'running' || word === 'not running') {
        facts.observe('firewalld.active', word === 'running', source);
        return true;
      }
      if (line.includes('FirewallD is not running')) {
        facts.observe('firewalld.active', false, source);
        return true;
      }
      const hit = /^ *(ports|sources|services|interfaces|masquerade|target|rich rules|protocols): ?(.*)$/u.exec(line);
      if (hit !== null) {
        facts.observe('firewalld.active', true, source);
        if (hit[1] === 'ports')
          facts.observe(
            'firewalld.ports',
            (hit[2] ?? '').split(' ').filter((p) => p !== ''),
            source,
          );
        if (hit[1] === 'sources')
          facts.observe(
            'firewalld.sources',
            (hit[2] ?? '').split(' ').filter((p) => p !== ''),
            source,
          );
        return true;
      }
      if (/^(?:\d+(?:-\d+)?\/(?:tcp|udp) ?)+$/u.test(word)) {
        facts.observe('firewalld.ports', word.split(' '), source);
        return true;
      }
      return /^[\w.-]+(?: \([\w, ]+\))?$|^ +[\w-]+: ?/u.test(line) || word === 'success';
    });
  },
});

/** ufw status. */
export const ufw = defineRecogniser({
  id: 'ufw',
  title: { en: 'ufw', zh: 'ufw' },
  commands: (c) => c.name === 'ufw',
  names: /(?:^|\/)(?:ubuntu-ufw|ufw_status\w*)(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^Status: (?:active|inactive)$/u) > 0,
  read(piece, facts) {
    if (piece.where.kind !== 'host') return new Set();
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const status = /^Status: (active|inactive)/u.exec(line)?.[1];
      if (status !== undefined) facts.observe('ufw.active', status === 'active', source);
      const forward = /^Default: .*\b(deny|allow|disabled|reject) \(routed\)/u.exec(line)?.[1];
      if (forward !== undefined) facts.observe('ufw.forward-policy', forward === 'allow' ? 'ACCEPT' : 'DROP', source);
      const allowed = /^(\d+(?:[:,]\d+)*(?:\/(?:tcp|udp))?) +ALLOW/u.exec(line)?.[1];
      if (allowed !== undefined) facts.observeMore('ufw.allowed-ports', [allowed], source);
      return true;
    });
  },
});
