/** Lines that a pattern matches, made from the pattern itself: for the promise that each of them holds an anchor. */
import { RegExpParser, type AST } from '@eslint-community/regexpp';

const parser = new RegExpParser({ ecmaVersion: 2024 });
const CANDIDATES = ['x', 'q', '7', '_', '.', '/', ' ', ',', '-'];
/** How often a quantifier repeats beyond its minimum, at most. */
const EXTRA = 2;

/** A small generator of its own, so that a failure can be repeated. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % sides;
  };
}

export function linesOfPattern(pattern: RegExp, count: number): readonly string[] {
  const roll = dice(1);
  const ast = parser.parsePattern(pattern.source, 0, pattern.source.length, { unicode: pattern.flags.includes('u') });
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const line = write(ast, roll);
    // Look-arounds and word boundaries are not written, so not every line matches.
    if (pattern.test(line)) lines.push(line);
  }
  return lines;
}

type Written = AST.Pattern | AST.Alternative | AST.Element;

function write(node: Written, roll: (sides: number) => number): string {
  switch (node.type) {
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup': {
      const chosen = node.alternatives[roll(node.alternatives.length)];
      return chosen === undefined ? '' : write(chosen, roll);
    }
    case 'Alternative':
      return node.elements.map((element) => write(element, roll)).join('');
    case 'Character':
      return String.fromCodePoint(node.value);
    case 'CharacterSet':
      return ofSet(node);
    case 'CharacterClass':
      return ofClass(node, roll);
    case 'Quantifier': {
      const times = node.min + roll(Math.min(node.max, node.min + EXTRA) - node.min + 1);
      return Array.from({ length: times }, () => write(node.element, roll)).join('');
    }
    default:
      return '';
  }
}

const ofSet = (node: AST.CharacterSet): string => {
  if (node.kind === 'any') return 'x';
  const wanted = new RegExp(node.raw, 'u');
  return CANDIDATES.find((character) => wanted.test(character)) ?? 'x';
};

function ofClass(node: AST.CharacterClass, roll: (sides: number) => number): string {
  const wanted = new RegExp(node.raw, 'u');
  if (node.negate) return CANDIDATES.find((character) => wanted.test(character)) ?? '~';
  const element = node.elements[roll(node.elements.length)];
  if (element?.type === 'CharacterClassRange') return String.fromCodePoint(element.min.value);
  if (element?.type === 'Character') return String.fromCodePoint(element.value);
  return CANDIDATES.find((character) => wanted.test(character)) ?? 'x';
}
