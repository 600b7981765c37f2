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
import { nodeLookup } from '../../model/clients/nodejs.ts';
import { startRun } from '../../model/clients/_run.ts';
import type { ClientAnswer, World } from '../../model/types.ts';
import { makeWorld } from '../../model/world.ts';
import type { JsonObject } from '../../vectors/adapter.ts';
import { stringsOf, textOf, worldFromGiven } from '../../vectors/world-from-given.ts';
import type { Command, Raw, Ready, Subject, Trial } from '../trial.ts';
import { PORT, type Tool, TOOLS, viewOf } from './tool-programs.ts';
import { randomTrial } from './tool-worlds.ts';

const SOURCE: Source = { kind: 'statement', key: 'conformance', text: 'conformance' };
const LISTEN_AND_RUN = fileURLToPath(new URL('listen-and-run.mjs', import.meta.url));
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

/** '2.36-9+deb12u14': the C library says so of itself, with what its distribution calls it. */
function glibcVersion(): string | undefined {
  const run = spawnSync('getent', ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return /GLIBC ([^ )]{1,40})\)/u.exec(run.stdout)?.[1] ?? /\) (\d+\.\d+)/u.exec(run.stdout)?.[1];
}

export const toolSubjects: readonly Subject[] = TOOLS.map((tool) => ({
  id: tool.id,
  stack: 'tools',
  prepare: ({ rootfs }) => {
    if (rootfs !== undefined) return Promise.resolve({ missing: 'tools are taken from this machine' });
    const version = versionOf(tool.version);
    const libc = glibcVersion();
    return Promise.resolve(
      version === undefined || libc === undefined ? { missing: `${tool.version[0] ?? ''} is not installed` } : ready(tool, version, libc),
    );
  },
}));
