/** Two faults at once, in two views: each is found and proved, and mending one after the other ends in a healthy node. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import type { Diagnosis } from '../../src/diagnose/types.ts';
import type { NodeFacts } from '../../src/facts/node-facts.ts';
import { clients } from '../../src/model/clients/index.ts';
import { applyToNode } from '../../src/remedy/apply-to-node.ts';
import { smallSnapshot } from '../support/small-node.ts';
import { BREAKS, nodeOf, randomWorld } from './random-worlds.ts';

const MINUTES = 60 * 60_000;
const RUNS = Number(process.env['CULPRIT_WORLDS'] ?? 150);
const NAMES = Object.keys(BREAKS);
/** Those that change the view that is picked: the others are about the host whatever is picked. */
const IN_VIEW = NAMES.filter((name) => !/^nsswitch|^lo |^IPv6 goes|^a rule/u.test(name));

const run = (node: NodeFacts): Diagnosis => diagnose(smallSnapshot(node), { causes, clients, names: [{ name: 'localhost' }] });
const broken = (node: NodeFacts, name: string, pick: number): NodeFacts => BREAKS[name]?.(node, pick) ?? node;

/** Worlds with one container that has a network of its own: what happens there is not what happens on the host. */
const world = randomWorld.map((w) => ({ ...w, containers: w.containers.slice(0, 1).map((c) => ({ ...c, hostNetwork: false })) }));

const told = (diagnosis: Diagnosis): readonly string[] =>
  diagnosis.verdicts.flatMap((v) => (v.certainty === 'proved' ? [v.cause, ...(v.variants ?? [])] : []));

describe('two faults at once', () => {
  test('one behind the other: each is proved on top of the other', () => {
    const [w] = fc.sample(
      world.filter((one) => one.containers.length === 0 && one.cache === 'none' && !one.nsswitch.includes('myhostname')),
      1,
    );
    if (w === undefined) throw new Error('no world');
    const node = broken(broken(nodeOf(w), 'every localhost is gone', 0), 'nsswitch asks DNS alone', 0);
    const together = run(node);
    const proved = together.verdicts.filter((v) => v.certainty === 'proved');
    expect(new Set(proved.map((v) => v.cause))).toEqual(new Set(['localhost-missing', 'nsswitch-hosts-without-files']));
    const mended = proved.reduce((at, v) => applyToNode(at, v.remedies[0]?.edits ?? []), node);
    expect(run(mended).failing).toEqual([]);
  });

  test(
    'one on the host and one in a container are both proved, and their remedies together mend the node',
    () => {
      let both = 0;
      fc.assert(
        fc.property(world, fc.constantFrom(...NAMES), fc.constantFrom(...IN_VIEW), (w, onHost, inContainer) => {
          fc.pre(w.containers.length === 1);
          const healthy = nodeOf(w);
          const [first, second] = [run(broken(healthy, onHost, 0)), run(broken(healthy, inContainer, 1))];
          fc.pre(first.failing.length > 0 && second.failing.length > 0);
          both++;
          const node = broken(broken(healthy, onHost, 0), inContainer, 1);
          const together = run(node);
          for (const alone of [first, second]) {
            const [cause = ''] = told(alone);
            expect([...told(together), ...together.ruledOut.map((r) => r.cause)], `${onHost} + ${inContainer}`).toContain(cause);
          }
          // Every view that fails is accounted for by a proved verdict.
          const explained = new Set(together.verdicts.flatMap((v) => v.proof?.predicted.map((a) => a.view) ?? []));
          expect([...new Set(together.failing.map((a) => a.view))].filter((view) => !explained.has(view))).toEqual([]);
          let mended = node;
          for (let round = 0; round < 4 && run(mended).failing.length > 0; round++)
            mended = run(mended).verdicts.reduce((at, v) => applyToNode(at, v.remedies[0]?.edits ?? []), mended);
          expect(
            run(mended).failing.map((a) => `${a.view} ${a.client}`),
            `${onHost} + ${inContainer}`,
          ).toEqual([]);
        }),
        { numRuns: RUNS },
      );
      expect(both).toBeGreaterThan(RUNS / 10);
    },
    MINUTES,
  );
});
