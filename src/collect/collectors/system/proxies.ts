/** Proxies of the services that pull images and speak with the cluster: of their processes and of their units. */
import { isExcepted } from '../../../facts/parse/no-proxy.ts';
import { linesOf } from '../../../facts/parse/lines.ts';
import type { Source } from '../../../facts/fact.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fileLines, fromLine, knownValue, recordText, unquoted, type Observations } from './parts.ts';

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly source: Source;
}

/** Services that speak with the API server. */
const CLUSTER_SERVICES = new Set(['kubelet', 'k3s', 'k3s-server', 'k3s-agent', 'rke2', 'rke2-server', 'rke2-agent']);

const NAME = /(?:^|["' \t=])((?:https?|no|all)_proxy)=(.*)$/iu;

export function readProxies(records: readonly ProbeRecord[]): Observations {
  const found: Observations = {};
  const byService = new Map<string, Variable[]>();
  const add = (service: string, variable: Variable): void => {
    const list = byService.get(service);
    if (list === undefined) byService.set(service, [variable]);
    else list.push(variable);
  };
  const running = new Set<string>();
  for (const record of records) {
    if (record.kind !== 'process-proxies') continue;
    const [name = '', pid = ''] = record.args;
    running.add(name);
    for (const line of linesOf(record.data.toString('utf8'))) {
      const at = line.indexOf('=');
      if (at > 0)
        add(name, {
          name: line.slice(0, at),
          value: line.slice(at + 1),
          source: { kind: 'file', path: `/proc/${pid}/environ`, view: 'host', text: line },
        });
    }
  }
  for (const line of fileLines(recordText(records, 'config', 'proxies'))) {
    const service = serviceOf(line.path);
    // What a process runs with counts more than what its files will give the next one.
    if (service === undefined || running.has(service)) continue;
    for (const assignment of assignmentsOf(line.text)) add(service, { ...assignment, source: fromLine(line) });
  }
  for (const [service, variables] of byService) {
    const [first] = variables;
    if (first === undefined) continue;
    found[`proxy.unit.${service}`] = knownValue(
      variables.map((v) => `${v.name}=${v.value}`),
      first.source,
    );
    // Docker and containerd pull images: nodes and Services are none of their business.
    if (!CLUSTER_SERVICES.has(service)) continue;
    const of = (pattern: RegExp): Variable | undefined => variables.find((v) => pattern.test(v.name) && v.value !== '');
    const http = of(/^http_proxy$/iu);
    const https = of(/^https_proxy$/iu);
    const exceptions = variables.find((v) => /^no_proxy$/iu.test(v.name));
    if (http !== undefined) found['proxy.http'] ??= knownValue(http.value, http.source);
    if (https !== undefined) found['proxy.https'] ??= knownValue(https.value, https.source);
    if (http === undefined && https === undefined) continue;
    found['proxy.set'] = knownValue(true, (https ?? http)?.source ?? first.source);
    found['proxy.no-proxy'] ??= knownValue(exceptions?.value ?? '', (exceptions ?? first).source);
  }
  return found;
}

/** 'docker' of /etc/systemd/system/docker.service.d/proxy.conf, /etc/default/docker, /etc/systemd/system/docker.service.env */
const serviceOf = (path: string): string | undefined =>
  /\/(?:default|sysconfig)\/([a-z0-9-]+)$/u.exec(path)?.[1] ??
  /\/systemd\/system\/([a-z0-9@-]+)(?:\.service(?:\.d\/.*|\.env)?|\.env)$/u.exec(path)?.[1];

/** `Environment="HTTP_PROXY=http://p:3128" "NO_PROXY=a,b"`, `HTTPS_PROXY=x`, `export http_proxy="x"`. */
function assignmentsOf(text: string): readonly Omit<Variable, 'source'>[] {
  const rest = text.replace(/^[ \t]*Environment=/u, '').trim();
  if (rest.startsWith('#')) return [];
  const words = rest.match(/"[^"]*"|'[^']*'|[^ \t"']+(?:"[^"]*"|'[^']*')?/gu) ?? [];
  return words.flatMap((word) => {
    const match = NAME.exec(unquoted(word));
    return match === null ? [] : [{ name: match[1] ?? '', value: unquoted(match[2] ?? '') }];
  });
}

/**
 * Does NO_PROXY except the API server that kubelet is told to ask? Go excepts localhost and loopback addresses by itself.
 * Source: golang.org/x/net/http/httpproxy (Config.useProxy).
 */
export function withProxyCover(found: Observations): Observations {
  const text = (key: string): string | undefined => {
    const fact = found[key];
    return fact?.state === 'known' && typeof fact.value === 'string' ? fact.value : undefined;
  };
  const proxy = found['proxy.set'];
  const server = text('join.server-url') ?? text('kubeconfig.server');
  const host = /^[a-z]+:\/\/(\[[^\]]+\]|[^:/]+)/u.exec(server ?? '')?.[1]?.replace(/^\[|\]$/gu, '');
  const exceptions = found['proxy.no-proxy'];
  if (proxy?.state !== 'known' || host === undefined || exceptions?.state !== 'known' || typeof exceptions.value !== 'string') return found;
  return { ...found, 'proxy.no-proxy-covers-cluster': knownValue(isExcepted(host, exceptions.value), exceptions.source) };
}
