import { CulpritError } from '../../shared/culprit-error.ts';
import type { Cause } from '../../causes/define-cause.ts';
import { renderText } from '../../report/render-said.ts';
import type { Language } from '../../shared/language.ts';
import type { Text } from '../../shared/text.ts';
import { padEnd, widthOf } from '../../shared/text-width.ts';
import type { CommandModule } from '../command.ts';
import { nearest } from '../nearest.ts';

/** Areas in the order of the layers that a failure is looked for. */
const AREAS: readonly (readonly [Cause['area'], Text])[] = [
  ['localhost-and-hosts', { en: 'Localhost and hosts', zh: 'localhost 与 hosts 文件' }],
  ['name-caches', { en: 'NSS and name caches', zh: 'NSS 与名称缓存' }],
  ['resolv-conf', { en: 'resolv.conf and DNS of the node', zh: 'resolv.conf 与节点 DNS' }],
  ['cluster-dns', { en: 'Cluster DNS', zh: '集群 DNS' }],
  ['libc-and-clients', { en: 'C libraries and clients', zh: 'libc 与客户端' }],
  ['kernel-and-network', { en: 'Kernel and network', zh: '内核与网络' }],
  ['firewall', { en: 'Firewall', zh: '防火墙' }],
  ['ssh', { en: 'SSH and access', zh: 'SSH 与访问' }],
  ['container-runtime', { en: 'Container runtime', zh: '容器运行时' }],
  ['ports', { en: 'Ports and processes', zh: '端口与进程' }],
  ['certificates-and-time', { en: 'Certificates and time', zh: '证书与时间' }],
  ['etcd', { en: 'etcd', zh: 'etcd' }],
  ['kubelet-and-cgroups', { en: 'Kubelet and control groups', zh: 'kubelet 与控制组' }],
  ['storage', { en: 'Storage', zh: '存储' }],
  ['proxy', { en: 'Proxy', zh: '代理' }],
  ['registry', { en: 'Registry', zh: '镜像仓库' }],
  ['rancher', { en: 'Rancher server and agents', zh: 'Rancher 服务端与 agent' }],
  ['leftover-state', { en: 'Leftover state', zh: '残留状态' }],
  ['preflight', { en: 'Preflight checks', zh: '预检' }],
];

const words = {
  why: { en: 'Why', zh: '原因' },
  confirms: { en: 'Confirmed by', zh: '支持的证据' },
  refutes: { en: 'Ruled out when', zh: '以下情况可排除' },
  decides: { en: 'What decides', zh: '决定性的事实' },
  alike: { en: 'Looks alike', zh: '容易混淆' },
  fixes: { en: 'Fixes, smallest first', zh: '修复办法（从小到大）' },
  risk: { en: 'risk: ', zh: '风险：' },
  apply: { en: 'apply: ', zh: '执行：' },
  verify: { en: 'verify: ', zh: '验证：' },
  undo: { en: 'undo: ', zh: '撤销：' },
  sources: { en: 'Sources', zh: '出处' },
  lines: { en: 'Lines that speak for it', zh: '相关的日志行' },
  severity: { en: 'severity: {severity}', zh: '严重程度：{severity}' },
  notThere: { en: 'There is no cause {id}. {hint}', zh: '没有名为 {id} 的原因。{hint}' },
  nearest: { en: 'Did you mean {name}?', zh: '是否指 {name}？' },
  list: { en: 'culprit causes lists them all.', zh: '用 culprit causes 可列出全部。' },
} as const satisfies Readonly<Record<string, Text>>;

const SEVERITY: Readonly<Record<Cause['severity'], Text>> = {
  critical: { en: 'critical', zh: '致命' },
  high: { en: 'high', zh: '高' },
  medium: { en: 'medium', zh: '中' },
  low: { en: 'low', zh: '低' },
};

export const command: CommandModule = {
  name: 'causes',
  summary: { en: 'list the causes that Culprit knows, or show one', zh: '列出 Culprit 所知的原因，或显示其中一个' },
  usage: '[ID]',
  positionals: { max: 1 },
  options: [],
  examples: [
    { command: './culprit causes', text: { en: 'all causes, by area', zh: '按领域列出全部原因' } },
    {
      command: './culprit causes coredns-loop',
      text: { en: 'one cause: why, how it is told, how it is mended', zh: '某个原因：为什么、如何判断、如何修复' },
    },
  ],
  async run(args, io) {
    const { causes } = await import('../../causes/index.ts');
    const [id] = args.positionals;
    if (id === undefined) {
      io.out(
        args.json
          ? `${JSON.stringify({ schema: 'culprit/causes@1', causes: causes.map((cause) => asJson(cause, io.language)) })}\n`
          : listOf(causes, io.language),
      );
      return 0;
    }
    const cause = causes.find((one) => one.id === id.toLowerCase());
    if (cause === undefined) {
      const name = nearest(
        id,
        causes.map((one) => one.id),
      );
      const hint = name === undefined ? words.list[io.language] : renderText(words.nearest, io.language, { name });
      throw new CulpritError('no-such-cause', words.notThere, { id, hint });
    }
    io.out(args.json ? `${JSON.stringify({ schema: 'culprit/cause@1', ...asJson(cause, io.language) })}\n` : pageOf(cause, io.language));
    return 0;
  },
};

function listOf(causes: readonly Cause[], language: Language): string {
  const width = Math.max(...causes.map((cause) => widthOf(cause.id)));
  const parts = AREAS.flatMap(([area, title]) => {
    const members = causes.filter((cause) => cause.area === area);
    if (members.length === 0) return [];
    const rows = members.map((cause) => `  ${padEnd(cause.id, width)}  ${readable(cause.title, language)}`);
    return [`${title[language]} (${String(members.length)})`, ...rows, ''];
  });
  return `${parts.join('\n').trimEnd()}\n`;
}

/** Placeholders of a finding stand as words where there is no finding. */
const readable = (text: Text, language: Language): string =>
  text[language].replace(/\{([a-z]+)(?:,[^{}]*)?\}/gi, (_, name: string) => name.toUpperCase());

/** In a command they are <words>, as on the pages of docs/causes. */
const fillable = (command: string): string => command.replace(/\{([a-z]+)\}/gi, '<$1>');

function pageOf(cause: Cause, language: Language): string {
  const say = (text: Text): string => readable(text, language);
  const list = (title: Text, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : ['', title[language], ...items.map((item) => `  - ${item}`)];
  const severity = renderText(words.severity, language, { severity: SEVERITY[cause.severity][language] });
  const fixes = cause.remedies.flatMap((remedy, index) => [
    `  ${String(index + 1)}. ${say(remedy.title)}`,
    `     ${words.risk[language]}${say(remedy.risk)}`,
    ...(remedy.command === undefined ? [] : [`     ${words.apply[language]}${fillable(remedy.command)}`]),
    ...remedy.verify.map((step) => `     ${words.verify[language]}${fillable(step)}`),
    ...(remedy.undo === undefined ? [] : [`     ${words.undo[language]}${fillable(remedy.undo)}`]),
  ]);
  const lines = [
    say(cause.title),
    `[${cause.id}]  ${severity}`,
    '',
    words.why[language],
    `  ${say(cause.mechanism)}`,
    ...list(
      words.lines,
      (cause.signatures ?? [])
        .filter((signature) => signature.grade !== 'weak')
        .map((signature) => signature.matches[0]?.replace(/[\t\n ]+/g, ' ') ?? ''),
    ),
    ...list(words.confirms, cause.confirms.map(say)),
    ...list(words.refutes, cause.refutes.map(say)),
    ...list(
      words.decides,
      (cause.asks ?? []).flatMap((need) => (need.kind === 'ask' ? [`${say(need.what)}\n      ${need.command}`] : [])),
    ),
    ...list(words.alike, cause.lookAlikes ?? []),
    '',
    words.fixes[language],
    ...fixes,
    ...list(words.sources, cause.sources),
  ];
  return `${lines.join('\n')}\n`;
}

function asJson(cause: Cause, language: Language): Readonly<Record<string, unknown>> {
  const say = (text: Text): string => text[language];
  return {
    id: cause.id,
    area: cause.area,
    layer: cause.layer,
    severity: cause.severity,
    title: say(cause.title),
    mechanism: say(cause.mechanism),
    confirms: cause.confirms.map(say),
    refutes: cause.refutes.map(say),
    lookAlikes: cause.lookAlikes ?? [],
    variantOf: cause.variantOf ?? [],
    consequenceOf: cause.consequenceOf ?? [],
    remedies: cause.remedies.map((remedy) => ({
      id: remedy.id,
      title: say(remedy.title),
      risk: say(remedy.risk),
      safety: remedy.safety,
      ...(remedy.command === undefined ? {} : { command: remedy.command }),
      ...(remedy.undo === undefined ? {} : { undo: remedy.undo }),
      verify: remedy.verify,
    })),
    sources: cause.sources,
  };
}
