/**
 * A fact is one observation with its provenance. It has three states, and the third is never read as the second:
 * *known* (seen), *absent* (looked for, is not there) and *unobserved* (nobody could look, and why).
 */
export type Fact<T> = Known<T> | Absent | Unobserved;

export interface Known<T> {
  readonly state: 'known';
  readonly value: T;
  readonly source: Source;
}

export interface Absent {
  readonly state: 'absent';
  readonly source: Source;
}

export interface Unobserved {
  readonly state: 'unobserved';
  readonly reason: UnobservedReason;
  readonly source?: Source;
  /** What the machine said, as it said it (one line, control characters removed). */
  readonly detail?: string;
}

export type UnobservedReason =
  | 'not-collected'
  | 'permission'
  | 'timeout'
  | 'no-tool'
  | 'too-large'
  | 'not-a-regular-file'
  | 'link-loop'
  | 'outside-root'
  | 'vanished'
  | 'malformed'
  | 'io-error';

/** Where an observation comes from, precise enough that a person finds the same line again. */
export type Source =
  | { readonly kind: 'file'; readonly path: string; readonly view?: ViewId; readonly line?: number; readonly text?: string }
  | { readonly kind: 'command'; readonly command: string; readonly view?: ViewId; readonly line?: number; readonly text?: string }
  | {
      readonly kind: 'log';
      readonly path: string;
      readonly view?: ViewId;
      readonly line?: number;
      readonly text?: string;
      readonly time?: string;
    }
  | { readonly kind: 'statement'; readonly key: string; readonly text: string; readonly line?: number }
  | { readonly kind: 'probe'; readonly probe: string; readonly view?: ViewId; readonly text?: string };

/** 'host', or 'container:<first 12 of the id>', or 'pid:<number>' for a process in namespaces of its own. */
export type ViewId = string;
/** 'host', or 'net:<inode>'. Two views with the same id share one network namespace. */
export type NetnsId = string;

export const known = <T>(value: T, source: Source): Known<T> => ({ state: 'known', value, source });
export const absent = (source: Source): Absent => ({ state: 'absent', source });
export const unobserved = (reason: UnobservedReason, detail?: string, source?: Source): Unobserved => ({
  state: 'unobserved',
  reason,
  ...(detail === undefined ? {} : { detail }),
  ...(source === undefined ? {} : { source }),
});
export const NOT_COLLECTED: Unobserved = { state: 'unobserved', reason: 'not-collected' };

/** The value where it is known, otherwise undefined. Use only where absent and unobserved mean the same to the caller. */
export const valueOf = <T>(fact: Fact<T> | undefined): T | undefined => (fact?.state === 'known' ? fact.value : undefined);
