import { describe, expect, test } from 'vitest';
import { observations, read } from '../support.ts';

describe('files of a node', () => {
  test('by heading, byte for byte', async () => {
    const s = await read('==> /etc/hosts <==\n::1 localhost\n# note\n\n127.0.0.1 node1\n\n==> /etc/nsswitch.conf <==\nhosts: files dns\n');
    const host = s.node.views[0];
    expect(host?.files['/etc/hosts']).toMatchObject({ state: 'known', value: { text: '::1 localhost\n# note\n\n127.0.0.1 node1\n' } });
    expect(host?.libc).toMatchObject({ state: 'known', value: { kind: 'glibc' } });
  });

  test('by command, in a container', async () => {
    const s = await read('$ docker exec web cat /etc/resolv.conf\nnameserver 169.254.169.250\nsearch rancher.internal\n');
    expect(s.node.views.find((v) => v.id === 'container:web')?.files['/etc/resolv.conf']).toMatchObject({ state: 'known' });
    expect(s.node.views.find((v) => v.id === 'host')?.files['/etc/resolv.conf']).toBeUndefined();
  });

  test('by look alone', async () => {
    const s = await read(
      '127.0.0.1   localhost localhost.localdomain\n::1         localhost\n\nnameserver 10.0.0.2\nsearch corp.example\n\npasswd: files\nhosts: files dns\n',
    );
    expect(Object.keys(s.node.views[0]?.files ?? {}).sort()).toEqual(['/etc/hosts', '/etc/nsswitch.conf', '/etc/resolv.conf']);
  });

  test('missing is known to be missing', async () => {
    const s = await read('$ cat /etc/resolv.conf\ncat: /etc/resolv.conf: No such file or directory\n');
    expect(s.node.views[0]?.files['/etc/resolv.conf']).toMatchObject({ state: 'absent' });
  });

  test('two texts of one file: the first counts, the other is named', async () => {
    const s = await read('==> /etc/hosts <==\n::1 localhost\n\n==> /etc/hosts <==\n127.0.0.1 localhost\n');
    expect(s.node.views[0]?.files['/etc/hosts']).toMatchObject({ value: { text: '::1 localhost\n' } });
    expect(s.node.problems).toHaveLength(1);
  });

  test('a grep shows lines, not the file', async () => {
    const s = await read('$ grep search /etc/resolv.conf\nsearch corp.example\n');
    expect(s.node.views[0]?.files['/etc/resolv.conf']).toBeUndefined();
    expect(observations(s)['grep./etc/resolv.conf']).toEqual(['search corp.example']);
  });

  test("a hosts file's own words are no failures", async () => {
    const s = await read('==> /etc/hosts <==\n# dial tcp [::1]:6443: connect: connection refused\n127.0.0.1 localhost\n');
    expect(s.symptoms).toEqual([]);
  });
});

describe('lookups and connections', () => {
  test('ping, getent and telnet become runs', async () => {
    const s = await read(
      '$ ping -c1 -W1 localhost\nPING localhost (127.0.0.1) 56(84) bytes of data.\n64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=0.03 ms\n\n$ getent ahosts localhost\n::1             STREAM localhost\n\n$ telnet localhost 6443\nTrying ::1...\ntelnet: connect to address ::1: No route to host\n',
    );
    expect(s.node.runs.map((r) => [r.client, r.name, r.port])).toEqual([
      ['ping', 'localhost', undefined],
      ['getent-ahosts', 'localhost', undefined],
      ['telnet', 'localhost', 6443],
    ]);
    expect(s.symptoms).toMatchObject([{ kind: 'dial-failed', address: '::1', errno: 'EHOSTUNREACH' }]);
    expect(observations(s)['lookup.localhost.addresses']).toEqual(['::1']);
  });

  test('dig works where ping does not, inside a container', async () => {
    const s = await read(
      '$ docker exec kubelet ping -c1 rancher-metadata\nping: unknown host rancher-metadata\n\n$ docker exec kubelet dig rancher-metadata\n; <<>> DiG 9.10 <<>> rancher-metadata\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; flags: qr rd ra; QUERY: 1, ANSWER: 1\n;; QUESTION SECTION:\n;rancher-metadata.\t\tIN\tA\n;; ANSWER SECTION:\nrancher-metadata.\t600\tIN\tA\t169.254.169.250\n;; SERVER: 169.254.169.250#53(169.254.169.250)\n',
    );
    expect(observations(s)).toMatchObject({ 'lookup.container.works': false, 'lookup.container-dns.works': true });
    expect(s.node.dns).toMatchObject([
      {
        netns: 'host',
        question: { server: '169.254.169.250', name: 'rancher-metadata', type: 'A' },
        reply: { kind: 'answer', rcode: 'NOERROR', ra: true, answers: [{ type: 'A', data: '169.254.169.250' }] },
      },
    ]);
  });

  test.each([
    [
      'nslookup finds',
      '$ nslookup a.example 10.0.0.2\nServer:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\nName:\ta.example\nAddress: 10.1.2.3\n',
      { server: '10.0.0.2', name: 'a.example' },
      { kind: 'answer', rcode: 'NOERROR', answers: [{ data: '10.1.2.3' }] },
    ],
    [
      'nslookup does not find',
      "$ nslookup a.example\nServer:\t\t10.0.0.2\nAddress:\t10.0.0.2#53\n\n** server can't find a.example: NXDOMAIN\n",
      { server: '10.0.0.2' },
      { kind: 'answer', rcode: 'NXDOMAIN', answers: [] },
    ],
    [
      'nslookup of busybox',
      "$ nslookup kubernetes\nServer:    10.43.0.10\nAddress 1: 10.43.0.10 kube-dns.kube-system.svc.cluster.local\n\nnslookup: can't resolve 'kubernetes'\n",
      { server: '10.43.0.10', name: 'kubernetes' },
      { kind: 'answer', rcode: 'NXDOMAIN' },
    ],
    [
      'nobody answers',
      '$ nslookup a.example 10.0.0.2\n;; connection timed out; no servers could be reached\n',
      { server: '10.0.0.2' },
      { kind: 'silent' },
    ],
    ['host', '$ host a.example 10.0.0.2\nHost a.example not found: 3(NXDOMAIN)\n', { server: '10.0.0.2' }, { rcode: 'NXDOMAIN' }],
    [
      'dig refused',
      '$ dig @127.0.0.53 a.example\n;; communications error to 127.0.0.53#53: connection refused\n;; no servers could be reached\n',
      { server: '127.0.0.53', name: 'a.example' },
      { kind: 'error', errno: 'ECONNREFUSED' },
    ],
  ] as const)('%s', async (_what, text, question, reply) => {
    const s = await read(text);
    expect(s.node.dns).toMatchObject([{ question, reply }]);
  });

  test('a search suffix that nobody typed', async () => {
    const s = await read('$ ping -c1 mirror.example.org in a pod\nPING mirror.example.org.corp.example (10.9.9.9) 56(84) bytes of data.\n');
    expect(observations(s)).toMatchObject({ 'lookup.answered-as': 'mirror.example.org.corp.example', 'lookup.search-wildcard': true });
  });

  test('what another machine shows is not this node', async () => {
    const s = await read(
      '$ ssh -V on my laptop\nOpenSSH_7.4p1, OpenSSL 1.0.2k\n\n$ ssh -V on the node\nOpenSSH_8.9p1 Ubuntu, OpenSSL 3.0.2\n',
    );
    expect(observations(s)).toMatchObject({ 'ssh.client-version': '7.4p1', 'ssh.server-version': '8.9p1' });
    expect(s.node.views.every((v) => v.id === 'host')).toBe(true);
  });

  test('strace of a lookup that the cache answered', async () => {
    const s = await read(String.raw`$ docker exec kubelet strace -e trace=network,read getent hosts x
socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3
connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0
sendto(3, "\2\0\0\0\16\0\0\0\2\0\0\0x\0", 14, MSG_NOSIGNAL, NULL, 0) = 14
read(3, "\2\0\0\0\0\0\0\0\0\0\0\0", 32) = 24
`);
    expect(observations(s)).toMatchObject({
      'nscd.strace': 'connected-not-found',
      'nscd.socket-in-container': true,
      'strace.dns-after-nscd': false,
    });
  });
});
