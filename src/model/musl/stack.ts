/**
 * musl's getaddrinfo and gethostbyname family. Sources: musl src/network at the release tags; see docs/model/musl.md for what is modelled
 * and what is not. There is no nsswitch.conf, no nscd for hosts, no host.conf, no gai.conf, no environment and no cache.
 */
import type { ViewFacts } from '../../facts/node-facts.ts';
import type { AskedFamily, AskedQuery, Call, Need, Resolution, ResolutionOutcome, ResolveError, Stack, Step, World } from '../types.ts';
import { reach } from '../dial/reach.ts';
import { lookupName, type NameAnswer } from './lookup-name.ts';
import { muslSteps } from './steps.ts';
import { isModelled, muslRules, type MuslRules, NEWEST, OLDEST } from './version-rules.ts';

/** gai_strerror of musl (src/network/gai_strerror.c). */
const GAI_TEXTS: Readonly<Record<string, string>> = {
  EAI_BADFLAGS: 'Invalid flags',
  EAI_NONAME: 'Name does not resolve',
  EAI_AGAIN: 'Try again',
  EAI_FAIL: 'Non-recoverable error',
  EAI_NODATA: 'Name has no usable address',
  EAI_FAMILY: 'Unrecognized address family or invalid length',
  EAI_SYSTEM: 'System error',
  SIGFPE: 'Floating point exception',
};

/** hstrerror of musl, and how gethostbyname2_r maps the codes. */
const HOST_ERRORS: Readonly<Record<string, readonly [code: string, text: string]>> = {
  EAI_NONAME: ['HOST_NOT_FOUND', 'Host not found'],
  EAI_NODATA: ['NO_DATA', 'Address not available'],
  EAI_AGAIN: ['TRY_AGAIN', 'Try again'],
  SIGFPE: ['SIGFPE', 'Floating point exception'],
};

const KNOWN_FLAGS: readonly string[] = [
  'AI_PASSIVE',
  'AI_CANONNAME',
  'AI_NUMERICHOST',
  'AI_V4MAPPED',
  'AI_ALL',
  'AI_ADDRCONFIG',
  'AI_NUMERICSERV',
];

export const muslStack: Stack = {
  id: 'musl',
  title: { en: 'musl libc', zh: 'musl libc' },
  versions: { from: OLDEST, to: NEWEST },
  resolve(world, view, version, call, name) {
    const steps: Step[] = [];
    const queries: AskedQuery[] = [];
    if (!isModelled(version)) steps.push({ kind: muslSteps.versionOutside, values: { version, from: OLDEST, to: NEWEST } });
    const rules = muslRules(version);
    const byHost = call.call === 'gethostbyname' || call.call === 'gethostbyname2';
    const answer = byHost
      ? lookupName({
          world,
          view,
          rules,
          name,
          family: call.call === 'gethostbyname2' ? call.family : 'inet',
          v4mapped: false,
          all: false,
          numericOnly: false,
          steps,
          queries,
        })
      : getaddrinfo(world, view, rules, call, name, steps, queries);
    return finish(byHost ? untilItFits(answer, name, steps, queries) : answer, byHost, steps, queries);
  },
};

function getaddrinfo(
  world: World,
  view: ViewFacts,
  rules: MuslRules,
  call: Call,
  name: string,
  steps: Step[],
  queries: AskedQuery[],
): NameAnswer {
  const flags: readonly string[] = call.call === 'getaddrinfo' ? call.flags : [];
  const unknown = flags.filter((flag) => !KNOWN_FLAGS.includes(flag));
  if (unknown.length > 0) {
    steps.push({ kind: muslSteps.badFlags, values: { flags: unknown.join(', ') } });
    return { kind: 'error', code: 'EAI_BADFLAGS', ms: 0 };
  }
  let family: AskedFamily = call.call === 'getaddrinfo' ? call.family : 'unspec';
  let missing = false;
  if (flags.includes('AI_ADDRCONFIG') && rules.addrconfig) {
    const kept = configured(world, view, family, rules, steps);
    if ('needs' in kept) return { kind: 'unknown', needs: kept.needs };
    if ('code' in kept) return { kind: 'error', code: kept.code, ms: 0 };
    ({ family, missing } = kept);
  }
  const answer = lookupName({
    world,
    view,
    rules,
    name,
    family,
    v4mapped: flags.includes('AI_V4MAPPED'),
    all: flags.includes('AI_ALL'),
    numericOnly: flags.includes('AI_NUMERICHOST'),
    steps,
    queries,
  });
  if (!missing || answer.kind !== 'addresses') return answer;
  steps.push({ kind: muslSteps.noFamilyLeft });
  return { kind: 'error', code: 'EAI_NODATA', ms: answer.ms };
}

const POINTER = 8;
/** Of the first buffer of 127 bytes, struct hostent takes 32. */
const FIRST_BUFFER = 127;
const HOSTENT = 32;

/** gethostbyname2 doubles its buffer until the answer fits, and each time looks the name up anew. */
function untilItFits(answer: NameAnswer, name: string, steps: Step[], queries: AskedQuery[]): NameAnswer {
  if (answer.kind !== 'addresses') return answer;
  const length = (text: string): number => new TextEncoder().encode(text).length + 1;
  const each = POINTER + (answer.addresses[0]?.family === 'inet6' ? 16 : 4);
  const need = 4 * POINTER + (answer.addresses.length + 1) * each + length(name) + length(answer.canonicalName);
  let times = 1;
  for (let size = FIRST_BUFFER; need > size - HOSTENT; size += size + 1) times++;
  // A hostent has no room for a zone.
  const addresses = answer.addresses.map(({ zone: _, ...address }) => address);
  if (times === 1 || queries.length === 0) return { ...answer, addresses };
  steps.push({ kind: muslSteps.again, values: { times } });
  const once = [...queries];
  for (let i = 1; i < times; i++) queries.push(...once);
  return { ...answer, addresses, ms: answer.ms * times };
}

const ABSENT: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH'];

/** AI_ADDRCONFIG: a family counts when a UDP socket can be connected to its loopback address. */
function configured(
  world: World,
  view: ViewFacts,
  asked: AskedFamily,
  rules: MuslRules,
  steps: Step[],
): { readonly family: AskedFamily; readonly missing: boolean } | { readonly code: string } | { readonly needs: readonly Need[] } {
  const netns = world.netns(view.netns);
  if (netns === undefined) return { needs: [{ kind: 'netns', netns: view.netns, fact: 'interfaces' }] };
  let family = asked;
  let missing = false;
  for (const [own, other, address] of [
    ['inet', 'inet6', '127.0.0.1'],
    ['inet6', 'inet', '::1'],
  ] as const) {
    if (family === other) continue;
    const reached = reach(world.node, netns, { family: own, address });
    if (reached.kind === 'cannot-tell') return { needs: reached.needs };
    if (reached.kind !== 'errno') continue;
    if (!ABSENT.includes(reached.errno)) return { code: 'EAI_SYSTEM' };
    steps.push({ kind: own === 'inet' ? muslSteps.noIpv4 : muslSteps.noIpv6 });
    if (family === own) {
      // Until 1.2.3 this ended the call at once.
      if (!rules.nodata) return { code: 'EAI_NONAME' };
      missing = true;
    }
    family = other;
  }
  return { family, missing };
}

function finish(answer: NameAnswer, byHost: boolean, steps: readonly Step[], queries: readonly AskedQuery[]): Resolution {
  if (answer.kind === 'unknown') return { outcome: { kind: 'cannot-tell', needs: answer.needs }, steps, queries, elapsedMs: 0 };
  const outcome: ResolutionOutcome =
    answer.kind === 'addresses'
      ? { kind: 'addresses', addresses: answer.addresses, canonicalName: answer.canonicalName }
      : { kind: 'error', error: byHost ? hostError(answer.code) : gaiError(answer.code) };
  return { outcome, steps, queries, elapsedMs: answer.ms };
}

const gaiError = (code: string): ResolveError => ({
  code,
  text: GAI_TEXTS[code] ?? 'Unknown error',
  temporary: code === 'EAI_AGAIN',
  notFound: code === 'EAI_NONAME' || code === 'EAI_NODATA',
});

function hostError(code: string): ResolveError {
  const [name, text] = HOST_ERRORS[code] ?? ['NO_RECOVERY', 'Non-recoverable error'];
  return { code: name, text, temporary: code === 'EAI_AGAIN', notFound: code === 'EAI_NONAME' || code === 'EAI_NODATA' };
}
