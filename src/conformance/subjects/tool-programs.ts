/** The command lines of the tools, which of their lines tell something, and how the model's answer reads in the words of the test scripts. */
import { fileURLToPath } from 'node:url';
import type { NodeFacts } from '../../facts/node-facts.ts';
import { javaAddress, javaError, javaLookup } from '../../model/clients/java.ts';
import { nodeCode, nodeLookup } from '../../model/clients/nodejs.ts';
import { addressesOf, startRun } from '../../model/clients/_run.ts';
import type { ClientAnswer, World } from '../../model/types.ts';

const JAVA_PROBE = fileURLToPath(new URL('JavaProbe.java', import.meta.url));
export const PORT = 6443;

export interface Tool {
  readonly id: string;
  readonly client: string;
  /** Key in ViewFacts.programs. */
  readonly program: string;
  readonly flavour?: string;
  /** How its version is asked for. */
  readonly version: readonly string[];
  /** Which of several programs of this name it is, by the text that tells the version and the file behind the name. */
  readonly flavourOf?: (told: string, file: string) => string;
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

export const TOOLS: readonly Tool[] = [
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
  ...([[], ['-4'], ['-6']] as const).map((args): Tool => ({
    id: `telnet${args.join('')}`,
    client: 'telnet',
    program: 'telnet',
    flavourOf: (_told, file) => (file.includes('netkit') ? 'netkit' : 'inetutils'),
    version: ['telnet', '--version'],
    args,
    listens: true,
    argv: (name) => ['telnet', ...args, name, String(PORT)],
    telling: /^(?:Trying|Connected|telnet:|Server lookup|Connection failed)/u,
  })),
  ...([[], ['-4'], ['-6']] as const).map((args): Tool => ({
    id: `curl${args.join('')}`,
    client: 'curl',
    program: 'curl',
    version: ['curl', '-V'],
    args: ['-v', ...args],
    listens: true,
    argv: (name) => ['curl', '-sS', '-v', ...args, '-o', '/dev/null', `http://${name}:${String(PORT)}/`],
    telling: /^(?:curl:|\* (?: *Trying|Connected|Established|connect to|Immediate|Could not resolve|Failed))/u,
  })),
  ...([[], ['-4'], ['-6']] as const).map((args): Tool => ({
    id: `nc${args.join('')}`,
    client: 'nc',
    program: 'nc',
    version: ['nc', '-h'],
    args,
    listens: true,
    argv: (name) => ['nc', '-vz', '-w', '10', ...args, name, String(PORT)],
    telling: /^(?:nc:|Connection to)/u,
  })),
  {
    id: 'ssh',
    client: 'ssh',
    program: 'ssh',
    version: ['ssh', '-V'],
    listens: true,
    argv: (name) => ['ssh', '-F', '/dev/null', '-p', String(PORT), '-o', 'BatchMode=yes', name, 'true'],
    telling: /^(?:ssh: (?:Could not|connect)|socket:)/u,
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
    id: 'busybox-wget',
    client: 'wget',
    program: 'wget',
    flavour: 'busybox',
    version: ['busybox'],
    isStatic: true,
    listens: true,
    argv: (name) => ['busybox', 'wget', '-T', '10', '-O', '/dev/null', `http://${name}:${String(PORT)}/`],
    telling: /^(?:Connecting|wget: (?:bad|can't connect|download timed))/u,
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

export const viewOf = (world: World): NodeFacts['views'][number] => {
  const view = world.node.views[0];
  if (view === undefined) throw new Error('no view');
  return view;
};
