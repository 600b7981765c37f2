/** The literals a triage looks for: what symptoms and signatures are anchored in, what ends a process, and what says that lines are lost. */
import { lossAnchors } from './losses.ts';

/**
 * What heads or marks lines that end a process. At the beginning of a text the scanner itself sees klog's F, logrus' FATA, panics and
 * `[FATAL]`, also behind a header of syslog, the journal, docker or CRI.
 */
const FATAL_MARKS = [
  'level=fatal',
  'level=panic',
  '"level":"fatal"',
  '"level":"panic"',
  '\\"level\\":\\"fatal\\"',
  '\\"level\\":\\"panic\\"',
  ' [FATAL] ',
  'fatal error: ',
  ...['] ', ']: ', '":"', ': "', '="', '=\\"', ...Array.from({ length: 10 }, (_, i) => `${i} `)].map((before) => `${before}panic: `),
];

/** klog's F in a record of the journal or of a collector of logs. */
const klogFatal = (): readonly string[] =>
  ['MESSAGE', 'message', '"msg'].flatMap((key) =>
    ['":"', '": "', '" : "'].flatMap((between) => ['F0', 'F1'].map((f) => `${key}${between}${f}`)),
  );

/** Shorter ones cannot be sampled; shorter ones than nine make the scanner look at more. */
export const LEAST_LITERAL = 7;
const WISHED_LITERAL = 9;

/** JSON escapes quotes and these signs, once or twice; the longest part without them is the same in every form. */
const plainPart = (anchor: string): string => anchor.split(/["&<>\\\t]/u).sort((a, b) => b.length - a.length)[0] ?? anchor;
const escaped = (anchor: string): string => JSON.stringify(anchor).slice(1, -1);

/** One literal for all forms; or each form of its own, where what they share is short. */
function formsOf(anchor: string): readonly string[] {
  const plain = plainPart(anchor);
  return Buffer.byteLength(plain) >= Math.min(WISHED_LITERAL, Buffer.byteLength(anchor))
    ? [plain]
    : [anchor, escaped(anchor), escaped(escaped(anchor))];
}

export function triageLiterals(anchors: readonly string[]): readonly Uint8Array[] {
  const all = new Set([...[...anchors, ...lossAnchors].flatMap(formsOf), ...FATAL_MARKS, ...klogFatal()]);
  return [...all].filter((a) => Buffer.byteLength(a) >= LEAST_LITERAL).map((a) => Buffer.from(a, 'utf8'));
}
