import type { Text } from './text.ts';

/** Every language that Culprit speaks. */
export type Language = keyof Text;

export const LANGUAGES: readonly Language[] = ['en', 'zh'];

export const isLanguage = (word: string): word is Language => word === 'en' || word === 'zh';

/** The language of the locale, as setlocale(3) ranks the variables: LC_ALL, then LC_MESSAGES, then LANG; an empty one counts as unset. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh(?:[-_.@]|$)/iu.test(locale) ? 'zh' : 'en';
}
