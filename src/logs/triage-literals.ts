/** The literals a triage looks for: what symptoms and signatures are anchored in, what ends a process, and what says that lines are lost. */
import { lossAnchors } from './losses.ts';

/** What heads or marks lines that end a process; the scanner itself sees klog's F and logrus' FATA at the beginning of a text. */
const FATAL_MARKS = [
  'level=fatal',
  'level=panic',
  '"level":"fatal"',
  '"level":"panic"',
  '\\"level\\":\\"fatal\\"',
  '\\"level\\":\\"panic\\"',
  '[FATAL] ',
  'panic: ',
  'fatal error: ',
];

/** Shorter ones cannot be sampled. */
export const LEAST_LITERAL = 7;

/** klog's F behind a journal's header: ']: F0808', '"MESSAGE":"F0808' (month, and the first digit of the day). */
const klogFatal = (): readonly string[] =>
  [']: F', '":"F', ': "F'].flatMap((before) =>
    Array.from({ length: 12 }, (_, m) => String(m + 1).padStart(2, '0')).flatMap((month) =>
      ['0', '1', '2', '3'].map((day) => `${before}${month}${day}`),
    ),
  );

/** JSON escapes quotes and these signs, once or twice; the longest part without them is the same in every form. */
const plainPart = (anchor: string): string => anchor.split(/["&<>\\\t]/u).sort((a, b) => b.length - a.length)[0] ?? anchor;

export function triageLiterals(anchors: readonly string[]): readonly Uint8Array[] {
  const plain = [...anchors, ...lossAnchors].map(plainPart);
  const all = new Set([...plain, ...FATAL_MARKS, ...klogFatal()]);
  const long = [...all].filter((a) => Buffer.byteLength(a) >= LEAST_LITERAL);
  // What holds another literal is found by that one.
  return long.map((a) => Buffer.from(a, 'utf8'));
}
