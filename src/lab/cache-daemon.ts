/** Name service cache daemons: Debian's unscd (installed as /usr/sbin/nscd) and glibc's own nscd. */
import type { Daemon, LabHost } from './namespace-host.ts';

export interface CacheDaemonOptions {
  readonly hostsCache: boolean;
  /** Seconds that "unknown" is remembered. */
  readonly negativeTtl?: number;
  readonly positiveTtl?: number;
  /** Path of the program. Default: the installed unscd. */
  readonly program?: string;
}

export const nscdConf = (options: CacheDaemonOptions): string =>
  `
enable-cache            passwd  yes
positive-time-to-live   passwd  600
negative-time-to-live   passwd  20
check-files             passwd  yes
enable-cache            group   yes
positive-time-to-live   group   3600
negative-time-to-live   group   60
check-files             group   yes
enable-cache            hosts   ${options.hostsCache ? 'yes' : 'no'}
positive-time-to-live   hosts   ${options.positiveTtl ?? 3600}
negative-time-to-live   hosts   ${options.negativeTtl ?? 20}
check-files             hosts   yes
`.trimStart();

/** unscd in the foreground, with its socket at /var/run/nscd/socket. */
export const startUnscd = async (host: LabHost, options: CacheDaemonOptions): Promise<Daemon> => {
  await host.write('/etc/nscd.conf', nscdConf(options));
  await host.sh('mkdir -p /run/nscd');
  return host.start('nscd', [options.program ?? '/usr/sbin/nscd', '-d'], { ready: 'test -S /run/nscd/socket' });
};

/** glibc's nscd in the foreground. */
export const startGlibcNscd = async (host: LabHost, options: CacheDaemonOptions & { readonly program: string }): Promise<Daemon> => {
  await host.write('/etc/nscd.conf', nscdConf(options));
  await host.sh('mkdir -p /run/nscd /var/cache/nscd /var/db/nscd');
  return host.start('nscd', [options.program, '-F'], { ready: 'test -S /run/nscd/socket' });
};
