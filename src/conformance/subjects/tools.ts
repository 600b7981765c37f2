/**
 * The programs that people test with, as they are installed on this machine: getent, ping, telnet, curl, wget, dig, host, nslookup,
 * busybox, Python, Node.js and Java. Each is run with the model's own command line in a random small world, beside a scripted DNS server
 * and one or two listeners, and what it prints, how it ends and what it asks is held against the model's client of the same name.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { known, type Source } from '../../facts/fact.ts';
import type { DialObservation, Listener, NodeFacts, ProgramFacts } from '../../facts/node-facts.ts';
import { clients } from '../../model/clients/index.ts';
import { nodeLookup } from '../../model/clients/nodejs.ts';
import { startRun } from '../../model/clients/_run.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import { makeWorld } from '../../model/world.ts';
import type { JsonObject } from '../../vectors/adapter.ts';
import { objectOf, stringsOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import type { Command, Raw, Ready, Subject, Trial } from '../trial.ts';
import { nssModules, type NssModules } from './cache-daemons.ts';
import { glibcVersionOf } from './glibc.ts';
import { PORT, type Tool, TOOLS, viewOf } from './tool-programs.ts';
import { randomTrial } from './tool-worlds.ts';

const SOURCE: Source = { kind: 'statement', key: 'conformance', text: 'conformance' };
const NO_IPV6_SOCKETS = fileURLToPath(new URL('no-ipv6-sockets.c', import.meta.url));
const INSIDE = '/run/culprit-no-ipv6-sockets';
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
  { version, libc, flavour }: Installed,
): { readonly world: World; readonly servers: ReadonlySet<string> } {
  const { world, netns, servers } = worldFromGiven(trial.given, libc);
  const program: ProgramFacts = {
    name: tool.program,
    installed: true,
    version,
    ...(flavour === undefined ? {} : { flavour }),
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
  [/ from ([^ ]+) port (?:\d+|\{EPHEMERAL\})$/u, ' from $1 port P'],
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
        .map((q) => `${q.name.toLowerCase().replace(/\.$/u, '')} ${q.type.replace(/^(?:TYPE|UNKNOWN_)?65$/u, 'HTTPS')}`),
    ),
  ].sort();

/** A tool as it is found on this machine or in a root file system. */
interface Installed {
  readonly version: string;
  readonly libc: string;
  readonly flavour?: string;
  /** Runs a program that cannot make IPv6 sockets. */
  readonly filter?: string;
  readonly modules: NssModules;
  readonly rootfs?: string;
}

function ready(tool: Tool, installed: Installed): Ready {
  const { version, libc, filter, modules, rootfs } = installed;
  return {
    title: `${tool.id} ${version} (glibc ${libc})`,
    setup: rootfs === undefined ? {} : { rootfs, ...(filter === undefined ? {} : { copies: { [INSIDE]: filter } }) },
    generate: (random) => {
      for (;;) {
        const trial = randomTrial(random, tool.id, modules.services);
        if (filter !== undefined || !withoutIpv6Sockets(trial)) return trial;
      }
    },
    command: (trial): Command => {
      const argv = tool.argv(textOf(trial.when['name']) ?? '');
      return {
        kind: 'spawn',
        timeoutMs: 60_000,
        argv: withoutIpv6Sockets(trial) ? [rootfs === undefined ? (filter ?? '') : INSIDE, ...argv] : argv,
        ...(modules.folders.length === 0 ? {} : { env: { LD_LIBRARY_PATH: modules.folders.join(':') } }),
      };
    },
    observe: (trial, raw: Raw) => {
      if (raw.failure !== undefined) return undefined;
      // A static program of glibc that loads the system's modules may crash.
      if (raw.exit === null) return undefined;
      const { servers } = worldFromGiven(trial.given, libc);
      const lines = tellingLines([...raw.stdout.split('\n'), ...raw.stderr.split('\n')], tool);
      return { lines, ...(tool.modelLines === undefined ? { exit: raw.exit } : {}), queries: queriesText(raw.queries, servers) };
    },
    predict: (trial) => {
      const name = textOf(trial.when['name']) ?? '';
      const { world: first, servers } = worldOf(trial, tool, installed);
      const { answer, world } = answerIn(first, tool, name);
      const asked =
        tool.client === 'nodejs'
          ? [...nodeLookup(startRun('nodejs', 'node', world, viewOf(world), name, PORT)).queries, ...answer.resolution.queries]
          : answer.resolution.queries;
      const queries = queriesText(asked, servers);
      if (answer.outcome.kind === 'cannot-tell') return { lines: ['cannot tell'], queries };
      const lines = tellingLines(tool.modelLines?.(answer, world, name) ?? answer.prints, tool);
      return { lines, ...(tool.modelLines === undefined && answer.exitStatus !== undefined ? { exit: answer.exitStatus } : {}), queries };
    },
    compare: (observed, predicted) =>
      // How a program ends after it has connected is not everywhere the model's affair.
      Object.keys(observed).filter((key) => key in predicted && JSON.stringify(observed[key]) !== JSON.stringify(predicted[key])),
  };
}

const withoutIpv6Sockets = ({ given }: Trial): boolean => 'socket_AF_INET6' in objectOf(given['net']);

/** What a command prints, in the root file system if there is one; undefined: it is not installed. */
function told(rootfs: string | undefined, argv: readonly string[]): string | undefined {
  const [program = '', ...args] = rootfs === undefined ? argv : ['chroot', rootfs, ...argv];
  const run = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000, input: '' });
  return run.error !== undefined || run.status === 127 ? undefined : `${run.stdout}${run.stderr}`;
}

/** One filter for all tools; static, so that it runs in any root file system. */
function builtFilter(cache: string): string | undefined {
  const binary = join(cache, 'no-ipv6-sockets');
  mkdirSync(cache, { recursive: true });
  return spawnSync('gcc', ['-O1', '-static', '-o', binary, NO_IPV6_SOCKETS]).status === 0 ? binary : undefined;
}

/** The C library that the tool is linked with is the one of its root file system. */
function prepare(tool: Tool, cache: string, rootfs: string | undefined): Ready | { readonly missing: string } {
  const program = tool.version[0] ?? '';
  const text = told(rootfs, tool.version);
  const libc = glibcVersionOf(rootfs);
  if (text === undefined || libc === undefined) return { missing: `${program} is not installed` };
  const file = told(rootfs, ['sh', '-c', `readlink -f "$(command -v ${program})"`])?.trim() ?? '';
  const flavour = tool.flavourOf?.(text, file) ?? tool.flavour;
  // netkit's telnet tells no version.
  const version = /\d+(?:\.\d+)+|\d{6,8}/u.exec(text)?.[0] ?? (flavour === 'netkit' ? '0.17' : undefined);
  if (version === undefined) return { missing: `${program} that tells its version` };
  const filter = builtFilter(cache);
  return ready(tool, {
    version,
    libc,
    modules: nssModules(cache, rootfs),
    ...(flavour === undefined ? {} : { flavour }),
    ...(filter === undefined ? {} : { filter }),
    ...(rootfs === undefined ? {} : { rootfs }),
  });
}

export const toolSubjects: readonly Subject[] = TOOLS.map((tool) => ({
  id: tool.id,
  stack: 'tools',
  prepare: ({ cache, rootfs }) => Promise.resolve(prepare(tool, cache, rootfs)),
}));
