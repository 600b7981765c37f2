/** Walks every text of the program, found in the sources themselves: both languages, the same placeholders, valid ICU messages. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface FoundText {
  readonly en: string;
  readonly zh: string;
  readonly where: string;
}

const HAN = /\p{Script=Han}/u;

function stringOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** `{ en: '…', zh: '…' }` and calls that make one of two words in a row, as helpers of the causes do: `t('…', '…')`. */
function textsOf(path: string): FoundText[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: FoundText[] = [];
  const add = (en: string, zh: string, node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ en, zh, where: `${relative(SRC, path)}:${line}` });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const property = (name: string): ts.Expression | undefined =>
        node.properties.filter(ts.isPropertyAssignment).find((p) => p.name.getText(source) === name)?.initializer;
      const en = stringOf(property('en'));
      const zh = stringOf(property('zh'));
      if (en !== undefined && zh !== undefined) add(en, zh, node);
    }
    if (ts.isCallExpression(node)) {
      const words = node.arguments.map(stringOf);
      for (const [i, zh] of words.entries()) {
        const en = words[i - 1];
        if (zh !== undefined && en !== undefined && HAN.test(zh) && !HAN.test(en)) add(en, zh, node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const texts = files.flatMap((name) => textsOf(join(SRC, name)));

interface IcuElement {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly IcuElement[] }>>;
}

/** Names of arguments, sorted, each once. Types 1 to 6 of the parser are arguments; 0 is literal text and 7 the `#` of a plural. */
function placeholders(message: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (elements: readonly IcuElement[]): void => {
    for (const element of elements) {
      if (element.type >= 1 && element.type <= 6 && element.value !== undefined) names.add(element.value);
      for (const option of Object.values(element.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe('every text of the program', () => {
  test('there are texts to walk', () => {
    expect(texts.length).toBeGreaterThan(100);
  });

  test('is there in both languages', () => {
    // Names of programs and files are the same everywhere; a sentence is not, and its Chinese has Chinese characters.
    const words = (en: string): number => en.split(' ').filter((w) => /^[A-Za-z]+[,.;:]?$/u.test(w)).length;
    const missing = texts.filter(({ en, zh }) => en.trim() === '' || zh.trim() === '' || (!HAN.test(zh) && words(en) >= 3));
    expect(missing).toEqual([]);
  });

  test('is a valid message with the same placeholders in both languages', () => {
    const wrong = texts.flatMap(({ en, zh, where }) => {
      try {
        const [a, b] = [placeholders(en, 'en'), placeholders(zh, 'zh')];
        return a.join() === b.join() ? [] : [`${where}: {${a.join('}, {')}} against {${b.join('}, {')}}`];
      } catch (error) {
        return [`${where}: ${error instanceof Error ? error.message : String(error)}`];
      }
    });
    expect(wrong).toEqual([]);
  });

  test('has no Chinese in its English, and no half-width comma between Chinese characters', () => {
    const wrong = texts.filter(({ en, zh }) => HAN.test(en) || /\p{Script=Han}[,;!?]\p{Script=Han}/u.test(zh));
    expect(wrong).toEqual([]);
  });
});
