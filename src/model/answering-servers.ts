/**
 * Who answers a DNS question on this node itself? systemd-resolved on 127.0.0.53, Docker on 127.0.0.11 of a container, a dnsmasq that
 * listens on the address, and a CoreDNS (cluster DNS, NodeLocal DNSCache) whose Corefile and addresses are known. Any other server answers
 * only what was observed.
 *
 *   worldOf(node)
 */
import type { NetnsId } from '../facts/fact.ts';
import { valueOf } from '../facts/fact.ts';
import type { DnsQuestion, DnsReply, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import { corefileOf, coreDnsAnswer } from './cluster/coredns/server.ts';
import { boundTo, type Corefile } from './cluster/coredns/corefile.ts';
import { ownAddressesOf } from './dial/route.ts';
import { DOCKER_DNS, dockerDnsAnswer, usesDockerDns } from './docker-dns/server.ts';
import { dnsmasqAnswer, dnsmasqAt } from './dnsmasq/server.ts';
import { memoByIdentity } from './memo.ts';
import type { Question, ServerReply } from './name-server.ts';
import { RESOLVED_ADDRESSES, resolvedAnswer, resolvedDaemon } from './resolved/server.ts';
import type { World } from './types.ts';
import { makeWorld } from './world.ts';

/** The world of a node, with the servers of the node answering in it: what diagnoses, proofs and explanations ask. */
export const worldOf = (node: NodeFacts): World => makeWorld(node, answeringServers(node));

/** A question that goes from server to server of this node more often than that goes round. */
const DEEPEST = 8;

/** What the server of this node that `asked` goes to answers; undefined: it goes to none that is modelled. */
export function answerOnNode(world: World, netns: NetnsId, asked: DnsQuestion): ServerReply | undefined {
  const question: Question = { name: asked.name.toLowerCase().replace(/\.$/u, ''), type: asked.type, transport: asked.transport };
  const port = asked.port ?? 53;
  if (port === 53 && RESOLVED_ADDRESSES.includes(asked.server)) {
    const daemon = resolvedDaemon(world);
    const view = daemon === undefined ? undefined : world.view(daemon.view);
    return daemon !== undefined && view?.netns === netns ? resolvedAnswer(world, daemon, asked.server, question) : undefined;
  }
  if (port === 53 && asked.server === DOCKER_DNS) {
    const asker = serversAmong(world.node.views).dockerUsers.find((view) => view.netns === netns);
    return asker === undefined ? undefined : dockerDnsAnswer(world, asker, question);
  }
  const dnsmasq = world.node.daemons.length === 0 ? undefined : dnsmasqAt(world, netns, asked);
  if (dnsmasq !== undefined) return dnsmasqAnswer(world, dnsmasq, question, netns);
  const coreDns = coreDnsAt(world, netns, asked.server);
  return coreDns === undefined
    ? undefined
    : coreDnsAnswer(world, coreDns.view, coreDns.corefile, question, podNamespace(world, netns), port);
}

/** For makeWorld. What cannot be told is undefined, and the question itself is then what is needed. */
export function answeringServers(node: NodeFacts): (netns: NetnsId, question: DnsQuestion) => DnsReply | undefined {
  let depth = 0;
  const answer = (netns: NetnsId, question: DnsQuestion): DnsReply | undefined => {
    if (depth >= DEEPEST) return undefined;
    world ??= makeWorld(node, answer);
    depth++;
    try {
      const got = answerOnNode(world, netns, question);
      return got?.kind === 'reply' ? got.reply : undefined;
    } finally {
      depth--;
    }
  };
  let world: World | undefined;
  return answer;
}

interface CoreDnsAt {
  readonly view: ViewFacts;
  readonly corefile: Corefile;
}

interface ServersAmong {
  readonly dockerUsers: readonly ViewFacts[];
  readonly coreDns: readonly CoreDnsAt[];
}

const knownCorefile = memoByIdentity(corefileOf);
const dockerUser = memoByIdentity(usesDockerDns);

/** Looked for once: most questions go to a server elsewhere, and most views have none. */
const serversAmong = memoByIdentity((views: readonly ViewFacts[]): ServersAmong => {
  const coreDns = views.flatMap((view): readonly CoreDnsAt[] => {
    const found = knownCorefile(view);
    return found === undefined ? [] : [{ view, corefile: found.corefile }];
  });
  return { dockerUsers: views.filter(dockerUser), coreDns };
});

/** Does this node run a server whose answers the model makes? */
export const answersItself = (node: NodeFacts): boolean =>
  node.daemons.some((daemon) => daemon.kind === 'systemd-resolved' || daemon.kind === 'dnsmasq') ||
  serversAmong(node.views).dockerUsers.length > 0 ||
  serversAmong(node.views).coreDns.length > 0;

/** The CoreDNS that has the address: on its own interface, or behind the cluster's DNS service. */
function coreDnsAt(world: World, asking: NetnsId, server: string): CoreDnsAt | undefined {
  const loopback = server.startsWith('127.') || server === '::1';
  const among = serversAmong(world.node.views).coreDns;
  if (among.length === 0) return undefined;
  const service = valueOf(world.node.observations['kube.dns-service-ip']);
  let behindService: CoreDnsAt | undefined;
  for (const { view, corefile } of among) {
    if (loopback && view.netns !== asking) continue;
    const netns = world.netns(view.netns);
    const own = netns === undefined ? [] : (ownAddressesOf(netns) ?? []);
    const bound = boundTo(corefile, server);
    if (bound.servers.length === 0 && bound.error === undefined) continue;
    if (loopback || own.some((address) => address.text === server)) return { view, corefile: bound };
    if (server === service && view.kind === 'container') behindService = { view, corefile: bound };
  }
  return behindService;
}

/** The namespace of the pod that asks; autopath goes by it. */
function podNamespace(world: World, netns: NetnsId): string | undefined {
  const asker = world.node.views.find((view) => view.netns === netns && view.kind === 'container');
  const [namespace, name] = asker?.names.find((own) => own.includes('/'))?.split('/') ?? [];
  return name === undefined ? undefined : namespace;
}
