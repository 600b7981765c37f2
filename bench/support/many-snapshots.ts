/** Snapshots of nodes with 50 containers, made from a number; and a thread that diagnoses those with the numbers it is told. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { causes } from '../../src/causes/index.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { known } from '../../src/facts/fact.ts';
import { clients } from '../../src/model/clients/index.ts';
import { smallNetns, smallNode, smallSnapshot, smallView } from '../../test/support/small-node.ts';

export const NAMES = ['localhost', ...Array.from({ length: 10 }, (_, i) => `service-${String(i)}`)];
const CONTAINERS = 50;
/** One node in so many has the fault of the first article. */
const BROKEN_EVERY = 25;

export interface Task {
  /** alike: containers of one image and one hosts file. own: each has its own line in its hosts file, and its own host name. */
  readonly kind: 'alike' | 'own';
  readonly from: number;
  readonly to: number;
}

/** No two are the same, so that nothing parsed for one serves another. */
function snapshot(kind: Task['kind'], seed: number): ReturnType<typeof smallSnapshot> {
  const services = NAMES.slice(1).map((n, i) => `10.${String(seed >> 8)}.${String(seed & 255)}.${String(i + 1)} ${n}`);
  const hosts = (own: string): string => ['127.0.0.1 localhost', ...services, own, ''].join('\n');
  const probe = { kind: 'probe', probe: 'hostname' } as const;
  const containers = Array.from({ length: CONTAINERS }, (_, i) => {
    const name = kind === 'own' ? `pod-${String(i)}` : 'pod';
    return smallView({
      id: `container:${String(i).padStart(12, '0')}`,
      kind: 'container',
      names: [`c${String(i)}`],
      netns: `net:${String(4_026_531_900 + i)}`,
      hostname: known(name, probe),
      text: { '/etc/hosts': hosts(`10.42.${String(seed & 255)}.${String(kind === 'own' ? i + 2 : 2)} ${name}`) },
    });
  });
  const broken = seed % BROKEN_EVERY === 0;
  const host = broken ? `::1 localhost\n127.0.0.1 node${String(seed)}\n` : hosts('');
  return smallSnapshot(
    smallNode({
      views: [smallView({ text: { '/etc/hosts': host } }), ...containers],
      netns: [smallNetns({ ipv6: !broken }), ...containers.map((c) => smallNetns({ id: c.netns }))],
      hostname: known(`node${String(seed)}`, probe),
    }),
  );
}

/** How many of them have a verdict. */
function diagnoseMany({ kind, from, to }: Task): number {
  let found = 0;
  for (let seed = from; seed < to; seed++) {
    const { verdicts } = diagnose(snapshot(kind, seed), { causes, clients, names: NAMES.map((name) => ({ name })) });
    if (verdicts.length > 0) found++;
  }
  return found;
}

if (!isMainThread) parentPort?.on('message', (task: Task) => parentPort?.postMessage(diagnoseMany(task)));
