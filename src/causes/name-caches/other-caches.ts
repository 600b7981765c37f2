/** sssd and systemd-resolved in the place of nscd: their sockets reach into containers in the same way. */
import { valueOf } from '../../facts/fact.ts';
import type { ServiceSocket, ViewFacts } from '../../facts/node-facts.ts';
import { say } from '../../shared/text.ts';
import { t } from '../_checks/index.ts';
import { hostsDatabase, writeHostsDatabase } from '../_nsswitch.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseEvidence, Finding } from '../define-cause.ts';
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
  remedies: [dropService],
  check: ({ node }) => {
    const findings = node.views.flatMap((view) => {
      const socket = socketOf(view, 'sssd');
      return socket === undefined ? [] : inView(view, 'sss', socket);
    });
    return findings.length > 0 ? findings : ruledOut(node, say(texts.fine), '/etc/nsswitch.conf', 'sockets');
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
  remedies: [dropService],
  check: ({ node }) => {
    const findings = node.views.flatMap((view) => {
      const socket = view.kind === 'container' ? socketOf(view, 'resolved') : undefined;
      return socket === undefined ? [] : inView(view, 'resolve', socket);
    });
    return findings.length > 0 ? findings : ruledOut(node, say(texts.fine), '/etc/nsswitch.conf', 'sockets');
  },
});
