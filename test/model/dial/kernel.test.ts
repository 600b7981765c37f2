import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeNeeding } from '../../support/privileges.ts';
import { BIND, CONNECT, SCENARIOS, UDP } from './kernel-scenarios.ts';
import { modelAnswers } from './model-answers.ts';

const probe = fileURLToPath(new URL('kernel-probe.mjs', import.meta.url));

describeNeeding(['root', 'namespaces', 'ip', 'nft'], 'this machine’s kernel answers as the model says', () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, () => {
      const input = JSON.stringify({ setup: scenario.setup, listen: scenario.listen, connect: CONNECT, bind: BIND, udp: UDP });
      const run = spawnSync('unshare', ['-n', process.execPath, probe], { input, encoding: 'utf8', timeout: 20_000 });
      expect(run.status, run.stderr).toBe(0);
      expect(modelAnswers(scenario, release())).toEqual(JSON.parse(run.stdout));
    });
  }
});
