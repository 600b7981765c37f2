/**
 * The programs that people test with, as they are installed on this machine: getent, ping, telnet, curl, wget, dig, host, nslookup,
 * busybox, Python, Node.js and Java. Each is run with the model's own command line in a random small world, beside a scripted DNS server
 * and one or two listeners, and what it prints, how it ends and what it asks is held against the model's client of the same name.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { known, type Source } from '../../facts/fact.ts';
import type { DialObservation, Listener, NodeFacts, ProgramFacts } from '../../facts/node-facts.ts';
import { clients } from '../../model/clients/index.ts';
import { javaAddress, javaError, javaLookup } from '../../model/clients/java.ts';
import { nodeCode, nodeLookup } from '../../model/clients/nodejs.ts';
import { addressesOf, startRun } from '../../model/clients/_run.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import { makeWorld } from '../../model/world.ts';
import type { JsonObject } from '../../vectors/adapter.ts';
import { stringsOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import type { Command, Raw, Ready, Subject, Trial } from '../trial.ts';
import { randomTrial } from './tool-worlds.ts';

const SOURCE: Source = { kind: 'statement', key: 'conformance', text: 'conformance' };
const LISTEN_AND_RUN = fileURLToPath(new URL('listen-and-run.mjs', import.meta.url));
const JAVA_PROBE = fileURLToPath(new URL('JavaProbe.java', import.meta.url));
export const PORT = 6443;

interface Tool {
  readonly id: string;
  readonly client: string;
  /** Key in ViewFacts.programs. */
  readonly program: string;
  readonly flavour?: string;
  /** How its version is asked for. */
  readonly version: readonly string[];
  argv(name: string): readonly string[];
  /** What the model's client is told of the command line. */
  readonly args?: readonly string[];
  readonly listens?: boolean;
  /** Lines that tell, of standard output and error together. */
  readonly telling: RegExp;
  /** Lines of the model in the words of the test script. */
  readonly modelLines?: (answer: ClientAnswer, world: World, name: string) => readonly string[];
  readonly isStatic?: boolean;
}

const NODE_SCRIPT = `const dns=require('dns'),net=require('net'),n=process.argv[1];dns.lookup(n,{all:true},(e,l)=>{console.log('lookup '+(e?e.code:l.map(a=>a.address).join(' ')));
const s=net.connect(${String(PORT)},n);s.on('error',e=>{console.log('error '+e.code);process.exit()});s.on('connect',()=>{console.log('OK '+s.remoteAddress);process.exit()})})`;
const PYTHON_SCRIPT = `import socket,sys
try: print('OK', socket.create_connection((sys.argv[1],${String(PORT)}),20).getpeername()[0])
except Exception as e: print(type(e).__name__, e)`;

const TOOLS: readonly Tool[] = [
  ...(['hosts', 'ahosts', 'ahostsv4', 'ahostsv6'] as const).map((database): Tool => ({
    id: `getent-${database}`,
    client: `getent-${database}`,
    program: 'getent',
    version: ['getent', '--version'],
    argv: (name) => ['getent', database, name],
    telling: /./u,
  })),
  ...([[], ['-4'], ['-6']] as const).map((args): Tool => ({
    id: `ping${args.join('')}`,
    client: 'ping',
    program: 'ping',
    flavour: 'iputils',
    version: ['ping', '-V'],
    args,
    argv: (name) => ['ping', '-c1', '-W1', ...args, name],
    telling: /^(?:PING|ping:)/u,
  })),
  {
    id: 'telnet',
    client: 'telnet',
    program: 'telnet',
    flavour: 'inetutils',
    version: ['telnet', '--version'],
    listens: true,
    argv: (name) => ['telnet', name, String(PORT)],
    telling: /^(?:Trying|Connected|telnet:|Server lookup|Connection failed)/u,
  },
  {
    id: 'curl',
    client: 'curl',
    program: 'curl',
    version: ['curl', '-V'],
    args: ['-v'],
    listens: true,
    argv: (name) => ['curl', '-sS', '-v', '-o', '/dev/null', `http://${name}:${String(PORT)}/`],
    telling: /^(?:curl:|\* (?: *Trying|Connected|connect to|Immediate|Could not resolve|Failed))/u,
  },
  {
    id: 'wget',
    client: 'wget',
    program: 'wget',
    version: ['wget', '-V'],
    listens: true,
    argv: (name) => ['wget', '-T', '10', '-t', '1', '-O', '/dev/null', `http://${name}:${String(PORT)}/`],
    telling: /^(?:Resolving|Connecting|wget:)/u,
  },
  {
    id: 'dig',
    client: 'dig',
    program: 'dig',
    version: ['dig', '-v'],
    args: ['+time=1', '+tries=2'],
    argv: (name) => ['dig', '+time=1', '+tries=2', name],
    telling: /^(?:;; (?:->>HEADER|communications|UDP setup|no servers|connection timed)|[^;\t ]+\.[\t ]+(?:\d+[\t ]+)?IN)/u,
  },
  {
    id: 'dig+search',
    client: 'dig',
    program: 'dig',
    version: ['dig', '-v'],
    args: ['+time=1', '+tries=2', '+search'],
    argv: (name) => ['dig', '+time=1', '+tries=2', '+search', name],
    telling: /^(?:;; (?:->>HEADER|communications|UDP setup|no servers|connection timed)|[^;\t ]+\.[\t ]+(?:\d+[\t ]+)?IN)/u,
  },
  {
    id: 'host',
    client: 'host',
    program: 'host',
    version: ['dig', '-v'],
    args: ['-W1'],
    argv: (name) => ['host', '-W1', name],
    telling: /./u,
  },
  {
    id: 'nslookup',
    client: 'nslookup',
    program: 'nslookup',
    version: ['nslookup', '-version'],
    args: ['-timeout=1', '-retry=2'],
    argv: (name) => ['nslookup', '-timeout=1', '-retry=2', name],
    telling: /./u,
  },
  {
    id: 'busybox-nslookup',
    client: 'nslookup',
    program: 'nslookup',
    flavour: 'busybox',
    version: ['busybox'],
    isStatic: true,
    argv: (name) => ['busybox', 'nslookup', name],
    telling: /./u,
  },
  {
    id: 'busybox-ping',
    client: 'ping',
    program: 'ping',
    flavour: 'busybox',
    version: ['busybox'],
    isStatic: true,
    argv: (name) => ['busybox', 'ping', '-c1', '-W1', name],
    telling: /^(?:PING|ping:)/u,
  },
  {
    id: 'busybox-telnet',
    client: 'telnet',
    program: 'telnet',
    flavour: 'busybox',
    version: ['busybox'],
    isStatic: true,
    listens: true,
    argv: (name) => ['busybox', 'telnet', name, String(PORT)],
    telling: /^(?:telnet:|Connected)/u,
  },
  {
    id: 'python3',
    client: 'python3',
    program: 'python3',
    version: ['python3', '--version'],
    listens: true,
    argv: (name) => ['python3', '-c', PYTHON_SCRIPT, name],
    telling: /./u,
    modelLines: pythonLines,
  },
  {
    id: 'nodejs',
    client: 'nodejs',
    program: 'node',
    version: ['node', '--version'],
    listens: true,
    argv: (name) => ['node', '-e', NODE_SCRIPT, name],
    telling: /./u,
    modelLines: nodeLines,
  },
  {
    id: 'java',
    client: 'java',
    program: 'java',
    version: ['java', '--version'],
    listens: true,
    argv: (name) => ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', JAVA_PROBE, name, String(PORT)],
    telling: /./u,
    modelLines: javaLines,
  },
];

function pythonLines(answer: ClientAnswer): readonly string[] {
  if (answer.outcome.kind === 'works') return [`OK ${answer.outcome.address?.address ?? ''}`];
  return answer.prints.map((p) => p.replace(/^socket\./u, '').replace(': ', ' '));
}

function nodeLines(answer: ClientAnswer, world: World, name: string): readonly string[] {
  const all = nodeLookup(startRun('nodejs', 'node', world, viewOf(world), name, PORT));
  const first = `lookup ${
    all.outcome.kind === 'error'
      ? nodeCode(all.outcome.error.code)
      : addressesOf(all)
          .map((a) => a.address)
          .join(' ')
  }`;
  if (answer.outcome.kind === 'works') return [first, `OK ${answer.outcome.address?.address ?? ''}`];
  const text = answer.prints[0] ?? '';
  const code = /^AggregateError \[([A-Z]+)\]/u.exec(text)?.[1] ?? /^Error: [a-z]+ ([A-Z_]+)/u.exec(text)?.[1] ?? '';
  return [first, `error ${code}`];
}

function javaLines(answer: ClientAnswer, world: World, name: string): readonly string[] {
  const run = startRun('java', 'java', world, viewOf(world), name, PORT);
  const found = javaLookup(run);
  if (found.outcome.kind === 'error')
    return [`java.net.UnknownHostException: ${name}: ${found.outcome.error.text}`, `java.net.UnknownHostException: ${name}`];
  const first = `lookup ${addressesOf(found).map(javaAddress).join(' ')}`;
  return [
    first,
    answer.outcome.kind === 'works'
      ? `OK ${answer.outcome.address === undefined ? '' : javaAddress(answer.outcome.address)}`
      : javaError(run, answer.attempts[0]),
  ];
}

const viewOf = (world: World): NodeFacts['views'][number] => {
  const view = world.node.views[0];
  if (view === undefined) throw new Error('no view');
  return view;
};

// ---- the model's side

function listenersOf(given: JsonObject): readonly Listener[] {
  return stringsOf(given['listening']).map((text) => {
    const colon = text.lastIndexOf(':');
    const address = text.slice(0, colon).replace(/^\[|\]$/gu, '');
    return {
      protocol: 'tcp',
      family: address.includes(':') ? 'inet6' : 'inet',
      address,
      port: Number(text.slice(colon + 1)),
      v6only: false,
    };
  });
}

function worldOf(
  trial: Trial,
  tool: Tool,
  version: string,
  libc: string,
): { readonly world: World; readonly servers: ReadonlySet<string> } {
  const { world, netns, servers } = worldFromGiven(trial.given, libc);
  const program: ProgramFacts = {
    name: tool.program,
    installed: true,
    version,
    ...(tool.flavour === undefined ? {} : { flavour: tool.flavour }),
    ...(tool.isStatic === true ? { static: true } : {}),
  };
  const views = world.node.views.map((v) => ({ ...v, programs: { [tool.program]: known(program, SOURCE) } }));
  const made = { ...netns, listeners: known(tool.listens === true ? listenersOf(trial.given) : [], SOURCE) };
  const node: NodeFacts = { ...world.node, views, netns: [made], kernelRelease: known('6.18.0', SOURCE) };
  const remade = makeWorld(node, (id, question) => world.dns(id, question));
  return { world: world.nscd === undefined ? remade : { ...remade, nscd: world.nscd }, servers };
}

/** Addresses that leave the machine: nobody is behind these interfaces, so their neighbours stay silent. */
function answerIn(first: World, tool: Tool, name: string): { readonly answer: ClientAnswer; readonly world: World } {
  const client = clients.find((c) => c.id === tool.client);
  if (client === undefined) throw new Error(tool.client);
  let world = first;
  for (let round = 0; round < 8; round++) {
    const answer = client.answer(world, viewOf(world), name, PORT, { args: tool.args ?? [] });
    const unknown = answer.attempts.filter((a) => a.outcome.kind === 'cannot-tell');
    if (unknown.length === 0) return { answer, world };
    const dials = unknown.map((a): DialObservation => ({
      netns: 'host',
      address: a.address.address,
      port: PORT,
      protocol: 'tcp',
      result: 'EHOSTUNREACH',
    }));
    const old = world;
    const again = makeWorld({ ...old.node, dials: [...old.node.dials, ...dials] }, (id, question) => old.dns(id, question));
    world = old.nscd === undefined ? again : { ...again, nscd: old.nscd };
  }
  throw new Error('too many unknown addresses');
}

// ---- comparing

const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/ after (?:\d+|\{N\}) ms/u, ' after N ms'],
  [/ port (?:\d+|\{EPHEMERAL\}) failed/u, ' port P failed'],
  [/, id: \d+$/u, ''],
  [/^([^;\t ]+\.)[\t ]+(?:\d+[\t ]+)?IN[\t ]+([A-Z]+)[\t ]+(?=[^\t ])/u, '$1 $2 '],
];

function tellingLines(text: readonly string[], tool: Tool): readonly string[] {
  const lines = text.map((l) => l.trimEnd()).filter((l) => l !== '' && tool.telling.test(l));
  // Two pipes: which of them was read first says nothing.
  const plain = lines.map((l) => PLACEHOLDERS.reduce((t, [pattern, by]) => t.replace(pattern, by), l)).sort();
  // curl says a failed look-up once or twice, as its resolver's thread happens to end before or after it is asked.
  return tool.client === 'curl' ? [...new Set(plain)] : plain;
}

const queriesText = (
  queries: readonly { readonly server: string; readonly name: string; readonly type: string }[],
  servers: ReadonlySet<string>,
): readonly string[] =>
  [
    ...new Set(
      queries
        .filter((q) => servers.has(q.server))
        .map((q) => `${q.name.toLowerCase().replace(/\.$/u, '')} ${q.type.replace(/^(?:TYPE)?65$/u, 'HTTPS')}`),
    ),
  ].sort();

function ready(tool: Tool, version: string, libc: string): Ready {
  return {
    title: `${tool.id} ${version} (glibc ${libc})`,
    setup: {},
    generate: (random) => randomTrial(random, tool.id),
    command: (trial): Command => {
      const argv = tool.argv(textOf(trial.when['name']) ?? '');
      const listening = stringsOf(trial.given['listening']).join(',');
      return {
        kind: 'spawn',
        timeoutMs: 60_000,
        argv: tool.listens === true ? [process.execPath, LISTEN_AND_RUN, listening, '--', ...argv] : argv,
      };
    },
    observe: (trial, raw: Raw) => {
      if (raw.failure !== undefined) return undefined;
      const { servers } = worldFromGiven(trial.given, libc);
      const lines = tellingLines([...raw.stdout.split('\n'), ...raw.stderr.split('\n')], tool);
      return { lines, ...(tool.modelLines === undefined ? { exit: raw.exit } : {}), queries: queriesText(raw.queries, servers) };
    },
    predict: (trial) => {
      const name = textOf(trial.when['name']) ?? '';
      const { world: first, servers } = worldOf(trial, tool, version, libc);
      const { answer, world } = answerIn(first, tool, name);
      const asked =
        tool.client === 'nodejs'
          ? [...nodeLookup(startRun('nodejs', 'node', world, viewOf(world), name, PORT)).queries, ...answer.resolution.queries]
          : answer.resolution.queries;
      const queries = queriesText(asked, servers);
      if (answer.outcome.kind === 'cannot-tell') return { lines: ['cannot tell'], queries };
      const lines = tellingLines(tool.modelLines?.(answer, world, name) ?? answer.prints, tool);
      return { lines, ...(tool.modelLines === undefined ? { exit: answer.exitStatus ?? null } : {}), queries };
    },
    compare: (observed, predicted) =>
      Object.keys(observed).filter((key) => JSON.stringify(observed[key]) !== JSON.stringify(predicted[key])),
  };
}

function versionOf(argv: readonly string[]): string | undefined {
  const run = spawnSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8', timeout: 20_000 });
  if (run.error !== undefined) return undefined;
  return /\d+(?:\.\d+)*/u.exec(`${run.stdout}${run.stderr}`)?.[0];
}

export const toolSubjects: readonly Subject[] = TOOLS.map((tool) => ({
  id: tool.id,
  stack: 'tools',
  prepare: ({ rootfs }) => {
    if (rootfs !== undefined) return Promise.resolve({ missing: 'tools are taken from this machine' });
    const version = versionOf(tool.version);
    const libc = versionOf(['getconf', 'GNU_LIBC_VERSION']);
    return Promise.resolve(
      version === undefined || libc === undefined ? { missing: `${tool.version[0] ?? ''} is not installed` } : ready(tool, version, libc),
    );
  },
}));
