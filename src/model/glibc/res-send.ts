/**
 * Sending one question, or an A and AAAA pair, to the servers of resolv.conf: order, waiting, and what counts as an answer.
 *
 *   for each attempt, for each server k:   wait timeout (k = 0) or timeout * 2^k / servers, at least one second
 *     SERVFAIL NOTIMP REFUSED, lame referral     next server        (over TCP they are final)
 *     ICMP or socket error                       next server at once
 *     truncated                                  the same server and all later ones over TCP, no further attempt
 *     anything else                              final
 *
 * A pair goes out back to back on one socket. With one of two answers missing the resolver asks again one after the other, then again
 * with a new socket between, then uses what it has; without the A answer the second turn ends it.
 * Source: glibc resolv/res_send.c at 2.12, 2.17, 2.23, 2.26 to 2.43. Not modelled: the random start of `rotate` (2.26+ starts at the first
 * server here), a server that closes a TCP connection between two answers, malformed packets.
 */
import type { DnsRecord } from '../../facts/node-facts.ts';
import { exchange, type Exchange } from '../dns/exchange.ts';
import { reach } from '../dial/reach.ts';
import { splitZone } from '../address/address.ts';
import { NeedsFacts, step, type Run } from '../nss/run.ts';
import type { Need } from '../types.ts';
import { dnsSteps } from './dns-steps.ts';
import type { ResolvConf } from './resolv-conf.ts';

export interface DnsAnswer {
  readonly type: string;
  readonly rcode: string;
  readonly answers: readonly DnsRecord[];
}

/**
 * What the resolver holds at the end. `first` and `second` are its two answer buffers, in order of arrival; a buffer without a
 * usable answer is undefined. `firstRcode`: the rcode that the last packet written to the first buffer had.
 */
export type SendResult =
  | { readonly ok: true; readonly first: DnsAnswer | undefined; readonly second: DnsAnswer | undefined; readonly firstRcode: string }
  | { readonly ok: false; readonly errno: string; readonly firstRcode: string };

interface Turn {
  /** done: an answer to use; next: next server; stop: give up at once; tcp: ask this server again over TCP. */
  readonly kind: 'done' | 'next' | 'stop' | 'tcp';
  readonly first?: DnsAnswer | undefined;
  readonly second?: DnsAnswer | undefined;
  readonly errno?: string;
}

type Reply = Extract<Exchange, { kind: 'answer' }>;

/** `plain`: without EDNS, whatever the options say. */
export function send(run: Run, conf: ResolvConf, name: string, types: readonly string[], plain = false): SendResult {
  return new Sender(run, conf, name, types, plain).send();
}

class Sender {
  readonly #run: Run;
  readonly #conf: ResolvConf;
  readonly #name: string;
  readonly #types: readonly string[];
  readonly #edns: boolean;
  #firstRcode = 'NOERROR';
  #gotSomewhere = false;

  constructor(run: Run, conf: ResolvConf, name: string, types: readonly string[], plain: boolean) {
    this.#run = run;
    this.#conf = conf;
    this.#name = name;
    this.#types = types;
    this.#edns = !plain && conf.options.has('edns0') && !run.process.ednsFailed;
  }

  send(): SendResult {
    const { servers } = this.#conf;
    if (servers.length === 0) return { ok: false, errno: 'ESRCH', firstRcode: 'NOERROR' };
    let tcp = this.#conf.options.has('use-vc');
    let tcpErrno = 'ETIMEDOUT';
    const start = this.#rotation();
    for (let attempt = 0; attempt < this.#conf.attempts; attempt++) {
      for (let turn = 0; turn < servers.length; turn++) {
        const index = (start + turn) % servers.length;
        const server = servers[index];
        if (server === undefined) continue;
        let result = tcp ? this.#overTcp(server.address) : this.#overUdp(server.address, index);
        if (result.kind === 'tcp') {
          tcp = true;
          result = this.#overTcp(server.address);
        }
        if (tcp) attempt = this.#conf.attempts;
        if (result.kind === 'done') return { ok: true, first: result.first, second: result.second, firstRcode: this.#firstRcode };
        if (result.kind === 'stop') return { ok: false, errno: result.errno ?? '', firstRcode: this.#firstRcode };
        if (tcp && result.errno !== undefined) tcpErrno = result.errno;
      }
    }
    const errno = tcp ? tcpErrno : this.#gotSomewhere ? 'ETIMEDOUT' : 'ECONNREFUSED';
    return { ok: false, errno, firstRcode: this.#firstRcode };
  }

  #rotation(): number {
    const { process, rules } = this.#run;
    if (!this.#conf.options.has('rotate') || this.#conf.servers.length < 2) return 0;
    process.rotated++;
    return (rules.randomRotate ? process.rotated - 1 : process.rotated) % this.#conf.servers.length;
  }

  #waitMs(index: number): number {
    const shifted = this.#conf.timeout * 2 ** index;
    const seconds = index > 0 ? Math.trunc(shifted / this.#conf.servers.length) : shifted;
    return (seconds <= 0 ? 1 : seconds) * 1000;
  }

  #ask(server: string, type: string, transport: 'udp' | 'tcp'): Exchange {
    const run = this.#run;
    const got = exchange(run.world, run.view.netns, server, this.#name, type, transport);
    // A socket call that fails sends nothing; a refusal comes back for a packet that was sent.
    if (got.kind !== 'error' || !got.local) {
      run.queries.push({
        server,
        name: `${this.#name.endsWith('.') ? this.#name.slice(0, -1) : this.#name}.`,
        type,
        transport,
        ...(this.#edns ? { edns: true } : {}),
        ...(this.#conf.options.has('trust-ad') ? { ad: true } : {}),
      });
    }
    return got;
  }

  /** Asks all given types and complains about every one that nobody knows, not only about the first. */
  #askAll(server: string, types: readonly string[], transport: 'udp' | 'tcp'): Exclude<Exchange, { kind: 'unknown' }>[] {
    const needs: Need[] = [];
    const replies: Exclude<Exchange, { kind: 'unknown' }>[] = [];
    for (const type of types) {
      const got = this.#ask(server, type, transport);
      if (got.kind === 'unknown') needs.push(got.need);
      else replies.push(got);
    }
    if (needs.length > 0) throw new NeedsFacts(needs);
    return replies;
  }

  #overUdp(server: string, index: number): Turn {
    const { process } = this.#run;
    const waitMs = this.#waitMs(index);
    const options = this.#conf.options;
    let reopen = options.has('single-request-reopen') || process.singleRequestReopen;
    let single = reopen || options.has('single-request') || process.singleRequest;
    const pair = this.#types.length > 1;
    for (;;) {
      const before = this.#gotSomewhere;
      const turn = this.#round(server, waitMs, pair && single);
      if (turn.kind !== 'half') return turn;
      const sticks = this.#run.rules.singleRequestSticks;
      if (!single) {
        single = true;
        if (sticks) process.singleRequest = true;
      } else if (!reopen) {
        reopen = true;
        if (sticks) process.singleRequestReopen = true;
      } else return { kind: 'done', first: turn.first, second: undefined };
      this.#gotSomewhere = before;
      step(this.#run, dnsSteps.oneAtATime, { server, name: this.#name });
    }
  }

  /** One sending of the question or pair over UDP. `half`: one answer of two came, the other did not in time. */
  #round(server: string, waitMs: number, oneByOne: boolean): Turn | { readonly kind: 'half'; readonly first: DnsAnswer } {
    const pair = this.#types.length > 1;
    const together = oneByOne ? undefined : this.#askAll(server, this.#types, 'udp');
    let arrived = 0;
    let first: DnsAnswer | undefined;
    let bad: DnsAnswer | undefined;
    let lost: string | undefined;
    for (const [position, type] of this.#types.entries()) {
      const reply = together === undefined ? this.#askAll(server, [type], 'udp')[0] : together[position];
      if (reply === undefined) continue;
      if (reply.kind === 'error' && !this.#icmpUnseen(server, reply)) {
        step(this.#run, dnsSteps.serverError, { server, name: this.#name, type, errno: reply.errno });
        return reply.errno === 'EAFNOSUPPORT' ? { kind: 'stop', errno: reply.errno } : { kind: 'next', errno: reply.errno };
      }
      if (reply.kind !== 'answer') {
        lost ??= type;
        if (oneByOne) break;
        continue;
      }
      this.#gotSomewhere = true;
      this.#run.elapsedMs += reply.ms;
      if (arrived === 0) this.#firstRcode = reply.rcode;
      const verdict = this.#judge(server, type, reply);
      if (verdict === 'tcp') return { kind: 'tcp' };
      if (verdict === 'no-edns') return { kind: 'next' };
      if (verdict === 'bad') {
        if (!pair || this.#conf.options.has('strict-error')) return { kind: 'next' };
        // The second answer is an error: the first stands alone, and without a first there is nothing.
        if (arrived > 0) return first === undefined ? { kind: 'next' } : { kind: 'done', first, second: undefined };
        bad = { type, rcode: reply.rcode, answers: [] };
        arrived++;
        if (oneByOne) {
          // The second question is never sent; up to 2.36 its answer is waited for all the same.
          if (this.#run.rules.waitsAfterError) this.#silent(server, this.#types[1] ?? '', waitMs);
          return { kind: 'next' };
        }
        continue;
      }
      const answer: DnsAnswer = { type, rcode: reply.rcode, answers: reply.answers };
      if (!pair) return { kind: 'done', first: answer, second: undefined };
      if (arrived > 0) {
        if (bad !== undefined && this.#run.rules.badFirstAnswerFails) return { kind: 'done', first: bad, second: undefined };
        return { kind: 'done', first, second: answer };
      }
      first = answer;
      arrived++;
    }
    this.#silent(server, lost ?? '', waitMs);
    if (first !== undefined) return { kind: 'half', first };
    this.#gotSomewhere = true;
    return { kind: 'next' };
  }

  /** Before 2.30 a socket did not hear of unreachable hosts and networks: only the time-out ends the wait. */
  #icmpUnseen(server: string, reply: Extract<Exchange, { kind: 'error' }>): boolean {
    if (this.#run.rules.icmpNoticed || reply.local || reply.errno === 'ECONNREFUSED') return false;
    const netns = this.#run.world.netns(this.#run.view.netns);
    if (netns === undefined) return false;
    const { address, zone } = splitZone(server);
    const reached = reach(this.#run.world.node, netns, {
      family: address.includes(':') ? 'inet6' : 'inet',
      address,
      ...(zone === undefined ? {} : { zone }),
    });
    return reached.kind === 'leaves';
  }

  #silent(server: string, type: string, ms: number): void {
    this.#run.elapsedMs += ms;
    step(this.#run, dnsSteps.silent, { server, name: this.#name, type, seconds: ms / 1000 }, undefined, ms);
  }

  #judge(server: string, type: string, reply: Reply): 'good' | 'bad' | 'no-edns' | 'tcp' {
    step(this.#run, dnsSteps.answered, { server, name: this.#name, type, rcode: reply.rcode, count: reply.answers.length });
    if (reply.rcode === 'SERVFAIL' || reply.rcode === 'NOTIMP' || reply.rcode === 'REFUSED') return 'bad';
    if (reply.rcode === 'FORMERR' && this.#edns && this.#run.rules.ednsFallback) {
      this.#run.process.ednsFailed = true;
      return 'no-edns';
    }
    if (reply.rcode === 'NOERROR' && reply.answers.length === 0 && !reply.aa && !reply.ra && reply.additional === 0 && !reply.tc)
      return 'bad';
    return reply.tc ? 'tcp' : 'good';
  }

  /** Both questions go over one connection, the answers come one after the other. Every answer is final, whatever its rcode. */
  #overTcp(server: string): Turn {
    const replies = this.#askAll(server, this.#types, 'tcp');
    const answers: DnsAnswer[] = [];
    for (const [position, reply] of replies.entries()) {
      const type = this.#types[position] ?? '';
      if (reply.kind === 'error') {
        step(this.#run, dnsSteps.serverError, { server, name: this.#name, type, errno: reply.errno });
        return { kind: 'next', errno: reply.errno };
      }
      if (reply.kind === 'silent') {
        // connect(2) to a silent host: six doublings of one second.
        this.#silent(server, type, 127_000);
        return { kind: 'next', errno: 'ETIMEDOUT' };
      }
      this.#run.elapsedMs += reply.ms;
      step(this.#run, dnsSteps.answered, {
        server,
        name: this.#name,
        type: `${type}/TCP`,
        rcode: reply.rcode,
        count: reply.answers.length,
      });
      if (position === 0) this.#firstRcode = reply.rcode;
      answers.push({ type, rcode: reply.rcode, answers: reply.answers });
    }
    return { kind: 'done', first: answers[0], second: answers[1] };
  }
}
