/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
/**
 * People state facts in their own words: "firewalld: stopped", "df_root_usage: 95%", "name resolves on the host: true", 系统解析器: 运行中.
 * A statement is cut into key and value, the value gets a polarity, and vocabulary tables map both to typed observations.
 */

export interface Statement {
  /** As given. */
  readonly key: string;
  readonly value: string;
  /** Key in lower case, words parted by one blank: 'http proxy set'. */
  readonly words: string;
  /** Value in lower case. */
  readonly said: string;
  /** words + ': ' + said. */
  readonly text: string;
  /** yes, no, or not told by the value. */
  readonly yes: boolean | undefined;
}

const NO =
  /^(?:false|no|none|off|0|null|nil|unset|empty|missing|absent|disabled?|inactive|stopped|down|dead|fail(?:s|ed|ing|ure)?|broken|blocked|closed|denied|refused|never|nothing|not\b.*|no\b.*|un(?:available|reachable|resolvable|known|managed|healthy|set|loaded|synchroni[sz]ed|resolved)|timed? ?outs?|times out|nxdomain|servfail|cannot.*|can't.*|could not.*|does not.*|doesn't.*|is not.*|isn't.*|did not.*|didn't.*|lack.*|without\b.*|rejected|invalid|否|无.*|未.*|没有.*|不.*|已?关闭.*|已?停止.*|已?停用.*|失败.*|已?禁用.*|缺失.*|缺少.*|已停.*|断开.*)$/u;
const YES =
  /^(?:true|yes|on|[1有是对开]|set|present|exists?|enabled?|active|running|up|works?|working|worked|ok|okay|fine|success(?:ful|fully)?|succeed(?:s|ed)?|pass(?:es|ed)?|open|reachable|ready|healthy|loaded|installed|available|same|identical|allowed|correct|normal|good|resolves?|answers?|mounted|synchroni[sz]ed|in use|used|启用.*|开启.*|运行.*|存在.*|正常.*|可以.*|成功.*|已启.*|已安装.*|已加载.*|可达.*|能.*|可用.*)(?:[ ,;:(.，；（].*)?$/u;

/** Does a short answer say yes or no? Long prose says neither by its first word alone, except where that word is plain. */
export function polarity(value: string): boolean | undefined {
  const said = value
    .trim()
    .toLowerCase()
    .replace(/^["'`]+|["'`.!]+$/gu, '');
  // 未关闭: not switched off.
  if (/^(?:未|没有?)被?(?:关闭|停止|停用|禁用|关)/u.test(said)) return true;
  if (NO.test(said)) return false;
  if (YES.test(said)) return true;
  const first = /^[a-z-]+/u.exec(said)?.[0] ?? '';
  if (
    /^(?:false|no|off|disabled|inactive|stopped|missing|fails|failed|absent|down|unset|unreachable|blocked|timeout|refused)$/u.test(first)
  )
    return false;
  return undefined;
}

/** Words that turn a sentence to its opposite, or say that something fails. */
const NEGATION =
  /\b(?:not|no|never|cannot|can't|couldn't|doesn't|don't|isn't|aren't|won't|wasn't|without|nothing|fails?|failed|failing|unable|unreachable|lost|dropped|blocked|refused|rejected|times? out|timed out|timeouts?|broken|dead|missing|absent|stops? working|stuck|hangs?|down|lacks?|only within|unanswered|silent)\b|不能|无法|失败|不通|没有|未|不存在|丢|超时|不可/u;

export const negated = (clause: string): boolean => NEGATION.test(clause);

/** Sentences cut where the subject or the polarity may change. */
export const clausesOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(
      /[;.。；](?: |$)|[,，] (?=(?:but|while|and|yet|though|although|only|however)\b|而|但)|\b(?:but|while|whereas|although|though|yet|however)\b| and (?=(?:cannot|can|do(?:es)? not|fails?|works?|nodes|pods|the|a|dns|hosts?|tcpdump|it)\b)|但是?|而是?|；/u,
    )
    .map((c) => c.trim())
    .filter((c) => c !== '');

/** camelCase, snake_case, dots and hyphens between letters become blanks. */
export const keyWords = (key: string): string =>
  key
    .replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
    .replaceAll(/[_.\-/]+/gu, ' ')
    .toLowerCase()
    .replaceAll(/ +/gu, ' ')
    .trim();

export function makeStatement(key: string, value: string): Statement {
  const words = keyWords(key);
  const said = value.trim().toLowerCase();
  return { key, value: value.trim(), words, said, text: `${words}: ${said}`, yes: polarity(value) };
}

/** JSON objects are many statements, lists one with its parts joined. */
export function unfold(key: string, value: string, depth = 0): readonly Statement[] {
  const trimmed = value.trim();
  if (!/^[[{]/u.test(trimmed) || depth > 2) {
    // "fails; lookup in a pod: works": the second half is a statement of its own.
    const [first = '', ...others] = trimmed.split(/; (?=[^;:]{3,60}: )/u);
    const more = others.map((o) => /^([^:]{3,60}): (.+)$/u.exec(o)).filter((h) => h !== null);
    return more.length === 0
      ? [makeStatement(key, trimmed.replace(/^"|"$/gu, ''))]
      : [makeStatement(key, trimmed), makeStatement(key, first), ...more.map((h) => makeStatement(h[1] ?? '', h[2] ?? ''))];
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(trimmed);
  } catch {
    return [makeStatement(key, trimmed)];
  }
  if (Array.isArray(parsed)) return [makeStatement(key, parsed.map((v) => (typeof v === 'string' ? v : JSON.stringify(v))).join(', '))];
  if (typeof parsed !== 'object' || parsed === null) return [makeStatement(key, trimmed)];
  return Object.entries(parsed).flatMap(([k, v]) => unfold(`${key}_${k}`, typeof v === 'string' ? v : JSON.stringify(v), depth + 1));
}
