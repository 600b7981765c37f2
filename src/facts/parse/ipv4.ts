/** IPv4 addresses and ranges as numbers. */

/** Is the address in the range (`10.0.0.0/8`, or one address)? Undefined where either is no IPv4 address. */
export function holdsIpv4(range: string, address: string): boolean | undefined {
  const [base = '', length = '32'] = range.split('/');
  const a = ipv4Number(base);
  const b = ipv4Number(address);
  const bits = Number(length);
  if (a === undefined || b === undefined || !Number.isInteger(bits) || bits < 0 || bits > 32) return range === address ? true : undefined;
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  return (a & mask) >>> 0 === (b & mask) >>> 0;
}

function ipv4Number(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/u.exec(text);
  if (match === null) return undefined;
  return match.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}
