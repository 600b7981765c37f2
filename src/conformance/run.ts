/**
 * `npm run conformance -- [--stack glibc|musl|go|tools] [--cases N] [--seed S] [--rootfs DIR] [--jobs N] [--replay FILE]`
 * `npm run conformance -- --make-rootfs bullseye|trixie|sid --rootfs DIR` makes a root file system for --rootfs (debootstrap).
 *
 * Makes random surroundings, runs the real programs in namespaces against scripted DNS servers, asks the model the same, and prints how
 * often they agree and each disagreement, made small, as a case that --replay runs again. Needs root. Exit status 1 when any stack agrees
 * in less than 99.9 % of the cases, 2 on bad usage, 3 when nothing could be run.
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

async function worker(ready: Ready, numbers: number[], trialOf: (number: number) => Trial, settings: Settings): Promise<Verdict> {
  const arena = await ArenaClient.start(ready.setup);
  let agreed = 0;
  let unsaid = 0;
  const found: Disagreement[] = [];
  try {
    for (let number = numbers.shift(); number !== undefined && !interrupted; number = numbers.shift()) {
      const first = await judge(arena, ready, trialOf(number), number);
      // A busy machine can lose a packet: what does not come again says nothing.
      const result = typeof first === 'string' ? first : await judge(arena, ready, first.trial, number);
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
  } finally {
    arena.close();
  }
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

function report(title: string, verdict: Verdict, settings: Settings): boolean {
  const folder = join(settings.cache, 'disagreements');
  mkdirSync(folder, { recursive: true });
  for (const d of verdict.disagreements) {
    const file = join(folder, `${title.replaceAll(/[^\w.]+/gu, '-')}-${String(settings.seed)}-${String(d.number)}.json`);
    writeFileSync(
      file,
      `${JSON.stringify({ id: `${title} seed ${String(settings.seed)} case ${String(d.number)}`, ...d.trial, expect: d.observed }, null, 1)}\n`,
    );
    process.stdout.write(
      `\nDISAGREE ${title}, seed ${String(settings.seed)}, case ${String(d.number)}: ${d.keys.join(', ')}\n  given  ${JSON.stringify(d.trial.given)}\n  when   ${JSON.stringify(d.trial.when)}\n  real   ${JSON.stringify(d.observed)}\n  model  ${JSON.stringify(d.predicted)}\n  again  npm run conformance -- --replay ${file}\n`,
    );
  }
  const share = verdict.said === 0 ? 0 : (100 * verdict.agreed) / verdict.said;
  process.stdout.write(
    `${title}: ${String(verdict.agreed)} of ${String(verdict.said)} agree, ${share.toFixed(2)} %${verdict.unsaid === 0 ? '' : `; ${String(verdict.unsaid)} could not be run`}\n`,
  );
  return share >= 99.9;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      cases: { type: 'string' },
      seed: { type: 'string' },
      rootfs: { type: 'string' },
      jobs: { type: 'string' },
      replay: { type: 'string' },
      'make-rootfs': { type: 'string' },
    },
  });
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
  let good = true;
  let ran = 0;
  for (const subject of chosen) {
    const prepared = await subject.prepare({
      cache: settings.cache,
      ...(settings.rootfs === undefined ? {} : { rootfs: settings.rootfs }),
    });
    if ('missing' in prepared) {
      process.stdout.write(`${subject.id}: not run, missing ${prepared.missing}\n`);
      continue;
    }
    for (const ready of 'title' in prepared ? [prepared] : prepared) {
      ran++;
      good = report(ready.title, await hold(ready, settings), settings) && good;
    }
  }
  return ran === 0 ? 3 : good ? 0 : 1;
}

process.exitCode = await main();
