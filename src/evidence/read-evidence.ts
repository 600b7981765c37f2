/** Makes a snapshot from what somebody saved or pasted. No machine is asked; what nobody showed stays unobserved. */
import { isUtf8 } from 'node:buffer';
import type { Signature } from '../facts/signature.ts';
import type { Symptom } from '../facts/symptom.ts';
import { SNAPSHOT_SCHEMA, type EvidencePiece, type Snapshot } from '../snapshot/snapshot.ts';
import { literalLineFinder, type LineFinder } from '../logs/line-finder.ts';
import { scanLog } from '../logs/scan-log.ts';
import { EvidenceFacts } from './facts/evidence-facts.ts';
import { finishFacts } from './facts/finish-facts.ts';
import { EVIDENCE_LIMITS, type EvidenceInput, type EvidenceLimits } from './input.ts';
import { openInputs, type Blob } from './open/open-inputs.ts';
import { takeSnapshot } from './open/open-snapshot.ts';
import { componentOf } from './pieces/components.ts';
import { HOST, lineCount, sourceOf, type Piece } from './pieces/piece.ts';
import { splitText } from './pieces/split-text.ts';
import { readPiece, type Reading } from './read-piece.ts';
import { nodePathOf, noteMachineFiles } from './recognisers/node-files.ts';
import { logSource } from './symptoms/extract-symptoms.ts';
import { startUpNoise } from './symptoms/start-up-noise.ts';
import { SymptomCollector, symptomAnchors, type LineOrigin } from './symptoms/symptom-collector.ts';

export type { EvidenceInput } from './input.ts';

export interface EvidenceOptions {
  readonly limits?: Partial<EvidenceLimits>;
  /** Another way to find telling lines in large logs, over these anchors. */
  readonly finder?: (anchors: readonly string[]) => LineFinder;
  /** ISO 8601, for tests. */
  readonly now?: string;
}

/**
 * Reads files, folders, archives and text. Each piece's kind is recognised from its heading, its name or its content. `problems` names
 * what was not understood, `pieces` what each piece was taken for.
 */
export async function readEvidence(inputs: readonly EvidenceInput[], signatures: readonly Signature[], options: EvidenceOptions = {}): Promise<Snapshot> {
  const { snapshot: saved, rest } = await takeSnapshot(inputs);
  if (saved !== undefined && rest.length === 0) return withLogSymptoms(saved, signatures);
  const given = await readGiven(rest, signatures, options);
  return saved === undefined ? given : mergeEvidence(await withLogSymptoms(saved, signatures), given);
}

async function readGiven(inputs: readonly EvidenceInput[], signatures: readonly Signature[], options: EvidenceOptions): Promise<Snapshot> {
  const limits = { ...EVIDENCE_LIMITS, ...options.limits };
  const facts = new EvidenceFacts();
  const symptoms = new SymptomCollector(signatures);
  const reading: Reading = { facts, symptoms };
  const pieces: EvidencePiece[] = [];
  let finder: LineFinder | undefined;
  const getFinder = (): LineFinder => (finder ??= (options.finder ?? literalLineFinder)(symptomAnchors(signatures)));
  await openInputs(inputs, {
    limits,
    onBlob: async (blob) => {
      pieces.push(...(await readBlob(blob, reading, limits, getFinder)));
    },
    onTrouble: ({ name, reason, detail }) => {
      facts.problem({ kind: 'file', path: name }, reason, detail);
    },
  });
  if (symptoms.dropped > 0) facts.problem({ kind: 'file', path: 'evidence' }, 'too-large', `${symptoms.dropped} further kinds of failures were not kept`);
  finishFacts(facts);
  return {
    schema: SNAPSHOT_SCHEMA,
    takenAt: options.now ?? new Date().toISOString(),
    target: targetOf(inputs),
    fromEvidence: true,
    node: facts.finish(),
    symptoms: startUpNoise(symptoms.symptoms(), facts.logs) satisfies readonly Symptom[],
    pieces,
  };
}

/** What a saved snapshot's logs say to today's signatures. */
async function withLogSymptoms(saved: Snapshot, signatures: readonly Signature[]): Promise<Snapshot> {
  const { symptomsOfLogs } = await import('./symptoms-of-logs.ts');
  const known = new Set(saved.symptoms.map((s) => JSON.stringify([s.kind, s.name, s.address, s.port, s.errno, s.component])));
  const found = symptomsOfLogs(saved.node.logs, signatures).filter((s) => !known.has(JSON.stringify([s.kind, s.name, s.address, s.port, s.errno, s.component])));
  return { ...saved, fromEvidence: true, symptoms: [...saved.symptoms, ...found] };
}

/** A saved snapshot is the node; what else was given adds logs, failures and whatever the snapshot does not know. */
function mergeEvidence(saved: Snapshot, given: Snapshot): Snapshot {
  const { node } = saved;
  return {
    ...saved,
    node: {
      ...node,
      products: [...node.products, ...given.node.products],
      dns: [...node.dns, ...given.node.dns],
      runs: [...node.runs, ...given.node.runs],
      dials: [...node.dials, ...given.node.dials],
      logs: [...node.logs, ...given.node.logs],
      observations: { ...given.node.observations, ...node.observations },
      problems: [...node.problems, ...given.node.problems],
    },
    symptoms: [...saved.symptoms, ...given.symptoms],
    ...(given.pieces === undefined ? {} : { pieces: given.pieces }),
  };
}

const targetOf = (inputs: readonly EvidenceInput[]): string => inputs.map((i) => (i.kind === 'text' ? i.name : i.path)).join(', ');

const BINARY_SHARE = 0.02;

/** A file up to the limit is held whole and split; a larger one is a log. */
async function readBlob(blob: Blob, reading: Reading, limits: EvidenceLimits, finder: () => LineFinder): Promise<readonly EvidencePiece[]> {
  const held: Buffer[] = [];
  let size = 0;
  const iterator = blob.chunks[Symbol.asyncIterator]();
  let done = false;
  while (size <= limits.wholeBytes) {
    const next = await iterator.next();
    if (next.done === true) {
      done = true;
      break;
    }
    held.push(next.value);
    size += next.value.length;
  }
  const start = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
  if (isBinary(start)) {
    await iterator.return?.();
    reading.facts.problem({ kind: 'file', path: blob.name }, 'malformed', 'not text');
    return [{ name: blob.name, takenFor: 'not understood', lines: 0 }];
  }
  if (done) return readWhole(blob, start, reading);
  if (nodePathOf(blob.path) !== undefined) {
    await iterator.return?.();
    reading.facts.problem({ kind: 'file', path: blob.name }, 'too-large', `only the first ${start.length} bytes were read`);
    return readWhole(blob, start, reading, true);
  }
  const rest = async function* (): AsyncIterable<Buffer> {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  };
  return [await readLargeLog(blob, rest(), reading, finder())];
}

/** Control characters that no text file holds, in its first part. */
function isBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8192);
  // UTF-16 with its mark is text of Windows.
  if (head.length === 0 || (head[0] === 0xff && head[1] === 0xfe)) return false;
  let odd = 0;
  for (const b of head) if (b === 0 || (b < 32 && b !== 9 && b !== 10 && b !== 13 && b !== 12 && b !== 27 && b !== 8)) odd += 1;
  return odd > Math.max(8, head.length * BINARY_SHARE);
}

function readWhole(blob: Blob, bytes: Buffer, reading: Reading, truncated = false): readonly EvidencePiece[] {
  const nodePath = nodePathOf(blob.path);
  if (nodePath !== undefined) return [readNodeFile(blob, nodePath, bytes, reading, truncated)];
  const text = decode(bytes, blob, reading);
  const isText = blob.path === blob.name && /^(?:-|text|standard input|stdin)$/u.test(blob.path);
  return splitBlob(text, blob.path, isText).map((piece) => readPiece(piece, reading));
}

/** A file of the node is kept byte for byte: as UTF-8 where it is that, else one character a byte. */
function readNodeFile(blob: Blob, path: string, bytes: Buffer, { facts }: Reading, truncated: boolean): EvidencePiece {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding);
  const lines = text.split('\n');
  const piece: Piece = { name: blob.path, kind: 'file', path, input: blob.path, where: HOST, lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines, firstLine: 1 };
  facts.file(HOST, path, text, sourceOf(piece), { encoding, size: bytes.length, ...(truncated ? { truncated: true } : {}) });
  if (path === '/etc/hostname' || path === '/etc/machine-id' || path === '/etc/crictl.yaml') noteMachineFiles(piece, path, facts);
  return { name: blob.path, takenFor: 'node-file', lines: lineCount(piece) };
}

/** UTF-8; where it is not, each wrong byte becomes a replacement character and is counted. UTF-16 with its mark is what Windows saves. */
function decode(bytes: Buffer, blob: Blob, reading: Reading): string {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').replace(/^\uFEFF/u, '');
  const text = bytes.toString('utf8');
  const wrong = text.split('\uFFFD').length - 1;
  if (wrong > 0) reading.facts.problem({ kind: 'file', path: blob.name }, 'malformed', `${wrong} bytes are not UTF-8`);
  return text;
}

/** A node's own file is one piece; a file that starts with headings is many; anything else is one piece named by its file. */
function splitBlob(text: string, path: string, isText: boolean): readonly Piece[] {
  if (isText) return splitText(text, path);
  if (/^(?:[ \t]*\n)*(?:product: |==> .+ <==|\$ +[a-z]|\[[\w.-]+@[\w.-]+ [^\]]*\][#$] )/u.test(text.slice(0, 2000))) return splitText(text, path);
  const lines = text.split(/\r\n|\n/u);
  if (lines.at(-1) === '') lines.pop();
  const component = componentOf(path);
  return [{ name: path, kind: 'file', input: path, where: HOST, lines, firstLine: 1, ...(component === undefined ? {} : { component }) }];
}

async function readLargeLog(blob: Blob, chunks: AsyncIterable<Buffer>, { facts, symptoms }: Reading, finder: LineFinder): Promise<EvidencePiece> {
  const component = componentOf(blob.path);
  const origin: LineOrigin = { source: (l) => logSource(blob.name, l), ...(component === undefined ? {} : { component }) };
  const scan = await scanLog(chunks, {
    finder,
    onLine: (line) => {
      symptoms.addFromLog(line, origin);
    },
    isKnown: (raw, lineNumber) => symptoms.addKnown(raw, lineNumber, origin),
  });
  facts.logs.push({
    path: blob.name,
    tail: scan.tail,
    firstLine: scan.tailFirstLine,
    sizeBytes: scan.sizeBytes,
    lineCount: scan.lineCount,
    ...(component === undefined ? {} : { component }),
    ...(scan.format === undefined ? {} : { format: scan.format }),
    ...(scan.firstTime === undefined ? {} : { firstTime: scan.firstTime }),
    ...(scan.lastTime === undefined ? {} : { lastTime: scan.lastTime }),
  });
  if (scan.overlongLines > 0) facts.problem({ kind: 'log', path: blob.name }, 'too-large', `${scan.overlongLines} lines are longer than 1 MiB; only their beginnings were read`);
  if (scan.nulBytes) facts.problem({ kind: 'log', path: blob.name }, 'malformed', 'NUL bytes');
  return { name: blob.name, takenFor: `${scan.format ?? 'plain'} log`, lines: scan.lineCount };
}
