/** Tests on typed facts of the node: observations by key, sysctls, listeners, interfaces, programs. */
import type { Fact, Source } from '../../facts/fact.ts';
import type { Listener, NetnsFacts, NodeFacts, ObservationValue } from '../../facts/node-facts.ts';
import type { Values } from '../../shared/text.ts';
import type { EvidenceKind, Look, Test } from './look.ts';
import { NOT_SEEN, UNKNOWN } from './look.ts';

const sourceOf = <T>(fact: Fact<T> | undefined): Source | undefined => (fact === undefined ? undefined : fact.source);

export const seen = (kind: EvidenceKind, source?: Source, values?: Values): Look => ({
  seen: 'yes',
  kind,
  ...(source === undefined ? {} : { source }),
  ...(values === undefined ? {} : { values }),
});

/** A known fact under the predicate; an absent one counts as `whenAbsent` (default: unknown). */
export const judge = <T>(
  fact: Fact<T> | undefined,
  holds: (value: T) => boolean,
  kind: EvidenceKind,
  options: { readonly whenAbsent?: 'yes' | 'no'; readonly values?: (value: T) => Values } = {},
): Look => {
  if (fact === undefined || fact.state === 'unobserved') return UNKNOWN;
  if (fact.state === 'absent') {
    if (options.whenAbsent === 'yes') return seen(kind, fact.source);
    return options.whenAbsent === 'no' ? NOT_SEEN : UNKNOWN;
  }
  if (!holds(fact.value)) return { seen: 'no', source: fact.source };
  return seen(kind, fact.source, options.values?.(fact.value));
};

/** Any observation as text. */
export const asText = (value: ObservationValue): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);

/** An observation by key. The value goes into the texts as {value}. */
export const observed =
  (
    key: string,
    holds: (value: ObservationValue) => boolean,
    options: { readonly kind?: EvidenceKind; readonly whenAbsent?: 'yes' | 'no' } = {},
  ): Test =>
  (context) => {
    const look = judge(context.node.observations[key], holds, options.kind ?? 'state', {
      ...(options.whenAbsent === undefined ? {} : { whenAbsent: options.whenAbsent }),
      values: (value) => ({ value: asText(value) }),
    });
    return look.seen === 'unknown' ? { seen: 'unknown', needs: [{ kind: 'observation', key }] } : look;
  };

/** The rows of a table, where the observation is known to be one. */
export const rowsOf = (fact: Fact<ObservationValue> | undefined): readonly Readonly<Record<string, string>>[] | undefined => {
  if (fact?.state !== 'known' || typeof fact.value !== 'object') return undefined;
  return fact.value.filter((row): row is Readonly<Record<string, string>> => typeof row === 'object');
};

/** True, 1, 'yes', 'on', 'active' ... */
export const isOn = (value: ObservationValue): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^(?:1|y|yes|true|on|active|enabled|running)$/i.test(value));
export const isOff = (value: ObservationValue): boolean =>
  value === false ||
  value === 0 ||
  (typeof value === 'string' && /^(?:0|n|no|false|off|inactive|disabled|stopped|dead|not running|failed|masked)$/i.test(value));
export const textual =
  (pattern: RegExp) =>
  (value: ObservationValue): boolean =>
    Array.isArray(value)
      ? value.some((one) => pattern.test(typeof one === 'string' ? one : JSON.stringify(one)))
      : pattern.test(asText(value));

/** Set by the probe: it brings every fact of a machine, whether it matters or not. */
export const COLLECTED_WHOLE = 'probe.collected-whole';

/**
 * Only where a person chose what to show. That somebody pasted the state of a thing is a hint of its own; that the probe brought it, as
 * it does of every machine, is none.
 */
export const picked =
  (test: Test): Test =>
  (context) => {
    const whole = context.node.observations[COLLECTED_WHOLE];
    return whole?.state === 'known' && whole.value === true ? NOT_SEEN : test(context);
  };

export const on = (key: string): Test => observed(key, isOn);
export const off = (key: string): Test => observed(key, isOff);

const hostNetns = (node: NodeFacts): NetnsFacts | undefined => node.netns.find((one) => one.id === 'host') ?? node.netns[0];

/** A sysctl of the host, whether it was collected with its namespace or as an observation 'sysctl.<name>'. */
export const sysctlFact = (node: NodeFacts, name: string): Fact<string> | undefined => {
  const own = hostNetns(node)?.sysctls[name];
  if (own !== undefined && own.state !== 'unobserved') return own;
  const observation = node.observations[`sysctl.${name}`];
  if (observation === undefined) return own;
  return observation.state === 'known' ? { ...observation, value: asText(observation.value) } : observation;
};

export const sysctl =
  (name: string, holds: (value: string) => boolean, options: { readonly whenAbsent?: 'yes' | 'no' } = {}): Test =>
  (context) => {
    const look = judge(sysctlFact(context.node, name), (value) => holds(value.replace(/^[ \t]+|[ \t\r\n]+$/g, '')), 'setting', {
      ...options,
      values: (value) => ({ value, sysctl: name }),
    });
    return look.seen === 'unknown' ? { seen: 'unknown', needs: [{ kind: 'observation', key: `sysctl.${name}` }] } : look;
  };

/** Listeners of the host's namespace that fit. Known and none fits: no. */
export const listener =
  (fits: (one: Listener) => boolean): Test =>
  (context) => {
    const fact = hostNetns(context.node)?.listeners;
    if (fact?.state !== 'known') return { seen: 'unknown', needs: [{ kind: 'netns', netns: 'host', fact: 'listeners' }] };
    const found = fact.value.find(fits);
    if (found === undefined) return { seen: 'no', source: fact.source };
    return seen('state', fact.source, { port: String(found.port), address: found.address, program: found.program ?? '' });
  };

/** The text of a file of the node. Not looked at is unknown. */
export const hostFile =
  (path: string, holds: (text: string) => boolean): Test =>
  (context) => {
    const host = context.node.views.find((view) => view.id === 'host') ?? context.node.views[0];
    return judge(host?.files[path], (content) => holds(content.text), 'configuration');
  };

/** A program known to be missing, or to be there, in the host's view. */
export const programMissing =
  (name: string): Test =>
  (context) => {
    const host = context.node.views.find((view) => view.id === 'host') ?? context.node.views[0];
    const fact = host?.programs[name];
    if (fact?.state === 'absent') return seen('state', fact.source, { program: name });
    if (fact?.state !== 'known') return UNKNOWN;
    return fact.value.installed ? { seen: 'no', source: fact.source } : seen('state', sourceOf(fact), { program: name });
  };

/** os-release says one of these families, or somebody does. */
export const osLike =
  (pattern: RegExp): Test =>
  (context) => {
    const fact = context.node.osRelease;
    if (fact.state !== 'known') {
      const told = [context.node.observations['os.id'], context.node.observations['os.family']].filter((one) => one?.state === 'known');
      const [first] = told;
      if (first === undefined) return UNKNOWN;
      return told.some((one) => pattern.test(asText(one.value))) ? seen('statement', first.source) : { seen: 'no', source: first.source };
    }
    return judge(fact, (fields) => ['ID', 'ID_LIKE', 'NAME', 'PRETTY_NAME'].some((key) => pattern.test(fields[key] ?? '')), 'state');
  };

/** The evidence names one of these products. Not named is unknown. */
export const product =
  (...names: readonly NodeFacts['products'][number]['name'][]): Test =>
  (context) => {
    if (context.node.products.length === 0) return UNKNOWN;
    const found = context.node.products.find((one) => names.includes(one.name));
    return found === undefined ? NOT_SEEN : seen('state', found.source, { product: found.name });
  };
