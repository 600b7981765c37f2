/** Every recogniser, the precise ones first. A new one is one file and one line here (a test watches that none is forgotten). */
import type { Recogniser } from './define-recogniser.ts';
import { dig, host, nslookup, resolvectl } from './dns-tools.ts';
import { environment } from './environment.ts';
import { ifconfig, ipAddress } from './ip-address.ts';
import { ipRoute, ipRouteGet, ipRule, procIfInet6, routeTable } from './ip-route.ts';
import { netstat, ss } from './listeners.ts';
import { curl, getent, nc, ping, telnet, wget } from './name-clients.ts';
import { grepOfFile, hostsByLook, nodeFile, nsswitchByLook, resolvConfByLook } from './node-files.ts';
import { ps } from './processes.ts';
import { libcVersion, programVersion } from './program-versions.ts';
import { procSys, sysctl, sysctlFile } from './sysctl.ts';
import { detectVirt, hostnamectl, osRelease, procCmdline, uname } from './system-identity.ts';

export const recognisers: readonly Recogniser[] = [
  nodeFile, procIfInet6, procCmdline, procSys, sysctlFile, osRelease,
  ipRouteGet, ipRule, ipRoute, routeTable, ipAddress, ifconfig, ss, netstat,
  getent, ping, telnet, curl, wget, nc, dig, nslookup, host, resolvectl,
  sysctl, uname, hostnamectl, detectVirt, libcVersion, programVersion, ps,
  hostsByLook, resolvConfByLook, nsswitchByLook, environment, grepOfFile,
];
