/** The last lines of the logs of containers and components. What looks like a secret is taken out here, before anything else sees it. */
import type { LogFacts, Problem } from '../../facts/node-facts.ts';
import type { Transport } from '../../transport/transport.ts';
import type { ProbeRecord } from '../probe-script.ts';
import { runProbe } from '../run-probe.ts';
import { textOf } from './files.ts';
import type { EngineContainer } from './docker-engine.ts';

const MAX_ENGINE_LOGS = 60;
const TAIL_BYTES = 65_536;

/** Reads logs; a journal that hangs costs itself alone. */
export async function readLogs(
  transport: Transport,
  engine: readonly EngineContainer[],
  engineRoot: string,
): Promise<{ readonly logs: readonly LogFacts[]; readonly problems: readonly Problem[] }> {
  const recent = engine.toSorted((a, b) => Number(b.running) - Number(a.running) || b.created - a.created).slice(0, MAX_ENGINE_LOGS);
  const calls = recent.filter((c) => /^[0-9a-f]{64}$/u.test(c.id)).map((c) => `engine_log ${c.id} ${engineRoot}`);
  const [files, journal] = await Promise.all([
    runProbe(transport, { sections: ['logs'], steps: ['pod_logs', 'system_logs', ...calls] }),
    runProbe(transport, { sections: ['logs'], steps: ['journal'], timeoutMs: 4000, stallMs: 3000 }),
  ]);
  const byId = new Map(engine.map((c) => [c.id, c]));
  const logs = [...files.records, ...journal.records].flatMap((record) => logOf(record, byId));
  return { logs, problems: [...files.problems, ...journal.problems] };
}

function logOf(record: ProbeRecord, engine: ReadonlyMap<string, EngineContainer>): readonly LogFacts[] {
  if (record.kind !== 'log') return [];
  const [path = '', kind, id] = record.args;
  const lines = textOf(record.data).text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  // The tail begins somewhere in a line.
  if (record.data.length >= TAIL_BYTES) lines.shift();
  if (lines.length === 0) return [];
  const container = id === undefined ? undefined : engine.get(id);
  const component =
    kind === 'unit'
      ? path.slice('unit:'.length)
      : kind === 'pod'
        ? path.split('/').at(-2)
        : kind === 'component'
          ? path
              .split('/')
              .at(-1)
              ?.replace(/\.log$/u, '')
          : componentOf(container);
  const view =
    container?.running === true ? `container:${container.id.slice(0, 12)}` : kind === 'unit' || kind === 'component' ? 'host' : undefined;
  return [
    {
      path,
      ...(view === undefined ? {} : { view }),
      ...(component === undefined ? {} : { component }),
      tail: lines.map(withoutSecrets),
      ...(record.data.length < TAIL_BYTES ? { firstLine: 1, sizeBytes: record.data.length } : {}),
    },
  ];
}

const componentOf = (c: EngineContainer | undefined): string | undefined =>
  c?.labels['io.kubernetes.container.name'] ?? c?.labels['io.rancher.rke.container.name'] ?? c?.names[0];

/** Keywords that a secret follows. The value ends at a blank, quote or ampersand; what is left says that something was there. */
const SECRET = /((?:token|password|passwd|secret|api[_-]?key|access[_-]?key|authorization)\\?["']? ?[=:] ?\\?["']?)([^ "'&,\\]{6,})/giu;
const SCHEME = /\b((?:bearer|basic) )[^ "'&,\\]{6,}/giu;
const USERINFO = /(:\/\/[^/@: ]{1,128}):[^/@ ]{1,256}@/gu;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/u;

export const withoutSecrets = (line: string): string =>
  line
    .replace(SECRET, (all, before: string, value: string) =>
      /^(?:bearer|basic|<nil>|nil|null|true|false|invalid|expired|missing|unknown)$/iu.test(value) ? all : `${before}[removed]`,
    )
    .replace(SCHEME, '$1[removed]')
    .replace(USERINFO, '$1:[removed]@')
    .replace(PEM, '[private key removed]');
