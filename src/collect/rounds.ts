/** The probe's rounds: which scripts run, with what to do in them. What to look at is decided here; the shell only does as it is told. */
import type { NetnsId } from '../facts/fact.ts';
import type { Transport } from '../transport/transport.ts';
import type { ViewCandidate } from './collectors/choose-views.ts';
import type { DaemonProcess } from './collectors/daemons.ts';
import type { ProcessEntry, Survey } from './collectors/processes.ts';
import { runProbe, type ProbeRun } from './run-probe.ts';

export const HOST_NETNS: NetnsId = 'host';

export const netnsIdOf = (candidate: ViewCandidate, survey: Survey): NetnsId =>
  candidate.net === survey.own.net ? HOST_NETNS : `net:${candidate.net}`;

/** Processes and namespaces, and the host's own view and network. */
export const surveyRound = (transport: Transport): Promise<ProbeRun> =>
  runProbe(transport, {
    sections: ['view', 'survey', 'host', 'netns'],
    prepare: 'prepare_views\ntools_ready own',
    steps: [
      'survey',
      'host',
      'proc_nets self',
      'netns=host\n(eval "$NETNS")',
      'mount_tables self\nview host self',
      'environments host=self',
    ],
  });

export const programsRound = (transport: Transport): Promise<ProbeRun> =>
  runProbe(transport, { sections: ['programs'], steps: ['host_programs'], timeoutMs: 5000, stallMs: 2000 });

/** Disks, certificates, clock, firewalls, units: what belongs to no view. The places that may hang come last. */
export const systemRound = (transport: Transport): Promise<ProbeRun> =>
  runProbe(transport, {
    sections: ['view', 'host', 'system'],
    prepare: 'prepare_views\ntools_ready own',
    steps: [
      'kernel_state',
      'clock',
      'configurations',
      'places',
      'packet_filters',
      'denials',
      'inotify',
      'certificates',
      'chrony',
      'units',
      'disks',
    ],
    timeoutMs: 8000,
    stallMs: 2500,
  });

/** Services whose proxies matter: they pull images or speak with the cluster. */
const PROXIED = new Set(['dockerd', 'containerd', 'crio', 'kubelet', 'k3s-server', 'k3s-agent', 'k3s', 'rke2']);
const SERVICE_OF: Readonly<Record<string, string>> = { dockerd: 'docker' };

/** Components whose flags say where they listen and whom they ask; by the process name, of which the kernel keeps 15 characters. */
const COMPONENTS = new Set([
  'kubelet',
  'kube-apiserver',
  'kube-controller',
  'kube-scheduler',
  'kube-proxy',
  'etcd',
  'dnsmasq',
  'k3s-server',
  'k3s-agent',
  'k3s',
  'rke2',
  'dockerd',
  'containerd',
  'nscd',
]);

export const componentsOf = (survey: Survey): readonly ProcessEntry[] =>
  [...survey.processes.values()].filter((p) => COMPONENTS.has(p.comm)).slice(0, 64);

export interface ViewsRound {
  readonly transport: Transport;
  readonly survey: Survey;
  readonly candidates: readonly ViewCandidate[];
  readonly daemons: readonly DaemonProcess[];
}

interface Job {
  readonly candidate: ViewCandidate;
  readonly calls: readonly string[];
  /** The namespace that this job enters, where it is the first to see it. */
  readonly netns?: NetnsId;
}

/** Every other view and network namespace, in two shells side by side; then the start times of the processes, to see who is still there. */
export async function viewsRound({ transport, survey, candidates, daemons }: ViewsRound): Promise<ProbeRun> {
  const entered = new Map<NetnsId, string | undefined>([[HOST_NETNS, survey.own.uts]]);
  const jobs = candidates.map((candidate): Job => {
    const netns = netnsIdOf(candidate, survey);
    const pid = String(candidate.pid);
    const calls: string[] = [];
    const first = !entered.has(netns);
    if (first) {
      entered.set(netns, candidate.uts);
      calls.push(`other_netns ${netns} ${pid}`);
    }
    if (candidate.uts !== entered.get(netns)) calls.push(`other_hostname ${candidate.id} ${pid}`);
    if (!candidate.sharesFiles) calls.push(`view ${candidate.id} ${pid}`);
    if (candidate.containerId !== undefined && candidate.runtime !== 'docker') calls.push(`container_names ${candidate.containerId}`);
    return { candidate, calls, ...(first ? { netns } : {}) };
  });
  const extra = [
    ...daemons.map((d) => `daemon ${String(d.process.pid)}`),
    ...componentsOf(survey).map((p) => `component ${String(p.pid)}`),
    ...proxied(survey),
  ];
  const halves = [jobs.filter((_, i) => i % 2 === 0), jobs.filter((_, i) => i % 2 === 1)];
  const runs = await Promise.all(
    halves.map((half, i): Promise<ProbeRun> => {
      const steps = [...stepsFor(half, transport), ...(i === 1 ? extra : [])];
      if (steps.length === 0) return Promise.resolve({ records: [], problems: [], complete: true });
      const tables = half.length === 0 ? '' : `mount_tables ${half.map((j) => String(j.candidate.pid)).join(' ')}`;
      return runProbe(transport, {
        sections: ['view', 'survey', 'host', 'netns', 'names', 'system'],
        prepare: `prepare_views\ntools_ready other\n${tables}`,
        steps,
      });
    }),
  );
  return { records: runs.flatMap((r) => r.records), problems: runs.flatMap((r) => r.problems), complete: runs.every((r) => r.complete) };
}

function proxied(survey: Survey): readonly string[] {
  const words = [...survey.processes.values()]
    .filter((p) => PROXIED.has(p.comm))
    .slice(0, 16)
    .map((p) => `${SERVICE_OF[p.comm] ?? p.comm}=${String(p.pid)}`);
  return words.length === 0 ? [] : [`proxies ${words.join(' ')}`];
}

function stepsFor(jobs: readonly Job[], transport: Transport): readonly string[] {
  if (jobs.length === 0) return [];
  const pids = jobs.map((j) => String(j.candidate.pid));
  const named = jobs.map((j) => `${j.candidate.id}=${String(j.candidate.pid)}`).join(' ');
  const nets = jobs.filter((j) => j.netns !== undefined).map((j) => String(j.candidate.pid));
  return [
    ...(nets.length === 0 ? [] : [`proc_nets ${nets.join(' ')}`]),
    ...jobs.flatMap((j) => j.calls),
    // This process reads a link of /proc itself, where it can.
    ...(transport.kind === 'local' ? [] : [`executables ${named}`]),
    `environments ${named}`,
    `rec after\ncd /proc && grep -as '' ${pids.map((p) => `${p}/stat`).join(' ')} /dev/null\ncd /`,
  ];
}
