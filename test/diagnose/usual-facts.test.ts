import { describe, expect, test } from 'vitest';
import { withUsualFacts } from '../../src/diagnose/usual-facts.ts';
import { diagnoseText } from '../causes/_support/diagnose-text.ts';

const HOSTS = '$ cat /etc/hosts\n127.0.0.1 node-a\n::1 localhost\n\n$ ip -br addr show lo\nlo UNKNOWN 127.0.0.1/8 ::1/128\n\n';
const REFUSED =
  '$ ss -ltn\nState  Recv-Q Send-Q Local Address:Port  Peer Address:Port\nLISTEN 0 4096 127.0.0.1:10248 0.0.0.0:*\n\n==> kubeadm <==\nGet "http://localhost:10248/healthz": dial tcp [::1]:10248: connect: connection refused\n';

describe('what nobody showed is taken for usual', () => {
  test('a hosts file without nsswitch.conf is enough for the model, and proves nothing', async () => {
    const { diagnosis } = await diagnoseText(HOSTS + REFUSED);
    const [first] = diagnosis.verdicts;
    expect(first?.cause).toBe('localhost-ipv6-only-service-ipv4-only');
    expect(first?.certainty).toBe('likely');
    expect(first?.proof).toBeUndefined();
  });

  test('with nsswitch.conf and resolv.conf shown the same is proved', async () => {
    const shown = '==> /etc/nsswitch.conf <==\nhosts: files dns\n\n==> /etc/resolv.conf <==\nnameserver 192.0.2.1\n\n';
    const { diagnosis } = await diagnoseText(HOSTS + shown + REFUSED);
    expect(diagnosis.verdicts[0]?.certainty).toBe('proved');
  });

  test('files and states that convict are never filled in, and what is shown stays', async () => {
    const { snapshot } = await diagnoseText('==> /etc/nsswitch.conf <==\nhosts: dns files\n');
    const { views, netns } = withUsualFacts(snapshot.node, snapshot.symptoms);
    expect(views[0]?.files['/etc/hosts']).toBeUndefined();
    expect(views[0]?.files['/etc/nsswitch.conf']).toEqual(snapshot.node.views[0]?.files['/etc/nsswitch.conf']);
    expect(netns[0]?.listeners.state).toBe('unobserved');
  });

  test('lo is as the kernel makes it, but not where a dial of ::1 found no such address', async () => {
    const loOf = async (text: string): Promise<string> => {
      const { snapshot } = await diagnoseText(text);
      const [netns] = withUsualFacts(snapshot.node, snapshot.symptoms).netns;
      const interfaces = netns?.interfaces.state === 'known' ? netns.interfaces.value : [];
      return interfaces.flatMap((i) => i.addresses.map((a) => a.address)).join(' ');
    };
    expect(await loOf('hello\n')).toBe('127.0.0.1 ::1');
    expect(await loOf('dial tcp [::1]:6443: connect: cannot assign requested address\n')).toBe('127.0.0.1');
    expect(await loOf('$ sysctl net.ipv6.conf.all.disable_ipv6\nnet.ipv6.conf.all.disable_ipv6 = 1\n')).toBe('127.0.0.1');
  });

  test('a cache daemon that is spoken of is no gap', async () => {
    const { snapshot } = await diagnoseText('==> facts <==\nnscd: running\n');
    expect(withUsualFacts(snapshot.node, []).views[0]?.sockets.state).toBe('unobserved');
  });
});
