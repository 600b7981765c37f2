import { describe, expect, test } from 'vitest';
import { disagreements } from '../../src/causes/_libc-against-dns.ts';
import { diagnoseText } from './_support/diagnose-text.ts';

const seen = async (text: string): Promise<readonly string[]> => {
  const { snapshot } = await diagnoseText(text);
  return disagreements(snapshot.node, () => true).map((d) => `${d.view.id} ${d.name}: ${d.libc.join(' ') || '-'} / ${d.dns.join(' ')}`);
};

describe('a libc program and a DNS tool asked for one name', () => {
  test.each([
    ['libc says no', '$ getent ahosts a.corp; echo $?\n2\n\n$ dig +short a.corp\n10.0.0.1\n', ['host a.corp: - / 10.0.0.1']],
    [
      'libc has another address',
      '$ getent hosts a.corp\n10.9.9.9 a.corp\n\n$ dig +short a.corp\n10.0.0.1\n',
      ['host a.corp: 10.9.9.9 / 10.0.0.1'],
    ],
    ['they agree', '$ getent ahosts a.corp\n10.0.0.1 STREAM a.corp\n\n$ dig +short a.corp\n10.0.0.1\n', []],
    ['two names', '$ getent ahosts a.corp; echo $?\n2\n\n$ dig +short b.corp\n10.0.0.1\n', []],
    ['DNS says no as well', '$ ping -c1 a.corp\nping: a.corp: Name or service not known\n\n$ dig +short a.corp\n(empty)\n', []],
    [
      'in a container',
      '$ docker exec c ping -c1 a.corp\nping: unknown host a.corp\n\n$ docker exec c dig +short a.corp\n10.0.0.1\n',
      ['container:c a.corp: - / 10.0.0.1'],
    ],
    ['in two places', '$ getent ahosts a.corp; echo $?\n2\n\n$ docker exec c dig +short a.corp\n10.0.0.1\n', []],
  ])('%s', async (_what, text, wanted) => {
    expect(await seen(text)).toEqual(wanted);
  });
});
