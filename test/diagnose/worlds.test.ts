/**
 * Random worlds: where every modelled client succeeds there is no verdict; where one edit breaks something, the smallest remedy of the
 * first verdict makes every client succeed again. CULPRIT_WORLDS=10000 runs more of them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import { applyToNode } from '../../src/remedy/apply-to-node.ts';
import { smallSnapshot } from '../support/small-node.ts';
import { BREAKS, nodeOf, randomWorld } from './random-worlds.ts';

const MINUTES = 60 * 60_000;
const RUNS = Number(process.env['CULPRIT_WORLDS'] ?? 400);

const run = (node: NodeFacts): ReturnType<typeof diagnose> => diagnose(smallSnapshot(node), { causes, clients });

describe('random worlds', () => {
  test(
    'that are healthy give no verdict',
    () => {
      fc.assert(
        fc.property(randomWorld, (w) => {
          const diagnosis = run(nodeOf(w));
          expect(diagnosis.failing.map((a) => `${a.view} ${a.client} ${a.name}`)).toEqual([]);
          expect(diagnosis.verdicts.map((v) => v.cause)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    MINUTES,
  );

  test(
    'that one edit breaks are mended by the smallest remedy of the first verdict',
    () => {
      const broken = new Map<string, number>();
      fc.assert(
        fc.property(randomWorld, fc.constantFrom(...Object.keys(BREAKS)), fc.nat(2), (w, edit, pick) => {
          const node = BREAKS[edit]?.(nodeOf(w), pick) ?? nodeOf(w);
          const diagnosis = run(node);
          fc.pre(diagnosis.failing.length > 0);
          broken.set(edit, (broken.get(edit) ?? 0) + 1);
          const [first] = diagnosis.verdicts;
          expect(first?.certainty, edit).toBe('proved');
          const after = run(applyToNode(node, first?.remedies[0]?.edits ?? []));
          expect(after.failing, `${edit}: ${first?.cause ?? ''} ${first?.remedies[0]?.id ?? ''}`).toEqual([]);
        }),
        { numRuns: RUNS },
      );
      // An edit that never breaks anything would prove nothing.
      expect(Object.keys(BREAKS).filter((edit) => !broken.has(edit))).toEqual([]);
    },
    MINUTES,
  );
});
