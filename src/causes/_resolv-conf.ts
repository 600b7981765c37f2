/** resolv.conf as a person reads it (resolv.conf(5)); each resolver's own, stricter reading stands in model/. */
import { valueOf } from '../facts/fact.ts';
import type { Source } from '../facts/fact.ts';
import type { DnsQuestion, FileContent, ViewFacts } from '../facts/node-facts.ts';
import { memoByIdentity } from '../model/memo.ts';
import type { Need, World } from '../model/types.ts';
import type { Edit } from '../remedy/edit.ts';
import type { FindingRemedy, RemedyText } from './define-cause.ts';

export const RESOLV_CONF = '/etc/resolv.conf';

export interface ResolvLine {
  /** From 1. */
  readonly number: number;
  readonly keyword: string;
  readonly values: readonly string[];
  readonly text: string;
}

export interface ResolvText {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly ResolvLine[];
  readonly nameservers: readonly string[];
  /** The last search or domain line wins. */
  readonly search: readonly string[];
  readonly options: readonly string[];
  readonly mtime?: number;
}

export function resolvConf(view: ViewFacts, path: string = RESOLV_CONF): ResolvText | undefined {
  const fact = view.files[path];
  const file = fact === undefined ? undefined : valueOf(fact);
  return file === undefined ? undefined : { ...parsed(file), path };
}

const parsed = memoByIdentity((file: FileContent): Omit<ResolvText, 'path'> => {
  const lines = file.text.split('\n').flatMap((text, index): readonly ResolvLine[] => {
    const [keyword, ...values] = text
      .replace(/[#;].*$/u, '')
      .split(/[ \t\r]+/u)
      .filter((w) => w !== '');
    return keyword === undefined ? [] : [{ number: index + 1, keyword, values, text: text.replace(/\r$/u, '') }];
  });
  const of = (keyword: string): readonly ResolvLine[] => lines.filter((l) => l.keyword === keyword);
  const searches = lines.filter((l) => l.keyword === 'search' || l.keyword === 'domain');
  return {
    text: file.text,
    lines,
    nameservers: of('nameserver').flatMap((l) => l.values.slice(0, 1)),
    search: searches.at(-1)?.values ?? [],
    options: of('options').flatMap((l) => l.values),
    ...(file.mtime === undefined ? {} : { mtime: file.mtime }),
  };
});

/** What each listed server says to this name: DNS questions that nobody has asked yet. A resolver stops at the first definite answer. */
export function askEachServer(world: World, view: ViewFacts, file: ResolvText, name: string): readonly Need[] {
  return file.nameservers.flatMap((server): readonly Need[] => {
    const question: DnsQuestion = { server, name: name.toLowerCase(), type: 'A', transport: 'udp' };
    return world.dns(view.netns, question) === undefined ? [{ kind: 'dns', netns: view.netns, question }] : [];
  });
}

export const resolvSource = (view: ViewFacts, file: ResolvText, line?: ResolvLine): Source => ({
  kind: 'file',
  path: file.path,
  view: view.id,
  ...(line === undefined ? {} : { line: line.number, text: line.text }),
});

/** The line of one nameserver. */
export const nameserverLine = (file: ResolvText, address: string): ResolvLine | undefined =>
  file.lines.find((l) => l.keyword === 'nameserver' && l.values[0] === address);

/** With ndots:1 a name with a dot is asked as it stands first; short names still go through the list. */
export function lowerNdots(view: ViewFacts, file: ResolvText): readonly FindingRemedy[] {
  const line = file.lines.findLast((l) => l.keyword === 'options' && l.values.some((v) => /^ndots:(?:[2-9]|1\d)$/u.test(v)));
  if (line === undefined) return [];
  const edit: Edit = {
    edit: 'write-file',
    view: view.id,
    path: RESOLV_CONF,
    text: file.text.replace(line.text, () => line.text.replace(/ndots:\d+/gu, 'ndots:1')),
    command: `sed -e '${String(line.number)}s/ndots:[0-9]*/ndots:1/'`,
  };
  return [{ id: 'lower-ndots', edits: [edit] }];
}

export function withoutDomain(view: ViewFacts, file: ResolvText, line: ResolvLine, domain: string): Edit {
  const rest = line.values.filter((v) => v.toLowerCase().replace(/\.$/u, '') !== domain);
  const next = rest.length === 0 ? '' : `${line.keyword} ${rest.join(' ')}`;
  return {
    edit: 'write-file',
    view: view.id,
    path: RESOLV_CONF,
    text: file.text.replace(line.text, () => next),
    command: `sed -e '${String(line.number)}s/.*/${next}/'`,
  };
}

export const lowerNdotsText: RemedyText = {
  id: 'lower-ndots',
  title: {
    en: 'Ask names with a dot as they stand first: ndots:1 in {path}',
    zh: '先按原样查询带点的名称：在 {path} 中设置 ndots:1',
  },
  risk: {
    en: 'names such as a.b that rely on the list are asked as they stand first',
    zh: '依赖搜索列表的 a.b 形式名称会先按原样查询',
  },
  safety: 'safe',
  command: "sed -i.bak 's/ndots:[0-9]*/ndots:1/' /etc/resolv.conf",
  undo: 'mv /etc/resolv.conf.bak /etc/resolv.conf',
  verify: ['getent ahosts NAME'],
};
