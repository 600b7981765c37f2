import { expect, test } from 'vitest';
import { languageOf } from '../../src/shared/language.ts';

test.each([
  { env: {}, language: 'en' },
  { env: { LANG: 'zh_CN.UTF-8' }, language: 'zh' },
  { env: { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, language: 'en' },
  { env: { LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_TW' }, language: 'zh' },
  { env: { LANG: 'zh_CN', LC_ALL: '' }, language: 'zh' },
  { env: { LANG: 'zhx' }, language: 'en' },
])('$env speaks $language', ({ env, language }) => {
  expect(languageOf(env)).toBe(language);
});
