import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { openingQuestions } from '../../src/causes/opening-questions.ts';
import { readEvidence } from '../../src/evidence/read-evidence.ts';

const questionsOn = async (text: string): Promise<readonly string[]> => {
  const { node } = await readEvidence(
    [{ kind: 'text', name: 'text', text: Buffer.from(text) }],
    causes.flatMap((cause) => cause.signatures ?? []),
  );
  return openingQuestions(node).map((need) => (need.kind === 'ask' ? need.what.en : ''));
};

describe('what to ask when nothing points anywhere', () => {
  test('each question comes with a command and in both languages', async () => {
    const { node } = await readEvidence([{ kind: 'text', name: 'text', text: Buffer.from('') }], []);
    for (const need of openingQuestions(node)) {
      expect(need.kind).toBe('ask');
      if (need.kind !== 'ask') continue;
      expect(need.command.length).toBeGreaterThan(3);
      expect(need.what.zh).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  test('what is known is not asked again', async () => {
    expect((await questionsOn('')).some((one) => one.includes('firewalld'))).toBe(true);
    expect((await questionsOn('==> facts <==\nfirewalld: active\n')).some((one) => one.includes('firewalld'))).toBe(false);
  });

  test('the product says what is asked first, and SSH is asked of RKE only', async () => {
    expect((await questionsOn('product: rke v1.4.1\n')).some((one) => one.includes('SSH user'))).toBe(true);
    expect((await questionsOn('product: k3s\n')).some((one) => one.includes('SSH user'))).toBe(false);
    expect((await questionsOn('product: k3s\n'))[0]).toMatch(/firewall/);
  });
});
