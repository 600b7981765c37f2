/** What programs of the host say of themselves, as the probe writes it: the path with links followed, then lines that tell. */
import { expect, test } from 'vitest';
import { readHostPrograms } from '../../src/collect/collectors/host-programs.ts';
import type { ProbeRecord } from '../../src/collect/probe-script.ts';

const said = (programs: Readonly<Record<string, string>>): readonly ProbeRecord[] =>
  Object.entries(programs).map(([name, text]): ProbeRecord => ({
    kind: 'program',
    args: [name, `/usr/bin/${name}`],
    data: Buffer.from(text),
  }));

const versions = (programs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(readHostPrograms(said(programs))).map(([name, fact]) => {
      const { flavour = '', version = '' } = fact.state === 'known' ? fact.value : {};
      return [name, `${flavour} ${version}`.trim()];
    }),
  );

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  [
    'the tools of BIND, asked once',
    { dig: '/usr/bin/dig\nlibisc-9.18.49-1-Debian.so\n', host: '/usr/bin/host\n', nslookup: '/usr/bin/nslookup\n' },
    { dig: 'bind 9.18.49', host: 'bind 9.18.49', nslookup: 'bind 9.18.49' },
  ],
  ['host without dig', { host: '/usr/bin/host\nlibdns-9.11.36.so\n' }, { host: 'bind 9.11.36' }],
  [
    'nslookup of busybox beside a dig of BIND',
    { dig: '/usr/bin/dig\nlibisc-9.18.49.so\n', nslookup: '/bin/busybox\nBusyBox v1.36.1 (2024-06-10) multi-call binary.\n' },
    { dig: 'bind 9.18.49', nslookup: 'busybox 1.36.1' },
  ],
  ['Java', { java: '/usr/lib/jvm/java-8/jre/bin/java\nJAVA_VERSION="1.8.0_312"\n' }, { java: '1.8.0_312' }],
  ['Java without a file release', { java: '/opt/j/bin/java\n' }, { java: '' }],
  ['Python', { python3: '/usr/bin/python3.11\n' }, { python3: '3.11' }],
  ['Python behind a shim', { python3: '/home/u/.pyenv/shims/python3\n' }, { python3: '' }],
])('%s', (_, programs, told) => {
  expect(versions(programs)).toEqual(told);
});
