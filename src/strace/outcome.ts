/** What a traced look-up came to, as far as the trace shows. */
import { addressesInHosts } from './hosts-text.ts';
import type { TracedLookup } from './trace.ts';

export type LookupOutcome =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly by: 'cache' | 'hosts' | 'dns' }
  | { readonly kind: 'not-found'; readonly by: 'cache' | 'dns' }
  /** No server answered, or none usefully. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'unknown' };

export function outcomeOf(lookup: TracedLookup): LookupOutcome {
  const { events } = lookup;
  const replies = events.flatMap((e) => (e.event === 'cache-reply' && e.type !== 'GETFDHST' ? [e] : []));
  const yes = replies.filter((r) => r.said === 'yes');
  if (yes.length > 0) return { kind: 'addresses', addresses: [...new Set(yes.flatMap((r) => r.addresses ?? []))], by: 'cache' };
  const answers = events.flatMap((e) => (e.event === 'answer' ? [e] : []));
  const asked = events.some((e) => e.event === 'question');
  if (!asked && replies.at(-1)?.said === 'no') return { kind: 'not-found', by: 'cache' };
  const found = [...new Set(answers.flatMap((a) => a.addresses))];
  if (found.length > 0) return { kind: 'addresses', addresses: found, by: 'dns' };
  if (!asked) {
    const hosts = events.flatMap((e) =>
      e.event === 'file' && e.path === '/etc/hosts' ? addressesInHosts(e.content ?? '', lookup.name ?? '') : [],
    );
    return hosts.length > 0 ? { kind: 'addresses', addresses: [...new Set(hosts)], by: 'hosts' } : { kind: 'unknown' };
  }
  const cut = answers.some((a) => a.rcode === 'NOERROR' && a.count > 0);
  // It was found, and the trace does not show what.
  if (cut) return { kind: 'addresses', addresses: [], by: 'dns' };
  if (answers.some((a) => a.rcode === 'NXDOMAIN' || a.rcode === 'NOERROR')) return { kind: 'not-found', by: 'dns' };
  if (answers.length > 0 || events.some((e) => e.event === 'no-answer')) return { kind: 'failed' };
  return { kind: 'unknown' };
}
