/** Flavour and version of the host's programs, from what each says of itself. */
import { known, type Fact } from '../../facts/fact.ts';
import type { ProgramFacts } from '../../facts/node-facts.ts';
import { linesOf } from '../../facts/parse/lines.ts';
import type { ProbeRecord } from '../probe-script.ts';

interface Told {
  readonly flavour?: string;
  readonly version?: string;
}

const BIND: readonly (readonly [RegExp, string | undefined])[] = [
  [/lib(?:isc|dns)-(\d+\.\d+\.\d+)/u, 'bind'],
  [/^(9\.\d+\.\d+)/mu, 'bind'],
];

/** The words of each program's version line. First group: version. */
const RULES: Readonly<Record<string, readonly (readonly [RegExp, string | undefined])[]>> = {
  ping: [
    [/iputils[ -]s?(\d{8})/u, 'iputils'],
    [/inetutils\) ([0-9.]+)/u, 'inetutils'],
  ],
  curl: [[/^curl[ /](\d+\.\d+\.\d+)/mu, undefined]],
  wget: [[/GNU Wget2? ([0-9.]+)/u, 'gnu']],
  dig: BIND,
  host: BIND,
  nslookup: BIND,
  // java's own file `release`; python3 is a link to its release.
  java: [[/^JAVA_VERSION="(\d[0-9._]{0,30})/mu, undefined]],
  python3: [[/python(3\.\d{1,2})$/u, undefined]],
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
  const programs: Record<string, Fact<ProgramFacts> | undefined> = {};
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
  for (const name of ['host', 'nslookup']) programs[name] = likeDig(programs[name], programs['dig']);
  return Object.fromEntries(Object.entries(programs).flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact]])));
}

/** host and nslookup of BIND come with dig, and are not asked again. */
function likeDig(program: Fact<ProgramFacts> | undefined, dig: Fact<ProgramFacts> | undefined): Fact<ProgramFacts> | undefined {
  if (program?.state !== 'known' || dig?.state !== 'known' || dig.value.flavour !== 'bind' || program.value.flavour !== undefined)
    return program;
  const { flavour, version } = dig.value;
  return known({ ...program.value, flavour, ...(version === undefined ? {} : { version }) }, program.source);
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
