/** What follows from several pieces together, once all are read. */
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
  if (netns.ipv6Socket.state !== 'known' && cmdline.state === 'known' && !/(?:^| )ipv6\.disable=1(?: |$)/u.test(cmdline.value)) netns.ipv6Socket = { state: 'known', value: true, source: cmdline.source };
  const inet6 = [...netns.interfaces.values()].some((i) => i.value.addresses.some((a) => a.family === 'inet6'));
  if (netns.ipv6Socket.state !== 'known' && inet6 && netns.interfacesSource !== undefined) netns.ipv6Socket = { state: 'known', value: true, source: netns.interfacesSource };
  const wild6 = netns.listeners.some((l) => l.family === 'inet6');
  if (netns.ipv6Socket.state !== 'known' && wild6 && netns.listenersSource !== undefined) netns.ipv6Socket = { state: 'known', value: true, source: netns.listenersSource };
}
