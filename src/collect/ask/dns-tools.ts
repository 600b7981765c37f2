/** Questions by dig or nslookup, where neither perl nor python3 is there: slower, and nslookup tells less. */
import type { DnsQuestion, DnsReply } from '../../facts/node-facts.ts';
import { parseDigReply, parseNslookupReply } from '../../facts/parse/dns-tool-output.ts';
import type { Transport } from '../../transport/transport.ts';
import { shellQuote } from '../probe-script.ts';
import { runProbe } from '../run-probe.ts';

export interface ToolQuestion {
  /** '-' or '/proc/PID/ns/net'. */
  readonly place: string;
  readonly question: DnsQuestion;
  readonly timeoutMs: number;
}

/** At once; each is a process or two on the node. */
const PARALLEL = 16;

/** Replies in the order of the questions; undefined where no tool could tell. */
export async function askWithTools(transport: Transport, questions: readonly ToolQuestion[]): Promise<readonly (DnsReply | undefined)[]> {
  const calls = questions.map(({ place, question: q, timeoutMs }, i) =>
    [
      'dns_tool',
      String(i),
      place,
      q.transport,
      q.server,
      String(q.port ?? 53),
      String(Math.max(1, Math.ceil(timeoutMs / 1000))),
      shellQuote(q.name),
      shellQuote(q.type),
    ].join(' '),
  );
  const steps: string[] = [];
  for (let at = 0; at < calls.length; at += PARALLEL) {
    const started = calls.slice(at, at + PARALLEL).map((call) => `${call} &\npids="$pids $!"`);
    // A plain `wait` would wait for the guard of the script too.
    steps.push(`pids=''\n${started.join('\n')}\nwait $pids`);
  }
  const longest = Math.max(0, ...questions.map((q) => q.timeoutMs));
  const run = await runProbe(transport, {
    sections: ['dns-tools'],
    steps,
    stallMs: longest + 8000,
    timeoutMs: (longest + 6000) * steps.length,
  });
  const replies = new Array<DnsReply | undefined>(questions.length).fill(undefined);
  for (const record of run.records) {
    if (record.kind !== 'answer') continue;
    const [number, tool] = record.args;
    const question = questions[Number(number)]?.question;
    if (question === undefined) continue;
    const text = record.data.toString('utf8');
    replies[Number(number)] = tool === 'dig' ? parseDigReply(text) : parseNslookupReply(text, question.name, question.type);
  }
  return replies;
}
