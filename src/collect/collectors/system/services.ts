/** Units of systemd, and which of the services of a node run. Source: systemctl(1), org.freedesktop.systemd1(5). */
import { linesOf } from '../../../facts/parse/lines.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import type { Survey } from '../processes.ts';
import { fromCommand, fromFile, knownValue, recordText, type Observations } from './parts.ts';

export function readUnits(records: readonly ProbeRecord[]): Observations {
  const found: Observations = {};
  for (const block of (recordText(records, 'units') ?? '').split(/\n{2,}/u)) {
    const fields = new Map(
      linesOf(block).flatMap((line) => {
        const at = line.indexOf('=');
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
      }),
    );
    const id = fields.get('Id');
    // A unit that is not there is no stopped unit.
    if (id === undefined || fields.get('LoadState') !== 'loaded') continue;
    const name = id.replace(/\.service$/u, '');
    const active = fields.get('ActiveState') ?? '';
    const enabled = fields.get('UnitFileState') ?? '';
    const source = fromCommand(
      `systemctl show ${id}`,
      `ActiveState=${active} UnitFileState=${enabled} Result=${fields.get('Result') ?? ''}`,
    );
    // Installed and never meant to run: nothing to report. A unit that a socket starts is inactive until it is asked.
    const meant = active !== 'inactive' || /^(?:enabled|enabled-runtime)$/u.test(enabled);
    if (meant) {
      found[`unit.${name}.active`] = knownValue(active, source);
      if (name !== id) found[`unit.${id}.active`] = knownValue(active, source);
    }
    if (enabled !== '') found[`unit.${id}.enabled`] = knownValue(enabled, source);
    // A kubelet that ends again and again is at most moments not there.
    if (name === 'kubelet' && (active === 'failed' || fields.get('SubState') === 'auto-restart'))
      found['kubelet.running'] = knownValue(false, source);
    const result = fields.get('Result');
    if (result !== undefined && result !== '') found[`unit.${name}.result`] = knownValue(result, source);
    if (name === 'docker' && fields.get('MountFlags') !== undefined && fields.get('MountFlags') !== '')
      found['docker.mount-flags'] = knownValue(fields.get('MountFlags') ?? '', source);
    if (id === 'nm-cloud-setup.service' || id === 'nm-cloud-setup.timer')
      if (enabled === 'enabled') found['nm-cloud-setup.enabled'] = knownValue(true, source);
  }
  return found;
}

/** Names of processes, as the kernel keeps them (15 characters), of the services that causes ask for. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dockerd: 'docker.running',
  kubelet: 'kubelet.running',
  firewalld: 'firewalld.active',
  NetworkManager: 'networkmanager.active',
  nscd: 'nscd.running',
};

/** A process that runs is known to run. That none runs is said only of those whose absence is no fault. */
export function readRunning(survey: Survey): Observations {
  const found: Observations = {};
  for (const process of survey.processes.values()) {
    const key = PROGRAMS[process.comm];
    if (key !== undefined) found[key] ??= knownValue(true, fromFile(`/proc/${String(process.pid)}/stat`, process.comm));
  }
  // Without the right to look at all processes nothing can be said of those that were not seen.
  if (survey.uid === 0 && survey.processes.size > 0) {
    for (const key of ['firewalld.active', 'networkmanager.active'])
      found[key] ??= knownValue(false, { kind: 'probe', probe: 'processes', text: 'none of that name' });
  }
  return found;
}
