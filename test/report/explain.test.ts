import { describe, expect, test } from 'vitest';
import { makeExplanation } from '../../src/report/explain-json.ts';
import { explainSchema } from '../../src/report/explain-schema.ts';
import { renderExplanation } from '../../src/report/explain.ts';
import { failing, node, working } from './_fixture.ts';

const leftStep = working.resolution.steps[0];
const rightStep = failing.resolution.steps[0];
const input = {
  name: 'localhost',
  port: 6443,
  answers: [failing, working],
  differences: [
    { left: working, right: failing, ...(leftStep === undefined ? {} : { leftStep }), ...(rightStep === undefined ? {} : { rightStep }) },
  ],
  real: [{ client: 'ping', view: 'host', said: '127.0.0.1', agrees: true }],
};

describe('an explanation', () => {
  const explanation = makeExplanation(input, { language: 'en', node });

  test('is what its schema says', () => {
    expect(explainSchema.parse(explanation)).toEqual(explanation);
  });

  test.each(['en', 'zh'] as const)('%s: who gets what, where they part, every step', (language) => {
    const text = renderExplanation(makeExplanation(input, { language, node }), { language, width: 120, colour: false, steps: true });
    expect(text).toMatchSnapshot();
  });

  test('without steps only the table and the difference', () => {
    const text = renderExplanation(explanation, { language: 'en', width: 120, colour: false, steps: false });
    expect(text).toContain('ping and telnet part here');
    expect(text).not.toContain('Step by step');
  });

  test('where the steps are not given they are found', () => {
    const { differences } = makeExplanation({ ...input, differences: [{ left: working, right: failing }] }, { language: 'en', node });
    expect(differences[0]).toEqual(explanation.differences[0]);
  });

  test('says what would let it tell the rest', () => {
    const needs = [{ what: { text: { en: 'the hosts file', zh: 'hosts 文件' } }, command: 'cat /etc/hosts' }];
    const text = renderExplanation(makeExplanation({ ...input, needs }, { language: 'zh', node }), {
      language: 'zh',
      width: 120,
      colour: false,
      steps: false,
    });
    expect(text).toMatch(/hosts 文件\n +\$ cat \/etc\/hosts/u);
  });

  test('a disagreement with the real program is a miss of the model, and is marked', () => {
    const wrong = { ...input, real: [{ client: 'ping', view: 'host', said: '::1', agrees: false }] };
    const text = renderExplanation(makeExplanation(wrong, { language: 'en', node }), {
      language: 'en',
      width: 120,
      colour: false,
      steps: false,
    });
    expect(text).toContain('DIFFERS: ::1');
  });
});
