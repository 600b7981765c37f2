/** The probe's rounds: which scripts run, with what to do in them. What to look at is decided here; the shell only does as it is told. */
import type { NetnsId } from '../facts/fact.ts';
import type { Transport } from '../transport/transport.ts';
import type { ViewCandidate } from './collectors/choose-views.ts';
import type { DaemonProcess } from './collectors/daemons.ts';
import type { ProcessEntry, Survey } from './collectors/processes.ts';
import { runProbe, type ProbeRun } from './run-probe.ts';

export const HOST_NETNS: NetnsId = 'host';

export const netnsIdOf = (candidate: ViewCandidate, survey: Survey): NetnsId => (candidate.net === survey.own.net ? HOST_NETNS : `net:${candidate.net}`);

/** Processes and namespaces, and the host's own view and network. */
export const surveyRound = (transport: Transport): Promise<ProbeRun> =>
  runProbe(transport, {
    sections: ['view', 'survey', 'host', 'netns'],
    main: 'prepare_views\ntools_ready own\nsurvey\nhost\nproc_net host self\nnetns=host\n(eval "$NETNS")\nview host self\n',
  });

export const programsRound = (transport: Transport): Promise<ProbeRun> =>
  runProbe(transport, { sections: ['programs'], main: 'host_programs\n', timeoutMs: 5000 });

/** Components whose flags say where they listen and whom they ask; by the process name, of which the kernel keeps 15 characters. */
const COMPONENTS = new Set(['kubelet', 'kube-apiserver', 'kube-controller', 'kube-scheduler', 'kube-proxy', 'etcd', 'dnsmasq', 'k3s-server', 'k3s-agent', 'k3s', 'rke2', 'dockerd', 'containerd', 'nscd']);

export const componentsOf = (survey: Survey): readonly ProcessEntry[] => [...survey.processes.values()].filter((p) => COMPONENTS.has(p.comm)).slice(0, 64);

export interface ViewsRound {
  readonly transport: Transport;
  readonly survey: Survey;
  readonly candidates: readonly ViewCandidate[];
  readonly daemons: readonly DaemonProcess[];
}

/** Every other view and network namespace, in two shells side by side; then the start times of the processes, to see who is still there. */
export async function viewsRound({ transport, survey, candidates, daemons }: ViewsRound): Promise<ProbeRun> {
  const jobs: string[][] = [];
  const entered = new Map<NetnsId, string | undefined>([[HOST_NETNS, survey.own.uts]]);
  for (const c of candidates) {
    const netns = netnsIdOf(c, survey);
    const pid = String(c.pid);
    const job: string[] = [];
    if (!entered.has(netns)) {
      entered.set(netns, c.uts);
      job.push(`other_netns ${netns} ${pid}`);
    }
    if (c.uts !== entered.get(netns)) job.push(`other_hostname ${c.id} ${pid}`);
    job.push(c.sharesFiles ? `process ${c.id} ${pid}` : `view ${c.id} ${pid}`);
    if (c.containerId !== undefined && c.runtime !== 'docker') job.push(`container_names ${c.containerId}`);
    jobs.push(job);
  }
  const extra = [...daemons.map((d) => `daemon ${String(d.process.pid)}`), ...componentsOf(survey).map((p) => `component ${String(p.pid)}`)];
  if (extra.length > 0) jobs.push(extra);
  if (jobs.length === 0) return { records: [], problems: [], complete: true };
  const files = (name: string): string => candidates.map((c) => `${String(c.pid)}/${name}`).join(' ');
  const halves = [jobs.filter((_, i) => i % 2 === 0), jobs.filter((_, i) => i % 2 === 1)].filter((half) => half.length > 0);
  const runs = await Promise.all(
    halves.map((half, i) =>
      runProbe(transport, {
        sections: ['view', 'survey', 'host', 'netns', 'names'],
        main: [
          'prepare_views\ntools_ready other',
          ...(i === 0 && candidates.length > 0 ? [`rec mountinfos\ncd /proc && grep -as '' ${files('mountinfo')} /dev/null\ncd /`] : []),
          ...half.flat(),
          // Each half looks again at the end of its own work.
          ...(candidates.length > 0 ? [`rec after\ncd /proc && grep -as '' ${files('stat')} /dev/null`] : []),
        ].join('\n'),
      }),
    ),
  );
  return { records: runs.flatMap((r) => r.records), problems: runs.flatMap((r) => r.problems), complete: runs.every((r) => r.complete) };
}
