/** A diagnosis as the JSON report: every text in one language, every source as a place, every edit as commands. Pure. */
import type { Source } from '../facts/fact.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import type { Symptom } from '../facts/symptom.ts';
import type { ChainLink, Diagnosis, Verdict } from '../diagnose/types.ts';
import type { ClientAnswer } from '../model/types.ts';
import type { Remedy } from '../remedy/edit.ts';
import { toCommands } from '../remedy/to-commands.ts';
import type { Language } from '../shared/language.ts';
import type { Said } from '../shared/text.ts';
import type { EvidencePiece } from '../snapshot/snapshot.ts';
import { renderSaid } from './render-said.ts';
import { REPORT_SCHEMA } from './schema-names.ts';
import type { Report, ReportAnswer, ReportRemedy, ReportSaid, ReportVerdict } from './report-schema.ts';
import { quoteOf, sourceText, viewName } from './source-text.ts';

export interface ReportOptions {
  readonly language: Language;
  /** The facts that were diagnosed: they name views and say which process a command has to enter. */
  readonly node?: NodeFacts;
  /** What each piece of given evidence was taken for. */
  readonly pieces?: readonly EvidencePiece[];
}

export function makeReport(diagnosis: Diagnosis, options: ReportOptions): Report {
  const say = (said: Said): string => renderSaid(said, options.language);
  const { node } = options;
  const answers = (list: readonly ClientAnswer[]): ReportAnswer[] => list.map((a) => answerOf(a, node));
  return {
    schema: REPORT_SCHEMA,
    target: diagnosis.target,
    symptoms: diagnosis.symptoms.map((s) => symptomOf(s, node)),
    verdicts: diagnosis.verdicts.map((v) => verdictOf(v, options, say, answers)),
    troubled: diagnosis.troubled,
    ...(diagnosis.unread === true ? { unread: true } : {}),
    undecided: diagnosis.undecided.map((u) => ({
      cause: u.cause,
      title: say(u.title),
      needs: u.needs.map((n) => ({ what: say(n.what), ...(n.command === undefined ? {} : { command: n.command }) })),
    })),
    next: diagnosis.next.map((n) => ({ what: say(n.what), ...(n.command === undefined ? {} : { command: n.command }) })),
    notChecked: diagnosis.notChecked.map((n) => ({ what: say(n.what), ...place(n.source, node) })),
    ruledOut: diagnosis.ruledOut.map((r) => ({ cause: r.cause, title: say(r.title), because: say(r.because) })),
    answers: answers(diagnosis.answers),
    failing: answers(diagnosis.failing),
    ...(options.pieces === undefined ? {} : { pieces: options.pieces.map((p) => ({ ...p })) }),
    timings: { ...diagnosis.timings },
  };
}

/** One line of JSON. Characters that drive a terminal are written as escapes, so that printing it is safe and parsing it gives them back. */
export const toJson = (value: unknown): string => `${escapeUnsafe(JSON.stringify(value))}\n`;

// JSON.stringify escapes C0 and lone surrogates by itself; these are DEL, C1, bidi controls, line separators and invisible marks.
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const escapeUnsafe = (json: string): string => json.replace(UNSAFE_IN_JSON, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const place = (source: Source | undefined, node: NodeFacts | undefined): { source?: string } =>
  source === undefined ? {} : { source: sourceText(source, node) };

const quote = (source: Source | undefined): { quote?: string } => {
  const text = source === undefined ? undefined : quoteOf(source);
  return text === undefined ? {} : { quote: text };
};

function verdictOf(
  verdict: Verdict,
  options: ReportOptions,
  say: (said: Said) => string,
  answers: (list: readonly ClientAnswer[]) => ReportAnswer[],
): ReportVerdict {
  const { node } = options;
  const saidAt = (link: ChainLink): ReportSaid => ({ text: say(link.said), ...place(link.source, node), ...quote(link.source) });
  return {
    cause: verdict.cause,
    title: say(verdict.title),
    certainty: verdict.certainty,
    severity: verdict.severity,
    ...(verdict.view === undefined ? {} : { view: viewName(verdict.view, node) }),
    summary: say(verdict.summary),
    explains: verdict.explains.map(say),
    chain: verdict.chain.map(saidAt),
    evidence: verdict.evidence.map(saidAt),
    remedies: verdict.remedies.map((r) => remedyOf(r, node, say)),
    ...(verdict.proof === undefined
      ? {}
      : {
          proof: {
            remedy: verdict.proof.remedy,
            predicted: answers(verdict.proof.predicted),
            afterRemedy: answers(verdict.proof.afterRemedy),
            broken: answers(verdict.proof.broken),
          },
        }),
    ...(verdict.variants === undefined || verdict.variants.length === 0 ? {} : { variants: [...verdict.variants] }),
  };
}

function remedyOf(remedy: Remedy, node: NodeFacts | undefined, say: (said: Said) => string): ReportRemedy {
  const { apply, undo } = toCommands(remedy.edits, node);
  return {
    id: remedy.id,
    title: say(remedy.title),
    risk: say(remedy.risk),
    safety: remedy.safety,
    commands: [...apply],
    verify: [...remedy.verify],
    undo: [...undo],
    ...(remedy.then === undefined ? {} : { then: [...remedy.then] }),
  };
}

/** What one client got, in a line's worth of fields. */
export function answerOf(answer: ClientAnswer, node: NodeFacts | undefined): ReportAnswer {
  const { outcome } = answer;
  const address = outcome.kind === 'cannot-tell' ? undefined : outcome.address;
  const error = outcome.kind === 'fails' ? (outcome.errno ?? outcome.error?.code) : undefined;
  return {
    client: answer.client,
    ...(answer.version === undefined ? {} : { version: answer.version }),
    view: viewName(answer.view, node),
    name: answer.name,
    ...(answer.port === undefined ? {} : { port: answer.port }),
    outcome: outcome.kind,
    ...(address === undefined ? {} : { address: address.zone === undefined ? address.address : `${address.address}%${address.zone}` }),
    ...(outcome.kind === 'fails' ? { stage: outcome.stage } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

function symptomOf(symptom: Symptom, node: NodeFacts | undefined): Report['symptoms'][number] {
  const { evidence, view, details, ...rest } = symptom;
  return {
    ...rest,
    ...(view === undefined ? {} : { view: viewName(view, node) }),
    ...(details === undefined ? {} : { details: { ...details } }),
    evidence: evidence.map((source) => ({ source: sourceText(source, node), ...quote(source) })),
  };
}
