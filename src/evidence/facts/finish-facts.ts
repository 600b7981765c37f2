/** What follows from several pieces together, once all are read. */
import { SOME_NAME_SERVER } from '../../facts/some-name-server.ts';
import { HOST } from '../pieces/piece.ts';
import type { EvidenceFacts } from './evidence-facts.ts';

export function finishFacts(facts: EvidenceFacts): void {
  const host = facts.view(HOST);
  if (host.hostname.state !== 'known') host.hostname = facts.hostname;
  // nsswitch.conf is glibc's; Alpine's musl has none. A version is not known from it.
  const nsswitch = host.files['/etc/nsswitch.conf'];
  if (nsswitch?.state === 'known') facts.setLibc(HOST, { kind: 'glibc' }, nsswitch.source);
  const cmdline = facts.bootParameters;
  const netns = facts.netns(HOST);
  if (netns.ipv6Socket.state !== 'known' && cmdline.state === 'known' && !/(?:^| )ipv6\.disable=1(?: |$)/u.test(cmdline.value))
    netns.ipv6Socket = { state: 'known', value: true, source: cmdline.source };
  const inet6 = [...netns.interfaces.values()].some((i) => i.value.addresses.some((a) => a.family === 'inet6'));
  if (netns.ipv6Socket.state !== 'known' && inet6 && netns.interfacesSource !== undefined)
    netns.ipv6Socket = { state: 'known', value: true, source: netns.interfacesSource };
  const wild6 = netns.listeners.some((l) => l.family === 'inet6');
  if (netns.ipv6Socket.state !== 'known' && wild6 && netns.listenersSource !== undefined)
    netns.ipv6Socket = { state: 'known', value: true, source: netns.listenersSource };
  noteProxyCover(facts);
  attributeDns(facts);
}

/** `dig +short` does not name the server: it asks the first of resolv.conf, seen or not. */
function attributeDns(facts: EvidenceFacts): void {
  for (const { where, question, ...rest } of facts.dnsOfOwnServer) {
    const file = facts.view(where).files['/etc/resolv.conf'];
    const text = file?.state === 'known' ? file.value.text : '';
    const server = /^nameserver[ \t]+([^ \t\n]+)/mu.exec(text)?.[1] ?? SOME_NAME_SERVER;
    facts.dns.push({ ...rest, question: { ...question, server } });
  }
}

/**
 * Does no_proxy leave the cluster's own addresses out? Without any address or range in it, it cannot: nodes, pods and services are
 * reached by address. Go takes ranges and names with a leading dot. Source: golang.org/x/net/http/httpproxy.
 */
function noteProxyCover(facts: EvidenceFacts): void {
  const list = facts.observation('proxy.no-proxy');
  if (facts.observation('proxy.no-proxy-covers-cluster') !== undefined || facts.observation('proxy.set') !== true) return;
  const source = facts.sourceOf(list === undefined ? 'proxy.set' : 'proxy.no-proxy');
  if (source === undefined || (list !== undefined && typeof list !== 'string')) return;
  const entries = (list ?? '').split(/[, ]+/u).filter((e) => e !== '');
  const service = facts.observation('kube.service-cidr');
  const hasRange = entries.some(
    (e) => e === '*' || (/^\d{1,3}(?:\.\d{1,3}){0,3}(?:\/\d{1,2})?$/u.test(e.replace(/\.$/u, '')) && !e.startsWith('127.')),
  );
  if (!hasRange && (list !== undefined || source.kind !== 'statement')) facts.observe('proxy.no-proxy-covers-cluster', false, source);
  else if (hasRange && entries.some((e) => e === '*' || e === '10.0.0.0/8' || e === service || /^10\.(?:43|96)\.0\.0\/1[26]$/u.test(e)))
    facts.observe('proxy.no-proxy-covers-cluster', true, source);
}
