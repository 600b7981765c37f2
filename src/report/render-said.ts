/**
 * Turns a text with its values into words of one language. Texts are ICU messages (https://unicode-org.github.io/icu/userguide/format_parse/messages/)
 * with tags left alone, because log lines and commands hold `<` and `>`.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../shared/language.ts';
import { fillIn } from '../shared/text.ts';
import type { Said, Text, Values } from '../shared/text.ts';

/** Texts of plain `{name}` placeholders need no parser: nearly all are so, and a report renders thousands. */
const NEEDS_PARSER = /\{[^{}]*[,{]|''|'[{}]/u;

const parsed: Record<Language, Map<string, IntlMessageFormat | undefined>> = { en: new Map(), zh: new Map() };

function parse(message: string, language: Language): IntlMessageFormat | undefined {
  const known = parsed[language];
  if (known.has(message)) return known.get(message);
  let format: IntlMessageFormat | undefined;
  try {
    format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
  } catch {
    // A text that is no ICU message is shown as it stands; a test walks all texts, so that this does not happen.
  }
  known.set(message, format);
  return format;
}

/** See fillIn for values that are missing. */
export function renderText(text: Text, language: Language, values: Values = {}): string {
  const message = text[language];
  if (!NEEDS_PARSER.test(message)) return fillIn(message, values);
  const format = parse(message, language);
  if (format === undefined) return fillIn(message, values);
  try {
    const result: unknown = format.format({ ...values });
    return typeof result === 'string' ? result : String(result);
  } catch {
    return fillIn(message, values);
  }
}

export const renderSaid = (said: Said, language: Language): string => renderText(said.text, language, said.values);
