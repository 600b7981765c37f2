/** What a Docker engine says of itself (GET /info, Engine API 1.24 and later): drivers, version, proxies. */
import type { Source } from '../../facts/fact.ts';
import { engineSocket, getEngineJson } from './docker-engine.ts';
import { knownValue, type Observations } from './system/parts.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const PROXY_NAMES = { HttpProxy: 'HTTP_PROXY', HttpsProxy: 'HTTPS_PROXY', NoProxy: 'NO_PROXY' } as const;

/** Nothing where no engine answers. */
export async function askEngineInfo(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Observations> {
  const socket = engineSocket(env);
  if (socket === undefined) return {};
  const answer = await getEngineJson(socket, '/info');
  return answer.kind === 'got' && isRecord(answer.value) ? readEngineInfo(answer.value) : {};
}

export function readEngineInfo(info: Readonly<Record<string, unknown>>): Observations {
  const found: Observations = {};
  const source = (text: string): Source => ({ kind: 'command', command: 'docker info', view: 'host', text });
  const take = (field: string, key: string): void => {
    const value = info[field];
    if (typeof value === 'string' && value !== '') found[key] = knownValue(value, source(`${field}: ${value}`));
  };
  found['docker.running'] = knownValue(true, source('docker info'));
  take('ServerVersion', 'docker.version');
  take('LoggingDriver', 'docker.log-driver');
  take('Driver', 'docker.storage-driver');
  const driver = info['CgroupDriver'];
  if (typeof driver === 'string' && driver !== '' && driver !== 'none') {
    found['docker.cgroup-driver'] = knownValue(driver, source(`Cgroup Driver: ${driver}`));
  }
  const security = strings(info['SecurityOptions']);
  if (security.length > 0) found['docker.security-options'] = knownValue(security, source(`SecurityOptions: ${security.join(' ')}`));
  const warnings = strings(info['Warnings']);
  if (warnings.length > 0) found['docker.warnings'] = knownValue(warnings, source(warnings[0] ?? ''));
  for (const row of Array.isArray(info['DriverStatus']) ? (info['DriverStatus'] as readonly unknown[]) : []) {
    const [name, value] = strings(row);
    if (value === undefined) continue;
    if (name === 'Backing Filesystem') found['docker.backing-filesystem'] = knownValue(value, source(`${name}: ${value}`));
    if (name === 'Supports d_type') found['docker.supports-d-type'] = knownValue(value === 'true', source(`${name}: ${value}`));
  }
  const proxies = (['HttpProxy', 'HttpsProxy', 'NoProxy'] as const).flatMap((field) => {
    const value = info[field];
    return typeof value === 'string' && value !== '' ? [`${PROXY_NAMES[field]}=${value.replace(/:\/\/[^/@]*@/gu, '://')}`] : [];
  });
  if (proxies.length > 0) found['proxy.unit.docker'] = knownValue(proxies, source(proxies[0] ?? ''));
  const registries = isRecord(info['RegistryConfig']) ? info['RegistryConfig'] : {};
  const insecure = strings(registries['InsecureRegistryCIDRs']).filter((one) => !one.startsWith('127.') && one !== '::1/128');
  if (insecure.length > 0) found['docker.insecure-registries'] = knownValue(insecure, source(`Insecure Registries: ${insecure.join(' ')}`));
  return found;
}
