import { appendLines } from '../../remedy/hosts-edits.ts';
import { say } from '../../shared/text.ts';
import { ask, evidenceCheck, isLoopbackAddress, observed, on, stated, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import { HOSTS, isLocalhost, localhostLines, viewsOf } from '../_localhost.ts';

const texts = {
  answered: { en: 'DNS answered {address} for localhost', zh: 'DNS 对 localhost 应答了 {address}' },
  dialled: { en: 'a URL says localhost, and the dial went to {address}', zh: 'URL 中是 localhost，却连接到了 {address}' },
  noLine: { en: '{path} has no localhost', zh: '{path} 中没有 localhost' },
  fine: { en: 'localhost comes from the hosts file, or leads to the loopback', zh: 'localhost 来自 hosts 文件，或指向回环地址' },
} as const;

const addressOf = (value: unknown): string =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string' && !isLoopbackAddress(one)).join(', ') : '';

/** What DNS gives for localhost is the very address that a component dials or wants to listen on. */
const foreignAddressUsed: Test = ({ node, symptoms }) => {
  const fact = node.observations['lookup.localhost.addresses'];
  const told = fact?.state === 'known' && Array.isArray(fact.value) ? fact.value : [];
  const hit = symptoms.find((s) => s.address !== undefined && !isLoopbackAddress(s.address) && told.includes(s.address));
  const source = hit?.evidence[0];
  return hit === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'line', symptoms: [hit], values: { address: hit.address ?? '' }, ...(source === undefined ? {} : { source }) };
};
/** The hosts file gives localhost, and nobody was seen to go elsewhere: what DNS holds is not asked. */
const hostsAnswerFirst: Test = (context) =>
  foreignAddressUsed(context).seen === 'yes' ||
  !viewsOf(context.world).some(({ view }) => (localhostLines(view)?.ipv4Loopback.length ?? 0) > 0)
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'configuration' };

const lookAtLocalhost = ask(
  'what the hosts file and DNS answer for localhost, and for localhost below each search domain',
  'hosts 文件与 DNS 对 localhost 以及各搜索域下 localhost 的应答',
  'grep localhost /etc/hosts; dig localhost +search +short; grep ^search /etc/resolv.conf',
);
/** An address of the site itself (RFC 1918): the node's own, or a neighbour's. */
const isPrivateAddress = (address: string): boolean => /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u.test(address);

/** What a person says: localhost leads to a foreign address, by nslookup, ping or a record of the search domain. */
const toldForeign = (context: CauseContext): readonly Finding[] => {
  const fact = context.node.observations['lookup.localhost.addresses'];
  const address = fact?.state === 'known' ? addressOf(fact.value) : '';
  return evidenceCheck({
    confirm: [
      {
        when: foreignAddressUsed,
        grade: 'direct',
        says: t(
          '{address}, which DNS gives for localhost, is what a component uses',
          '某个组件使用的正是 DNS 为 localhost 给出的 {address}',
        ),
      },
      {
        when: on('lookup.localhost.foreign'),
        grade: 'direct',
        says: t(
          'it is stated that localhost is answered with an address that is not the loopback',
          '陈述中提到 localhost 被应答为非回环地址',
        ),
      },
      {
        when: stated({ whole: /localhost\.[a-z0-9-][^;]*(?:resolves|has an? (?:a )?record|answers|exists|points)/iu }),
        grade: 'strong',
        says: t('a record for localhost stands below the search domain', '搜索域下存在 localhost 的记录'),
      },
    ],
    refute: [
      { when: hostsAnswerFirst, says: t('the hosts file maps localhost', 'hosts 文件映射了 localhost') },
      {
        when: observed(
          'hosts.localhost',
          (value) => Array.isArray(value) && value.some((one) => typeof one === 'string' && one.startsWith('127.')),
        ),
        says: t('the hosts file maps localhost', 'hosts 文件映射了 localhost'),
      },
      {
        when: stated({ whole: /localhost\.[a-z0-9.-][^;]*(?:nxdomain|does not (?:exist|resolve)|no record)/iu }),
        says: t('no record for localhost stands below the search domain', '搜索域下没有 localhost 的记录'),
      },
    ],
    explains: [{ name: /^localhost\.?$/iu }],
    asks: [lookAtLocalhost],
    atMost: 'likely',
  })(context).map((f) =>
    f.status === 'present' ? { ...f, values: { ...f.values, path: HOSTS, address: address === '' ? '?' : address } } : f,
  );
};

export const localhostShadowedByDnsSearch = defineCause({
  id: 'localhost-shadowed-by-dns-search',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 1,
  title: { en: 'localhost is answered by DNS through a search domain', zh: 'localhost 经由搜索域被 DNS 应答' },
  mechanism: {
    en: 'The hosts file has no localhost, and a record or wildcard exists for localhost or for localhost.<search domain>; the resolver accepts it, and a component talks to some other machine under its own name.',
    zh: 'hosts 文件中没有 localhost，而 DNS 中存在 localhost 或 localhost.<搜索域> 的记录或泛解析；解析器接受了它，组件于是以自己的名义与别的机器通信。',
  },
  summary: { en: 'localhost leads to {address}, which a name server gave.', zh: 'localhost 指向 DNS 服务器给出的 {address}。' },
  sources: ['kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/server/config_selfclient.go', 'resolv.conf(5)'],
  lookAlikes: ['localhost-missing', 'localhost-mapped-to-non-loopback', 'resolv-search-wildcard-hijack'],
  confirms: [
    {
      en: '/etc/hosts has no localhost, and `dig localhost +search` gives an address outside 127.0.0.0/8',
      zh: '/etc/hosts 中没有 localhost，且 `dig localhost +search` 给出 127.0.0.0/8 以外的地址',
    },
    { en: 'a URL with localhost is dialled at a routable address', zh: '含 localhost 的 URL 被连接到可路由的地址' },
  ],
  refutes: [{ en: '/etc/hosts maps localhost, and files stands before dns', zh: '/etc/hosts 映射了 localhost，且 files 在 dns 之前' }],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does localhost below a search domain have a record in DNS?', zh: '搜索域下的 localhost 在 DNS 中是否有记录？' },
      command: 'cat /etc/resolv.conf; dig +short localhost.SEARCHDOMAIN; getent ahosts localhost',
    },
  ],
  remedies: [
    {
      id: 'add-line',
      title: { en: 'Add 127.0.0.1 localhost to {path}', zh: '在 {path} 中加入 127.0.0.1 localhost' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: "cp -p /etc/hosts /etc/hosts.bak; echo '127.0.0.1 localhost localhost.localdomain' >> /etc/hosts",
      undo: 'cat /etc/hosts.bak > /etc/hosts',
      verify: ['getent ahosts localhost'],
    },
    {
      id: 'drop-wildcard',
      title: { en: 'Remove the record or the search domain at its owner', zh: '在其管理方处移除该记录或搜索域' },
      risk: { en: 'short names of that domain stop working', zh: '该域的短名称将不可用' },
      safety: 'needs-a-person',
      verify: ['dig localhost +search +short'],
    },
  ],
  check: (context) => {
    const { world, allAnswers: answers, symptoms } = context;
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const lines = localhostLines(view);
      if (lines === undefined || lines.ipv4Loopback.length + lines.ipv6Loopback.length + lines.other.length > 0) return [];
      const answer = answers.find((a) => a.view === view.id && isLocalhost(a.name) && a.resolution.outcome.kind === 'addresses');
      const foreign =
        answer?.resolution.outcome.kind === 'addresses'
          ? answer.resolution.outcome.addresses.find((x) => !isLoopbackAddress(x.address))
          : undefined;
      if (foreign === undefined) return [];
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, address: foreign.address },
          evidence: [
            { said: say(texts.noLine, { path: HOSTS }), source: { kind: 'file', path: HOSTS, view: view.id }, grade: 'strong' },
            { said: say(texts.answered, { address: foreign.address }), grade: 'direct' },
          ],
          remedies: [
            { id: 'add-line', edits: [appendLines(view.id, HOSTS, lines.file.text, ['127.0.0.1 localhost localhost.localdomain'])] },
            { id: 'drop-wildcard' },
          ],
          explainsAnswer: (a) => a.view === view.id && isLocalhost(a.name),
          explainsSymptom: (s) => isLocalhost(s.name) && s.address === foreign.address,
        },
      ];
    });
    if (findings.length > 0) return findings;
    const dialled = symptoms.find(
      (s) => isLocalhost(s.name) && s.operation === 'dial' && s.address !== undefined && !isLoopbackAddress(s.address),
    );
    // The node's hosts file may be right and not asked first: the dial went elsewhere, and the file did not send it there.
    const mapped = viewsOf(world).some(({ view }) =>
      (localhostLines(view)?.other ?? []).some((line) => dialled === undefined || line.address === dialled.address),
    );
    if (dialled?.address === undefined && !mapped) {
      const told = toldForeign(context);
      if (told.length > 0) return told;
    }
    if (dialled?.address === undefined || mapped) return ruledOut(context.node, say(texts.fine), '/etc/hosts');
    const [source] = dialled.evidence;
    const { address } = dialled;
    // Without the hosts file it is as well possible that a line of it sends localhost there.
    const hostsSeen = viewsOf(world).some(({ view }) => localhostLines(view) !== undefined);
    const asked = context.node.observations['lookup.localhost.foreign'] !== undefined;
    const open = !hostsSeen && !asked && isPrivateAddress(address);
    return [
      ...(open ? [{ status: 'cannot-tell' as const, needs: [lookAtLocalhost] }] : []),
      {
        status: 'present',
        values: { path: HOSTS, address },
        evidence: [{ said: say(texts.dialled, { address }), ...(source === undefined ? {} : { source }), grade: 'direct' }],
        explainsSymptom: (s) => isLocalhost(s.name) && s.address === address,
        atMost: open ? 'possible' : 'likely',
      },
    ];
  },
});
