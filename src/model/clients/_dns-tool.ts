/** The shared frame of dig, host and nslookup: settings from the command line, and the answer. */
import type { DnsRecord } from '../../facts/node-facts.ts';
import type { ClientAnswer, Need, Resolution, ResolvedAddress } from '../types.ts';
import type { BindReply, BindRun, BindSettings } from '../tools/bind-query.ts';
import { steps } from '../tools/dns-tool-steps.ts';
import type { ServerList } from '../tools/server-list.ts';
import { BIND_RULES, serverListOf } from '../tools/server-list.ts';
import type { Run, Said } from './_run.ts';
import { answer, isBefore, nothingDialled } from './_run.ts';

/** A number given on the command line: `numberArg(args, /^\+time=([0-9]+)$/, 5)`. */
export function numberArg(args: readonly string[], pattern: RegExp, otherwise: number): number {
  for (const arg of args) {
    const value = pattern.exec(arg)?.[1];
    if (value !== undefined) return Number(value);
  }
  return otherwise;
}

export interface BindStart {
  readonly bind: BindRun;
  readonly list: ServerList;
}

/** Reads resolv.conf and starts the account; or the facts that are missing. */
export function startBind(
  run: Run,
  settings: Pick<BindSettings, 'tries' | 'timeoutMs' | 'nextOnServfail' | 'saysServfail'>,
): BindStart | { readonly needs: readonly Need[] } {
  const list = serverListOf(run.world, run.view, BIND_RULES);
  if ('needs' in list) return list;
  const before918 = isBefore(run.version, '9.18');
  return {
    list,
    bind: {
      world: run.world,
      view: run.view,
      typed: run.name,
      queries: [],
      elapsedMs: 0,
      settings: { ...settings, servers: list.servers, before918 },
      steps: [
        { kind: steps.ownReader, values: { path: '/etc/resolv.conf' }, at: { kind: 'file', path: '/etc/resolv.conf', view: run.view.id } },
      ],
    },
  };
}

export const addressRecords = (answers: readonly DnsRecord[]): readonly ResolvedAddress[] =>
  answers.filter((r) => r.type === 'A' || r.type === 'AAAA').map((r) => ({ family: r.type === 'A' ? 'inet' : 'inet6', address: r.data }));

/** The tool's answer: addresses of all replies, else what went wrong. */
export function toolAnswer(
  run: Run,
  bind: BindRun,
  replies: readonly BindReply[],
  failed: { readonly code: string; readonly text: string } | undefined,
  said: Said,
): ClientAnswer {
  const addresses = replies.flatMap((r) => addressRecords(r.answers));
  const resolution: Resolution = {
    outcome:
      addresses.length > 0
        ? { kind: 'addresses', addresses, canonicalName: replies[0]?.name ?? run.name }
        : { kind: 'error', error: failed ?? { code: 'NODATA', text: 'no address', notFound: true } },
    steps: bind.steps,
    queries: bind.queries,
    elapsedMs: bind.elapsedMs,
    call: {
      call: 'dns-query',
      types: [...new Set(bind.queries.map((q) => q.type))],
      search: bind.queries.some((q) => q.name !== run.name),
    },
  };
  return answer(run, resolution, nothingDialled, said, versionText(run));
}

const versionText = (run: Run): string => `BIND ${(run.version ?? '').replace(/^BIND /u, '')}`.trim();

export const unknownAnswer = (run: Run, needs: readonly Need[], bind?: BindRun): ClientAnswer =>
  answer(
    run,
    { outcome: { kind: 'cannot-tell', needs }, steps: bind?.steps ?? [], queries: bind?.queries ?? [], elapsedMs: 0 },
    nothingDialled,
    { prints: [] },
    versionText(run),
  );

export const failureOf = (reply: BindReply | undefined): { readonly code: string; readonly text: string } | undefined => {
  if (reply === undefined) return { code: 'no-reply', text: 'no servers could be reached' };
  return reply.rcode === 'NOERROR' ? undefined : { code: reply.rcode, text: reply.rcode };
};
