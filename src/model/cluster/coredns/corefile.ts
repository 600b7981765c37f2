/**
 * A Corefile (coredns.io/manual/configuration; coredns core/dnsserver, coredns/caddy caddyfile):
 *
 *   ZONE[:PORT] ZONE ... {
 *       PLUGIN arg arg {
 *           option arg
 *       }
 *   }
 *   (snippet) { ... }     import snippet
 *
 * Words end at white space; "…" holds blanks; # at the beginning of a word starts a comment; {$NAME} is the environment.
 */
export interface CorefileLine {
  readonly words: readonly string[];
  /** 1-based. */
  readonly line: number;
}

export interface Directive extends CorefileLine {
  readonly name: string;
  readonly args: readonly string[];
  readonly block: readonly CorefileLine[];
}

export interface ServerBlock {
  /** Lower case, without final dot; '' is the root. */
  readonly zones: readonly string[];
  readonly port: number;
  readonly directives: readonly Directive[];
  readonly line: number;
}

export interface Corefile {
  readonly servers: readonly ServerBlock[];
  readonly lines: readonly string[];
  /** The first line that cannot be read; CoreDNS then does not start. */
  readonly error?: { readonly line: number };
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const MOST_TOKENS = 20_000;

function tokens(text: string, env: Readonly<Record<string, string>>): readonly Token[] {
  const found: Token[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    let at = 0;
    while (at < line.length && found.length < MOST_TOKENS) {
      while (at < line.length && ' \t\r'.includes(line.charAt(at))) at++;
      if (at >= line.length || line.charAt(at) === '#') break;
      let word = '';
      if (line.charAt(at) === '"') {
        for (at++; at < line.length && line.charAt(at) !== '"'; at++) {
          if (line.charAt(at) === '\\' && line.charAt(at + 1) === '"') at++;
          word += line.charAt(at);
        }
        at++;
      } else {
        const start = at;
        while (at < line.length && !' \t\r'.includes(line.charAt(at))) at++;
        word = line.slice(start, at);
      }
      found.push({
        text: word.replace(
          /\{\$([A-Za-z_]\w{0,99})\}|\{%([A-Za-z_]\w{0,99})%\}/gu,
          (_all, a: string | undefined, b: string | undefined) => env[a ?? b ?? ''] ?? '',
        ),
        line: i + 1,
      });
    }
  }
  return found;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }
  /** Rest of the line of `first`, up to `{`. */
  line(first: Token): { readonly words: readonly string[]; readonly opens: boolean } {
    const words = [first.text];
    for (let token = this.peek(); token?.line === first.line && token.text !== '}'; token = this.peek()) {
      this.next();
      if (token.text === '{') return { words, opens: true };
      words.push(token.text);
    }
    return { words, opens: false };
  }
}

/** `env`: of the CoreDNS process. */
export function parseCorefile(text: string, env: Readonly<Record<string, string>> = {}): Corefile {
  const lines = text.split('\n');
  const reader = new Reader(tokens(text, env));
  const snippets = new Map<string, readonly Directive[]>();
  const servers: ServerBlock[] = [];
  for (let token = reader.peek(); token !== undefined; token = reader.peek()) {
    const { line } = token;
    const keys = readKeys(reader);
    if (keys === undefined) return { servers, lines, error: { line } };
    const directives = readDirectives(reader, snippets);
    if (directives === undefined) return { servers, lines, error: { line } };
    const snippet = /^\((.+)\)$/u.exec(keys[0] ?? '')?.[1];
    if (snippet !== undefined) snippets.set(snippet, directives);
    else servers.push(...serverBlocks(keys, directives, line));
  }
  return { servers, lines };
}

/** Keys up to `{`, separated by blanks, commas and line ends. */
function readKeys(reader: Reader): readonly string[] | undefined {
  const keys: string[] = [];
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === '{') return keys;
    if (token.text === '}') return undefined;
    keys.push(...token.text.split(',').filter((key) => key !== ''));
  }
  return undefined;
}

function readDirectives(reader: Reader, snippets: ReadonlyMap<string, readonly Directive[]>): readonly Directive[] | undefined {
  const directives: Directive[] = [];
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === '}') return directives;
    const { words, opens } = reader.line(token);
    const [name = '', ...args] = words;
    const block = opens ? readBlock(reader) : [];
    if (block === undefined) return undefined;
    if (name === 'import') directives.push(...(snippets.get(args[0] ?? '') ?? []));
    else directives.push({ name, args, words, block, line: token.line });
  }
  return undefined;
}

/** Lines up to the matching `}`; blocks inside (of regular plugins there are none that matter) are flattened. */
function readBlock(reader: Reader): readonly CorefileLine[] | undefined {
  const lines: CorefileLine[] = [];
  let depth = 1;
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === '}') {
      depth--;
      if (depth === 0) return lines;
      continue;
    }
    const { words, opens } = reader.line(token);
    lines.push({ words, line: token.line });
    if (opens) depth++;
  }
  return undefined;
}

/** Keys of one block may name several ports; each port makes its own server. */
function serverBlocks(keys: readonly string[], directives: readonly Directive[], line: number): readonly ServerBlock[] {
  const byPort = new Map<number, string[]>();
  for (const key of keys) {
    const scheme = /^([a-z]+):\/\//u.exec(key)?.[1];
    const rest = scheme === undefined ? key : key.slice(scheme.length + 3);
    const port = /:(\d{1,5})$/u.exec(rest)?.[1];
    const zone = normalZone(port === undefined ? rest : rest.slice(0, -port.length - 1));
    // TLS, gRPC and HTTPS servers answer no plain questions.
    if (scheme !== undefined && scheme !== 'dns') continue;
    const number = port === undefined ? 53 : Number(port);
    byPort.set(number, [...(byPort.get(number) ?? []), zone]);
  }
  return [...byPort].map(([port, zones]) => ({ zones, port, directives, line }));
}

/** '.' → '', 'Cluster.Local.' → 'cluster.local', '10.0.0.0/24' → '0.0.10.in-addr.arpa' (whole octets only). */
export function normalZone(zone: string): string {
  const cidr = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(8|16|24|32)$/u.exec(zone);
  if (cidr !== null)
    return `${cidr
      .slice(1, 1 + Number(cidr[5]) / 8)
      .reverse()
      .join('.')}.in-addr.arpa`;
  return zone.toLowerCase().replace(/\.$/u, '');
}

/** The server blocks that listen on the address: all but those that `bind` others. */
export const boundTo = (corefile: Corefile, address: string): Corefile => ({
  ...corefile,
  servers: corefile.servers.filter(({ directives }) => {
    const bound = directives.filter(({ name }) => name === 'bind').flatMap(({ args }) => args);
    return (
      bound.length === 0 || bound.includes(address) || bound.some((word) => word === '0.0.0.0' || word === '::' || !/[.:]/u.test(word))
    );
  }),
});

/** Is `name` the zone or below it? Both normal. */
export const inZone = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`);

/** The longest zone that covers the name. */
export const matchingZone = (name: string, zones: readonly string[]): string | undefined =>
  zones
    .filter((zone) => inZone(name, zone))
    .reduce<string | undefined>((best, zone) => (best === undefined || zone.length > best.length ? zone : best), undefined);

/** Zones of a plugin's arguments; none: those of its server block. */
export const zonesOr = (args: readonly string[], block: ServerBlock): readonly string[] =>
  args.length === 0 ? block.zones : args.map(normalZone);

/** `fallthrough [ZONES…]` among the lines: does it hold for the name? */
export function fallsThrough(lines: readonly CorefileLine[], name: string): boolean {
  return lines.some(
    ({ words }) => words[0] === 'fallthrough' && (words.length === 1 || words.slice(1).some((zone) => inZone(name, normalZone(zone)))),
  );
}
