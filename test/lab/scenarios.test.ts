import { describe, expect, test } from 'vitest';
import { missingNeeds } from '../../src/lab/check-needs.ts';
import { showCommand, withScenario } from '../../src/lab/run-scenario.ts';
import { scenarios } from '../../src/lab/scenarios/index.ts';
import { describeNeeding } from '../support/privileges.ts';

describe('the list of scenarios', () => {
  test('has no id twice', () => {
    const ids = scenarios.map((scenario) => scenario.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s is complete', (id, scenario) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [scenario.title, scenario.story]) {
      expect(text.en).not.toBe('');
      // At least one Chinese character: not an English text in the Chinese place.
      expect(text.zh).toMatch(/[\u4e00-\u9fff]/u);
    }
    expect(id.startsWith('healthy-')).toBe(scenario.kind === 'healthy');
    expect(scenario.expects.cause === undefined).toBe(scenario.kind === 'healthy');
    expect(scenario.show.some((demonstration) => demonstration.expect !== undefined)).toBe(true);
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'ordinary programs behave as each scenario says', () => {
  test.for(scenarios.map((scenario) => ({ id: scenario.id, scenario })))('$id', { timeout: 60_000 }, async ({ scenario }, { skip }) => {
    const missing = await missingNeeds(scenario.needs);
    if (process.env['CI'] !== 'true') skip(missing.length > 0, `missing: ${missing.join(', ')}`);
    expect(missing).toEqual([]);
    const surprises = await withScenario(scenario, async (lab) => {
      const found: string[] = [];
      for (const demonstration of scenario.show) {
        const shown = await showCommand(lab, demonstration);
        found.push(
          ...shown.surprises.map((surprise) => `${demonstration.command}: ${surprise}\n${shown.result.stdout}${shown.result.stderr}`),
        );
      }
      return found;
    });
    expect(surprises).toEqual([]);
  });
});
