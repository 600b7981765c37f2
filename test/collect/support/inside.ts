import { fileURLToPath } from 'node:url';
import type { Fact } from '../../../src/facts/fact.ts';
import type { ViewFacts } from '../../../src/facts/node-facts.ts';
import type { LabHost } from '../../../src/lab/namespace-host.ts';
import type { Snapshot } from '../../../src/snapshot/snapshot.ts';

const SCRIPT = fileURLToPath(new URL('./collect-inside.ts', import.meta.url));

export interface InsideOptions {
  readonly containers?: readonly string[];
  readonly shell?: readonly string[];
  readonly path?: string;
  /** Words before the command: `strace -f …`. */
  readonly before?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Inside {
  readonly snapshot: Snapshot;
  readonly ms: number;
}

/** Collects inside a lab host, with the same sources as the tests. */
export async function collectInside(host: LabHost, options: InsideOptions = {}): Promise<Inside> {
  const { before = [], env, ...asked } = options;
  const command = [
    ...before,
    process.execPath,
    '--experimental-strip-types',
    '--disable-warning=ExperimentalWarning',
    SCRIPT,
    JSON.stringify(asked),
  ];
  const result = await host.exec(command, { maxBytes: 64 * 1024 * 1024, timeoutMs: 60_000, ...(env === undefined ? {} : { env }) });
  if (result.exitStatus !== 0) throw new Error(`collecting failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Inside;
}

export const hostOf = (snapshot: Snapshot): ViewFacts => viewOf(snapshot, (v) => v.kind === 'host');
export const containerOf = (snapshot: Snapshot, pid: number): ViewFacts => viewOf(snapshot, (v) => v.pid === pid);
export const containersOf = (snapshot: Snapshot): readonly ViewFacts[] => snapshot.node.views.filter((v) => v.kind === 'container');

function viewOf(snapshot: Snapshot, test: (view: ViewFacts) => boolean): ViewFacts {
  const view = snapshot.node.views.find(test);
  if (view === undefined) throw new Error(`no such view among ${snapshot.node.views.map((v) => v.id).join(' ')}`);
  return view;
}

/** The text of a file, or the state and reason where there is none. */
export function textOf(view: ViewFacts, path: string): string {
  const fact = view.files[path];
  return fact === undefined
    ? 'not looked at'
    : fact.state === 'known'
      ? fact.value.directory === true
        ? 'a folder'
        : fact.value.text
      : fact.state === 'absent'
        ? 'absent'
        : fact.reason;
}

export const value = <T>(fact: Fact<T> | undefined): T | undefined => (fact?.state === 'known' ? fact.value : undefined);
