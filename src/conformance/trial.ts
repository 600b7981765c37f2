/**
 * One trial: surroundings and a call, in the words of the published vectors (`given`, `when`), so that a disagreement is a vector that
 * can be kept. And what is seen in it.
 */
import type { JsonObject } from '../vectors/adapter.ts';
import type { Random } from './random.ts';

export interface Trial {
  readonly given: JsonObject;
  readonly when: JsonObject;
}

/** A DNS query as a scripted server saw it. */
export interface SeenQuery {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly tcp: boolean;
  readonly edns: boolean;
  readonly ad: boolean;
}

/** What a real program did. */
export interface Raw {
  readonly stdout: string;
  readonly stderr: string;
  /** null: it was killed, or it is a launcher that lives on. */
  readonly exit: number | null;
  readonly ms: number;
  readonly queries: readonly SeenQuery[];
  /** The surroundings could not be made or the program did not answer; such a trial says nothing. */
  readonly failure?: string;
}

/** How the program is run in an arena: a line to its launcher, or a command of its own. */
export type Command =
  | { readonly kind: 'line'; readonly line: string }
  | {
      readonly kind: 'spawn';
      readonly argv: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
      readonly stdin?: string;
      readonly timeoutMs?: number;
    };

/** What an arena is asked to do. `launcher`: a program started once, which answers each line with a line. */
export interface ArenaRequest {
  readonly trial: Trial;
  readonly command: Command;
}

export interface ArenaSetup {
  /** Root file system in which the program runs; absent: this machine's own. */
  readonly rootfs?: string;
  readonly launcher?: readonly string[];
  readonly launcherEnv?: Readonly<Record<string, string>>;
  /** Programs to copy into the rootfs, by their path there. */
  readonly copies?: Readonly<Record<string, string>>;
}

/** One kind of real program. One file each in subjects/; index.ts lists them. */
export interface Subject {
  readonly id: string;
  readonly stack: 'glibc' | 'musl' | 'go' | 'tools';
  /** Builds what is needed below `cache`; says what is missing where it cannot run. Several: one of each version that is there. */
  prepare(context: { readonly cache: string; readonly rootfs?: string }): Promise<Ready | readonly Ready[] | { readonly missing: string }>;
}

export interface Ready {
  /** 'glibc 2.36-9+deb12u14' */
  readonly title: string;
  readonly setup: ArenaSetup;
  generate(random: Random): Trial;
  command(trial: Trial): Command;
  /** What the real program answered, in the words of the vectors' `expect`; undefined: the trial says nothing. */
  observe(trial: Trial, raw: Raw): JsonObject | undefined;
  /** What the model says, with the same keys. */
  predict(trial: Trial): JsonObject;
  /** Keys that differ; empty: they agree. */
  compare(observed: JsonObject, predicted: JsonObject, trial: Trial): readonly string[];
}
