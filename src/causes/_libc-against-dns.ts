/**
 * What somebody did by hand: a libc program (getent, ping …) and a DNS tool asked for one name in one view. Where they disagree, something
 * between the two answers: a cache, a line of the hosts file, the hosts line of nsswitch.conf.
 */
import type { NodeFacts, ProgramRun, ViewFacts } from '../facts/node-facts.ts';
import { memoByIdentity } from '../model/memo.ts';
import { parseAddress } from '../model/address/address.ts';
import { say } from '../shared/text.ts';
import { t } from './_checks/index.ts';
import type { EvidenceKind, Look, Test } from './_checks/index.ts';
import type { CauseEvidence } from './define-cause.ts';

export interface Disagreement {
  readonly view: ViewFacts;
  readonly name: string;
  /** Empty: libc says that there is no such name. */
  readonly libc: readonly string[];
  readonly dns: readonly string[];
  readonly run: ProgramRun;
}

const UNKNOWN_NAME = /unknown host|Name or service not known|bad address|Could not resolve|Name does not resolve|hostname nor servname/u;
/** getent prints nothing; people add `echo $?`, or say that it was empty. */
const NOTHING = /^(?:2|\(empty\))?$/u;

/** Addresses that a libc program got, none, or undefined where its output does not tell. */
function gotFromLibc({ client, stdout, stderr }: ProgramRun): readonly string[] | undefined {
  const text = `${stdout}\n${stderr}`;
  if (UNKNOWN_NAME.test(text)) return [];
  if (client.startsWith('getent')) {
    const words = stdout.split('\n').map((line) => line.trim().split(/[ \t]/u)[0] ?? '');
    const addresses = words.filter((word) => parseAddress(word) !== undefined);
    return addresses.length > 0 ? [...new Set(addresses)] : NOTHING.test(stdout.trim()) ? [] : undefined;
  }
  const pinged = client === 'ping' ? /^PING [^ (]+ ?\(([^()]+)\)/mu.exec(stdout)?.[1] : undefined;
  return pinged === undefined ? undefined : [pinged];
}

const same = (a: string, b: string): boolean => a.toLowerCase().replace(/\.$/u, '') === b.toLowerCase().replace(/\.$/u, '');

const inAllViews = memoByIdentity((node: NodeFacts): readonly Disagreement[] =>
  node.views.flatMap((view) =>
    node.runs.flatMap((run): readonly Disagreement[] => {
      const libc = run.view === view.id ? gotFromLibc(run) : undefined;
      if (libc === undefined || run.name === 'localhost') return [];
      const dns = node.dns.flatMap(({ netns, question, reply }) =>
        netns === view.netns && same(question.name, run.name) && reply.kind === 'answer'
          ? reply.answers.filter((r) => r.type === 'A' || r.type === 'AAAA').map((r) => r.data)
          : [],
      );
      return dns.length === 0 || libc.some((address) => dns.includes(address)) ? [] : [{ view, name: run.name, libc, dns, run }];
    }),
  ),
);

export const disagreements = (node: NodeFacts, wanted: (one: Disagreement) => boolean): readonly Disagreement[] =>
  inAllViews(node).filter(wanted);

/** A test on them, for causes that are judged by evidence. */
export const libcAgainstDns =
  (wanted: (one: Disagreement) => boolean, kind: EvidenceKind = 'comparison'): Test =>
  ({ node }): Look => {
    const [first] = disagreements(node, wanted);
    return first === undefined
      ? { seen: 'unknown' }
      : {
          seen: 'yes',
          kind,
          view: first.view.id,
          values: { name: first.name, libc: first.libc.join(', ') || '-', dns: first.dns.join(', ') },
          source: { kind: 'command', command: first.run.command, view: first.view.id },
        };
  };

export const libcMisses = (one: Disagreement): boolean => one.libc.length === 0;
export const libcDiffers = (one: Disagreement): boolean => one.libc.length > 0;
export const onHost = (one: Disagreement): boolean => one.view.kind === 'host';

const said = t('libc gives {libc} for {name}, a DNS tool {dns}', '对 {name}，libc 得到 {libc}，而 DNS 工具得到 {dns}');

/** What was tried by hand is direct evidence: the very look-up that fails. */
export const disagreementEvidence = ({ name, libc, dns, run, view }: Disagreement): CauseEvidence => ({
  said: say(said, { name, libc: libc.join(', ') || '-', dns: dns.join(', ') }),
  source: { kind: 'command', command: run.command, view: view.id },
  grade: 'direct',
});
