import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/evidence/pieces/command-line.ts';
import type { Where } from '../../src/evidence/pieces/piece.ts';

const TABLE: readonly (readonly [command: string, words: string, where: Where])[] = [
  ['ip -6 addr show lo', 'ip -6 addr show lo', { kind: 'host' }],
  ['sudo -u root iptables -L -n', 'iptables -L -n', { kind: 'host' }],
  ['docker exec -it kubelet cat /etc/resolv.conf', 'cat /etc/resolv.conf', { kind: 'container', name: 'kubelet' }],
  ['docker exec -u 0 kubelet getent hosts x', 'getent hosts x', { kind: 'container', name: 'kubelet' }],
  ['kubectl -n kube-system exec coredns-1 -- cat /etc/resolv.conf', 'cat /etc/resolv.conf', { kind: 'container', name: 'coredns-1' }],
  ['kubectl exec -it pod/web -c app -- nslookup a.b', 'nslookup a.b', { kind: 'container', name: 'app' }],
  ['kubectl exec dnsutils nslookup kubernetes.default', 'nslookup kubernetes.default', { kind: 'container', name: 'dnsutils' }],
  ['kubectl run t --rm -it --image=busybox -- nslookup a', 'nslookup a', { kind: 'container', name: 't' }],
  ['crictl exec -i 3f0c cat /etc/hosts', 'cat /etc/hosts', { kind: 'container', name: '3f0c' }],
  ['ip netns exec blue ip route', 'ip route', { kind: 'container', name: 'blue' }],
  ['ssh root@10.0.0.4 cat /etc/hosts', 'cat /etc/hosts', { kind: 'host' }],
  ['time timeout 5 curl -v https://a', 'curl -v https://a', { kind: 'host' }],
  ['LANG=C env X=1 ss -ltn', 'ss -ltn', { kind: 'host' }],
  ['sh -c "getent hosts a"', 'getent hosts a', { kind: 'host' }],
  ['lsmod | grep br_netfilter', 'lsmod', { kind: 'host' }],
  ['sysctl -a 2>/dev/null | grep disable_ipv6', 'sysctl -a', { kind: 'host' }],
  ['ping example.org in a container', 'ping example.org', { kind: 'container', name: 'container' }],
  ['ssh -V on the rke host', 'ssh -V', { kind: 'elsewhere', name: 'rke host' }],
  ['nslookup a.b (debug pod)', 'nslookup a.b', { kind: 'container', name: 'debug' }],
  ['kubectl get pods -A', 'kubectl get pods -A', { kind: 'host' }],
];

describe('commands as people head them', () => {
  test.each(TABLE)('%s', (command, words, where) => {
    const c = parseCommand(command);
    expect(c.words.join(' ')).toBe(words);
    expect(c.where).toEqual(where);
  });

  test('what stands behind a pipe is a filter', () => {
    expect(parseCommand('ss -ltnp | grep 6443 | head').filters).toEqual(['grep 6443', 'head']);
    expect(parseCommand("grep 'a|b' /etc/hosts").filters).toEqual([]);
  });
});
