/**
 * CoreDNS as an answering server: the server block of the longest zone takes the question, its plugins are asked in CoreDNS's own fixed
 * order, whatever the order in the Corefile. NodeLocal DNSCache is CoreDNS with a Corefile of its own.
 * Sources: coredns plugin.cfg, core/dnsserver/server.go, and the plugins named in their files (1.8 to 1.12).
 */
import type { FileContent, ViewFacts } from '../../../facts/node-facts.ts';
import { valueOf } from '../../../facts/fact.ts';
import { memoByIdentity } from '../../memo.ts';
import { addressRecords, answerWith, ofType, type Question, type ServerReply } from '../../name-server.ts';
import { openFile } from '../../go/view-file.ts';
import type { Step, World } from '../../types.ts';
import { autopathPlugin } from './autopath-plugin.ts';
import { clusterObjects } from './cluster-objects.ts';
import { type Corefile, type Directive, matchingZone, parseCorefile, type ServerBlock } from './corefile.ts';
import { forwardPlugin, forwardsToItself } from './forward-plugin.ts';
import { hostsPlugin } from './hosts-plugin.ts';
import { kubernetesPlugin } from './kubernetes-plugin.ts';
import { askAboutPlugin, cannotTell, type CoreDnsRun, type Plugin } from './plugin.ts';
import { rewritePlugin, stopsRules } from './rewrite-plugin.ts';
import { coreDnsSteps } from './steps.ts';
import { templatePlugin } from './template-plugin.ts';

const localPlugin: Plugin = (run, _directive, question, next) => {
  const { name, type } = question;
  if (name !== 'localhost' && !name.startsWith('localhost.')) return next(question);
  run.steps.push({ kind: coreDnsSteps.local, values: { name } });
  return {
    kind: 'reply',
    reply: answerWith('NOERROR', addressRecords(name, type, ofType(type, ['127.0.0.1', '::1'])), true),
    steps: run.steps,
  };
};

/** Plugins that answer or change questions, in the order of plugin.cfg. undefined: it may answer, and is not modelled. */
const ORDER: readonly (readonly [name: string, plugin: Plugin | undefined])[] = [
  ['local', localPlugin],
  ['dns64', undefined],
  ['acl', undefined],
  ['any', undefined],
  ['rewrite', rewritePlugin],
  ['autopath', autopathPlugin],
  ['template', templatePlugin],
  ['hosts', hostsPlugin],
  ['route53', undefined],
  ['azure', undefined],
  ['clouddns', undefined],
  ['k8s_external', undefined],
  ['kubernetes', kubernetesPlugin],
  ['file', undefined],
  ['auto', undefined],
  ['secondary', undefined],
  ['etcd', undefined],
  ['forward', forwardPlugin],
  ['grpc', undefined],
  ['erratic', undefined],
  ['whoami', undefined],
];

const COREFILES = ['/etc/coredns/Corefile', '/etc/Corefile', '/etc/coredns/Corefile.base', '/Corefile'];

const parsed = memoByIdentity((file: FileContent): Corefile => parseCorefile(file.text));

/** The Corefile of a view, when it has one. */
export function corefileOf(view: ViewFacts): { readonly path: string; readonly corefile: Corefile } | undefined {
  for (const path of COREFILES) {
    const file = openFile(view, path);
    if (file.kind !== 'content') continue;
    const env = valueOf(view.env);
    return {
      path,
      corefile:
        file.content.text.includes('{$') || file.content.text.includes('{%') ? parseCorefile(file.content.text, env) : parsed(file.content),
    };
  }
  return undefined;
}

/** What the CoreDNS of `view` answers. */
export function coreDnsAnswer(
  world: World,
  view: ViewFacts,
  corefile: Corefile,
  question: Question,
  podNamespace?: string,
  port = 53,
): ServerReply {
  const steps: Step[] = [];
  if (corefile.error !== undefined) {
    steps.push({ kind: coreDnsSteps.unreadable, values: { line: corefile.error.line } });
    return { kind: 'reply', reply: { kind: 'error', errno: 'ECONNREFUSED' }, steps };
  }
  const servers = corefile.servers.filter((block) => block.port === port);
  const zone = matchingZone(
    question.name,
    servers.flatMap((block) => block.zones),
  );
  const block = zone === undefined ? undefined : servers.find((one) => one.zones.includes(zone));
  if (zone === undefined || block === undefined) {
    steps.push({ kind: coreDnsSteps.noServer, values: { name: question.name } });
    return { kind: 'reply', reply: answerWith('REFUSED', []), steps };
  }
  steps.push({ kind: coreDnsSteps.server, values: { name: question.name, zone: zone === '' ? '.' : zone } });
  const run: CoreDnsRun = {
    world,
    view,
    corefile,
    block,
    cluster: clusterObjects(world.node),
    steps,
    ...(podNamespace === undefined ? {} : { podNamespace }),
  };
  return ask(run, chainOf(block), 0, question, false);
}

/** All directives of a block that may answer, in CoreDNS's order; several of one plugin stay in the order of the file. */
const chainOf = (block: ServerBlock): readonly (readonly [Plugin | undefined, Directive])[] =>
  ORDER.flatMap(([name, plugin]) =>
    block.directives.filter((directive) => directive.name === name).map((directive) => [plugin, directive] as const),
  );

function ask(
  run: CoreDnsRun,
  chain: readonly (readonly [Plugin | undefined, Directive])[],
  at: number,
  question: Question,
  rewritten: boolean,
): ServerReply {
  const link = chain[at];
  if (link === undefined) {
    run.steps.push({ kind: coreDnsSteps.nobodyAnswers, values: { name: question.name } });
    return { kind: 'reply', reply: answerWith('SERVFAIL', []), steps: run.steps };
  }
  const [plugin, directive] = link;
  // After a rewrite that stops, further rules are passed over.
  if (rewritten && directive.name === 'rewrite') return ask(run, chain, at + 1, question, true);
  if (plugin === undefined) return cannotTell(run, askAboutPlugin(directive.name));
  return plugin(run, directive, question, (changed) => {
    const stop =
      directive.name === 'rewrite' && stopsRules(directive.args) && (changed.name !== question.name || changed.type !== question.type);
    return ask(run, chain, at + 1, changed, rewritten || stop);
  });
}

/** The server that `forward` leads back to this CoreDNS by, if any: the plugin loop then ends the process ("Loop … detected"). */
export function coreDnsLoop(
  world: World,
  view: ViewFacts,
  corefile: Corefile,
): { readonly zone: string; readonly server: string; readonly line: number } | undefined {
  for (const block of corefile.servers) {
    for (const directive of block.directives) {
      const server = directive.name === 'forward' ? forwardsToItself({ world, view, corefile }, directive) : undefined;
      if (server !== undefined) return { zone: block.zones[0] ?? '', server, line: directive.line };
    }
  }
  return undefined;
}
