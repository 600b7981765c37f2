/**
 * `ip route`, `ip -6 route`, with or without `show table all`, and `ip rule`.
 *
 *   default via 10.0.0.1 dev eth0 proto static metric 100
 *   unreachable ::/96 dev lo metric 1024 error -113
 *   local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1
 *   32766:  from all lookup main
 *
 * A route without `table` is of the main one. Source: iproute2 ip/iproute.c print_route, ip/iprule.c print_rule.
 */
import type { Family, PolicyRule, Route, RouteType } from '../node-facts.ts';
import { decimal, linesOf, wordsOf } from './lines.ts';

const TYPES = new Set<string>(['unicast', 'local', 'broadcast', 'multicast', 'unreachable', 'prohibit', 'blackhole', 'throw']);
const isType = (word: string): word is RouteType => TYPES.has(word);

/** `family` decides only for `default` without a gateway; other lines say it by their addresses. */
export function parseIpRoute(text: string, family: Family): readonly Route[] {
  const routes: Route[] = [];
  for (const line of linesOf(text)) {
    // The further lines of a route with several next hops are indented.
    if (line.startsWith('\t') || line.startsWith(' ')) continue;
    const words = [...wordsOf(line)];
    const head = words[0] ?? '';
    let type: RouteType = 'unicast';
    if (isType(head)) {
      type = head;
      words.shift();
    } else if (head === 'anycast') continue;
    const destination = words.shift();
    if (destination === undefined) continue;
    const after = (key: string): string | undefined => {
      const at = words.indexOf(key);
      return at < 0 ? undefined : words[at + 1];
    };
    const own: Family =
      destination.includes(':') || (destination === 'default' && (after('via')?.includes(':') ?? false))
        ? 'inet6'
        : destination === 'default'
          ? family
          : 'inet';
    const full = withLength(destination, own);
    if (full === undefined) continue;
    const gateway = after('via') === 'inet6' ? words[words.indexOf('via') + 2] : after('via');
    const device = after('dev');
    const preferredSource = after('src');
    const metric = decimal(after('metric'));
    routes.push({
      family: own,
      type,
      destination: full,
      ...(gateway === undefined ? {} : { gateway }),
      ...(device === undefined ? {} : { device }),
      ...(preferredSource === undefined ? {} : { preferredSource }),
      ...(metric === undefined ? {} : { metric }),
      table: after('table') ?? 'main',
    });
  }
  return routes;
}

function withLength(destination: string, family: Family): string | undefined {
  if (destination === 'default') return family === 'inet' ? '0.0.0.0/0' : '::/0';
  if (!/^[0-9a-f.:]+(?:\/\d{1,3})?$/iu.test(destination)) return undefined;
  if (destination.includes('/')) return destination;
  return `${destination}/${family === 'inet' ? '32' : '128'}`;
}

export function parseIpRule(text: string, family: Family): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const line of linesOf(text)) {
    const match = /^(\d+):(.*)$/u.exec(line);
    if (match === null) continue;
    const words = [...wordsOf(match[2] ?? '')];
    const verb = words.findIndex((w) => ACTIONS.has(w));
    if (verb < 0) continue;
    // "suppress_prefixlength N" follows the action and belongs to it; "proto X" (-d) says only who made the rule.
    const end = words.indexOf('proto', verb);
    const action = words.slice(verb, end < 0 ? undefined : end).join(' ');
    rules.push({ family, priority: Number(match[1]), selector: words.slice(0, verb).join(' '), action });
  }
  return rules;
}

const ACTIONS = new Set(['lookup', 'table', 'goto', 'nop', 'unreachable', 'prohibit', 'blackhole', 'realms', 'map-to', 'nat']);
