/** Runs of ordinary programs that resolve and connect: ping, telnet, curl, getent … become ProgramRuns and observations. */
import type { ViewId } from '../../facts/fact.ts';
import type { ProgramRun } from '../../facts/node-facts.ts';
import { hostPort, isAddress, urlParts } from '../host-port.ts';
import { argumentsOf, type CommandLine } from '../pieces/command-line.ts';
import { sourceOf, viewIdOf, type Piece } from '../pieces/piece.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';

export interface Target {
  readonly name: string;
  readonly port?: number;
}

const VALUED: Readonly<Record<string, RegExp>> = {
  ping: /^-[cWwistIQSmMlpT]$/u,
  curl: /^(?:-[mHXdoAebruFTUwxEzyYKC]|--(?:max-time|connect-timeout|header|request|data|output|user|proxy|cacert|cert|key|resolve|interface|retry|retry-delay|dns-servers|noproxy|connect-to|max-redirs|write-out|user-agent))$/u,
  wget: /^(?:-[OTtoPUeqY]|--timeout|--tries)$/u,
  nc: /^-[wipqsXx]$/u,
  telnet: /^-[belnX]$/u,
  getent: /^-s$/u,
};

/** Name and port that a client was asked for, from its command line. */
export function targetOf(c: CommandLine): Target | undefined {
  const words = positional(c);
  const first = words[0];
  if (first === undefined) return undefined;
  if (c.name === 'curl' || c.name === 'wget') {
    const url = words.find((w) => /^[a-z]+:\/\//u.test(w)) ?? words.find((w) => /^[\w.[\]:-]+(?:\/|$)/u.test(w));
    if (url === undefined) return undefined;
    const parts = urlParts(url.includes('://') ? url : `http://${url}`);
    return parts === undefined ? undefined : { name: parts.host, ...(parts.port === undefined ? {} : { port: parts.port }) };
  }
  if (c.name === 'getent') return words[1] === undefined ? undefined : { name: words[1] };
  if (c.name === 'telnet' || c.name === 'nc' || c.name === 'ncat') {
    const port = words[1];
    return { name: first, ...(port !== undefined && /^\d{1,5}$/u.test(port) ? { port: Number(port) } : {}) };
  }
  const end = hostPort(first);
  return end === undefined ? { name: first } : { name: end.host, ...(end.port === undefined ? {} : { port: end.port }) };
}

function positional(c: CommandLine): readonly string[] {
  const valued = VALUED[c.name === 'ping6' ? 'ping' : c.name === 'ncat' ? 'nc' : c.name];
  const found: string[] = [];
  for (let i = 1; i < c.words.length; i += 1) {
    const w = c.words[i] ?? '';
    if (w.startsWith('-') && w.length > 1) {
      if (valued?.test(w) === true) i += 1;
      continue;
    }
    found.push(w);
  }
  return found;
}

/** Client id of the model for a command. */
function clientOf(c: CommandLine): string {
  if (c.name === 'getent') {
    const database = argumentsOf(c)[0] ?? 'hosts';
    return database === 'hosts' ? 'getent-hosts' : `getent-${database}`;
  }
  if (c.name === 'ping6') return 'ping';
  return c.name === 'ncat' ? 'nc' : c.name;
}

export interface RunResult {
  readonly resolved: boolean | undefined;
  /** Resolved and reached. */
  readonly worked: boolean | undefined;
}

const UNRESOLVED =
  /unknown host|Name or service not known|Temporary failure in name resolution|bad address|Could not resolve|could not resolve|unable to resolve|Name does not resolve|No address associated|hostname nor servname|Unknown host|Resolving timed out/u;
const REACHED = /bytes from |^Connected to|\bConnected to |open$|succeeded!|^HTTP\/|^< HTTP\/|, 0% packet loss|Escape character is/u;
const UNREACHED =
  /refused|No route to host|Network is unreachable|Cannot assign requested address|Connection timed out|Operation timed out|timed out|100% packet loss|Unreachable|Address family not supported|Can't assign/iu;

/** What the lines of a client's output say. Undefined: they do not tell. */
export function judgeOutput(client: string, lines: readonly string[]): RunResult {
  if (client.startsWith('getent')) {
    const answered = lines.some((l) => isAddress(l.trim().split(/[ \t]/u)[0] ?? ''));
    return { resolved: answered, worked: answered };
  }
  if (lines.some((l) => UNRESOLVED.test(l))) return { resolved: false, worked: false };
  if (lines.some((l) => REACHED.test(l))) return { resolved: true, worked: true };
  if (lines.some((l) => UNREACHED.test(l))) return { resolved: true, worked: false };
  if (client === 'ping' && lines.some((l) => /^PING [^ ]+ \(/u.test(l))) return { resolved: true, worked: undefined };
  return { resolved: undefined, worked: undefined };
}

const VIEWS_DNS: ReadonlySet<string> = new Set(['dig', 'nslookup', 'host', 'drill']);

/** Writes down the run, and what it says about names, by kind of client and place. */
/** First addresses of the products' service ranges: RKE, K3s, RKE2; kubeadm; kubespray; MicroK8s. */
const SERVICE_ADDRESS = /^10\.(?:43\.\d+|96\.0|233\.0|152\.183)\.\d+$/u;
const PRIVATE = /^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./u;

export function noteRun(piece: Piece, facts: EvidenceFacts, c: CommandLine, target: Target): void {
  if (piece.where.kind === 'elsewhere') return;
  const client = clientOf(c);
  const view: ViewId = viewIdOf(piece.where);
  facts.view(piece.where);
  const output = piece.lines.join('\n');
  const run: ProgramRun = {
    view,
    client,
    command: piece.command?.text ?? piece.name,
    name: target.name,
    stdout: output,
    stderr: '',
    ...(target.port === undefined ? {} : { port: target.port }),
  };
  facts.runs.push(run);
  const result = judgeOutput(client, piece.lines);
  const source = sourceOf(
    piece,
    Math.max(
      0,
      piece.lines.findIndex((l) => UNRESOLVED.test(l) || REACHED.test(l) || UNREACHED.test(l)),
    ),
  );
  // localhost is the hosts file's: it says nothing of name servers.
  if (!isAddress(target.name) && target.name !== 'localhost' && result.resolved !== undefined && !VIEWS_DNS.has(client)) {
    const place = piece.where.kind === 'host' ? 'host' : 'container';
    const dotted = target.name.endsWith('.');
    facts.observe(dotted ? 'lookup.trailing-dot.works' : `lookup.${place}.works`, result.resolved, source);
  }
  if (
    target.port !== undefined &&
    result.worked !== undefined &&
    result.resolved !== false &&
    !/^(?:localhost|127\.|::1)/u.test(target.name)
  ) {
    // A Service's address is the node's own work: whether it answers says nothing of a port of another node.
    const pod = piece.where.kind === 'container';
    if (SERVICE_ADDRESS.test(target.name) || (pod && target.port === 443 && PRIVATE.test(target.name))) {
      if (pod) facts.observe('path.pods-reach-services', result.worked, source);
    } else facts.observe(`port.${target.port}.reachable`, result.worked, source);
  }
  noteLoopbackWays(piece, facts, client, target.name);
  if (target.name === 'localhost' && client.startsWith('getent')) {
    const addresses = [...new Set(piece.lines.map((l) => l.trim().split(/[ \t]/u)[0] ?? '').filter(isAddress))];
    if (client === 'getent-ahosts' && piece.where.kind === 'host') facts.observe('lookup.localhost.addresses', addresses, source);
  }
}

const TRYING =
  /^[* ]*Trying (?:\[(?<bracketed>[0-9a-fA-F.:]+)\](?::\d{1,5})?|(?<ipv4>[0-9.]+?)(?::\d{1,5})?|(?<bare>[0-9a-fA-F]*:[0-9a-fA-F.:]*?))\.{3}/u;
const triedIn = (line: string): string | undefined => {
  const { bracketed, ipv4, bare } = TRYING.exec(line)?.groups ?? {};
  return bracketed ?? ipv4 ?? bare;
};
const CONNECTED = /^[* ]*Connected to (?:[^ ]+ \(([0-9a-fA-F.:]+)\)|\[?([0-9a-fA-F.:]+?)\]?\.?$)/u;
const ANSWERED = /^(?:< )?HTTP\/[\d.]+ \d{3}\b|^Escape character is|^HTTP request sent, awaiting response\.{3} \d{3}/u;
/**
 * The address wget and nc are at. BusyBox: `Connecting to localhost:80 ([::1]:80)`; GNU wget: `Connecting to localhost (localhost)|::1|:80...`;
 * OpenBSD's nc: `nc: connect to localhost (::1) port 80 (tcp) failed`.
 */
const CONNECTING =
  /^Connecting to [^ ]+ \(\[?([0-9a-fA-F.:]+?)\]?(?::\d{1,5})?\)|^Connecting to [^|]{1,300}\|\[?([0-9a-fA-F.:]+)\]?\|:\d|^nc: connect to [^ ]+ \(([0-9a-fA-F.:]+)\) port /u;
const FAILED =
  /^curl: \(\d+\)|^wget: (?:can't connect|server returned|download timed out|error getting|bad address)|\bfailed: |Connection (?:refused|reset|timed out)|^nc: /u;

/**
 * curl -v and telnet tell the address they are at. A client that shows ::1 last, gets nothing there and was stopped by hand (or ends with
 * an error) says that ::1 does not answer; an answer says that its address works. Source: curl lib/connect.c, netkit-telnet.
 */
function noteLoopbackWays(piece: Piece, facts: EvidenceFacts, client: string, name: string): void {
  if (client !== 'curl' && client !== 'telnet' && client !== 'wget' && client !== 'nc') return;
  const at = piece.lines.findLastIndex((l) => TRYING.test(l) || CONNECTED.test(l) || CONNECTING.test(l));
  const line = piece.lines[at] ?? '';
  const connected = CONNECTED.exec(line);
  const connecting = CONNECTING.exec(line);
  const address =
    connected?.[1] ??
    connected?.[2] ??
    triedIn(line) ??
    connecting?.[1] ??
    connecting?.[2] ??
    connecting?.[3] ??
    (isAddress(name) ? name : undefined);
  const failed = piece.lines.some((l) => FAILED.test(l));
  // Not told at which address; that the name as a whole leads nowhere still parts it from the address.
  if (address === undefined && name === 'localhost' && failed && client !== 'telnet')
    facts.observe(
      'localhost.name-works',
      false,
      sourceOf(
        piece,
        piece.lines.findIndex((l) => FAILED.test(l)),
      ),
      piece.where,
    );
  if (address !== '::1' && address !== '127.0.0.1') return;
  // curl and wget print nothing but the body when all goes well.
  const body = at < 0 && (client === 'curl' || client === 'wget') && !failed && piece.lines.some((l) => l.trim() !== '');
  const answered = body || piece.lines.some((l) => ANSWERED.test(l));
  const ended = piece.lines.some((l) => /^\^C|^curl: \(\d+\)|Empty reply|timed out|refused|failed|reset by peer/iu.test(l));
  // Still trying when somebody cut the output off: nothing came.
  const stuck = connected === null && TRYING.test(line) && piece.lines.slice(at + 1).every((l) => /^$|TCP_NODELAY/u.test(l.trim()));
  if (!answered && !ended && !stuck) return;
  const source = sourceOf(piece, Math.max(at, 0));
  facts.observe(address === '::1' ? 'localhost.ipv6-works' : 'localhost.ipv4-works', answered, source, piece.where);
  if (name === 'localhost') facts.observe('localhost.name-works', answered, source, piece.where);
}
