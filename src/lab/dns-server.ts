/** dnsmasq as a DNS server of the lab: answers what it is told, and NXDOMAIN for every other name. */
import type { Daemon, LabHost } from './namespace-host.ts';

export interface DnsServerOptions {
  /** Addresses it answers on. They have to be on an interface. */
  readonly addresses: readonly string[];
  readonly port?: number;
  /** Name and address pairs; IPv4 or IPv6. */
  readonly records?: readonly (readonly [name: string, address: string])[];
  /** Domains under which every name has this address: `*.example.com`. */
  readonly wildcards?: readonly (readonly [domain: string, address: string])[];
  /** More of dnsmasq's own options. */
  readonly options?: readonly string[];
  readonly name?: string;
}

export const startDnsServer = (host: LabHost, options: DnsServerOptions): Promise<Daemon> => {
  const port = options.port ?? 53;
  const portHex = port.toString(16).toUpperCase().padStart(4, '0');
  return host.start(
    options.name ?? 'dnsmasq',
    [
      'dnsmasq',
      '--keep-in-foreground',
      '--conf-file=/dev/null',
      '--no-hosts',
      '--no-resolv',
      '--user=root',
      '--pid-file=',
      '--log-facility=-',
      '--bind-interfaces',
      `--port=${port}`,
      '--local=/#/',
      ...options.addresses.map((address) => `--listen-address=${address}`),
      ...(options.records ?? []).map(([name, address]) => `--host-record=${name},${address}`),
      ...(options.wildcards ?? []).map(([domain, address]) => `--address=/${domain}/${address}`),
      ...(options.options ?? []),
    ],
    { ready: `cat /proc/net/udp /proc/net/udp6 | grep -q ':${portHex} '` },
  );
};
