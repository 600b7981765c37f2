/** `culprit causes ID`: what is shown of a cause where no finding fills its texts. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';

const { command } = await import('../../src/cli/commands/causes.ts');
type Io = Parameters<typeof command.run>[1];
type Args = Parameters<typeof command.run>[0];

async function pageOf(id: string, language: 'en' | 'zh'): Promise<string> {
  let page = '';
  const io = { language, out: (text: string) => (page += text) } as unknown as Io;
  await command.run({ positionals: [id], json: false } as unknown as Args, io);
  return page;
}

describe('the page of a cause', () => {
  test.each(causes.map((cause) => [cause.id, cause] as const))('%s reads in both languages and says what decides', async (id, cause) => {
    for (const language of ['en', 'zh'] as const) {
      const page = await pageOf(id, language);
      // A placeholder stands for a value of a finding; shell braces such as {print $1} do not.
      expect(page).not.toMatch(/\{[a-z]+\}|undefined|\[object/iu);
      for (const need of cause.asks ?? []) if (need.kind === 'ask') expect(page).toContain(need.command);
    }
  });
});
