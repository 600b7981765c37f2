/** What `culprit logs` prints for people: the line that ended it, what failed, what that points to, and what the rest of the log is. */
import { grouped } from '../shared/grouped.ts';
import type { Language } from '../shared/language.ts';
import type { Text, Values } from '../shared/text.ts';
import { CONSEQUENCE_WORDS, LOGS_WORDS, LOSS_WORDS, PROBLEM_WORDS } from './logs-words.ts';
import type { LogsReport, LogsSymptom, LogsTemplate, LogsTerminal } from './logs-schema.ts';
import { Page } from './page.ts';
import type { PageOptions } from './page.ts';
import { renderText } from './render-said.ts';

type Say = (text: Text, values?: Values) => string;

const SHOWN = 8;
const TEMPLATES_SHOWN = 12;
const QUOTE = 300;

export function renderLogs(report: LogsReport, options: PageOptions & { readonly language: Language }): string {
  const page = new Page(options);
  const say: Say = (text, values) => renderText(text, options.language, values);
  const values = { files: report.files.length, lines: grouped(report.lines), size: sizeText(report.bytes) };
  if (report.firstTime !== undefined && report.lastTime !== undefined)
    page.prose(say(LOGS_WORDS.read, { ...values, first: report.firstTime, last: report.lastTime }), 0, '', 'dim');
  else page.prose(say(LOGS_WORDS.readNoTime, values), 0, '', 'dim');
  terminalPart(page, say, report);
  symptomPart(page, say, report);
  causePart(page, say, report);
  if (report.consequences.length > 0) {
    page.heading(say(LOGS_WORDS.consequences));
    for (const s of report.consequences.slice(0, SHOWN))
      page.prose(`${grouped(s.count)} x ${s.kind}: ${s.what} (${consequenceText(s.noise ?? '', say)})`, 2, '- ');
    more(page, say, report.consequences.length);
  }
  templatePart(page, say, report);
  lossPart(page, say, report);
  return page.toString();
}

const consequenceText = (id: string, say: Say): string => {
  const text = CONSEQUENCE_WORDS[id];
  return text === undefined ? id : say(text);
};

export const sizeText = (bytes: number): string =>
  bytes >= 2 ** 30
    ? `${(bytes / 2 ** 30).toFixed(1)} GiB`
    : bytes >= 2 ** 20
      ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
      : bytes >= 1024
        ? `${(bytes / 1024).toFixed(0)} KiB`
        : `${bytes} B`;

function more(page: Page, say: Say, count: number, shown = SHOWN): void {
  if (count > shown) page.prose(say(LOGS_WORDS.more, { count: count - shown }), 2);
}

function terminalPart(page: Page, say: Say, report: LogsReport): void {
  const { terminal } = report;
  if (terminal === undefined) {
    page.gap();
    page.prose(say(LOGS_WORDS.noTerminal));
    return;
  }
  page.heading(say(LOGS_WORDS.terminal));
  page.verbatim(terminal.text.slice(0, 600), 2, '', 'red');
  page.prose(aboutTerminal(terminal, say), 2, '', 'dim');
  if (terminal.ledBy.length > 0) {
    page.prose(`${say(LOGS_WORDS.ledBy)}:`, 2);
    for (const line of terminal.ledBy) page.verbatim(line.slice(0, QUOTE), 4);
  }
  if (report.otherTerminals.length > 0) {
    page.heading(say(LOGS_WORDS.otherTerminals));
    for (const t of report.otherTerminals.slice(0, 3)) {
      page.verbatim(t.text.slice(0, QUOTE), 2);
      page.prose(aboutTerminal(t, say), 4, '', 'dim');
    }
    more(page, say, report.otherTerminals.length, 3);
  }
}

function aboutTerminal(t: LogsTerminal, say: Say): string {
  const about = say(LOGS_WORDS.terminalTimes, { source: t.source, kind: t.kind, time: t.time ?? '?', count: t.count, after: t.linesAfter });
  return t.consequence === undefined ? about : `${about} (${say(LOGS_WORDS.consequence, { why: consequenceText(t.consequence, say) })})`;
}

function symptomPart(page: Page, say: Say, report: LogsReport): void {
  if (report.symptoms.length === 0) {
    page.gap();
    page.prose(say(LOGS_WORDS.noSymptoms));
    return;
  }
  page.heading(say(LOGS_WORDS.symptoms));
  const order = (s: LogsSymptom): number => (s.terminal ? 1e15 : 0) + s.count;
  for (const s of report.symptoms.toSorted((a, b) => order(b) - order(a)).slice(0, SHOWN)) {
    page.prose(
      `${grouped(s.count)} x ${s.kind}: ${s.what}${s.firstTime === undefined ? '' : `  ${s.firstTime} … ${s.lastTime ?? ''}`}`,
      2,
      '- ',
    );
    const first = s.sources.at(s.terminal ? -1 : 0);
    if (first !== undefined)
      page.verbatim(`${first.source}${first.quote === undefined ? '' : `: ${first.quote.slice(0, QUOTE)}`}`, 4, '', 'dim');
  }
  more(page, say, report.symptoms.length);
}

function causePart(page: Page, say: Say, report: LogsReport): void {
  if (report.causes.length === 0) return;
  page.heading(say(LOGS_WORDS.causes));
  for (const c of report.causes.slice(0, SHOWN)) {
    page.prose(`${c.title} [${c.id}] (${say(LOGS_WORDS.certainty[c.certainty])})`, 2, '- ');
    page.prose(c.because, 4, '', 'dim');
  }
  more(page, say, report.causes.length);
  page.prose(say(LOGS_WORDS.causesHint), 2, '', 'dim');
}

function templatePart(page: Page, say: Say, report: LogsReport): void {
  if (report.templates.length === 0) return;
  page.heading(say(LOGS_WORDS.templates));
  const serious = report.templates.filter((t, i) => i >= TEMPLATES_SHOWN && (t.level === 'fatal' || t.level === 'panic')).slice(0, 4);
  const rows = [...report.templates.slice(0, TEMPLATES_SHOWN), ...serious];
  page.table(
    rows.map((t) => [
      `#${t.number}`,
      grouped(t.count),
      rateText(t, say),
      `${t.level === undefined ? '' : `${t.level} `}${t.sourceFile === undefined ? '' : `${t.sourceFile} `}${t.text}`,
    ]),
    2,
  );
  if (report.templates.length > rows.length) page.prose(say(LOGS_WORDS.moreTemplates, { count: report.templates.length - rows.length }), 2);
}

function rateText(t: LogsTemplate, say: Say): string {
  if (t.perMinute === undefined || t.change === undefined) return '';
  const change = say(LOGS_WORDS.change[t.change], { factor: (t.factor ?? 1).toFixed(1) });
  if (t.change === 'once') return change;
  return `${say(LOGS_WORDS.perMinute, { rate: t.perMinute >= 10 ? String(Math.round(t.perMinute)) : t.perMinute.toFixed(1) })}, ${change}`;
}

function lossPart(page: Page, say: Say, report: LogsReport): void {
  if (report.losses.length > 0) {
    page.heading(say(LOGS_WORDS.losses));
    for (const l of report.losses.slice(0, SHOWN)) {
      const kind = LOSS_WORDS[l.kind];
      page.prose(
        say(LOGS_WORDS.loss, {
          kind: kind === undefined ? l.kind : say(kind),
          lines: l.lines === undefined ? '?' : l.lines * l.times,
          source: l.source,
          text: l.what,
        }),
        2,
        '- ',
      );
    }
    more(page, say, report.losses.length);
  }
  if (report.clocks.length > 0) {
    page.heading(say(LOGS_WORDS.clocks));
    for (const c of report.clocks) page.prose(say(LOGS_WORDS.clock, { node: c.node, ms: c.skewMs, events: c.events }), 2, '- ');
  }
  if (report.problems.length > 0) {
    page.heading(say(LOGS_WORDS.problems));
    for (const p of report.problems.slice(0, SHOWN)) {
      const text = PROBLEM_WORDS[p.kind];
      page.prose(
        text === undefined ? `${p.source}: ${p.kind} ${p.what}` : say(text, { source: p.source, what: p.what, count: p.count ?? 0 }),
        2,
        '- ',
      );
    }
    more(page, say, report.problems.length);
  }
}
