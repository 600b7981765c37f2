/** Addresses and ports as programs write them. */

export interface HostPort {
  readonly host: string;
  readonly port?: number;
}

/** '[::1]:6443', '10.0.0.1:443', 'localhost:10248', '::1', 'name' → host without brackets, and the port. */
export function hostPort(text: string): HostPort | undefined {
  const bracketed = /^\[([^\]]{1,255})\](?::(\d{1,5}))?$/u.exec(text);
  if (bracketed?.[1] !== undefined) return withPort(bracketed[1], bracketed[2]);
  if ((text.match(/:/gu)?.length ?? 0) > 1) return { host: text };
  const plain = /^([^: \t]{1,255})(?::(\d{1,5}))?$/u.exec(text);
  return plain?.[1] === undefined ? undefined : withPort(plain[1], plain[2]);
}

const withPort = (host: string, port: string | undefined): HostPort => {
  const number = port === undefined ? undefined : Number(port);
  return number === undefined || number > 65_535 ? { host } : { host, port: number };
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, ws: 80, https: 443, wss: 443 };

/** Host as written (no brackets, no user), port with the scheme's default, and the path. */
export function urlParts(
  url: string,
): { readonly scheme: string; readonly host: string; readonly port?: number; readonly path: string } | undefined {
  const hit = /^([a-z][a-z0-9+.-]{1,20}):\/\/(?:[^/@"]{0,200}@)?(\[[^\]]{1,60}\]|[^/:?#" \t]{1,255})(?::(\d{1,5}))?([^" \t]*)/u.exec(url);
  if (hit === null) return undefined;
  const [, scheme = '', host = '', port, path = ''] = hit;
  const number = port === undefined ? DEFAULT_PORTS[scheme] : Number(port);
  return { scheme, host: host.replace(/^\[|\]$/gu, ''), path, ...(number === undefined || number > 65_535 ? {} : { port: number }) };
}

export const isIpv4 = (text: string): boolean => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/u.test(text);
export const isIpv6 = (text: string): boolean => /^[\dA-F]*:[\d.:A-F]*$/iu.test(text) && text.includes(':') && text.length >= 2;
export const isAddress = (text: string): boolean => isIpv4(text) || isIpv6(text.replace(/%.*$/u, ''));
