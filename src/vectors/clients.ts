/** Vectors of programs that people run: a command line, what it prints, its exit status, and what it asked the name servers. */
import { known } from '../facts/fact.ts';
import type { DialObservation, Libc, NodeFacts, ProgramFacts } from '../facts/node-facts.ts';
import { clients } from '../model/clients/index.ts';
import { javaAddress, javaError, javaLookup } from '../model/clients/java.ts';
import { nodeCode, nodeLookup } from '../model/clients/nodejs.ts';
import type { Run } from '../model/clients/_run.ts';
import { addressesOf, startRun } from '../model/clients/_run.ts';
import type { ClientAnswer, ClientOptions, World } from '../model/types.ts';
import { makeWorld } from '../model/world.ts';
import type { JsonObject, Vector, VectorAdapter, VectorResult } from './adapter.ts';
import { asObject, asText, asTexts, differences, experiment, scriptedDns } from './experiments.ts';

interface Asked {
  readonly client: string;
  readonly program: ProgramFacts;
  readonly libc: Libc;
  readonly port?: number;
  readonly args: readonly string[];
}

/** Debian releases by the versions of their packages: which C library the program was linked with. */
const GLIBC_OF: readonly (readonly [RegExp, string])[] = [
  [/glibc (?<v>[0-9.]+)/u, ''],
  [/^(?:iputils 2021|netkit|7\.74|1\.21$|BIND 9\.16|python3 3\.9|node 12)/u, '2.31'],
  [/^(?:iputils 2024|inetutils 2\.6|8\.14|1\.25|BIND 9\.20|python3 3\.13|java 2[15])/u, '2.41'],
];

/** All of these programs ran on Debian, whose builds differ in two places from upstream's. */
const DEBIAN_BUILDS: Readonly<Record<string, string>> = {
  '2.31': '2.31-13+deb11u11',
  '2.36': '2.36-9+deb12u14',
  '2.41': '2.41-12+deb13u1',
};
const debianGlibc = (version: string): Libc => ({ kind: 'glibc', version: DEBIAN_BUILDS[version] ?? version });

function libcOf(client: string, version: string): Libc {
  for (const [pattern, release] of GLIBC_OF) {
    const match = pattern.exec(version) ?? pattern.exec(`${client.replace('nodejs', 'node')} ${version}`);
    if (match !== null) return debianGlibc(release === '' ? (match.groups?.['v'] ?? '2.36') : release);
  }
  return debianGlibc('2.36');
}

/** Program names of the vectors and what they are called in the model. */
const NAMES: Readonly<Record<string, string>> = { node: 'nodejs' };
const nameOf = (applet: string): string => NAMES[applet] ?? applet.replace(/^python3\.\d{1,2}$/u, 'python3');

function understand(vector: Vector, version: string): Asked | undefined {
  const words = asText(vector.when['call']).split(' ');
  const busybox = words[0] === 'busybox';
  const applet = (busybox ? words[1] : words[0]) ?? '';
  let client = nameOf(applet);
  const rest = words.slice(busybox ? 2 : 1);
  if (client === 'getent') client = `getent-${rest.shift() ?? ''}`;
  if (!clients.some((c) => c.id === client)) return undefined;
  const number = /\d[0-9.]*/u.exec(version.replace(/^netkit-telnet /u, ''))?.[0] ?? version;
  const flavour = busybox
    ? 'busybox'
    : applet === 'telnet'
      ? version.startsWith('netkit')
        ? 'netkit'
        : 'inetutils'
      : applet === 'ping'
        ? 'iputils'
        : undefined;
  const program: ProgramFacts = {
    name: applet,
    installed: true,
    version: number,
    ...(flavour === undefined ? {} : { flavour }),
    ...(version.includes('static') ? { static: true } : {}),
  };
  const port = portOf(client, words);
  return {
    client,
    program,
    libc: libcOf(client, version),
    args: client === 'python3' ? ['timeout=3'] : rest.filter((w) => /^[-+]/u.test(w)).map((w) => (client === 'curl' && w === '-v' ? w : w)),
    ...(port === undefined ? {} : { port }),
  };
}

function portOf(client: string, words: readonly string[]): number | undefined {
  if (client === 'telnet') return Number(words.at(-1));
  if (client === 'python3' || client === 'nodejs' || client === 'java') return 6443;
  const match = /:(\d{1,5})(?:\/|$)/u.exec(words.find((w) => w.includes('://')) ?? '');
  return match === null ? undefined : Number(match[1]);
}

const PROGRAM_KEYS: Readonly<Record<string, string>> = { nodejs: 'node', python3: 'python3' };

/** Nothing answers behind the uplink: each address that leaves the machine stays without a neighbour. */
function answerIn(world: World, asked: Asked, name: string): { readonly answer: ClientAnswer; readonly world: World } {
  const client = clients.find((c) => c.id === asked.client);
  const view = world.node.views[0];
  if (client === undefined || view === undefined) throw new Error(`no client ${asked.client}`);
  const options: ClientOptions = { args: asked.args };
  let { node }: { node: NodeFacts } = world;
  let now = world;
  for (let round = 0; round < 6; round++) {
    const answer = client.answer(now, view, name, asked.port, options);
    const unknown = answer.attempts.filter((a) => a.outcome.kind === 'cannot-tell');
    if (unknown.length === 0) return { answer, world: now };
    const dials = unknown.map((a): DialObservation => ({
      netns: 'host',
      address: a.address.address,
      port: asked.port ?? 0,
      protocol: 'tcp',
      result: 'EHOSTUNREACH',
    }));
    node = { ...node, dials: [...node.dials, ...dials] };
    now = makeWorld(node, (netns, question) => world.dns(netns, question));
  }
  throw new Error('too many unknown addresses');
}

/** The network of the few vectors that name a scenario in place of a profile. */
function withProfile(vector: Vector): Vector {
  const net = asObject(vector.given['net']);
  const scenario = asText(net['scenario']);
  if (scenario === '') return vector;
  const profile = scenario.includes('EAFNOSUPPORT') ? 'noaf6' : scenario.includes('disable_ipv6=1') ? 'nov6' : 'v4';
  return { ...vector, given: { ...vector.given, net: { ...net, profile } } };
}

const lines = (text: string): readonly string[] => text.split('\n').map((l) => l.trimEnd());

/** What the test servers add once connected, and how the tests' own scripts print. */
function shown(asked: Asked, answer: ClientAnswer, run: Run): readonly string[] {
  const connected = answer.outcome.kind === 'works' ? answer.outcome.address : undefined;
  const prints = answer.prints.map((p) => p.replaceAll('{EPHEMERAL}', 'EPHEMERAL').replaceAll('{N}', 'N').replaceAll('v{API}', 'v1.50'));
  switch (asked.client) {
    case 'wget':
      return connected !== undefined && asked.program.flavour !== 'busybox'
        ? [...prints, 'HTTP request sent, awaiting response... 200 OK']
        : prints;
    case 'docker':
      return connected !== undefined ? ["invalid character 'o' looking for beginning of value"] : prints;
    case 'python3':
      return connected !== undefined ? [`OK ${connected.address}`] : prints.map((p) => p.replace(/^socket\./u, '').replace(': ', ' '));
    case 'nodejs':
      return nodeLines(answer, run);
    case 'java':
      return javaLines(answer, run);
    default:
      return prints;
  }
}

function nodeLines(answer: ClientAnswer, run: Run): readonly string[] {
  const all = nodeLookup(run);
  const first =
    all.outcome.kind === 'error'
      ? `lookup ${nodeCode(all.outcome.error.code)} getaddrinfo ${nodeCode(all.outcome.error.code)} ${run.name}`
      : `lookup ${JSON.stringify(addressesOf(all).map((a) => ({ address: a.address, family: a.family === 'inet' ? 4 : 6 })))}`;
  if (answer.outcome.kind === 'works') return [first, `OK ${answer.outcome.address?.address ?? ''}`];
  const text = answer.prints[0] ?? '';
  const code = /^AggregateError \[([A-Z]+)\]/u.exec(text)?.[1];
  if (code !== undefined) return [first, code];
  const words = text.replace(/^Error: /u, '');
  return [first, `${words.split(' ')[1] ?? ''} ${words}`];
}

function javaLines(answer: ClientAnswer, run: Run): readonly string[] {
  const found = javaLookup(run);
  if (found.outcome.kind === 'error') {
    return [`java.net.UnknownHostException: ${run.name}: ${found.outcome.error.text}`, `java.net.UnknownHostException: ${run.name}`];
  }
  const first = `lookup ${addressesOf(found).map(javaAddress).join(' ')}`;
  return [
    first,
    answer.outcome.kind === 'works'
      ? `OK ${answer.outcome.address === undefined ? '' : javaAddress(answer.outcome.address)}`
      : javaError(run, answer.attempts[0]),
  ];
}

const ORDER_VARIES = new Set(['busybox nslookup']);
const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();

function outputMisses(vector: Vector, asked: Asked, answer: ClientAnswer, run: Run): readonly string[] {
  const expected = vector.expect['output'] ?? vector.expect['result'];
  if (asked.client === 'dig') return digMisses(asObject(expected), answer);
  const got = shown(asked, answer, run);
  if (vector.expect['result'] !== undefined) {
    const address = /\(([^()]+)\)/u.exec(got[0] ?? '')?.[1];
    return expected === got[0] || (address !== undefined && expected === address)
      ? []
      : [`result “${asText(expected)}” ≠ “${got.join('\\n')}”`];
  }
  const want = lines(asText(expected));
  const have = lines(got.join('\n'));
  // busybox prints replies as they arrive.
  const [a, b] = ORDER_VARIES.has(vector.stack) ? [sorted(want), sorted(have)] : [want, have];
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`output “${want.join('\\n')}” ≠ “${have.join('\\n')}”`];
}

function digMisses(expected: JsonObject, answer: ClientAnswer): readonly string[] {
  const header = answer.prints.findIndex((l) => l.includes('->>HEADER<<-'));
  const status = /status: ([A-Z]+)/u.exec(answer.prints[header] ?? '')?.[1] ?? null;
  const answers =
    status === null
      ? []
      : answer.prints
          .slice(header + 1)
          .map((l) => l.split('\t'))
          .map(([name = '', , type = '', data = '']) => [name.replace(/\.$/u, ''), type, data]);
  const errors = status === null ? answer.prints : answer.prints.slice(0, header);
  const got = { status, answers, errors };
  const want = { status: expected['status'], answers: expected['answers'], errors: expected['errors'] };
  return JSON.stringify(want) === JSON.stringify(got) ? [] : [`output ${JSON.stringify(want)} ≠ ${JSON.stringify(got)}`];
}

/**
 * The machine's host name is written HOSTNAME where it stands alone. It was a short name in small letters; programs that change a name's
 * letters would not find the placeholder.
 */
function withHostname(vector: Vector): Vector {
  const named = JSON.parse(JSON.stringify(vector).replaceAll('HOSTNAME', OWN_NAME)) as Vector;
  return { ...named, given: { ...named.given, net: { ...asObject(named.given['net']), hostname: OWN_NAME } } };
}
const OWN_NAME = 'vm';

function runOne(published: Vector, version: string): readonly string[] {
  const vector = withHostname(published);
  const asked = understand(vector, version);
  if (asked === undefined) return [`no client for ${asText(vector.when['call'])}`];
  const made = experiment(withProfile(vector), asked.libc, scriptedDns(asObject(vector.given['dns'])));
  const key = PROGRAM_KEYS[asked.client] ?? asked.program.name;
  const programs = { [key]: known(asked.program, { kind: 'statement', key: 'vector', text: version }) };
  const view = { ...made.view, programs };
  const world = makeWorld({ ...made.world.node, views: [view] }, (netns, question) => made.world.dns(netns, question));
  const name = asText(vector.when['name']);
  const { answer, world: last } = answerIn(world, asked, name);
  if (answer.outcome.kind === 'cannot-tell') return [`cannot tell: ${JSON.stringify(answer.outcome.needs)}`];
  const run = startRun(asked.client, key, last, view, name, asked.port, { args: asked.args });
  const found = [...outputMisses(vector, asked, answer, run)];
  const scripts = asked.client === 'docker' || asked.client === 'python3' || asked.client === 'nodejs' || asked.client === 'java';
  if (typeof vector.expect['exit'] === 'number' && !scripts && vector.expect['exit'] !== (answer.exitStatus ?? -1))
    found.push(`exit ${String(vector.expect['exit'])} ≠ ${String(answer.exitStatus)}`);
  const { seconds: _, ...expect } = vector.expect;
  // The script for Node.js calls dns.lookup before it connects.
  const asks = asked.client === 'nodejs' ? [...nodeLookup(run).queries, ...answer.resolution.queries] : answer.resolution.queries;
  const queries = asks.map((q) => (q.type === 'HTTPS' ? { ...q, type: '65' } : q));
  found.push(...differences(expect, { ...answer.resolution, queries }, made.servers, []), ...secondsMisses(vector.expect, answer));
  return found;
}

/** Waits for name servers count to the second; waits for a neighbour last 1 to 3 s as the kernel's table happens to stand. */
function secondsMisses(expect: JsonObject, answer: ClientAnswer): readonly string[] {
  if (
    typeof expect['seconds'] !== 'number' ||
    answer.attempts.some((a) => a.elapsedMs > 0) ||
    answer.client === 'docker' ||
    answer.client === 'nodejs'
  )
    return [];
  return Math.abs(answer.elapsedMs / 1000 - expect['seconds']) <= 0.7
    ? []
    : [`seconds ${String(expect['seconds'])} ≠ ${String(answer.elapsedMs / 1000)}`];
}

const STACKS = new Set(['getent', 'ping', 'telnet', 'curl', 'wget', 'nc', 'ssh', 'dig', 'host', 'nslookup', 'java', 'node', 'docker']);

export const clientVectors: VectorAdapter = {
  name: 'clients',
  handles: ({ stack }) => STACKS.has(stack) || stack.startsWith('busybox ') || stack.startsWith('python3'),
  run(vector): VectorResult {
    for (const version of asTexts(vector.versions)) {
      const found = runOne(vector, version);
      if (found.length > 0) return { ok: false, expected: JSON.stringify(vector.expect), got: found.join('; '), version };
    }
    return { ok: true };
  },
};
