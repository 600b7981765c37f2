/** resolv.conf as a person reads it (resolv.conf(5)); each resolver's own, stricter reading stands in model/. */
import { valueOf } from '../facts/fact.ts';
import type { Source } from '../facts/fact.ts';
import type { DnsQuestion, FileContent, ViewFacts } from '../facts/node-facts.ts';
import { memoByIdentity } from '../model/memo.ts';
import type { Need, World } from '../model/types.ts';

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
