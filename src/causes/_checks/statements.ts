/**
 * Plain `key: value` statements, as a person or a form gives them: "firewalld: stopped", "nm_cloud_setup = enabled". Keys are free, so
 * causes match them by words. A value that plainly says yes or no is read as such; "unknown" is neither.
 */
import type { Source } from '../../facts/fact.ts';
import type { NodeFacts, Statement } from '../../facts/node-facts.ts';
import type { Look, Test } from './look.ts';
import { UNKNOWN, NOT_SEEN } from './look.ts';

const YES =
  /^(?:yes|true|on|ok|[1y是有]|enabled?|active|running|present|installed|set|loaded|started|up|used|exists?|已启用|启用|开启|运行中|已安装|已加载)(?:[ ,;.(]|$)/i;
const NO =
  /^(?:no|false|off|0|none|nil|null|disabled?|inactive|stopped|missing|absent|unset|unloaded|dead|masked|n|empty|\(empty\)|failed|fails|cannot|never)(?:[ ,;.(]|$)|^(?:not |isn't |没有|[否无未]|已停止|已禁用|关闭|停止)/i;

/** 'yes', 'no', or undefined when the value is something else. */
export const yesOrNo = (value: string): 'yes' | 'no' | undefined => {
  const text = value.replace(/^[ \t"']+/, '');
  if (/^(?:not |no |isn't |never |un)/i.test(text) && !/^un(?:known|clear)/i.test(text)) return 'no';
  if (NO.test(text) && !YES.test(text)) return 'no';
  return YES.test(text) ? 'yes' : undefined;
};

/** Underscores, camel case and dots in keys read as blanks, lower case: 'nm_cloud_setup' and 'nmCloudSetup' -> 'nm cloud setup'. */
export const spokenKey = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_.]+/g, ' ')
    .toLowerCase();

const cache = new WeakMap<NodeFacts, readonly Statement[]>();

/** Statements wherever the reader of evidence has put them: the list itself, or observations that came from a statement. */
export const statementsOf = (node: NodeFacts): readonly Statement[] => {
  const made = cache.get(node);
  if (made !== undefined) return made;
  const listed = node.statements ?? [];
  const fromObservations = Object.values(node.observations).flatMap((fact): Statement[] => {
    if (fact.state !== 'known' || fact.source.kind !== 'statement') return [];
    const { key, text, line } = fact.source;
    const value = text.startsWith(`${key}:`) ? text.slice(key.length + 1).replace(/^[ \t]+/, '') : text;
    if (listed.some((one) => one.key === key)) return [];
    return [{ key, value, ...(line === undefined ? {} : { line }) }];
  });
  const all = [...listed, ...fromObservations];
  cache.set(node, all);
  return all;
};

const sourceOf = (statement: Statement): Source => ({
  kind: 'statement',
  key: statement.key,
  text: `${statement.key}: ${statement.value}`,
  ...(statement.line === undefined ? {} : { line: statement.line }),
});

export interface StatementFilter {
  /** On the spoken key. */
  readonly key?: RegExp;
  /** 'yes' and 'no' as plain answers, or a pattern on the value. */
  readonly value?: 'yes' | 'no' | RegExp;
  /** On "spoken key: value" as a whole. */
  readonly whole?: RegExp;
  /** All of these in one clause (between full stops and semicolons), in any order. */
  readonly clause?: readonly RegExp[];
}

const fits = (statement: Statement, filter: StatementFilter): boolean => {
  const key = spokenKey(statement.key);
  if (filter.key?.test(key) === false) return false;
  if (filter.whole?.test(`${key}: ${statement.value}`) === false) return false;
  if (filter.clause !== undefined) {
    const clauses = `${key}: ${statement.value}`.split(/[.;](?:[ \t]|$)/);
    if (!clauses.some((clause) => filter.clause?.every((word) => word.test(clause)))) return false;
  }
  if (filter.value === undefined) return true;
  return typeof filter.value === 'string' ? yesOrNo(statement.value) === filter.value : filter.value.test(statement.value);
};

/** Somebody states it. Not stated is unknown; stated otherwise (same key, plain opposite) is no. */
export const stated =
  (...filters: readonly StatementFilter[]): Test =>
  (context): Look => {
    const statements = statementsOf(context.node);
    for (const statement of statements) {
      if (!filters.some((filter) => fits(statement, filter))) continue;
      return { seen: 'yes', kind: 'statement', values: { key: statement.key, value: statement.value }, source: sourceOf(statement) };
    }
    const opposite = filters.some(
      (filter) =>
        (filter.value === 'yes' || filter.value === 'no') &&
        statements.some((statement) => fits(statement, { ...filter, value: filter.value === 'yes' ? 'no' : 'yes' })),
    );
    return opposite ? NOT_SEEN : UNKNOWN;
  };

const CURED =
  /\b(?:cure[sd]?|fix(?:es|ed)?|heal(?:s|ed)?|help(?:s|ed)|solve[sd]?|resolve[sd]? (?:it|the)|gone (?:after|with)|(?:makes|made) it work|(?:then|again|now|after(?:wards| that)|immediately|at once)[^.;]{0,40} (?:works?|worked|fine|ok|reach\w*|start\w*|ready)|works? (?:again|after|then|now|fine)|did the trick|(?:answers?|works?|reach\w*|resolves?|talks?|pass(?:es)?|starts?|comes? up|ready|fine|ok) (?:[a-z ]{0,20} )?again)\b|^[^:]*: (?:works?|worked|ok|yes|true)\b|解决|恢复|修复/i;
const NO_CURE =
  /\b(?:not|no|never|n't|without) (?:[a-z]+ ){0,2}(?:cure|fix|heal|help|solve|effect|change|difference|work)|didn't|doesn't|still (?:fails|the same|broken)|没有(?:解决|效果)/i;
const REMEDY_KEY = /^(?:the )?(?:work ?around|fix(?:ed by)?|cure[ds]?(?: by)?|solution|solved by|remedy|what helped|resolved by|helped)\b/i;

/** Somebody did this and it helped: "swapoff -a: cured it", "workaround: ethtool -K eth0 tx off". What helped names the cause. */
export const helped =
  (done: RegExp): Test =>
  (context): Look => {
    const hit = statementsOf(context.node).find(({ key, value }) => {
      const whole = `${spokenKey(key)}: ${value}`;
      return done.test(whole) && !NO_CURE.test(whole) && (CURED.test(whole) || REMEDY_KEY.test(spokenKey(key)));
    });
    return hit === undefined
      ? UNKNOWN
      : { seen: 'yes', kind: 'statement', values: { key: hit.key, value: hit.value }, source: sourceOf(hit) };
  };
