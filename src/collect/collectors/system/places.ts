/** Folders and sockets whose content or owner tells something: CNI files, state of etcd, sockets of runtimes. */
import { linesOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fromCommand, fromFile, knownValue, recordText, type Observations } from './parts.ts';

const RUNTIME_SOCKETS: readonly string[] = [
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/var/run/cri-dockerd.sock',
];

export function readPlaces(records: readonly ProbeRecord[]): Observations {
  const found: Observations = {};
  const existing = linesOf(recordText(records, 'existing') ?? '');
  for (const record of records) {
    const [path = ''] = record.args;
    if (record.kind !== 'directory') continue;
    const entries = linesOf(record.data.toString('utf8'));
    const source = fromCommand(`ls -1 ${path}`);
    if (path === '/etc/cni/net.d' && !existing.includes('/var/lib/rancher/k3s'))
      found['cni.config-files'] = knownValue(
        entries.filter((name) => /\.(?:conf|conflist|json)$/u.test(name)),
        source,
      );
    if (path === '/opt/cni/bin' && entries.length > 0) found['cni.binaries'] = knownValue(entries, source);
  }
  const sockets = RUNTIME_SOCKETS.filter((path) => existing.includes(path));
  if (sockets.length > 0) found['cri.sockets'] = knownValue(sockets, fromCommand(`ls ${sockets.join(' ')}`));
  // What systemctl enable makes; told also where systemd cannot be asked.
  const wanted = existing.find((path) => path.includes('nm-cloud-setup'));
  if (wanted !== undefined) found['nm-cloud-setup.enabled'] = knownValue(true, fromFile(wanted));
  const parser = existing.find((path) => path.endsWith('/apparmor_parser'));
  if (recordText(records, 'existing') !== undefined)
    found['program.apparmor_parser.installed'] = knownValue(parser !== undefined, fromFile(parser ?? '/sbin/apparmor_parser'));
  for (const line of linesOf(recordText(records, 'owners') ?? '')) {
    const match = /^([a-z-]{10})[.+@]? +\d+ (\d+) +(\d+) .* (\/[^ ]+)$/u.exec(line);
    if (match === null) continue;
    const [, mode = '', uid = '', gid = '', path = ''] = match;
    found[`file.${path}.mode`] = knownValue(octal(mode), fromCommand(`ls -lnd ${path}`, line));
    found[`file.${path}.owner`] = knownValue(`${uid}:${gid}`, fromCommand(`ls -lnd ${path}`, line));
    if (path === '/var/lib/etcd' || path === '/var/lib/rancher/etcd') {
      found['etcd.data-dir-mode'] = knownValue(octal(mode), fromFile(path, line));
      found['etcd.data-dir-owner'] = knownValue(`${uid}:${gid}`, fromFile(path, line));
    }
  }
  return found;
}

/** `drwxr-xr-x` as 755. */
function octal(mode: string): string {
  const bits = [...mode.slice(1)].map((letter) => (letter === '-' || letter === 'S' || letter === 'T' ? '0' : '1')).join('');
  return [0, 3, 6].map((at) => String(Number.parseInt(bits.slice(at, at + 3), 2))).join('');
}
