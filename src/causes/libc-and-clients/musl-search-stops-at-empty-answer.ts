/**
 * musl walks the search list only while the answer is NXDOMAIN; NOERROR without data, SERVFAIL or silence ends the walk.
 * glibc remembers the empty answer and goes on. Source: musl src/network/lookup_name.c (name_from_dns_search).
 */
import { valueOf } from '../../facts/fact.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import type { Look, Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, line, observed, off, on, stated, symptom, t, without } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';
import { lowerNdots, lowerNdotsText, RESOLV_CONF, resolvConf, resolvSource, withoutDomain, type ResolvText } from '../_resolv-conf.ts';
import { muslOnlyFails } from './musl-resolver-differences.ts';

/** A name under a search domain was answered with success and no data, or with an error, in place of NXDOMAIN. */
const emptyForSuffixed: Test = ({ node }): Look => {
  const fact = node.observations['resolv.search'];
  const told =
    fact?.state === 'known' && Array.isArray(fact.value) ? fact.value.filter((one): one is string => typeof one === 'string') : [];
  const search = [...told, ...node.views.flatMap((view) => resolvConf(view)?.search ?? [])];
  const hit = node.dns.find(
    ({ question, reply }) =>
      search.some((domain) => question.name.endsWith(`.${domain}`) && !domain.includes('svc') && !domain.endsWith('cluster.local')) &&
      reply.kind === 'answer' &&
      ((reply.rcode === 'NOERROR' && reply.answers.length === 0) || reply.rcode === 'SERVFAIL' || reply.rcode === 'REFUSED'),
  );
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', values: { name: hit.question.name }, ...(hit.source === undefined ? {} : { source: hit.source }) };
};
const emptyAnswer: Test = any(
  on('lookup.search-empty-answer'),
  emptyForSuffixed,
  symptom({ kind: ['suffixed-name-noerror', 'suffixed-name-failed'] }),
  stated({
    whole:
      /(?:search|suffix)[^.;]*(?:empty|no answer|noerror|no data|nodata|servfail|refused|instead of nxdomain|in place of nxdomain)|(?:empty|noerror|servfail|refused)[^.;]*(?:search|suffix)/i,
  }),
);
/** An Alpine image: libc fails where DNS tools get the answer, and fewer candidates before the plain name cure it. */
const onMusl: Test = any(
  stated({ whole: /\b(?:alpine|musl)\b/iu }),
  observed('container.told.libc', (value) => value === 'musl'),
  line('musl-search-stops-at-empty-answer/musl-says-no'),
  ({ node }) =>
    node.views.some((v) => v.libc.state === 'known' && v.libc.value.kind === 'musl') ? { seen: 'yes', kind: 'state' } : { seen: 'unknown' },
);
const fewerCandidatesCure: Test = any(
  stated({
    whole: /ndots[^;]*(?:cures?|helps?|fix(?:es|ed)?|solve[sd]?|works|gone|resolves)|(?:cured|fixed|solved|helped|works)[^;]*ndots/iu,
  }),
  on('lookup.trailing-dot.works'),
);
const foreignSearch: Test = any(
  observed(
    'resolv.search',
    (value) => Array.isArray(value) && value.some((v) => typeof v === 'string' && !/(?:^|\.)cluster\.local$|^svc\./u.test(v)),
  ),
  ({ node }) => {
    for (const view of node.views) {
      const file = resolvConf(view);
      const line = file?.lines.find((l) => l.keyword === 'search' && l.values.some((v) => !/(?:^|\.)cluster\.local\.?$|^svc\./u.test(v)));
      if (file !== undefined && line !== undefined) return { seen: 'yes', kind: 'configuration', source: resolvSource(view, file, line) };
    }
    return { seen: 'unknown' };
  },
);
const dotHelps: Test = all(
  on('lookup.trailing-dot.works'),
  any(off('lookup.without-trailing-dot.works'), off('lookup.container.works'), off('lookup.musl.works')),
);

/** By the answers that were fetched: the last name that musl asked stands below a search domain, and the server knew it and had no data. */
const byModel = ({ world, answers }: CauseContext): readonly Finding[] =>
  world.node.views.flatMap((view): readonly Finding[] => {
    const file = resolvConf(view);
    const line = file?.lines.findLast((l) => l.keyword === 'search' || l.keyword === 'domain');
    if (file === undefined || line === undefined || valueOf(view.libc)?.kind !== 'musl') return [];
    for (const domain of file.search.map((d) => d.toLowerCase().replace(/\.$/u, ''))) {
      if (domain === '') continue;
      const ended = (a: ClientAnswer): boolean =>
        a.view === view.id &&
        a.outcome.kind === 'fails' &&
        a.outcome.stage === 'resolve' &&
        lastAsked(a) === `${a.name.toLowerCase()}.${domain}` &&
        isEmpty(world, view, file, lastAsked(a));
      const hit = answers.find(ended);
      if (hit === undefined) continue;
      const values = { path: RESOLV_CONF, domain, name: lastAsked(hit), text: line.text, line: line.number };
      return [
        {
          status: 'present',
          view: view.id,
          values,
          evidence: [
            {
              said: say(t('{path} line {line}: {text}', '{path} 第 {line} 行：{text}'), values),
              source: resolvSource(view, file, line),
              grade: 'strong',
            },
            {
              said: say(
                t(
                  '{name} is answered with success and without data, where NXDOMAIN belongs',
                  '{name} 的应答为成功但没有数据，而此处应为 NXDOMAIN',
                ),
                values,
              ),
              grade: 'direct',
            },
          ],
          remedies: [
            ...lowerNdots(view, file),
            { id: 'drop-search-domain', edits: [withoutDomain(view, file, line, domain)] },
            { id: 'server-answers-nxdomain' },
          ],
          explainsAnswer: ended,
        },
      ];
    }
    return [];
  });

const lastAsked = ({ resolution }: ClientAnswer): string => resolution.queries.at(-1)?.name.toLowerCase().replace(/\.$/u, '') ?? '';

const isEmpty = (world: World, view: ViewFacts, file: ResolvText, name: string): boolean =>
  file.nameservers.slice(0, 3).some((server) => {
    const reply = world.dns(view.netns, { server, name, type: 'A', transport: 'udp' });
    return reply?.kind === 'answer' && reply.rcode === 'NOERROR' && reply.answers.length === 0;
  });

const byEvidence = evidenceCause({
  id: 'musl-search-stops-at-empty-answer',
  area: 'libc-and-clients',
  severity: 'high',
  layer: 1,
  title: t('A search domain gives an empty answer and musl stops there', '搜索域返回空应答，musl 就此停止'),
  mechanism: t(
    'With ndots:5 the name below each search domain is asked first. musl goes on to the next candidate only after NXDOMAIN. A zone that answers with success and no data, or with an error, ends the walk; glibc goes on.',
    '在 ndots:5 下，先查询各搜索域下的名称。只有得到 NXDOMAIN，musl 才会尝试下一个候选名称。若区域返回成功但无数据，或返回错误，查询就此结束；glibc 则会继续。',
  ),
  summary: t(
    'Programs in musl images fail because a search domain of the node answers empty instead of NXDOMAIN.',
    'musl 镜像中的程序解析失败，因为节点的某个搜索域返回空应答而不是 NXDOMAIN。',
  ),
  sources: ['musl src/network/lookup_name.c'],
  lookAlikes: ['resolv-search-wildcard-hijack', 'resolv-search-root-domain', 'musl-resolver-differences'],
  signatures: [
    {
      id: 'musl-search-stops-at-empty-answer/no-usable-address',
      grade: 'strong',
      anchors: ['Name has no usable address'],
      pattern: /Name has no usable address/,
      matches: ['wget: unable to resolve host address: Name has no usable address'],
      rejects: ['Name or service not known'],
    },
    {
      id: 'musl-search-stops-at-empty-answer/nslookup-no-answer',
      grade: 'strong',
      anchors: [': No answer'],
      pattern: /\*\*\* Can't find [^ ]+\.[a-z0-9-]+\.[^ ]+: No answer/i,
      matches: ["*** Can't find example.org.corp.lan: No answer"],
      rejects: ["** server can't find example.org: NXDOMAIN"],
    },
  ],
  lines: [
    {
      id: 'musl-search-stops-at-empty-answer/musl-says-no',
      grade: 'weak',
      anchors: ['bad address', 'Name does not resolve'],
      pattern: /(?:wget|ping|nc|telnet|ssh): bad address '|Name does not resolve/,
      matches: ["wget: bad address 'example.org'", 'psql: could not translate host name "db" to address: Name does not resolve'],
      rejects: ['ping: unknown host example.org', 'bad address family'],
    },
  ],
  confirm: [
    {
      when: all(emptyAnswer, any(muslOnlyFails, line('musl-search-stops-at-empty-answer/'))),
      grade: 'direct',
      says: t(
        'A search domain answers empty or with an error, and only musl images fail.',
        '某个搜索域返回空应答或错误，且只有 musl 镜像失败。',
      ),
    },
    {
      when: emptyAnswer,
      grade: 'strong',
      says: t('A search domain answers empty or with an error in place of NXDOMAIN.', '某个搜索域返回空应答或错误，而不是 NXDOMAIN。'),
    },
    {
      when: all(onMusl, fewerCandidatesCure, foreignSearch),
      grade: 'direct',
      says: t(
        'A musl image fails, its search list names a domain of the site, and fewer candidates before the plain name cure it.',
        'musl 镜像解析失败，其搜索列表含有站点的域，而减少完整名称之前的候选即可恢复。',
      ),
    },
    {
      when: all(muslOnlyFails, dotHelps),
      grade: 'strong',
      says: t('Only musl images fail, and the name with a final dot works there.', '只有 musl 镜像失败，而名称末尾加点后正常。'),
    },
    {
      when: muslOnlyFails,
      grade: 'strong',
      says: t(
        'Only musl images fail; glibc images on the same node resolve the name.',
        '只有 musl 镜像失败；同一节点上的 glibc 镜像能解析。',
      ),
    },
    {
      when: line('musl-search-stops-at-empty-answer/musl-says-no'),
      grade: 'hint',
      says: t('A program built on musl could not resolve the name.', '基于 musl 的程序无法解析该名称。'),
    },
  ],
  refute: [
    { when: all(off('lookup.glibc.works'), off('lookup.musl.works')), says: t('glibc images fail as well.', 'glibc 镜像同样失败。') },
    {
      when: on('lookup.search-wildcard'),
      says: t('The search domain answers every name with an address: a wildcard.', '该搜索域对任意名称都返回地址：是通配记录。'),
    },
    {
      when: all(stated({ whole: /nxdomain[^.;]*(?:suffix|search)|(?:suffix|search)[^.;]*nxdomain/i }), without(emptyAnswer)),
      says: t('The name below the search domain is answered with NXDOMAIN.', '搜索域下的名称返回 NXDOMAIN。'),
    },
  ],
  asks: [
    ask(
      "What does the pod's server answer for the name with the search domain appended: NXDOMAIN, or NOERROR without an answer? Do glibc images on the same node resolve it?",
      'Pod 的服务器对加上搜索域的名称返回什么：NXDOMAIN，还是无数据的 NOERROR？同一节点上的 glibc 镜像能否解析？',
      'dig @POD_SERVER NAME.SEARCH_DOMAIN; dig @POD_SERVER NAME.',
    ),
    ask(
      'Which search domains does the node hand to its pods?',
      '节点交给 Pod 的搜索域有哪些？',
      'grep ^search /etc/resolv.conf; kubectl exec POD -- cat /etc/resolv.conf',
    ),
  ],
  remedies: [
    lowerNdotsText,
    {
      id: 'drop-search-domain',
      title: t('Drop that domain from the search list that kubelet hands out', '从 kubelet 交给 Pod 的搜索列表中去掉该域'),
      risk: t('Short names of that domain no longer resolve in pods.', '该域的短名称在 Pod 中不再可解析。'),
      safety: 'needs-a-person',
      command:
        "sed 's/ SEARCH_DOMAIN//' /etc/resolv.conf > /etc/kubernetes/resolv-pods.conf && sed -i 's|^resolvConf:.*|resolvConf: /etc/kubernetes/resolv-pods.conf|' /var/lib/kubelet/config.yaml && systemctl restart kubelet",
      undo: "sed -i 's|^resolvConf:.*|resolvConf: /etc/resolv.conf|' /var/lib/kubelet/config.yaml && systemctl restart kubelet",
      verify: ['kubectl run -it --rm --restart=Never --image=alpine:3.20 t -- getent hosts NAME'],
    },
    {
      id: 'server-answers-nxdomain',
      title: t('Let the server of that domain answer NXDOMAIN', '让该域的服务器返回 NXDOMAIN'),
      risk: t('Belongs to whoever runs that server.', '由该服务器的管理者处理。'),
      safety: 'needs-a-person',
      verify: ['dig NAME.SEARCH_DOMAIN'],
    },
    {
      id: 'ndots-1',
      title: t('ndots 1, or a final dot, for the workload', '为工作负载设置 ndots:1，或在名称末尾加点'),
      risk: t('Service names with dots need their full form.', '带点的 Service 名称需写全。'),
      safety: 'disruptive',
      command:
        'kubectl patch deployment NAME -p \'{"spec":{"template":{"spec":{"dnsConfig":{"options":[{"name":"ndots","value":"1"}]}}}}}\'',
      undo: 'kubectl patch deployment NAME --type=json -p \'[{"op":"remove","path":"/spec/template/spec/dnsConfig"}]\'',
      verify: ['kubectl exec POD -- getent hosts NAME'],
    },
  ],
});

export const muslSearchStopsAtEmptyAnswer = defineCause({
  ...byEvidence,
  check: (context) => {
    const found = byModel(context);
    return found.length > 0 ? found : byEvidence.check(context);
  },
});
