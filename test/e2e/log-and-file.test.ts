/** A verdict of a live node cites the line of the log that names the failure and the file or state that causes it. */
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { missingNeeds } from '../../src/lab/check-needs.ts';
import { diagnoseIn } from '../../src/lab/matrix.ts';
import { findScenario, withScenario, wordsIn } from '../../src/lab/run-scenario.ts';
import { describeNeeding } from '../support/privileges.ts';

vi.setConfig({ testTimeout: 60_000 });

const CULPRIT = fileURLToPath(new URL('../../culprit', import.meta.url));

interface Report {
  readonly verdicts: readonly { readonly cause: string; readonly evidence: readonly { readonly source?: string }[] }[];
}

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'a verdict cites the log beside the state', () => {
  test.each([
    ['first-article-crash-loop', /^\/var\/lib\/docker\/containers\/[0-9a-f]+\/[0-9a-f]+-json\.log:\d+$/u, /^\/etc\/hosts:\d+$/u],
    ['cert-expired-on-the-node', /^\/var\/log\/pods\/[^:]+\/0\.log:2$/u, /^\/etc\/kubernetes\/pki\/apiserver\.crt:1$/u],
    ['mount-propagation-private-in-log', /^\/var\/log\/kubelet\.log:1$/u, /^\/proc\/self\/mountinfo$/u],
    ['coredns-loop', /^\/var\/log\/pods\/[^:]+\/coredns\/0\.log:3$/u, /^\/etc\/resolv\.conf(?::\d+)?$/u],
    ['cni-config-missing', /^\/var\/log\/kubelet\.log:1$/u, /\/etc\/cni\/net\.d/u],
  ])('%s', async (id, log, state) => {
    const scenario = findScenario(id);
    const missing = await missingNeeds(scenario.needs);
    if (process.env['CI'] !== 'true' && missing.length > 0) return;
    const sources = await withScenario(scenario, async (lab) => {
      const result = await diagnoseIn(lab, [CULPRIT], wordsIn(lab, scenario.target));
      const { verdicts } = JSON.parse(result.stdout) as Report;
      expect(verdicts.length).toBeGreaterThan(0);
      return (verdicts[0]?.evidence ?? []).map((one) => one.source ?? '');
    });
    expect(sources).toEqual(expect.arrayContaining([expect.stringMatching(log), expect.stringMatching(state)]));
  });
});
