import { valueOf } from '../../facts/fact.ts';
import type { Source } from '../../facts/fact.ts';
import type { DaemonFacts, Mount, ServiceSocket, ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import type { Edit } from '../../remedy/edit.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, line, observed, off, on, product, stated, symptomWhere, t, without } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding, FindingRemedy } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';
import { hostsCacheOff, nscdConfigOf, unitOf } from '../_name-cache.ts';

const texts = {
  socket: { en: '{view} reaches the cache socket {path}', zh: '{view} 可以访问缓存套接字 {path}' },
  mount: { en: 'it comes from the node: {host} is mounted there', zh: '它来自宿主机：{host} 被挂载到该处' },
  daemon: {
    en: '{daemon} (pid {pid}) answers behind it, out of its own view: {where}',
    zh: '套接字背后是 {daemon}（pid {pid}），它按自己的视角应答：{where}',
  },
  cacheOn: { en: 'its hosts cache is on', zh: '它的 hosts 缓存已开启' },
  answeredNo: {
    en: 'the daemon answers "no such host" for {name}, and glibc takes that as final: DNS is never asked',
    zh: '守护进程对 {name} 回答“没有这个主机”，glibc 将其视为最终结果，不再查询 DNS',
  },
  notReached: {
    en: 'no container reaches a live cache socket of another view with its hosts cache on',
    zh: '没有容器能访问其他视角中开启了 hosts 缓存的活动套接字',
  },
} as const;

/** Any failing lookup that was answered by the cache daemon. */
const answeredByDaemon =
  (view: ViewFacts) =>
  (a: ClientAnswer): boolean =>
    a.view === view.id && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve' && (a.resolution.nscdRequests?.length ?? 0) > 0;

const daemonRuns = any(on('nscd.running'), on('unit.nscd.active'), on('unit.unscd.active'));
const runMounted = any(
  on('container.mounts-var-run'),
  stated({ whole: /(?:mount|mounted|volume|bind|hostpath|挂载)[^.;]*\/(?:var\/)?run(?![a-z/]*\/[a-z]*\.sock|\/docker)\b/iu }),
);
const socketInside = any(
  on('nscd.socket-in-container'),
  line('nscd-socket-in-container-hosts-cache/connected'),
  all(daemonRuns, runMounted),
);
/** DNS tools get the answer, libc does not: the question never went to DNS. */
const toolsDisagree = any(
  // Both on the host itself is the host's own cache: see nscd-negative-cache and nscd-stale-resolv-conf.
  all(any(on('lookup.container-dns.works'), on('lookup.dns.works')), any(off('lookup.container.works'), off('lookup.glibc.works'))),
  all(on('lookup.container-dns.works'), off('lookup.host.works')),
  all(any(on('lookup.go.works'), on('lookup.musl.works')), off('lookup.glibc.works')),
);
/** The decisive trace: the daemon says no, and no question to port 53 follows. */
const traced = (...words: readonly string[]): Test =>
  observed('nscd.strace', (value) => typeof value === 'string' && words.includes(value));
const saidNo = all(traced('connected-not-found'), off('strace.dns-after-nscd'));
const lookupFails = symptomWhere((s) => (s.operation === 'resolve' || s.operation === 'dns') && s.details?.['noise'] === undefined);
const daemonHeals = all(
  daemonRuns,
  observed('lookup.heals-on', (value) => value === 'daemon-restart' || value === 'cache-flush'),
);

/** Nobody looked into the container: what the trace, the two programs and the person say. */
const toldOfSocket = (context: CauseContext): readonly Finding[] =>
  evidenceCheck({
    confirm: [
      {
        when: saidNo,
        grade: 'direct',
        says: t(
          'the trace shows it: the cache daemon says "no such host", and DNS is never asked',
          '跟踪记录显示：缓存守护进程回答“没有这个主机”，之后从未查询 DNS',
        ),
      },
      {
        when: all(socketInside, any(toolsDisagree, lookupFails, off('lookup.container.works'))),
        grade: 'direct',
        says: t("the container reaches the node's cache socket, and its look-ups fail", '容器可以访问宿主机的缓存套接字，且其解析失败'),
      },
      {
        when: all(toolsDisagree, daemonRuns),
        grade: 'direct',
        says: t(
          'dig answers and libc programs do not, with a cache daemon on the node',
          'dig 有应答而 libc 程序没有，且宿主机上运行缓存守护进程',
        ),
      },
      {
        when: all(daemonHeals, lookupFails),
        grade: 'direct',
        says: t('look-ups of a container heal when the cache daemon stops', '停止缓存守护进程后容器的解析恢复'),
      },
      {
        when: all(daemonHeals, stated({ clause: [/nscd|cache daemon/iu, /\bpods?\b|containers?\b|容器/iu] })),
        grade: 'direct',
        says: t('look-ups of a container heal when the cache daemon stops', '停止缓存守护进程后容器的解析恢复'),
      },
      {
        when: all(daemonRuns, lookupFails, product('rancher1')),
        grade: 'strong',
        says: t(
          'a cache daemon runs on the node, and containers that mount its /var/run cannot look names up',
          '宿主机运行缓存守护进程，而挂载了其 /var/run 的容器无法解析名称',
        ),
      },
      { when: socketInside, grade: 'strong', says: t("a program reaches the node's cache socket", '程序可以访问宿主机的缓存套接字') },
      { when: toolsDisagree, grade: 'hint', says: t('dig answers and libc programs do not', 'dig 有应答而 libc 程序没有') },
      {
        when: all(daemonRuns, lookupFails),
        grade: 'hint',
        says: t('a cache daemon runs on the node, and look-ups fail', '宿主机运行缓存守护进程，且解析失败'),
      },
    ],
    refute: [
      {
        when: stated({
          whole:
            /(?:u?nscd|cache daemon)\b(?![^:;]+(?:socket|mount|host))[^;]{0,40}(?:runs?|running|lives?|started|installed|: *(?:is )?)[^;]{0,12}(?:in|inside) (?:a |an |the |another )*(?:sibling |side-?car |other )?container/iu,
        }),
        says: t(
          'the daemon is stated to live in a container: see nscd-empty-hosts-view-in-chroot',
          '陈述中提到守护进程位于容器中：参见 nscd-empty-hosts-view-in-chroot',
        ),
      },
      {
        when: traced('absent', 'refused'),
        says: t('the trace shows that no cache daemon can be reached', '跟踪记录显示无法访问缓存守护进程'),
      },
      {
        when: traced('connected-not-served', 'connected-silent'),
        says: t(
          'the trace shows that the cache daemon gives no answer, so that DNS is asked',
          '跟踪记录显示缓存守护进程没有给出答案，因此会查询 DNS',
        ),
      },
      { when: off('nscd.hosts-cache'), says: t('the hosts cache is switched off', 'hosts 缓存已关闭') },
      { when: off('nscd.running'), says: t('no cache daemon runs on the node', '宿主机没有运行缓存守护进程') },
      {
        when: any(
          off('nscd.socket-in-container'),
          all(line('nscd-socket-in-container-hosts-cache/not-there'), without(line('nscd-socket-in-container-hosts-cache/connected'))),
        ),
        says: t('the socket is not in the container', '容器中没有该套接字'),
      },
    ],
    explains: [{ operation: 'resolve' }, { kind: 'metadata-unreachable/' }],
    asks: [
      ask(
        'whether the container has the socket of nscd or unscd of the node, and whether dig answers where ping does not',
        '容器中是否有宿主机 nscd 或 unscd 的套接字，以及是否 dig 有应答而 ping 没有',
        'docker exec CONTAINER ls -l /var/run/nscd/socket; docker exec CONTAINER ping -c1 NAME; docker exec CONTAINER dig NAME; ps -C nscd,unscd',
      ),
    ],
    atMost: 'likely',
  })(context).map((f) =>
    f.status === 'present'
      ? {
          ...f,
          values: {
            ...f.values,
            container: 'CONTAINER',
            daemon: 'nscd',
            path: '/var/run/nscd/socket',
            directory: '/var/run/nscd',
            config: '/etc/nscd.conf',
            pid: 'PID',
            name: context.symptoms.find((s) => s.operation === 'resolve')?.name ?? 'NAME',
          },
        }
      : f,
  );

export const nscdSocketInContainerHostsCache = defineCause({
  id: 'nscd-socket-in-container-hosts-cache',
  area: 'name-caches',
  severity: 'critical',
  layer: 1,
  title: { en: "The host's name cache answers for a container", zh: '宿主机的名称缓存替容器应答' },
  mechanism: {
    en: "The container mounts the host's /var/run (or /run), so its glibc finds the socket of the host's nscd or unscd and asks it first. The daemon resolves with the host's files and servers, cannot know names that only the container's DNS serves, and answers \"no such host\"; glibc takes that as final and never asks DNS. dig, nslookup, Go and musl programs do not ask the socket and work.",
    zh: '容器挂载了宿主机的 /var/run（或 /run），其中的 glibc 因此找到宿主机 nscd 或 unscd 的套接字并先询问它。守护进程使用宿主机的文件和 DNS 服务器，不知道只有容器 DNS 才提供的名称，于是回答“没有这个主机”；glibc 将其视为最终结果，不再查询 DNS。dig、nslookup、Go 和 musl 程序不询问该套接字，因此正常。',
  },
  summary: {
    en: "In {container}, glibc asks the host's {daemon} through {path} and is told that {name} does not exist; the container's own DNS is never asked.",
    zh: '在 {container} 中，glibc 通过 {path} 询问宿主机的 {daemon}，被告知 {name} 不存在；容器自己的 DNS 从未被查询。',
  },
  sources: ['glibc nscd/nscd-client.h, nscd/nscd_getai.c', 'rancher/rancher#8038, #7160', 'rancher/kubernetes-package package/entry.sh'],
  lookAlikes: ['nscd-negative-cache', 'nss-resolve-socket-in-container', 'nsswitch-hosts-without-dns', 'sssd-hosts-cache'],
  confirms: [
    {
      en: 'the container has /var/run or /run of the host mounted, and /var/run/nscd/socket is there',
      zh: '容器挂载了宿主机的 /var/run 或 /run，且其中有 /var/run/nscd/socket',
    },
    { en: 'nscd or unscd runs on the host with `enable-cache hosts yes`', zh: '宿主机上运行着 nscd 或 unscd，且 `enable-cache hosts yes`' },
    { en: 'in the container dig answers and ping or getent does not', zh: '在容器中 dig 有应答，而 ping 或 getent 没有' },
  ],
  refutes: [
    { en: 'the socket is not reachable in the container, or nobody answers behind it', zh: '容器中访问不到该套接字，或其背后无人应答' },
    { en: 'the hosts cache is switched off', zh: 'hosts 缓存已关闭' },
    { en: 'the failing program is pure Go or uses musl', zh: '失败的程序是纯 Go 或使用 musl' },
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: "Is the socket of the host's nscd in the container (is /var/run of the host mounted), and does dig find the name where getent does not?",
        zh: '主机 nscd 的套接字是否在容器中（是否挂载了主机的 /var/run）？dig 能找到而 getent 找不到该名称吗？',
      },
      command: "kubectl exec POD -- ls -l /var/run/nscd/socket; kubectl exec POD -- grep -E ' /(var/)?run' /proc/mounts; ps -C nscd,unscd",
    },
  ],
  remedies: [
    {
      id: 'hide-socket',
      title: { en: 'Hide {directory} in this one container', zh: '仅在该容器中隐藏 {directory}' },
      risk: {
        en: 'none for the host; lasts until the container is made anew: then mount an empty volume over {directory}',
        zh: '对宿主机无影响；仅在容器重建之前有效：长期方案是在 {directory} 上挂载空卷',
      },
      safety: 'safe',
      verify: ['nsenter -t {pid} -m -n getent ahosts {name}'],
    },
    {
      id: 'hosts-cache-off',
      title: { en: 'Switch the hosts cache off in {config}', zh: '在 {config} 中关闭 hosts 缓存' },
      risk: { en: 'host names are no longer cached on the host; users and groups still are', zh: '宿主机不再缓存主机名；用户和组仍会缓存' },
      safety: 'safe',
      command:
        "sed -i 's/^[[:blank:]]*enable-cache[[:blank:]]*hosts.*/enable-cache hosts no/' /etc/nscd.conf && systemctl restart nscd || systemctl restart unscd",
      undo: "sed -i 's/^[[:blank:]]*enable-cache[[:blank:]]*hosts.*/enable-cache hosts yes/' /etc/nscd.conf && systemctl restart nscd || systemctl restart unscd",
      verify: ['nsenter -t {pid} -m -n getent ahosts {name}'],
    },
    {
      id: 'stop-daemon',
      title: { en: 'Stop {daemon} on the host', zh: '停止宿主机上的 {daemon}' },
      risk: { en: 'look-ups of users in LDAP or NIS become slower', zh: '通过 LDAP 或 NIS 查询用户会变慢' },
      safety: 'disruptive',
      command: 'systemctl disable --now nscd unscd',
      undo: 'systemctl enable --now nscd unscd',
      verify: ['nsenter -t {pid} -m -n getent ahosts {name}'],
    },
  ],
  signatures: [
    {
      id: 'nscd-socket-in-container-hosts-cache/connected',
      anchors: ['nscd/socket'],
      pattern: /connect\(\d+, \{sa_family=AF_(?:UNIX|LOCAL), sun_path="\/(?:var\/)?run\/nscd\/socket"\}, \d+\)[ \t]*= 0/u,
      grade: 'strong',
      matches: ['connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0'],
      rejects: ['connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)'],
    },
    {
      id: 'nscd-socket-in-container-hosts-cache/not-there',
      anchors: ['nscd/socket'],
      pattern: /connect\(\d+, \{sa_family=AF_(?:UNIX|LOCAL), sun_path="\/(?:var\/)?run\/nscd\/socket"\}, \d+\)[ \t]*= -1 ENOENT/u,
      grade: 'weak',
      matches: ['connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)'],
      rejects: ['connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0'],
    },
  ],
  check: (context) => {
    const { world, answers } = context;
    const findings = world.node.views.flatMap((view): readonly Finding[] => {
      if (view.kind !== 'container') return [];
      const socket = valueOf(view.sockets)?.find((s) => s.service === 'nscd' && s.state !== 'refused');
      const daemon = socket?.daemon === undefined ? undefined : world.daemon(socket.daemon);
      // A daemon in the container itself sees what the container sees.
      if (socket === undefined || daemon === undefined || daemon.view === view.id || hostsCacheOff(world, daemon)) return [];
      return [finding(world, view, socket, daemon, answers)];
    });
    if (findings.length > 0) return findings;
    const told = toldOfSocket(context);
    return told.length > 0 ? told : ruledOut(context.node, say(texts.notReached), 'sockets');
  },
});

function finding(world: World, view: ViewFacts, socket: ServiceSocket, daemon: DaemonFacts, answers: readonly ClientAnswer[]): Finding {
  const failing = answers.find(answeredByDaemon(view));
  const config = nscdConfigOf(world, daemon);
  const container = view.names[0] ?? view.id;
  const mount = mountOf(valueOf(view.mounts) ?? [], socket.path);
  const mountSource: Source | undefined = view.mounts.state === 'known' ? view.mounts.source : undefined;
  const directory = socket.path.replace(/\/[^/]*$/u, '');
  const values = {
    container,
    path: socket.path,
    directory,
    daemon: daemon.kind,
    name: failing?.name ?? 'NAME',
    pid: view.pid ?? 'PID',
    config: config.path,
  };
  const evidence: CauseEvidence[] = [
    {
      said: say(texts.socket, { view: container, path: socket.path }),
      ...(view.sockets.state === 'known' ? { source: view.sockets.source } : {}),
      grade: 'strong',
    },
    ...(mount?.hostPath === undefined
      ? []
      : [
          {
            said: say(texts.mount, { host: mount.hostPath }),
            ...(mountSource === undefined ? {} : { source: withMount(mountSource, mount) }),
            grade: 'strong' as const,
          },
        ]),
    {
      said: say(texts.daemon, { daemon: daemon.kind, pid: daemon.pid ?? '?', where: daemon.view }),
      source: { kind: 'probe', probe: 'name service daemons', view: daemon.view },
      grade: 'strong',
    },
    { said: say(texts.cacheOn), source: config.source, grade: 'strong' },
  ];
  const told: CauseEvidence[] = failing === undefined ? [] : [{ said: say(texts.answeredNo, { name: failing.name }), grade: 'direct' }];
  return {
    status: 'present',
    view: view.id,
    values,
    evidence: [...evidence, ...told],
    chain: [...evidence, ...told],
    remedies: remedies(view, daemon, directory, config),
    explainsAnswer: answeredByDaemon(view),
    explainsSymptom: (s) => s.view === view.id && s.operation === 'resolve',
  };
}

function remedies(
  view: ViewFacts,
  daemon: DaemonFacts,
  directory: string,
  config: ReturnType<typeof nscdConfigOf>,
): readonly FindingRemedy[] {
  const off: readonly Edit[] =
    config.withoutHostsCache === undefined
      ? []
      : [
          {
            edit: 'write-file',
            view: daemon.view,
            path: config.path,
            text: config.withoutHostsCache.text,
            command: config.withoutHostsCache.command,
          },
          { edit: 'restart-daemon', daemon: daemon.id, unit: unitOf(daemon) },
        ];
  return [
    { id: 'hide-socket', edits: [{ edit: 'hide-directory', view: view.id, path: directory }] },
    ...(off.length > 0 ? [{ id: 'hosts-cache-off', edits: off }] : []),
    { id: 'stop-daemon', edits: [{ edit: 'stop-daemon', daemon: daemon.id, unit: unitOf(daemon) }] },
  ];
}

/** The mount that shows the path: the longest target that is a prefix of it; /var/run is a link to /run nearly everywhere. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const spellings = [path, path.replace(/^\/var\/run\//u, '/run/'), path.replace(/^\/run\//u, '/var/run/')];
  const holds = (m: Mount): boolean => m.target !== '/' && spellings.some((p) => p === m.target || p.startsWith(`${m.target}/`));
  return mounts
    .filter(holds)
    .reduce<Mount | undefined>((best, m) => (best === undefined || m.target.length >= best.target.length ? m : best), undefined);
}

const withMount = (source: Source, mount: Mount): Source =>
  source.kind === 'file' || source.kind === 'command' ? { ...source, text: `${mount.hostPath ?? mount.source} ${mount.target}` } : source;
