/**
 * Does a Go program resolve by itself or through the C library, and in which order? (golang/go src/net/conf.go)
 *
 * A program without cgo, with tag netgo, GODEBUG=netdns=go or Resolver.PreferGo must use Go's resolver. Otherwise the C library is
 * asked when it was asked for, or when the configuration holds something that Go leaves to it. Until Go 1.20 the same conditions made
 * a program that must use Go's resolver fall back to files,dns; since 1.21 it reads past them.
 */
import type { ViewFacts } from '../../facts/node-facts.ts';
import { type Source, valueOf } from '../../facts/fact.ts';
import type { Need, Step, StepKind } from '../types.ts';
import { type GoNsswitch, hasStandardCriteria } from './nsswitch.ts';
import { goNsswitchOf, goResolvConfOf } from './parsed-files.ts';
import { goSteps } from './steps.ts';
import { asciiLower } from './text.ts';
import { compareReleases, type GoRules } from './version-rules.ts';
import { lineOf, openFile } from './view-file.ts';

export type LookupOrder = 'cgo' | 'files,dns' | 'dns,files' | 'files' | 'dns';

/** How the program was built and what it asks of its resolver. */
export interface GoOptions {
  /** A cgo resolver is built in. */
  readonly cgo?: boolean;
  /** Build tags; netgo and netcgo matter. */
  readonly tags?: readonly string[];
  /** DefaultGODEBUG of the build, 'netdns=go,…'. The environment's GODEBUG comes after it. */
  readonly godebug?: string;
  readonly preferGo?: boolean;
  /** LookupHost in place of LookupIPAddr: what the hosts file gives is not sorted. */
  readonly lookupHost?: boolean;
  /**
   * Of two questions that leave at once, for one candidate name: does AAAA take its server first (`rotate`), is it answered first? Either is
   * chance; it shows in the order of addresses that nothing else orders, and in the server that an error names.
   */
  readonly sixFirst?: (what: 'asks' | 'answers', candidate: number) => boolean;
}

export type OrderDecision = { readonly order: LookupOrder } | { readonly needs: readonly Need[] };

export const RESOLV_CONF = '/etc/resolv.conf';
export const NSSWITCH_CONF = '/etc/nsswitch.conf';
const MDNS_ALLOW = '/etc/mdns.allow';

/** One key of GODEBUG. Until Go 1.20 the first setting counts, since then the last. */
export function godebugValue(settings: string, key: string, version: string): string {
  if (settings === '') return '';
  const values = settings.split(',').filter((part) => part.startsWith(`${key}=`));
  const one = compareReleases(version, '1.21') >= 0 ? values.at(-1) : values[0];
  return one === undefined ? '' : one.slice(key.length + 1);
}

/** 'go', 'cgo' or another word of GODEBUG=netdns, whose parts are joined by one '+'; a part that begins with a digit is a level. */
export function netdnsMode(value: string): string {
  const plus = value.indexOf('+');
  const parts = plus < 0 ? [value] : [value.slice(0, plus), value.slice(plus + 1)];
  return parts.filter((part) => part !== '' && !/^\d/u.test(part)).at(-1) ?? '';
}

/** All GODEBUG settings that the program hears, the build's defaults first. */
export const godebugOf = (view: ViewFacts, options: GoOptions): string =>
  [options.godebug ?? '', valueOf(view.env)?.['GODEBUG'] ?? ''].filter((s) => s !== '').join(',');

interface Asking {
  readonly view: ViewFacts;
  readonly name: string;
  readonly rules: GoRules;
  readonly steps: Step[];
  /** Go's resolver must be used. */
  readonly pure: boolean;
}

/** Decides, and adds its reasons to `steps`. `name` as typed. */
export function lookupOrder(
  view: ViewFacts,
  version: string,
  rules: GoRules,
  name: string,
  options: GoOptions,
  steps: Step[],
): OrderDecision {
  const tags = options.tags ?? [];
  const mode = netdnsMode(godebugValue(godebugOf(view, options), 'netdns', version));
  const cgoBuilt = (options.cgo ?? false) && !tags.includes('netgo');
  const forcedBy = mode === 'go' ? 'GODEBUG=netdns=go' : options.preferGo === true ? 'Resolver.PreferGo' : undefined;
  const pure = !cgoBuilt || forcedBy !== undefined;
  if (!cgoBuilt) steps.push({ kind: goSteps.pureBuild });
  else if (forcedBy !== undefined) steps.push({ kind: goSteps.goForced, values: { by: forcedBy } });
  const asking: Asking = { view, name, rules, steps, pure };
  const early = beforeNsswitch(asking, mode === 'cgo' ? 'GODEBUG=netdns=cgo' : tags.includes('netcgo') ? 'netcgo' : undefined);
  if (early !== undefined) return early;
  return fromNsswitch(asking);
}

/** What sends a name to the C library before nsswitch.conf is looked at. */
function beforeNsswitch(asking: Asking, cgoForcedBy: string | undefined): OrderDecision | undefined {
  const { view, name, rules, steps, pure } = asking;
  // Since 1.21 a program that must use Go's resolver asks none of these.
  if (pure && rules.pureReadsPastUnknown) return undefined;
  if (cgoForcedBy !== undefined) return leaveToLibc(asking, { kind: goSteps.cgoForced, values: { by: cgoForcedBy } });
  const env = valueOf(view.env);
  if (env === undefined) steps.push({ kind: goSteps.environmentUnseen });
  const variable = environmentReason(env ?? {});
  if (variable !== undefined) return leaveToLibc(asking, { kind: goSteps.cgoForEnvironment, values: { variable } });
  const odd = name.includes('\\') || name.includes('%');
  if (odd && rules.pureReadsPastUnknown) return leaveToLibc(asking, { kind: goSteps.cgoForName });
  const file = openFile(view, RESOLV_CONF);
  if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: view.id, path: RESOLV_CONF }] };
  if (file.kind === 'error')
    return leaveToLibc(asking, { kind: goSteps.cgoForUnreadableResolvConf, values: { path: RESOLV_CONF, errno: file.errno } });
  if (file.kind === 'content') {
    const { unknown, lines } = goResolvConfOf(file.content, rules);
    if (unknown !== undefined) {
      return leaveToLibc(asking, {
        kind: goSteps.cgoForResolvConfWord,
        values: { word: unknown.word, path: RESOLV_CONF },
        at: lineOf(view, RESOLV_CONF, unknown.line, lines),
      });
    }
  }
  if (odd) return leaveToLibc(asking, { kind: goSteps.cgoForName });
  if (rules.localAlwaysCgo && asciiLower(withoutFinalDot(name)).endsWith('.local'))
    return leaveToLibc(asking, { kind: goSteps.cgoForLocal });
  return undefined;
}

/** LOCALDOMAIN counts even when it is empty. */
function environmentReason(env: Readonly<Record<string, string>>): string | undefined {
  if (env['LOCALDOMAIN'] !== undefined) return 'LOCALDOMAIN';
  return ['RES_OPTIONS', 'HOSTALIASES'].find((variable) => (env[variable] ?? '') !== '');
}

const withoutFinalDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

/** cgo; or, for a program that must use Go's resolver, files,dns. */
function leaveToLibc(asking: Asking, reason: Step): OrderDecision {
  if (!asking.pure) {
    asking.steps.push(reason);
    return { order: 'cgo' };
  }
  const what =
    reason.values?.['word'] ??
    reason.values?.['variable'] ??
    reason.values?.['source'] ??
    reason.values?.['by'] ??
    reason.values?.['errno'] ??
    asking.name;
  asking.steps.push({ kind: goSteps.fallbackForUnusual, values: { what }, ...(reason.at === undefined ? {} : { at: reason.at }) });
  return decided(asking, 'files,dns');
}

function decided({ steps }: Asking, order: LookupOrder): OrderDecision {
  steps.push({ kind: goSteps.order, values: { order } });
  return { order };
}

function fromNsswitch(asking: Asking): OrderDecision {
  const { view, rules, steps, pure } = asking;
  const file = openFile(view, NSSWITCH_CONF);
  const order = rules.withoutNsswitch;
  const at = { kind: 'file', path: NSSWITCH_CONF, view: view.id } as const;
  if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: view.id, path: NSSWITCH_CONF }] };
  if (file.kind === 'absent') {
    steps.push({ kind: goSteps.noNsswitch, values: { path: NSSWITCH_CONF, order }, at });
    return { order };
  }
  const fallback: LookupOrder = pure ? 'files,dns' : 'cgo';
  if (file.kind === 'error') {
    steps.push({ kind: goSteps.badNsswitch, values: { path: NSSWITCH_CONF, order: fallback }, at });
    return { order: fallback };
  }
  const conf = goNsswitchOf(file.content);
  if (conf.error !== undefined) {
    steps.push({
      kind: goSteps.badNsswitch,
      values: { path: NSSWITCH_CONF, order: fallback },
      at: lineOf(view, NSSWITCH_CONF, conf.error.line, conf.lines),
    });
    return { order: fallback };
  }
  if ((conf.databases.get('hosts') ?? []).length === 0) {
    steps.push({ kind: goSteps.noHostsEntry, values: { path: NSSWITCH_CONF, order }, at });
    return { order };
  }
  return walkSources(asking, conf);
}

function walkSources(asking: Asking, conf: GoNsswitch): OrderDecision {
  const { view, rules, steps, pure } = asking;
  const sources = conf.databases.get('hosts') ?? [];
  const namesDns = sources.some(({ source }) => source === 'dns');
  const readsPast = pure && rules.pureReadsPastUnknown;
  const taken: ('files' | 'dns')[] = [];
  for (const one of sources) {
    const { source } = one;
    const at = lineOf(view, NSSWITCH_CONF, one.line, conf.lines);
    if (source === 'files' || source === 'dns') {
      if (!readsPast && !hasStandardCriteria(one)) return leaveToLibc(asking, { kind: goSteps.cgoForCriteria, values: { source }, at });
      taken.push(source);
    } else if (readsPast) {
      steps.push({ kind: namesDns ? goSteps.sourceSkipped : goSteps.unknownSourceIsDns, values: { source }, at });
      if (!namesDns) taken.push('dns');
    } else {
      const left = judgeOtherSource(asking, source, at);
      if (left !== undefined) return left;
      steps.push({ kind: goSteps.sourceSkipped, values: { source }, at });
    }
  }
  // Until 1.20 /etc/mdns.allow was asked for once, after the walk.
  const mdns = rules.pureReadsPastUnknown ? undefined : sources.find(({ source }) => source.startsWith('mdns'));
  const left = mdns === undefined ? undefined : judgeMdnsAllow(asking, mdns.source);
  if (left !== undefined) return left;
  if (taken.includes('files') && taken.includes('dns')) return decided(asking, taken[0] === 'files' ? 'files,dns' : 'dns,files');
  if (taken[0] !== undefined) return decided(asking, taken[0]);
  return pure
    ? decided(asking, 'files,dns')
    : leaveToLibc(asking, { kind: goSteps.cgoForSource, values: { source: sources[0]?.source ?? '' } });
}

/** A source that is neither files nor dns, for a program that may ask the C library: undefined, and it is skipped. */
function judgeOtherSource(asking: Asking, source: string, at: Source): OrderDecision | undefined {
  const { view, rules } = asking;
  const name = asciiLower(withoutFinalDot(asking.name));
  const toLibc = (kind: StepKind): OrderDecision => leaveToLibc(asking, { kind, values: { source }, at });
  const judged = name !== '' || !rules.pureReadsPastUnknown;
  if (judged && source === 'myhostname') {
    const own = answersAsMyhostname(asking, name);
    if (own === 'unknown') return { needs: [{ kind: 'view', view: view.id, fact: 'hostname' }] };
    return own ? toLibc(goSteps.cgoForMyhostname) : undefined;
  }
  if (!judged || !source.startsWith('mdns')) return toLibc(goSteps.cgoForSource);
  if (!rules.pureReadsPastUnknown) return undefined;
  return name.endsWith('.local') ? toLibc(goSteps.cgoForMdns) : judgeMdnsAllow(asking, source);
}

function judgeMdnsAllow(asking: Asking, source: string): OrderDecision | undefined {
  const allow = mdnsAllow(asking.view);
  if (allow === 'unknown') return { needs: [{ kind: 'file', view: asking.view.id, path: MDNS_ALLOW }] };
  return allow ? leaveToLibc(asking, { kind: goSteps.cgoForMdns, values: { source } }) : undefined;
}

/** Is it a name that nss-myhostname answers? `name` in lower case, without final dot. */
function answersAsMyhostname({ view, rules }: Asking, name: string): boolean | 'unknown' {
  if (name === 'localhost' || name === 'localhost.localdomain' || name.endsWith('.localhost') || name.endsWith('.localhost.localdomain'))
    return true;
  if (rules.gatewayNames.includes(name)) return true;
  const hostname = valueOf(view.hostname);
  return hostname === undefined ? 'unknown' : asciiLower(hostname) === name;
}

/** Does /etc/mdns.allow exist? Few look for it: only a fact that says so, or that nobody could tell, counts. */
function mdnsAllow(view: ViewFacts): boolean | 'unknown' {
  if (view.files[MDNS_ALLOW] === undefined) return false;
  const file = openFile(view, MDNS_ALLOW);
  return file.kind === 'unknown' ? 'unknown' : file.kind !== 'absent';
}
