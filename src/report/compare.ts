/** A comparison for people and as JSON: effects first, then the facts that make them. */
import type { EffectDifference, FactDifference, NodeComparison, PairComparison } from '../compare/compare-nodes.ts';
import type { ManyTraces } from '../compare/compare-traces.ts';
import type { Effect } from '../compare/effects.ts';
import type { ComparedFact, FactTitle } from '../compare/facts.ts';
import type { Subject } from '../compare/subject.ts';
import type { Verdict } from '../diagnose/types.ts';
import type { Language } from '../shared/language.ts';
import type { Text, Values } from '../shared/text.ts';
import type { StoryStep } from '../strace/story.ts';
import type { Trace } from '../strace/trace.ts';
import { Page } from './page.ts';
import type { PageOptions } from './page.ts';
import { renderSaid, renderText } from './render-said.ts';
import type { ComparisonJson } from './compare-schema.ts';
import { COMPARE_SCHEMA } from './schema-names.ts';
import { sourceText } from './source-text.ts';

export type ComparedPair =
  | { readonly kind: 'nodes'; readonly subjects: readonly Subject[]; readonly comparison: NodeComparison }
  | { readonly kind: 'traces'; readonly traces: readonly Trace[]; readonly comparison: ManyTraces };

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
  outlier: {
    en: '{sick} departs most from what most of the {count} do; it is held against {well}',
    zh: '{count} 个之中，{sick} 与多数的差别最大；以下与 {well} 对照',
  },
  further: { en: '{side} departs as well: {text}', zh: '{side} 也与多数不同：{text}' },
  verdict: {
    en: 'the difference is a fault of {side} alone: {title} [{cause}], {certainty}: {summary}',
    zh: '差异在于只有 {side} 存在的故障：{title} [{cause}]（{certainty}）：{summary}',
  },
  found: { en: 'on {side} alone: {title} [{cause}], {certainty}', zh: '只在 {side} 上：{title} [{cause}]（{certainty}）' },
  forDns: {
    en: 'names of DNS were not asked (--name NAME does), and for them this counts: {fact}',
    zh: '没有询问 DNS 中的名称（用 --name 指定），而下面的差异会影响它们：{fact}',
  },
  assumed: {
    en: 'What nobody looked at is taken to be as usual, on all of them alike.',
    zh: '没有人查看过的事实，均按常见情况处理，各方一致。',
  },
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

const CERTAINTY: Readonly<Record<Verdict['certainty'], Text>> = {
  proved: { en: 'proved', zh: '已证明' },
  likely: { en: 'likely', zh: '很可能' },
  possible: { en: 'possible', zh: '有可能' },
};

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
  const shown =
    (own ?? other)?.subjectOfTitle === '/etc/nsswitch.conf'
      ? mine.filter((l) => l.startsWith('hosts:'))
      : own?.subjectOfTitle === '/etc/hosts' && telling.length > 0
        ? telling
        : differing;
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

/** The one sentence that says what makes the difference; undefined: nothing that was seen does. */
function headline(subjects: readonly Subject[], pair: PairComparison, say: Say): string | undefined {
  const sides = sidesOf(subjects, pair);
  const names = [...new Set(pair.effects.map((e) => e.name.toLowerCase()))];
  const [cause] = pair.causes;
  const byFact =
    pair.effects.length === 0
      ? undefined
      : pair.together.length > 0
        ? say(WORDS.together, { ...sides })
        : cause === undefined
          ? undefined
          : factText(WORDS.cause, cause, sides, say, names);
  if (byFact !== undefined && hasResults(pair)) return byFact;
  const [own] = pair.verdicts;
  if (own !== undefined) return verdictText(WORDS.verdict, own, sides.sick, say);
  const [other] = pair.wellVerdicts;
  if (other !== undefined) return verdictText(WORDS.verdict, other, sides.well, say);
  return byFact;
}

/** Something works on the one and not on the other; else both end alike, and a fault that was diagnosed weighs more than another way. */
const hasResults = (pair: PairComparison): boolean => pair.effects.some((e) => e.kind === 'result');

const verdictText = (text: Text, v: Verdict, side: string, say: Say): string =>
  say(text, {
    side,
    cause: v.cause,
    title: say(v.title.text, v.title.values),
    summary: say(v.summary.text, v.summary.values),
    certainty: say(CERTAINTY[v.certainty]),
  });

function renderNodes(page: Page, { subjects, comparison }: Extract<ComparedPair, { kind: 'nodes' }>, say: Say, all: boolean): void {
  const sides = sidesOf(subjects, comparison);
  const { effects, causes, together, others, verdicts, wellVerdicts } = comparison;
  const first = headline(subjects, comparison, say);
  if (first !== undefined) page.prose(first, 0, '', 'bold');
  else if (effects.length > 0) page.prose(say(WORDS.unexplained), 0, '', 'bold');
  else page.prose(comparison.asked === 0 ? say(WORDS.cannotTell) : say(WORDS.none, { asked: comparison.asked }), 0, '', 'bold');
  const byFact = (together.length > 0 || causes.length > 0) && (hasResults(comparison) || verdicts.length + wellVerdicts.length === 0);
  if (byFact && effects.length > 0) renderCausingFacts(page, subjects, comparison, say, all);
  for (const [list, index, side] of [
    [verdicts, comparison.sick, sides.sick],
    [wellVerdicts, comparison.well, sides.well],
  ] as const)
    for (const [i, v] of list.slice(0, MOST_VERDICTS).entries()) {
      if (byFact || i > 0 || (list === wellVerdicts && verdicts.length > 0)) page.prose(verdictText(WORDS.found, v, side, say), 2, '- ');
      for (const e of v.evidence.filter((x) => x.source !== undefined).slice(0, 2))
        if (e.source !== undefined)
          page.verbatim(`${sourceText(e.source, subjects[index]?.snapshot.node)}${quoted(e.source.text)}`, 4, '', 'dim');
    }
  if (subjects.length > 2 && (effects.length > 0 || verdicts.length > 0 || wellVerdicts.length > 0)) {
    page.prose(say(WORDS.outlier, { sick: sides.sick, count: subjects.length, well: sides.well }), 2);
    for (const other of comparison.further) {
      const text = headline(subjects, other, say);
      page.prose(say(WORDS.further, { side: sidesOf(subjects, other).sick, text: text ?? say(WORDS.unexplained) }), 2, '- ');
    }
  }
  if (effects.length > 0) {
    const results = effects.filter((e) => e.kind === 'result');
    page.heading(say(WORDS.effects));
    for (const group of grouped(results.length > 0 && !all ? results : effects, say))
      page.prose(say(WORDS.effect, { ...group, ...sides }), 2, '- ');
  }
  const forDns = effects.length === 0 ? others.filter(mattersForDns) : [];
  for (const f of forDns.slice(0, 3)) page.prose(say(WORDS.forDns, { fact: factText(WORDS.has, f, sides, say) }), 2);
  if (subjects.some((s) => s.assumed !== undefined)) page.prose(say(WORDS.assumed), 0, '', 'dim');
  if (others.length === 0) return;
  if (!all) {
    page.prose(say(WORDS.otherCount, { count: others.length }), 0, '', 'dim');
    return;
  }
  page.heading(say(WORDS.others));
  for (const f of others) page.prose(factText(WORDS.has, f, sides, say), 2, '- ');
}

/** What decides about names of DNS, which nobody asked for. */
const mattersForDns = (f: FactDifference): boolean => {
  const path = (f.sick ?? f.well)?.subjectOfTitle ?? '';
  const hosts = (fact: ComparedFact | undefined): string =>
    lines(fact)
      .filter((l) => l.startsWith('hosts:'))
      .join();
  return path.endsWith('/resolv.conf') || (path === '/etc/nsswitch.conf' && hosts(f.sick) !== hosts(f.well));
};

const MOST_VERDICTS = 3;
const quoted = (text: string | undefined): string => (text === undefined ? '' : `: ${text.slice(0, 200)}`);

function renderCausingFacts(page: Page, subjects: readonly Subject[], pair: PairComparison, say: Say, all: boolean): void {
  const sides = sidesOf(subjects, pair);
  const { effects, causes, together } = pair;
  const results = effects.filter((e) => e.kind === 'result');
  const names = [...new Set(effects.map((e) => e.name.toLowerCase()))];
  if (together.length > 0) {
    for (const f of together) page.prose(factText(WORDS.has, f, sides, say), 2, '- ');
    return;
  }
  const [cause, ...more] = causes;
  if (cause === undefined) return;
  page.prose(say(WORDS.verified, { ...sides, cures: cause.cures, goal: results.length || effects.length }), 2);
  place(page, cause, subjects, pair);
  for (const f of more.slice(0, all ? more.length : 3)) page.prose(factText(WORDS.also, f, sides, say, names), 2);
}

function place(page: Page, f: FactDifference, subjects: readonly Subject[], comparison: PairComparison): void {
  const [sick, well] = [subjects[comparison.sick], subjects[comparison.well]];
  if (f.sick?.source !== undefined && sick !== undefined)
    page.verbatim(`${sick.label}: ${sourceText(f.sick.source, sick.snapshot.node)}`, 2, '', 'dim');
  if (f.well?.source !== undefined && well !== undefined)
    page.verbatim(`${well.label}: ${sourceText(f.well.source, well.snapshot.node)}`, 2, '', 'dim');
}

/** Last parts of paths say enough where they differ. */
function sidesOf(subjects: readonly Subject[], { sick, well }: PairComparison): Sides {
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
  const { left: leftIndex, right: rightIndex } = comparison;
  const [left, right] = [traces[leftIndex], traces[rightIndex]];
  if (left === undefined || right === undefined) return;
  if (traces.length > 2 && comparison.differences.length > 0)
    page.prose(say(WORDS.outlier, { sick: fileName(left), count: traces.length, well: fileName(right) }));
  const side = (trace: Trace, step: StoryStep | undefined): string =>
    step === undefined
      ? say(WORDS.traceEnds, { file: fileName(trace) })
      : say(WORDS.traceSide, { file: `${fileName(trace)}${linesOf(step)}`, step: say(step.kind.text, step.values) });
  if (comparison.differences.length === 0)
    page.prose(say(comparison.compared === 0 ? WORDS.traceNoLookup : WORDS.traceNone), 0, '', 'bold');
  for (const d of comparison.differences)
    page.prose(say(WORDS.traceDiffers, { name: d.name ?? '?', left: side(left, d.left), right: side(right, d.right) }), 0, '', 'bold');
  for (const p of comparison.pointers) {
    const trace = p.in === 0 ? left : right;
    page.prose(
      say(WORDS.tracePoints, { file: fileName(trace), line: p.place.line, cause: p.cause, because: renderSaid(p.because, language) }),
      2,
      '',
      'yellow',
    );
  }
}

type ComparedStep = NonNullable<Extract<ComparisonJson, { kind: 'traces' }>['differences'][number]['left']>;
type ComparedFactJson = Extract<ComparisonJson, { kind: 'nodes' }>['causes'][number];

export function comparisonJson(pair: ComparedPair, language: Language): ComparisonJson {
  const say = sayIn(language);
  if (pair.kind === 'traces') {
    const step = (s: StoryStep | undefined): ComparedStep | undefined =>
      s === undefined
        ? undefined
        : {
            id: s.kind.id,
            text: say(s.kind.text, s.values),
            ...(s.file === undefined ? {} : { file: s.file }),
            line: s.line,
            endLine: s.endLine,
            quote: s.text,
          };
    return {
      schema: COMPARE_SCHEMA,
      kind: 'traces',
      subjects: pair.traces.map(fileName),
      left: pair.traces[pair.comparison.left]?.name ?? '',
      right: pair.traces[pair.comparison.right]?.name ?? '',
      alike: pair.comparison.groups.map((g) => g.map((i) => pair.traces[i]?.name ?? '')),
      compared: pair.comparison.compared,
      differences: pair.comparison.differences.map((d) => ({ name: d.name, left: step(d.left), right: step(d.right) })),
      pointsTo: pair.comparison.pointers.map((p) => ({
        cause: p.cause,
        subject: pair.traces[p.in === 0 ? pair.comparison.left : pair.comparison.right]?.name ?? '',
        line: p.place.line,
        because: renderSaid(p.because, language),
      })),
    };
  }
  const { subjects, comparison } = pair;
  return {
    schema: COMPARE_SCHEMA,
    kind: 'nodes',
    subjects: subjects.map((s) => s.label),
    alike: comparison.groups.map((g) => g.map((i) => subjects[i]?.label ?? '')),
    ...pairJson(subjects, comparison, say),
    further: comparison.further.map((other) => pairJson(subjects, other, say)),
    assumed: subjects.some((s) => s.assumed !== undefined),
  };
}

type NodesJson = Extract<ComparisonJson, { kind: 'nodes' }>;

function pairJson(subjects: readonly Subject[], pair: PairComparison, say: Say): NodesJson['further'][number] {
  const sides = sidesOf(subjects, pair);
  const fact = (f: FactDifference): ComparedFactJson => ({
    fact: f.fact,
    said: factText(WORDS.has, f, sides, say),
    sick: f.sick?.text,
    well: f.well?.text,
    cures: f.cures,
    ...(f.sick?.source === undefined ? {} : { source: sourceText(f.sick.source, subjects[pair.sick]?.snapshot.node) }),
  });
  const verdict =
    (index: number, side: string) =>
    (v: Verdict): NodesJson['verdicts'][number] => ({
      subject: side,
      cause: v.cause,
      title: say(v.title.text, v.title.values),
      certainty: v.certainty,
      summary: say(v.summary.text, v.summary.values),
      sources: v.evidence.flatMap((e) => (e.source === undefined ? [] : [sourceText(e.source, subjects[index]?.snapshot.node)])),
    });
  const differs = pair.effects.length > 0 || pair.verdicts.length > 0 || pair.wellVerdicts.length > 0;
  return {
    sick: differs ? sides.sick : undefined,
    well: differs ? sides.well : undefined,
    asked: pair.asked,
    untold: pair.untold,
    effects: pair.effects.map((e) => ({
      view: e.view,
      client: e.client,
      name: e.name,
      port: e.port,
      kind: e.kind,
      sick: resultText(e.sick, say),
      well: resultText(e.well, say),
    })),
    causes: pair.causes.map(fact),
    together: pair.together.map(fact),
    verdicts: [...pair.verdicts.map(verdict(pair.sick, sides.sick)), ...pair.wellVerdicts.map(verdict(pair.well, sides.well))],
    others: pair.others.map(fact),
  };
}
