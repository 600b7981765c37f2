/** What shows that a name cache on the host answers for a container, and what shows that it does not. */
import type { Demonstration, Expectation } from '../scenario.ts';

export const expectHostCacheInContainer: Expectation = {
  cause: 'nscd-socket-in-container-hosts-cache',
  certainty: 'proved',
  exitStatus: 1,
};

export const showHostCacheAnswering = (container: string): readonly Demonstration[] => [
  { in: container, command: 'dig +short rancher-metadata', expect: { exitStatus: 0, says: [/^169\.254\.169\.250$/m] } },
  { in: container, command: 'ping -c 1 rancher-metadata', expect: { exitStatus: 2, says: [/Name or service not known|unknown host/] } },
  { in: container, command: 'curl -sS http://rancher-metadata/', expect: { exitStatus: 6, says: [/Could not resolve host/] } },
  {
    in: container,
    command: 'strace -e trace=connect,sendto,recvfrom,read,poll getent hosts rancher-metadata 2>&1 | grep -A 3 nscd',
    text: { en: 'connects to the socket, and no query to port 53 follows', zh: '连上了套接字，之后没有发往 53 端口的查询' },
    expect: { says: [/sun_path="\/var\/run\/nscd\/socket"\}, \d+\) = 0/], never: [/htons\(53\)/] },
  },
  { in: container, command: 'curl -sS http://169.254.169.250/', expect: { exitStatus: 0 } },
];

export const showNameFound = (container: string): readonly Demonstration[] => [
  { in: container, command: 'dig +short rancher-metadata', expect: { exitStatus: 0, says: [/^169\.254\.169\.250$/m] } },
  { in: container, command: 'getent ahosts rancher-metadata', expect: { exitStatus: 0, says: [/^169\.254\.169\.250 /m] } },
  { in: container, command: 'ping -c 1 -W 2 rancher-metadata', expect: { exitStatus: 0 } },
];
