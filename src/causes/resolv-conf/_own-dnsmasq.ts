/**
 * A container that asks the dnsmasq of its own node and gets silence, while the node gets answers from the same address.
 * Source: dnsmasq(8), --local-service: questions from other networks than those of the interfaces are not answered.
 */
import { valueOf } from '../../facts/fact.ts';
import type { NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { t } from '../_checks/index.ts';
import { nameserverLine, RESOLV_CONF, resolvConf, resolvSource } from '../_resolv-conf.ts';
import type { CauseContext, Finding } from '../define-cause.ts';

export function ownDnsmasqSilent({ world, answers }: CauseContext): readonly Finding[] {
  const { node } = world;
  const args = node.observations['process.dnsmasq.args'];
  if (args?.state !== 'known' || typeof args.value !== 'string' || !/(?:^| )--?local-service(?:=| |$)/u.test(args.value)) return [];
  const flags = args.value;
  return node.views.flatMap((view): readonly Finding[] => {
    const file = view.netns === 'host' ? undefined : resolvConf(view);
    const failing = (a: ClientAnswer): boolean => a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve';
    const hit = answers.find(failing);
    if (file === undefined || hit === undefined) return [];
    for (const server of file.nameservers.slice(0, 3)) {
      if (!isOwn(node, server) || !isSilent(node, view, server)) continue;
      const question = { server, name: hit.name.toLowerCase().replace(/\.$/u, ''), type: 'A', transport: 'udp' } as const;
      const onNode = world.dns('host', question);
      if (onNode === undefined) return [{ status: 'cannot-tell', needs: [{ kind: 'dns', netns: 'host', question }] }];
      if (onNode.kind !== 'answer') continue;
      const values = { path: RESOLV_CONF, server, flags };
      return [
        {
          status: 'present',
          view: view.id,
          values,
          evidence: [
            {
              said: say(t('dnsmasq runs with {flags}', 'dnsmasq 以 {flags} 运行'), values),
              source: args.source,
              grade: 'strong',
            },
            {
              said: say(
                t(
                  '{server} is the node itself; it answers the node and is silent to the container',
                  '{server} 是节点自身；它应答节点，却不应答容器',
                ),
                values,
              ),
              source: resolvSource(view, file, nameserverLine(file, server)),
              grade: 'direct',
            },
          ],
          explainsAnswer: failing,
        },
      ];
    }
    return [];
  });
}

/** An address of the node, with dnsmasq behind its port 53. */
function isOwn(node: NodeFacts, server: string): boolean {
  const host = node.netns.find((n) => n.id === 'host');
  const own = valueOf(host?.interfaces)?.some((i) => i.addresses.some((a) => a.address === server)) === true;
  const behind = valueOf(host?.listeners)?.find(
    (l) => l.protocol === 'udp' && l.port === 53 && (l.address === server || l.address === '0.0.0.0' || l.address === '::'),
  );
  return own && behind !== undefined && (behind.program === undefined || behind.program === 'dnsmasq');
}

function isSilent(node: NodeFacts, view: ViewFacts, server: string): boolean {
  const replies = node.dns.filter((d) => d.netns === view.netns && d.question.server === server);
  return replies.length > 0 && replies.every((d) => d.reply.kind === 'silent');
}
