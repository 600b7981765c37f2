/**
 * Counts symptoms while lines go by. Equal ones are folded: the first sources and the last one are kept, with the times of both ends.
 */
import type { Source, ViewId } from '../../facts/fact.ts';
import type { Signature } from '../../facts/signature.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { LogLine } from '../../logs/line-format.ts';
import { readLine } from '../../logs/lines.ts';
import { AnchorIndex } from './anchor-index.ts';
import { noiseReason } from './noise.ts';
import type { SymptomDraft, SymptomReader } from './symptom-reader.ts';
import { symptomReaders } from './symptom-readers.ts';

/** Where the lines come from: gives the source of one line. */
export interface LineOrigin {
  readonly source: (line: LogLine) => Source;
  readonly component?: string;
  readonly view?: ViewId;
  /** Name of the program when the lines are its output. */
  readonly client?: string;
}

const SOURCES_KEPT = 3;
const SYMPTOMS_KEPT = 2_000;
const TEXT_KEPT = 600;
/** What a line says stands at its beginning; patterns of signatures are not run over a megabyte. */
const LINE_SEARCHED = 16_384;
/** When there are more, all are forgotten, because what still comes is soon there again. */
const LINES_REMEMBERED = 2_000;
const LINE_REMEMBERED = 2_000;

/** Times of envelopes and headers, thread ids, and resource versions: all that differs between lines of a loop. */
const TIMES =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|resourceVersion=\d+/gu;
const withoutTimes = (raw: string): string => raw.replaceAll(TIMES, '');

interface Candidates {
  readonly readers: readonly SymptomReader[];
  readonly signatures: readonly Signature[];
}

/** Anchors, and which readers or signatures each of them is of. */
interface Owned {
  readonly anchors: AnchorIndex;
  readonly ownersOf: readonly (readonly number[])[];
}

interface Index {
  readonly readers: Owned;
  readonly signatures: Owned;
  /** Of patterns that take either case: the anchors in lower case. */
  readonly anyCase: Owned;
  /** Signatures without anchors are held against every line. */
  readonly always: readonly number[];
}

const indexes = new WeakMap<readonly Signature[], Index>();

function owned(anchorsOf: readonly (readonly string[])[]): Owned {
  const anchors = [...new Set(anchorsOf.flat())];
  const numbers = new Map(anchors.map((a, i) => [a, i]));
  const ownersOf: number[][] = anchors.map(() => []);
  for (const [owner, own] of anchorsOf.entries()) for (const a of own) ownersOf[numbers.get(a) ?? 0]?.push(owner);
  return { anchors: new AnchorIndex(anchors), ownersOf };
}

function indexOf(signatures: readonly Signature[]): Index {
  const known = indexes.get(signatures);
  if (known !== undefined) return known;
  const made: Index = {
    readers: owned(symptomReaders.map((r) => r.anchors)),
    signatures: owned(signatures.map((s) => (s.pattern.ignoreCase ? [] : s.anchors))),
    anyCase: owned(signatures.map((s) => (s.pattern.ignoreCase ? s.anchors.map((a) => a.toLowerCase()) : []))),
    always: signatures.flatMap((s, i) => (s.anchors.length === 0 ? [i] : [])),
  };
  indexes.set(signatures, made);
  return made;
}

/** The owners of the anchors that stand in one of the texts. */
function ownersIn({ anchors, ownersOf }: Owned, texts: readonly string[], owners: Set<number>): Set<number> {
  const found = new Set<number>();
  for (const text of texts) anchors.find(text, found);
  for (const anchor of found) for (const owner of ownersOf[anchor] ?? []) owners.add(owner);
  return owners;
}

interface Counted {
  readonly draft: SymptomDraft;
  count: number;
  firstSeen: string | undefined;
  lastSeen: string | undefined;
  terminal: boolean;
  readonly sources: Source[];
  /** The last line of this kind, beyond those whose sources are kept; read only when it is asked for. */
  last: { readonly raw: string; readonly lineNumber: number; readonly line: LogLine | undefined; readonly origin: LineOrigin } | undefined;
}

/**
 * What a scanner of large logs looks for, byte by byte. Where the pattern takes either case, messages begin with a capital in one version
 * and not in another ("Running with swap on", "running with swap on"): the first letter is left out.
 */
const scannedAnchors = ({ anchors, pattern }: Signature): readonly string[] =>
  pattern.ignoreCase ? anchors.map((a) => (a.length > SHORT_ANCHOR && /^[a-z]/iu.test(a) ? a.slice(1) : a)) : anchors;
const SHORT_ANCHOR = 9;

/** Everything that a scanner must look for so that no symptom is missed. */
export const symptomAnchors = (signatures: readonly Signature[]): readonly string[] => [
  ...symptomReaders.flatMap((r) => r.scan ?? r.anchors),
  ...signatures.flatMap(scannedAnchors),
];

export class SymptomCollector {
  readonly #signatures: readonly Signature[];
  readonly #index: Index;
  readonly #found = new Map<string, Counted>();
  #dropped = 0;
  /** What lines of a log led to, by their text without times. */
  readonly #remembered = new Map<string, readonly Counted[]>();
  #touched: Counted[] = [];

  constructor(signatures: readonly Signature[]) {
    this.#signatures = signatures;
    this.#index = indexOf(signatures);
  }

  /** Reads one line; true when something was made of it. */
  add(given: LogLine, origin: LineOrigin): boolean {
    if (given.text === '') return false;
    const line =
      given.text.length > LINE_SEARCHED
        ? { ...given, text: given.text.slice(0, LINE_SEARCHED), message: given.message.slice(0, LINE_SEARCHED) }
        : given;
    const shape = this.#candidates(line);
    const component = origin.component ?? line.component;
    const noise = shape.readers.length + shape.signatures.length === 0 ? undefined : noiseReason(line, component);
    let any = false;
    for (const reader of shape.readers) {
      const drafts = reader.read(line);
      for (const d of drafts) this.#count(withOrigin(d, origin, component), line, origin, noise);
      if (drafts.length > 0) {
        any = true;
        break;
      }
    }
    for (const signature of shape.signatures) {
      const d = matchSignature(signature, line, component);
      if (d === undefined) continue;
      any = true;
      this.#count(withOrigin(d, origin, component), line, origin, noise);
    }
    if (!any && line.terminal !== undefined) {
      any = true;
      this.#count(
        withOrigin(
          { kind: 'terminated', operation: 'start', details: { how: line.terminal, text: clip(line.message) } },
          origin,
          component,
        ),
        line,
        origin,
        noise,
      );
    }
    return any;
  }

  /**
   * A line of a large log. Its effect is remembered by its text without times, so that a crash loop, whose lines differ in nothing else,
   * is counted and not read again and again.
   */
  addFromLog(line: LogLine, origin: LineOrigin): void {
    this.#touched = [];
    this.add(line, origin);
    const key = line.raw.length > LINE_REMEMBERED ? undefined : withoutTimes(line.raw);
    if (this.#remembered.size >= LINES_REMEMBERED) this.#remembered.clear();
    if (key !== undefined) this.#remembered.set(key, this.#touched);
    this.#touched = [];
  }

  /** Counts a line of a log (`times` lines, of which this is the last) that is like one read before; false where it must be read. */
  addKnown(raw: string, lineNumber: number, origin: LineOrigin, times = 1): boolean {
    if (raw.length > LINE_REMEMBERED) return false;
    const known = this.#remembered.get(withoutTimes(raw));
    if (known === undefined) return false;
    for (const c of known) {
      c.count += times;
      c.last = { raw, lineNumber, line: undefined, origin };
    }
    return true;
  }

  /** The symptoms so far, in the order of their first appearance. */
  symptoms(): readonly Symptom[] {
    return [...this.#found.values()].map((c) => {
      const last = c.last === undefined ? undefined : (c.last.line ?? readLine(c.last.raw, c.last.lineNumber));
      // Lines of a block that say the same are counted together, behind the others: this one need not be the latest.
      const lastSeen = [last?.time, c.lastSeen]
        .filter((t) => t !== undefined)
        .sort()
        .at(-1);
      return {
        ...c.draft,
        count: c.count,
        evidence: last === undefined || c.last === undefined ? c.sources : [...c.sources, c.last.origin.source(last)],
        ...(c.firstSeen === undefined ? {} : { firstSeen: c.firstSeen }),
        ...(lastSeen === undefined ? {} : { lastSeen }),
        ...(c.terminal ? { terminal: true } : {}),
      };
    });
  }

  /** How many symptoms there was no room for. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What can be made of the line: the readers and signatures of which an anchor stands in it. */
  #candidates({ text, message }: LogLine): Candidates {
    const texts = text.endsWith(message) ? [text] : [text, message];
    const { readers, signatures, anyCase, always } = this.#index;
    const signed = ownersIn(signatures, texts, new Set(always));
    if (anyCase.ownersOf.length > 0)
      ownersIn(
        anyCase,
        texts.map((t) => t.toLowerCase()),
        signed,
      );
    const inOrder = (numbers: ReadonlySet<number>): readonly number[] => [...numbers].sort((a, b) => a - b);
    return {
      readers: inOrder(ownersIn(readers, texts, new Set())).flatMap((r) => symptomReaders[r] ?? []),
      signatures: inOrder(signed).flatMap((s) => this.#signatures[s] ?? []),
    };
  }

  #count(draft: SymptomDraft, line: LogLine, origin: LineOrigin, noise: string | undefined): void {
    const marked = noise === undefined ? draft : { ...draft, details: { ...draft.details, noise } };
    const terminal = marked.terminal === true || line.terminal !== undefined;
    const key = identity(marked);
    const known = this.#found.get(key);
    if (known === undefined) {
      if (this.#found.size >= SYMPTOMS_KEPT) {
        this.#dropped += 1;
        return;
      }
      const made: Counted = {
        draft: marked,
        count: 1,
        firstSeen: line.time,
        lastSeen: line.time,
        terminal,
        sources: [origin.source(line)],
        last: undefined,
      };
      this.#found.set(key, made);
      this.#touched.push(made);
      return;
    }
    this.#touched.push(known);
    known.count += 1;
    known.firstSeen ??= line.time;
    if (line.time !== undefined) known.lastSeen = line.time;
    // The line that ended the process must be among the sources.
    if (known.sources.length < SOURCES_KEPT || (terminal && !known.terminal)) {
      known.sources.push(origin.source(line));
      known.last = undefined;
    } else known.last = { raw: line.raw, lineNumber: line.lineNumber, line, origin };
    if (terminal) known.terminal = true;
  }
}

/** Details that differ from line to line do not make another symptom. */
const VARYING = new Set(['url', 'text', 'currentTime', 'error', 'local', 'process']);

function identity(d: SymptomDraft): string {
  const more = Object.entries(d.details ?? {})
    .filter(([k]) => !VARYING.has(k))
    .map(([k, v]) => `${k}=${v}`)
    .sort()
    .join('\u0001');
  // Texts of terminal lines count as equal when only their numbers differ.
  const text = d.kind === 'terminated' ? (d.details?.['text'] ?? '').replaceAll(/\d+/gu, '0') : '';
  return [
    d.kind,
    d.operation,
    d.client,
    d.component,
    d.view,
    d.name,
    d.address,
    d.port,
    d.protocol,
    d.errno,
    d.rcode,
    d.server,
    d.httpStatus,
    more,
    text,
  ].join('\u0000');
}

function withOrigin(d: SymptomDraft, origin: LineOrigin, component: string | undefined): SymptomDraft {
  const client = origin.client ?? d.client;
  return {
    ...d,
    ...(client === undefined ? {} : { client }),
    ...(d.component !== undefined || component === undefined ? {} : { component }),
    ...(origin.view === undefined ? {} : { view: origin.view }),
  };
}

const FIELDS = new Set(['name', 'address', 'port', 'server', 'errno', 'status', 'rcode']);

/** A signature's pattern on the line without envelopes, then on its bare message (so that both `^F…` and `^message` fit). */
export function matchSignature(
  signature: Signature,
  line: Pick<LogLine, 'message' | 'text'>,
  component?: string,
): SymptomDraft | undefined {
  if (signature.components !== undefined && component !== undefined && !signature.components.includes(component)) return undefined;
  const hit = pass(signature.pattern, line.text) ?? (line.message === line.text ? null : pass(signature.pattern, line.message));
  if (hit === null) return undefined;
  const groups: Readonly<Record<string, string | undefined>> = hit.groups ?? {};
  const number = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d{1,5}$/u.test(text) ? Number(text) : undefined;
  const more = Object.fromEntries(Object.entries(groups).filter((e): e is [string, string] => e[1] !== undefined && !FIELDS.has(e[0])));
  const port = number(groups['port']);
  const status = number(groups['status']);
  return {
    kind: signature.id,
    operation: 'other',
    ...(groups['name'] === undefined ? {} : { name: groups['name'] }),
    ...(groups['address'] === undefined ? {} : { address: groups['address'].replace(/^\[|\]$/gu, '') }),
    ...(port === undefined ? {} : { port }),
    ...(groups['server'] === undefined ? {} : { server: groups['server'] }),
    ...(groups['errno'] === undefined ? {} : { errno: groups['errno'] }),
    ...(groups['rcode'] === undefined ? {} : { rcode: groups['rcode'] }),
    ...(status === undefined ? {} : { httpStatus: status }),
    ...(Object.keys(more).length === 0 ? {} : { details: more }),
    ...(signature.terminal === true ? { terminal: true } : {}),
  };
}

/** A pattern with the g or y flag keeps a position; a signature is asked afresh each time. */
function pass(pattern: RegExp, text: string): RegExpExecArray | null {
  pattern.lastIndex = 0;
  return pattern.exec(text);
}

/** One line, printable, not too long. */
export function clip(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  const clean = text.replaceAll(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, ' ');
  return clean.length > TEXT_KEPT ? `${clean.slice(0, TEXT_KEPT)}…` : clean;
}
