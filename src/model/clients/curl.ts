import type { Family } from '../../facts/node-facts.ts';
import { say } from '../../shared/text.ts';
import { addrFrom } from '../address/addr.ts';
import { sourceAddress } from '../address/source-address.ts';
import { ipv6SocketOf } from '../dial/reach.ts';
import { defineSteps } from '../steps.ts';
import type { Client, ClientAnswer, Resolution, ResolvedAddress } from '../types.ts';
import type { Dialled, Run } from './_run.ts';
import {
  addressesOf,
  answer,
  bracketed,
  dialHappily,
  dialInterleaved,
  errnoOf,
  failsAtOnce,
  installed,
  isBefore,
  lookup,
  nothingDialled,
  startRun,
  strerror,
} from './_run.ts';

/**
 * curl with its threaded resolver. Sources: curl lib/hostip.c (localhost: 7.78.0, pull request 7039; *.localhost: 7.85.0, 9296; final
 * dot: 8.12.0, 15676), lib/connect.c, lib/cf-ip-happy.c and lib/cf-socket.c (happy eyeballs, texts); run: 7.74, 7.88, 8.14, 8.23. What
 * changed between the last two is taken as of 8.16, the first release with cf-ip-happy.c.
 */
const IP_BALLERS = '8.16';
/** Each family in a look-up of its own (lib/asyn-thrdd.c). Seen: 8.23 does, 8.14 does not. */
const SPLIT_LOOKUP = '8.20';
const steps = defineSteps('curl', {
  hardWired: {
    en: 'curl {version} never looks {name} up: it takes {addresses} itself and ignores the hosts file.',
    zh: 'curl {version} 不解析 {name}：它直接使用 {addresses}，不读取 hosts 文件。',
    rule: 'curl lib/hostip.c, 7.78.0 and newer',
  },
  noIpv6: {
    en: 'curl -6 does not look {name} up where no IPv6 socket can be made.',
    zh: '无法建立 IPv6 套接字时，curl -6 不解析 {name}。',
    rule: 'curl lib/hostip6.c Curl_ipvalid',
  },
  noneOfFamily: {
    en: 'None of the addresses is of the family that was asked for with {option}.',
    zh: '没有任何地址属于 {option} 要求的地址族。',
    rule: 'curl lib/connect.c',
  },
});

const FALLBACK_MS = 200;
const LOOPBACK4: ResolvedAddress = { family: 'inet', address: '127.0.0.1' };
const LOOPBACK6: ResolvedAddress = { family: 'inet6', address: '::1' };

/** Names that curl answers itself. */
function isHardWired(name: string, version: string | undefined): boolean {
  if (isBefore(version, '7.78')) return false;
  const plain = name.toLowerCase();
  const bare = plain.endsWith('.') && !isBefore(version, '8.12') ? plain.slice(0, -1) : plain;
  return bare === 'localhost' || (bare.endsWith('.localhost') && !isBefore(version, '7.85'));
}

const onlyOf = (run: Run): Family | undefined => (run.args.includes('-4') ? 'inet' : run.args.includes('-6') ? 'inet6' : undefined);

/** One look-up for each family, at the same time: a hosts line with ::1 alone gives 127.0.0.1 as well, as it does to whoever asks for IPv4. */
function eachFamily(run: Run): Resolution {
  const of = (family: Family): Resolution => lookup(run, { call: 'getaddrinfo', family, flags: [], socktype: 'stream' });
  const [six, four] = [of('inet6'), of('inet')];
  const both: readonly Resolution[] = [six, four];
  const addresses = both.flatMap(addressesOf);
  const unknown = both.flatMap(({ outcome }) => (outcome.kind === 'cannot-tell' ? outcome.needs : []));
  const nscdRequests = both.flatMap((r) => r.nscdRequests ?? []);
  return {
    ...four,
    outcome:
      addresses.length > 0 && unknown.length === 0
        ? { kind: 'addresses', addresses }
        : unknown.length > 0
          ? { kind: 'cannot-tell', needs: unknown }
          : four.outcome,
    steps: both.flatMap((r) => r.steps),
    queries: both.flatMap((r) => r.queries),
    elapsedMs: Math.max(six.elapsedMs, four.elapsedMs),
    call: { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' },
    ...(nscdRequests.length === 0 ? {} : { nscdRequests }),
  };
}

function resolve(run: Run, ipv6: boolean | undefined): Resolution {
  const only = onlyOf(run);
  const answersItself = isHardWired(run.name, run.version) && !isBefore(run.version, IP_BALLERS);
  if (only === 'inet6' && ipv6 === false && !answersItself) {
    const error = { code: 'no-ipv6', text: `Could not resolve host: ${run.name}` };
    return { outcome: { kind: 'error', error }, steps: [{ kind: steps.noIpv6, values: { name: run.name } }], queries: [], elapsedMs: 0 };
  }
  if (!isHardWired(run.name, run.version)) {
    // From 7.78 to 8.0 -6 asks for both; the family counts where addresses are tried. Seen: 7.88 for both, 7.74 and 8.14 for IPv6 alone.
    const asksBoth = only === 'inet6' && !isBefore(run.version, '7.78') && isBefore(run.version, '8.1');
    const narrow = asksBoth ? undefined : only;
    const family = ipv6 === false ? 'inet' : (narrow ?? 'unspec');
    if (family === 'unspec' && !isBefore(run.version, SPLIT_LOOKUP)) return eachFamily(run);
    return lookup(run, { call: 'getaddrinfo', family, flags: [], socktype: 'stream' });
  }
  const both = isBefore(run.version, '8.0') ? [LOOPBACK4, LOOPBACK6] : [LOOPBACK6, LOOPBACK4];
  const addresses = ipv6 === false ? [LOOPBACK4] : both;
  const values = { version: run.version ?? '', name: run.name, addresses: addresses.map((a) => a.address).join(', ') };
  return { outcome: { kind: 'addresses', addresses }, steps: [{ kind: steps.hardWired, values }], queries: [], elapsedMs: 0 };
}

/** The address that the connection would come from, for curl 8's longer text. */
function sourceText(run: Run, address: ResolvedAddress): string {
  const parsed = addrFrom(address.address);
  if (run.netns === undefined || parsed === undefined) return '';
  const destination = address.zone === undefined ? parsed : { ...parsed, zone: address.zone };
  const source = sourceAddress(run.world.node, run.netns, destination);
  return source.kind === 'source' ? source.address.text : '';
}

/** Lines of `curl -v` in the order of time. */
function verboseLines(run: Run, dialled: Dialled): string[] {
  const port = String(run.port ?? 80);
  const events: { readonly at: number; readonly line: string }[] = [];
  const times = dialled.times ?? dialled.attempts.map((attempt) => ({ at: 0, end: attempt.elapsedMs, attempt }));
  for (const { at, end, attempt } of times) {
    const { address } = attempt;
    const shown = isBefore(run.version, '7.84') ? address.address : bracketed(address);
    events.push({ at, line: `*   Trying ${shown}:${port}...` });
    const errno = errnoOf(attempt);
    if (attempt === dialled.winner && !isBefore(run.version, IP_BALLERS)) {
      const from = `${sourceText(run, address)} port {EPHEMERAL}`;
      events.push({ at: end, line: `* Established connection to ${run.name} (${address.address} port ${port}) from ${from} ` });
    } else if (attempt === dialled.winner) {
      const number = isBefore(run.version, '8.3') ? ' (#0)' : '';
      events.push({ at: end, line: `* Connected to ${run.name} (${address.address}) port ${port}${number}` });
    } else if (errno !== undefined && failsAtOnce(attempt)) {
      events.push({ at, line: `* Immediate connect fail for ${address.address}: ${strerror(run, errno)}` });
      const nowhere = `${address.family === 'inet' ? '0.0.0.0' : '::'} port 0`;
      if (!isBefore(run.version, IP_BALLERS))
        events.push({ at, line: `* connect to ${address.address} port ${port} from ${nowhere} failed: ${strerror(run, errno)}` });
    } else if (errno !== undefined) {
      const from = isBefore(run.version, '8.7') ? '' : ` from ${sourceText(run, address)} port {EPHEMERAL}`;
      events.push({ at: end, line: `* connect to ${address.address} port ${port}${from} failed: ${strerror(run, errno)}` });
    }
  }
  return events.toSorted((a, b) => a.at - b.at).map((e) => e.line);
}

/** The final dot of a name is kept from 7.82 on (commit b27ad8e1d3e6). Seen: 7.74, 7.88. */
const shownName = (run: Run): string => (isBefore(run.version, '7.82') && run.name.endsWith('.') ? run.name.slice(0, -1) : run.name);

function failureText(run: Run, dialled: Dialled): { readonly note: string | undefined; readonly error: string } {
  const colon = isBefore(run.version, IP_BALLERS) ? ' port ' : ':';
  const where = `Failed to connect to ${shownName(run)}${colon}${String(run.port ?? 80)}`;
  const slow = dialled.attempts.findLast((a) => !failsAtOnce(a));
  const errno = errnoOf(slow ?? dialled.reported) ?? '';
  if (isBefore(run.version, '7.77')) {
    return slow === undefined
      ? { note: undefined, error: "Couldn't connect to server" }
      : { note: `${where}: ${strerror(run, errno)}`, error: `${where}: ${strerror(run, errno)}` };
  }
  const words = isBefore(run.version, '7.84')
    ? strerror(run, errno)
    : isBefore(run.version, '8.9')
      ? "Couldn't connect to server"
      : 'Could not connect to server';
  const text = `${where} after {N} ms: ${words}`;
  return { note: text, error: text };
}

function ask(run: Run): ClientAnswer {
  const version = `curl ${run.version ?? ''}`.trim();
  const verbose = run.args.includes('-v');
  const ipv6 = run.netns === undefined ? undefined : ipv6SocketOf(run.world.node, run.netns);
  const resolution = resolve(run, ipv6);
  if (resolution.outcome.kind === 'cannot-tell') return answer(run, resolution, nothingDialled, { prints: [] }, version);
  if (resolution.outcome.kind === 'error') {
    const text = `Could not resolve host: ${run.name}`;
    if (resolution.outcome.error.code === 'no-ipv6' && isBefore(run.version, '7.78')) {
      return answer(run, resolution, nothingDialled, { prints: [`curl: (6) Couldn't resolve host '${run.name}'`], exitStatus: 6 }, version);
    }
    const target = `${run.name}:${String(run.port ?? 80)}`;
    // Nobody was asked: the name is told as it would be for a resolver that gave up.
    if (resolution.outcome.error.code === 'no-ipv6' && !isBefore(run.version, IP_BALLERS)) {
      const lines = verbose ? [`* Could not resolve: ${run.name}`, `* Could not resolve: ${target}`] : [];
      return answer(
        run,
        resolution,
        nothingDialled,
        { prints: [...lines, `curl: (6) Could not resolve: ${target}`], exitStatus: 6 },
        version,
      );
    }
    const said = [`* ${text}`, ...(isBefore(run.version, IP_BALLERS) ? [] : [`* Could not resolve: ${target}`])];
    return answer(run, resolution, nothingDialled, { prints: [...(verbose ? said : []), `curl: (6) ${text}`], exitStatus: 6 }, version);
  }
  const only = onlyOf(run);
  const addresses = addressesOf(resolution).filter((a) => only === undefined || a.family === only);
  if (addresses.length === 0) {
    const text = isBefore(run.version, '8.9') ? "Couldn't connect to server" : 'Could not connect to server';
    const step = { kind: steps.noneOfFamily, values: { option: only === 'inet' ? '-4' : '-6' } };
    const none: Resolution = {
      ...resolution,
      outcome: { kind: 'error', error: { code: 'none-of-family', text } },
      steps: [...resolution.steps, step],
    };
    if (isBefore(run.version, IP_BALLERS))
      return answer(run, none, nothingDialled, { prints: [`curl: (7) ${text}`], exitStatus: 7 }, version);
    // The attempt that never was is told all the same.
    const failed = failureText(run, nothingDialled).error;
    const lines = verbose ? ['* connect to  port 0 from  port 0 failed: Success', `* ${failed}`] : [];
    return answer(run, none, nothingDialled, { prints: [...lines, `curl: (7) ${failed}`], exitStatus: 7 }, version);
  }
  const dialled = isBefore(run.version, IP_BALLERS)
    ? dialHappily(run, addresses, FALLBACK_MS)
    : dialInterleaved(run, addresses, FALLBACK_MS);
  if (dialled.needs !== undefined) return answer(run, resolution, dialled, { prints: [] }, version);
  const lines = verbose ? verboseLines(run, dialled) : [];
  if (dialled.winner !== undefined) return answer(run, resolution, dialled, { prints: lines, exitStatus: 0 }, version);
  const { note, error } = failureText(run, dialled);
  return answer(
    run,
    resolution,
    dialled,
    { prints: [...lines, ...(verbose && note !== undefined ? [`* ${note}`] : []), `curl: (7) ${error}`], exitStatus: 7 },
    version,
  );
}

export const client: Client = {
  id: 'curl',
  title: { en: 'curl', zh: 'curl' },
  program: 'curl',
  role: 'person',
  behaviour: say({
    en: 'from 7.78 on never looks localhost up but takes 127.0.0.1 and ::1 itself; other names it asks for any family and tries both families at once',
    zh: '从 7.78 起从不解析 localhost，而是直接使用 127.0.0.1 和 ::1；其他名称查询任意地址族，并同时尝试两个地址族',
  }),
  presentIn: (_world, view) => installed(view, 'curl'),
  answer: (world, view, name, port, options) => ask(startRun('curl', 'curl', world, view, name, port, options)),
  command: (name, port) => [
    'curl',
    '-sS',
    '-m',
    '5',
    '-o',
    '/dev/null',
    '-v',
    `http://${name}${port === undefined ? '' : `:${String(port)}`}/`,
  ],
};
