/** Rancher 1.x: the metadata service at 169.254.169.250. Source: rancher/rancher#2020, #6858, #8038, #9188, #10148; rancher/kubernetes-package entry.sh. */
import { valueOf } from '../../facts/fact.ts';
import { say } from '../../shared/text.ts';
import { all, any, ask, evidenceCheck, line, observed, off, on, stated, symptomWhere, t } from '../_checks/index.ts';
import type { Test } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { Finding } from '../define-cause.ts';
import type { Signature } from '../../facts/signature.ts';

const METADATA = '169.254.169.250';
const aboutMetadata = symptomWhere(
  (s) => (s.name === 'rancher-metadata' || s.address === METADATA || s.server === METADATA) && s.details?.['noise'] === undefined,
);

const waiting: readonly Signature[] = [
  {
    id: 'metadata-unreachable/waiting',
    grade: 'weak',
    anchors: ['Waiting for metadata'],
    pattern: /Waiting for metadata/u,
    matches: ['Waiting for metadata'],
    rejects: ['metadata is there'],
  },
];

/** Something else is in the way of the question: then the metadata service is the victim. */
const inTheWay = any(
  line('local-resolver-ignores-bridge/', 'resolv-loopback-stub-inherited/', 'metadata-route-conflict/'),
  on('interface.orphan-veth'),
  on('resolv.loopback-nameserver'),
  observed('local-resolver', () => true),
  off('docker.dns-set'),
  off('nscd.hosts-cache'),
  symptomWhere((s) => s.name === 'rancher-metadata' && s.server !== undefined && s.server !== METADATA),
  stated({
    whole:
      /(?:orphan|ghost|stale|dangling|left ?over|dead)[^.;]*(?:veth|interface|bridge|container|route)|conflicting route|dnsmasq|systemd-?resolved|caching (?:resolver|dns|nameserver)/iu,
  }),
);
/** The service itself: stopped, restarting, without its address, or healed by a restart of network-services. */
const serviceDown = stated({
  whole:
    /(?:metadata|network-?services|network-?manager|rancher-dns|ipsec)[^.;]*(?:stopped|not running|down\b|exited|restarting|crash|unhealthy|degraded|wrong (?:agent )?(?:ip|address))|restart(?:ing)? (?:of )?(?:the )?(?:metadata|network-?services)[^.;]*(?:heal|cure|fix|help|work)|cattle_agent_ip/iu,
});

const nscdSuspected = any(
  line('nscd-socket-in-container-hosts-cache/'),
  ({ node }) =>
    node.observations['nscd.running']?.state === 'known' && node.observations['nscd.running'].value === true
      ? { seen: 'yes', kind: 'state' }
      : { seen: 'unknown' },
  stated({ whole: /\bu?nscd\b/iu }),
);

export const metadataUnreachable = defineCause({
  id: 'metadata-unreachable',
  area: 'rancher',
  severity: 'critical',
  layer: 8,
  title: t("Rancher 1.x's metadata service cannot be reached", '无法访问 Rancher 1.x 的 metadata 服务'),
  mechanism: t(
    'System containers ask rancher-metadata before anything else, and wait for ever. Either DNS at 169.254.169.250 does not answer (network services down, wrong agent address), or the container still has the resolv.conf of the node.',
    '系统容器启动时首先访问 rancher-metadata，并会一直等待。要么 169.254.169.250 的 DNS 没有应答（网络服务故障、agent 地址错误），要么容器仍在使用节点的 resolv.conf。',
  ),
  summary: t('Containers wait for rancher-metadata, which does not answer them.', '容器一直在等待 rancher-metadata，但得不到应答。'),
  sources: ['rancher/rancher#2020, #6858, #9188, #10148', 'rancher/kubernetes-package package/entry.sh'],
  lookAlikes: [
    'nscd-socket-in-container-hosts-cache',
    'local-resolver-ignores-bridge',
    'leftover-network-interface',
    'metadata-route-conflict',
  ],
  consequenceOf: [
    'nscd-socket-in-container-hosts-cache',
    'local-resolver-ignores-bridge',
    'leftover-network-interface',
    'metadata-route-conflict',
  ],
  confirms: [
    t(
      'the nameserver of the container is 169.254.169.250 and does not answer; or it is another one',
      '容器的 nameserver 是 169.254.169.250 但没有应答；或者是别的服务器',
    ),
    t('"Waiting for metadata" again and again', '反复出现 “Waiting for metadata”'),
  ],
  refutes: [
    t(
      'dig in the container answers: see nscd-socket-in-container-hosts-cache',
      '容器中 dig 有应答：参见 nscd-socket-in-container-hosts-cache',
    ),
  ],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Does the metadata service of Rancher answer from the container, and is the route to 169.254.169.250 there?',
        zh: '容器内 Rancher 的元数据服务是否应答？是否有到 169.254.169.250 的路由？',
      },
      command: 'curl -m 3 http://169.254.169.250/latest/version; ip route get 169.254.169.250',
    },
  ],
  remedies: [
    {
      id: 'network-services',
      title: t(
        'Restart the network services stack; set CATTLE_AGENT_IP where the address was detected wrongly',
        '重启 network-services；若地址识别错误则设置 CATTLE_AGENT_IP',
      ),
      risk: t('The overlay is away for some seconds.', '覆盖网络会中断数秒。'),
      safety: 'disruptive',
      command: 'docker ps --filter label=io.rancher.stack.name=network-services -q | xargs docker restart',
      undo: 'true',
      verify: ['docker exec CONTAINER curl -s http://rancher-metadata/2015-12-19/version'],
    },
    {
      id: 'restart-container',
      title: t('Restart the container, so that its resolv.conf is written anew', '重启容器，使其 resolv.conf 重新生成'),
      risk: t('That container is away for some seconds.', '该容器会中断数秒。'),
      safety: 'disruptive',
      command: 'docker restart CONTAINER',
      undo: 'true',
      verify: ['docker exec CONTAINER cat /etc/resolv.conf'],
    },
  ],
  signatures: waiting,
  check: (context) => {
    const live = context.node.views.flatMap((view): readonly Finding[] => {
      const fact = view.files['/etc/resolv.conf'];
      const text = fact === undefined ? undefined : valueOf(fact)?.text;
      const asks = context.answers.some(
        (a) => a.view === view.id && a.name === 'rancher-metadata' && a.outcome.kind === 'fails' && a.outcome.stage === 'resolve',
      );
      const silent = context.node.dns.filter((d) => d.netns === view.netns && d.question.server === METADATA);
      if (
        view.kind !== 'container' ||
        text === undefined ||
        !asks ||
        !text.includes(METADATA) ||
        silent.length === 0 ||
        silent.some((d) => d.reply.kind === 'answer')
      )
        return [];
      return [
        {
          status: 'present',
          view: view.id,
          evidence: [
            {
              said: say(t('the name server 169.254.169.250 of the container does not answer', '容器的名称服务器 169.254.169.250 没有应答')),
              source: { kind: 'file', path: '/etc/resolv.conf', view: view.id, text: `nameserver ${METADATA}` },
              grade: 'direct',
            },
          ],
          explainsAnswer: (a) => a.view === view.id && a.name === 'rancher-metadata',
          explainsSymptom: (s) => s.kind === 'metadata-unreachable/waiting',
        },
      ];
    });
    if (live.length > 0) return live;
    return evidenceCheck({
      confirm: [
        {
          when: line('metadata-unreachable/waiting'),
          grade: 'hint',
          says: t('System containers wait for metadata.', '系统容器在等待 metadata。'),
        },
        {
          when: aboutMetadata,
          grade: 'hint',
          says: t('A look-up of rancher-metadata, or a dial of its address, fails.', '对 rancher-metadata 的查询或对其地址的连接失败。'),
        },
        {
          when: all(any(aboutMetadata, line('metadata-unreachable/waiting')), serviceDown),
          grade: 'direct',
          says: t(
            'rancher-metadata fails, and the service or the network services are stated to be down.',
            'rancher-metadata 失败，且陈述中提到该服务或 network-services 异常。',
          ),
        },
        {
          when: serviceDown,
          grade: 'strong',
          says: t(
            'The metadata service or the network services are stated to be down.',
            '陈述中提到 metadata 服务或 network-services 异常。',
          ),
        },
      ],
      refute: [
        {
          when: any(nscdSuspected, inTheWay),
          says: t(
            'Something stands between the containers and the service: a name cache, a local resolver, a second route or an orphan interface.',
            '容器与该服务之间另有阻碍：名称缓存、本地解析器、第二条路由或遗留接口。',
          ),
        },
      ],
      asks: [
        ask(
          'whether dig in the container answers for rancher-metadata, and whether nscd or unscd runs on the host',
          '容器中 dig 能否解析 rancher-metadata，以及宿主机上是否运行 nscd 或 unscd',
          'docker exec CONTAINER cat /etc/resolv.conf; docker exec CONTAINER dig rancher-metadata @169.254.169.250; ps -C nscd,unscd; ls -l /var/run/nscd/socket',
        ),
      ],
    })(context);
  },
});

/** `ip route get` of the metadata address, as somebody ran it. */
const routeGet =
  (holds: (device: string) => boolean): Test =>
  ({ node }) => {
    const fact = node.observations[`route-get.${METADATA}`];
    const said = fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : '';
    const device = / dev (?<device>[^ ]+)/u.exec(said)?.groups?.['device'];
    return fact?.state === 'known' && device !== undefined && holds(device)
      ? { seen: 'yes', kind: 'state', source: fact.source, values: { device } }
      : { seen: 'unknown' };
  };
const otherDevice = routeGet((device) => !/^docker0$|^lo$/u.test(device));
const throughDocker0 = routeGet((device) => device === 'docker0');
const secondRoute: Test = any(
  ({ node }) => {
    for (const netns of node.netns) {
      if (netns.routes.state !== 'known') continue;
      const hit = netns.routes.value.filter((r) => r.destination.startsWith(`${METADATA}/`) || r.destination.startsWith('169.254.169.0/'));
      const foreign = hit.find((r) => r.device !== undefined && !/^docker0$|^lo$/u.test(r.device));
      if (foreign !== undefined)
        return { seen: 'yes', kind: 'state', source: netns.routes.source, values: { device: foreign.device ?? '?' } };
    }
    return { seen: 'unknown' };
  },
  stated({
    whole:
      /(?:route|address)[^.;]*169\.254\.169\.(?:250|0\/24)[^.;]*(?:other|another|eth|ens|foreign|second|conflict)|conflicting route|(?:two|2|several|another|second|duplicate|extra) route[^.;]*169\.254|169\.254[^.;]*(?:two|twice|2|several|duplicate) (?:routes|times|entries)/iu,
  }),
);

const conflict: readonly Signature[] = [
  {
    id: 'metadata-route-conflict/manager',
    grade: 'direct',
    anchors: ['conflicting routes to metadata'],
    pattern: /conflicting routes to metadata IP/iu,
    matches: ['level=error msg="Found conflicting routes to metadata IP"'],
    rejects: ['route to metadata IP added'],
  },
];

const askRoute = ask(
  'which way packets to 169.254.169.250 take',
  '发往 169.254.169.250 的报文走哪条路由',
  'ip route get 169.254.169.250; ip route show table all | grep 169.254.169',
);

export const metadataRouteConflict = defineCause({
  id: 'metadata-route-conflict',
  area: 'rancher',
  severity: 'critical',
  layer: 2,
  title: t('A second route leads to the metadata address', '存在第二条通往 metadata 地址的路由'),
  mechanism: t(
    'Rancher 1.x wants a host route to 169.254.169.250 through docker0. Where another interface holds a route of that range, packets go there.',
    'Rancher 1.x 需要经由 docker0 到 169.254.169.250 的主机路由。若其他接口也有该网段的路由，报文会走到那里。',
  ),
  summary: t('Packets to 169.254.169.250 do not go to docker0.', '发往 169.254.169.250 的报文没有走 docker0。'),
  sources: ['rancher/plugin-manager (network-manager)', 'ip-route(8)'],
  lookAlikes: ['metadata-unreachable', 'leftover-network-interface'],
  confirms: [t('`ip route get 169.254.169.250` does not say docker0', '`ip route get 169.254.169.250` 的结果不是 docker0')],
  refutes: [t('one route, through docker0', '只有一条经由 docker0 的路由')],
  remedies: [
    {
      id: 'drop-route',
      title: t('Remove the other route at its owner (cloud-init, network script)', '在其管理者处（cloud-init、网络脚本）删除另一条路由'),
      risk: t('What the route served stops working.', '该路由所服务的功能会停止。'),
      safety: 'needs-a-person',
      command: 'ip route del 169.254.169.0/24 dev DEVICE',
      undo: 'ip route add 169.254.169.0/24 dev DEVICE',
      verify: ['ip route get 169.254.169.250'],
    },
  ],
  signatures: conflict,
  asks: [askRoute],
  check: (context) => {
    const rancher1 =
      context.node.products.some((p) => p.name === 'rancher1') ||
      aboutMetadata(context).seen === 'yes' ||
      context.symptoms.some((s) => s.kind.startsWith('metadata-'));
    if (!rancher1) return [];
    return evidenceCheck({
      signatures: conflict,
      confirm: [
        {
          when: otherDevice,
          grade: 'direct',
          says: t('Packets to the metadata address leave through {device}.', '发往 metadata 地址的报文经由 {device} 发出。'),
        },
        { when: secondRoute, grade: 'strong', says: t('Another interface holds a route of that range.', '另一接口持有该网段的路由。') },
      ],
      refute: [{ when: throughDocker0, says: t('Packets to it go through docker0.', '发往该地址的报文经由 docker0。') }],
      asks: [askRoute],
    })(context);
  },
});
