/** The daemon on the host itself: what it remembers, what it read at its start, and whether it still answers. */
import { valueOf } from '../../facts/fact.ts';
import type { DaemonFacts, ServiceSocket, ViewFacts } from '../../facts/node-facts.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, not, observed, off, on, stated, t, without } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { hostsLines } from '../../facts/hosts-lines.ts';
import { libcAgainstDns, libcDiffers, libcMisses, onHost } from '../_libc-against-dns.ts';
import { hostsCacheOff, nscdConfigOf, unitOf } from '../_name-cache.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, CauseEvidence, Finding, RemedyText } from '../define-cause.ts';
import { ruledOut } from '../_ruled-out.ts';

const texts = {
  older: t('{daemon} started before {path} was last changed', '{daemon} 在 {path} 最后一次修改之前启动'),
  unwatched: t('{daemon} does not watch {path}', '{daemon} 不监视 {path} 的变化'),
  silent: t('{daemon} accepts the connection at {path} and does not answer', '{daemon} 在 {path} 接受连接但不应答'),
  held: t(
    '{daemon} still answers {held} for {name}, which is not what its own files and servers say now',
    '{daemon} 对 {name} 仍应答 {held}，与它自己的文件和服务器当前的结果不同',
  ),
  foreign: t('the daemon behind {path} lives in another view: {where}', '{path} 背后的守护进程位于另一个视角：{where}'),
  cacheOn: t('its hosts cache is on', '它的 hosts 缓存已开启'),
  fine: t('no cache daemon of that kind is in the way', '没有此类缓存守护进程造成影响'),
} as const;

const flush: RemedyText = {
  id: 'flush',
  title: t('Flush the hosts cache', '清空 hosts 缓存'),
  risk: t('none', '无'),
  safety: 'safe',
  command: 'nscd -i hosts || systemctl restart unscd',
  verify: ['getent ahosts {name}'],
};

const restart: RemedyText = {
  id: 'restart',
  title: t('Restart the cache daemon', '重启缓存守护进程'),
  risk: t('none', '无'),
  safety: 'safe',
  command: 'systemctl restart nscd || systemctl restart unscd',
  verify: ['getent ahosts {name}'],
};

const cacheOff: RemedyText = {
  id: 'hosts-cache-off',
  title: t('Switch the hosts cache off in /etc/nscd.conf', '在 /etc/nscd.conf 中关闭 hosts 缓存'),
  risk: t('host names are no longer cached; users and groups still are', '不再缓存主机名；用户和组仍会缓存'),
  safety: 'safe',
  command:
    "sed -i 's/^[[:blank:]]*enable-cache[[:blank:]]*hosts.*/enable-cache hosts no/' /etc/nscd.conf && systemctl restart nscd || systemctl restart unscd",
  undo: "sed -i 's/^[[:blank:]]*enable-cache[[:blank:]]*hosts.*/enable-cache hosts yes/' /etc/nscd.conf && systemctl restart nscd || systemctl restart unscd",
  verify: ['getent ahosts {name}'],
};

const throughDaemon = (a: ClientAnswer): boolean => (a.resolution.nscdRequests?.length ?? 0) > 0;

interface Reached {
  readonly view: ViewFacts;
  readonly socket: ServiceSocket;
  readonly daemon: DaemonFacts;
}

/** Cache sockets with somebody behind them, view by view. */
const reached = (world: World): readonly Reached[] =>
  world.node.views.flatMap((view) =>
    (valueOf(view.sockets) ?? []).flatMap((socket): readonly Reached[] => {
      const daemon = socket.service === 'nscd' && socket.daemon !== undefined ? world.daemon(socket.daemon) : undefined;
      return daemon === undefined || socket.state === 'refused' ? [] : [{ view, socket, daemon }];
    }),
  );

/** Names that a daemon was seen to answer from its cache, against what its own view says now. */
const heldAnswers = (world: World, wanted: (addresses: readonly string[]) => boolean): readonly Finding[] =>
  reached(world).flatMap(({ view, daemon }) =>
    (daemon.cached ?? [])
      .filter((c) => wanted(c.addresses))
      .map((held): Finding => {
        const values = { name: held.name, daemon: daemon.kind, held: held.addresses.join(', ') || '-' };
        return {
          status: 'present',
          view: view.id,
          values,
          evidence: [
            {
              said: say(texts.held, values),
              source: { kind: 'command', command: `getent ahosts ${held.name}`, view: view.id },
              grade: 'direct',
            },
          ],
          remedies: [
            {
              id: 'flush',
              edits: [
                {
                  edit: 'flush-cache',
                  daemon: daemon.id,
                  command: daemon.kind === 'nscd' ? 'nscd -i hosts' : `systemctl restart ${unitOf(daemon)}`,
                },
              ],
            },
            { id: 'hosts-cache-off' },
          ],
          explainsAnswer: (a) => a.name === held.name && throughDaemon(a),
          explainsSymptom: (s) => s.name === held.name && s.operation === 'resolve',
        };
      }),
  );

const daemonRuns = any(on('nscd.running'), on('unit.nscd.active'), on('unit.unscd.active'));
const daemonOff = all(any(off('nscd.running'), off('unit.nscd.active')), without(on('unit.unscd.active')));
const healsOn = (how: string): Test => observed('lookup.heals-on', (value) => value === how);
/** On the node itself libc says no and DNS has the name: tried by hand, or told. */
const missesOnHost = any(
  libcAgainstDns((one) => onHost(one) && libcMisses(one)),
  all(off('lookup.host.works'), on('lookup.dns.works')),
);
/** libc has another address than DNS, and no line of the hosts file that was shown says so. */
const oldAddress = libcAgainstDns((one) => {
  const fact = one.view.files['/etc/hosts'];
  const text = fact === undefined ? undefined : valueOf(fact)?.text;
  return libcDiffers(one) && text !== undefined && !hostsLines(text).some((line) => one.libc.includes(line.address));
});

const asksCache = [
  ask('whether the name works after the hosts cache is flushed', '清空 hosts 缓存后该名称能否解析', 'nscd -i hosts; getent ahosts NAME'),
];

export const nscdNegativeCache = defineCause({
  id: 'nscd-negative-cache',
  area: 'name-caches',
  severity: 'medium',
  layer: 1,
  title: t('The name cache remembers that a name does not exist', '名称缓存记住了某个名称不存在'),
  mechanism: t(
    'nscd and unscd keep negative answers for a while (20 s by default, longer when configured). A name that was asked for before it existed stays unknown to glibc programs, while dig already answers; each retry may prolong it.',
    'nscd 和 unscd 会保留否定应答一段时间（默认 20 秒，可配置得更长）。在名称创建之前就被查询过的，对 glibc 程序仍是未知，而 dig 已有应答；每次重试都可能延长这一状态。',
  ),
  summary: t('A cache daemon still answers "no such host" for a name that now exists.', '缓存守护进程仍对已存在的名称回答“没有这个主机”。'),
  sources: ['nscd.conf(5)', 'glibc nscd/aicache.c'],
  lookAlikes: ['nscd-stale-resolv-conf', 'nscd-socket-in-container-hosts-cache'],
  confirms: [
    t('libc fails and DNS works now; after `nscd -i hosts` libc works', 'libc 查询失败而 DNS 正常；执行 `nscd -i hosts` 后 libc 恢复正常'),
  ],
  refutes: [t('flushing changes nothing', '清空缓存没有变化')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does nscd run, and does the name resolve once its cache of hosts is emptied?',
        zh: 'nscd 是否运行？清空其 hosts 缓存后名称是否可解析？',
      },
      command: "nscd -g | grep -A20 'hosts cache'; nscd -i hosts; getent ahosts NAME",
    },
  ],
  remedies: [flush, { ...cacheOff, id: 'hosts-cache-off' }],
  check: (context) => {
    const findings = heldAnswers(context.world, (addresses) => addresses.length === 0);
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: any(
            stated({
              whole: /(?:flush[^.;]*(?:cache|nscd)|nscd -i|(?:cache|nscd)[^.;]*flush)[^.;]*(?:heal|cure|fix|help|work|resolv|answers)/iu,
            }),
            all(
              on('nscd.running'),
              observed('lookup.heals-on', (value) => value === 'cache-flush'),
            ),
          ),
          grade: 'direct',
          says: t('the look-up works after the hosts cache is flushed', '清空 hosts 缓存后查询恢复正常'),
        },
        {
          when: all(missesOnHost, daemonRuns),
          grade: 'strong',
          says: t('libc says no, DNS has the name, and a cache daemon runs', 'libc 查不到而 DNS 有该名称，且缓存守护进程在运行'),
        },
      ],
      refute: [
        {
          when: all(healsOn('daemon-restart'), not(healsOn('cache-flush'))),
          says: t('only a restart of the daemon heals', '只有重启守护进程才能恢复'),
        },
        { when: daemonOff, says: t('no cache daemon runs', '没有运行缓存守护进程') },
        {
          when: any(on('nscd.socket-in-container'), on('container.mounts-var-run')),
          says: t(
            'a container asks the daemon: see nscd-socket-in-container-hosts-cache',
            '是容器在询问该守护进程：参见 nscd-socket-in-container-hosts-cache',
          ),
        },
      ],
      asks: asksCache,
    })(context);
  },
});

export const nscdStalePositive = defineCause({
  id: 'nscd-stale-positive',
  area: 'name-caches',
  severity: 'medium',
  layer: 1,
  title: t('The name cache keeps an old address', '名称缓存保留了旧地址'),
  mechanism: t(
    'Positive entries live up to an hour and, with `persistent yes`, over restarts; only hosts and resolv.conf are watched. glibc programs dial the old address, dig shows the new one.',
    '肯定应答可保留长达一小时，若 `persistent yes` 还会跨重启保留；守护进程只监视 hosts 和 resolv.conf。glibc 程序连接旧地址，而 dig 显示新地址。',
  ),
  summary: t('A cache daemon still gives an address that DNS no longer gives.', '缓存守护进程仍返回 DNS 中已不存在的地址。'),
  sources: ['nscd.conf(5)'],
  lookAlikes: ['hosts-stale-entry', 'resolv-servers-disagree'],
  confirms: [
    t(
      '`getent ahosts NAME` and `dig NAME` differ, and the hosts file has no such line',
      '`getent ahosts NAME` 与 `dig NAME` 不一致，且 hosts 文件中没有该行',
    ),
  ],
  refutes: [t('a line of the hosts file says so', '是 hosts 文件中的某一行所致')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does nscd give another address than DNS and the hosts file?', zh: 'nscd 给出的地址是否与 DNS 和 hosts 文件不同？' },
      command: 'getent ahosts NAME; dig +short NAME; nscd -i hosts; getent ahosts NAME',
    },
  ],
  remedies: [flush, cacheOff],
  check: (context) => {
    const findings = heldAnswers(context.world, (addresses) => addresses.length > 0);
    if (findings.length > 0) return findings;
    return evidenceCheck({
      confirm: [
        {
          when: all(oldAddress, daemonRuns),
          grade: 'direct',
          says: t(
            'libc gives {libc} for {name}, DNS {dns}, no line of hosts says so, and a cache daemon runs',
            '对 {name}，libc 得到 {libc}，DNS 得到 {dns}，hosts 中没有该行，且缓存守护进程在运行',
          ),
        },
        {
          when: oldAddress,
          grade: 'strong',
          says: t(
            'libc gives {libc} for {name}, DNS {dns}, and no line of hosts says so',
            '对 {name}，libc 得到 {libc}，DNS 得到 {dns}，而 hosts 中没有该行',
          ),
        },
      ],
      refute: [{ when: daemonOff, says: t('no cache daemon runs', '没有运行缓存守护进程') }],
      asks: [
        ask(
          'whether a cache daemon runs, and what the name gives after its hosts cache is flushed',
          '是否运行缓存守护进程，以及清空 hosts 缓存后该名称的结果',
          'pgrep -a nscd; pgrep -a unscd; nscd -i hosts; getent ahosts NAME',
        ),
      ],
      explains: [{ operation: ['dial', 'http', 'tls'] }],
      atMost: 'likely',
    })(context);
  },
});

export const nscdStaleResolvConf = defineCause({
  id: 'nscd-stale-resolv-conf',
  area: 'name-caches',
  severity: 'high',
  layer: 1,
  title: t('The name cache still uses the name servers from its start', '名称缓存仍在使用启动时的 DNS 服务器'),
  mechanism: t(
    'DHCP or NetworkManager replaced resolv.conf after the daemon had read it. glibc programs get "Temporary failure in name resolution" from the daemon, dig works, and stopping the daemon heals at once. unscd does not watch the file at all.',
    '守护进程读取 resolv.conf 之后，DHCP 或 NetworkManager 替换了该文件。glibc 程序从守护进程得到 “Temporary failure in name resolution”，dig 正常，停止守护进程后立即恢复。unscd 根本不监视该文件。',
  ),
  summary: t('{daemon} resolves with an older /etc/resolv.conf than the one that is there.', '{daemon} 使用的是旧的 /etc/resolv.conf。'),
  sources: ['glibc nscd/connections.c', 'NixOS/nixpkgs#105820'],
  lookAlikes: ['nscd-negative-cache', 'resolv-no-usable-nameserver'],
  confirms: [
    t(
      'the daemon started before the last change of resolv.conf, and stopping it heals',
      '守护进程启动早于 resolv.conf 的最后修改，且停止它后恢复',
    ),
  ],
  refutes: [t('the daemon was started after the last change', '守护进程在最后修改之后启动')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Was resolv.conf changed after nscd was started?', zh: 'resolv.conf 是否在 nscd 启动之后更改过？' },
      command: 'ls -l --time-style=full-iso /etc/resolv.conf; systemctl show -p ActiveEnterTimestamp nscd',
    },
  ],
  remedies: [restart, cacheOff],
  check: (context) => {
    const found = olderThanResolvConf(context.world);
    return found.length > 0 ? found : toldStaleResolvConf(context);
  },
});

const toldStaleResolvConf = (context: CauseContext): readonly Finding[] =>
  evidenceCheck({
    confirm: [
      {
        when: all(
          stated({
            whole:
              /(?:nscd|cache)[^;]*(?:start|older|runn)[^;]*(?:before|than|since)[^;]*(?:resolv|networkmanager|dhcp|lease)|(?:resolv|dhcp|networkmanager)[^;]*(?:after|newer|later)[^;]*(?:nscd|cache)/iu,
          }),
          any(missesOnHost, healsOn('daemon-restart'), off('lookup.host.works')),
        ),
        grade: 'direct',
        says: t(
          'the daemon is stated to be older than resolv.conf, and look-ups fail through it',
          '陈述中提到守护进程早于 resolv.conf，且经由它的查询失败',
        ),
      },
      {
        when: all(missesOnHost, healsOn('daemon-restart')),
        grade: 'direct',
        says: t('libc says no and DNS has the name, until the daemon is stopped', 'libc 查不到而 DNS 有该名称，停止守护进程后恢复'),
      },
      {
        when: all(missesOnHost, daemonRuns),
        grade: 'hint',
        says: t('libc says no, DNS has the name, and a cache daemon runs', 'libc 查不到而 DNS 有该名称，且缓存守护进程在运行'),
      },
    ],
    refute: [
      { when: healsOn('cache-flush'), says: t('a flush of the cache heals: its view is right', '清空缓存即可恢复：其视角是正确的') },
      { when: daemonOff, says: t('no cache daemon runs', '没有运行缓存守护进程') },
    ],
    asks: [
      ask(
        'whether the daemon is older than resolv.conf, and whether the name resolves past it (-s asks no cache)',
        '守护进程是否早于 resolv.conf，以及绕过它（-s 不使用缓存）能否解析该名称',
        "systemctl show nscd unscd -p ActiveEnterTimestamp; stat -c %y /etc/resolv.conf; getent ahosts NAME; getent -s 'files dns' ahosts NAME",
      ),
    ],
    atMost: 'likely',
  })(context).map((f) =>
    f.status === 'present' ? { ...f, values: { daemon: 'nscd', path: '/etc/resolv.conf', name: 'NAME', ...f.values } } : f,
  );

const olderThanResolvConf = (world: World): readonly Finding[] =>
  reached(world).flatMap(({ view, daemon }): readonly Finding[] => {
    const startedAt = daemon.startedAt === undefined ? undefined : valueOf(daemon.startedAt);
    const file = world.view(daemon.view)?.files['/etc/resolv.conf'];
    const mtime = file === undefined ? undefined : valueOf(file)?.mtime;
    if (startedAt === undefined || mtime === undefined || mtime <= startedAt || hostsCacheOff(world, daemon)) return [];
    const values = { daemon: daemon.kind, path: '/etc/resolv.conf', name: 'NAME' };
    const source = { kind: 'file', path: '/etc/resolv.conf', view: daemon.view } as const;
    const evidence: CauseEvidence[] = [
      { said: say(texts.older, values), source, grade: 'strong' },
      ...(daemon.kind === 'unscd' ? [{ said: say(texts.unwatched, values), grade: 'strong' as const }] : []),
    ];
    return [
      {
        status: 'present',
        view: view.id,
        values,
        evidence,
        remedies: [
          { id: 'restart', edits: [{ edit: 'restart-daemon', daemon: daemon.id, unit: unitOf(daemon) }] },
          { id: 'hosts-cache-off' },
        ],
        explainsAnswer: (a) => a.view === view.id && throughDaemon(a) && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
        explainsSymptom: (s) => s.view === view.id && s.operation === 'resolve',
      },
    ];
  });

export const nscdHung = defineCause({
  id: 'nscd-hung',
  area: 'name-caches',
  severity: 'medium',
  layer: 1,
  title: t('The name cache accepts and does not answer', '名称缓存接受连接但不应答'),
  mechanism: t(
    'Every glibc look-up, of hosts and of users, waits 5 seconds for the daemon before it goes on by itself. Go programs are quick, sshd and sudo are slow.',
    '每次 glibc 查询（主机名和用户）都会先等待守护进程 5 秒再自行继续。Go 程序很快，而 sshd 和 sudo 很慢。',
  ),
  summary: t('{daemon} hangs, so each look-up of a glibc program loses 5 seconds.', '{daemon} 已挂起，glibc 程序的每次查询都会多等 5 秒。'),
  sources: ['glibc nscd/nscd_helper.c (5 s)'],
  lookAlikes: ['resolv-first-nameserver-dead', 'dns-conntrack-race'],
  confirms: [
    t(
      'a connect to the cache socket succeeds and poll returns after 5000 ms with nothing',
      '连接缓存套接字成功，但 poll 等待 5000 毫秒后没有任何返回',
    ),
  ],
  refutes: [t('the wait is for port 53', '等待发生在 53 端口')],
  asks: [
    {
      kind: 'ask',
      what: { en: 'Does nscd answer at all, or do look-ups wait for it?', zh: 'nscd 是否有应答，还是查询一直在等待它？' },
      command: 'timeout 3 nscd -g; timeout 3 getent hosts localhost; strace -f -e trace=connect,poll getent hosts NAME',
    },
  ],
  remedies: [restart, cacheOff],
  check: (context) => {
    const { world } = context;
    const findings = reached(world).flatMap(({ view, socket, daemon }): readonly Finding[] =>
      socket.state !== 'silent'
        ? []
        : [
            {
              status: 'present',
              view: view.id,
              values: { daemon: daemon.kind, path: socket.path, name: 'localhost' },
              evidence: [
                {
                  said: say(texts.silent, { daemon: daemon.kind, path: socket.path }),
                  ...(view.sockets.state === 'known' ? { source: view.sockets.source } : {}),
                  grade: 'direct',
                },
              ],
              remedies: [
                { id: 'restart', edits: [{ edit: 'restart-daemon', daemon: daemon.id, unit: unitOf(daemon) }] },
                { id: 'hosts-cache-off' },
              ],
              explainsSymptom: (s) => s.view === view.id && s.operation === 'resolve',
            },
          ],
    );
    if (findings.length > 0) return findings.slice(0, 1);
    const told = toldHung(context);
    return told.length > 0 ? told : ruledOut(world.node, say(texts.fine), 'sockets');
  },
});

const toldHung = (context: CauseContext): readonly Finding[] =>
  evidenceCheck({
    confirm: [
      {
        when: observed('nscd.strace', (value) => value === 'connected-silent'),
        grade: 'direct',
        says: t(
          'the trace shows it: the daemon takes the question and says nothing until the wait is over',
          '跟踪记录显示：守护进程收到查询后一直没有应答，直到超时',
        ),
      },
      {
        when: all(
          daemonRuns,
          stated({
            whole: /(?:getent|sudo|login|id\b|ssh|look-?up|libc)[^;]*(?:\b(?:5|10|15) ?s|(?:5|five|ten|10) seconds|slow|hang)/iu,
          }),
        ),
        grade: 'weak',
        says: t('a cache daemon runs, and libc programs are stated to wait', '缓存守护进程在运行，且陈述中提到 libc 程序要等待'),
      },
    ],
    refute: [
      {
        when: observed('nscd.strace', (value) => typeof value === 'string' && value !== 'connected-silent'),
        says: t('the trace shows that it answers, or is not there', '跟踪记录显示它有应答，或不存在'),
      },
      { when: daemonOff, says: t('no cache daemon runs', '没有运行缓存守护进程') },
    ],
    asks: [
      ask(
        'where the wait is: at the cache socket, or at port 53',
        '等待发生在缓存套接字还是 53 端口',
        'strace -r -e trace=network,poll getent ahosts NAME; ps -o stat,wchan,args -C nscd,unscd',
      ),
    ],
    atMost: 'likely',
  })(context).map((f) =>
    f.status === 'present' ? { ...f, values: { daemon: 'nscd', path: '/var/run/nscd/socket', name: 'localhost', ...f.values } } : f,
  );

export const nscdEmptyHostsViewInChroot = defineCause({
  id: 'nscd-empty-hosts-view-in-chroot',
  area: 'name-caches',
  severity: 'high',
  layer: 3,
  title: t('The cache daemon lives in another container', '缓存守护进程位于另一个容器中'),
  mechanism: t(
    'A container shares /var/run/nscd with another one whose daemon resolves with its own files and network: names are known or unknown by that view, not by the own one.',
    '某个容器与另一个容器共享 /var/run/nscd，而后者的守护进程使用它自己的文件和网络解析：名称是否可知取决于那个视角，而不是自己的视角。',
  ),
  summary: t('{container} asks a cache daemon that lives in {where}.', '{container} 询问的缓存守护进程位于 {where}。'),
  sources: ['glibc nscd/nscd-client.h'],
  lookAlikes: ['nscd-socket-in-container-hosts-cache'],
  confirms: [t('the peer of the socket lives in other namespaces than the client', '套接字对端所处的命名空间与客户端不同')],
  refutes: [t('both live in the same namespaces', '双方处于相同的命名空间')],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does nscd (or its container) run in a root of its own, with a hosts file that is empty or another one?',
        zh: 'nscd（或其容器）是否运行在自己的根目录中，其 hosts 文件为空或不同？',
      },
      command: 'ls -l /proc/$(pidof nscd)/root; cat /proc/$(pidof nscd)/root/etc/hosts',
    },
  ],
  remedies: [
    {
      id: 'unshare-directory',
      title: t('Do not share {directory} between the containers', '不要在容器之间共享 {directory}'),
      risk: t('the container is made anew', '需要重建容器'),
      safety: 'disruptive',
      verify: ['nsenter -t {pid} -m -n getent ahosts localhost'],
    },
  ],
  check: (context) => {
    const { world } = context;
    const host = world.node.views.find((v) => v.kind === 'host')?.id;
    const findings = reached(world).flatMap(({ view, socket, daemon }): readonly Finding[] => {
      if (daemon.view === view.id || daemon.view === host || hostsCacheOff(world, daemon)) return [];
      const directory = socket.path.replace(/\/[^/]*$/u, '');
      return [
        {
          status: 'present',
          view: view.id,
          values: { container: view.names[0] ?? view.id, where: daemon.view, path: socket.path, directory, pid: view.pid ?? 'PID' },
          evidence: [
            {
              said: say(texts.foreign, { path: socket.path, where: daemon.view }),
              ...(view.sockets.state === 'known' ? { source: view.sockets.source } : {}),
              grade: 'strong',
            },
            { said: say(texts.cacheOn), source: nscdConfigOf(world, daemon).source, grade: 'strong' },
          ],
          remedies: [{ id: 'unshare-directory', edits: [{ edit: 'hide-directory', view: view.id, path: directory }] }],
          explainsAnswer: (a) => a.view === view.id && throughDaemon(a),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const told = toldForeignDaemon(context);
    return told.length > 0 ? told : ruledOut(world.node, say(texts.fine), 'sockets');
  },
});

const daemonInContainer = stated({
  whole: /(?:u?nscd|cache daemon)[^;]*(?:in|inside|of) (?:a |an |the |another |its |own )*(?:sibling |side-?car |other )?container/iu,
});
const sharedSocket = stated({ whole: /(?:nscd|var.run)[^;]*(?:shared|volume|emptydir)/iu });
const toldForeignDaemon = (context: CauseContext): readonly Finding[] =>
  evidenceCheck({
    confirm: [
      {
        when: all(daemonInContainer, sharedSocket),
        grade: 'direct',
        says: t(
          'the daemon is stated to live in another container that shares its socket',
          '陈述中提到守护进程位于另一个共享其套接字的容器中',
        ),
      },
      {
        when: sharedSocket,
        grade: 'hint',
        says: t('the directory of the cache socket is shared between containers', '缓存套接字所在目录在容器之间共享'),
      },
    ],
    refute: [
      {
        when: stated({ whole: /nscd[^;]*(?:same|own) (?:container|namespace|view)/iu }),
        says: t('daemon and program share one view', '守护进程与程序处于同一视角'),
      },
    ],
    asks: [
      ask(
        'in which container the daemon behind the socket lives',
        '套接字背后的守护进程位于哪个容器',
        'ss -xp | grep nscd; for p in $(pgrep -x nscd; pgrep -x unscd); do readlink /proc/$p/ns/mnt /proc/$p/ns/net; done',
      ),
    ],
    atMost: 'likely',
  })(context).map((f) =>
    f.status === 'present'
      ? {
          ...f,
          values: {
            container: 'CONTAINER',
            where: 'CONTAINER',
            path: '/var/run/nscd/socket',
            directory: '/var/run/nscd',
            pid: 'PID',
            ...f.values,
          },
        }
      : f,
  );
