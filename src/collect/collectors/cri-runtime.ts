/**
 * What a CRI runtime (containerd, CRI-O) says of its containers, through crictl. It honours CONTAINER_RUNTIME_ENDPOINT and
 * /etc/crictl.yaml by itself. Where there is no crictl, the runtime's own files name the containers (container-names.ts).
 */
import type { Problem } from '../../facts/node-facts.ts';
import type { Transport } from '../../transport/transport.ts';
import type { EngineContainer } from './docker-engine.ts';
import type { Survey } from './processes.ts';

const LIMITS = { timeoutMs: 3000, maxBytes: 16 * 1024 * 1024 };
/** RKE2 and K3s bring their own, outside of any PATH. */
const PROGRAMS = ['crictl', '/var/lib/rancher/rke2/bin/crictl', '/usr/local/bin/crictl', '/var/lib/rancher/k3s/data/current/bin/crictl'];
const RUNTIMES = new Set(['containerd', 'containerd-shim', 'crio', 'conmon', 'k3s-server', 'k3s-agent', 'rke2']);

export interface CriAnswer {
  readonly containers: readonly EngineContainer[];
  readonly problems: readonly Problem[];
}

/** Asked only where such a runtime runs, or somebody named its socket: starting crictl takes longer than all else here. */
export async function askCri(
  transport: Transport,
  survey: Survey,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<CriAnswer> {
  const named = (env['CONTAINER_RUNTIME_ENDPOINT'] ?? '') !== '';
  const runs = [...survey.processes.values()].some((p) => RUNTIMES.has(p.comm));
  if (!named && !runs) return { containers: [], problems: [] };
  for (const program of PROGRAMS) {
    const result = await transport.runProgram([program, 'ps', '-a', '-o', 'json'], LIMITS);
    if (result.startError !== undefined) continue;
    const source = { kind: 'command', command: 'crictl ps -a -o json' } as const;
    if (result.timedOut) return { containers: [], problems: [{ source, reason: 'timeout' }] };
    const containers = readCriContainers(result.stdout.toString('utf8'));
    if (containers !== undefined) return { containers, problems: [] };
    // Docker's own containerd serves no CRI: that is no problem unless somebody asked for this socket.
    const detail = result.stderr.split('\n').findLast((line) => line !== '') ?? '';
    return { containers: [], problems: named ? [{ source, reason: 'io-error', detail: detail.slice(0, 300) }] : [] };
  }
  return { containers: [], problems: [] };
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `crictl ps -o json` (CRI ListContainersResponse). Undefined: it is something else. */
export function readCriContainers(text: string): readonly EngineContainer[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
  if (!isObject(answer) || !Array.isArray(answer['containers'])) return undefined;
  return answer['containers'].filter(isObject).flatMap((c): readonly EngineContainer[] => {
    const id = wordOf(c['id']);
    if (id === '') return [];
    const labels: Record<string, string> = {};
    if (isObject(c['labels']))
      for (const [key, value] of Object.entries(c['labels'])) if (typeof value === 'string' && key !== '__proto__') labels[key] = value;
    const name = isObject(c['metadata']) ? wordOf(c['metadata']['name']) : '';
    if (name !== '') labels['io.kubernetes.container.name'] ??= name;
    const image = isObject(c['image']) ? wordOf(c['image']['userSpecifiedImage']) || wordOf(c['image']['image']) : '';
    // Nanoseconds, as text.
    const created = Math.floor(Number(wordOf(c['createdAt'])) / 1e9);
    return [
      {
        id,
        names: [],
        image,
        labels,
        running: c['state'] === 'CONTAINER_RUNNING',
        created: Number.isFinite(created) ? created : 0,
        cri: true,
      },
    ];
  });
}
