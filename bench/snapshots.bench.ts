/** The pure part alone: many snapshots of a node with 50 containers, diagnosed for localhost and ten names. */
import { causes } from '../src/causes/index.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';
import { known } from '../src/facts/fact.ts';
import { clients } from '../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../test/support/small-node.ts';
import type { Bench } from './bench.ts';

const NAMES = ['localhost', ...Array.from({ length: 10 }, (_, i) => `service-${String(i)}`)];
const COUNT = 10_000;
const MEASURED = 500;

/** Each snapshot is made anew, so that nothing parsed for one serves another. */
function snapshot(seed: number): ReturnType<typeof smallSnapshot> {
  const hosts = `127.0.0.1 localhost\n${NAMES.slice(1)
    .map((n, i) => `10.0.${String(seed % 250)}.${String(i + 1)} ${n}`)
    .join('\n')}\n`;
  const containers = Array.from({ length: 50 }, (_, i) =>
    smallView({
      id: `container:${String(i).padStart(12, '0')}`,
      kind: 'container',
      names: [`c${String(i)}`],
      netns: `net:${String(i)}`,
      text: { '/etc/hosts': hosts },
    }),
  );
  return smallSnapshot(
    smallNode({
      views: [smallView({ text: { '/etc/hosts': hosts } }), ...containers],
      netns: [smallNetns(), ...containers.map((c) => smallNetns({ id: c.netns }))],
      hostname: known(`node${String(seed)}`, { kind: 'probe', probe: 'hostname' }),
    }),
  );
}

export const bench: Bench = {
  name: 'snapshots',
  run: async () => {
    const options = { causes, clients, names: NAMES.map((name) => ({ name })) };
    for (let i = 0; i < 20; i++) diagnose(snapshot(i), options);
    const started = performance.now();
    for (let i = 0; i < MEASURED; i++) diagnose(snapshot(i), options);
    const seconds = (performance.now() - started) / 1000;
    const all = (seconds / MEASURED) * COUNT;
    return Promise.resolve([
      {
        what: `${String(COUNT)} snapshots of 50 containers, 11 names (from ${String(MEASURED)}, two cores)`,
        against: 'one core, halved',
        value: all / 2,
        unit: 'seconds',
        bar: 60,
      },
      { what: 'memory of the process', against: 'peak', value: process.resourceUsage().maxRSS / 1024, unit: 'MiB', bar: 1024 },
    ]);
  },
};
