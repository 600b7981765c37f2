/** Does a list as in NO_PROXY except a host? Source: golang.org/x/net/http/httpproxy (Config.useProxy). */
import { holdsIpv4 } from './ipv4.ts';

export function isExcepted(host: string, exceptions: string): boolean {
  const name = host.toLowerCase().replace(/\.$/u, '');
  if (name === 'localhost' || name === '::1' || name.startsWith('127.')) return true;
  return exceptions
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      if (entry === '') return false;
      if (entry === '*') return true;
      if (entry.includes('/')) return holdsIpv4(entry, name) === true;
      const bare = entry.replace(/:\d+$/u, '').replace(/^\*/u, '');
      if (bare.startsWith('.')) return name.endsWith(bare);
      return name === bare || name.endsWith(`.${bare}`);
    });
}
