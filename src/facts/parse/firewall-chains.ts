/**
 * Which rules of a packet filter can stop a connection from this machine to itself? Both iptables-save and nft are read into the same
 * chains, which are then walked as the kernel does, once for OUTPUT and once for INPUT with the packet on lo.
 *
 * The walk keeps conditions, not packets: a rule that takes everything on lo ends it, a rule that takes some traffic makes all that follows
 * uncertain (it is named in `unknownConditions` of the later rules), and jumps add their conditions to those of the rules they lead to.
 */
import type { Family, RejectRule } from '../node-facts.ts';

export interface FilterRule {
  readonly text: string;
  /** 'accept', 'return', 'drop', a reject type, 'jump:<chain>', 'goto:<chain>', or '' for a rule that only counts, marks or logs. */
  readonly verdict: string;
  readonly destination?: string;
  readonly source?: string;
  readonly protocol?: string;
  readonly ports?: readonly number[];
  readonly inDevice?: string;
  readonly outDevice?: string;
  /** Connection states that it takes: 'new', 'established' ... */
  readonly states?: readonly string[];
  readonly packets?: number;
  readonly family?: Family;
  readonly unknown: readonly string[];
}

export interface FilterChain {
  readonly name: string;
  /** Set where the kernel enters. */
  readonly hook?: 'input' | 'output' | 'forward';
  readonly policy?: 'accept' | 'drop';
  readonly policyPackets?: number;
  readonly rules: readonly FilterRule[];
}

const MAX_STEPS = 20_000;

export function localRejects(chains: ReadonlyMap<string, FilterChain>, family: Family | 'both'): readonly RejectRule[] {
  const found: RejectRule[] = [];
  for (const chain of chains.values()) {
    if (chain.hook === undefined || chain.hook === 'forward') continue;
    const walk: Walk = { chains, hook: chain.hook, family, found, doubts: [], steps: 0 };
    const ended = walkChain(walk, chain, undefined, 0);
    if (!ended && chain.policy === 'drop') {
      found.push({
        family,
        hook: chain.hook,
        verdict: 'drop',
        ...(chain.policyPackets === undefined ? {} : { packets: chain.policyPackets }),
        ...(walk.doubts.length === 0 ? {} : { unknownConditions: [...walk.doubts] }),
        text: `policy drop of ${chain.name}`,
      });
    }
  }
  return found;
}

interface Walk {
  readonly chains: ReadonlyMap<string, FilterChain>;
  readonly hook: 'input' | 'output';
  readonly family: Family | 'both';
  readonly found: RejectRule[];
  /** Rules passed on the way that take some local traffic out. */
  readonly doubts: string[];
  steps: number;
}

/** True when nothing that goes to this machine itself gets past the chain. */
function walkChain(walk: Walk, chain: FilterChain, over: FilterRule | undefined, depth: number): boolean {
  for (const own of chain.rules) {
    if (++walk.steps > MAX_STEPS) return true;
    const rule = over === undefined ? own : combine(over, own);
    if (rule === undefined || !canBeLocal(rule, walk.hook) || !takesNew(rule)) continue;
    const everything = takesEverything(rule, walk.hook);
    const [verb = '', target = ''] = rule.verdict.split(':');
    if (verb === '') continue;
    if (verb === 'accept') {
      if (everything) return true;
      walk.doubts.push(`after: ${rule.text}`);
    } else if (verb === 'return') {
      if (everything) return false;
      walk.doubts.push(`after: ${rule.text}`);
    } else if (verb === 'jump' || verb === 'goto') {
      const next = walk.chains.get(target);
      if (next === undefined || depth > 16) walk.doubts.push(`after: ${rule.text}`);
      else {
        const before = walk.doubts.length;
        const ended = walkChain(walk, next, everything ? over : rule, depth + 1);
        if (ended && everything) return true;
        if (everything && over === undefined) continue;
        // Doubts of a chain that only some traffic enters concern that traffic; keeping them makes later rules uncertain, never sure.
        if (ended && walk.doubts.length === before) walk.doubts.push(`after: ${rule.text}`);
        if (verb === 'goto' && everything) return ended;
      }
    } else {
      walk.found.push(...asRejects(rule, walk));
      if (everything) return true;
    }
  }
  return false;
}

const notLocalDevice = (device: string | undefined): boolean => {
  if (device === undefined) return false;
  const not = device.startsWith('!');
  const name = device.replace(/^! ?/u, '');
  const isLo = name === 'lo' || name === 'lo+' || name === 'l+' || name === '+';
  return isLo === not;
};

/** Traffic of a machine to itself goes out and comes in on lo. */
const canBeLocal = (rule: FilterRule, hook: 'input' | 'output'): boolean =>
  !notLocalDevice(hook === 'input' ? rule.inDevice : rule.outDevice);

/** A connection that begins is in state new. */
const takesNew = (rule: FilterRule): boolean =>
  rule.states === undefined || rule.states.includes('new') || rule.states.some((s) => s.startsWith('!') && s !== '!new');

function takesEverything(rule: FilterRule, hook: 'input' | 'output'): boolean {
  const device = hook === 'input' ? rule.inDevice : rule.outDevice;
  return (
    rule.unknown.length === 0 &&
    rule.ports === undefined &&
    (rule.protocol === undefined || rule.protocol === 'all') &&
    everyLocal(rule.destination) &&
    everyLocal(rule.source) &&
    (device === undefined || !notLocalDevice(device))
  );
}
const everyLocal = (prefix: string | undefined): boolean => prefix === undefined || prefix === '0.0.0.0/0' || prefix === '::/0';

const both = <T>(a: T | undefined, b: T | undefined, same: (a: T, b: T) => boolean): { ok: true; value: T | undefined } | { ok: false } =>
  a === undefined ? { ok: true, value: b } : b === undefined || same(a, b) ? { ok: true, value: a } : { ok: false };

/** The conditions of a jump and of a rule behind it, together; undefined where they shut each other out or cannot be put together. */
function combine(over: FilterRule, own: FilterRule): FilterRule | undefined {
  const unknown = [...over.unknown, ...own.unknown];
  const take = (key: 'destination' | 'source' | 'protocol' | 'inDevice' | 'outDevice'): string | undefined => {
    const one = both(over[key], own[key], (a, b) => a === b);
    if (one.ok) return one.value;
    unknown.push(`${key} ${over[key] ?? ''}`);
    return own[key];
  };
  const family = both(over.family, own.family, (a, b) => a === b);
  if (!family.ok) return undefined;
  const ports =
    over.ports === undefined ? own.ports : own.ports === undefined ? over.ports : own.ports.filter((p) => over.ports?.includes(p));
  if (ports?.length === 0) return undefined;
  const states =
    over.states === undefined ? own.states : own.states === undefined ? over.states : own.states.filter((s) => over.states?.includes(s));
  const made: { -readonly [K in keyof FilterRule]: FilterRule[K] } = { ...own, unknown };
  for (const key of ['destination', 'source', 'protocol', 'inDevice', 'outDevice'] as const) {
    const value = take(key);
    if (value !== undefined) made[key] = value;
  }
  if (ports !== undefined) made.ports = ports;
  if (states !== undefined) made.states = states;
  if (family.value !== undefined) made.family = family.value;
  return made;
}

function asRejects(rule: FilterRule, walk: Walk): readonly RejectRule[] {
  const device = walk.hook === 'input' ? rule.inDevice : rule.outDevice;
  const unknownConditions = [...rule.unknown, ...walk.doubts];
  const base: RejectRule = {
    family: rule.family ?? walk.family,
    hook: walk.hook,
    ...(everyLocal(rule.destination) ? {} : { destination: rule.destination ?? '' }),
    ...(everyLocal(rule.source) ? {} : { source: rule.source ?? '' }),
    ...(rule.protocol === undefined || rule.protocol === 'all' ? {} : { protocol: rule.protocol }),
    ...(device === undefined ? {} : { device }),
    verdict: rule.verdict,
    ...(rule.packets === undefined ? {} : { packets: rule.packets }),
    ...(unknownConditions.length === 0 ? {} : { unknownConditions }),
    text: rule.text,
  };
  return rule.ports === undefined ? [base] : rule.ports.map((port) => ({ ...base, port }));
}
