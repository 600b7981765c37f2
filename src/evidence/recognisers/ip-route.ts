/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { known } from '../../facts/fact.ts';
import type { Family, PolicyRule, Route, RouteType } from '../../facts/node-facts.ts';
import { hasFlag, type CommandLine } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { maskLength } from './ip-address.ts';

const TYPES: ReadonlySet<string> = new Set([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
  'anycast',
]);
const LINE =
  /^[ \t]*(?:(unicast|local|broadcast|multicast|unreachable|prohibit|blackhole|throw|anycast) )?(default|[0-9a-fA-F.:]+(?:\/\d{1,3})?)(?: |$)(.*)$/u;
const TELLS = /\b(?:dev|via|proto|scope|metric|src|table|nexthop|lo)\b/u;

/** One line of `ip route`; the family cannot always be told from a 'default'. */
export function routeOf(line: string, fallback: Family): Route | undefined {
  const hit = LINE.exec(line);
  if (hit === null) return undefined;
  const [, type = 'unicast', target = '', rest = ''] = hit;
  if (!TYPES.has(type) || (hit[1] === undefined && !TELLS.test(rest))) return undefined;
  const word = (name: string): string | undefined => new RegExp(`(?:^| )${name} ([^ ]+)`, 'u').exec(rest)?.[1];
  const via = word('via');
  const gateway = via === 'inet6' || via === 'inet' ? /via inet6? ([^ ]+)/u.exec(rest)?.[1] : via;
  const family: Family =
    target.includes(':') || (target === 'default' && gateway?.includes(':') === true)
      ? 'inet6'
      : target === 'default' && gateway === undefined
        ? fallback
        : target === 'default'
          ? 'inet'
          : target.includes('.')
            ? 'inet'
            : fallback;
  const destination =
    target === 'default'
      ? family === 'inet6'
        ? '::/0'
        : '0.0.0.0/0'
      : target.includes('/')
        ? target.toLowerCase()
        : `${target.toLowerCase()}/${family === 'inet6' ? 128 : 32}`;
  const metric = word('metric');
  const device = word('dev');
  const src = word('src');
  return {
    family,
    type: type === 'anycast' ? 'local' : (type as RouteType),
    destination,
    table: word('table') ?? 'main',
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { device }),
    ...(src === undefined ? {} : { preferredSource: src }),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
  };
}

const isIpRoute = (c: CommandLine): boolean =>
  c.name === 'ip' &&
  c.words.slice(1).some((w) => /^(?:r|ro|rou|rout|route)$/u.test(w)) &&
  !c.words.some((w) => /^(?:add|del|delete|replace|change|flush)$/u.test(w));

function families(piece: Piece): readonly Family[] {
  const base = piece.name.toLowerCase().split('/').at(-1) ?? '';
  if (piece.command === undefined) return /[-_]6[-_]|ipv6route/u.test(base) ? ['inet6'] : ['inet'];
  return hasFlag(piece.command, '6') ? ['inet6'] : ['inet'];
}

/** `ip route` and `ip -6 route`, one line a route, an empty output being a known empty table. Source: ip-route(8), iproute2 ip/iproute.c. */
export const ipRoute = defineRecogniser({
  id: 'ip-route',
  title: { en: 'routes (ip route)', zh: '路由（ip route）' },
  commands: (c) => isIpRoute(c) && !c.words.includes('get'),
  names: /(?:^|\/)(?:ip[-_]?(?:[46][-_])?route|ip(?:v6)?route|ip_-?[46]?_?route_show_table_all|ip_route)(?:\.txt|\.out|\.log)?$/u,
  look: (lines) =>
    fitting(lines, /^(?:default via|default dev|\d[\d.]+\/\d+ (?:dev|via)|[0-9a-f:]+\/\d+ dev|blackhole |unreachable )/u) > 0,
  read(piece, facts) {
    const which = families(piece);
    const fallback = which[0] ?? 'inet';
    const table = /(?:^| )table ([^ ]+)/u.exec(piece.command?.text ?? '')?.[1];
    const routes: Route[] = [];
    const understood = eachLine(piece, (line) => {
      const route = routeOf(line, fallback);
      if (route === undefined) return /^[ \t]+nexthop /u.test(line);
      routes.push(table === undefined || table === 'all' || route.table !== 'main' ? route : { ...route, table });
      return true;
    });
    const narrowed = piece.command?.filters.length !== 0 && piece.command !== undefined;
    const shownFamilies = [...new Set([...(table === undefined && !narrowed ? which : []), ...routes.map((r) => r.family)])];
    if (piece.lines.every((l) => l === '') || routes.length > 0)
      facts.addRoutes(piece.where, routes, shownFamilies, sourceOf(piece, piece.lines.length > 0 ? 0 : undefined));
    if (which[0] === 'inet6' && !narrowed && piece.where.kind === 'host')
      facts.observe(
        'ipv6.default-route',
        routes.some((r) => r.destination === '::/0' && r.type === 'unicast'),
        sourceOf(piece),
      );
    return understood;
  },
});

const ROUTE_N = /^(default|\d[\d.]*) +(\*|[\d.]+) +([\d.]+) +([UGHRDMACnc!]+) +(\d+) +(\d+) +(\d+) +([^ ]+)/u;
const NETSTAT_RN = /^(default|\d[\d.]*) +(\*|[\d.]+) +([\d.]+) +([UGHRDMACnc!]+) +(\d+) +(\d+) +(\d+) +([^ ]+)/u;

/** `route`, `route -n` and `netstat -rn` of net-tools. Source: route(8). */
export const routeTable = defineRecogniser({
  id: 'route-table',
  title: { en: 'routes (route, netstat -r)', zh: '路由（route、netstat -r）' },
  commands: (c) => (c.name === 'route' && !c.words.some((w) => w === 'add' || w === 'del')) || (c.name === 'netstat' && hasFlag(c, 'r')),
  look: (lines) => fitting(lines, ROUTE_N) > 0,
  read(piece, facts) {
    const routes: Route[] = [];
    const understood = eachLine(piece, (line) => {
      if (/^(?:Kernel IP routing table|Destination +Gateway)/u.test(line)) return true;
      const hit = ROUTE_N.exec(line) ?? NETSTAT_RN.exec(line);
      if (hit === null) return false;
      const [, to = '', via = '', mask = '', flags = '', metric = '0', , , device = ''] = hit;
      const bits = maskLength(mask);
      const destination = to === 'default' || to === '0.0.0.0' ? `0.0.0.0/${bits}` : `${to}/${bits}`;
      routes.push({
        family: 'inet',
        type: flags.includes('!') ? 'unreachable' : 'unicast',
        destination,
        table: 'main',
        device,
        metric: Number(metric),
        ...(via === '*' || via === '0.0.0.0' ? {} : { gateway: via }),
      });
      return true;
    });
    if (routes.length > 0) facts.addRoutes(piece.where, routes, ['inet'], sourceOf(piece, 0));
    return understood;
  },
});

const RULE = /^(\d+):[ \t]+(.*?)[ \t]*(?:(lookup|goto) ([^ ]+)|(unreachable|prohibit|blackhole))\b(.*)$/u;

/** `ip rule`: "32766:	from all lookup main". Source: ip-rule(8). */
export const ipRule = defineRecogniser({
  id: 'ip-rule',
  title: { en: 'routing rules (ip rule)', zh: '策略路由（ip rule）' },
  commands: (c) =>
    c.name === 'ip' &&
    c.words.slice(1).some((w) => /^(?:ru|rule|rules)$/u.test(w)) &&
    !c.words.some((w) => /^(?:add|del|delete)$/u.test(w)),
  names: /(?:^|\/)(?:ip(?:v6)?[-_]?rule|ip_-[46]_rule_list)(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^\d+:[ \t]+from (?:all|[0-9a-f.:/]).* lookup /u) > 0,
  read(piece, facts) {
    const family: Family =
      (piece.command !== undefined && hasFlag(piece.command, '6')) || /ipv6rule|[-_]6[-_]/u.test(piece.name) ? 'inet6' : 'inet';
    const rules: PolicyRule[] = [];
    const understood = eachLine(piece, (line) => {
      const hit = RULE.exec(line);
      if (hit === null) return false;
      rules.push({
        family,
        priority: Number(hit[1]),
        selector: (hit[2] ?? '').trim(),
        action: hit[3] === undefined ? (hit[5] ?? '') : `${hit[3]} ${hit[4] ?? ''}`,
      });
      return true;
    });
    const netns = facts.netns(piece.where);
    netns.rules.push(...rules);
    netns.rulesSource ??= sourceOf(piece, 0);
    return understood;
  },
});

/** `ip route get ADDRESS`: which way the kernel sends. */
export const ipRouteGet = defineRecogniser({
  id: 'ip-route-get',
  title: { en: 'route to one address (ip route get)', zh: '到单个地址的路由（ip route get）' },
  commands: (c) => isIpRoute(c) && c.words.includes('get'),
  read(piece, facts) {
    const asked = piece.command?.words.at(-1) ?? '';
    return eachLine(piece, (line, i) => {
      const device = / dev ([^ ]+)/u.exec(line)?.[1];
      if (device !== undefined && piece.where.kind === 'host') facts.observe(`route-get.${asked}`, line.trim(), sourceOf(piece, i));
      const error = /^RTNETLINK answers: (.+)$/u.exec(line)?.[1];
      if (error !== undefined && piece.where.kind === 'host') facts.observe(`route-get.${asked}`, error, sourceOf(piece, i));
      return device !== undefined || error !== undefined || /^[ \t]+cache/u.test(line);
    });
  },
});

/** /proc/net/if_inet6 exists only where IPv6 sockets can be made. */
export const procIfInet6 = defineRecogniser({
  id: 'proc-if-inet6',
  title: { en: '/proc/net/if_inet6', zh: '/proc/net/if_inet6' },
  commands: (c) => c.words.includes('/proc/net/if_inet6'),
  names: /proc\/net\/if_inet6$/u,
  read(piece, facts) {
    const missing = piece.lines.some((l) => l.includes('No such file'));
    const source = sourceOf(piece, piece.lines.length > 0 ? 0 : undefined);
    facts.netns(piece.where).ipv6Socket = known(!missing, source);
    if (missing) return 'all';
    const found = new Map<string, string[]>();
    const understood = eachLine(piece, (line) => {
      const hit = /^([0-9a-f]{32}) [0-9a-f]+ ([0-9a-f]{2}) [0-9a-f]{2} [0-9a-f]{2} +([^ ]+)$/u.exec(line);
      if (hit === null) return false;
      found.set(hit[3] ?? '', [...(found.get(hit[3] ?? '') ?? []), `${hit[1] ?? ''}/${parseInt(hit[2] ?? '0', 16)}`]);
      return true;
    });
    for (const name of new Set(['lo', ...found.keys()])) {
      const addresses = (found.get(name) ?? []).map((a) => ({
        family: 'inet6' as const,
        address: shortIpv6(a.slice(0, 32)),
        prefixLength: Number(a.slice(33)),
      }));
      facts.addInterface(piece.where, { name, up: true, loopback: name === 'lo', addresses }, ['inet6'], source);
    }
    return understood;
  },
});

/** 32 hexadecimal digits in RFC 5952 form. */
export function shortIpv6(hex: string): string {
  const groups = (hex.match(/.{4}/gu) ?? []).map((g) => g.replace(/^0{1,3}/u, ''));
  let best = { at: -1, length: 1 };
  for (let i = 0; i < groups.length; i += 1) {
    let n = 0;
    while (groups[i + n] === '0') n += 1;
    if (n > best.length) best = { at: i, length: n };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}
