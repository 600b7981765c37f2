/**
 * How a Go program with cgo asks its C library (golang/go src/net/cgo_unix.go, cgo_linux.go): getaddrinfo with AI_CANONNAME,
 * AI_V4MAPPED and AI_ALL (which count for ip6 alone), SOCK_STREAM, and what Go prints for its errors. Mapped addresses are IPv4 to Go.
 */
import type { ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { AskedFamily, Call, Resolution, ResolvedAddress, ResolveError, Step, World } from '../types.ts';
import { goErrnoText } from '../dial/errno-texts.ts';
import { glibc } from '../glibc/stack.ts';
import { muslStack } from '../musl/stack.ts';
import { dnsError, NO_SUCH_HOST } from './errors.ts';
import { parseGoAddress } from './ip-literal.ts';
import { goSteps } from './steps.ts';
import type { GoRules } from './version-rules.ts';

export function resolveWithLibc(
  world: World,
  view: ViewFacts,
  rules: GoRules,
  network: 'ip' | 'ip4' | 'ip6',
  name: string,
  steps: Step[],
): Resolution {
  const libc = valueOf(view.libc);
  if (libc === undefined || libc.kind === 'none') {
    return { outcome: { kind: 'cannot-tell', needs: [{ kind: 'view', view: view.id, fact: 'libc' }] }, steps, queries: [], elapsedMs: 0 };
  }
  const family: AskedFamily = network === 'ip' ? 'unspec' : network === 'ip4' ? 'inet' : 'inet6';
  const call: Call = { call: 'getaddrinfo', family, flags: ['AI_CANONNAME', 'AI_V4MAPPED', 'AI_ALL'], socktype: 'stream' };
  // A release that nobody saw counts as the newest.
  const version = libc.version ?? (libc.kind === 'musl' ? muslStack : glibc).versions.to;
  const answer =
    libc.kind === 'musl' ? muslStack.resolve(world, view, version, call, name) : glibc.resolve(world, view, version, call, name);
  steps.push({ kind: goSteps.askedLibc, values: { libc: `${libc.kind} ${version}`, family }, inner: answer.steps });
  if (answer.outcome.kind === 'addresses') {
    const addresses = answer.outcome.addresses.map(asGo);
    return { ...answer, outcome: { ...answer.outcome, addresses }, steps };
  }
  if (answer.outcome.kind !== 'error') return { ...answer, steps };
  return { ...answer, outcome: { kind: 'error', error: goErrorOf(answer.outcome.error, rules, name) }, steps };
}

/** As Go prints it: without ::ffff:. */
const asGo = (address: ResolvedAddress): ResolvedAddress =>
  address.family === 'inet' ? address : { ...address, ...parseGoAddress(address.address) };

/** Errnos that getaddrinfo may leave behind, in Go's words (syscall/zerrors_linux_amd64.go). */
const MORE_ERRNO_TEXTS: Readonly<Record<string, string>> = {
  EBUSY: 'device or resource busy',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files in system',
  ENOENT: 'no such file or directory',
  ENOMEM: 'cannot allocate memory',
  EIO: 'input/output error',
  ELOOP: 'too many levels of symbolic links',
  EISDIR: 'is a directory',
  EAGAIN: 'resource temporarily unavailable',
  EINTR: 'interrupted system call',
  ENOTCONN: 'transport endpoint is not connected',
};

/** Go's words for a getaddrinfo error. */
function goErrorOf(error: ResolveError, rules: GoRules, name: string): ResolveError {
  if (error.code === 'EAI_NONAME' || (error.code === 'EAI_NODATA' && rules.nodataIsNoSuchHost)) return dnsError(name, NO_SUCH_HOST);
  if (error.code === 'EAI_SYSTEM') {
    // getaddrinfo may leave errno at 0: Go then says EMFILE (golang/go issue 6232).
    const errno = error.errno ?? 'EMFILE';
    return dnsError(name, { code: errno, errno, text: MORE_ERRNO_TEXTS[errno] ?? goErrnoText(errno) });
  }
  return dnsError(name, { code: error.code, text: error.text, temporary: error.code === 'EAI_AGAIN' });
}
