/** musl's resolver keeps other rules than glibc's. Source: musl src/network (1.1.13 search list, 1.2.4 TCP fallback); kubernetes/website, known issues of Alpine. */
import { all, any, ask, evidenceCause, off, on, stated, t } from '../_checks/index.ts';

export const muslOnlyFails = any(
  all(off('lookup.musl.works'), on('lookup.glibc.works')),
  stated({
    whole:
      /only[^.;]*(?:alpine|musl|busybox)[^.;]*(?:fail|cannot|affected)|(?:alpine|musl)[^.;]*(?:fail|cannot|does not|unable)[^.;]*(?:glibc|debian|ubuntu|centos|other image)[^.;]*(?:work|resolve|fine|ok)|(?:glibc|debian|ubuntu|centos)[^.;]*(?:work|resolve|fine|ok)[^.;]*(?:alpine|musl|busybox)[^.;]*(?:fail|not)/i,
  }),
);
const disagreement = stated({
  whole: /(?:servers? (?:disagree|answer differently)|truncated|tc bit|large answer|tcp fallback|aaaa[^.;]*servfail)/i,
});

export const muslResolverDifferences = evidenceCause({
  id: 'musl-resolver-differences',
  area: 'libc-and-clients',
  severity: 'medium',
  layer: 8,
  title: t('Images built on musl resolve names differently', '基于 musl 的镜像解析名称的方式不同'),
  mechanism: t(
    'musl asks all servers at once and takes the first answer, has no search list before Alpine 3.4, does not repeat a truncated answer over TCP before musl 1.2.4, and fails the whole lookup when the AAAA query fails.',
    'musl 同时询问所有服务器并采用最先到达的应答；Alpine 3.4 之前没有搜索列表；musl 1.2.4 之前遇到截断的应答不会改用 TCP；AAAA 查询失败会使整个解析失败。',
  ),
  summary: t(
    'A name fails in musl images (Alpine, busybox) and works in glibc images on the same node.',
    '同一节点上，名称在 musl 镜像（Alpine、busybox）中解析失败，而在 glibc 镜像中正常。',
  ),
  sources: ['musl src/network/res_msend.c, lookup_name.c', 'kubernetes/website: Debugging DNS Resolution, known issues (Alpine)'],
  lookAlikes: ['musl-search-stops-at-empty-answer', 'resolv-search-root-domain', 'resolv-servers-disagree'],
  consequenceOf: ['musl-search-stops-at-empty-answer', 'resolv-search-root-domain', 'resolv-search-wildcard-hijack', 'coredns-loop'],
  confirm: [
    {
      when: all(muslOnlyFails, disagreement),
      grade: 'direct',
      says: t(
        'Only musl images fail, and the servers disagree or an answer is truncated.',
        '只有 musl 镜像失败，且各服务器应答不一致或应答被截断。',
      ),
    },
    {
      when: muslOnlyFails,
      grade: 'weak',
      says: t(
        'Only musl images fail; glibc images on the same node resolve the name.',
        '只有 musl 镜像失败；同一节点上的 glibc 镜像能解析。',
      ),
    },
  ],
  refute: [
    { when: all(off('lookup.musl.works'), off('lookup.glibc.works')), says: t('glibc images fail as well.', 'glibc 镜像同样失败。') },
  ],
  asks: [
    ask(
      'Does the same name resolve in a glibc image on the same node, and do all name servers give the same answer?',
      '同一节点上的 glibc 镜像能否解析该名称？各名称服务器的应答是否一致？',
      'kubectl run -it --rm --restart=Never --image=debian:12 t -- getent ahosts NAME; dig @SERVER NAME A; dig @SERVER NAME AAAA',
    ),
  ],
  atMost: 'likely',
  remedies: [
    {
      id: 'mend-the-server',
      title: t('Mend the server that answers differently', '修复应答不一致的服务器'),
      risk: t('None for the node.', '对节点没有风险。'),
      safety: 'needs-a-person',
      verify: ['kubectl exec POD -- getent hosts NAME'],
    },
    {
      id: 'newer-image',
      title: t('Use a newer base image (musl 1.2.4 or later) or one with glibc', '使用更新的基础镜像（musl 1.2.4 或更高）或 glibc 镜像'),
      risk: t('The image changes.', '镜像会改变。'),
      safety: 'needs-a-person',
      verify: ['kubectl exec POD -- getent hosts NAME'],
    },
  ],
});
