/** What the configuration files of runtime, firewall, SSH server and NetworkManager say. Lines as `PATH:NUMBER:TEXT`. */
import { wordsOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fileLines, fromFile, fromLine, knownValue, recordText, unquoted, type FileLine, type Observations } from './parts.ts';

export function readConfigurations(records: readonly ProbeRecord[]): Observations {
  return {
    ...docker(recordText(records, 'config', 'docker')),
    ...containerd(fileLines(recordText(records, 'config', 'containerd'))),
    ...ufw(fileLines(recordText(records, 'config', 'ufw'))),
    ...sshd(fileLines(recordText(records, 'config', 'sshd'))),
    ...networkManager(fileLines(recordText(records, 'config', 'networkmanager'))),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const strings = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;

/** /etc/docker/daemon.json (dockerd(8)). */
function docker(text: string | undefined): Observations {
  if (text === undefined || text.trim() === '') return {};
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return {};
  }
  if (!isRecord(config)) return {};
  const found: Observations = {};
  const source = fromFile('/etc/docker/daemon.json');
  const take = (name: string, key: string): void => {
    const value = config[name];
    if (typeof value === 'string' && value !== '') found[key] = knownValue(value, { ...source, text: `"${name}": "${value}"` });
    const list = strings(value);
    if (list !== undefined) found[key] = knownValue(list, { ...source, text: `"${name}": ${JSON.stringify(list)}` });
  };
  take('log-driver', 'docker.log-driver');
  take('storage-driver', 'docker.storage-driver');
  take('dns', 'docker.dns');
  take('bip', 'docker.bip');
  take('insecure-registries', 'docker.insecure-registries');
  if (strings(config['dns']) !== undefined) found['docker.dns-set'] = knownValue(true, source);
  const driver = strings(config['exec-opts'])
    ?.map((option) => /^native\.cgroupdriver=(.+)$/u.exec(option)?.[1])
    .find((name) => name !== undefined);
  if (driver !== undefined) found['docker.cgroup-driver'] = knownValue(driver, { ...source, text: `native.cgroupdriver=${driver}` });
  return found;
}

/** config.toml of containerd, and crio.conf: keys below their tables. */
function containerd(lines: readonly FileLine[]): Observations {
  const found: Observations = {};
  // K3s and RKE2 write their own; the file below /etc belongs to another containerd then.
  const own = lines.some((line) => line.path.startsWith('/var/lib/rancher/'));
  for (const line of lines) {
    if (own && !line.path.startsWith('/var/lib/rancher/')) continue;
    const at = line.text.indexOf('=');
    if (at < 0 || line.text.trimStart().startsWith('[')) continue;
    const key = line.text.slice(0, at).trim();
    const raw = line.text
      .slice(at + 1)
      .replace(/#.*$/u, '')
      .trim();
    const value = unquoted(raw);
    const crio = line.path.startsWith('/etc/crio/');
    if (key === 'SystemdCgroup' && !crio) {
      found['containerd.systemd-cgroup'] = knownValue(value === 'true', fromLine(line));
    } else if (key === 'version' && !crio && /^\d+$/u.test(value)) {
      found['containerd.config-version'] = knownValue(Number(value), fromLine(line));
    } else if (key === 'disabled_plugins' && !crio) {
      found['containerd.cri-enabled'] = knownValue(!/["'](?:io\.containerd\.grpc\.v1\.)?cri["']/u.test(raw), fromLine(line));
    } else if (key === 'sandbox_image' && !crio) {
      found['containerd.sandbox-image'] = knownValue(value, fromLine(line));
    } else if (key === 'cgroup_manager' && crio) {
      found['crio.cgroup-manager'] = knownValue(value, fromLine(line));
    }
  }
  return found;
}

function ufw(lines: readonly FileLine[]): Observations {
  const found: Observations = {};
  for (const line of lines) {
    const [name = '', raw = ''] = line.text.split('=');
    const value = unquoted(raw).toLowerCase();
    if (name === 'ENABLED') found['ufw.active'] = knownValue(value === 'yes', fromLine(line));
    if (name === 'DEFAULT_FORWARD_POLICY') found['ufw.forward-policy'] = knownValue(value.toUpperCase(), fromLine(line));
  }
  // The policy of a firewall that is off is in nobody's way.
  if (found['ufw.active']?.state !== 'known' || found['ufw.active'].value !== true) delete found['ufw.forward-policy'];
  return found;
}

/** sshd_config(5): the first value of a keyword holds; files of sshd_config.d stand before where an Include line says so. */
function sshd(lines: readonly FileLine[]): Observations {
  const found: Observations = {};
  const main = lines.filter((line) => line.path === '/etc/ssh/sshd_config');
  const included = main.some((line) => /^[ \t]*Include[ \t]+\/etc\/ssh\/sshd_config\.d\//iu.test(line.text));
  const dropIns = included ? lines.filter((line) => line.path !== '/etc/ssh/sshd_config') : [];
  for (const group of [byFile(dropIns), byFile(main)].flat()) {
    for (const line of group) {
      const [word = '', ...rest] = wordsOf(line.text);
      const key = word.toLowerCase();
      if (key === '' || key === 'include') continue;
      // What follows a Match holds for some users only.
      if (key === 'match') break;
      found[`sshd.${key}`] ??= knownValue(unquoted(rest.join(' ')), fromLine(line));
    }
  }
  return found;
}

function byFile(lines: readonly FileLine[]): readonly (readonly FileLine[])[] {
  const files = new Map<string, FileLine[]>();
  for (const line of lines) files.set(line.path, [...(files.get(line.path) ?? []), line]);
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => list);
}

/** Does a rule of NetworkManager leave the interfaces of CNI plugins alone? */
function networkManager(lines: readonly FileLine[]): Observations {
  const line = lines.find((one) => /cali|flannel|cni|veth|cilium/iu.test(one.text));
  return line === undefined ? {} : { 'networkmanager.unmanaged-cni': knownValue(true, fromLine(line)) };
}
