/** What a hosts file that stands in a trace says of a name. */

/** Addresses of the name's lines, as hosts(5) has it: an address, then names; `#` begins a remark. */
export function addressesInHosts(content: string, name: string): readonly string[] {
  if (name === '') return [];
  const wanted = name.toLowerCase().replace(/\.$/u, '');
  const found = content.split('\n').flatMap((line) => {
    const [address, ...names] = line
      .replace(/#.*$/u, '')
      .trim()
      .split(/[ \t\r]+/u);
    return address !== undefined && names.some((n) => n.toLowerCase() === wanted) ? [address] : [];
  });
  return [...new Set(found)];
}
