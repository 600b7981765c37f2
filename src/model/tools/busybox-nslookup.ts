/**
 * busybox nslookup with FEATURE_NSLOOKUP_BIG (1.29 and newer; networking/nslookup.c): A and AAAA of every candidate at once, each
 * server 5 s with a repeat every 2.5 s, the next server only where one does not answer. Run: 1.30, 1.35, 1.37.
 */
import type { Run } from '../clients/_run.ts';
import { answer, isBefore, nothingDialled } from '../clients/_run.ts';
import { errnoText } from '../dial/errno-texts.ts';
import { exchange } from '../dns/exchange.ts';
import type { AskedQuery, Call, ClientAnswer, Need, ResolvedAddress, Step } from '../types.ts';
import { steps } from './dns-tool-steps.ts';
import { BUSYBOX_RULES, serverListOf } from './server-list.ts';

const TIMEOUT_MS = 5000;
const DNS_QUERY: Call = { call: 'dns-query', types: ['A', 'AAAA'], search: true };

/** A name with a dot is asked as it is; any other with every suffix, and by itself only where there is no search list. */
const candidates = (name: string, search: readonly string[]): readonly string[] =>
  name.includes('.') || search.length === 0 ? [name] : search.map((suffix) => `${name}.${suffix}`);

export function askBusyboxNslookup(run: Run): ClientAnswer {
  const version = `busybox ${run.version ?? ''}`.trim();
  const said: Step[] = [
    { kind: steps.ownReader, values: { path: '/etc/resolv.conf' }, at: { kind: 'file', path: '/etc/resolv.conf', view: run.view.id } },
  ];
  const queries: AskedQuery[] = [];
  const unknown = (needs: readonly Need[]): ClientAnswer =>
    answer(run, { outcome: { kind: 'cannot-tell', needs }, steps: said, queries, elapsedMs: 0 }, nothingDialled, { prints: [] }, version);
  const list = serverListOf(run.world, run.view, BUSYBOX_RULES);
  if ('needs' in list) return unknown(list.needs);
  const names = candidates(run.name, list.search);
  let elapsedMs = 0;
  const errors: string[] = [];
  for (const server of list.servers) {
    const asked = askServer(run, server, names, said, queries);
    if ('needs' in asked) {
      if (asked.cannotConnect === undefined) return unknown(asked.needs);
      // The program ends where connect(2) itself fails, whatever servers there are besides.
      const text = errnoText(asked.cannotConnect, run.libc);
      const shown = server.includes(':') ? '' : ` (${server})`;
      const outcome = { kind: 'error', error: { code: asked.cannotConnect, text, errno: asked.cannotConnect } } as const;
      const resolution = { outcome, steps: said, queries, elapsedMs, call: DNS_QUERY };
      return answer(
        run,
        resolution,
        nothingDialled,
        {
          prints: [
            ...errors,
            asked.cannotConnect === 'EAFNOSUPPORT'
              ? `nslookup: socket: ${text}`
              : `nslookup: can't connect to remote host${shown}: ${text}`,
          ],
          exitStatus: 1,
        },
        version,
      );
    }
    elapsedMs += asked.ms;
    errors.push(...asked.errors);
    if (asked.replied === 0) continue;
    const prints = [`Server:\t\t${server}`, `Address:\t${server.includes(':') ? `[${server}]` : server}:53`, ...asked.lines, ...errors];
    const exitStatus = asked.failed && !isBefore(run.version, '1.31') ? 1 : 0;
    const outcome =
      asked.addresses.length > 0
        ? ({ kind: 'addresses', addresses: asked.addresses } as const)
        : ({ kind: 'error', error: { code: asked.rcode, text: asked.rcode } } as const);
    return answer(run, { outcome, steps: said, queries, elapsedMs, call: DNS_QUERY }, nothingDialled, { prints, exitStatus }, version);
  }
  const prints = [';; connection timed out; no servers could be reached', ...errors];
  const outcome = { kind: 'error', error: { code: 'no-reply', text: 'no servers could be reached' } } as const;
  return answer(run, { outcome, steps: said, queries, elapsedMs, call: DNS_QUERY }, nothingDialled, { prints, exitStatus: 1 }, version);
}

interface ServerAnswer {
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  readonly addresses: readonly ResolvedAddress[];
  readonly replied: number;
  readonly failed: boolean;
  readonly rcode: string;
  readonly ms: number;
}

function askServer(
  run: Run,
  server: string,
  names: readonly string[],
  said: Step[],
  queries: AskedQuery[],
): ServerAnswer | { readonly needs: readonly Need[]; readonly cannotConnect?: string } {
  const lines: string[] = [];
  const errors: string[] = [];
  const addresses: ResolvedAddress[] = [];
  let replied = 0;
  let failed = false;
  let rcode = 'NODATA';
  let ms = 0;
  for (const type of ['A', 'AAAA']) {
    for (const name of names) {
      const got = exchange(run.world, run.view.netns, server, name, type, 'udp');
      if (got.kind === 'unknown') return { needs: [got.need] };
      if (got.kind === 'error' && got.local) return { needs: [], cannotConnect: got.errno };
      if (got.kind === 'error') {
        said.push({ kind: steps.failed, values: { server, errno: got.errno } });
        if (errors.length === 0) errors.push(`nslookup: write to '${server}': ${errnoText(got.errno, run.libc)}`);
        continue;
      }
      queries.push({ server, name, type, transport: 'udp' });
      if (got.kind === 'silent') {
        said.push({ kind: steps.silent, values: { server, name, type, seconds: TIMEOUT_MS / 1000 } });
        ms = TIMEOUT_MS;
        continue;
      }
      replied++;
      said.push({
        kind: steps.asked,
        values: { server, rcode: got.rcode, name, type, data: got.answers.map((r) => r.data).join(', ') || '-' },
      });
      if (got.rcode !== 'NOERROR') {
        failed = true;
        rcode = got.rcode;
        lines.push(`** server can't find ${name}: ${got.rcode}`);
        continue;
      }
      if (!got.aa) lines.push('Non-authoritative answer:');
      for (const record of got.answers) {
        if (record.type === 'CNAME') lines.push(`${record.name}\tcanonical name = ${record.data}`);
        else if (record.type === type) {
          lines.push(`Name:\t${record.name === name.toLowerCase() ? name : record.name}`, `Address: ${record.data}`);
          addresses.push({ family: type === 'A' ? 'inet' : 'inet6', address: record.data });
        }
      }
    }
  }
  return { lines, errors, addresses, replied, failed, rcode, ms };
}
