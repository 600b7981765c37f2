/** The report's own words. What a cause or the model says stands beside the cause or the rule. */
import type { Text } from '../shared/text.ts';

export const WORDS = {
  nothingWrong: { en: 'Nothing wrong was found: {target}.', zh: '未发现问题：{target}。' },
  couldNotTell: {
    en: 'Could not tell what is wrong: {target}. The next facts to fetch are below.',
    zh: '无法判断问题所在：{target}。下面列出接下来需要的事实。',
  },
  nothingRead: {
    en: 'Nothing could be read: {target} holds no text. The facts that tell most are below.',
    zh: '无法读取任何内容：{target} 中没有文本。下面列出最有用的事实。',
  },
  certainty: {
    proved: { en: 'PROVED', zh: '已证明' },
    likely: { en: 'LIKELY', zh: '很可能' },
    possible: { en: 'POSSIBLE', zh: '有可能' },
  },
  titleInView: { en: '{title} (in {view})', zh: '{title}（位置：{view}）' },
  explains: { en: 'What it explains', zh: '它解释了' },
  chain: { en: 'How it comes about', zh: '来龙去脉' },
  evidence: { en: 'More evidence', zh: '其他证据' },
  proof: {
    en: 'Proof: the model predicts {failures, plural, one {this failure} other {these # failures}} from the facts as they are; with the fix below {failures, plural, one {it does not happen} other {none of them happens}}, and nothing else breaks.',
    zh: '证明：根据现有事实，模型预测出了这 {failures} 个失败；应用下面的修复后，这些失败不再出现，也没有破坏其他功能。',
  },
  fix: { en: 'Smallest fix ({safety})', zh: '最小的修复（{safety}）' },
  apply: { en: 'run', zh: '执行' },
  risk: { en: 'risk', zh: '风险' },
  verify: { en: 'verify', zh: '验证' },
  undo: { en: 'undo', zh: '撤销' },
  then: { en: 'then', zh: '随后' },
  safety: {
    safe: { en: 'safe', zh: '安全' },
    disruptive: { en: 'disruptive', zh: '会造成中断' },
    'needs-a-person': { en: 'needs a person', zh: '需要人工判断' },
  },
  otherFix: { en: '{title} ({safety}; risk: {risk})', zh: '{title}（{safety}；风险：{risk}）' },
  otherFixes: { en: 'Other ways', zh: '其他办法' },
  noFix: { en: 'No fix is known that a command could do.', zh: '没有可以用命令完成的修复办法。' },
  variants: { en: 'Also seen, and part of the same: {causes}', zh: '同时出现，属于同一问题：{causes}' },
  ruledOutBecause: { en: '{title}: {because}', zh: '{title}：{because}' },
  thisMachine: { en: 'this machine', zh: '本机' },
  standardInput: { en: 'standard input', zh: '标准输入' },
  openings: { en: 'If something fails all the same, these facts tell most', zh: '若仍有故障，以下信息最有帮助' },
  failed: { en: 'What failed, and no cause that was looked at explains', zh: '以下故障没有已检查的原因可以解释' },
  failedTimes: { en: '{kind}, {count, plural, one {once} other {# times}}', zh: '{kind}，{count} 次' },
  undecided: { en: 'Not decided', zh: '尚未判定' },
  next: { en: 'look at {what}', zh: '需要查看：{what}' },
  ruledOut: { en: 'Ruled out', zh: '已排除' },
  notChecked: { en: 'Could not be checked', zh: '未能检查' },
  pieces: { en: 'What was given', zh: '收到的材料' },
  piece: {
    en: '{name}: {takenFor}, {lines, plural, one {# line} other {# lines}}',
    zh: '{name}：{takenFor}，{lines} 行',
  },
  pieceLeft: {
    en: '{name}: {takenFor}, {lines, plural, one {# line} other {# lines}}, {left} of them not understood',
    zh: '{name}：{takenFor}，{lines} 行，其中 {left} 行未能理解',
  },
  more: { en: '… and {count} more (--json lists all)', zh: '…… 另有 {count} 项（--json 列出全部）' },
  asked: {
    en: 'Asked: {questions, plural, one {# question} other {# questions}} ({names, plural, one {# name} other {# names}}, {clients, plural, one {# program} other {# programs}}, {views, plural, one {# place} other {# places}}); {failing, plural, one {# fails} other {# fail}}.',
    zh: '共提出 {questions} 个问题（{names} 个名称、{clients} 种程序、{views} 处位置），其中 {failing} 个失败。',
  },
} as const;

/** For tests that walk every text. */
export const allWords = (words: object = WORDS): readonly Text[] =>
  Object.values(words).flatMap((value: unknown): readonly Text[] => {
    if (typeof value !== 'object' || value === null) return [];
    return 'en' in value && 'zh' in value ? [value as Text] : allWords(value);
  });
