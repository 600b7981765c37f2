/**
 * What a Docker engine says of its containers: names, image, labels, state. Asked over its socket (DOCKER_HOST=unix://PATH, else
 * /var/run/docker.sock), with one request; an engine that is not there, not allowed or slow costs nothing but the names.
 */
import { request } from 'node:http';
import type { Problem } from '../../facts/node-facts.ts';

export interface EngineContainer {
  readonly id: string;
  readonly names: readonly string[];
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly running: boolean;
  /** Seconds since the epoch. */
  readonly created: number;
  /** Told by a CRI runtime, not by Docker. */
  readonly cri?: true;
}

export interface EngineAnswer {
  readonly containers: readonly EngineContainer[];
  readonly socket: string;
  readonly problems: readonly Problem[];
}

const TIMEOUT_MS = 1500;
const MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_SOCKET = '/var/run/docker.sock';

/** The engine's socket, or undefined where DOCKER_HOST names an engine on another machine: its containers are not here. */
export function engineSocket(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const host = env['DOCKER_HOST'];
  if (host === undefined || host === '') return DEFAULT_SOCKET;
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
}

export async function askEngine(env: Readonly<Record<string, string | undefined>> = process.env): Promise<EngineAnswer> {
  const socket = engineSocket(env);
  if (socket === undefined) return { containers: [], socket: env['DOCKER_HOST'] ?? '', problems: [] };
  const answer = await getEngineJson(socket, '/containers/json?all=1');
  const source = { kind: 'command', command: 'docker ps -a', text: socket } as const;
  if (answer.kind === 'failed') {
    // No engine is no problem; one that is there and does not speak is.
    const silent = answer.code === 'ENOENT' || answer.code === 'ECONNREFUSED' || answer.code === 'ENOTSOCK' || answer.code === 'ENOTDIR';
    const reason = answer.code === 'EACCES' || answer.code === 'EPERM' ? 'permission' : answer.code === 'timeout' ? 'timeout' : 'io-error';
    return { containers: [], socket, problems: silent ? [] : [{ source, reason, detail: answer.code }] };
  }
  if (!Array.isArray(answer.value)) return { containers: [], socket, problems: [{ source, reason: 'malformed' }] };
  return { containers: (answer.value as readonly unknown[]).flatMap(readContainer), socket, problems: [] };
}

function readContainer(item: unknown): readonly EngineContainer[] {
  if (typeof item !== 'object' || item === null) return [];
  const c = item as Readonly<Record<string, unknown>>;
  const id = c['Id'];
  if (typeof id !== 'string') return [];
  const names = Array.isArray(c['Names'])
    ? c['Names'].filter((n): n is string => typeof n === 'string').map((n) => n.replace(/^\//u, ''))
    : [];
  const labels: Record<string, string> = {};
  if (typeof c['Labels'] === 'object' && c['Labels'] !== null) {
    for (const [key, value] of Object.entries(c['Labels'])) if (typeof value === 'string' && key !== '__proto__') labels[key] = value;
  }
  return [
    {
      id,
      names,
      image: typeof c['Image'] === 'string' ? c['Image'] : '',
      labels,
      running: c['State'] === 'running' || c['State'] === 'paused',
      created: typeof c['Created'] === 'number' ? c['Created'] : 0,
    },
  ];
}

export type EngineJson = { readonly kind: 'got'; readonly value: unknown } | { readonly kind: 'failed'; readonly code: string };

/** One request to the engine; never throws. */
export function getEngineJson(socketPath: string, path: string): Promise<EngineJson> {
  return new Promise((resolve) => {
    const fail = (code: string): void => {
      resolve({ kind: 'failed', code });
    };
    const asked = request({ socketPath, path, headers: { Host: 'docker' }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_BYTES) asked.destroy(new Error('too large'));
        else parts.push(part);
      });
      response.on('error', () => {
        fail('ECONNRESET');
      });
      response.on('end', () => {
        if (response.statusCode !== 200) {
          fail(`HTTP ${String(response.statusCode)}`);
          return;
        }
        try {
          resolve({ kind: 'got', value: JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown });
        } catch {
          fail('malformed');
        }
      });
    });
    const timer = setTimeout(() => asked.destroy(Object.assign(new Error('timeout'), { code: 'timeout' })), TIMEOUT_MS);
    asked.on('error', (error) => {
      fail('code' in error && typeof error.code === 'string' ? error.code : error.message);
    });
    asked.on('close', () => {
      clearTimeout(timer);
    });
    asked.end();
  });
}
