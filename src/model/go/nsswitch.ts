/**
 * nsswitch.conf as Go reads it (golang/go src/net/nss.go):
 *
 *   database: source [STATUS=action !STATUS=action] source ...   # comment
 *
 * One bad line, of any database, makes the whole file an error. Names of databases and sources are kept as written; a source ends at
 * a blank (a tab belongs to it), so `files,dns` is one source. Lines of the same database add up.
 */
import { asciiLower, goLines, goTrim, withoutComment } from './text.ts';

export interface GoNssCriterion {
  readonly negate: boolean;
  readonly status: string;
  readonly action: string;
}

export interface GoNssSource {
  readonly source: string;
  readonly criteria: readonly GoNssCriterion[];
  /** 1-based. */
  readonly line: number;
}

export interface GoNsswitch {
  readonly databases: ReadonlyMap<string, readonly GoNssSource[]>;
  readonly lines: readonly string[];
  /** The first line that Go cannot read. */
  readonly error?: { readonly line: number; readonly reason: 'no-colon' | 'unclosed-bracket' | 'bad-criterion' };
}

export function parseGoNsswitch(text: string): GoNsswitch {
  const lines = goLines(text);
  const databases = new Map<string, GoNssSource[]>();
  for (const [i, raw] of lines.entries()) {
    const line = goTrim(withoutComment(raw));
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 0) return { databases, lines, error: { line: i + 1, reason: 'no-colon' } };
    const reason = readSources(goTrim(line.slice(0, colon)), line.slice(colon + 1), i + 1, databases);
    if (reason !== undefined) return { databases, lines, error: { line: i + 1, reason } };
  }
  return { databases, lines };
}

function readSources(
  db: string,
  text: string,
  line: number,
  databases: Map<string, GoNssSource[]>,
): 'unclosed-bracket' | 'bad-criterion' | undefined {
  let rest = goTrim(text);
  while (rest !== '') {
    const space = rest.indexOf(' ');
    const source = space < 0 ? rest : rest.slice(0, space);
    rest = space < 0 ? '' : goTrim(rest.slice(space + 1));
    let criteria: readonly GoNssCriterion[] = [];
    if (rest.startsWith('[')) {
      const close = rest.indexOf(']');
      if (close < 0) return 'unclosed-bracket';
      const read = readCriteria(rest.slice(1, close));
      if (read === undefined) return 'bad-criterion';
      criteria = read;
      rest = goTrim(rest.slice(close + 1));
    }
    const sources = databases.get(db);
    const made = { source, criteria, line };
    if (sources === undefined) databases.set(db, [made]);
    else sources.push(made);
  }
  return undefined;
}

function readCriteria(text: string): readonly GoNssCriterion[] | undefined {
  const criteria: GoNssCriterion[] = [];
  // Fields end at blanks only; a tab inside belongs to the field (foreachField).
  for (const part of text.split(' ')) {
    const field = goTrim(part);
    if (field === '') continue;
    const negate = field.startsWith('!');
    const f = negate ? field.slice(1) : field;
    const equals = f.indexOf('=');
    if (f.length < 3 || equals < 0) return undefined;
    criteria.push({ negate, status: asciiLower(f.slice(0, equals)), action: asciiLower(f.slice(equals + 1)) });
  }
  return criteria;
}

/** Do the criteria say nothing that Go would have to obey? The last one of a bracket may return on any known status. */
export function hasStandardCriteria(source: GoNssSource): boolean {
  return source.criteria.every(({ negate, status, action }, i) => {
    if (negate) return false;
    if (status !== 'success' && status !== 'notfound' && status !== 'unavail' && status !== 'tryagain') return false;
    if (i === source.criteria.length - 1 && action === 'return') return true;
    return action === (status === 'success' ? 'return' : 'continue');
  });
}
