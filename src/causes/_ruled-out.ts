/** A cause is ruled out by facts that somebody looked at. Where nobody looked, nothing is said: a missing fact is never an absent one. */
import type { Fact } from '../facts/fact.ts';
import type { NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';

import type { Said } from '../shared/text.ts';
import type { Finding } from './define-cause.ts';

/** A path of a file, or a fact of views or network namespaces. */
export type LookedAt = `/${string}` | 'sockets' | 'mounts' | 'interfaces' | 'disableIpv6' | 'listeners';

/** `absent` where at least one of these facts was observed in some view; else no finding. */
export function ruledOut({ views, netns }: NodeFacts, because: Said, ...facts: readonly [LookedAt, ...LookedAt[]]): readonly Finding[] {
  const seen = facts.some((fact) => views.some((v) => observed(ofView(v, fact))) || netns.some((n) => observed(ofNetns(n, fact))));
  return seen ? [{ status: 'absent', because }] : [];
}

const observed = (facts: readonly (Fact<unknown> | undefined)[]): boolean =>
  facts.some((fact) => fact !== undefined && fact.state !== 'unobserved');

function ofView(view: ViewFacts, fact: LookedAt): readonly (Fact<unknown> | undefined)[] {
  if (fact === 'sockets' || fact === 'mounts') return [view[fact]];
  return [view.files[fact]];
}

function ofNetns(netns: NetnsFacts, fact: LookedAt): readonly (Fact<unknown> | undefined)[] {
  switch (fact) {
    case 'interfaces':
    case 'listeners':
      return [netns[fact]];
    case 'disableIpv6':
      return Object.values(netns.disableIpv6);
    default:
      return [];
  }
}
