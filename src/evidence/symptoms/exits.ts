import { defineSymptomReader, details, draft, longEnough } from './symptom-reader.ts';

const SYSTEMD =
  /^(?:([\w@.-]+\.(?:service|socket|timer|mount)): )?(?:Main process exited, code=(\w+), status=(\d+)\/(\w+)|Failed with result '([\w-]+)'|Start request repeated too quickly|Control process exited, code=(\w+),? status=(\d+))/u;
const OOM = /Killed process (\d+)[, ]+\(?([^ \t,)]+)|oom-kill:.{0,400}?task=([^,]+)/u;
const EXECUTION_PHASE = /error execution phase ([^:]{2,60}): (.{1,300})/u;
const PREFLIGHT = /\[(ERROR|WARNING) ([\w-]+)\]: (.{1,300})/u;
/** How the names of kubeadm's checks begin. Source: kubernetes cmd/kubeadm/app/preflight/checks.go, and app/phases/upgrade. */
const PREFLIGHT_CHECKS = 'CR Co Cr Se Fi Po Di Sw Nu Me Sy Is Ho HT Im Ku Ex St Up Re Ta'.split(' ');
const CONTAINER =
  /\b[Cc]ontainer "?\[?([\w./-]{2,80})\]?"? (?:exited with (?:non-zero )?exit code|terminated with exit code|failed with exit code|is dead:)\D{0,20}(\d{1,3})/u;
const BACK_OFF = /Back-?off restarting failed container(?: ([\w./-]{2,80}))?|CrashLoopBackOff/u;

/** Why something ended: systemd results, OOM kills, exit codes, kubeadm phases and preflight errors. */
export const exits = defineSymptomReader({
  id: 'exits',
  anchors: [
    'process exited',
    'Failed with result',
    'Start request repeated',
    'Killed process',
    'oom-kill:',
    'error execution phase',
    '[ERROR ',
    '[WARNING ',
    'exit code',
    'is dead:',
    'ack-off restarting',
    'ackoff restarting',
    'CrashLoopBackOff',
  ],
  scan: [
    'process exited',
    'Failed with result',
    'Start request repeated',
    'Killed process',
    'oom-kill:',
    'error execution phase',
    ...longEnough('[ERROR ', PREFLIGHT_CHECKS),
    '[WARNING ',
    'zero exit code',
    'with exit code',
    'restarting failed',
    'CrashLoopBackOff',
  ],
  read({ message }) {
    const systemd = SYSTEMD.exec(message);
    if (systemd !== null)
      return [
        draft('unit-ended', 'start', {
          terminal: true,
          details: details({
            unit: systemd[1],
            code: systemd[2] ?? systemd[6],
            status: systemd[3] ?? systemd[7],
            signal: systemd[4],
            result: systemd[5] ?? (message.includes('too quickly') ? 'start-limit-hit' : undefined),
          }),
        }),
      ];
    const oom = OOM.exec(message);
    if (oom !== null) return [draft('oom-kill', 'other', { terminal: true, details: details({ process: oom[2] ?? oom[3] }) })];
    const preflight = PREFLIGHT.exec(message);
    if (preflight !== null)
      return [
        draft(preflight[1] === 'ERROR' ? 'preflight-error' : 'preflight-warning', 'start', {
          details: details({ check: preflight[2], text: preflight[3] }),
        }),
      ];
    const phase = EXECUTION_PHASE.exec(message);
    if (phase !== null)
      return [
        draft('kubeadm-phase-failed', 'start', {
          terminal: true,
          component: 'kubeadm',
          details: details({ phase: phase[1], text: phase[2] }),
        }),
      ];
    const container = CONTAINER.exec(message);
    if (container !== null)
      return [draft('container-exited', 'start', { details: details({ container: container[1], exitCode: container[2] }) })];
    const backOff = BACK_OFF.exec(message);
    if (backOff !== null) return [draft('container-restarting', 'start', { details: details({ container: backOff[1] }) })];
    return [];
  },
});
