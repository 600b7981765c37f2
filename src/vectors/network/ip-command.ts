/** `ip link|address|route|rule` on a simulated namespace (ip-link(8), ip-address(8), ip-route(8), ip-rule(8)). */
import type { Family, PolicyRule, Route, RouteType } from '../../facts/node-facts.ts';
import { parsePrefix } from '../../model/address/prefix.ts';
import type { SimulatedNetns } from './simulated-netns.ts';

const ROUTE_TYPES = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
] as const satisfies readonly RouteType[];

/** ip takes any unambiguous beginning of a word: `a`, `addr`, `address`. */
const isWord = (word: string, full: string, least = 1): boolean => word.length >= least && full.startsWith(word);

export function runIp(netns: SimulatedNetns, words: readonly string[]): void {
  let family: Family | undefined;
  let at = 0;
  while (words[at]?.startsWith('-') === true) {
    const option = words[at++] ?? '';
    if (option === '-6') family = 'inet6';
    else if (option === '-4') family = 'inet';
    else if (option === '-f' || option === '-family') family = words[at++] === 'inet6' ? 'inet6' : 'inet';
    else throw new Error(`ip option ${option}`);
  }
  const object = words[at] ?? '';
  const rest = words.slice(at + 1);
  if (isWord(object, 'link')) runLink(netns, rest);
  else if (isWord(object, 'address')) runAddress(netns, rest, family);
  else if (isWord(object, 'rule', 2)) runRule(netns, rest, family);
  else if (isWord(object, 'route')) runRoute(netns, rest, family);
  else throw new Error(`ip ${object}`);
}

function runLink(netns: SimulatedNetns, [verb = '', ...rest]: readonly string[]): void {
  const words = rest[0] === 'dev' || rest[0] === 'name' ? rest.slice(1) : rest;
  const name = words[0] ?? '';
  if (isWord(verb, 'set')) {
    if (words.includes('up')) netns.setUp(name, true);
    else if (words.includes('down')) netns.setUp(name, false);
  } else if (isWord(verb, 'add')) {
    const kind = words[words.indexOf('type') + 1] ?? '';
    const peer = words.includes('peer') ? words[words.indexOf('peer') + (words[words.indexOf('peer') + 1] === 'name' ? 2 : 1)] : undefined;
    netns.addDevice(name, kind, peer);
    if (peer !== undefined) netns.addDevice(peer, kind, name);
  } else if (isWord(verb, 'delete')) netns.removeDevice(name);
  else throw new Error(`ip link ${verb}`);
}

function after(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key);
  return at < 0 ? undefined : words[at + 1];
}

function runAddress(netns: SimulatedNetns, [verb = '', ...words]: readonly string[], family: Family | undefined): void {
  const device = after(words, 'dev') ?? '';
  if (isWord(verb, 'flush')) {
    netns.removeAddress(device, undefined, family);
    return;
  }
  const text = words[0] === 'local' ? (words[1] ?? '') : (words[0] ?? '');
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new Error(`ip address ${verb} ${text}`);
  const address = text.split('/')[0] ?? '';
  if (isWord(verb, 'delete')) netns.removeAddress(device, address, prefix.family);
  else
    netns.addAddress(
      device,
      prefix.family,
      address,
      prefix.length,
      prefix.family === 'inet6' && device !== 'lo' && !words.includes('nodad'),
    );
}

function runRoute(netns: SimulatedNetns, [verb = '', ...given]: readonly string[], asked: Family | undefined): void {
  const type = ROUTE_TYPES.find((t) => t === given[0]);
  const words = type === undefined ? given : given.slice(1);
  const target = words[0] === 'to' ? (words[1] ?? '') : (words[0] ?? '');
  const gateway = after(words, 'via');
  const family: Family = asked ?? (target.includes(':') || gateway?.includes(':') === true ? 'inet6' : 'inet');
  const destination =
    target === 'default' || target === 'any' || target === 'all'
      ? family === 'inet'
        ? '0.0.0.0/0'
        : '::/0'
      : target.includes('/')
        ? target
        : `${target}/${family === 'inet' ? '32' : '128'}`;
  const device = after(words, 'dev');
  const metric = after(words, 'metric');
  const source = after(words, 'src');
  const table = after(words, 'table') ?? (type === 'local' || type === 'broadcast' ? 'local' : 'main');
  if (isWord(verb, 'delete')) {
    netns.removeRoute(
      (r) => r.family === family && r.destination === destination && r.table === table && (device === undefined || r.device === device),
    );
    return;
  }
  const route: Route = {
    family,
    type: type ?? 'unicast',
    destination,
    table,
    ...(gateway === undefined ? {} : { gateway }),
    ...(device === undefined ? {} : { device }),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
    ...(source === undefined ? {} : { preferredSource: source }),
  };
  if (isWord(verb, 'replace') || isWord(verb, 'change'))
    netns.removeRoute((r) => r.family === family && r.destination === destination && r.table === table);
  netns.addRoute(route);
}

const ACTIONS = ['unreachable', 'prohibit', 'blackhole', 'nop'];

function runRule(netns: SimulatedNetns, [verb = '', ...words]: readonly string[], family: Family = 'inet'): void {
  let priority: number | undefined;
  let action = '';
  const selector: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === 'priority' || word === 'prio' || word === 'pref' || word === 'preference' || word === 'order')
      priority = Number(words[++i]);
    else if (word === 'table' || word === 'lookup') action = `lookup ${words[++i] ?? ''}${action}`;
    else if (word === 'suppress_prefixlength') action += ` suppress_prefixlength ${words[++i] ?? ''}`;
    else if (word === 'type') action = words[++i] ?? '';
    else if (ACTIONS.includes(word)) action = word;
    else if (word === 'not') selector.push(word);
    else selector.push(word, words[++i] ?? '');
  }
  const text = selector.length === 0 ? 'from all' : selector.join(' ');
  const matches = (r: PolicyRule): boolean =>
    r.family === family &&
    (priority === undefined || r.priority === priority) &&
    (action === '' || r.action === action) &&
    (selector.length === 0 || r.selector === text);
  if (isWord(verb, 'delete')) netns.removeRule(matches);
  else if (isWord(verb, 'add')) netns.addRule({ family, priority: priority ?? 32765, selector: text, action });
  else throw new Error(`ip rule ${verb}`);
}
