/** Flavour and version of the host's programs, from what each says of itself. */
import { known, type Fact } from '../../facts/fact.ts';
import type { ProgramFacts } from '../../facts/node-facts.ts';
import { linesOf } from '../../facts/parse/lines.ts';
import type { ProbeRecord } from '../probe-script.ts';

interface Told {
  readonly flavour?: string;
  readonly version?: string;
}

/** The words of each program's version line. First group: version. */
const RULES: Readonly<Record<string, readonly (readonly [RegExp, string | undefined])[]>> = {
  ping: [
    [/iputils[ -]s?(\d{8})/u, 'iputils'],
    [/inetutils\) ([0-9.]+)/u, 'inetutils'],
  ],
  curl: [[/^curl[ /](\d+\.\d+\.\d+)/mu, undefined]],
  wget: [[/GNU Wget2? ([0-9.]+)/u, 'gnu']],
  dig: [
    [/lib(?:isc|dns)-(\d+\.\d+\.\d+)/u, 'bind'],
    [/^(9\.\d+\.\d+)/mu, 'bind'],
  ],
  telnet: [
    [/inetutils\)? ?([0-9.]+\d)?/iu, 'inetutils'],
    [/netkit(?:[^\d\n]{1,40}(\d[\d.]{0,12}))?/iu, 'netkit'],
  ],
  nc: [
    [/openbsd(?:[^\d\n]{1,40}(\d[\d.]{0,12}))?/iu, 'openbsd'],
    [/ncat/iu, 'ncat'],
  ],
};
const BUSYBOX = /BusyBox v([0-9.]+\d)/u;

export function readHostPrograms(records: readonly ProbeRecord[]): Readonly<Record<string, Fact<ProgramFacts>>> {
  const programs: Record<string, Fact<ProgramFacts>> = {};
  for (const record of records) {
    if (record.kind !== 'program') continue;
    const [name = '', ...rest] = record.args;
    const path = rest.join(' ');
    const [real = '', ...lines] = linesOf(record.data.toString('utf8'));
    const told = tell(name, real, lines.join('\n'));
    programs[name] = known(
      { name, path, installed: true, ...told },
      { kind: 'command', command: `${name} (version)`, view: 'host', text: lines[0] ?? real },
    );
  }
  return programs;
}

function tell(name: string, real: string, text: string): Told {
  const busybox = BUSYBOX.exec(text)?.[1];
  if (real.endsWith('/busybox') || name === 'busybox')
    return { flavour: 'busybox', ...(busybox === undefined ? {} : { version: busybox }) };
  for (const [pattern, flavour] of RULES[name] ?? []) {
    const match = pattern.exec(text) ?? pattern.exec(real);
    if (match === null) continue;
    return { ...(flavour === undefined ? {} : { flavour }), ...(match[1] === undefined ? {} : { version: match[1] }) };
  }
  return {};
}
