/** The words of the page that `culprit logs` prints. */
import type { Text } from '../shared/text.ts';

export const LOGS_WORDS = {
  read: {
    en: '{files, plural, one {# file} other {# files}}, {lines} lines, {size}; from {first} to {last}',
    zh: '{files} 个文件，{lines} 行，{size}；时间从 {first} 到 {last}',
  },
  readNoTime: {
    en: '{files, plural, one {# file} other {# files}}, {lines} lines, {size}; no line says a time',
    zh: '{files} 个文件，{lines} 行，{size}；没有带时间的行',
  },
  terminal: { en: 'The line that ended it', zh: '导致结束的那一行' },
  terminalTimes: {
    en: '{source}: {kind}, at {time}, {count, plural, one {once} other {# times}}; {after, plural, =0 {the last line of the file} one {# line follows} other {# lines follow}}',
    zh: '{source}：{kind}，时间 {time}，共 {count} 次；其后还有 {after} 行',
  },
  ledBy: { en: 'before it', zh: '在它之前' },
  noTerminal: { en: 'No line ends a process or a run.', zh: '没有发现使进程或运行结束的行。' },
  consequence: { en: 'a consequence: {why}', zh: '属于后果：{why}' },
  otherTerminals: { en: 'Other ends', zh: '其他结束行' },
  symptoms: { en: 'What failed', zh: '失败的操作' },
  noSymptoms: {
    en: 'No failed dial, look-up, TLS handshake or HTTP answer, and no known line.',
    zh: '没有发现失败的连接、域名查询、TLS 握手或 HTTP 应答，也没有已知的日志行。',
  },
  causes: { en: 'Points to', zh: '指向的原因' },
  causesHint: {
    en: 'To prove it: ./culprit diagnose on the node, or diagnose --evidence with its files and this log.',
    zh: '若要证明：在节点上运行 ./culprit diagnose，或用 diagnose --evidence 给出节点文件和本日志。',
  },
  consequences: { en: 'Counted, and not taken for causes', zh: '已计数，但不视为原因' },
  templates: { en: 'What fills the log', zh: '日志的主要内容' },
  moreTemplates: {
    en: '… and {count} more kinds of lines (--json lists all; --template N shows the lines of one)',
    zh: '…… 另有 {count} 类（--json 列出全部；--template N 显示其中一类的各行）',
  },
  losses: { en: 'Lines that are missing', zh: '缺失的日志行' },
  loss: { en: '{kind}: {lines} lines [{source}] {text}', zh: '{kind}：{lines} 行 [{source}] {text}' },
  problems: { en: 'Read with trouble', zh: '读取时遇到的问题' },
  clocks: { en: 'Clocks', zh: '时钟' },
  clock: {
    en: '{node} is {ms} ms ahead of the first node (from {events} events that both name)',
    zh: '{node} 比第一个节点快 {ms} 毫秒（依据双方都记录的 {events} 个事件）',
  },
  perMinute: { en: '{rate}/min', zh: '{rate} 次/分' },
  more: { en: '… and {count} more (--json lists all)', zh: '…… 另有 {count} 项（--json 列出全部）' },
  change: {
    steady: { en: 'steady', zh: '平稳' },
    rises: { en: 'rises {factor} x at the end', zh: '末段增至 {factor} 倍' },
    falls: { en: 'falls to 1/{factor} at the end', zh: '末段降至 1/{factor}' },
    starts: { en: 'only in the last quarter', zh: '仅出现在最后四分之一' },
    stops: { en: 'none in the last quarter', zh: '最后四分之一不再出现' },
    once: { en: 'once', zh: '一次' },
  },
  certainty: {
    proved: { en: 'proved', zh: '已证明' },
    likely: { en: 'likely', zh: '很可能' },
    possible: { en: 'possible', zh: '有可能' },
    'points-to': { en: 'fits', zh: '相符' },
  },
} as const;

/** What was wrong with a file, by the kinds of the reader. */
export const PROBLEM_WORDS: Readonly<Record<string, Text>> = {
  permission: { en: '{source}: no permission to read it', zh: '{source}：没有读取权限' },
  vanished: { en: '{source}: it is gone', zh: '{source}：文件已不存在' },
  'not-a-regular-file': { en: '{source}: not a regular file', zh: '{source}：不是普通文件' },
  archive: {
    en: '{source}: an archive; unpack it, or give it to diagnose --evidence',
    zh: '{source}：是归档文件；请解包，或交给 diagnose --evidence',
  },
  binary: { en: '{source}: binary, not a log', zh: '{source}：二进制文件，不是日志' },
  'too-many': { en: '{source}: too many files; this one and later ones were not read', zh: '{source}：文件过多；该文件及其后的文件未读取' },
  'io-error': { en: '{source}: could not be read ({what})', zh: '{source}：无法读取（{what}）' },
  'rotation-gap': { en: '{source}: parts of the rotated set are missing: {what}', zh: '{source}：轮转日志缺少部分文件：{what}' },
  damaged: {
    en: '{source}: damaged ({what}); what stands before the damage was used',
    zh: '{source}：已损坏（{what}）；损坏处之前的内容已使用',
  },
  'no-tool': { en: '{source}: needs the program {what}, which is not here', zh: '{source}：需要程序 {what}，本机没有' },
  shrank: { en: '{source}: became {what} bytes shorter while it was read', zh: '{source}：读取期间缩短了 {what} 字节' },
  grew: {
    en: '{source}: {what} bytes were added while it was read; they are not counted',
    zh: '{source}：读取期间新增 {what} 字节；未计入',
  },
  replaced: { en: '{source}: was replaced by another file while it was read (rotation)', zh: '{source}：读取期间被另一个文件取代（轮转）' },
  overlong: { en: '{source}: {count} lines too long, only their beginning was read', zh: '{source}：{count} 行过长，只读取了开头' },
  nulLines: { en: '{source}: {count} lines with NUL bytes', zh: '{source}：{count} 行含有 NUL 字节' },
  notUtf8Lines: { en: '{source}: {count} lines that are not UTF-8', zh: '{source}：{count} 行不是 UTF-8' },
  backwards: { en: '{source}: time goes backwards {count} times', zh: '{source}：时间倒退 {count} 次' },
  pieces: { en: '{source}: {count} pieces joined to the records that they belong to', zh: '{source}：{count} 个片段已拼接到所属记录' },
  unshaped: {
    en: '{source}: {count} lines counted together, because there were too many kinds',
    zh: '{source}：种类过多，{count} 行合并计数',
  },
  'symptoms-dropped': { en: '{count} further kinds of failures were not kept', zh: '另有 {count} 类失败未保留' },
};

export const LOSS_WORDS: Readonly<Record<string, Text>> = {
  'rate-limit': { en: 'rate limit', zh: '速率限制' },
  'kernel-missed': { en: 'kernel messages missed', zh: '内核消息丢失' },
  'callbacks-suppressed': { en: 'suppressed by the kernel', zh: '被内核抑制' },
  'forwarding-missed': { en: 'not forwarded to syslog', zh: '未转发到 syslog' },
  truncated: { en: 'truncated', zh: '被截断' },
  dropped: { en: 'dropped', zh: '被丢弃' },
};

/** Why a text is a consequence, by the reasons of logs/consequences.ts and evidence/symptoms/noise.ts. */
export const CONSEQUENCE_WORDS: Readonly<Record<string, Text>> = {
  'api-not-up': { en: 'the API does not answer', zh: 'API 没有应答' },
  'container-ended-before': { en: 'a container ended before; its own log says why', zh: '容器此前已退出，原因在它自己的日志里' },
  'lease-lost': { en: 'the API or etcd was too slow', zh: 'API 或 etcd 响应过慢' },
  starting: { en: 'still starting', zh: '仍在启动' },
  'start-up': { en: 'only while it started', zh: '仅在启动期间出现' },
  'no-effect': { en: 'has no effect', zh: '没有影响' },
  'port-check': { en: 'somebody checks the port', zh: '有人在探测端口' },
  retry: { en: 'a retry', zh: '重试' },
};
