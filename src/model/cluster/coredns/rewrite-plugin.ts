/**
 * rewrite [continue|stop] name [exact|prefix|suffix|substring|regex] FROM TO    rewrite [continue|stop] type FROM TO
 *
 * The first rule that matches ends the rules, unless it says `continue`. Records carry the asked name again only after `exact` rules and
 * with `answer auto` or an `answer name` that leads back: without, resolvers find nothing of theirs in the answer.
 * Source: coredns plugin/rewrite (1.9 and later). edns0, ttl and class rules change nothing that a stub resolver looks at.
 */
import type { ServerReply } from '../../name-server.ts';
import { askAboutPlugin, cannotTell, type Plugin } from './plugin.ts';
import { goPattern } from './go-pattern.ts';
import { coreDnsSteps } from './steps.ts';

const WITHOUT_EFFECT = new Set(['edns0', 'ttl', 'class']);
const plain = (name: string): string => name.toLowerCase().replace(/\.$/u, '');

/** The new name; undefined: the rule does not match; null: it cannot be told. */
function rewritten(how: string, from: string, to: string, name: string): string | null | undefined {
  switch (how) {
    case 'exact':
      return name === plain(from) ? plain(to) : undefined;
    case 'prefix':
      return name.startsWith(from.toLowerCase()) ? to.toLowerCase() + name.slice(from.length) : undefined;
    case 'suffix': {
      // Suffixes are held against the absolute name.
      const dotted = `${name}.`;
      const suffix = from.endsWith('.') ? from.toLowerCase() : `${from.toLowerCase()}.`;
      return dotted.endsWith(suffix) ? plain(dotted.slice(0, -suffix.length) + to) : undefined;
    }
    case 'substring':
      return name.includes(from.toLowerCase()) ? name.replaceAll(from.toLowerCase(), to.toLowerCase()) : undefined;
    default: {
      const pattern = goPattern(from);
      if (pattern === undefined) return null;
      const match = pattern.exec(`${name}.`);
      return match === null ? undefined : plain(to.replace(/\{(\d{1,2})\}/gu, (_all, group: string) => match[Number(group)] ?? ''));
    }
  }
}

const HOWS = new Set(['exact', 'prefix', 'suffix', 'substring', 'regex']);

export const rewritePlugin: Plugin = (run, directive, question, next) => {
  const rules = directive.args[0] === 'continue' || directive.args[0] === 'stop' ? directive.args.slice(1) : directive.args;
  // `rewrite stop { name … ; answer … }` holds its first line as the rule.
  const lines = rules.length > 0 ? [rules] : directive.block.map(({ words }) => words);
  const [field = '', ...rest] = lines[0] ?? [];
  if (WITHOUT_EFFECT.has(field)) return next(question);
  if (field === 'type')
    return rest[0]?.toUpperCase() === question.type ? next({ ...question, type: rest[1]?.toUpperCase() ?? question.type }) : next(question);
  if (field !== 'name') return cannotTell(run, askAboutPlugin('rewrite'));
  const named = HOWS.has(rest[0] ?? '');
  const how = named ? (rest[0] ?? 'exact') : 'exact';
  const [from = '', to = '', ...more] = named ? rest.slice(1) : rest;
  const name = rewritten(how, from, to, question.name);
  if (name === undefined) return next(question);
  if (name === null) return cannotTell(run, askAboutPlugin('rewrite'));
  run.steps.push({ kind: coreDnsSteps.rewritten, values: { name: question.name, to: name } });
  const answerRules = [more, ...lines.slice(1)].filter((words) => words[0] === 'answer').map((words) => words.slice(1));
  const auto = how === 'exact' || answerRules.some(([word]) => word === 'auto');
  return renamed(next({ ...question, name }), (owner) => {
    if (auto && owner === name) return question.name;
    for (const [, pattern = '', back = ''] of answerRules.filter(([word]) => word === 'name')) {
      const again = rewritten('regex', pattern, back, owner);
      if (typeof again === 'string') return again;
    }
    return owner;
  });
};

function renamed(answer: ServerReply, ownerOf: (owner: string) => string): ServerReply {
  if (answer.kind !== 'reply' || answer.reply.kind !== 'answer') return answer;
  return {
    ...answer,
    reply: { ...answer.reply, answers: answer.reply.answers.map((record) => ({ ...record, name: ownerOf(record.name) })) },
  };
}

/** Does the rule end the rules when it matched? */
export const stopsRules = (args: readonly string[]): boolean => args[0] !== 'continue';
