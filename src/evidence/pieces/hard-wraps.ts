/**
 * Log lines that a terminal has cut at its width, put together again. Whoever copies out of tmux or a narrow console pastes real line
 * ends in the middle of words. Told by two or more lines of the very same greatest length whose next line has no head of its own.
 */
const HEAD =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d:\d\d|time="|ts=|level=|[{[]|[#$>] ?|-- )/u;
const NARROWEST = 70;

/** The same number of lines: what was added to a line is empty in its old place. Undefined where nothing is wrapped. */
export function withoutHardWraps(lines: readonly string[]): readonly string[] | undefined {
  const width = Math.max(0, ...lines.map((line) => line.length));
  if (width < NARROWEST) return undefined;
  const goesOn = (at: number): boolean => {
    const next = lines[at + 1] ?? '';
    return next !== '' && !/^[ \t]/u.test(next) && !HEAD.test(next);
  };
  if (lines.filter((line, at) => line.length === width && goesOn(at)).length < 2) return undefined;
  const whole = [...lines];
  for (let at = 0; at < lines.length; at += 1) {
    if (!HEAD.test(lines[at] ?? '')) continue;
    let last = at;
    // A blank at the very end is often lost on the way.
    while ((lines[last] ?? '').length >= width - 1 && goesOn(last)) last += 1;
    if (last === at) continue;
    whole[at] = lines
      .slice(at, last + 1)
      .map((line, i) => (at + i < last ? line.padEnd(width) : line))
      .join('');
    whole.fill('', at + 1, last + 1);
    at = last;
  }
  return whole;
}
