/** One view's facts, put together from the records of the probe. */
import { known, NOT_COLLECTED, unobserved, type Fact, type NetnsId, type ViewId } from '../../facts/fact.ts';
import type { Libc, Mount, Problem, ProgramFacts, ServiceSocket, ViewFacts } from '../../facts/node-facts.ts';
import { parseLibcStrings } from '../../facts/parse/libc-version.ts';
import { linesOf } from '../../facts/parse/lines.ts';
import type { ProbeRecord } from '../probe-script.ts';
import { readFiles, readStats, type FileStat } from './files.ts';

export interface ViewReading {
  readonly files: ViewFacts['files'];
  readonly libc: Fact<Libc>;
  readonly nssModules: Fact<readonly string[]>;
  readonly env: Fact<Readonly<Record<string, string>>>;
  readonly programs: ViewFacts['programs'];
  readonly sockets: Fact<readonly FoundSocket[]>;
  /** Path of the main program as its own view sees it. */
  readonly exe?: string;
  /** True when the process was gone before the probe came to it. */
  readonly gone: boolean;
  readonly problems: readonly Problem[];
}

export interface FoundSocket {
  readonly service: ServiceSocket['service'];
  readonly path: string;
  /** Without links, inside the view. */
  readonly real: string;
  /** Device and inode: the same socket has the same in every view. */
  readonly stat?: FileStat;
}

const SERVICES: readonly (readonly [RegExp, ServiceSocket['service']])[] = [
  [/nscd/u, 'nscd'],
  [/resolve/u, 'resolved'],
  [/sss/u, 'sssd'],
  [/avahi/u, 'avahi'],
  [/machine/u, 'machined'],
  [/dbus/u, 'dbus'],
];

export function readView(all: readonly ProbeRecord[], id: ViewId, pid: number | 'self', gone: boolean): ViewReading {
  const records = all.filter((r) => r.args[0] === id);
  const data = (kind: string): Buffer | undefined => records.find((r) => r.kind === kind)?.data;
  const prefix = pid === 'self' ? '' : `/proc/${String(pid)}/root`;
  const stats = new Map([...readStats(data('stat')?.toString('latin1') ?? '')].map(([path, stat]) => [path.slice(prefix.length), stat]));
  const { files, problems } = readFiles(records, id, stats, gone);
  const missing = gone ? unobserved('vanished') : NOT_COLLECTED;
  const exe = data('exe')
    ?.toString('utf8')
    .replace(/\n$/u, '')
    .replace(/ \(deleted\)$/u, '');
  const looked = records.some((r) => r.kind === 'programs');
  return {
    files,
    libc: libcOf(records, id) ?? missing,
    nssModules: modulesOf(records, id) ?? missing,
    env: environmentOf(all, id) ?? missing,
    programs:
      data('programs') === undefined
        ? {}
        : programsOf(data('programs')?.toString('utf8') ?? '', data('program-links')?.toString('utf8') ?? '', prefix, id),
    sockets: looked ? socketsOf(records, id, stats) : missing,
    ...(exe === undefined || exe === '' ? {} : { exe }),
    gone: gone || records.some((r) => r.kind === 'gone'),
    problems,
  };
}

function libcOf(records: readonly ProbeRecord[], view: ViewId): Fact<Libc> | undefined {
  let fallback: Fact<Libc> | undefined;
  for (const record of records) {
    if (record.kind === 'libc-none') return known({ kind: 'none' }, { kind: 'probe', probe: 'libc', view });
    if (record.kind !== 'libc') continue;
    const path = record.args[1] ?? '';
    const source = { kind: 'file', path, view } as const;
    const libc = parseLibcStrings(record.data.toString('latin1'));
    if (libc !== undefined) return known(libc, source);
    // A name that only musl uses tells the kind even where no version was found in the bytes.
    fallback ??= path.includes('musl') ? known({ kind: 'musl' }, source) : undefined;
  }
  return fallback;
}

/** glibc loads services of nsswitch.conf by name: libnss_<name>.so.2. From 2.34 on, files and dns are part of the library itself. */
function modulesOf(records: readonly ProbeRecord[], view: ViewId): Fact<readonly string[]> | undefined {
  const record = records.find((r) => r.kind === 'nss');
  if (record === undefined) return undefined;
  const names = new Set(['files', 'dns']);
  for (const line of linesOf(record.data.toString('latin1'))) {
    const name = /^libnss_([\w+-]+)\.so(?:\.2)?$/u.exec(line)?.[1];
    if (name !== undefined) names.add(name);
  }
  return known([...names].toSorted(), { kind: 'probe', probe: 'libnss_*.so.2', view });
}

/** Records of all views together: a line that begins with '=' and the id of a view begins its variables. */
function environmentOf(records: readonly ProbeRecord[], view: ViewId): Fact<Readonly<Record<string, string>>> | undefined {
  for (const record of records) {
    if (record.kind !== 'environs') continue;
    const lines = linesOf(record.data.toString('utf8'));
    const start = lines.indexOf(`=${view}`);
    if (start < 0) continue;
    const env: Record<string, string> = {};
    for (const line of lines.slice(start + 1)) {
      const at = line.indexOf('=');
      if (at === 0) break;
      const name = line.slice(0, at);
      if (at > 0 && name !== '__proto__') env[name] = line.slice(at + 1).replaceAll('\u0001', '\n');
    }
    return known(env, { kind: 'file', path: '/proc/PID/environ', view });
  }
  return undefined;
}

/** `links`: what ls says of those that are links, which tells busybox's programs. */
function programsOf(text: string, links: string, prefix: string, view: ViewId): ViewFacts['programs'] {
  const targets = new Map<string, string>();
  for (const line of linesOf(links)) {
    const match = / (\/[^ ]+) -> (.+)$/u.exec(line);
    if (match?.[1] !== undefined) targets.set(match[1].slice(prefix.length), match[2] ?? '');
  }
  const programs: Record<string, Fact<ProgramFacts>> = {};
  for (const path of linesOf(text)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (programs[name] !== undefined) continue;
    const busybox = name === 'busybox' || /(?:^|\/)busybox$/u.test(targets.get(path) ?? '');
    programs[name] = known({ name, path, installed: true, ...(busybox ? { flavour: 'busybox' } : {}) }, { kind: 'file', path, view });
  }
  for (const name of LOOKED_FOR) programs[name] ??= known({ name, installed: false }, { kind: 'probe', probe: `command -v ${name}`, view });
  return programs;
}

/** Equal to the list in probe/view.sh. */
const LOOKED_FOR = ['ping', 'telnet', 'curl', 'wget', 'getent', 'dig', 'host', 'nslookup', 'busybox', 'nc', 'python3', 'node', 'java'];

function socketsOf(records: readonly ProbeRecord[], view: ViewId, stats: ReadonlyMap<string, FileStat>): Fact<readonly FoundSocket[]> {
  const found: FoundSocket[] = [];
  for (const record of records) {
    const path = record.args[1] ?? '';
    if (record.kind !== 'socket') continue;
    const service = SERVICES.find(([pattern]) => pattern.test(path))?.[1];
    if (service === undefined) continue;
    const real = record.data.toString('utf8');
    const stat = stats.get(real);
    found.push({ service, path, real, ...(stat === undefined ? {} : { stat }) });
  }
  return known(found, { kind: 'probe', probe: 'stat of the sockets of name services', view });
}

export interface ViewParts {
  readonly id: ViewId;
  readonly kind: ViewFacts['kind'];
  readonly names: readonly string[];
  readonly netns: NetnsId;
  readonly hostname: Fact<string>;
  readonly mounts: Fact<readonly Mount[]>;
  readonly sockets: Fact<readonly ServiceSocket[]>;
  readonly extra: Partial<Pick<ViewFacts, 'runtime' | 'containerId' | 'image' | 'pid' | 'startedAt' | 'mainProgram'>>;
}

export const makeView = (reading: ViewReading, parts: ViewParts): ViewFacts => ({
  id: parts.id,
  kind: parts.kind,
  names: parts.names,
  ...parts.extra,
  netns: parts.netns,
  hostname: parts.hostname,
  files: reading.files,
  mounts: parts.mounts,
  sockets: parts.sockets,
  libc: reading.libc,
  nssModules: reading.nssModules,
  env: reading.env,
  programs: reading.programs,
});
