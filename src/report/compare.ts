/** A comparison for people and as JSON: effects first, then the facts that make them. */
import type { EffectDifference, FactDifference, NodeComparison } from '../compare/compare-nodes.ts';
import type { TraceComparison } from '../compare/compare-traces.ts';
import type { Effect } from '../compare/effects.ts';
import type { ComparedFact, FactTitle } from '../compare/facts.ts';
import type { Subject } from '../compare/subject.ts';
import type { Language } from '../shared/language.ts';
import type { Text, Values } from '../shared/text.ts';
import type { StoryStep } from '../strace/story.ts';
import type { Trace } from '../strace/trace.ts';
import { Page } from './page.ts';
import type { PageOptions } from './page.ts';
import { renderSaid, renderText } from './render-said.ts';
import { COMPARE_SCHEMA } from './schema-names.ts';
import { sourceText } from './source-text.ts';

export type ComparedPair =
  | { readonly kind: 'nodes'; readonly subjects: readonly Subject[]; readonly comparison: NodeComparison }
  | { readonly kind: 'traces'; readonly traces: readonly [Trace, Trace]; readonly comparison: TraceComparison };

export interface CompareRenderOptions extends PageOptions {
  readonly language: Language;
  readonly all: boolean;
}

const TITLES: Readonly<Record<FactTitle, Text>> = {
  file: { en: '{what}', zh: '{what}' },
  lo: { en: 'the addresses of lo', zh: 'lo 的地址' },
  ipv6: { en: '{what}', zh: '{what}' },
  socket: { en: 'the name service sockets that can be reached', zh: '可访问的名称服务套接字' },
  listeners: { en: 'the listening ports', zh: '监听的端口' },
  firewall: { en: 'the rules that reject local traffic', zh: '拒绝本地流量的防火墙规则' },
  cache: { en: 'the name cache daemons', zh: '名称缓存守护进程' },
  libc: { en: 'the C library', zh: 'C 库' },
  modules: { en: 'the name service modules', zh: '名称服务模块' },
  env: { en: 'the environment', zh: '环境变量' },
  routes: { en: 'the default routes', zh: '默认路由' },
  sysctl: { en: '{what}', zh: '{what}' },
  mount: { en: 'the mounts of /run', zh: '/run 的挂载' },
  other: { en: '{what}', zh: '{what}' },
};

const WORDS = {
  none: {
    en: 'no difference in effect ({asked, plural, one {# question} other {# questions}} asked of each)',
    zh: '没有影响上的差异（各询问 {asked} 个问题）',
  },
  cannotTell: { en: 'cannot tell: too little is known of what is compared', zh: '无法判断：对比较对象所知太少' },
  cause: {
    en: 'the difference is {title}: {sick} has {sickHas}, {well} has {wellHas}',
    zh: '差异在于{title}：{sick} 是 {sickHas}，{well} 是 {wellHas}',
  },
  also: {
    en: 'by itself, this would do as well: {title}: {sick} has {sickHas}, {well} has {wellHas}',
    zh: '仅此一项也可消除差异：{title}：{sick} 是 {sickHas}，{well} 是 {wellHas}',
  },
  verified: {
    en: 'verified: with it, {sick} does as {well} does in {cures} of {goal} differences',
    zh: '已验证：采用它之后，{goal} 处差异中有 {cures} 处 {sick} 与 {well} 一致',
  },
  together: { en: 'only together do these make {sick} do as {well} does:', zh: '以下各项合在一起才能使 {sick} 与 {well} 一致：' },
  unexplained: { en: 'no fact that was seen explains the difference by itself', zh: '已知的事实中，没有哪一项能单独解释该差异' },
  effects: { en: 'What behaves differently', zh: '行为上的差异' },
  effect: {
    en: '{name} with {clients}{where}: {sick} {sickResult}, {well} {wellResult}',
    zh: '{clients} 查询 {name}{where}：{sick} {sickResult}，{well} {wellResult}',
  },
  where: { en: ' in {view}', zh: '（在 {view} 中）' },
  outlier: { en: '{sick} behaves as no other of the {count} does', zh: '{count} 个之中，{sick} 的行为与其他都不同' },
  others: { en: 'Facts that differ without an effect', zh: '没有影响的差异' },
  otherCount: {
    en: '{count, plural, one {# further fact differs} other {# further facts differ}} without an effect: --all shows them',
    zh: '另有 {count} 项差异没有影响：用 --all 查看',
  },
  has: { en: '{title}: {sick} has {sickHas}, {well} has {wellHas}', zh: '{title}：{sick} 是 {sickHas}，{well} 是 {wellHas}' },
  works: { en: 'works', zh: '正常' },
  gets: { en: 'gets {addresses}', zh: '得到 {addresses}' },
  fails: { en: 'fails: {why}', zh: '失败：{why}' },
  asks: { en: 'asks {who} and {result}', zh: '询问 {who}，{result}' },
  cacheDaemon: { en: 'a cache daemon', zh: '缓存守护进程' },
  nothing: { en: 'nothing', zh: '无' },
  traceDiffers: { en: 'first difference for {name}: {left} — {right}', zh: '{name} 的首个差异：{left} —— {right}' },
  traceSide: { en: '{file} {step}', zh: '{file} {step}' },
  traceEnds: { en: '{file} goes no further', zh: '{file} 到此为止' },
  tracePoints: { en: '{file}:{line} points to {cause}: {because}', zh: '{file}:{line} 指向 {cause}：{because}' },
  traceNone: { en: 'no difference: both ask the same and are told the same', zh: '没有差异：两者的查询和应答都相同' },
  traceNoLookup: { en: 'cannot tell: no look-up is in both traces', zh: '无法判断：没有两个跟踪记录共有的查询' },
} as const satisfies Record<string, Text>;

type Say = (text: Text, values?: Values) => string;
const sayIn =
  (language: Language): Say =>
  (text, values) =>
    renderText(text, language, values);

export function renderComparison(pair: ComparedPair, options: CompareRenderOptions): string {
  const page = new Page(options);
  const say = sayIn(options.language);
  if (pair.kind === 'traces') renderTraces(page, pair, say, options.language);
  else renderNodes(page, pair, say, options.all);
  return page.toString();
}

const lines = (fact: ComparedFact | undefined): readonly string[] => (fact === undefined || fact.text === '' ? [] : fact.text.split('\n'));

/** The lines that the other has not, in few words. */
function hasText(own: ComparedFact | undefined, other: ComparedFact | undefined, names: readonly string[], say: Say): string {
  const [mine, theirs] = [lines(own), lines(other)];
  const only = mine.filter((l) => !theirs.includes(l));
  const differing = only.length > 0 ? only : mine;
  // Of a hosts file, the lines of the names that behave differently.
  const telling = differing.filter((l) => l.split(' ').some((w) => names.includes(w.toLowerCase())));
  const shown = own?.subjectOfTitle === '/etc/hosts' && telling.length > 0 ? telling : differing;
  if (shown.length === 0) return say(WORDS.nothing);
  return (
    shown
      .slice(0, 3)
      .map((l) => `"${l.length > 120 ? `${l.slice(0, 120)}…` : l}"`)
      .join(', ') + (shown.length > 3 ? ', …' : '')
  );
}

interface Sides {
  readonly sick: string;
  readonly well: string;
}

const factText = (text: Text, f: FactDifference, sides: Sides, say: Say, names: readonly string[] = []): string => {
  const fact = f.sick ?? f.well;
  return say(text, {
    title: say(TITLES[fact?.title ?? 'other'], { what: fact?.subjectOfTitle ?? f.fact }),
    ...sides,
    sickHas: hasText(f.sick, f.well, names, say),
    wellHas: hasText(f.well, f.sick, names, say),
  });
};

function renderNodes(page: Page, { subjects, comparison }: Extract<ComparedPair, { kind: 'nodes' }>, say: Say, all: boolean): void {
  const sides = sidesOf(subjects, comparison);
  const { effects, causes, together, others } = comparison;
  if (effects.length === 0)
    page.prose(comparison.asked === 0 ? say(WORDS.cannotTell) : say(WORDS.none, { asked: comparison.asked }), 0, '', 'bold');
  else {
    const results = effects.filter((e) => e.kind === 'result');
    const counted = results.length > 0 && !all ? results : effects;
    const goal = results.length || effects.length;
    const names = [...new Set(effects.map((e) => e.name.toLowerCase()))];
    const [cause, ...more] = causes;
    if (together.length > 0) {
      page.prose(say(WORDS.together, { ...sides }), 0, '', 'bold');
      for (const f of together) page.prose(factText(WORDS.has, f, sides, say), 2, '- ');
    } else if (cause === undefined) page.prose(say(WORDS.unexplained), 0, '', 'bold');
    else {
      page.prose(factText(WORDS.cause, cause, sides, say, names), 0, '', 'bold');
      page.prose(say(WORDS.verified, { ...sides, cures: cause.cures, goal }), 2);
      for (const f of [cause, ...more].slice(0, 1)) place(page, f, subjects, comparison);
      for (const f of more.slice(0, 3)) page.prose(factText(WORDS.also, f, sides, say, names), 2);
    }
    if (subjects.length > 2) page.prose(say(WORDS.outlier, { sick: sides.sick, count: subjects.length }), 2);
    page.heading(say(WORDS.effects));
    for (const group of grouped(counted, say)) page.prose(say(WORDS.effect, { ...group, ...sides }), 2, '- ');
  }
  if (others.length === 0) return;
  if (!all) {
    page.prose(say(WORDS.otherCount, { count: others.length }), 0, '', 'dim');
    return;
  }
  page.heading(say(WORDS.others));
  for (const f of others) page.prose(factText(WORDS.has, f, sides, say), 2, '- ');
}

function place(page: Page, f: FactDifference, subjects: readonly Subject[], comparison: NodeComparison): void {
  const [sick, well] = [subjects[comparison.sick], subjects[comparison.well]];
  if (f.sick?.source !== undefined && sick !== undefined)
    page.verbatim(`${sick.label}: ${sourceText(f.sick.source, sick.snapshot.node)}`, 2, '', 'dim');
  if (f.well?.source !== undefined && well !== undefined)
    page.verbatim(`${well.label}: ${sourceText(f.well.source, well.snapshot.node)}`, 2, '', 'dim');
}

/** Last parts of paths say enough where they differ. */
function sidesOf(subjects: readonly Subject[], { sick, well }: NodeComparison): Sides {
  const short = subjects.map((s) => s.label.replace(/\/+$/u, '').replace(/^.*\//u, ''));
  const shown = new Set(short).size === subjects.length && short.every((s) => s !== '') ? short : subjects.map((s) => s.label);
  return { sick: shown[sick] ?? 'A', well: shown[well] ?? 'B' };
}

function resultText(effect: Effect, say: Say): string {
  const { outcome, resolution } = effect.answer;
  const got =
    resolution.outcome.kind === 'addresses' ? [...new Set(resolution.outcome.addresses.map((a) => a.address))].join(' ') : undefined;
  if (outcome.kind === 'fails')
    return say(WORDS.fails, {
      why: [outcome.address?.address, outcome.errno ?? outcome.error?.code ?? outcome.stage].filter((w) => w !== undefined).join(' '),
    });
  return got === undefined ? say(WORDS.works) : say(WORDS.gets, { addresses: got });
}

/** Where both end alike: who was asked on the way. */
function wayText(effect: Effect, say: Say): string {
  const { resolution } = effect.answer;
  const asked = [
    ...new Set([...(resolution.nscdRequests ?? []).map(() => say(WORDS.cacheDaemon)), ...resolution.queries.map((q) => q.server)]),
  ];
  return asked.length === 0 ? resultText(effect, say) : say(WORDS.asks, { who: asked.join(', '), result: resultText(effect, say) });
}

/** Clients that differ in the same way are one line. */
function grouped(
  effects: readonly EffectDifference[],
  say: Say,
): readonly {
  readonly name: string;
  readonly clients: string;
  readonly where: string;
  readonly sickResult: string;
  readonly wellResult: string;
}[] {
  const groups = new Map<string, { name: string; clients: string[]; where: string; sickResult: string; wellResult: string }>();
  for (const e of effects) {
    const name = e.port === undefined ? e.name : `${e.name}:${e.port}`;
    const where = e.view === 'primary' ? '' : say(WORDS.where, { view: e.view });
    const [sickResult, wellResult] =
      e.kind === 'way' ? [wayText(e.sick, say), wayText(e.well, say)] : [resultText(e.sick, say), resultText(e.well, say)];
    const key = JSON.stringify([name, where, sickResult, wellResult]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { name, clients: [e.client], where, sickResult, wellResult });
    else group.clients.push(e.client);
  }
  return [...groups.values()].map((g) => ({
    ...g,
    clients: g.clients.length > 6 ? `${g.clients.slice(0, 6).join(', ')}, …` : g.clients.join(', '),
  }));
}

const fileName = (trace: Trace): string => trace.name;
const linesOf = (s: StoryStep): string => `:${s.endLine > s.line ? `${s.line}-${s.endLine}` : s.line}`;

function renderTraces(page: Page, { traces, comparison }: Extract<ComparedPair, { kind: 'traces' }>, say: Say, language: Language): void {
  const [left, right] = traces;
  const side = (trace: Trace, step: StoryStep | undefined): string =>
    step === undefined
      ? say(WORDS.traceEnds, { file: fileName(trace) })
      : say(WORDS.traceSide, { file: `${fileName(trace)}${linesOf(step)}`, step: say(step.kind.text, step.values) });
  if (comparison.differences.length === 0)
    page.prose(say(comparison.compared === 0 ? WORDS.traceNoLookup : WORDS.traceNone), 0, '', 'bold');
  for (const d of comparison.differences)
    page.prose(say(WORDS.traceDiffers, { name: d.name ?? '?', left: side(left, d.left), right: side(right, d.right) }), 0, '', 'bold');
  for (const p of comparison.pointers) {
    const trace = traces[p.in === 0 ? 0 : 1];
    page.prose(
      say(WORDS.tracePoints, { file: fileName(trace), line: p.place.line, cause: p.cause, because: renderSaid(p.because, language) }),
      2,
      '',
      'yellow',
    );
  }
}

export function comparisonJson(pair: ComparedPair, language: Language): unknown {
  const say = sayIn(language);
  if (pair.kind === 'traces') {
    const step = (s: StoryStep | undefined): unknown =>
      s === undefined ? undefined : { id: s.kind.id, text: say(s.kind.text, s.values), line: s.line, endLine: s.endLine, quote: s.text };
    return {
      schema: COMPARE_SCHEMA,
      kind: 'traces',
      subjects: pair.traces.map(fileName),
      compared: pair.comparison.compared,
      differences: pair.comparison.differences.map((d) => ({ name: d.name, left: step(d.left), right: step(d.right) })),
      pointsTo: pair.comparison.pointers.map((p) => ({
        cause: p.cause,
        subject: pair.traces[p.in === 0 ? 0 : 1].name,
        line: p.place.line,
        because: renderSaid(p.because, language),
      })),
    };
  }
  const { subjects, comparison } = pair;
  const sides = sidesOf(subjects, comparison);
  const fact = (f: FactDifference): unknown => ({
    fact: f.fact,
    said: factText(WORDS.has, f, sides, say),
    sick: f.sick?.text,
    well: f.well?.text,
    cures: f.cures,
    ...(f.sick?.source === undefined ? {} : { source: sourceText(f.sick.source, subjects[comparison.sick]?.snapshot.node) }),
  });
  return {
    schema: COMPARE_SCHEMA,
    kind: 'nodes',
    subjects: subjects.map((s) => s.label),
    sick: comparison.effects.length > 0 ? sides.sick : undefined,
    well: comparison.effects.length > 0 ? sides.well : undefined,
    asked: comparison.asked,
    untold: comparison.untold,
    effects: comparison.effects.map((e) => ({
      view: e.view,
      client: e.client,
      name: e.name,
      port: e.port,
      kind: e.kind,
      sick: resultText(e.sick, say),
      well: resultText(e.well, say),
    })),
    causes: comparison.causes.map(fact),
    together: comparison.together.map(fact),
    others: comparison.others.map(fact),
  };
}
