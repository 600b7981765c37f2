/** What a person types for a name and a port: NAME, NAME:PORT, [V6]:PORT, or a URL copied out of a log line. */
import { fail, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Text } from '../shared/text.ts';

export interface TypedName {
  readonly name: string;
  readonly port?: number;
}

export const nameProblems = {
  empty: { en: 'a name is missing: write NAME or NAME:PORT', zh: '缺少名称：请写 NAME 或 NAME:PORT' },
  port: {
    en: '"{typed}" has no usable port: it must be a number from 1 to 65535',
    zh: '“{typed}” 的端口无效：必须是 1 到 65535 之间的数字',
  },
  name: {
    en: '"{typed}" is not a name: it holds a blank or a control character, or is longer than 253 characters',
    zh: '“{typed}” 不是有效的名称：含有空白或控制字符，或超过 253 个字符',
  },
} as const satisfies Readonly<Record<string, Text>>;

const SCHEME_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

export function parseTypedName(typed: string): Result<TypedName, Text> {
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/iu.exec(typed);
  const scheme = url?.[1]?.toLowerCase();
  const authority = (url?.[2] ?? typed).replace(/^[^@]*@/u, '');
  const [host, portText] = splitPort(authority);
  if (host === '') return fail(nameProblems.empty);
  const unusable = [...host].some((c) => c <= ' ' || c === '\u007f');
  if (unusable || host.length > 253) return fail(nameProblems.name);
  if (portText === undefined) {
    const port = scheme === undefined ? undefined : SCHEME_PORTS[scheme];
    return ok(port === undefined ? { name: host } : { name: host, port });
  }
  const port = /^\d{1,5}$/u.test(portText) ? Number(portText) : 0;
  return port < 1 || port > 65_535 ? fail(nameProblems.port) : ok({ name: host, port });
}

/** '[::1]:80' and 'a:80' have a port; a bare IPv6 address has several colons and none. */
function splitPort(authority: string): readonly [string, string | undefined] {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/u.exec(authority);
  if (bracketed !== null) return [bracketed[1] ?? '', bracketed[2]];
  const colons = authority.split(':').length - 1;
  if (colons !== 1) return [authority, undefined];
  const at = authority.indexOf(':');
  return [authority.slice(0, at), authority.slice(at + 1)];
}
