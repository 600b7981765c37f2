/** An explanation for people: who gets what, where two programs part, and on demand every step of each. */
import type { Language } from '../shared/language.ts';
import type { Text, Values } from '../shared/text.ts';
import { widthOf } from '../shared/text-width.ts';
import type { ExplainedAnswer, ExplainedStep, Explanation } from './explain-schema.ts';
import { Page, placeLines } from './page.ts';
import type { PageOptions } from './page.ts';
import { renderText } from './render-said.ts';

export interface ExplainTerminalOptions extends PageOptions {
  readonly language: Language;
  /** Every step of every client; otherwise the table and the differences. */
  readonly steps: boolean;
}

export const EXPLAIN_WORDS = {
  who: { en: 'Who gets what for {name}', zh: '各程序对 {name} 得到的结果' },
  client: { en: 'program', zh: '程序' },
  version: { en: 'version', zh: '版本' },
  view: { en: 'where', zh: '位置' },
  answer: { en: 'answer', zh: '解析结果' },
  connects: { en: 'connection', zh: '连接' },
  really: { en: 'really', zh: '实测' },
  prints: { en: 'prints', zh: '输出' },
  connected: { en: 'connected', zh: '成功' },
  timeout: { en: 'timeout', zh: '超时' },
  cannotTell: { en: 'cannot tell', zh: '无法判断' },
  agrees: { en: 'agrees', zh: '一致' },
  miss: { en: 'DIFFERS: {said}', zh: '不一致：{said}' },
  part: { en: 'Where programs part', zh: '程序从哪里开始分岔' },
  partHead: { en: '{left} and {right} part here', zh: '{left} 与 {right} 在此分岔' },
  ends: { en: 'has no further step', zh: '没有后续步骤' },
  needs: { en: 'To tell the rest, look at', zh: '要判断其余部分，需要查看' },
  steps: { en: 'Step by step', zh: '逐步说明' },
  dial: { en: 'connects to {address}: {outcome}', zh: '连接 {address}：{outcome}' },
  took: { en: '{ms} ms', zh: '{ms} 毫秒' },
} as const satisfies Record<string, Text>;

type Say = (text: Text, values?: Values) => string;

export function renderExplanation(explanation: Explanation, options: ExplainTerminalOptions): string {
  const page = new Page(options);
  const say: Say = (text, values) => renderText(text, options.language, values);
  const asked = explanation.port === undefined ? explanation.name : `${explanation.name}:${explanation.port}`;
  page.heading(say(EXPLAIN_WORDS.who, { name: asked }));
  page.table(rowsOf(explanation.answers, say), 2);
  if (explanation.differences.length > 0) {
    page.heading(say(EXPLAIN_WORDS.part));
    for (const d of explanation.differences) {
      page.prose(say(EXPLAIN_WORDS.partHead, { left: d.left, right: d.right }), 2, '- ');
      if (d.because !== undefined) page.prose(d.because, 4);
      for (const [client, step] of [
        [d.left, d.leftStep],
        [d.right, d.rightStep],
      ] as const) {
        if (step === undefined) page.prose(say(EXPLAIN_WORDS.ends), 4, `${client}: `);
        else stepPart(page, step, 4, `${client}: `, say);
      }
    }
  }
  if (explanation.needs.length > 0) {
    page.heading(say(EXPLAIN_WORDS.needs));
    for (const need of explanation.needs) {
      page.prose(need.what, 2, '- ');
      if (need.command !== undefined) page.verbatim(need.command, 6, '$ ');
    }
  }
  if (options.steps) {
    page.heading(say(EXPLAIN_WORDS.steps));
    for (const group of sameSteps(explanation.answers)) stepsPart(page, group, say);
  }
  return page.toString();
}

/** A column that says the same in every row is left out, but for the first. */
function rowsOf(answers: readonly ExplainedAnswer[], say: Say): string[][] {
  const severalViews = new Set(answers.map((a) => a.view)).size > 1;
  const dials = answers.some((a) => a.attempts.length > 0);
  const tried = answers.some((a) => a.really !== undefined);
  const head = [
    EXPLAIN_WORDS.client,
    EXPLAIN_WORDS.version,
    EXPLAIN_WORDS.view,
    EXPLAIN_WORDS.answer,
    EXPLAIN_WORDS.connects,
    EXPLAIN_WORDS.really,
    EXPLAIN_WORDS.prints,
  ];
  const keep = [true, true, severalViews, true, dials, tried, true];
  const rows = [head.map((w) => say(w)), ...answers.map((a) => rowOf(a, say))];
  return rows.map((row) => row.filter((_, i) => keep[i] === true));
}

function rowOf(a: ExplainedAnswer, say: Say): string[] {
  const answer =
    a.addresses.length > 0 ? a.addresses.join(' ') : a.outcome === 'cannot-tell' ? say(EXPLAIN_WORDS.cannotTell) : (a.error ?? '-');
  const really =
    a.really === undefined
      ? ''
      : a.really.agrees === true
        ? say(EXPLAIN_WORDS.agrees)
        : a.really.agrees === false
          ? say(EXPLAIN_WORDS.miss, { said: a.really.said })
          : a.really.said;
  // The last line is the one a person sees last and searches for.
  return [a.client, a.version ?? '', a.view, answer, connection(a, say), really, a.prints.at(-1) ?? ''];
}

const outcomeWord = (outcome: string, say: Say): string =>
  outcome === 'connected'
    ? say(EXPLAIN_WORDS.connected)
    : outcome === 'timeout'
      ? say(EXPLAIN_WORDS.timeout)
      : outcome === 'cannot-tell'
        ? say(EXPLAIN_WORDS.cannotTell)
        : outcome;

/** One address: just the outcome. Several: each with its own, up to the first that works. */
function connection(a: ExplainedAnswer, say: Say): string {
  const [first, ...others] = a.attempts;
  if (first === undefined) return '-';
  if (others.length === 0) return outcomeWord(first.outcome, say);
  return a.attempts.map((t) => `${t.address} ${outcomeWord(t.outcome, say)}`).join(', ');
}

/** Clients that go the very same way are told once. */
function sameSteps(answers: readonly ExplainedAnswer[]): ExplainedAnswer[][] {
  const groups = new Map<string, ExplainedAnswer[]>();
  for (const a of answers) {
    const key = JSON.stringify([a.view, a.steps, a.attempts]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [a]);
    else group.push(a);
  }
  return [...groups.values()];
}

function stepsPart(page: Page, group: readonly ExplainedAnswer[], say: Say): void {
  const [first] = group;
  if (first === undefined) return;
  page.gap();
  page.prose(`${group.map((a) => a.client).join(', ')} (${first.view})`, 2);
  let number = 0;
  const next = (): string => `${String(++number).padStart(2)}. `;
  for (const step of first.steps) stepPart(page, step, 4, next(), say);
  for (const attempt of first.attempts) {
    const address =
      attempt.port === undefined
        ? attempt.address
        : attempt.address.includes(':')
          ? `[${attempt.address}]:${attempt.port}`
          : `${attempt.address}:${attempt.port}`;
    page.prose(say(EXPLAIN_WORDS.dial, { address, outcome: outcomeWord(attempt.outcome, say) }), 4, next());
    for (const step of attempt.steps) stepPart(page, step, 8, '- ', say);
  }
  for (const line of first.prints) page.verbatim(line, 8, '> ');
}

function stepPart(page: Page, step: ExplainedStep, indent: number, lead: string, say: Say): void {
  const took = step.ms === undefined || step.ms === 0 ? '' : ` (${say(EXPLAIN_WORDS.took, { ms: step.ms })})`;
  page.prose(`${step.text}${took}`, indent, lead);
  const deep = indent + widthOf(lead);
  if (step.source !== undefined) for (const line of placeLines(step.source, step.quote)) page.verbatim(line, deep, '', 'dim');
  if (step.rule !== undefined) page.prose(step.rule, deep, '', 'dim');
  for (const inner of step.inner ?? []) stepPart(page, inner, deep, '| ', say);
}
