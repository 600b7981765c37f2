/** A report for people: the verdict first, then why, then the fix; what was ruled out and what could not be checked come last. */
import type { Language } from '../shared/language.ts';
import type { Text, Values } from '../shared/text.ts';
import { padEnd, widthOf } from '../shared/text-width.ts';
import { Page, placeLines } from './page.ts';
import type { PageOptions, Paint } from './page.ts';
import { renderText } from './render-said.ts';
import type { Report, ReportRemedy, ReportSaid, ReportVerdict } from './report-schema.ts';
import { WORDS } from './report-words.ts';

export interface TerminalOptions extends PageOptions {
  readonly language: Language;
}

type Say = (text: Text, values?: Values) => string;

/** Longer lists are for --json. */
const SHOWN = 8;
/** The deciding fact comes first; people fetch one or two. */
const NEEDS_SHOWN = 3;

export function renderTerminal(report: Report, options: TerminalOptions): string {
  const page = new Page(options);
  const say: Say = (text, values) => renderText(text, options.language, values);
  if (report.verdicts.length === 0) {
    const open = report.troubled || report.unread === true;
    const headline = report.troubled ? WORDS.couldNotTell : open ? WORDS.nothingRead : WORDS.nothingWrong;
    page.prose(say(headline, { target: targetText(report.target, say) }), 0, '', open ? 'yellow' : 'green');
  }
  for (const verdict of report.verdicts) verdictPart(page, say, verdict);
  if (report.verdicts.length === 0 && report.troubled) failedPart(page, say, report);
  undecidedPart(page, say, report);
  nextPart(page, say, report);
  listPart(
    page,
    say,
    say(WORDS.ruledOut),
    report.ruledOut.map((r) => say(WORDS.ruledOutBecause, { title: r.title, because: r.because })),
  );
  listPart(
    page,
    say,
    say(WORDS.notChecked),
    report.notChecked.map((n) => (n.source === undefined ? n.what : `${n.what} [${n.source}]`)),
  );
  piecesPart(page, say, report);
  askedPart(page, say, report);
  return page.toString();
}

/** The collectors' own names of what was looked at; anything else is a name that somebody gave. */
const targetText = (target: string, say: Say): string =>
  target === WORDS.thisMachine.en ? say(WORDS.thisMachine) : target === '-' ? say(WORDS.standardInput) : target;

/** Without a cause, what was understood of the failures at least. */
function failedPart(page: Page, say: Say, report: Report): void {
  const failed = report.symptoms.filter((s) => !(isRecord(s['details']) && 'noise' in s['details']));
  if (failed.length === 0) return;
  page.heading(say(WORDS.failed));
  for (const symptom of failed.slice(0, SHOWN)) {
    const first = symptom.evidence[0];
    page.prose(say(WORDS.failedTimes, { kind: symptom.kind, count: symptom.count }), 2, '- ');
    if (first !== undefined) for (const line of placeLines(first.source, first.quote)) page.verbatim(line, 4, '', 'dim');
  }
  if (failed.length > SHOWN) page.prose(say(WORDS.more, { count: failed.length - SHOWN }), 2);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const COLOUR: Record<ReportVerdict['certainty'], Paint> = { proved: 'red', likely: 'yellow', possible: 'cyan' };

function verdictPart(page: Page, say: Say, verdict: ReportVerdict): void {
  page.gap();
  const { title, view } = verdict;
  const headline = view === undefined || view === 'host' ? title : say(WORDS.titleInView, { title, view });
  page.prose(`${say(WORDS.certainty[verdict.certainty])}  ${headline}`, 0, '', COLOUR[verdict.certainty]);
  page.prose(verdict.summary, 2);
  page.verbatim(`[${verdict.cause}]`, 2, '', 'dim');

  if (verdict.explains.length > 0) {
    page.heading(say(WORDS.explains));
    for (const line of verdict.explains.slice(0, SHOWN)) page.prose(line, 2, '- ');
    if (verdict.explains.length > SHOWN) page.prose(say(WORDS.more, { count: verdict.explains.length - SHOWN }), 2);
  }
  if (verdict.chain.length > 0) {
    page.heading(say(WORDS.chain));
    for (const [i, link] of verdict.chain.entries()) saidPart(page, link, `${i + 1}. `);
  }
  const more = verdict.evidence.filter((e) => !verdict.chain.some((c) => c.text === e.text && c.source === e.source));
  if (more.length > 0) {
    page.heading(say(WORDS.evidence));
    for (const item of more) saidPart(page, item, '- ');
  }
  if (verdict.proof !== undefined && verdict.certainty === 'proved' && verdict.proof.predicted.length > 0) {
    page.gap();
    const failures = verdict.proof.predicted.filter((a) => a.outcome === 'fails').length;
    page.prose(say(WORDS.proof, { failures }));
  }
  remediesPart(page, say, verdict);
  if (verdict.variants !== undefined) {
    page.gap();
    page.prose(say(WORDS.variants, { causes: verdict.variants.join(', ') }));
  }
}

function saidPart(page: Page, item: ReportSaid, lead: string): void {
  page.prose(item.text, 2, lead);
  const deep = 2 + widthOf(lead);
  if (item.source === undefined) return;
  for (const line of placeLines(item.source, item.quote)) page.verbatim(line, deep, '', 'dim');
}

function remediesPart(page: Page, say: Say, verdict: ReportVerdict): void {
  const [first, ...others] = verdict.remedies;
  if (first === undefined) {
    page.gap();
    page.prose(say(WORDS.noFix));
    return;
  }
  page.heading(say(WORDS.fix, { safety: say(WORDS.safety[first.safety]) }));
  page.prose(first.title, 2);
  commandsPart(page, say, first);
  if (others.length > 0) {
    page.heading(say(WORDS.otherFixes));
    for (const remedy of others) {
      const safety = say(WORDS.safety[remedy.safety]);
      page.prose(say(WORDS.otherFix, { title: remedy.title, safety, risk: remedy.risk }), 2, '- ');
      for (const command of remedy.commands) page.verbatim(command, 6, '$ ');
    }
  }
}

function commandsPart(page: Page, say: Say, remedy: ReportRemedy): void {
  const labels = [WORDS.apply, WORDS.risk, WORDS.verify, WORDS.undo, WORDS.then].map((w) => say(w));
  const width = Math.max(...labels.map(widthOf)) + 2;
  const label = (text: Text): string => padEnd(say(text), width);
  const commands = (text: Text, list: readonly string[], paint?: Paint): void => {
    for (const [i, command] of list.entries()) page.verbatim(command, 2, `${i === 0 ? label(text) : ' '.repeat(width)}$ `, paint);
  };
  commands(WORDS.apply, remedy.commands, 'bold');
  page.prose(remedy.risk, 2, label(WORDS.risk));
  commands(WORDS.verify, remedy.verify);
  commands(WORDS.undo, remedy.undo);
  commands(WORDS.then, remedy.then ?? []);
}

/** With nothing to go by, a few facts part the areas from one another. */
function nextPart(page: Page, say: Say, report: Report): void {
  if (report.next.length === 0) return;
  page.heading(say(WORDS.openings));
  for (const item of report.next.slice(0, 4)) {
    page.prose(item.what, 2, '- ');
    if (item.command !== undefined) page.verbatim(item.command, 6, '$ ');
  }
}

function undecidedPart(page: Page, say: Say, report: Report): void {
  if (report.undecided.length === 0) return;
  page.heading(say(WORDS.undecided));
  for (const item of report.undecided.slice(0, SHOWN)) {
    page.prose(`${item.title} [${item.cause}]`, 2, '- ');
    for (const need of item.needs.slice(0, NEEDS_SHOWN)) {
      page.prose(/[?？]$/u.test(need.what) ? need.what : say(WORDS.next, { what: need.what }), 4);
      if (need.command !== undefined) page.verbatim(need.command, 6, '$ ');
    }
    if (item.needs.length > NEEDS_SHOWN) page.prose(say(WORDS.more, { count: item.needs.length - NEEDS_SHOWN }), 4);
  }
  if (report.undecided.length > SHOWN) page.prose(say(WORDS.more, { count: report.undecided.length - SHOWN }), 2);
}

/** Equal lines stand once. */
function listPart(page: Page, say: Say, title: string, lines: readonly string[]): void {
  const distinct = [...new Set(lines)];
  if (distinct.length === 0) return;
  page.heading(title);
  for (const line of distinct.slice(0, SHOWN)) page.prose(line, 2, '- ');
  if (distinct.length > SHOWN) page.prose(say(WORDS.more, { count: distinct.length - SHOWN }), 2);
}

function piecesPart(page: Page, say: Say, report: Report): void {
  const lines = (report.pieces ?? []).map((p) =>
    p.notUnderstood === undefined || p.notUnderstood === 0
      ? say(WORDS.piece, { name: p.name, takenFor: p.takenFor, lines: p.lines })
      : say(WORDS.pieceLeft, { name: p.name, takenFor: p.takenFor, lines: p.lines, left: p.notUnderstood }),
  );
  listPart(page, say, say(WORDS.pieces), lines);
}

function askedPart(page: Page, say: Say, report: Report): void {
  if (report.answers.length === 0) return;
  const distinct = (values: readonly string[]): number => new Set(values).size;
  page.gap();
  page.prose(
    say(WORDS.asked, {
      questions: report.answers.length,
      names: distinct(report.answers.map((a) => a.name)),
      clients: distinct(report.answers.map((a) => a.client)),
      views: distinct(report.answers.map((a) => a.view)),
      failing: report.failing.length,
    }),
    0,
    '',
    'dim',
  );
}
