/** Lines by which a program or a daemon says that lines are missing. */
import type { LogLine } from './line-format.ts';

export type LossKind = 'rate-limit' | 'kernel-missed' | 'callbacks-suppressed' | 'forwarding-missed' | 'truncated' | 'dropped';

interface LossText {
  readonly kind: LossKind;
  /** At least nine bytes, for the scanner. */
  readonly anchors: readonly string[];
  /** The first group is how many lines were lost, where that is said. */
  readonly pattern: RegExp;
}

/** Sources: systemd journald-server.c and journald-rate-limit.c, rsyslog imuxsock and imjournal, Linux lib/ratelimit.c and kernel/audit.c, moby jsonfilelog. */
const TEXTS: readonly LossText[] = [
  { kind: 'rate-limit', anchors: ['Suppressed '], pattern: /\bSuppressed (\d+) messages from/u },
  {
    kind: 'rate-limit',
    anchors: ['messages lost due to rate-limiting', 'begin to drop messages due to rate-limiting'],
    pattern: /(?:(\d+) messages lost|begin to drop messages) due to rate-limiting/u,
  },
  { kind: 'kernel-missed', anchors: ['kernel messages'], pattern: /Missed (\d+) kernel messages/u },
  {
    kind: 'callbacks-suppressed',
    anchors: ['callbacks suppressed', 'output lines suppressed', 'messages suppressed'],
    pattern: /(\d+) (?:callbacks|output lines|messages) suppressed/u,
  },
  { kind: 'forwarding-missed', anchors: ['Forwarding to syslog missed '], pattern: /Forwarding to syslog missed (\d+) messages/u },
  {
    kind: 'dropped',
    anchors: ['audit: backlog limit exceeded', 'audit_lost=', 'records dropped', 'logs dropped', 'messages dropped'],
    pattern: /audit: backlog limit exceeded|audit_lost=(\d+)|(?:Dropped|dropped) (\d+) (?:messages|logs|records)/u,
  },
  {
    kind: 'truncated',
    anchors: ['corrupted or uncleanly shut down', 'file truncated', 'log truncated', 'output truncated'],
    pattern: /corrupted or uncleanly shut down|(?:file|log|output) truncated/u,
  },
];

export const lossAnchors: readonly string[] = TEXTS.flatMap((t) => t.anchors);

export interface Loss {
  readonly kind: LossKind;
  /** Undefined: the line does not say how many. */
  readonly lines: number | undefined;
}

export function lossIn(line: Pick<LogLine, 'message'>): Loss | undefined {
  for (const { kind, pattern } of TEXTS) {
    const hit = pattern.exec(line.message);
    if (hit === null) continue;
    const count = hit[1] ?? hit[2];
    return { kind, lines: count === undefined ? undefined : Number(count) };
  }
  return undefined;
}
