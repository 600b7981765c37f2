import type { NetnsId } from '../facts/fact.ts';
import type { DnsQuestion, DnsReply, NodeFacts } from '../facts/node-facts.ts';
import type { World } from './types.ts';

const questionKey = (netns: NetnsId, q: DnsQuestion): string =>
  `${netns} ${q.server} ${q.port ?? 53} ${q.transport} ${q.type} ${q.name.toLowerCase().replace(/\.$/u, '')}`;

/** A world over the facts of one node. DNS answers come from what was observed, else from `dns` when given. */
export function makeWorld(node: NodeFacts, dns?: (netns: NetnsId, question: DnsQuestion) => DnsReply | undefined): World {
  const views = new Map(node.views.map((v) => [v.id, v]));
  const netns = new Map(node.netns.map((n) => [n.id, n]));
  const daemons = new Map(node.daemons.map((d) => [d.id, d]));
  let observed: Map<string, DnsReply> | undefined;
  return {
    node,
    view: (id) => views.get(id),
    netns: (id) => netns.get(id),
    daemon: (id) => daemons.get(id),
    dns: (ns, question) => {
      if (observed === undefined) {
        observed = new Map();
        for (const o of node.dns) observed.set(questionKey(o.netns, o.question), o.reply);
      }
      return observed.get(questionKey(ns, question)) ?? dns?.(ns, question);
    },
  };
}
