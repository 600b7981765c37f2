import type { Fact } from '../../../src/facts/fact.ts';
import type { ObservationValue } from '../../../src/facts/node-facts.ts';
import type { ProbeRecord } from '../../../src/collect/probe-script.ts';

/** A record as the probe's script prints it. */
export const record = (kind: string, args: readonly string[], text: string): ProbeRecord => ({ kind, args, data: Buffer.from(text) });

/** Known values by key; the others by their state. */
export const plain = (found: Readonly<Record<string, Fact<ObservationValue>>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(found).map(([key, fact]) => [key, fact.state === 'known' ? fact.value : fact.state]));
