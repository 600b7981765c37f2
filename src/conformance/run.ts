/**
 * `npm run conformance`: makes random surroundings, runs the real programs in namespaces against scripted DNS servers, asks the model the
 * same, and prints how often they agree and each disagreement, made small, as a case that --replay runs again. Needs root. Exit status 1
 * when any stack agrees in less than 99.9 % of the cases, 2 on bad usage, 3 when nothing could be run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ArenaClient } from './arena-client.ts';
import { makeRootfs } from './make-rootfs.ts';
import { minimise } from './minimise.ts';
import { Random } from './random.ts';
import { subjects } from './subjects/index.ts';
import type { Ready, Trial } from './trial.ts';

const USAGE = `usage: npm run conformance -- [option...]

  --stack NAME          glibc, musl, go or tools, or one program of these (dig, go-cgo ...); without: all
  --cases N             cases for each subject (200); the programs of the stack "tools" share them
  --seed S              another seed, other cases (1)
  --jobs N              arenas side by side (4)
  --rootfs DIR          take the C library, Go and the tools from this root file system
  --make-rootfs NAME    make that root file system first: a release of Debian (bullseye, trixie, sid), with debootstrap
  --replay FILE         run one case again that was printed as a disagreement

examples
  npm run conformance -- --stack glibc --cases 2000 --seed 1
  npm run conformance -- --make-rootfs trixie --rootfs /var/tmp/trixie
  npm run conformance -- --stack go --rootfs /var/tmp/trixie
`;

interface Settings {
  readonly cases: number;
  readonly seed: number;
  readonly jobs: number;
  readonly cache: string;
  readonly rootfs?: string;
  readonly replay?: Trial;
}

interface Disagreement {
  readonly number: number;
  readonly trial: Trial;
  readonly keys: readonly string[];
  readonly observed: unknown;
  readonly predicted: unknown;
}

interface Verdict {
  readonly agreed: number;
  readonly said: number;
  readonly unsaid: number;
  readonly disagreements: readonly Disagreement[];
}

/** Set by the first Ctrl-C or SIGTERM: what was found so far is still printed. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
  });
}

async function judge(arena: ArenaClient, ready: Ready, trial: Trial, number: number): Promise<Disagreement | 'agree' | 'nothing'> {
  const raw = await arena.run({ trial, command: ready.command(trial) });
  const observed = ready.observe(trial, raw);
  if (observed === undefined) return 'nothing';
  const predicted = ready.predict(trial);
  const keys = ready.compare(observed, predicted, trial);
  return keys.length === 0 ? 'agree' : { number, trial, keys, observed, predicted };
}

/** A busy machine can lose a packet, and others may look into the namespace: what does not come again, and then again, says nothing. */
async function judgeAgain(arena: ArenaClient, ready: Ready, trial: Trial, number: number): Promise<Disagreement | 'agree' | 'nothing'> {
  const second = await judge(arena, ready, trial, number);
  if (typeof second === 'string') return second;
  await new Promise((done) => setTimeout(done, 1500));
  return judge(arena, ready, trial, number);
}

/** Arenas that wait for the next program that runs in the same surroundings. */
const idle = new Map<string, ArenaClient[]>();

const arenaFor = async ({ setup }: Ready): Promise<ArenaClient> =>
  idle.get(JSON.stringify(setup))?.pop() ?? (await ArenaClient.start(setup));

function closeArenas(): void {
  for (const arena of [...idle.values()].flat()) arena.close();
}

async function worker(ready: Ready, numbers: number[], trialOf: (number: number) => Trial, settings: Settings): Promise<Verdict> {
  const arena = await arenaFor(ready);
  let agreed = 0;
  let unsaid = 0;
  const found: Disagreement[] = [];
  try {
    for (let number = numbers.shift(); number !== undefined && !interrupted; number = numbers.shift()) {
      const first = await judge(arena, ready, trialOf(number), number);
      const result = typeof first === 'string' ? first : await judgeAgain(arena, ready, first.trial, number);
      if (result === 'agree') agreed++;
      else if (result === 'nothing') unsaid++;
      else if (found.length >= 12 || settings.replay !== undefined) found.push(result);
      else {
        const small = await minimise(result.trial, async (trial) => {
          const again = await judge(arena, ready, trial, number);
          return typeof again !== 'string' && again.keys.some((key) => result.keys.includes(key));
        });
        const shown = await judge(arena, ready, small, number);
        found.push(typeof shown === 'string' ? result : shown);
      }
    }
  } catch (error) {
    arena.close();
    throw error;
  }
  idle.set(JSON.stringify(ready.setup), [...(idle.get(JSON.stringify(ready.setup)) ?? []), arena]);
  return { agreed, said: agreed + found.length, unsaid, disagreements: found };
}

async function hold(ready: Ready, settings: Settings): Promise<Verdict> {
  const { replay } = settings;
  const trialOf = (number: number): Trial => replay ?? ready.generate(new Random(settings.seed * 1_000_003 + number));
  const numbers = Array.from({ length: replay === undefined ? settings.cases : 1 }, (_, i) => i);
  const jobs = Math.min(settings.jobs, numbers.length);
  const parts = await Promise.all(Array.from({ length: jobs }, () => worker(ready, numbers, trialOf, settings)));
  return {
    agreed: parts.reduce((sum, p) => sum + p.agreed, 0),
    said: parts.reduce((sum, p) => sum + p.said, 0),
    unsaid: parts.reduce((sum, p) => sum + p.unsaid, 0),
    disagreements: parts.flatMap((p) => p.disagreements).sort((a, b) => a.number - b.number),
  };
}

function report(title: string, subject: string, verdict: Verdict, settings: Settings): void {
  const inRoot = settings.rootfs === undefined ? '' : ` --rootfs ${settings.rootfs}`;
  const folder = join(settings.cache, 'disagreements');
  mkdirSync(folder, { recursive: true });
  for (const d of verdict.disagreements) {
    const file = join(folder, `${title.replaceAll(/[^\w.]+/gu, '-')}-${String(settings.seed)}-${String(d.number)}.json`);
    writeFileSync(
      file,
      `${JSON.stringify({ id: `${title} seed ${String(settings.seed)} case ${String(d.number)}`, ...d.trial, expect: d.observed }, null, 1)}\n`,
    );
    process.stdout.write(
      `\nDISAGREE ${title}, seed ${String(settings.seed)}, case ${String(d.number)}: ${d.keys.join(', ')}\n  given  ${JSON.stringify(d.trial.given)}\n  when   ${JSON.stringify(d.trial.when)}\n  real   ${JSON.stringify(d.observed)}\n  model  ${JSON.stringify(d.predicted)}\n  again  npm run conformance -- --stack ${subject} --replay ${file}${inRoot}\n`,
    );
  }
  const unsaid = verdict.unsaid === 0 ? '' : `; ${String(verdict.unsaid)} could not be run`;
  // busybox's wget as Debian builds it crashes, for one.
  const share = verdict.said === 0 ? 'none agrees or disagrees' : agreement(verdict.agreed, verdict.said);
  process.stdout.write(`${title}: ${share}${unsaid}\n`);
}

const shareOf = (agreed: number, said: number): number => (said === 0 ? 0 : (100 * agreed) / said);
const agreement = (agreed: number, said: number): string =>
  `${String(agreed)} of ${String(said)} agree, ${shareOf(agreed, said).toFixed(2)} %`;

const OPTIONS = {
  stack: { type: 'string' },
  cases: { type: 'string' },
  seed: { type: 'string' },
  rootfs: { type: 'string' },
  jobs: { type: 'string' },
  replay: { type: 'string' },
  'make-rootfs': { type: 'string' },
  help: { type: 'boolean' },
} as const;

const parsed = (): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] | string => {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

async function main(): Promise<number> {
  const values = parsed();
  if (typeof values === 'string') {
    process.stderr.write(`${values}\n\n${USAGE}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const settings: Settings = {
    cases: Number(values.cases ?? '200'),
    seed: Number(values.seed ?? '1'),
    jobs: Number(values.jobs ?? '4'),
    cache: resolve(import.meta.dirname, '../../.cache/conformance'),
    ...(values.rootfs === undefined ? {} : { rootfs: resolve(values.rootfs) }),
    ...(values.replay === undefined ? {} : { replay: JSON.parse(readFileSync(values.replay, 'utf8')) as Trial }),
  };
  if (![settings.cases, settings.seed, settings.jobs].every(Number.isInteger)) {
    process.stderr.write('--cases, --seed and --jobs are whole numbers\n');
    return 2;
  }
  if (process.getuid?.() !== 0) {
    process.stderr.write('conformance makes network namespaces and needs root\n');
    return 3;
  }
  if (values['make-rootfs'] !== undefined) {
    if (values.rootfs === undefined) {
      process.stderr.write('--make-rootfs RELEASE needs --rootfs DIR\n');
      return 2;
    }
    return makeRootfs(values['make-rootfs'], resolve(values.rootfs));
  }
  const chosen = subjects.filter((s) => values.stack === undefined || s.stack === values.stack || s.id === values.stack);
  if (chosen.length === 0) {
    process.stderr.write(`no such stack; there are: ${[...new Set(subjects.map((s) => s.stack))].join(', ')}\n`);
    return 2;
  }
  // The tools are one stack of many programs: they share the cases.
  const programs = chosen.filter((s) => s.stack === 'tools').length;
  const totals = new Map<string, { agreed: number; said: number; subjects: number }>();
  for (const subject of chosen) {
    const cases = subject.stack === 'tools' ? Math.ceil(settings.cases / programs) : settings.cases;
    const prepared = await subject.prepare({
      cache: settings.cache,
      ...(settings.rootfs === undefined ? {} : { rootfs: settings.rootfs }),
    });
    if ('missing' in prepared) {
      process.stdout.write(`${subject.id}: not run, missing ${prepared.missing}\n`);
      continue;
    }
    for (const ready of 'title' in prepared ? [prepared] : prepared) {
      const verdict = await hold(ready, { ...settings, cases });
      report(ready.title, subject.id, verdict, settings);
      const total = totals.get(subject.stack) ?? { agreed: 0, said: 0, subjects: 0 };
      totals.set(subject.stack, { agreed: total.agreed + verdict.agreed, said: total.said + verdict.said, subjects: total.subjects + 1 });
    }
  }
  closeArenas();
  for (const [stack, { agreed, said, subjects: count }] of totals)
    if (count > 1) process.stdout.write(`${stack}, all together: ${agreement(agreed, said)}\n`);
  if (totals.size === 0) return 3;
  return [...totals.values()].every(({ agreed, said }) => shareOf(agreed, said) >= 99.9) ? 0 : 1;
}

process.exitCode = await main();
