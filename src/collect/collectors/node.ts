/** Facts of the machine that belong to no view: kernel, products, and observations by key. */
import { known, NOT_COLLECTED, type Fact } from '../../facts/fact.ts';
import type { ObservationValue, ProductFacts } from '../../facts/node-facts.ts';
import { decimal, linesOf, wordsOf } from '../../facts/parse/lines.ts';
import type { ProbeRecord } from '../probe-script.ts';
import type { EngineContainer } from './docker-engine.ts';
import { labelled, type Survey } from './processes.ts';

const textOf = (records: readonly ProbeRecord[], kind: string): string => records.find((r) => r.kind === kind)?.data.toString('utf8') ?? '';

export interface KernelFacts {
  readonly kernelRelease: Fact<string>;
  readonly bootParameters: Fact<string>;
}

export function readKernel(records: readonly ProbeRecord[]): KernelFacts {
  const lines = new Map<string, string>();
  for (const [path, line] of labelled(textOf(records, 'uname'))) if (!lines.has(path)) lines.set(path, line);
  const fact = (path: string): Fact<string> => {
    const value = lines.get(path);
    return value === undefined ? NOT_COLLECTED : known(value, { kind: 'file', path });
  };
  return { kernelRelease: fact('/proc/sys/kernel/osrelease'), bootParameters: fact('/proc/cmdline') };
}

export type Observations = Record<string, Fact<ObservationValue>>;

export function readObservations(records: readonly ProbeRecord[], survey: Survey): Readonly<Observations> {
  const found: Observations = {};
  for (const line of linesOf(textOf(records, 'meminfo'))) {
    const [name = '', kb] = wordsOf(line.replace(':', ' '));
    const value = decimal(kb);
    const key = { MemTotal: 'memory.total-kb', MemAvailable: 'memory.available-kb', SwapTotal: 'swap.total-kb' }[name];
    if (key !== undefined && value !== undefined) found[key] = known(value, { kind: 'file', path: '/proc/meminfo', text: line });
  }
  const swap = found['swap.total-kb'];
  if (swap?.state === 'known') found['swap.enabled'] = known(swap.value !== 0, swap.source);
  const areas = [...labelled(textOf(records, 'uname'))].filter(([path]) => path === '/proc/swaps');
  const [, area] = areas.find(([, line]) => line.startsWith('/')) ?? [];
  if (areas.length > 0)
    found['swap.enabled'] = known(area !== undefined, { kind: 'file', path: '/proc/swaps', ...(area === undefined ? {} : { text: area }) });
  for (const [path, value] of labelled(textOf(records, 'sysctl-host'))) {
    const source = { kind: 'file', path: `/proc/sys/${path}`, text: value } as const;
    found[`sysctl.${path.replaceAll('/', '.')}`] = known(value, source);
    const number = decimal(value);
    const key = { 'fs/inotify/max_user_instances': 'inotify.max-instances', 'fs/inotify/max_user_watches': 'inotify.max-watches' }[path];
    if (key !== undefined && number !== undefined) found[key] = known(number, source);
  }
  const cgroup = decimal(textOf(records, 'cgroup-version').trim());
  if (cgroup !== undefined) found['cgroup.version'] = known(cgroup, { kind: 'file', path: '/sys/fs/cgroup' });
  Object.assign(
    found,
    readServers(textOf(records, 'servers')),
    readKubeletConfig(textOf(records, 'kubelet-config')),
    readFlags(records, survey),
  );
  return found;
}

/** `PATH:LINE:    server: https://127.0.0.1:6443`; the first one is kubeconfig.server, K3s and RKE2 configurations give join.server-url. */
function readServers(text: string): Observations {
  const found: Observations = {};
  for (const line of linesOf(text)) {
    const match = /^([^:]+):(\d+):[ \t-]*server:[ \t]*["']?([^"' \t#]+)/u.exec(line);
    if (match === null) continue;
    const [, path = '', number = '', server = ''] = match;
    // A user and password in the URL stay on the node.
    const url = server.replace(/\/\/[^/]*@/u, '//');
    const fact = known(url, { kind: 'file', path, line: Number(number), view: 'host', text: `server: ${url}` });
    found[path.includes('/etc/rancher/') && path.endsWith('config.yaml') ? 'join.server-url' : 'kubeconfig.server'] ??= fact;
    found[`config.${path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:ya?ml|conf)$/u, '')}.server`] ??= fact;
  }
  return found;
}

/** Keys of KubeletConfiguration that causes know by a name of their own. */
const KUBELET_KEYS: Readonly<Record<string, string>> = {
  cgroupDriver: 'cgroup.driver.kubelet',
  failSwapOn: 'kubelet.fail-swap-on',
  resolvConf: 'kubelet.resolv-conf',
  clusterDomain: 'kubelet.cluster-domain',
};

function readKubeletConfig(text: string): Observations {
  const found: Observations = {};
  const clusterDns: string[] = [];
  for (const line of linesOf(text)) {
    const item = /^([^:]+):(\d+):[ \t]*- ["']?([0-9a-f.:]+)["']?[ \t]*$/iu.exec(line);
    if (item !== null) {
      clusterDns.push(item[3] ?? '');
      found['kubelet.cluster-dns'] = known([...clusterDns], { kind: 'file', path: item[1] ?? '', line: Number(item[2]), view: 'host' });
    }
    const match = /^([^:]+):(\d+):[ \t]*([A-Za-z]+):[ \t]*["']?([^"' \t#]+)/u.exec(line);
    if (match === null) continue;
    const [, path = '', number = '', key = '', value = ''] = match;
    found[`config.kubelet.${key}`] = known(value, { kind: 'file', path, line: Number(number), view: 'host', text: `${key}: ${value}` });
    const name = KUBELET_KEYS[key];
    if (name !== undefined)
      found[name] ??= known(key === 'failSwapOn' ? value === 'true' : value, {
        kind: 'file',
        path,
        line: Number(number),
        view: 'host',
        text: `${key}: ${value}`,
      });
  }
  return found;
}

/** Flags of components: 'kubelet.flag.resolv-conf'; the observation keys name kubelet's alone. */
function readFlags(records: readonly ProbeRecord[], survey: Survey): Observations {
  const found: Observations = {};
  for (const record of records) {
    if (record.kind !== 'cmdline') continue;
    const process = survey.processes.get(Number(record.args[0]));
    if (process === undefined) continue;
    found[`process.${process.comm}.running`] = known(true, { kind: 'file', path: `/proc/${String(process.pid)}/stat` });
    const flags = linesOf(record.data.toString('utf8')).filter((line) => line !== '');
    if (process.comm === 'dnsmasq')
      found['process.dnsmasq.args'] ??= known(flags.join(' '), {
        kind: 'file',
        path: `/proc/${String(process.pid)}/cmdline`,
        text: flags.join(' '),
      });
    for (const line of flags) {
      const match = /^--?([a-z0-9-]+)=(.*)$/u.exec(line);
      if (match === null || process.comm !== 'kubelet') continue;
      found[`kubelet.flag.${match[1] ?? ''}`] = known(match[2] ?? '', {
        kind: 'file',
        path: `/proc/${String(process.pid)}/cmdline`,
        text: line,
      });
    }
  }
  return found;
}

/** Catalogue of marks: what each product leaves on a node. */
export function readProducts(records: readonly ProbeRecord[], engine: readonly EngineContainer[]): readonly ProductFacts[] {
  const marks = new Set(linesOf(textOf(records, 'markers')));
  const products = new Map<ProductFacts['name'], ProductFacts>();
  const add = (name: ProductFacts['name'], source: ProductFacts['source'], version?: string): void => {
    if (!products.has(name)) products.set(name, { name, source, ...(version === undefined ? {} : { version }) });
  };
  const mark = (name: ProductFacts['name'], ...paths: readonly string[]): void => {
    const path = paths.find((p) => marks.has(p));
    if (path !== undefined) add(name, { kind: 'file', path, view: 'host' });
  };
  mark('rke2', '/etc/rancher/rke2', '/var/lib/rancher/rke2');
  mark('k3s', '/etc/rancher/k3s', '/var/lib/rancher/k3s');
  mark('rke', '/opt/rke', '/var/lib/rancher/rke');
  for (const c of engine) {
    const source = { kind: 'command', command: 'docker ps -a', text: `${c.names[0] ?? c.id} ${c.image}` } as const;
    const tag = /:v?(\d+(?:\.\d+)+)/u.exec(c.image)?.[1];
    if (c.labels['io.rancher.rke.container.name'] !== undefined || /(?:^|\/)rancher\/hyperkube:/u.test(c.image)) add('rke', source);
    if (Object.keys(c.labels).some((k) => k.startsWith('io.rancher.container.')) || /(?:^|\/)rancher\/agent:v1/u.test(c.image))
      add('rancher1', source, tag);
    if (/(?:^|\/)rancher\/rancher(?:-agent)?:/u.test(c.image)) add('rancher', source, tag);
  }
  if (
    !products.has('rke2') &&
    !products.has('k3s') &&
    !products.has('rke') &&
    marks.has('/etc/kubernetes/manifests') &&
    marks.has('/var/lib/kubelet/config.yaml')
  ) {
    add('kubeadm', { kind: 'file', path: '/etc/kubernetes/manifests', view: 'host' });
  }
  if (marks.has('/var/lib/kubelet/config.yaml') || products.size > 0) mark('kubernetes', '/var/lib/kubelet/config.yaml', '/etc/cni/net.d');
  mark('docker', '/var/run/docker.sock');
  return [...products.values()];
}
