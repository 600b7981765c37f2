/** The hosts line of nsswitch.conf leaves out, or asks too late, the source that knows the name. */
import { valueOf } from '../../facts/fact.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import type { ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, line, observed, on, stated, symptom, t, picked } from '../_checks/index.ts';
import { disagreementEvidence, disagreements, libcMisses } from '../_libc-against-dns.ts';
import { NSSWITCH, hostsDatabase, writeHostsDatabase } from '../_nsswitch.ts';
import type { HostsDatabase } from '../_nsswitch.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding, RemedyText } from '../define-cause.ts';
import type { Symptom } from '../../facts/symptom.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  passedOver: t('{name} of the hosts file was asked from {server}', 'hosts 文件中的 {name} 被拿去查询 {server}'),
  line: t('{path} line {line} lists {services} for hosts', '{path} 第 {line} 行为 hosts 列出了 {services}'),
  noLine: t('{path} is missing or has no hosts line', '{path} 不存在或没有 hosts 行'),
  fine: t('the hosts line names files before dns', 'hosts 行中 files 在 dns 之前'),
} as const;

const unresolved =
  (view: ViewFacts) =>
  (a: ClientAnswer): boolean =>
    a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve';
const asksDns = (service: string): boolean => service === 'dns' || service === 'resolve';

const filesThenDns: RemedyText = {
  id: 'files-then-dns',
  title: t('Let the hosts line of {path} name files, then dns', '让 {path} 的 hosts 行依次为 files、dns'),
  risk: t('programs that run already may not read the file again', '已在运行的程序可能不会重新读取该文件'),
  safety: 'safe',
  command: "sed -i.bak 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf",
  undo: 'mv /etc/nsswitch.conf.bak /etc/nsswitch.conf',
  verify: ['getent ahosts localhost', 'getent ahosts {name}'],
};

function finding(context: CauseContext, view: ViewFacts, database: HostsDatabase, wanted: readonly string[], name: string): Finding {
  const values = { path: '/etc/nsswitch.conf', line: database.line ?? 0, services: database.services.join(' '), name };
  const byHand = disagreements(context.node, (one) => one.view.id === view.id && libcMisses(one)).slice(0, 1);
  return {
    status: 'present',
    view: view.id,
    values,
    evidence: [
      { said: say(database.line === undefined ? texts.noLine : texts.line, values), source: database.source, grade: 'strong' },
      ...byHand.map(disagreementEvidence),
      ...passedOver(context, view),
    ],
    remedies: [{ id: filesThenDns.id, edits: [writeHostsDatabase(view, database, wanted)] }],
    // Tried by hand, it needs no model to fail.
    ...(byHand.length > 0 && !context.answers.some(unresolved(view)) ? {} : { explainsAnswer: unresolved(view) }),
    explainsSymptom: (s) => (s.view ?? 'host') === view.id && s.operation === 'resolve',
  };
}

/** The file is missing, and a program of this view fails that asks DNS first then (glibc before 2.35, Go up to 1.15). */
function withoutFile(context: CauseContext, view: ViewFacts): readonly Finding[] {
  const failing = context.answers.find(unresolved(view));
  if (view.files[NSSWITCH]?.state !== 'absent' || failing === undefined) return [];
  const nothing: HostsDatabase = {
    text: '',
    line: undefined,
    lineText: '',
    words: [],
    services: [],
    source: { kind: 'file', path: NSSWITCH, view: view.id },
  };
  return [finding(context, view, nothing, ['files', 'dns'], failing.name)];
}

const firstFailing = (context: CauseContext, view: ViewFacts): string =>
  context.answers.find(unresolved(view))?.name ??
  disagreements(context.node, (one) => one.view.id === view.id && libcMisses(one))[0]?.name ??
  context.symptoms.find((s) => (s.view ?? 'host') === view.id && s.operation === 'resolve')?.name ??
  'NAME';

/** Nobody showed the hosts line, and libc knows less than DNS, or a program asks DNS for what the hosts file has. */
function hostsLineUnseen(context: CauseContext): readonly Finding[] {
  const missed = disagreements(context.node, (one) => libcMisses(one) && hostsDatabase(one.view) === undefined)[0];
  return missed === undefined ? [] : [{ status: 'cannot-tell', needs: [{ kind: 'file', view: missed.view.id, path: NSSWITCH }] }];
}
/** A name of the hosts file that a program took to a name server. */
function askedOfServer({ symptoms }: CauseContext, view: ViewFacts): Symptom | undefined {
  const fact = view.files['/etc/hosts'];
  const text = fact === undefined ? undefined : valueOf(fact)?.text;
  const names = new Set(text === undefined ? [] : hostsLines(text).flatMap((l) => l.names.map((n) => n.toLowerCase())));
  return symptoms.find(
    (s) => s.operation === 'resolve' && s.server !== undefined && s.name !== undefined && names.has(s.name.toLowerCase()),
  );
}
function passedOver(context: CauseContext, view: ViewFacts): readonly CauseEvidence[] {
  const asked = askedOfServer(context, view);
  const [source] = asked?.evidence ?? [];
  return asked === undefined || source === undefined
    ? []
    : [{ said: say(texts.passedOver, { name: asked.name ?? '', server: asked.server ?? '' }), source, grade: 'direct' }];
}
function hostsFilePassedOver(context: CauseContext): readonly Finding[] {
  const view = context.node.views.find((v) => hostsDatabase(v) === undefined && askedOfServer(context, v) !== undefined);
  return view === undefined ? [] : [{ status: 'cannot-tell', needs: [{ kind: 'file', view: view.id, path: NSSWITCH }] }];
}

/** Only what somebody states: that an image lacks the file is the rule with musl, and harmless with a newer Go or glibc. */
const goDnsBeforeHosts = any(
  on('nsswitch.image-missing'),
  ({ node }) => {
    const view = node.views.find(
      (v) => v.kind === 'container' && v.files[NSSWITCH]?.state === 'absent' && valueOf(v.libc)?.kind !== 'musl',
    );
    const fact = view?.files[NSSWITCH];
    return view === undefined || fact?.state !== 'absent' ? { seen: 'unknown' } : { seen: 'yes', kind: 'state', source: fact.source };
  },
  stated(
    { key: /nsswitch/u, value: 'no' },
    { whole: /nsswitch[^:]*: .*(?:missing|absent|not (?:there|present|exist)|no such|不存在|缺少)/iu },
    { whole: /(?:not include|not contain|not ship|without|lacks?|lacking|no) (?:an? |any |the )?(?:\/etc\/)?nsswitch/iu },
    {
      whole:
        /(?:add(?:ing|ed)?|creat(?:ing|ed)|copy(?:ing)?|copied|with an?) [^.;:]{0,20}nsswitch[^.;]*(?:works?\b|working|helps?|fix|cure|solve)/iu,
    },
  ),
);
/** The hosts line as somebody states it: no files on it, or only after dns. */
const dnsBeforeFiles = observed(
  'nsswitch.hosts',
  (value) =>
    typeof value === 'string' &&
    /(?:^|[ \t])(?:dns|resolve)(?:[ \t]|$)/u.test(value) &&
    !/(?:^|[ \t])files(?:[ \t].*)?[ \t](?:dns|resolve)(?:[ \t]|$)/u.test(value),
);

const toldOfOrder = (context: CauseContext): readonly Finding[] =>
  evidenceCheck({
    confirm: [
      {
        when: all(goDnsBeforeHosts, symptom({ operation: ['resolve', 'dns'] })),
        grade: 'direct',
        says: t(
          'the image has no nsswitch.conf, and a name of the hosts file was asked from DNS',
          '镜像没有 nsswitch.conf，而 hosts 文件中的名称被拿去查询 DNS',
        ),
      },
      {
        when: all(
          goDnsBeforeHosts,
          any(
            observed('lookup.localhost.asked-from-dns', () => true),
            stated({
              whole:
                /(?:ask|quer(?:y|ies)|send|goes|use)[^.;]*(?:dns|name server)[^.;]*(?:hosts|localhost|first|before|without consulting)|(?:dns|name ?server)[^:]*: .*(?:quer|asked)[^.;]*localhost|(?:hosts file|\/etc\/hosts|hostaliases|extra_hosts|add-host)[^.;]*(?:ignored|not (?:used|read|asked|consulted)|skipped|no effect)|(?:goes|go|sent|asked|asks) (?:to |at )?(?:the )?dns (?:anyway|first|all the same)/iu,
            }),
          ),
        ),
        grade: 'direct',
        says: t(
          'the image has no nsswitch.conf, and DNS is asked before the hosts file',
          '镜像没有 nsswitch.conf，且先于 hosts 文件查询 DNS',
        ),
      },
      {
        when: line('nsswitch-hosts-without-files/go-order'),
        grade: 'direct',
        says: t('Go says that it asks DNS before the hosts file', 'Go 自述先查询 DNS 再查 hosts 文件'),
      },
      { when: picked(goDnsBeforeHosts), grade: 'strong', says: t('the image has no nsswitch.conf', '镜像没有 nsswitch.conf') },
      {
        when: dnsBeforeFiles,
        grade: 'strong',
        says: t('the hosts line has dns before files, or no files', 'hosts 行中 dns 在 files 之前，或没有 files'),
      },
    ],
    asks: [
      ask(
        'whether the image of the failing program has /etc/nsswitch.conf',
        '失败程序的镜像中是否有 /etc/nsswitch.conf',
        'cat /proc/PID/root/etc/nsswitch.conf',
      ),
    ],
  })(context);

export const nsswitchHostsWithoutFiles = defineCause({
  id: 'nsswitch-hosts-without-files',
  area: 'name-caches',
  severity: 'high',
  layer: 1,
  title: t('The hosts file is not asked, or only after DNS', 'hosts 文件没有被查询，或排在 DNS 之后'),
  mechanism: t(
    'glibc and Go obey the hosts line of nsswitch.conf: without files the hosts file is never read; with dns before files, localhost and node names are asked from DNS first. Without the file old glibc and Go up to 1.15 ask DNS first, which is why images ship a one-line nsswitch.conf.',
    'glibc 和 Go 遵循 nsswitch.conf 的 hosts 行：没有 files 就不会读取 hosts 文件；dns 在 files 之前时，localhost 和节点名会先去查 DNS。缺少该文件时，旧版 glibc 和 1.15 及以前的 Go 先查 DNS，因此很多镜像会带一个只有一行的 nsswitch.conf。',
  ),
  summary: t('Names that stand in the hosts file are not taken from there.', 'hosts 文件中的名称没有从该文件取得。'),
  sources: ['glibc nss/nss_database.c', 'Go src/net/conf.go', 'nsswitch.conf(5)'],
  lookAlikes: ['localhost-missing', 'nsswitch-hosts-without-dns'],
  confirms: [
    t(
      'the hosts line lacks files, or has dns before files, or the image has no nsswitch.conf',
      'hosts 行没有 files，或 dns 在 files 之前，或镜像没有 nsswitch.conf',
    ),
  ],
  refutes: [t('files stands before dns', 'files 在 dns 之前')],
  signatures: [
    {
      id: 'nsswitch-hosts-without-files/go-order',
      // Printed with GODEBUG=netdns=1 or 2. Source: Go src/net/conf.go, lookup.go.
      anchors: ['hostLookupOrder('],
      pattern: /hostLookupOrder\((?<name>[^)]+)\) = dns(?:,files)?\b/u,
      grade: 'direct',
      matches: ['go package net: hostLookupOrder(db.example) = dns,files'],
      rejects: ['go package net: hostLookupOrder(db.example) = files,dns', 'go package net: hostLookupOrder(db.example) = cgo'],
    },
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is there files in the line hosts of nsswitch.conf, on the node and in the image?',
        zh: '节点和镜像的 nsswitch.conf 的 hosts 行中是否有 files？',
      },
      command: 'grep ^hosts /etc/nsswitch.conf; kubectl exec POD -- cat /etc/nsswitch.conf',
    },
  ],
  remedies: [filesThenDns],
  check: (context) => {
    const findings = context.node.views.flatMap((view): readonly Finding[] => {
      const database = hostsDatabase(view);
      if (database?.line === undefined) return [];
      const [files, dns] = [database.services.indexOf('files'), database.services.findIndex(asksDns)];
      if (files >= 0 && (dns < 0 || files < dns)) return [];
      const words = ['files', ...database.words.filter((w) => w !== 'files')];
      return [finding(context, view, database, words, firstFailing(context, view))];
    });
    if (findings.length > 0) return findings;
    const absent = context.node.views.flatMap((view): readonly Finding[] => withoutFile(context, view));
    if (absent.length > 0) return absent;
    const told = toldOfOrder(context);
    return told.length > 0 ? told : hostsFilePassedOver(context);
  },
});

export const nsswitchHostsWithoutDns = defineCause({
  id: 'nsswitch-hosts-without-dns',
  area: 'name-caches',
  severity: 'high',
  layer: 1,
  title: t('DNS is not asked for host names', '主机名没有查询 DNS'),
  mechanism: t(
    'The hosts line of nsswitch.conf names no service that asks DNS, so glibc programs know only what stands in the hosts file. dig and nslookup do not read the line and still answer.',
    'nsswitch.conf 的 hosts 行没有任何会查询 DNS 的服务，因此 glibc 程序只知道 hosts 文件中的内容。dig 和 nslookup 不读取该行，仍有应答。',
  ),
  summary: t(
    '{path} line {line} lists only {services}, so DNS is never asked.',
    '{path} 第 {line} 行只列出了 {services}，因此从不查询 DNS。',
  ),
  sources: ['nsswitch.conf(5)', 'glibc nss/nss_database.c'],
  lookAlikes: ['resolv-no-usable-nameserver', 'nscd-socket-in-container-hosts-cache'],
  confirms: [t('the hosts line lacks dns and resolve, and dig answers the name', 'hosts 行没有 dns 和 resolve，而 dig 能解析该名称')],
  refutes: [t('the hosts line names dns or resolve', 'hosts 行含有 dns 或 resolve')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Is there dns (or resolve) in the line hosts of nsswitch.conf?',
        zh: 'nsswitch.conf 的 hosts 行中是否有 dns（或 resolve）？',
      },
      command: 'grep ^hosts /etc/nsswitch.conf; dig +short NAME; getent ahosts NAME',
    },
  ],
  remedies: [filesThenDns],
  check: (context) => {
    const findings = context.node.views.flatMap((view): readonly Finding[] => {
      const database = hostsDatabase(view);
      if (database?.line === undefined || database.services.some(asksDns) || database.services.length === 0) return [];
      return [finding(context, view, database, [...database.words, 'dns'], firstFailing(context, view))];
    });
    if (findings.length > 0) return findings;
    const unseen = hostsLineUnseen(context);
    return unseen.length > 0 ? unseen : ruledOut(context.node, say(texts.fine), '/etc/nsswitch.conf');
  },
});
