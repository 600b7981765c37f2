/**
 * Turns a text with its values into words of one language. Texts are ICU messages (https://unicode-org.github.io/icu/userguide/format_parse/messages/)
 * with tags left alone, because log lines and commands hold `<` and `>`.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../shared/language.ts';
import type { Said, Text, Values } from '../shared/text.ts';

/** Texts of plain `{name}` placeholders need no parser: nearly all are so, and a report renders thousands. */
const NEEDS_PARSER = /\{[^{}]*[,{]|''|'[{}]/u;
const PLACEHOLDER = /\{([^{},]*)\}/gu;

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

const fillPlain = (message: string, values: Values): string =>
  message.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name.trim()];
    if (value !== undefined) return String(value);
    return NAME.test(name) ? name.replaceAll(/[A-Z]/gu, '-$&').toUpperCase() : whole;
  });

/** Braces of awk, Go templates and jsonpath (`{print}`, `{end}`, `{.status}`) are no names of values. */
const NAME = /^(?!(?:print|end)$)[a-z][A-Za-z0-9]*$/u;

/** A value that nobody knows is left to the reader, as manual pages do: {container} becomes CONTAINER. It is safe to paste, too. */
export function renderText(text: Text, language: Language, values: Values = {}): string {
  const message = text[language];
  if (!NEEDS_PARSER.test(message)) return fillPlain(message, values);
  const format = parse(message, language);
  if (format === undefined) return fillPlain(message, values);
  try {
    const result: unknown = format.format({ ...values });
    return typeof result === 'string' ? result : String(result);
  } catch {
    return fillPlain(message, values);
  }
}

export const renderSaid = (said: Said, language: Language): string => renderText(said.text, language, said.values);
