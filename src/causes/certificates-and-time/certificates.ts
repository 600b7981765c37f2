/** Certificates that are too old, too young, for another name, or of another CA. Source: crypto/x509 error texts (Go), k3s clientaccess, kubeadm. */
import type { Symptom } from '../../facts/symptom.ts';
import type { CauseContext } from '../define-cause.ts';
import type { Test } from '../_checks/index.ts';
import { PUBLIC_SITE } from '../_public-sites.ts';
import { renamedNode } from '../_renamed-node.ts';
import { dateIn } from '../../facts/parse/date-in.ts';
import {
  all,
  any,
  ask,
  evidenceCause,
  line,
  observed,
  on,
  picked,
  spokenKey,
  stated,
  statementsOf,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';

const instant = (text: string | undefined): number | undefined => {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
};
const isTls = (s: Symptom): boolean => s.operation === 'tls' && s.details?.['noise'] === undefined;
const lineOf = (s: Symptom): string => s.evidence.map((e) => e.text ?? '').join('\n');

/** "current time T is after N": the certificate's end has passed, if the clock is right. */
const isAfter: Test = symptomWhere(
  (s) =>
    isTls(s) &&
    /current time [^ ]+ is after|certificate has expired(?! or is not yet)|certificate is expired|expired certificate/iu.test(lineOf(s)),
);
/** "current time T is before N": the clock is behind, or the certificate is from the future. */
const isBefore: Test = symptomWhere(
  (s) =>
    isTls(s) &&
    (/current time [^ ]+ is before/iu.test(lineOf(s)) ||
      (/not yet valid/iu.test(lineOf(s)) && !/expired or is not yet valid/iu.test(lineOf(s)))) &&
    !/current time [^ ]+ is after/iu.test(lineOf(s)),
);
/** Expired by decades, or by a clock in 1970: no certificate is that old. */
const absurdClock: Test = symptomWhere((s) => {
  const now = instant(/current time ([^ ]+) is/u.exec(lineOf(s))?.[1]);
  return isTls(s) && now !== undefined && (now < Date.parse('2010-01-01') || now > Date.now() + 5 * 365 * 86_400_000);
});
/** The date is stated for two machines, and they are a day or more apart. */
const twoDates: Test = ({ node }) => {
  const dates = statementsOf(node).flatMap((one) => {
    if (
      !/\b(?:date|time|clock)\b/u.test(spokenKey(one.key)) ||
      /cert|not ?after|not ?before|install|creat|built|release|since|until/u.test(spokenKey(one.key))
    )
      return [];
    const at = instant(dateIn(one.value));
    return at === undefined ? [] : [{ one, at }];
  });
  const [first] = dates;
  const other = dates.find(({ at }) => first !== undefined && Math.abs(at - first.at) >= 86_400_000);
  return other === undefined
    ? { seen: 'unknown' }
    : {
        seen: 'yes',
        kind: 'comparison',
        source: { kind: 'statement', key: other.one.key, text: `${other.one.key}: ${other.one.value}` },
        values: { key: other.one.key, value: other.one.value },
      };
};
const clockWrong: Test = any(
  stated({ clause: [/certificates?|\bca\b|token/iu, /^(?!.*expired).*(?:not (?:yet )?valid|in the future)/iu, /\byet\b|future/iu] }),
  stated({
    clause: [
      /\bntp\b|chrony|timesync|time synchroni[sz]ation|first synchroni[sz]ation/iu,
      /not (?:done|finished|reached|run|yet)|before|pending|late/iu,
    ],
  }),
  on('clock.skewed'),
  observed('clock.offset-seconds', (value) => typeof value === 'number' && Math.abs(value) > 60),
  stated({
    whole:
      /(?:clock|system time|node time|date|hwclock|rtc|ntp|chrony)[^.;]*(?:behind|ahead|wrong|skew|drift|off by|out of sync|not synchron|in the (?:past|future)|unsynchron|1970|落后|不准|偏差|不同步)/iu,
  }),
  stated({
    whole: /(?:clock|time|date)[^.;]*(?:reset|set back|jump(?:s|ed)?|went|falls?|fell|starts?|back) (?:back )?(?:to|at|in) (?:19|20)\d\d/iu,
  }),
  stated({ whole: /time ?zone[^.;]*(?:wrong|changed|corrected|not set|was set|unset)/iu }),
  stated({ whole: /\b(?:clock|time|date|year)\b[^.;]{1,60}\b(?:19[78]\d|200\d|201[0-2])\b/iu }),
  stated({
    whole:
      /(?:clock|time)[^.;]{0,80}(?:(?:taken|used|treated|read|interpreted|stored|set) (?:as|for) (?:utc|local)|local ?time (?:as|for|instead))/iu,
  }),
  stated({
    whole: /certificates?[^.;]{0,80}(?:in the future|ahead of (?:the )?(?:time|clock)|hours? (?:away|ahead|later|in the future))/iu,
  }),
  stated({
    whole:
      /(?:starts?|started|begins?|comes? up|runs?)[^.;]{0,30} before (?:the )?(?:ntpd?|chronyd?|(?:systemd-)?timesyncd?|time (?:sync|is set)|clock)/iu,
  }),
  twoDates,
  // Nothing keeps the clock, or the machine slept.
  stated(
    {
      key: /\b(?:ntp|chronyd?|(?:systemd[- ])?timesyncd?|time ?sync\w*|time (?:service|daemon|client))/u,
      value:
        /^(?:off|disabled|not (?:running|working|configured|installed|set up|active)|stopped|blocked|none|missing|unreachable|failed|false|no)\b/iu,
    },
    { key: /time synchroni[sz]ation|clock synchroni[sz]ation/u, value: 'no' },
    {
      whole: /(?:vm|machine|laptop|host|node|server)[^.;]{1,30} (?:suspended|paused|resumed|hibernated|asleep|restored from a snapshot)/iu,
    },
  ),
  // "server_time: off", "clock on the agent: wrong".
  stated({
    key: /^(?:\w+ ){0,3}(?:clock|time|date)s?(?: (?:of|on|at|in) (?:the )?\w+)?$/u,
    value:
      /^(?:is |was |were |are )?(?:off|wrong|incorrect|not (?:correct|right|set|in sync)|false|in the (?:past|future)|different|differ|skewed|hours?|days?|minutes?|out of sync)\b/iu,
  }),
  // "node clock: in 2016", "date: shows 2019"; no hardware clock, or one that starts where it stopped.
  stated(
    {
      key: /\b(?:clock|system time|date)\b/u,
      value: /^(?:is |was |at |still )?(?:in|shows?|says?|stuck (?:at|in)) (?:the year )?(?:19|20)\d\d\b/iu,
    },
    { key: /hwclock|hardware clock|\brtc\b/u, value: /^(?:no|none|not|missing|absent|unavailable|dead|without)\b/iu },
    { whole: /(?:start|comes up|boot)[^.;]* with the time of (?:the )?(?:last|previous)|fake-?hwclock/iu },
  ),
  // Two years for one clock: "2012 at boot, 2021 after NTP".
  stated({ clause: [/clock|time|date/iu, /\b(?:19|20)\d\d\b[^.;]{1,60}\b(?:19|20)\d\d\b/u, /boot|ntp|sync|reboot|start|power/iu] }),
);
const noRtc: Test = any(
  observed('clock.has-rtc', (value) => value === false),
  stated({
    whole:
      /(?:no|without|lacks?|missing|dead|empty)[^.;]{0,20}(?:rtc|real[- ]time clock|cmos|clock battery|hardware clock|battery)|(?:rtc|cmos|hardware clock)[^.;]{0,30}(?:none|missing|absent|dead|empty|not present)/iu,
  }),
);
/**
 * First day of each minor release of Kubernetes, from 1.9 on: a program of that release cannot have run before.
 * Source: kubernetes/sig-release releases/.
 */
const RELEASED: readonly string[] = [
  '2017-12-15',
  '2018-03-26',
  '2018-06-27',
  '2018-09-27',
  '2018-12-03',
  '2019-03-25',
  '2019-06-19',
  '2019-09-18',
  '2019-12-07', // 1.9 to 1.17
  '2020-03-25',
  '2020-08-26',
  '2020-12-08',
  '2021-04-08',
  '2021-08-04',
  '2021-12-07',
  '2022-05-03',
  '2022-08-23',
  '2022-12-09', // 1.18 to 1.26
  '2023-04-11',
  '2023-08-15',
  '2023-12-13',
  '2024-04-17',
  '2024-08-13',
  '2024-12-11',
  '2025-04-23',
  '2025-08-27', // 1.27 to 1.34
];
const FIRST_MINOR = 9;
const KUBERNETES_PRODUCTS: ReadonlySet<string> = new Set(['k3s', 'rke2', 'kubeadm', 'kubernetes', 'k0s', 'k3d', 'microk8s']);

/** Times with a year that the evidence itself tells: of logs, of a complaint about a certificate, of `date`. */
const timesOf = ({ node, symptoms }: CauseContext): readonly number[] => {
  const now = node.observations['clock.now'];
  return [
    ...(now?.state === 'known' && typeof now.value === 'string' ? [now.value] : []),
    ...node.logs.flatMap((log) => [log.lastTime, log.firstTime]),
    ...symptoms.map((s) => s.details?.['currentTime']),
  ].flatMap((text) => {
    const at = text === undefined || text.startsWith('--') ? undefined : instant(text);
    return at === undefined ? [] : [at];
  });
};
/** The log tells a time before the program was released. */
const beforeRelease: Test = (context) => {
  const product = context.node.products.find((p) => KUBERNETES_PRODUCTS.has(p.name) && /^v?1\.\d+/u.test(p.version ?? ''));
  const minor = Number(/^v?1\.(\d+)/u.exec(product?.version ?? '')?.[1] ?? Number.NaN);
  const released = instant(RELEASED[minor - FIRST_MINOR]);
  const times = timesOf(context);
  if (product === undefined || released === undefined || times.length === 0) return { seen: 'unknown' };
  const latest = Math.max(...times);
  return latest < released - 7 * 86_400_000
    ? {
        seen: 'yes',
        kind: 'comparison',
        source: product.source,
        values: { now: new Date(latest).toISOString(), version: product.version ?? '' },
      }
    : { seen: 'no' };
};
/** A clock that stands before Kubernetes itself (July 2015): a board that came up in 1970, a reset BIOS. */
const beforeKubernetes: Test = (context) => {
  const now = context.node.observations['clock.now'];
  const shown = now?.state === 'known' && typeof now.value === 'string' ? instant(now.value) : undefined;
  return shown !== undefined && shown < Date.parse('2010-01-01')
    ? {
        seen: 'yes',
        kind: 'state',
        source: now?.state === 'known' ? now.source : { kind: 'probe', probe: 'clock' },
        values: { now: new Date(shown).toISOString() },
      }
    : { seen: 'unknown' };
};
/** Dates of certificates against the clock that the evidence shows. */
const validity =
  (part: 'not-before' | 'not-after', holds: (date: number, now: number) => boolean): Test =>
  (context) => {
    const times = timesOf(context);
    if (times.length === 0) return { seen: 'unknown' };
    const now = Math.max(...times);
    for (const [key, fact] of Object.entries(context.node.observations)) {
      if (!key.startsWith('cert.') || !key.endsWith(`.${part}`) || fact.state !== 'known' || typeof fact.value !== 'string') continue;
      const date = instant(fact.value);
      if (date !== undefined && holds(date, now))
        return { seen: 'yes', kind: 'comparison', source: fact.source, values: { value: fact.value, now: new Date(now).toISOString() } };
    }
    return { seen: 'unknown' };
  };
const startsLater = validity('not-before', (date, now) => date > now + 60_000);
const endsEarlier = validity('not-after', (date, now) => date < now);
const saysNoTime = (s: Symptom): boolean =>
  isTls(s) && /certificate has expired or is not yet valid/iu.test(lineOf(s)) && !/is (?:after|before)/u.test(lineOf(s));
/**
 * Refused for its dates while a cluster is made or joined, when its certificates are minutes old; or by a site whose owners renew in time:
 * then it is rather the clock.
 */
const tooYoungByContext: Test = all(
  symptomWhere(saysNoTime),
  any(
    symptomWhere((s) => saysNoTime(s) && PUBLIC_SITE.test(s.name ?? '')),
    symptomWhere((s) =>
      s.evidence.some((e) =>
        /failed to check server version|Endpoint check failed|configmaps\/cluster-info|kubeadm(?:-| )(?:init|join)|\[discovery\]|Failed to bring up (?:Control|Etcd)/iu.test(
          e.text ?? '',
        ),
      ),
    ),
  ),
);
/** A certificate is refused for its dates in a line that is dated before Kubernetes was made. */
const refusedLongAgo: Test = symptomWhere((s) => {
  const at = instant(s.firstSeen);
  return isTls(s) && /certificate has expired or is not yet valid/iu.test(lineOf(s)) && at !== undefined && at < Date.parse('2014-01-01');
});
/** The clock was wrong when the certificates were made, and may be right by now. */
const clockWrongAtBirth: Test = stated({
  clause: [
    /\bclock|\btime\b|\bdate\b|时钟|时间/iu,
    /ahead|behind|fast|slow|future|past|wrong|off\b|later|earlier|超前|落后|错误/iu,
    /install|creat|generat|\binit|set[ -]?up|deploy|made|issu|born|birth|first boot|安装|部署|生成/iu,
  ],
});
const clockRight: Test = any(
  observed('clock.offset-seconds', (value) => typeof value === 'number' && Math.abs(value) < 5),
  all(on('clock.ntp-synchronised'), without(clockWrong)),
  all(
    stated({
      whole: /(?:clock|time|ntp|chrony)[^.;]*: .*(?:correct|right|synchron(?!i[sz]ation)|in sync|ok\b|fine|accurate|准确|已同步)/iu,
    }),
    without(
      stated({
        whole:
          /\b(?:not|never|no longer|isn't) (?:correct|right|synchron|in sync|ok\b|fine|accurate)|(?:un|de)synchron|incorrect|inaccurate|(?:synchroni[sz]ed|in sync)\W{0,3}(?:no|false)\b/iu,
      }),
    ),
  ),
);
const expiredFact: Test = any(
  on('cert.expired'),
  endsEarlier,
  (context) => {
    const { node } = context;
    // A text that tells its own time is read by that clock: it may be years old.
    if (timesOf(context).length > 0) return { seen: 'unknown' };
    const hit = Object.entries(node.observations).find(
      ([key, fact]) =>
        /^cert\..+\.not-after$/u.test(key) &&
        fact.state === 'known' &&
        typeof fact.value === 'string' &&
        (instant(fact.value) ?? Infinity) < Date.now(),
    );
    return hit?.[1].state === 'known'
      ? { seen: 'yes', kind: 'state', source: hit[1].source, values: { value: JSON.stringify(hit[1].value) } }
      : { seen: 'unknown' };
  },
  stated({ whole: /(?:cert|certificate|notafter|valid until|证书)[^.;]*(?:expired|ran out|run out|past|over|已过期|过期)/iu }),
);
/** The wording that does not say which of both. */
const expiredOrYoung: Test = symptomWhere(
  (s) => isTls(s) && /certificate has expired or is not yet valid/iu.test(lineOf(s)) && !/current time [^ ]+ is before/u.test(lineOf(s)),
);
/** Leaf certificates live for a year. */
const yearStated: Test = stated({
  whole:
    /(?:cluster|cert|node|server|container|install|rancher|k3s|rke|kubeadm)[^;]*(?:age|old|created|installed|running|since|ago|up)[^;]*(?:(?:[a123]|one|two|three|more than a|over a|about a|just over a) year|1[2-9] months|[2-9]\d months|3(?:6[5-9]|[7-9]\d) ?d|[4-9]\d\d ?d(?:ays)?)|[一1两2]年/iu,
});
const yearOld: Test = any(
  observed('cluster.age-days', (value) => typeof value === 'number' && value >= 360),
  yearStated,
);
const askDates = ask(
  "the dates of the served certificate and the node's clock beside a reference clock",
  '服务端证书的有效期，以及节点时钟与参考时钟的差异',
  'echo | openssl s_client -connect 127.0.0.1:6443 2>/dev/null | openssl x509 -noout -dates -issuer; date -u; timedatectl',
);

export const certExpired = evidenceCause({
  id: 'cert-expired',
  area: 'certificates-and-time',
  severity: 'critical',
  layer: 5,
  title: t('A certificate has expired', '证书已过期'),
  mechanism: t(
    'Certificates of the cluster live for one year (RKE leaves, kubeadm, K3s and RKE2). When one runs out, every TLS connection with it is refused: components that depend on each other stop together.',
    '集群证书有效期为一年（RKE 叶证书、kubeadm、K3s 和 RKE2）。证书到期后，使用它的所有 TLS 连接都会被拒绝，相互依赖的组件会同时停止工作。',
  ),
  summary: t('A certificate has run out, so connections that use it are refused.', '某个证书已到期，使用它的连接因此被拒绝。'),
  sources: [
    'k3s-io/docs: advanced, certificate rotation',
    'rancher/rke-docs: cert-mgmt',
    'kubernetes/website: certificate management with kubeadm',
    'Go crypto/x509',
  ],
  lookAlikes: ['clock-skew', 'cert-ca-mismatch'],
  signatures: [
    {
      id: 'cert-expired/kubelet-client',
      grade: 'direct',
      anchors: ['bootstrap client certificate', 'client certificate is expired', 'tls: expired certificate'],
      pattern:
        /(?:existing bootstrap client certificate .{0,120} is expired|part of the existing bootstrap client certificate|client certificate is expired|tls: expired certificate)/i,
      matches: [
        'Part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2024-01-01 00:00:00 +0000 UTC',
      ],
      rejects: ['x509: certificate has expired or is not yet valid: current time 2020-01-01T00:00:00Z is before 2021-01-01T00:00:00Z'],
    },
  ],
  confirm: [
    {
      when: all(isAfter, without(any(clockWrong, absurdClock))),
      grade: 'direct',
      says: t('A connection was refused because the end date of a certificate has passed.', '连接被拒绝，因为证书的截止日期已过。'),
    },
    {
      when: all(expiredOrYoung, any(expiredFact, yearOld), without(clockWrong)),
      grade: 'direct',
      says: t(
        'A certificate is refused for its dates, and the cluster or certificate is older than its term.',
        '证书因日期被拒绝，且集群或证书已超过有效期限。',
      ),
    },
    {
      when: all(expiredFact, without(clockWrong)),
      grade: 'strong',
      says: t('A certificate is past its end date.', '某个证书已超过截止日期。'),
    },
    {
      when: all(symptomWhere(saysNoTime), without(any(clockWrong, picked(noRtc), tooYoungByContext))),
      // Go's words for both; far more often a term has run out than a clock is wrong.
      grade: 'strong',
      says: t('A certificate is said to be expired or not yet valid.', '证书被报告为已过期或尚未生效。'),
    },
    {
      when: symptomWhere((s) => isTls(s) && /Unable to authenticate the request.{0,80}(?:expired|x509)/iu.test(lineOf(s))),
      grade: 'strong',
      says: t('The API server refuses a client for its certificate.', 'API 服务器因证书拒绝了客户端。'),
    },
  ],
  refute: [
    { when: isBefore, says: t('The certificate is not yet valid: see clock-skew.', '证书尚未生效：参见 clock-skew。') },
    { when: startsLater, says: t('The certificate begins later than the clock of the node.', '证书的生效时间晚于节点时钟。') },
    { when: beforeRelease, says: t('The clock is older than the program itself.', '时钟早于程序本身的发布时间。') },
    { when: absurdClock, says: t('The clock itself cannot be right: see clock-skew.', '时钟本身不可能正确：参见 clock-skew。') },
  ],
  asks: [askDates],
  explains: [{ operation: 'tls' }, { status: 401 }],
  remedies: [
    {
      id: 'renew',
      title: t('Renew the certificates with the tool of the product', '用产品自带的工具续期证书'),
      risk: t('The API is away for a short time.', 'API 会短暂中断。'),
      safety: 'disruptive',
      command:
        'cp -a /etc/kubernetes /etc/kubernetes.culprit && kubeadm certs renew all   # RKE: rke cert rotate; K3s, RKE2: systemctl restart k3s|rke2-server',
      undo: 'mv /etc/kubernetes /etc/kubernetes.new && mv /etc/kubernetes.culprit /etc/kubernetes',
      verify: ['echo | openssl s_client -connect 127.0.0.1:6443 2>/dev/null | openssl x509 -noout -dates'],
    },
  ],
});

export const clockSkew = evidenceCause({
  id: 'clock-skew',
  area: 'certificates-and-time',
  severity: 'critical',
  layer: 0,
  title: t("The node's clock is wrong", '节点时钟错误'),
  mechanism: t(
    'Certificates and tokens have start and end times, and etcd and leases compare clocks. A node whose clock is behind finds fresh certificates "not yet valid"; one that is ahead finds good ones expired. Virtual machines after a resume and boards without a battery clock are prone to it.',
    '证书和令牌都有起止时间，etcd 和租约也会比较时钟。时钟落后的节点会认为新证书“尚未生效”；时钟超前的节点会认为有效证书已过期。恢复运行的虚拟机和没有电池时钟的开发板容易出现该问题。',
  ),
  summary: t(
    'The clock of the node is not right, so certificates look too young or too old.',
    '节点时钟不正确，证书因此看起来尚未生效或已过期。',
  ),
  sources: ['etcd server/etcdserver/api/rafthttp', 'kubernetes/node-problem-detector check_ntp', 'Go crypto/x509'],
  lookAlikes: ['cert-expired'],
  signatures: [
    {
      id: 'clock-skew/etcd-peer',
      grade: 'direct',
      anchors: ['clock difference against peer', 'prober found high clock drift'],
      // etcd warns from one second on; what breaks leases and certificates is a matter of many seconds.
      pattern:
        /the clock difference against peer (?<peer>[^ ]+) is too high(?! \[-?(?:[0-4](?:\.\d+)?s|\d+(?:\.\d+)?[mµu]s))|prober found high clock drift(?!.*"clock-drift":"-?(?:[0-4](?:\.\d+)?s|\d+(?:\.\d+)?[mµu]s))/i,
      matches: [
        'rafthttp: the clock difference against peer 8e9e05c52164694d is too high [4m2.1s > 1s]',
        '{"level":"warn","msg":"prober found high clock drift","round-tripper-name":"x"}',
      ],
      rejects: [
        'rafthttp: lost the TCP streaming connection with peer 8e9e05c52164694d',
        'rafthttp: the clock difference against peer 8e9e05c52164694d is too high [1.2s > 1s]',
      ],
    },
    {
      // Source: k3s-io/k3s pkg/server (the server refuses to start with a clock before 1980).
      id: 'clock-skew/not-set',
      grade: 'direct',
      terminal: true,
      anchors: [
        "time isn't set",
        'time is not set',
        "clock isn't set",
        'clock is not set',
        'clock skew detected',
        'clock is ahead',
        'clock is behind',
      ],
      pattern: /(?:time|clock) (?:isn't|is not) set (?:properly|correctly)|clock skew detected|clock is (?:ahead|behind)/,
      matches: ['level=fatal msg="server time isn\'t set properly: 1970-01-01 00:00:31 +0000 UTC"'],
      rejects: ['the time zone is not set'],
    },
    {
      id: 'clock-skew/token-early',
      grade: 'strong',
      anchors: ['token is not valid yet', 'Token used before issued', 'not yet valid: nbf'],
      pattern: /token is not valid yet|Token used before issued|not yet valid: nbf/i,
      matches: ['service account token is not valid yet'],
      rejects: ['token is not valid: unknown'],
    },
  ],
  confirm: [
    {
      when: all(
        clockWrongAtBirth,
        any(symptomWhere(isTls), stated({ whole: /not (?:yet )?valid|expired|x509|certificate|unauthori[sz]ed|尚未生效|过期|证书/iu })),
      ),
      grade: 'direct',
      says: t('The clock was wrong when the certificates were made.', '生成证书时时钟不正确。'),
    },
    {
      when: any(beforeKubernetes, refusedLongAgo, line('clock-skew/not-set')),
      grade: 'direct',
      says: t('The clock shows a time that cannot be.', '时钟显示的时间不可能正确。'),
    },
    { when: absurdClock, grade: 'direct', says: t('The time that the program read cannot be right.', '程序读到的时间不可能正确。') },
    {
      when: all(beforeRelease, symptomWhere(isTls)),
      grade: 'direct',
      says: t('The log is dated {now}, before {version} was released.', '日志时间为 {now}，早于 {version} 的发布时间。'),
    },
    {
      when: all(startsLater, without(clockRight)),
      grade: 'direct',
      says: t('A certificate begins at {value}, and the clock shows {now}.', '证书自 {value} 起有效，而时钟显示 {now}。'),
    },
    {
      when: all(isBefore, without(clockRight)),
      grade: 'direct',
      says: t('A certificate is not yet valid by the clock of the node.', '按节点时钟，证书尚未生效。'),
    },
    {
      when: all(clockWrong, symptomWhere(isTls)),
      grade: 'direct',
      says: t('The clock is off, and certificates are refused.', '时钟有偏差，且证书被拒绝。'),
    },
    {
      when: all(tooYoungByContext, without(any(expiredFact, yearOld))),
      grade: 'strong',
      says: t(
        'A certificate that is new, or of a site that renews in time, is refused for its dates.',
        '刚刚签发的证书，或会按时续期的站点的证书，因日期被拒绝。',
      ),
    },
    { when: clockWrong, grade: 'strong', says: t('The clock of the node is off.', '节点时钟有偏差。') },
    {
      when: all(picked(noRtc), any(expiredOrYoung, clockWrong)),
      grade: 'direct',
      says: t(
        'The machine has no clock that runs while it is off, and certificates look too young or too old.',
        '该机器没有断电后仍走时的时钟，且证书看起来尚未生效或已过期。',
      ),
    },
    {
      when: picked(noRtc),
      grade: 'strong',
      says: t('The machine has no clock that runs while it is off.', '该机器没有断电后仍走时的时钟。'),
    },
    {
      when: picked(observed('clock.ntp-synchronised', (value) => value === false)),
      grade: 'weak',
      says: t('The clock is not synchronised.', '时钟未同步。'),
    },
  ],
  refute: [
    { when: all(clockRight, without(any(absurdClock, refusedLongAgo, clockWrongAtBirth))), says: t('The clock is right.', '时钟正确。') },
  ],
  asks: [askDates],
  explains: [{ operation: 'tls' }, { kind: 'cert-expired/' }],
  remedies: [
    {
      id: 'step-clock',
      title: t('Set the clock and keep it synchronised', '校正时钟并保持同步'),
      risk: t('Leases may run out when the clock jumps.', '时钟跳变可能使租约过期。'),
      safety: 'disruptive',
      command: 'systemctl enable --now chronyd || systemctl enable --now systemd-timesyncd; chronyc makestep',
      undo: 'systemctl disable --now chronyd systemd-timesyncd',
      verify: ['timedatectl', 'chronyc tracking'],
    },
  ],
});

const namesOther: Test = symptomWhere(
  (s) =>
    isTls(s) &&
    // A message that was wrapped ends behind "for": Go goes on with the names and ", not X" in each case.
    /certificate is valid for .{1,400}, not |x509: certificate is valid for[ \t]*$|doesn't contain any (?:IP )?SANs|relies on legacy Common Name|no alternative certificate subject name matches|Hostname mismatch|does not match target host/iu.test(
      lineOf(s),
    ),
);

/** The certificate of a public site is right: another one means that somebody else answered (a search domain, a proxy). */
const publicSite: Test = symptomWhere((s) => isTls(s) && PUBLIC_SITE.test(s.name ?? ''));

/** What is used (address, URL, name of a load balancer) is stated beside the names of the certificate, and is none of them. */
const otherAddressThanCertificate: Test = ({ node }) => {
  const told = statementsOf(node);
  const names = told.find(
    (one) =>
      /cert|san\b|sans\b|subject alt/u.test(spokenKey(one.key)) &&
      /[a-z0-9]/iu.test(one.value) &&
      !/not ?after|not ?before|expir|date|valid (?:until|from)/u.test(spokenKey(one.key)),
  );
  const used = told.find(
    (one) =>
      one !== names &&
      /address|url|endpoint|server|name|ip|kubeconfig|lb|load ?balancer|vip|connect/u.test(spokenKey(one.key)) &&
      /\b(?:used|kubeconfig|endpoint|connects?|client|server|load ?balancer|vip|external|public|access)/u.test(spokenKey(one.key)),
  );
  if (names === undefined || used === undefined) return { seen: 'unknown' };
  const wanted = /(?:https?:\/\/)?\[?([\w.-]*\w)\]?(?::\d+)?(?:\/[^ ]*)?$/u.exec(used.value.trim())?.[1]?.toLowerCase();
  const listed = names.value.toLowerCase();
  const kinds = /\b(?:public|external|outside|load ?balancer|vip|elastic|floating)\b/iu;
  const isOther =
    wanted?.includes('.') === true
      ? !listed.includes(wanted) && /[\w-]\.[\w-]|kubernetes/u.test(listed)
      : kinds.test(used.value) && !kinds.test(listed);
  return isOther
    ? {
        seen: 'yes',
        kind: 'comparison',
        source: { kind: 'statement', key: used.key, text: `${used.key}: ${used.value}` },
        values: { key: used.key, value: used.value },
      }
    : { seen: 'unknown' };
};

export const certSanMissing = evidenceCause({
  id: 'cert-san-missing',
  area: 'certificates-and-time',
  severity: 'high',
  layer: 5,
  title: t('The certificate does not carry the name or address that is dialled', '证书不含所连接的名称或地址'),
  mechanism: t(
    'A load balancer, a virtual address or a new node address was put in front of the API after its certificate was made. The certificate lists other names, so clients refuse it.',
    'API 证书签发之后又启用了负载均衡、虚拟地址或新的节点地址。证书列出的是其他名称，客户端因此拒绝它。',
  ),
  summary: t('The served certificate is for other names than the one that is dialled.', '服务端证书对应的是其他名称，而不是所连接的名称。'),
  sources: ['Go crypto/x509 (HostnameError)', 'rancher/rke-docs: authentication.sans', 'k3s-io/docs: tls-san'],
  lookAlikes: ['cert-ca-mismatch', 'resolv-search-wildcard-hijack', 'localhost-shadowed-by-dns-search', 'proxy-catches-internal-traffic'],
  confirm: [
    {
      when: all(namesOther, without(any(stated({ whole: /wildcard|泛解析/iu }), on('lookup.search-wildcard'), publicSite))),
      grade: 'direct',
      says: t('A client refuses the certificate: it is valid for other names.', '客户端拒绝了证书：它对应的是其他名称。'),
    },
    {
      when: otherAddressThanCertificate,
      grade: 'strong',
      says: t('The address or name that is used is not among those of the certificate.', '所使用的地址或名称不在证书的列表中。'),
    },
    {
      when: stated({
        whole: /(?:san|subject alternative|tls-san|certsans|sans)[^.;]*(?:lack|missing|not (?:in|listed|contain)|without|缺少|不含)/iu,
      }),
      grade: 'strong',
      says: t('It is stated that the certificate lacks the name.', '陈述中提到证书缺少该名称。'),
    },
  ],
  refute: [
    {
      when: renamedNode,
      says: t(
        'The machine that was {old} now runs as {now}: see node-name-mismatch.',
        '原来的 {old} 现在以 {now} 运行：参见 node-name-mismatch。',
      ),
    },
  ],
  asks: [
    ask(
      'the names in the certificate that is served for this name',
      '该名称所返回证书中的名称列表',
      'echo | openssl s_client -connect HOST:6443 -servername NAME 2>/dev/null | openssl x509 -noout -ext subjectAltName',
    ),
  ],
  explains: [{ operation: 'tls' }],
  remedies: [
    {
      id: 'add-san',
      title: t(
        'Add the name to the certificate: authentication.sans (RKE), tls-san (K3s, RKE2), certSANs (kubeadm)',
        '把该名称加入证书：authentication.sans（RKE）、tls-san（K3s、RKE2）、certSANs（kubeadm）',
      ),
      risk: t('The API server gets a new certificate and restarts.', 'API 服务器会更换证书并重启。'),
      safety: 'needs-a-person',
      command: "printf 'tls-san:\\n  - NAME\\n' >> /etc/rancher/k3s/config.yaml && systemctl restart k3s",
      undo: "sed -i '/^tls-san:/,+1d' /etc/rancher/k3s/config.yaml && systemctl restart k3s",
      verify: ['echo | openssl s_client -connect HOST:6443 2>/dev/null | openssl x509 -noout -ext subjectAltName'],
    },
  ],
});

const unknownAuthority: Test = symptomWhere(
  (s) =>
    isTls(s) &&
    s.operation === 'tls' &&
    !/regist|\/v2\/|docker\.io|pull/iu.test(lineOf(s)) &&
    /signed by unknown authority|self[- ]signed certificate|unable to get local issuer certificate|unable to verify the first certificate|crypto\/rsa: verification error/iu.test(
      lineOf(s),
    ),
);

/** `CN = ca` and `CN=ca` are one name. */
const plainName = (text: string): string => text.replace(/ *= */gu, '=').replace(/, +/gu, ',');
/** The issuer of a certificate that a server showed is none of the authorities whose files are known. */
const issuerIsNoneOfOurs: Test = ({ node }) => {
  const text = (key: string): string | undefined => {
    const fact = node.observations[key];
    return fact?.state === 'known' && typeof fact.value === 'string' ? plainName(fact.value) : undefined;
  };
  const keys = Object.keys(node.observations);
  const authorities = keys.flatMap((key) => {
    const path = /^cert\.(\/.+)\.subject$/u.exec(key)?.[1];
    const subject = text(key);
    return path !== undefined && subject !== undefined && subject === text(`cert.${path}.issuer`) ? [subject] : [];
  });
  const served = keys.find((key) => /^cert\.[^/]+:\d+\.issuer$/u.test(key));
  const issuer = served === undefined ? undefined : text(served);
  if (served === undefined || issuer === undefined || authorities.length === 0) return { seen: 'unknown' };
  const source = node.observations[served]?.source;
  return authorities.includes(issuer)
    ? { seen: 'no' }
    : { seen: 'yes', kind: 'comparison', values: { issuer, ours: authorities.join('; ') }, ...(source === undefined ? {} : { source }) };
};

export const certCaMismatch = evidenceCause({
  id: 'cert-ca-mismatch',
  area: 'certificates-and-time',
  severity: 'critical',
  layer: 5,
  title: t('The certificate is of another CA than the client trusts', '证书由客户端不信任的 CA 签发'),
  mechanism: t(
    'The cluster was made anew, the node was used before, or the CA of Rancher was replaced: one side still holds the old CA. Joining with an old token, or with a kubeconfig of an earlier cluster, gives the same picture.',
    '集群被重建、节点曾被使用过，或 Rancher 的 CA 被更换：其中一方仍持有旧的 CA。使用旧令牌加入，或使用早期集群的 kubeconfig，现象相同。',
  ),
  summary: t('The two sides trust different CAs.', '双方信任的 CA 不同。'),
  sources: ['k3s-io/k3s pkg/clientaccess', 'rancher/rancher package/run.sh', 'Go crypto/x509 (UnknownAuthorityError)'],
  lookAlikes: [
    'agent-ca-checksum-mismatch',
    'registry-tls-or-http',
    'proxy-catches-internal-traffic',
    'leftover-rke-cluster',
    'rke-state-file-lost-or-old',
    'clock-skew',
  ],
  consequenceOf: ['rke-state-file-lost-or-old', 'agent-ca-checksum-mismatch', 'leftover-rke-cluster'],
  signatures: [
    {
      id: 'cert-ca-mismatch/token-hash',
      grade: 'direct',
      anchors: ['CA hash does not match', 'certificate hash'],
      pattern: /token CA hash does not match the Cluster CA certificate hash/i,
      matches: [
        'level=fatal msg="starting kubernetes: preparing server: failed to validate token: token CA hash does not match the Cluster CA certificate hash: 1a != 2b"',
      ],
      rejects: ['cluster CA found in cluster-info ConfigMap is invalid: none of the public keys'],
    },
  ],
  confirm: [
    {
      when: symptomWhere(
        (s) =>
          isTls(s) &&
          /possibly because of|crypto\/rsa: verification error|candidate authority/iu.test(lineOf(s)) &&
          !/regist|\/v2\/|pull/iu.test(lineOf(s)),
      ),
      grade: 'direct',
      says: t('A CA of the same name, but with another key, signed the certificate.', '签发证书的 CA 同名但密钥不同。'),
    },
    { when: on('cert.ca-changed'), grade: 'strong', says: t('The CA was replaced.', 'CA 已被更换。') },
    {
      when: issuerIsNoneOfOurs,
      grade: 'strong',
      says: t(
        'The server shows a certificate of {issuer}; the authority on file is {ours}.',
        '服务端证书由 {issuer} 签发，而本地持有的 CA 是 {ours}。',
      ),
    },
    {
      when: stated({
        whole:
          /(?:\bca\b|certificate authority|cacerts|ca\.crt|证书颁发)[^.;]*(?:changed|replaced|regenerated|new|different|old|rotated|another|更换|不同)/iu,
      }),
      grade: 'strong',
      says: t('It is stated that the CA changed.', '陈述中提到 CA 已更换。'),
    },
    {
      when: unknownAuthority,
      grade: 'strong',
      says: t('A certificate is signed by a CA that the client does not know.', '证书由客户端不认识的 CA 签发。'),
    },
    {
      when: all(
        unknownAuthority,
        stated({ whole: /(?:re-?created|re-?install|rebuilt|reset|previous|earlier|old) (?:the )?(?:cluster|node|server)|重建|重装/iu }),
      ),
      grade: 'direct',
      says: t('A CA that is not known, after the cluster was made anew.', '集群重建之后出现不被信任的 CA。'),
    },
  ],
  refute: [
    {
      when: on('cert.private-ca'),
      says: t('The server uses a private CA that the client was never given.', '服务器使用私有 CA，而客户端从未获得该 CA。'),
    },
  ],
  asks: [
    ask(
      'the issuer of the served certificate and the CA that the client holds',
      '服务端证书的签发者与客户端持有的 CA',
      'echo | openssl s_client -connect SERVER:6443 2>/dev/null | openssl x509 -noout -issuer -fingerprint; openssl x509 -in /etc/kubernetes/pki/ca.crt -noout -subject -fingerprint',
    ),
  ],
  explains: [{ operation: 'tls' }],
  remedies: [
    {
      id: 'join-again',
      title: t('Join again with the current token and CA of the server', '使用服务器当前的令牌和 CA 重新加入'),
      risk: t('none for the cluster', '对集群无影响'),
      safety: 'needs-a-person',
      command: 'cat /var/lib/rancher/k3s/server/node-token   # on the server; kubeadm token create --print-join-command',
      verify: ['kubectl get nodes'],
    },
    {
      id: 'clean-node',
      title: t('Move the state of the earlier cluster aside on the node', '把节点上早期集群的状态移走'),
      risk: t('The earlier cluster on this node is gone; keep the copies.', '该节点上的早期集群将不可用；请保留副本。'),
      safety: 'needs-a-person',
      command: 'for d in /etc/kubernetes /var/lib/etcd /etc/cni/net.d; do [ -e $d ] && mv $d $d.culprit; done',
      undo: 'for d in /etc/kubernetes /var/lib/etcd /etc/cni/net.d; do [ -e $d.culprit ] && mv $d.culprit $d; done',
      verify: ['ls /etc/kubernetes'],
    },
  ],
});

export const joinTokenInvalid = evidenceCause({
  id: 'join-token-invalid',
  area: 'certificates-and-time',
  severity: 'critical',
  layer: 6,
  title: t('The join token is wrong or has run out', '加入令牌错误或已失效'),
  mechanism: t(
    'kubeadm tokens live for 24 hours; K3s and RKE2 tokens change when the server is made anew. The server answers, but does not accept the token.',
    'kubeadm 令牌有效期为 24 小时；K3s 和 RKE2 的令牌在服务器重建后会改变。服务器有应答，但不接受该令牌。',
  ),
  summary: t('The server does not accept the token that the node joins with.', '服务器不接受节点加入时使用的令牌。'),
  sources: ['kubernetes/kubernetes cmd/kubeadm/app/discovery', 'k3s-io/k3s pkg/clientaccess'],
  lookAlikes: ['join-server-url-wrong', 'cert-ca-mismatch', 'clock-skew', 'node-port-blocked'],
  // A listener of another kind refuses every token.
  consequenceOf: ['join-server-url-wrong'],
  signatures: [
    {
      id: 'join-token-invalid/kubeadm',
      grade: 'direct',
      anchors: ['could not find a JWS signature', 'cluster-info ConfigMap'],
      pattern:
        /could not find a JWS signature in the cluster-info ConfigMap for token ID|there is no JWS signed token in the cluster-info ConfigMap|cluster CA found in cluster-info ConfigMap is invalid: none of the public keys/i,
      matches: [
        'couldn\'t validate the identity of the API Server: could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"',
      ],
      rejects: ['configmaps "cluster-info" not found'],
    },
    {
      id: 'join-token-invalid/k3s',
      grade: 'direct',
      anchors: [
        'failed to validate token',
        'token is not valid',
        'invalid token format',
        'invalid token CA hash length',
        '401 Unauthorized',
        'not authorized',
      ],
      pattern:
        /(?:token is not valid(?! yet)|invalid token (?:format|CA hash length)|failed to validate token(?!.*(?:CA hash|hash does not match))(?!.*(?:connection refused|i\/o timeout|no such host))|https:\/\/[^ ]+(?:apiservers|v1-(?:k3s|rke2)[^ ]*): 401 Unauthorized)/i,
      matches: [
        'level=fatal msg="Failed to validate token: token is not valid"',
        'https://10.0.0.1:6443/v1-k3s/serving-kubelet.crt: 401 Unauthorized',
      ],
      rejects: [
        'invalid bearer token, service account token is not valid yet',
        'failed to validate token: failed to get CA certs: Get "https://10.0.0.1:6443/cacerts": dial tcp 10.0.0.1:6443: connect: connection refused',
        'failed to get CA certs: https://10.0.0.1:6443/cacerts: 401 Unauthorized',
      ],
    },
  ],
  confirm: [
    { when: on('join.token-expired'), grade: 'direct', says: t('The token has run out.', '令牌已失效。') },
    {
      when: observed('join.token-matches', (value) => value === false),
      grade: 'direct',
      says: t("The token is not the server's.", '令牌与服务器的不一致。'),
    },
    {
      when: symptomWhere(
        (s) => /cluster-info|kubeadm-config ConfigMap[^\n]*: Unauthorized/u.test(lineOf(s)) && lineOf(s).includes('Unauthorized'),
      ),
      grade: 'weak',
      says: t('The API server takes the joining node for nobody.', 'API 服务器不认可正在加入的节点。'),
    },
    {
      when: stated({ whole: /token[^.;]*(?:expired|wrong|invalid|old|not in (?:the )?list|失效|错误)/iu }),
      grade: 'strong',
      says: t('It is stated that the token is wrong or old.', '陈述中提到令牌错误或过旧。'),
    },
  ],
  refute: [
    {
      when: line('cert-ca-mismatch/token-hash'),
      says: t('The CA was replaced: see cert-ca-mismatch.', 'CA 已更换：参见 cert-ca-mismatch。'),
    },
  ],
  asks: [
    ask(
      'whether the token is one that the server knows now',
      '该令牌是否为服务器当前认可的令牌',
      'kubeadm token list   # K3s: cat /var/lib/rancher/k3s/server/node-token',
    ),
  ],
  explains: [{ status: 401 }],
  remedies: [
    {
      id: 'new-token',
      title: t('Join with a new token', '使用新令牌加入'),
      risk: t('none', '无'),
      safety: 'safe',
      command: 'kubeadm token create --print-join-command   # K3s, RKE2: cat /var/lib/rancher/*/server/node-token',
      undo: 'kubeadm token delete TOKEN',
      verify: ['kubectl get nodes'],
    },
  ],
});

export const certKeyPermissionsOrMissing = evidenceCause({
  id: 'cert-key-permissions-or-missing',
  area: 'certificates-and-time',
  severity: 'critical',
  layer: 5,
  title: t('A certificate or key file is missing, unreadable or does not belong together', '证书或密钥文件缺失、无法读取或不匹配'),
  mechanism: t(
    'The component ends at its start because it cannot open its certificate or key, or because the two do not belong to each other: a copy was left out, the owner is another one (etcd with its own uid), or only one of both was renewed.',
    '组件在启动时退出，因为无法打开证书或密钥，或两者不匹配：漏拷了文件、属主不对（etcd 使用独立 uid），或只更新了其中一个。',
  ),
  summary: t('A component cannot use its certificate or key file.', '组件无法使用其证书或密钥文件。'),
  sources: ['rancher/rke pki/deploy.go', 'Go crypto/tls (X509KeyPair)'],
  lookAlikes: ['cert-ca-mismatch', 'etcd-data-dir-permission', 'selinux-denials'],
  signatures: [
    {
      id: 'cert-key-permissions-or-missing/open',
      grade: 'direct',
      terminal: true,
      anchors: ['no such file or directory', 'permission denied', 'Permission denied'],
      pattern:
        /(?:open|stat|reading|load\w*) [^ ]*(?:\/(?:pki|ssl|tls|certs?)\/[^ ]*|\.(?:pem|crt|key))"?: (?:no such file or directory|permission denied)/i,
      matches: [
        'error: open /etc/kubernetes/ssl/kube-apiserver.pem: no such file or directory',
        'open /etc/kubernetes/pki/etcd/server.key: permission denied',
      ],
      rejects: ['open /var/lib/etcd/member/snap/db: permission denied', 'open /run/flannel/subnet.env: no such file or directory'],
    },
    {
      id: 'cert-key-permissions-or-missing/pair',
      grade: 'direct',
      terminal: true,
      anchors: ['private key does not match public key', 'key values mismatch'],
      pattern: /private key does not match public key|key values mismatch/i,
      matches: ['tls: private key does not match public key'],
      rejects: ['tls: bad certificate'],
    },
    {
      id: 'cert-key-permissions-or-missing/rke',
      grade: 'strong',
      anchors: ['is not found'],
      pattern: /Certificate [^ ]+ is not found/i,
      matches: ['[certificates] Certificate kube-apiserver is not found'],
      rejects: ['pod is not found'],
    },
  ],
  confirm: [
    { when: on('cert.missing'), grade: 'strong', says: t('A certificate file is missing.', '缺少证书文件。') },
    {
      when: observed('cert.readable', (value) => value === false),
      grade: 'strong',
      says: t('A certificate file cannot be read.', '证书文件无法读取。'),
    },
  ],
  asks: [
    ask(
      'whether the named file is there and readable by the process',
      '该文件是否存在且进程可读',
      'ls -lZ /etc/kubernetes/ssl /etc/kubernetes/pki',
    ),
  ],
  remedies: [
    {
      id: 'redeploy',
      title: t('Deploy the certificates anew with the tool of the product', '用产品自带的工具重新部署证书'),
      risk: t('Components restart.', '组件会重启。'),
      safety: 'needs-a-person',
      command: 'rke up   # kubeadm: kubeadm init phase certs all',
      verify: ['ls -l /etc/kubernetes/ssl /etc/kubernetes/pki'],
    },
    {
      id: 'owner',
      title: t('Give the files to the uid of the process', '把文件属主改为进程的 uid'),
      risk: t('none', '无'),
      safety: 'safe',
      command: 'chown UID:GID FILE && restorecon FILE',
      undo: 'chown OLDUID:OLDGID FILE',
      verify: ['ls -l FILE'],
    },
  ],
});
