/** The search list: too long, with a root domain, or with a wildcard behind it. */
import { PUBLIC_SITE } from '../_public-sites.ts';
import type { DnsQuestion, DnsReply, ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, isLookup, observed, off, on, stated, symptom, symptomWhere, t, textual } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { lowerNdots, lowerNdotsText, RESOLV_CONF, resolvConf, resolvSource, withoutDomain } from '../_resolv-conf.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding, RemedyText } from '../define-cause.ts';

const shorterSearch: RemedyText = {
  id: 'shorter-search',
  title: t('Shorten the search list at the owner of {path}', '在 {path} 的管理者处缩短搜索列表'),
  risk: t('short names of the removed domains stop working', '被移除域的短名称将不可用'),
  safety: 'needs-a-person',
  command: 'grep -n ^search /etc/resolv.conf; resolvectl domain 2>/dev/null',
  verify: ['grep ^search /etc/resolv.conf'],
};

const kubeletResolvConf: RemedyText = {
  id: 'kubelet-resolv-conf',
  title: t(
    'Give kubelet a resolv.conf without that search domain (resolv-conf)',
    '为 kubelet 指定一个不含该搜索域的 resolv.conf（resolv-conf）',
  ),
  risk: t('restart of kubelet; pods keep the old copy until they are made anew', '需要重启 kubelet；已有 Pod 在重建前仍使用旧副本'),
  safety: 'disruptive',
  verify: ['kubectl exec POD -- cat /etc/resolv.conf'],
};

/** The files that kubelet may hand on: the node's own, and those that systemd-resolved keeps. */
const HANDED_ON: readonly string[] = [RESOLV_CONF, '/run/systemd/resolve/resolv.conf', '/run/systemd/resolve/stub-resolv.conf'];
const wrongAddress = any(
  symptomWhere((s) => ['tls', 'dial', 'http', 'pull'].includes(s.operation) && s.details?.['noise'] === undefined),
  on('lookup.trailing-dot.works'),
  off('lookup.external-names.works'),
);

const lineSays = t('{path} line {line}: {text}', '{path} 第 {line} 行：{text}');

export const resolvSearchLimits = defineCause({
  id: 'resolv-search-limits',
  area: 'resolv-conf',
  severity: 'low',
  layer: 1,
  title: t('The search list is too long', '搜索列表过长'),
  mechanism: t(
    'kubelet takes 6 domains and 256 characters (32 and 2048 with the expanded limits) and adds three of its own; glibc before 2.26 takes 6. What is over is cut, and short names of those domains fail, in pods only.',
    'kubelet 最多接受 6 个域和 256 个字符（扩展限制为 32 和 2048），并会加入自己的三个；2.26 之前的 glibc 最多 6 个。超出部分被截掉，这些域的短名称会失败，且只在 Pod 中失败。',
  ),
  summary: t(
    'The search list of {path} is longer than its readers take, and the domain of the failing name is cut off.',
    '{path} 的搜索列表超出读取者的限制，失败名称所需的域被截掉。',
  ),
  sources: ['kubernetes/kubernetes pkg/kubelet/network/dns/dns.go', 'glibc resolv/res_init.c'],
  confirms: [
    t(
      'the number or length of the search domains is over the limit, and a short name of a cut domain fails',
      '搜索域的数量或长度超限，且被截掉的域的短名称失败',
    ),
  ],
  refutes: [t('the failing name is fully qualified', '失败的名称是完全限定名')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'How many search domains has resolv.conf, and how long are they together (6 and 256 characters for older libraries)?',
        zh: 'resolv.conf 有多少个搜索域？总长度多少（旧库限制 6 个、256 个字符）？',
      },
      command: 'grep -n ^search /etc/resolv.conf; kubectl exec POD -- cat /etc/resolv.conf',
    },
  ],
  remedies: [shorterSearch],
  signatures: [
    {
      id: 'resolv-search-limits/warning',
      anchors: ['Search Line limits', 'contains search line consisting of more than', 'contains search line which length is more than'],
      pattern:
        /(?:Search Line limits were exceeded|contains search line (?:consisting of more than \d+ domains|which length is more than))/u,
      grade: 'weak',
      matches: ["Resolv.conf file '/etc/resolv.conf' contains search line consisting of more than 3 domains!"],
      rejects: ['Nameserver limits were exceeded'],
    },
  ],
  check: evidenceCheck({
    confirm: [
      {
        when: all(
          symptom({ kind: 'resolv-search-limits/warning' }),
          symptomWhere((s) => isLookup(s) && s.name !== undefined && !s.name.includes('.')),
        ),
        grade: 'direct',
        says: t('the search list was cut, and a short name fails', '搜索列表被截断，且短名称解析失败'),
      },
      {
        when: symptom({ kind: 'resolv-search-limits/warning' }),
        grade: 'hint',
        says: t('kubelet says that it cut the search list', 'kubelet 提示截断了搜索列表'),
      },
    ],
    asks: [
      ask(
        'whether the failing name is short and its domain is among those cut off',
        '失败的名称是否为短名称，且其域在被截掉之列',
        'grep ^search /etc/resolv.conf',
      ),
    ],
  }),
});

/** A name with dots was answered under the search domain: NAME.DOMAIN in place of NAME. */
const answeredBelowSearch = observed(
  'lookup.answered-as',
  (value) =>
    typeof value === 'string' &&
    /(?:^|\.)[a-z0-9-]+\.(?:com|org|net|io|dev|sh|cloud|co|cn|de|uk|fr|eu|me|app|ai)\.(?=[a-z0-9-]+\.)[a-z0-9.-]+$/iu.test(value),
);
/** A public site's name meets a certificate of somebody else: the address was wrong, not the certificate. */
const publicSiteOtherCertificate = symptomWhere(
  (s) =>
    s.operation === 'tls' &&
    /valid for|not match|doesn't contain|no alternative/iu.test(s.evidence[0]?.text ?? '') &&
    PUBLIC_SITE.test(s.name ?? ''),
);
/** What a foreign name led to has a certificate for the very domain that stands on the search list: that domain answered. */
const certificateOfSearchDomain: Test = ({ node, symptoms }) => {
  const told = node.observations['resolv.search'];
  const domains = [
    ...node.views.flatMap((view) => HANDED_ON.flatMap((path) => resolvConf(view, path)?.search ?? [])),
    ...(told?.state === 'known' && Array.isArray(told.value) ? told.value.filter((v): v is string => typeof v === 'string') : []),
  ]
    .map((d) => d.toLowerCase().replace(/\.$/u, ''))
    .filter((d) => d.includes('.') && !/(?:^|\.)(?:svc|cluster\.local)$/u.test(d));
  for (const s of symptoms) {
    const validFor = s.details?.['validFor']?.toLowerCase().split(/[ ,]+/u) ?? [];
    const wanted = (s.details?.['notFor'] ?? s.name ?? '').toLowerCase();
    const domain = domains.find((d) => validFor.some((n) => n === d || n.endsWith(`.${d}`)) && !wanted.endsWith(d) && wanted.includes('.'));
    const source = s.evidence[0];
    if (s.operation === 'tls' && domain !== undefined)
      return {
        seen: 'yes',
        kind: 'comparison',
        symptoms: [s],
        values: { domain, name: wanted },
        ...(source === undefined ? {} : { source }),
      };
  }
  return { seen: 'unknown' };
};
/** The line of the search list, where somebody shows it. */
const searchLineShown: Test = ({ node }) => {
  for (const view of node.views)
    for (const path of HANDED_ON) {
      const file = resolvConf(view, path);
      const line = file?.lines.find((l) => l.keyword === 'search' || l.keyword === 'domain');
      if (file !== undefined && line !== undefined)
        return { seen: 'yes', kind: 'configuration', source: resolvSource(view, file, line), values: { text: line.text } };
    }
  return { seen: 'unknown' };
};
/** Zones that answer every name below them by design, with the address written in the name. Source: the services' own pages. */
const ANSWERS_ALL =
  /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|lvh\.me|localtest\.me|vcap\.me|traefik\.me|backname\.io|local\.gd|lacolhost\.com|fbi\.com)\.?$/iu;
const wildcardService: Test = ({ node }) => {
  for (const view of node.views)
    for (const path of HANDED_ON) {
      const file = resolvConf(view, path);
      const line = file?.lines.find((l) => (l.keyword === 'search' || l.keyword === 'domain') && l.values.some((v) => ANSWERS_ALL.test(v)));
      if (file !== undefined && line !== undefined)
        return {
          seen: 'yes',
          kind: 'configuration',
          source: resolvSource(view, file, line),
          values: { path: file.path, domain: line.values.find((v) => ANSWERS_ALL.test(v)) ?? '' },
        };
    }
  const told = node.observations['resolv.search'];
  if (told?.state === 'known' && Array.isArray(told.value)) {
    const domain = told.value.find((v): v is string => typeof v === 'string' && ANSWERS_ALL.test(v));
    if (domain !== undefined) return { seen: 'yes', kind: 'configuration', source: told.source, values: { domain } };
  }
  return { seen: 'unknown' };
};
/** The query log shows a complete name asked below a search domain, and an address for it. */
const suffixedNameAnswered: Test = ({ symptoms }) => {
  const asked = symptoms.filter((s) => s.kind === 'suffixed-name-asked').map((s) => s.name);
  const answered = symptoms.find((s) => s.kind === 'suffixed-name-answered' && asked.includes(s.name));
  const source = answered?.evidence[0];
  return answered === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'line',
        symptoms: [answered],
        values: { name: answered.name ?? '' },
        ...(source === undefined ? {} : { source }),
      };
};
/** A name below a search domain and a failed connection meet at one address, and nobody asked the connection to go to that domain. */
const searchAddressDialled: Test = ({ node, symptoms }) => {
  const domains = node.views
    .flatMap((view) => HANDED_ON.flatMap((path) => resolvConf(view, path)?.search ?? []))
    .map((d) => d.toLowerCase().replace(/\.$/u, ''))
    .filter((d) => d.includes('.') && !/(?:^|\.)(?:svc|cluster\.local)$/u.test(d));
  for (const { question, reply } of node.dns) {
    const domain = domains.find((d) => question.name.endsWith(`.${d}`));
    if (domain === undefined || reply.kind !== 'answer') continue;
    const failed = symptoms.find(
      (s) =>
        ['dial', 'tls', 'http', 'pull'].includes(s.operation) &&
        s.address !== undefined &&
        reply.answers.some((r) => r.data === s.address) &&
        s.name?.toLowerCase().endsWith(domain) !== true,
    );
    const source = failed?.evidence[0];
    if (failed !== undefined)
      return {
        seen: 'yes',
        kind: 'line',
        symptoms: [failed],
        values: { name: question.name },
        ...(source === undefined ? {} : { source }),
      };
  }
  return { seen: 'unknown' };
};
/** CoreDNS answered a complete name below a search domain with success: an address, or nothing; either ends the walk of some client. */
const suffixedNameNoError = symptom({ kind: 'suffixed-name-noerror' });
const wildcardStated = stated({
  whole:
    /(?:(?<!\b(?:no|not|without|never|n't)(?: an?| any| the)? )wildcard(?![^.;]{0,20}: (?:no|none|false|absent|removed)\b)|泛解析|\*\.[a-z0-9.-]+|catch-?all|every name|any name|random (?:name|label))/iu,
});

/** No zone has it, unless the zone has everything. */
const RANDOM_LABEL = 'culprit-no-such-name';

const answered = (reply: DnsReply | undefined): boolean => reply?.kind === 'answer' && reply.answers.length > 0;

/** A name with dots was answered below a search domain, and nothing works at that address: does the domain answer for whatever is asked? */
function wildcardOf(context: CauseContext, view: ViewFacts): readonly Finding[] {
  const file = resolvConf(view);
  const line = file?.lines.findLast((l) => l.keyword === 'search' || l.keyword === 'domain');
  const [server] = file?.nameservers ?? [];
  if (file === undefined || line === undefined || server === undefined) return [];
  for (const domain of file.search.map((d) => d.toLowerCase().replace(/\.$/u, ''))) {
    if (domain === '') continue;
    const wrong = (a: ClientAnswer): boolean =>
      a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage !== 'resolve' && isAnsweredBelow(a, domain);
    if (!context.answers.some(wrong)) continue;
    const question: DnsQuestion = { server, name: `${RANDOM_LABEL}.${domain}`, type: 'A', transport: 'udp' };
    const reply = context.world.dns(view.netns, question);
    if (reply === undefined) return [{ status: 'cannot-tell', needs: [{ kind: 'dns', netns: view.netns, question }] }];
    if (!answered(reply)) continue;
    return [
      {
        status: 'present',
        view: view.id,
        values: { path: RESOLV_CONF, domain },
        evidence: [
          {
            said: say(lineSays, { path: RESOLV_CONF, line: line.number, text: line.text }),
            source: resolvSource(view, file, line),
            grade: 'strong',
          },
          {
            said: say(t('{name} gets an address, which no zone has by itself', '{name} 得到了地址，而正常的域不会有该名称'), {
              name: question.name,
            }),
            source: { kind: 'command', command: `dig @${server} ${question.name} A`, view: view.id },
            grade: 'direct',
          },
        ],
        remedies: [
          ...lowerNdots(view, file),
          { id: 'shorter-search', edits: [withoutDomain(view, file, line, domain)] },
          { id: 'drop-wildcard' },
        ],
        explainsAnswer: wrong,
      },
    ];
  }
  return [];
}

/** The last question that was asked stands below the domain, and the name that was typed has dots of its own. */
function isAnsweredBelow({ name, resolution }: ClientAnswer, domain: string): boolean {
  if (resolution.outcome.kind !== 'addresses' || !name.includes('.') || name.endsWith('.')) return false;
  return resolution.queries.at(-1)?.name.toLowerCase().replace(/\.$/u, '') === `${name.toLowerCase()}.${domain}`;
}

export const resolvSearchWildcardHijack = defineCause({
  id: 'resolv-search-wildcard-hijack',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t('A wildcard behind a search domain answers for other names', '搜索域的泛解析替其他名称应答'),
  mechanism: t(
    'With ndots:5 a pod tries NAME.<search domain> before NAME. A wildcard record in that domain answers, so outside names lead to one wrong address: certificates do not match, pulls go to a wrong server.',
    'ndots:5 时，Pod 会先尝试 NAME.<搜索域>，再尝试 NAME。若该域有泛解析记录，外部名称都会指向同一个错误地址：证书不匹配，拉取镜像连到错误的服务器。',
  ),
  summary: t(
    'A search domain of {path} answers for every name, so outside names lead to a wrong address.',
    '{path} 中的某个搜索域对任何名称都有应答，外部名称因此指向错误的地址。',
  ),
  sources: ['resolv.conf(5) (ndots, search)', 'rancher/rancher#3709'],
  lookAlikes: ['localhost-shadowed-by-dns-search', 'cert-san-missing', 'proxy-catches-internal-traffic'],
  confirms: [
    t(
      'a random label below the search domain gets an address, and the wrong result equals it',
      '搜索域下的随机标签能得到地址，且与错误结果相同',
    ),
  ],
  refutes: [t('a random label is NXDOMAIN', '随机标签返回 NXDOMAIN')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does a made-up name below a search domain resolve (a wildcard record), and does the name resolve rightly with a dot at its end?',
        zh: '搜索域下随意编造的名称能否解析（泛解析记录）？名称末尾加点后解析是否正确？',
      },
      command: 'cat /etc/resolv.conf; dig +short made-up-name.SEARCHDOMAIN; getent ahosts NAME.; getent ahosts NAME',
    },
  ],
  remedies: [
    lowerNdotsText,
    shorterSearch,
    kubeletResolvConf,
    {
      id: 'final-dot',
      title: t('Write names with a final dot, or set ndots:1 in dnsConfig', '名称以点结尾，或在 dnsConfig 中设置 ndots:1'),
      risk: t('per workload', '按工作负载逐个处理'),
      safety: 'needs-a-person',
      verify: ['kubectl exec POD -- nslookup NAME.'],
    },
    {
      id: 'drop-wildcard',
      title: t('Remove the wildcard record at the owner of the zone', '由该域的管理者移除泛解析记录'),
      risk: t('names that rely on it', '依赖它的名称'),
      safety: 'needs-a-person',
      verify: ['dig +short RANDOM.SEARCHDOMAIN'],
    },
  ],
  check: (context) => {
    const findings = context.node.views.flatMap((view) => wildcardOf(context, view));
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: all(
            wildcardStated,
            any(
              stated({ whole: /search|域/iu }),
              on('resolv.search-foreign'),
              observed('resolv.search', () => true),
            ),
          ),
          grade: 'direct',
          says: t('a search domain answers every name', '某个搜索域对任何名称都有应答'),
        },
        {
          when: searchAddressDialled,
          grade: 'direct',
          says: t(
            '{name} of a search domain and the failed connection have the same address',
            '搜索域中的 {name} 与失败的连接使用同一地址',
          ),
        },
        {
          when: suffixedNameAnswered,
          grade: 'direct',
          says: t('{name} was asked, and the search domain answered it', '查询了 {name}，而搜索域对其有应答'),
        },
        {
          when: certificateOfSearchDomain,
          grade: 'direct',
          says: t(
            '{name} led to a server whose certificate is for {domain}, which stands on the search list',
            '{name} 连到了证书属于 {domain} 的服务器，而该域在搜索列表中',
          ),
        },
        {
          when: observed('lookup.heals-on', (value) => value === 'search-removed'),
          grade: 'strong',
          says: t('without the search domain names resolve rightly', '去掉搜索域后解析正常'),
        },
        {
          when: wildcardService,
          grade: 'direct',
          says: t('{domain} on the search list answers every name below it, by design', '搜索列表中的 {domain} 按设计会应答其下的任何名称'),
        },
        {
          when: all(any(on('lookup.search-wildcard'), answeredBelowSearch), any(wrongAddress, answeredBelowSearch)),
          grade: 'direct',
          says: t('a name with dots was answered under a search domain', '带点的名称在搜索域下得到了应答'),
        },
        {
          when: on('lookup.search-wildcard'),
          grade: 'strong',
          says: t('a search domain answers names that it should not know', '某个搜索域应答了它本不该知道的名称'),
        },
        {
          when: publicSiteOtherCertificate,
          grade: 'strong',
          says: t('a public site showed a certificate of somebody else', '公共站点出示了他人的证书'),
        },
        {
          when: suffixedNameNoError,
          grade: 'strong',
          says: t('{name}, a complete name below a search domain, was answered with success', '完整名称加搜索域后的 {name} 得到了成功应答'),
        },
        {
          when: all(
            any(
              wildcardStated,
              observed('lookup.heals-on', (value) => value === 'search-removed'),
            ),
            searchLineShown,
          ),
          grade: 'weak',
          says: t('the search list: {text}', '搜索列表：{text}'),
        },
        { when: wildcardStated, grade: 'strong', says: t('a wildcard record is stated', '陈述中提到泛解析记录') },
        {
          when: stated({
            whole: /(?:trailing|final|ending) dot[^:]*: .*(?:work|resolv|right|correct|正常)|with (?:a )?(?:trailing|final) dot/iu,
          }),
          grade: 'strong',
          says: t(
            'with a trailing dot the name resolves rightly, so what fails is the name with a search domain',
            '名称以点结尾时解析正确，因此失败的是加了搜索域的名称',
          ),
        },
        { when: on('resolv.search-foreign'), grade: 'strong', says: t('a search domain belongs to somebody else', '某个搜索域属于他人') },
        {
          when: symptomWhere(
            (s) =>
              s.operation === 'tls' &&
              /valid for|doesn't contain|not match/iu.test(s.evidence[0]?.text ?? '') &&
              !/localhost|127\.0\.0\.1|\d+\.\d+\.\d+\.\d+/u.test(s.name ?? ''),
          ),
          grade: 'hint',
          says: t('a certificate is not the one of the name', '证书与名称不符'),
        },
      ],
      refute: [
        {
          when: on('lookup.localhost.foreign'),
          says: t(
            'it is localhost itself that DNS answers: see localhost-shadowed-by-dns-search',
            '被 DNS 应答的是 localhost 本身：参见 localhost-shadowed-by-dns-search',
          ),
        },
        { when: off('lookup.search-wildcard'), says: t('a random label is not answered', '随机标签没有应答') },
      ],
      asks: [
        ask(
          'whether a random name below each search domain gets an address',
          '各搜索域下的随机名称是否能得到地址',
          'for d in $(sed -n "s/^search //p" /etc/resolv.conf); do dig +short culprit-$RANDOM.$d; done',
        ),
      ],
    })(context);
  },
});

const rootOnList = any(
  (context) => {
    for (const view of context.node.views)
      for (const path of HANDED_ON) {
        const file = resolvConf(view, path);
        const line = file?.lines.find((l) => (l.keyword === 'search' || l.keyword === 'domain') && l.values.includes('.'));
        if (file !== undefined && line !== undefined) return { seen: 'yes', kind: 'configuration', source: resolvSource(view, file, line) };
      }
    return { seen: 'unknown' };
  },
  observed('resolv.search', textual(/^\.$/u), { kind: 'configuration' }),
  stated({
    whole: /search[^:]*: *['"]?\.['"]?(?:$|[ ,;])|search \.(?:$|[ ,;])|(?:lone|root|single) (?:dot|domain)|search list[^.;]*dot/iu,
  }),
);
const muslOnly = any(
  stated({ whole: /(?:alpine|musl)/iu }),
  (context) =>
    context.node.views.some((v: ViewFacts) => valueOf(v.libc)?.kind === 'musl') ? { seen: 'yes', kind: 'state' } : { seen: 'unknown' },
  symptom({ text: /bad address|Try again/u }),
);

export const resolvSearchRootDomain = defineCause({
  id: 'resolv-search-root-domain',
  area: 'resolv-conf',
  severity: 'high',
  layer: 1,
  title: t('A lone dot in the search list breaks musl', '搜索列表中的单个点使 musl 无法解析'),
  mechanism: t(
    'systemd-resolved writes `search .` where there is no domain, and kubelet copies it into pods. musl 1.1.13 to 1.2.3 makes an invalid name of it and ends the walk without one query; glibc takes it as the root.',
    '没有域名时 systemd-resolved 会写入 `search .`，kubelet 会把它复制进 Pod。musl 1.1.13 至 1.2.3 会据此构造出无效名称，不发送任何查询就结束；glibc 则将其视为根域。',
  ),
  summary: t(
    'The search list holds the root domain, which images with musl up to 1.2.3 cannot handle.',
    '搜索列表含有根域，而 musl 1.2.3 及以前的镜像无法处理。',
  ),
  sources: ['musl src/network/lookup_name.c', 'kubernetes/kubernetes#112135'],
  lookAlikes: ['musl-search-stops-at-empty-answer', 'musl-resolver-differences'],
  confirms: [t('the search list of the pod holds a dot, and only musl images fail', 'Pod 的搜索列表中有一个点，且只有 musl 镜像失败')],
  refutes: [t('no dot on the list; or glibc images fail too', '列表中没有点；或 glibc 镜像也失败')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is there a lone dot in the search line of resolv.conf, and do only musl images (Alpine) fail?',
        zh: 'resolv.conf 的 search 行中是否有单独的点？是否只有 musl 镜像（Alpine）失败？',
      },
      command: 'grep -n ^search /etc/resolv.conf; kubectl exec POD -- cat /etc/resolv.conf',
    },
  ],
  remedies: [
    kubeletResolvConf,
    {
      id: 'newer-musl',
      title: t('Use an image with musl 1.2.4 or newer, or a newer kubelet', '使用 musl 1.2.4 或更新的镜像，或升级 kubelet'),
      risk: t('another version of the image', '镜像版本变化'),
      safety: 'needs-a-person',
      verify: ['kubectl exec POD -- nslookup NAME'],
    },
  ],
  check: (context) => {
    const findings = context.node.views.flatMap((view): readonly Finding[] => {
      const file = resolvConf(view);
      const line = file?.lines.find((l) => (l.keyword === 'search' || l.keyword === 'domain') && l.values.includes('.'));
      if (file === undefined || line === undefined || valueOf(view.libc)?.kind !== 'musl') return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: RESOLV_CONF },
          evidence: [
            {
              said: say(lineSays, { path: RESOLV_CONF, line: line.number, text: line.text }),
              source: resolvSource(view, file, line),
              grade: 'strong',
            },
          ],
          remedies: [
            {
              id: 'kubelet-resolv-conf',
              edits: [
                {
                  edit: 'write-file',
                  view: view.id,
                  path: RESOLV_CONF,
                  text: file.text.replace(line.text, () => line.text.replace(/[ \t]\.(?=[ \t]|$)/gu, '')),
                  command: `sed -e '${String(line.number)}s/[[:blank:]]\\.\\([[:blank:]]\\|$\\)/\\1/g'`,
                },
              ],
            },
          ],
          explainsAnswer: (a) => a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
          explainsSymptom: isLookup,
        },
      ];
    });
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: all(rootOnList, muslOnly),
          grade: 'direct',
          says: t('the search list holds the root domain, and a musl image fails', '搜索列表含有根域，且 musl 镜像失败'),
        },
        { when: rootOnList, grade: 'strong', says: t('the search list holds the root domain', '搜索列表含有根域') },
        { when: muslOnly, grade: 'hint', says: t('a musl image fails', 'musl 镜像失败') },
      ],
      asks: [
        ask(
          'the search line of the resolv.conf inside the failing pod',
          '失败 Pod 内 resolv.conf 的 search 行',
          'kubectl exec POD -- cat /etc/resolv.conf',
        ),
      ],
    })(context);
  },
});
