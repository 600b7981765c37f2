/** sssd and systemd-resolved in the place of nscd: their sockets reach into containers in the same way. */
import { valueOf } from '../../facts/fact.ts';
import type { ServiceSocket, ViewFacts } from '../../facts/node-facts.ts';
import type { Need } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, ask, evidenceCheck, stated, t } from '../_checks/index.ts';
import { disagreementEvidence, disagreements, libcMisses } from '../_libc-against-dns.ts';
import { hostsDatabase, writeHostsDatabase } from '../_nsswitch.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  line: t('{path} line {line} names {service} for hosts', '{path} 第 {line} 行为 hosts 指定了 {service}'),
  socket: t('{view} reaches the socket {socket}', '{view} 可以访问套接字 {socket}'),
  fine: t('no hosts line names it, or its socket is not reachable', 'hosts 行没有指定它，或无法访问其套接字'),
} as const;

const socketOf = (view: ViewFacts, service: ServiceSocket['service']): ServiceSocket | undefined =>
  valueOf(view.sockets)?.find((s) => s.service === service && s.state !== 'refused');

function inView(view: ViewFacts, service: 'sss' | 'resolve', socket: ServiceSocket): readonly Finding[] {
  const database = hostsDatabase(view);
  const at = database?.words.indexOf(service) ?? -1;
  if (database?.line === undefined || at < 0) return [];
  const isAction = database.words[at + 1]?.startsWith('[') === true;
  const words = database.words.filter((_, index) => index !== at && !(isAction && index === at + 1));
  const values = {
    path: '/etc/nsswitch.conf',
    line: database.line,
    service,
    view: view.names[0] ?? view.id,
    socket: socket.path,
    pid: view.pid ?? 'PID',
  };
  const evidence: CauseEvidence[] = [
    { said: say(texts.line, values), source: database.source, grade: 'strong' },
    { said: say(texts.socket, values), ...(view.sockets.state === 'known' ? { source: view.sockets.source } : {}), grade: 'strong' },
  ];
  return [
    {
      status: 'present',
      view: view.id,
      values,
      evidence,
      remedies: [{ id: 'drop-service', edits: [writeHostsDatabase(view, database, words.includes('dns') ? words : [...words, 'dns'])] }],
      explainsAnswer: (a) => a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
      explainsSymptom: (s) => s.view === view.id && s.operation === 'resolve',
    },
  ];
}

const dropService = {
  id: 'drop-service',
  title: t('Take {service} out of the hosts line of {path}', '从 {path} 的 hosts 行去掉 {service}'),
  risk: t('names that only {service} knows are no longer found', '只有 {service} 知道的名称将无法找到'),
  safety: 'safe',
  command: "sed -i.bak -e '/^hosts:/s/ {service}\\( \\[[^]]*\\]\\)\\{0,1\\}//' /etc/nsswitch.conf",
  undo: 'mv /etc/nsswitch.conf.bak /etc/nsswitch.conf',
  verify: ['nsenter -t {pid} -m -n getent ahosts localhost'],
} as const;

/** Nobody listed the sockets of the view: a trace shows that one was asked, or libc and DNS disagree behind that hosts line. */
function byEvidence(
  { node }: CauseContext,
  service: 'sss' | 'resolve',
  socket: RegExp,
  where: (view: ViewFacts) => boolean,
  needs: readonly Need[],
): readonly Finding[] {
  const traced = node.observations['strace.service-sockets'];
  const paths: readonly unknown[] = traced?.state === 'known' && Array.isArray(traced.value) ? traced.value : [];
  const asked = paths.find((path): path is string => typeof path === 'string' && socket.test(path));
  return node.views.filter(where).flatMap((view): readonly Finding[] => {
    const database = hostsDatabase(view);
    const missed = disagreements(node, (one) => one.view.id === view.id && libcMisses(one))[0];
    if (database?.services.includes(service) !== true || missed === undefined) return [];
    const values = {
      path: '/etc/nsswitch.conf',
      line: database.line ?? 0,
      service,
      view: view.names[0] ?? view.id,
      socket: asked ?? '',
      pid: view.pid ?? 'PID',
    };
    const evidence: CauseEvidence[] = [
      { said: say(texts.line, values), source: database.source, grade: 'strong' },
      ...(asked === undefined || traced?.state !== 'known'
        ? []
        : [{ said: say(texts.socket, values), source: traced.source, grade: 'strong' as const }]),
      { ...disagreementEvidence(missed), grade: asked === undefined ? 'strong' : 'direct' },
    ];
    return [
      {
        status: 'present',
        view: view.id,
        values,
        evidence,
        remedies: [{ id: 'drop-service' }],
        atMost: asked === undefined ? 'possible' : 'likely',
      },
      ...(asked === undefined ? [{ status: 'cannot-tell' as const, needs }] : []),
    ];
  });
}
const lookAtSssd = ask(
  'whether the hosts line names sss, and whether a look-up asks its pipe',
  'hosts 行是否含有 sss，以及查询时是否访问其管道',
  'grep ^hosts /etc/nsswitch.conf; sssctl domain-status DOMAIN; strace -e trace=network getent ahosts NAME 2>&1 | grep sss',
);
const lookAtResolve = ask(
  'whether the socket of the host reaches into the container, and whether a look-up asks it',
  '宿主机的套接字能否在容器中访问，以及查询时是否访问它',
  'docker exec CONTAINER ls -l /run/systemd/resolve; docker exec CONTAINER strace -e trace=network getent ahosts NAME 2>&1 | grep resolve',
);
const toldOfSssd = evidenceCheck({
  confirm: [
    {
      when: all(
        stated({ whole: /sss[^;]*(?:running|active|offline|joined)/iu }),
        stated({ whole: /(?:getent|look-?up|resol|name)[^;]*(?:slow|seconds|hang|fail|stale|wrong|\d s\b|\ds\b)/iu }),
      ),
      grade: 'hint',
      says: t('sssd runs, and look-ups of libc programs are slow or wrong', 'sssd 在运行，且 libc 程序的查询缓慢或有误'),
    },
  ],
  refute: [
    {
      when: ({ node }) => {
        const view = node.views.find((v) => hostsDatabase(v)?.line !== undefined);
        return view !== undefined && hostsDatabase(view)?.services.includes('sss') !== true
          ? { seen: 'yes', kind: 'configuration' }
          : { seen: 'unknown' };
      },
      says: t('the hosts line does not name sss', 'hosts 行没有 sss'),
    },
  ],
  asks: [lookAtSssd],
});

export const sssdHostsCache = defineCause({
  id: 'sssd-hosts-cache',
  area: 'name-caches',
  severity: 'low',
  layer: 1,
  title: t('sssd answers for host names', 'sssd 参与了主机名解析'),
  mechanism: t(
    '`hosts: files sss dns` lets sssd answer host names. With its pipe mounted into a container and the module in the image it answers with the view of the host, as nscd does.',
    '`hosts: files sss dns` 会让 sssd 应答主机名。若其管道被挂载进容器且镜像中有该模块，它会像 nscd 那样按宿主机的视角应答。',
  ),
  summary: t('{view} asks sssd for host names.', '{view} 向 sssd 查询主机名。'),
  sources: ['sssd.conf(5)', 'nsswitch.conf(5)'],
  lookAlikes: ['nscd-socket-in-container-hosts-cache'],
  confirms: [
    t(
      'the hosts line names sss, and its pipe /var/lib/sss/pipes/nss is reachable',
      'hosts 行含有 sss，且其管道 /var/lib/sss/pipes/nss 可访问',
    ),
  ],
  refutes: [t('sss stands on passwd and group only', 'sss 只出现在 passwd 和 group 中')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does the line hosts of nsswitch.conf name sss, and does the name resolve once the cache of SSSD is emptied?',
        zh: 'nsswitch.conf 的 hosts 行是否含有 sss？清空 SSSD 缓存后名称是否可解析？',
      },
      command: 'grep ^hosts /etc/nsswitch.conf; sss_cache -E; getent ahosts NAME',
    },
  ],
  remedies: [dropService],
  check: (context) => {
    const { node } = context;
    const findings = node.views.flatMap((view) => {
      const socket = socketOf(view, 'sssd');
      return socket === undefined ? [] : inView(view, 'sss', socket);
    });
    if (findings.length > 0) return findings;
    const shown = byEvidence(context, 'sss', /\/sss\/pipes\//u, () => true, [lookAtSssd]);
    if (shown.length > 0) return shown;
    const told = toldOfSssd(context);
    return told.length > 0 ? told : ruledOut(node, say(texts.fine), '/etc/nsswitch.conf', 'sockets');
  },
});

export const nssResolveSocketInContainer = defineCause({
  id: 'nss-resolve-socket-in-container',
  area: 'name-caches',
  severity: 'medium',
  layer: 3,
  title: t("The host's systemd-resolved answers for a container", '宿主机的 systemd-resolved 替容器应答'),
  mechanism: t(
    'The container has /run of the host mounted and the module nss-resolve in its image: `resolve [!UNAVAIL=return]` asks the host\'s systemd-resolved, whose "no such host" is final. DNS inside the container would know the name.',
    '容器挂载了宿主机的 /run，且镜像中有 nss-resolve 模块：`resolve [!UNAVAIL=return]` 会询问宿主机的 systemd-resolved，而它回答“没有这个主机”即为最终结果。容器内的 DNS 其实知道该名称。',
  ),
  summary: t("{view} asks the host's systemd-resolved through {socket}.", '{view} 通过 {socket} 询问宿主机的 systemd-resolved。'),
  sources: ['nss-resolve(8)', 'systemd/systemd#12203'],
  lookAlikes: ['nscd-socket-in-container-hosts-cache'],
  confirms: [
    t(
      'the hosts line of the container has resolve before dns, and /run/systemd/resolve/io.systemd.Resolve is reachable in it',
      '容器的 hosts 行中 resolve 在 dns 之前，且其中可访问 /run/systemd/resolve/io.systemd.Resolve',
    ),
  ],
  refutes: [t('the program does not connect to that socket', '程序没有连接该套接字')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Is the socket of the host's systemd-resolved in the container (/run/systemd mounted), and has its nsswitch.conf resolve?",
        zh: '主机 systemd-resolved 的套接字是否在容器中（挂载了 /run/systemd）？其 nsswitch.conf 是否含有 resolve？',
      },
      command: 'kubectl exec POD -- ls /run/systemd/resolve; kubectl exec POD -- grep ^hosts /etc/nsswitch.conf',
    },
  ],
  remedies: [dropService],
  check: (context) => {
    const { node } = context;
    const findings = node.views.flatMap((view) => {
      const socket = view.kind === 'container' ? socketOf(view, 'resolved') : undefined;
      return socket === undefined ? [] : inView(view, 'resolve', socket);
    });
    if (findings.length > 0) return findings;
    const shown = byEvidence(
      context,
      'resolve',
      /\/systemd\/resolve\//u,
      (view) => view.kind === 'container' && view.sockets.state !== 'known',
      [lookAtResolve],
    );
    return shown.length > 0 ? shown : ruledOut(node, say(texts.fine), '/etc/nsswitch.conf', 'sockets');
  },
});
