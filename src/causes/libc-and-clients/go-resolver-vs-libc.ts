/**
 * A Go program and the libc tools of one node answer differently: the pivot between groups of name causes. Pure Go reads hosts,
 * resolv.conf and nsswitch.conf itself; it knows files and dns, and never asks a cache daemon. Source: golang/go src/net/conf.go.
 */
import { all, any, ask, evidenceCause, isLookup, off, on, stated, symptomWhere, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';

/** "lookup X on A:53" is printed by Go's own resolver only. */
const goLookupFails: Test = symptomWhere(
  (one) => isLookup(one) && one.evidence.some((source) => /lookup [^ ]+ on [^ ]+:\d+:/.test(source.text ?? '')),
);
const libcWorks: Test = any(
  on('lookup.host.works'),
  stated({ whole: /(?:ping|getent|curl|host(?:'s)? command line|shell|by hand)[^.;]*(?:resolves|works|ok|succeeds)/i }),
);

export const goResolverVsLibc = evidenceCause({
  id: 'go-resolver-vs-libc',
  area: 'libc-and-clients',
  severity: 'medium',
  layer: 1,
  title: t('A Go program and the libc tools resolve a name differently', 'Go 程序与 libc 工具对同一名称的解析不一致'),
  mechanism: t(
    'Go programs read the hosts file and ask DNS by themselves. What libc learns from a cache daemon or from NSS modules such as mdns, myhostname, resolve or sss does not exist for them, and the other way round.',
    'Go 程序自己读取 hosts 文件并询问 DNS。libc 通过缓存守护进程或 mdns、myhostname、resolve、sss 等 NSS 模块得到的结果，对它们并不存在；反之亦然。',
  ),
  summary: t(
    'The Go program fails where libc tools on the same node succeed, or the reverse; the source that differs is the cause.',
    '同一节点上 Go 程序失败而 libc 工具成功，或正好相反；差异所在的来源就是原因。',
  ),
  sources: ['golang/go src/net/conf.go', 'glibc nscd/nscd-client.h'],
  lookAlikes: ['name-only-in-mdns', 'nscd-socket-in-container-hosts-cache', 'localhost-missing', 'nsswitch-hosts-without-dns'],
  consequenceOf: [
    'name-only-in-mdns',
    'nscd-socket-in-container-hosts-cache',
    'nscd-negative-cache',
    'nscd-stale-positive',
    'localhost-missing',
    'nsswitch-hosts-without-dns',
    'nsswitch-hosts-without-files',
    'nsswitch-mdns-stops-local',
    'sssd-hosts-cache',
  ],
  confirm: [
    {
      when: all(off('lookup.go.works'), on('lookup.host.works')),
      grade: 'strong',
      says: t('The Go program cannot resolve the name, libc tools on the node can.', 'Go 程序无法解析该名称，而节点上的 libc 工具可以。'),
    },
    {
      when: all(on('lookup.go.works'), off('lookup.host.works')),
      grade: 'strong',
      says: t('The Go program resolves the name, libc tools on the node cannot.', 'Go 程序能解析该名称，而节点上的 libc 工具不能。'),
    },
    {
      when: all(goLookupFails, libcWorks),
      grade: 'strong',
      says: t(
        'A Go program failed to look the name up, while libc tools on the node resolve it.',
        'Go 程序解析失败，而节点上的 libc 工具能解析。',
      ),
    },
  ],
  refute: [
    { when: all(on('lookup.go.works'), on('lookup.host.works')), says: t('Both resolve the name.', '两者都能解析。') },
    { when: all(off('lookup.go.works'), off('lookup.host.works')), says: t('Neither resolves the name.', '两者都不能解析。') },
  ],
  asks: [
    ask(
      'What does libc answer on the node, what does DNS answer, and what stands in nsswitch.conf?',
      '节点上 libc 的解析结果、DNS 的应答以及 nsswitch.conf 的内容分别是什么？',
      'getent ahosts NAME; dig +short NAME; grep ^hosts /etc/nsswitch.conf',
    ),
  ],
  atMost: 'possible',
  remedies: [
    {
      id: 'make-sources-agree',
      title: t('Put the name where both look: the hosts file or unicast DNS', '把名称放到两者都会查询的地方：hosts 文件或单播 DNS'),
      risk: t('A hosts line must be kept up to date by hand.', 'hosts 行需要手工维护。'),
      safety: 'needs-a-person',
      command: "printf '%s %s\\n' ADDRESS NAME >> /etc/hosts",
      undo: "sed -i '/ NAME$/d' /etc/hosts",
      verify: ['getent ahosts NAME'],
    },
  ],
});
