/** Holds a trace against what the model predicts for the same name, client and view: who is asked, and what comes back. Pure. */
import type { ClientAnswer } from '../model/types.ts';
import type { Said } from '../shared/text.ts';
import { say } from '../shared/text.ts';
import { nscdSteps } from '../model/nscd/nscd-steps.ts';
import { outcomeOf } from './outcome.ts';
import type { Trace, TracedLookup } from './trace.ts';

export type ModelCheck =
  | { readonly kind: 'agree'; readonly said: Said }
  | { readonly kind: 'miss'; readonly said: Said }
  | { readonly kind: 'not-comparable'; readonly said: Said };

const texts = {
  agree: { en: 'the model predicts the same for {client} in {view}', zh: '模型对 {view} 中的 {client} 给出相同的预测' },
  cannotTell: { en: 'the model cannot tell what {client} does in {view}', zh: '模型无法判断 {view} 中 {client} 的行为' },
  cacheAsked: {
    en: 'the trace asks a cache daemon, and the model says that {client} in {view} asks none',
    zh: '跟踪记录中询问了缓存守护进程，而模型认为 {view} 中的 {client} 不会询问',
  },
  cacheNotAsked: {
    en: 'the model says that {client} in {view} is answered by a cache daemon, and the trace shows no answer of one',
    zh: '模型认为 {view} 中的 {client} 由缓存守护进程应答，而跟踪记录中没有它的应答',
  },
  servers: { en: 'the trace asks DNS servers {real}, the model says {model}', zh: '跟踪记录查询的 DNS 服务器是 {real}，模型给出 {model}' },
  addresses: { en: 'the trace gets {real}, the model says {model}', zh: '跟踪记录得到 {real}，模型给出 {model}' },
} as const;

/** The client of the model that a traced command line stands for. */
export function clientOf(trace: Trace): string {
  const [path = '', ...words] = trace.argv ?? [];
  const program = path.replace(/^.*\//u, '');
  if (program === 'getent') return `getent-${/^ahosts|^hosts/u.test(words[0] ?? '') ? (words[0] ?? 'hosts') : 'hosts'}`;
  if (KNOWN.has(program)) return program === 'ping6' || program === 'ping4' ? 'ping' : program;
  if (/^python3(?:\.\d+)?$/u.test(program)) return 'python3';
  return trace.stack === 'go' ? 'go' : 'getaddrinfo';
}

const KNOWN = new Set(['ping', 'ping4', 'ping6', 'telnet', 'curl', 'dig', 'host', 'nslookup', 'wget', 'nc', 'ssh']);

const list = (words: readonly string[]): string => (words.length === 0 ? '-' : [...new Set(words)].join(' '));

export function checkWithModel(lookup: TracedLookup, answer: ClientAnswer, view: string): ModelCheck {
  const values = { client: answer.client, view };
  const { resolution } = answer;
  if (resolution.outcome.kind === 'cannot-tell') return { kind: 'not-comparable', said: say(texts.cannotTell, values) };
  const { events } = lookup;
  const told = events.filter((e) => e.event === 'cache-reply' && e.type !== 'GETFDHST' && (e.said === 'yes' || e.said === 'no')).length > 0;
  const talked = events.some((e) => e.event === 'cache-request');
  // A daemon that hangs is asked, and no request is told of it.
  const predicted = (resolution.nscdRequests?.length ?? 0) > 0 || resolution.steps.some((s) => s.kind.id === nscdSteps.silent.id);
  if (talked && !predicted) return { kind: 'miss', said: say(texts.cacheAsked, values) };
  const asksDns = resolution.queries.length > 0;
  if (predicted && !told && !talked && !asksDns) return { kind: 'miss', said: say(texts.cacheNotAsked, values) };
  const servers = events.flatMap((e) => (e.event === 'question' ? [e.server] : []));
  const modelled = resolution.queries.map((q) => q.server);
  // With a daemon's own account inside, the model's questions are not this program's.
  const comparable = !predicted || !told;
  if (comparable && list([...servers].sort()) !== list([...modelled].sort()))
    return { kind: 'miss', said: say(texts.servers, { real: list(servers), model: list(modelled) }) };
  const real = outcomeOf(lookup);
  const model = resolution.outcome;
  if (real.kind === 'addresses' && real.addresses.length > 0) {
    const expected = model.kind === 'addresses' ? model.addresses.map((a) => a.address) : [];
    // A cut answer shows one address of several; the hosts file shows lines that the client may not take.
    if (!expected.some((a) => real.addresses.includes(a)))
      return {
        kind: 'miss',
        said: say(texts.addresses, { real: list(real.addresses), model: model.kind === 'error' ? model.error.code : list(expected) }),
      };
  } else if (real.kind === 'not-found' && model.kind === 'addresses') {
    return { kind: 'miss', said: say(texts.addresses, { real: '-', model: list(model.addresses.map((a) => a.address)) }) };
  }
  return { kind: 'agree', said: say(texts.agree, values) };
}
