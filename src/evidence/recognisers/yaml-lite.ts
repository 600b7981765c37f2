/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/**
 * Just enough of YAML and TOML for the configuration files of nodes: nested keys, lists, scalars, in the order of the lines and with
 * their numbers. It never fails: what it does not understand it leaves out. (A full parser would refuse a pasted, cut or indented part.)
 */

export interface Scalar {
  /** 'mirrors.docker.io.endpoint', list items under the key of the list. */
  readonly path: string;
  readonly value: string;
  readonly index: number;
}

const unquote = (text: string): string =>
  text
    .trim()
    .replace(/[ \t]+#.*$/u, '')
    .trim()
    .replace(/^(["'])(.*)\1,?$/u, '$2')
    .replace(/,$/u, '');

/** Scalars of a YAML text; "+ " of a diff before each line is taken off. */
export function yamlScalars(lines: readonly string[]): readonly Scalar[] {
  const found: Scalar[] = [];
  const stack: { readonly indent: number; readonly key: string }[] = [];
  const isDiff = lines.filter((l) => l !== '').every((l) => /^[+-]/u.test(l)) && lines.some((l) => /^\+[ \t]/u.test(l));
  lines.forEach((given, index) => {
    const line = (isDiff ? ` ${given.slice(1)}` : given).replaceAll('\t', '  ');
    if (/^ *(?:#.*)?$/u.test(line) || /^(?:---|\.\.\.)$/u.test(line)) return;
    let indent = line.length - line.trimStart().length;
    let rest = line.trim();
    while (rest.startsWith('- ')) {
      indent += 2;
      rest = rest.slice(2).trim();
      while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
      if (!/^["']?[^:"' ]+["']?:(?: |$)/u.test(rest)) {
        found.push({ path: stack.map((s) => s.key).join('.'), value: unquote(rest), index });
        return;
      }
    }
    const pair = /^(?:"([^"]+)"|'([^']+)'|([^:#]+(?::\d+)?)): *(.*)$/u.exec(rest) ?? /^(?:"([^"]+)"|'([^']+)'|([^:# ]+)):$/u.exec(rest);
    if (pair === null) {
      if (/^-$/u.test(rest)) return;
      return;
    }
    const key = (pair[1] ?? pair[2] ?? pair[3] ?? '').trim();
    const value = pair[4] ?? '';
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
    const path = [...stack.map((s) => s.key), key].join('.');
    if (value === '' || /^[|>][+-]?$/u.test(value)) {
      stack.push({ indent, key });
      return;
    }
    const list = /^\[(.*)\]$/u.exec(value.trim())?.[1];
    if (list !== undefined)
      for (const item of list.split(',').filter((i) => i.trim() !== '')) found.push({ path, value: unquote(item), index });
    else found.push({ path, value: unquote(value), index });
    stack.push({ indent, key });
  });
  return found;
}

/** Scalars of a TOML text, with the section's name in front. */
export function tomlScalars(lines: readonly string[]): readonly Scalar[] {
  const found: Scalar[] = [];
  let section = '';
  lines.forEach((line, index) => {
    const head = /^[ \t]*\[+([^\]]+)\]+[ \t]*(?:#.*)?$/u.exec(line)?.[1];
    if (head !== undefined) {
      section = head.replaceAll('"', '').trim();
      return;
    }
    const pair = /^[ \t]*([A-Za-z_][\w.-]*|"[^"]+")[ \t]*=[ \t]*(.+?)[ \t]*$/u.exec(line);
    if (pair === null) return;
    const key = (pair[1] ?? '').replaceAll('"', '');
    const path = section === '' ? key : `${section}.${key}`;
    const list = /^\[(.*)$/u.exec(pair[2] ?? '')?.[1];
    if (list !== undefined) {
      const items = list
        .replace(/\]$/u, '')
        .split(',')
        .map(unquote)
        .filter((i) => i !== '');
      if (items.length === 0) found.push({ path, value: '', index });
      for (const item of items) found.push({ path, value: item, index });
    } else found.push({ path, value: unquote(pair[2] ?? ''), index });
  });
  return found;
}
