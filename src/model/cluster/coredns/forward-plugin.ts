/**
 * forward FROM TO… { except NAME… / force_tcp / prefer_udp / policy / max_fails / … }
 *
 * TO is an address with an optional port, tls://…, or a file of nameserver lines, read at start. Servers are taken in random order
 * (`policy sequential`: in turn); a server that does not answer is passed over. Source: coredns plugin/forward/forward.go, setup.go.
 */
import { normalAddress } from '../../address/address.ts';
import { ownAddressesOf } from '../../dial/route.ts';
import { openFile } from '../../go/view-file.ts';
import { answerWith, forward, type Upstream } from '../../name-server.ts';
import type { Need } from '../../types.ts';
import { boundTo, type Directive, inZone, normalZone } from './corefile.ts';
import { askAboutPlugin, cannotTell, type CoreDnsRun, type Plugin } from './plugin.ts';
import { coreDnsSteps } from './steps.ts';

const TIMEOUT_MS = 2000;

/** Addresses that TO stands for; a file is read in CoreDNS's own view. */
export function forwardTargets(
  run: Pick<CoreDnsRun, 'view'>,
  directive: Directive,
): readonly Upstream[] | { readonly needs: readonly Need[] } {
  const upstreams: Upstream[] = [];
  const tcp = directive.block.some(({ words }) => words[0] === 'force_tcp') ? { transport: 'tcp' as const } : {};
  for (const to of directive.args.slice(1)) {
    if (to.startsWith('tls://')) return { needs: [askAboutPlugin('forward')] };
    const plain = to.replace(/^dns:\/\//u, '');
    const { address, port } = withPort(plain);
    if (address !== undefined) {
      upstreams.push({ server: address, netns: run.view.netns, ...(port === undefined ? {} : { port }), ...tcp });
      continue;
    }
    const file = openFile(run.view, plain);
    if (file.kind !== 'content') return { needs: [{ kind: 'file', view: run.view.id, path: plain }] };
    for (const match of file.content.text.matchAll(/^[ \t]*nameserver[ \t]+([^ \t\r\n]{1,60})/gmu)) {
      const server = normalAddress((match[1] ?? '').split('%')[0] ?? '');
      if (server !== undefined) upstreams.push({ server, netns: run.view.netns, ...tcp });
    }
  }
  return upstreams;
}

function withPort(text: string): { readonly address: string | undefined; readonly port?: number } {
  const whole = normalAddress(text);
  if (whole !== undefined) return { address: whole };
  const match = /^(?:\[([^\]]{1,60})\]|([\d.]{7,15})):(\d{1,5})$/u.exec(text);
  if (match === null) return { address: undefined };
  const address = normalAddress(match[1] ?? match[2] ?? '');
  const port = Number(match[3]);
  return port === 53 ? { address } : { address, port };
}

/** Does the directive send questions back to this CoreDNS? To a loopback address or one of its own namespace, where a block of it listens. */
export function forwardsToItself(run: Pick<CoreDnsRun, 'view' | 'world' | 'corefile'>, directive: Directive): string | undefined {
  const upstreams = forwardTargets(run, directive);
  if ('needs' in upstreams) return undefined;
  const netns = run.world.netns(run.view.netns);
  const own = netns === undefined ? [] : (ownAddressesOf(netns) ?? []);
  const isHere = (server: string): boolean => server.startsWith('127.') || server === '::1' || own.some((a) => a.text === server);
  return upstreams.find(
    ({ server, port = 53 }) => isHere(server) && boundTo(run.corefile, server).servers.some((block) => block.port === port),
  )?.server;
}

export const forwardPlugin: Plugin = (run, directive, question, next) => {
  const { name } = question;
  const from = normalZone(directive.args[0] ?? '.');
  const except = directive.block.filter(({ words }) => words[0] === 'except').flatMap(({ words }) => words.slice(1).map(normalZone));
  if (!inZone(name, from) || except.some((zone) => inZone(name, zone))) return next(question);
  const upstreams = forwardTargets(run, directive);
  if ('needs' in upstreams) return cannotTell(run, ...upstreams.needs);
  const itself = forwardsToItself(run, directive);
  if (itself !== undefined) {
    run.steps.push({ kind: coreDnsSteps.loops, values: { server: itself } });
    return { kind: 'reply', reply: answerWith('SERVFAIL', []), steps: run.steps };
  }
  run.steps.push({ kind: coreDnsSteps.forwards, values: { name, servers: upstreams.map((u) => u.server).join(', ') } });
  const got = forward(run.world, upstreams, question, () => true, TIMEOUT_MS);
  if (got.kind === 'unknown') return cannotTell(run, ...got.needs);
  return { kind: 'reply', reply: got.kind === 'reply' ? got.reply : answerWith('SERVFAIL', []), steps: run.steps };
};
