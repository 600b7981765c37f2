/**
 * Is a text a host name, as res_hnok() says: letters, digits, '-', '_' and '.', not beginning with '-', no empty label, no label over 63
 * characters, 253 in all, a final dot allowed. Source: glibc resolv/res-name-checking.c.
 */
export function isHostName(name: string): boolean {
  if (name === '' || name === '.') return true;
  const text = name.endsWith('.') ? name.slice(0, -1) : name;
  return text.length <= 253 && !text.startsWith('-') && text.split('.').every((label) => /^[\w-]{1,63}$/u.test(label));
}
