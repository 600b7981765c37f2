/**
 * The cases of a cause stand as plain text in `test/causes/<area>/<id>.txt`, as people paste them: nothing is escaped, and a case is
 * added by writing it down. A line that begins with `@ ` starts a section:
 *
 *   @ found: what the text shows             the first verdict is this cause, likely or proved
 *   @ possible: …                            the first verdict is this cause, no more than possible
 *   @ not: …                                 no verdict of this cause
 *   @ not, but OTHER-ID: …                   the same, and the first verdict is the other
 *   @ asks "WORDS": …                        no sure verdict unless of a look-alike; the cause is undecided and asks for the
 *                                          fact whose command holds the words
 *   @ no question: reason                    there is nothing to ask: what shows the symptom shows the cause
 */
export type Expectation =
  | { readonly kind: 'found' | 'possible' }
  | { readonly kind: 'not'; readonly but?: string }
  | { readonly kind: 'asks'; readonly words: string }
  | { readonly kind: 'no-question' };

export interface CauseCase {
  readonly expects: Expectation;
  readonly title: string;
  readonly text: string;
  /** Line of the file on which the section begins. */
  readonly line: number;
}

const SECTION = /^@ (.*)$/;
const HEADER = /^(found|possible|not|no question|not, but ([a-z0-9-]+)|asks "([^"]+)"): (.+)$/;

function expectationOf(word: string, other: string | undefined, words: string | undefined): Expectation {
  if (word === 'found' || word === 'possible') return { kind: word };
  if (word === 'no question') return { kind: 'no-question' };
  if (words !== undefined) return { kind: 'asks', words };
  return other === undefined ? { kind: 'not' } : { kind: 'not', but: other };
}

export function parseCaseFile(content: string): readonly CauseCase[] {
  const cases: { head: Omit<CauseCase, 'text'>; lines: string[] }[] = [];
  content.split('\n').forEach((line, index) => {
    const section = SECTION.exec(line)?.[1];
    if (section === undefined) {
      const open = cases.at(-1);
      if (open !== undefined) open.lines.push(line);
      else if (line.trim() !== '') throw new Error(`line ${String(index + 1)} stands before the first section`);
      return;
    }
    const header = HEADER.exec(section);
    if (header === null) throw new Error(`line ${String(index + 1)} is no section: ${line}`);
    const [, word = '', other, words, title = ''] = header;
    cases.push({ head: { expects: expectationOf(word, other, words), title, line: index + 1 }, lines: [] });
  });
  return cases.map(({ head, lines }) => ({ ...head, text: `${lines.join('\n').trim()}\n` }));
}
