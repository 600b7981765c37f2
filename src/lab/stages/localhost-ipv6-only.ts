/** What all variants of "localhost is ::1 only, and lo has no ::1" have in common. */
import type { Lab } from '../lab.ts';
import type { Demonstration, Expectation } from '../scenario.ts';
import { HOSTS_LOCALHOST_IPV6_ONLY } from './hosts.ts';

export const expectLocalhostIpv6Only: Expectation = {
  cause: 'localhost-ipv6-only-lo-without-ipv6',
  alsoAccepted: ['localhost-ipv6-only-sysctl-persisted', 'lo-missing-ipv6-address'],
  certainty: 'proved',
  exitStatus: 1,
};

export const buildLocalhostIpv6Only = async (lab: Lab): Promise<void> => {
  await lab.node.write('/etc/hosts', HOSTS_LOCALHOST_IPV6_ONLY);
  await lab.listen({ title: 'kube-apiserver', port: 6443 });
};

export const showLocalhostIpv6Only = (error: RegExp): readonly Demonstration[] => [
  { command: 'ip -6 addr show lo', expect: { never: [/::1/] } },
  { command: 'getent hosts localhost', expect: { exitStatus: 0, says: [/^::1 /m] } },
  { command: 'getent ahostsv4 localhost', expect: { exitStatus: 0, says: [/^127\.0\.0\.1 /m] } },
  { command: 'telnet localhost 6443', expect: { exitStatus: 1, says: [/Trying ::1\.\.\./, error], never: [/127\.0\.0\.1/] } },
  { command: 'ping -c 1 localhost', expect: { exitStatus: 2, says: [error] } },
  { command: 'curl -sS http://127.0.0.1:6443/healthz', expect: { exitStatus: 0, says: [/ok/] } },
];
