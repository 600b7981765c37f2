/**
 * A container of Rancher looks a name up that the node's own hosts file has and DNS has not. Its own hosts file is another one.
 * Source: rancher-docs, registered clusters (hostAliases of the cluster agent).
 */
import { valueOf } from '../../facts/fact.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import type { NodeFacts, ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { appendLines } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { t } from '../_checks/index.ts';
import { HOSTS } from '../_localhost.ts';
import type { CauseContext, Finding } from '../define-cause.ts';

const RANCHER = /rancher|cattle/iu;

export function nameInHostsOnly({ node, answers }: CauseContext): readonly Finding[] {
  const host = node.views.find((v) => v.kind === 'host');
  const file = host === undefined ? undefined : valueOf(host.files[HOSTS] ?? { state: 'absent', source: { kind: 'file', path: HOSTS } });
  if (host === undefined || file === undefined) return [];
  return node.views.flatMap((view): readonly Finding[] => {
    const own = valueOf(view.files[HOSTS] ?? { state: 'absent', source: { kind: 'file', path: HOSTS } });
    if (view.kind !== 'container' || own === undefined) return [];
    const failing = (a: ClientAnswer): boolean =>
      a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve' && isRancher(node, view, a.name);
    for (const { name } of answers.filter(failing)) {
      const wanted = name.toLowerCase().replace(/\.$/u, '');
      const line = hostsLines(file.text).find((l) => l.names.some((n) => n.toLowerCase() === wanted));
      if (line === undefined || !deniedByDns(node, view, wanted)) continue;
      const values = { name: wanted, address: line.address, path: HOSTS };
      return [
        {
          status: 'present',
          view: view.id,
          values,
          evidence: [
            {
              said: say(t("the node's hosts file has {name}", '节点的 hosts 文件中有 {name}'), values),
              source: { kind: 'file', path: HOSTS, view: host.id, line: line.number, text: line.text },
              grade: 'strong',
            },
            { said: say(t('DNS knows no {name}', 'DNS 中没有 {name}'), values), grade: 'direct' },
          ],
          remedies: [
            { id: 'dns-record' },
            { id: 'host-aliases', edits: [appendLines(view.id, HOSTS, own.text, [`${line.address} ${wanted}`])] },
          ],
          explainsAnswer: (a) => failing(a) && a.name.toLowerCase().replace(/\.$/u, '') === wanted,
        },
      ];
    }
    return [];
  });
}

const isRancher = (node: NodeFacts, view: ViewFacts, name: string): boolean =>
  RANCHER.test(name) ||
  view.names.some((n) => RANCHER.test(n)) ||
  RANCHER.test(view.image ?? '') ||
  node.products.some((p) => p.name === 'rancher');

const deniedByDns = (node: NodeFacts, view: ViewFacts, name: string): boolean =>
  node.dns.some(
    (d) =>
      d.netns === view.netns &&
      d.question.name === name &&
      d.reply.kind === 'answer' &&
      (d.reply.rcode === 'NXDOMAIN' || (d.reply.rcode === 'NOERROR' && d.reply.answers.length === 0)),
  );
