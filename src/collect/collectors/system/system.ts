/** The state of the machine as observations by key: what the records of probe/system.sh say, with what the other rounds brought. */
import { valueOf } from '../../../facts/fact.ts';
import type { NetnsFacts } from '../../../facts/node-facts.ts';
import type { MountEntry } from '../../../facts/parse/mountinfo.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import type { EngineContainer } from '../docker-engine.ts';
import type { Survey } from '../processes.ts';
import { runtimeCgroupDriver } from './cgroup-driver.ts';
import { readCertificates } from './certificates.ts';
import { readClock } from './clock.ts';
import { readConfigurations } from './configurations.ts';
import { readDisks } from './disks.ts';
import { readInotify, readKernelState } from './kernel.ts';
import { readPacketFilters } from './packet-filters.ts';
import { fromFile, knownValue, type Observations } from './parts.ts';
import { readPlaces } from './places.ts';
import { readProxies, withProxyCover } from './proxies.ts';
import { fitting, roleOf } from './role.ts';
import { readRunning, readUnits } from './services.ts';

export interface SystemReading {
  /** Of probe/system.sh. */
  readonly system: readonly ProbeRecord[];
  /** Of the survey, with the host's network namespace; and of the views, with the environments of services. */
  readonly first: readonly ProbeRecord[];
  readonly second: readonly ProbeRecord[];
  readonly survey: Survey;
  readonly mounts: readonly MountEntry[];
  readonly netns: NetnsFacts | undefined;
  /** What the Docker engine says of itself. */
  readonly engine: Observations;
  readonly containers: readonly EngineContainer[];
  /** What was read already: kubelet's own settings among them. */
  readonly before: Observations;
  /** Seconds since the epoch by this machine's clock, where the node is another machine. */
  readonly reference?: number;
}

export function readSystem(reading: SystemReading): Observations {
  const { system, survey, netns } = reading;
  const units = readUnits(system);
  const role = roleOf(survey, units, reading.containers);
  const found = {
    ...reading.before,
    ...readDisks(system, reading.mounts),
    ...readCertificates(system),
    ...readClock(system, reading.reference),
    ...readKernelState(system),
    // Another user sees only files of its own processes.
    ...(survey.uid === 0 ? readInotify(system) : {}),
    ...readRunning(survey),
    ...units,
    ...readConfigurations(system),
    ...readProxies([...system, ...reading.second]),
    ...readPlaces(system),
    ...readPacketFilters(system, { records: reading.first, facts: netns }),
    ...conntrack(netns),
    // What runs counts more than what a file says.
    ...reading.engine,
    'probe.collected-whole': knownValue(true, { kind: 'probe', probe: 'culprit' }),
    ...(role.node ? { 'node.runs-kubernetes': knownValue(true, { kind: 'probe', probe: 'processes' }) } : {}),
  };
  return fitting(runtimeCgroupDriver(withProxyCover(found)), role);
}

function conntrack(netns: NetnsFacts | undefined): Observations {
  const found: Observations = {};
  for (const what of ['count', 'max'] as const) {
    const value = Number(valueOf(netns?.sysctls[`net.netfilter.nf_conntrack_${what}`]) ?? Number.NaN);
    if (Number.isFinite(value))
      found[`conntrack.${what}`] = knownValue(value, fromFile(`/proc/sys/net/netfilter/nf_conntrack_${what}`, String(value)));
  }
  return found;
}
