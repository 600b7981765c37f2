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
  ping: [[/iputils[ -](?:s)?([0-9]{8})/u, 'iputils'], [/inetutils\) ([0-9.]+)/u, 'inetutils']],
  curl: [[/^curl[ /]([0-9]+\.[0-9]+\.[0-9]+)/mu, undefined]],
  wget: [[/GNU Wget2? ([0-9.]+)/u, 'gnu']],
  dig: [[/lib(?:isc|dns)-([0-9]+\.[0-9]+\.[0-9]+)/u, 'bind'], [/^(9\.[0-9]+\.[0-9]+)/mu, 'bind']],
  telnet: [[/inetutils\)? ?([0-9.]+[0-9])?/iu, 'inetutils'], [/netkit[^0-9\n]*([0-9.]+[0-9])?/iu, 'netkit']],
  nc: [[/openbsd[^0-9\n]*([0-9.]+[0-9])?/iu, 'openbsd'], [/ncat/iu, 'ncat']],
};
const BUSYBOX = /BusyBox v([0-9.]+[0-9])/u;

export function readHostPrograms(records: readonly ProbeRecord[]): Readonly<Record<string, Fact<ProgramFacts>>> {
  const programs: Record<string, Fact<ProgramFacts>> = {};
  for (const record of records) {
    if (record.kind !== 'program') continue;
    const [name = '', ...rest] = record.args;
    const path = rest.join(' ');
    const [real = '', ...lines] = linesOf(record.data.toString('utf8'));
    const told = tell(name, real, lines.join('\n'));
    programs[name] = known({ name, path, installed: true, ...told }, { kind: 'command', command: `${name} (version)`, view: 'host', text: lines[0] ?? real });
  }
  return programs;
}

function tell(name: string, real: string, text: string): Told {
  const busybox = BUSYBOX.exec(text)?.[1];
  if (real.endsWith('/busybox') || name === 'busybox') return { flavour: 'busybox', ...(busybox === undefined ? {} : { version: busybox }) };
  for (const [pattern, flavour] of RULES[name] ?? []) {
    const match = pattern.exec(text) ?? pattern.exec(real);
    if (match === null) continue;
    return { ...(flavour === undefined ? {} : { flavour }), ...(match[1] === undefined ? {} : { version: match[1] }) };
  }
  return {};
}
