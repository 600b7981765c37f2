/**
 * How net.Dial uses the addresses of a name (golang/go src/net/dial.go).
 *
 *   primaries: addresses of the first one's family, tried in turn; fallbacks: the others, started after 300 ms or when the primaries
 *   have all failed; the first success wins; when all fail, the primaries' first error is the one that is printed
 */
import type { ViewFacts } from '../../facts/node-facts.ts';
import type { DialAttempt, Need, ResolvedAddress, ResolveError, Step, World } from '../types.ts';
import { dialAddress } from '../dial/dial.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import { noSuitableAddress } from './errors.ts';
import { joinHostPort, printAddress } from './ip-literal.ts';
import { goSteps } from './steps.ts';

const FALLBACK_DELAY_MS = 300;

export interface GoDial {
  /** In the order started. */
  readonly attempts: readonly DialAttempt[];
  readonly outcome:
    /** `address` is absent where one of several may win. */
    | { readonly kind: 'works'; readonly address?: ResolvedAddress }
    | { readonly kind: 'fails'; readonly attempt: DialAttempt; readonly errno: string }
    | { readonly kind: 'fails'; readonly error: ResolveError }
    | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };
  /** What err.Error() says; absent on success and where it cannot be told. */
  readonly text?: string;
  readonly steps: readonly Step[];
  readonly elapsedMs: number;
}

/** OpError.Error of a failed look-up: `dial tcp: lookup …`. */
export const dialLookupText = (error: ResolveError, network = 'tcp'): string => `dial ${network}: ${error.text}`;

/** `dial tcp ADDRESS:PORT: connect: WORDS`. */
export function dialErrorText(attempt: DialAttempt, errno: string, network = 'tcp'): string {
  const target = joinHostPort(printAddress(attempt.address), attempt.port ?? 0);
  const call = attempt.stage === 'socket' ? 'socket' : 'connect';
  return `dial ${network} ${target}: ${call}: ${goErrnoText(errno)}`;
}

/** Addresses tried one after the other. */
interface Series {
  readonly attempts: readonly DialAttempt[];
  readonly ms: number;
  readonly connected?: ResolvedAddress;
  /** Something before the end could not be told. */
  readonly unknown: readonly Need[];
}

function series(world: World, view: ViewFacts, addresses: readonly ResolvedAddress[], port: number | undefined): Series {
  const netns = world.netns(view.netns);
  const attempts: DialAttempt[] = [];
  const unknown: Need[] = [];
  let ms = 0;
  for (const address of addresses) {
    const attempt = dialAddress(world, netns, address, port, 'tcp');
    attempts.push(attempt);
    ms += attempt.elapsedMs;
    if (attempt.outcome.kind === 'cannot-tell') unknown.push(...attempt.outcome.needs);
    if (attempt.outcome.kind === 'connected') return { attempts, ms, connected: address, unknown };
  }
  return { attempts, ms, unknown };
}

/** Dials the addresses of a look-up, in its order, without a deadline. Without a port: can they be reached? */
export function goDial(world: World, view: ViewFacts, addresses: readonly ResolvedAddress[], port: number | undefined, name = ''): GoDial {
  const first = addresses[0];
  if (first === undefined) {
    const error = noSuitableAddress(name);
    return { attempts: [], outcome: { kind: 'fails', error }, text: dialLookupText(error), steps: [], elapsedMs: 0 };
  }
  const steps: Step[] = [];
  const fallbackAddresses = addresses.filter((a) => a.family !== first.family);
  const primary = series(
    world,
    view,
    addresses.filter((a) => a.family === first.family),
    port,
  );
  if (fallbackAddresses.length > 0)
    steps.push({ kind: goSteps.dialPartition, values: { others: fallbackAddresses.map(printAddress).join(', ') } });
  if (
    fallbackAddresses.length === 0 ||
    (primary.connected !== undefined && primary.unknown.length === 0 && primary.ms < FALLBACK_DELAY_MS)
  ) {
    return finish([primary], primary.ms, steps);
  }
  const fallback = series(world, view, fallbackAddresses, port);
  const start = primary.connected === undefined ? Math.min(primary.ms, FALLBACK_DELAY_MS) : FALLBACK_DELAY_MS;
  const end = start + fallback.ms;
  // The fallback wins when it connects first.
  const both =
    fallback.connected !== undefined && (primary.connected === undefined || end < primary.ms) ? [fallback, primary] : [primary, fallback];
  const winners = [primary.connected === undefined ? undefined : primary.ms, fallback.connected === undefined ? undefined : end].filter(
    (t) => t !== undefined,
  );
  return finish(both, winners.length > 0 ? Math.min(...winners) : Math.max(primary.ms, end), steps, primary);
}

/** `order`: the series that counts first; `shown`: whose error is printed. */
function finish(order: readonly Series[], elapsedMs: number, said: readonly Step[], shown = order[0]): GoDial {
  const attempts = order.flatMap((one) => one.attempts);
  const steps = [...said, ...attempts.flatMap((a) => a.steps)];
  const winner = order.find((one) => one.connected !== undefined);
  const needs = order.flatMap((one) => one.unknown);
  if (winner?.connected !== undefined) {
    return { attempts, outcome: needs.length === 0 ? { kind: 'works', address: winner.connected } : { kind: 'works' }, steps, elapsedMs };
  }
  if (needs.length > 0) return { attempts, outcome: { kind: 'cannot-tell', needs }, steps, elapsedMs };
  const attempt = shown?.attempts[0];
  if (attempt === undefined) return { attempts, outcome: { kind: 'cannot-tell', needs: [] }, steps, elapsedMs };
  const errno = attempt.outcome.kind === 'errno' ? attempt.outcome.errno : 'ETIMEDOUT';
  if (attempts.length > 1) steps.push({ kind: goSteps.dialFirstErrorShown });
  return { attempts, outcome: { kind: 'fails', attempt, errno }, text: dialErrorText(attempt, errno), steps, elapsedMs };
}
