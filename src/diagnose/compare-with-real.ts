/**
 * Does a program that was really run agree with the model? Both texts are read with the same eyes: which addresses, which kind of
 * failure. What the model could not tell, and what the run does not show, is not held against either.
 */
import type { ProgramRun } from '../facts/node-facts.ts';
import { normalAddress, splitZone } from '../model/address/address.ts';
import { errnoOfText } from '../model/dial/errno-texts.ts';
import type { ClientAnswer } from '../model/types.ts';
import type { Said } from '../shared/text.ts';
import { say } from '../shared/text.ts';

export type Comparison =
  { readonly kind: 'agree' } | { readonly kind: 'miss'; readonly what: Said } | { readonly kind: 'not-comparable'; readonly why: Said };

/** What a text of a program tells. */
export interface Told {
  /** Addresses in the order shown, without repeats. */
  readonly addresses: readonly string[];
  /** 'not-found', 'try-again', 'no-address' ...: the name could not be looked up. */
  readonly lookup?: string;
  /** The last error of connecting. */
  readonly errno?: string;
}

const texts = {
  addresses: { en: 'the model says {model}, {program} really shows {real}', zh: '模型给出 {model}，而 {program} 实际显示 {real}' },
  status: {
    en: 'the model says exit status {model}, {program} really ends with {real}',
    zh: '模型给出退出码 {model}，而 {program} 实际以 {real} 结束',
  },
  unknown: { en: 'the model cannot tell what {program} does', zh: '模型无法判断 {program} 的行为' },
  ended: { en: '{program} was ended before it had said anything', zh: '{program} 在输出任何内容之前就被终止了' },
  nothing: { en: 'nothing in the output of {program} can be compared', zh: '{program} 的输出中没有可以比较的内容' },
} as const;

/** Failures of look-ups in the words of C libraries, Go, BIND, busybox and curl. */
const LOOKUP_WORDS: readonly (readonly [RegExp, string])[] = [
  [/Name or service not known|Name does not resolve|no such host|NXDOMAIN|ENOTFOUND|unknown host|\[Errno -2\]/iu, 'not-found'],
  [/No address associated with hostname|Name has no usable address|no suitable address|\[Errno -5\]/iu, 'no-address'],
  [/Temporary failure in name resolution|Try again|EAI_AGAIN|\[Errno -3\]/iu, 'try-again'],
  [/SERVFAIL|server misbehaving/iu, 'server-failure'],
  [/no servers could be reached/iu, 'no-server'],
  [/Address family for hostname not supported/iu, 'wrong-family'],
  [/bad address '|Could not resolve host|could not resolve|can't resolve|unable to resolve host|UnknownHostException/iu, 'failed'],
];

const lines = (text: string): readonly string[] => text.split(/\r?\n/u).map((l) => l.trimEnd());

/** Where addresses stand, by client; the generic rule takes brackets and bars. */
const ADDRESS_LINES: Readonly<Record<string, RegExp>> = {
  ping: /^PING [^(]*\((?:[^()]*\()?([0-9A-F:.%a-z]+)\)/u,
  telnet: /^Trying ([0-9A-F:.%a-z]+?)\.\.\.$/u,
  curl: /^\* +Trying \[?([0-9A-Fa-f:.]+?)\]?(?::\d{1,5})?\.\.\.$/u,
  wget: /^Connecting to .*(?:\|([0-9A-Fa-f:.]+)\||\(\[?([0-9A-Fa-f:.]+?)\]?:\d+\))/u,
  dig: /\tIN\tA{1,4}\t([0-9A-Fa-f:.]+)$/u,
  host: / has (?:IPv6 )?address ([0-9A-Fa-f:.]+)$/u,
  nslookup: /^Address(?: \d+)?: ([0-9A-Fa-f:.]+)$/u,
  nc: /^(?:nc: connect to|Connection to) [^ ]+ \(([0-9A-Fa-f:.]+)\)/u,
  nodejs: /^Error: connect [A-Z]+ ([0-9A-Fa-f:.]+):\d+$/u,
};
const GETENT = /^([0-9A-F:.%a-z]+) /u;

/** Reads a program's output, or the model's account of it. */
export function readOutput(client: string, text: string): Told {
  const pattern = client.startsWith('getent-') ? GETENT : ADDRESS_LINES[client];
  const addresses: string[] = [];
  let lookup: string | undefined;
  let errno: string | undefined;
  for (const line of lines(text)) {
    const match = pattern?.exec(line);
    const found = match?.[1] ?? match?.[2];
    const normal = found === undefined ? undefined : normalAddress(splitZone(found).address);
    if (normal !== undefined && !addresses.includes(normal)) addresses.push(normal);
    lookup ??= LOOKUP_WORDS.find(([words]) => words.test(line))?.[1];
    errno = errnoIn(line) ?? errno;
  }
  return { addresses, ...(lookup === undefined ? {} : { lookup }), ...(errno === undefined ? {} : { errno }) };
}

/** The errno whose words, or whose name, end a line. */
function errnoIn(line: string): string | undefined {
  const words = /(?:: |\] |\()([A-Z][A-Za-z ]{5,50})\.?\)?$/u.exec(line)?.[1];
  const named = /\b(E[A-Z]{4,15})\b/u.exec(line)?.[1];
  const go = /: ([a-z][a-z ]{8,50})$/u.exec(line)?.[1];
  for (const text of [words, go]) {
    const errno = text === undefined ? undefined : errnoOfText(text);
    if (errno !== undefined) return errno;
  }
  return named !== undefined && named !== 'ENOTFOUND' ? named : undefined;
}

const shown = (told: Told, status: number | undefined): string => {
  const parts = [...told.addresses, told.lookup, told.errno].filter((p) => p !== undefined);
  return parts.length > 0 ? parts.join(', ') : `exit ${String(status ?? '?')}`;
};

/** Clients whose output is their answer: the addresses must be the same, in the same order. */
const ANSWERS_WITH_ADDRESSES = new Set(['getent-hosts', 'getent-ahosts', 'getent-ahostsv4', 'getent-ahostsv6', 'dig', 'host', 'nslookup']);

/** Programs that end with 0 exactly when they reached what they were asked for. */
const STATUS_SAYS_ALL = new Set([...ANSWERS_WITH_ADDRESSES, 'ping']);

export function compareWithReal(answer: ClientAnswer, run: ProgramRun): Comparison {
  const program = run.client;
  if (answer.outcome.kind === 'cannot-tell') return { kind: 'not-comparable', why: say(texts.unknown, { program }) };
  const output = `${run.stdout}\n${run.stderr}`;
  if (run.timedOut === true && output.trim() === '') return { kind: 'not-comparable', why: say(texts.ended, { program }) };
  const real = readOutput(run.client, output);
  const model = readOutput(run.client, answer.prints.join('\n'));
  const isAnswer = ANSWERS_WITH_ADDRESSES.has(run.client);
  // A program that shows no address, or that was asked less loudly than the model was, is compared by what it tried.
  const modelled =
    model.addresses.length > 0
      ? model
      : { ...model, addresses: isAnswer ? resolved(answer) : real.addresses.length > 0 ? tried(answer) : [] };
  // Asked without a port, the model goes no further than the address; the program dials a port of its own all the same.
  if (answer.port === undefined && !isAnswer && real.lookup === undefined && answer.resolution.outcome.kind === 'addresses') {
    return real.addresses.every((a) => resolved(answer).includes(a))
      ? { kind: 'agree' }
      : { kind: 'miss', what: say(texts.addresses, { program, model: resolved(answer).join(', '), real: real.addresses.join(', ') }) };
  }
  const differs = say(texts.addresses, { program, model: shown(modelled, answer.exitStatus), real: shown(real, run.exitStatus) });
  if (modelled.lookup !== undefined || real.lookup !== undefined) {
    return sameLookup(modelled.lookup, real.lookup) ? { kind: 'agree' } : { kind: 'miss', what: differs };
  }
  if (isAnswer || real.addresses.length > 0) {
    // Which server answers first decides the order of addresses of one family; the set does not change.
    const [a, b] = [[...modelled.addresses].sort(), [...real.addresses].sort()];
    if (a.join(' ') !== b.join(' ')) return { kind: 'miss', what: differs };
  }
  if (modelled.errno !== undefined && real.errno !== undefined && modelled.errno !== real.errno) return { kind: 'miss', what: differs };
  if (run.timedOut === true) return { kind: 'agree' };
  if (
    STATUS_SAYS_ALL.has(run.client) &&
    answer.exitStatus !== undefined &&
    run.exitStatus !== undefined &&
    (answer.exitStatus === 0) !== (run.exitStatus === 0)
  ) {
    return { kind: 'miss', what: say(texts.status, { program, model: answer.exitStatus, real: run.exitStatus }) };
  }
  // Once connected, what a program makes of the conversation is not the model's business.
  const works = answer.outcome.kind === 'works';
  if (works && run.exitStatus !== 0 && run.exitStatus !== undefined && real.errno !== undefined && modelled.errno === undefined)
    return { kind: 'miss', what: differs };
  if (!works && modelled.errno !== undefined && run.exitStatus === 0 && real.errno === undefined) return { kind: 'miss', what: differs };
  const something = real.addresses.length > 0 || real.errno !== undefined || run.exitStatus !== undefined;
  return something ? { kind: 'agree' } : { kind: 'not-comparable', why: say(texts.nothing, { program }) };
}

const resolved = (answer: ClientAnswer): readonly string[] =>
  answer.resolution.outcome.kind === 'addresses' ? [...new Set(answer.resolution.outcome.addresses.map((a) => a.address))] : [];

const tried = (answer: ClientAnswer): readonly string[] => [...new Set(answer.attempts.map((a) => a.address.address))];

/** 'failed' is what programs say that do not tell why. */
const sameLookup = (a: string | undefined, b: string | undefined): boolean =>
  a === b || ((a === 'failed' || b === 'failed') && a !== undefined && b !== undefined);
