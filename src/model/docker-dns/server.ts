/**
 * Docker's embedded DNS, 127.0.0.11 in containers on user-defined networks.
 *
 *   names and aliases of containers on the same networks: answered; a name with IPv4 only has an empty AAAA answer
 *   anything else goes to the external servers: those of `# ExtServers:` in the container's resolv.conf (`host(…)` = asked from the host's
 *   namespace), in older releases the host's own servers; at most three, 4 s each; SERVFAIL, REFUSED and an NXDOMAIN that is not
 *   authoritative lead to the next
 *
 * Source: moby daemon/libnetwork/resolver.go, internal/resolvconf. Container names are not among the facts: a name that looks like one
 * cannot be told.
 */
import type { NetnsId } from '../../facts/fact.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import { answerWith, forward, type Question, type ServerReply, type Upstream } from '../name-server.ts';
import { openFile } from '../go/view-file.ts';
import type { Need, Step, World } from '../types.ts';
import { dockerDnsSteps } from './steps.ts';

export const DOCKER_DNS = '127.0.0.11';

const RESOLV_CONF = '/etc/resolv.conf';
const HOST_FILES = ['/run/systemd/resolve/resolv.conf', RESOLV_CONF];
const TIMEOUT_MS = 4000;
const MOST_SERVERS = 3;

export interface DockerNetworks {
  /** Addresses by container name or alias, lower case, as containers of the asking one's networks see them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** Does the view's resolv.conf send its questions to Docker's server? */
export function usesDockerDns(view: ViewFacts): boolean {
  const file = openFile(view, RESOLV_CONF);
  return file.kind === 'content' && /^nameserver[ \t]+127\.0\.0\.11[ \t\r]*$/mu.test(file.content.text);
}

/** `asker`: the container that asks. `networks`: names on its networks, where somebody looked. */
export function dockerDnsAnswer(world: World, asker: ViewFacts, question: Question, networks?: DockerNetworks): ServerReply {
  const steps: Step[] = [];
  const isAddress = question.type === 'A' || question.type === 'AAAA';
  const own = networks?.names.get(question.name);
  if (isAddress && own !== undefined) {
    const addresses = own.filter((a) => a.includes(':') === (question.type === 'AAAA'));
    steps.push({ kind: dockerDnsSteps.container, values: { name: question.name, addresses: own.join(', ') } });
    return {
      kind: 'reply',
      reply: answerWith(
        'NOERROR',
        addresses.map((data) => ({ name: question.name, type: question.type, data })),
      ),
      steps,
    };
  }
  if (isAddress && networks === undefined && mayBeContainer(world, question.name)) {
    return { kind: 'cannot-tell', needs: [askDocker(question.name)], steps };
  }
  const upstreams = externalServers(world, asker);
  if ('needs' in upstreams) return { kind: 'cannot-tell', needs: upstreams.needs, steps };
  if (ndotsSet(asker) && isAddress && !question.name.includes('.')) {
    steps.push({ kind: dockerDnsSteps.ndotsSet, values: { name: question.name } });
    return { kind: 'reply', reply: answerWith('NOERROR', []), steps };
  }
  steps.push({ kind: dockerDnsSteps.forwards, values: { name: question.name, servers: upstreams.map((u) => u.server).join(', ') } });
  const got = forward(
    world,
    upstreams,
    question,
    (reply) => reply.rcode === 'NOERROR' || (reply.rcode === 'NXDOMAIN' && reply.aa),
    TIMEOUT_MS,
  );
  if (got.kind === 'unknown') return { kind: 'cannot-tell', needs: got.needs, steps };
  return { kind: 'reply', reply: got.kind === 'reply' ? got.reply : got.ms > 0 ? { kind: 'silent' } : answerWith('SERVFAIL', []), steps };
}

/** A single label, or the name of a container that the node is known to have. */
const mayBeContainer = (world: World, name: string): boolean =>
  !name.includes('.') || world.node.views.some((view) => view.kind === 'container' && view.names.some((own) => own.toLowerCase() === name));

const askDocker = (name: string): Need => ({
  kind: 'ask',
  what: { en: 'Which containers of the same Docker networks are called {name}?', zh: '同一 Docker 网络中哪些容器名为 {name}？' },
  command: 'docker network inspect $(docker network ls -q)',
  values: { name },
});

/** `# Option ndots from: …` other than `internal`, or an ndots that is not Docker's own 0: the user set it. */
function ndotsSet(view: ViewFacts): boolean {
  const file = openFile(view, RESOLV_CONF);
  const ndots = file.kind === 'content' ? /^options[^\n]{0,200}[ \t]ndots:(\d{1,3})/mu.exec(file.content.text)?.[1] : undefined;
  return ndots !== undefined && Number(ndots) > 0;
}

function externalServers(world: World, asker: ViewFacts): readonly Upstream[] | { readonly needs: readonly Need[] } {
  const file = openFile(asker, RESOLV_CONF);
  if (file.kind === 'unknown') return { needs: [{ kind: 'file', view: asker.id, path: RESOLV_CONF }] };
  const comment = file.kind === 'content' ? /^# ExtServers: \[([^\]\n]{0,500})\]/mu.exec(file.content.text)?.[1] : undefined;
  if (comment !== undefined)
    return comment
      .split(' ')
      .filter((word) => word !== '')
      .slice(0, MOST_SERVERS)
      .map((word) => externalServer(word, asker.netns));
  // Older releases leave no such line: the host's servers count, asked from the container, or from the host when they are loopback.
  const host = world.view('host');
  if (host === undefined) return { needs: [{ kind: 'file', view: 'host', path: RESOLV_CONF }] };
  for (const path of HOST_FILES) {
    const opened = openFile(host, path);
    if (opened.kind === 'unknown' && path === RESOLV_CONF) return { needs: [{ kind: 'file', view: 'host', path }] };
    if (opened.kind !== 'content') continue;
    const servers = [...opened.content.text.matchAll(/^nameserver[ \t]+([^ \t\r\n]{1,60})/gmu)].map((match) => match[1] ?? '');
    if (servers.length > 0)
      return servers.slice(0, MOST_SERVERS).map((server) => ({ server, netns: isLoopbackText(server) ? host.netns : asker.netns }));
  }
  return ['8.8.8.8', '8.8.4.4'].map((server) => ({ server, netns: asker.netns }));
}

const isLoopbackText = (server: string): boolean => server.startsWith('127.') || server === '::1';

function externalServer(word: string, netns: NetnsId): Upstream {
  const host = /^host\((.+)\)$/u.exec(word)?.[1];
  return host === undefined ? { server: word, netns } : { server: host, netns: 'host' };
}
