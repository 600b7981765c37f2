/**
 * The loop of getaddrinfo over the services: which function of a module is called for a family, and which error comes out.
 *
 *   AF_UNSPEC    gethostbyname4_r if the module has it, else gethostbyname2_r for AF_INET6, then for AF_INET
 *   AF_INET6     AF_INET6; with AI_V4MAPPED also AF_INET, when AI_ALL is set or no IPv6 address was found
 *   AF_INET      with AI_CANONNAME only (2.19+); without, the whole gethostbyname2 path is taken: gethostby.ts
 *
 * Source: glibc getaddrinfo.c gaih_inet / get_nss_addresses at 2.12, 2.17, 2.18, 2.23, 2.26, 2.27, 2.36, 2.43.
 */
import type { Family } from '../../facts/node-facts.ts';
import { mapIpv4 } from '../address/address.ts';
import { addrOf, type Addr } from '../address/addr.ts';
import { hostsDatabase } from '../nss/hosts-database.ts';
import type { ModuleAnswer, NssModule } from '../nss/module.ts';
import { loadModule } from '../nss/modules.ts';
import type { NssStatus } from '../nss/nsswitch.ts';
import { step, type HErrno, type Run } from '../nss/run.ts';
import { nssSteps } from '../nss/steps.ts';
import type { AiFlag, AskedFamily } from '../types.ts';
import type { GaiCode } from './errors.ts';
import { readSettings } from './res-state.ts';
import { glibcSteps } from './steps.ts';

export type NssAddresses =
  | { readonly ok: true; readonly addresses: readonly Addr[]; readonly canonical?: string }
  | { readonly ok: false; readonly code: GaiCode; readonly errno?: string };

/** no: there may be data; yes: the service says there is none; again: it could not tell. */
type NoData = 'no' | 'yes' | 'again';

export function nssAddresses(run: Run, name: string, family: AskedFamily, flags: readonly AiFlag[]): NssAddresses {
  return new Lookup(run, name, family, flags).run();
}

class Lookup {
  readonly #run: Run;
  readonly #name: string;
  readonly #family: AskedFamily;
  readonly #mapped: boolean;
  readonly #all: boolean;
  readonly #wantCanonical: boolean;
  /** To 2.26 h_errno is a local variable of the loop; later it is the one of the thread. */
  #localHErrno: HErrno = 'NETDB_SUCCESS';
  #addresses: Addr[] = [];
  #canonical: string | undefined;
  #gotIpv6 = false;
  #status: NssStatus = 'UNAVAIL';
  #inet6Status: NssStatus = 'UNAVAIL';
  #noData: NoData = 'no';
  #noInet6Data: NoData = 'no';

  constructor(run: Run, name: string, family: AskedFamily, flags: readonly AiFlag[]) {
    this.#run = run;
    this.#name = name;
    this.#family = family;
    this.#mapped = family === 'inet6' && flags.includes('AI_V4MAPPED');
    this.#all = flags.includes('AI_ALL');
    this.#wantCanonical = flags.includes('AI_CANONNAME');
  }

  get #hErrno(): HErrno {
    return this.#run.rules.nodataOfOneFamily ? this.#run.process.hErrno : this.#localHErrno;
  }

  set #hErrno(value: HErrno) {
    this.#localHErrno = value;
    if (this.#run.rules.nodataOfOneFamily) this.#run.process.hErrno = value;
  }

  run(): NssAddresses {
    const run = this.#run;
    readSettings(run, 'getaddrinfo');
    const database = hostsDatabase(run);
    if (database.kind === 'rejected') run.errno = 'EINVAL';
    const services = database.kind === 'rejected' ? [] : database.services;
    if (database.kind === 'services' && services.length === 0) this.#missing();
    let refuseMerge = false;
    for (const [index, service] of services.entries()) {
      if (!run.rules.joinsOnContinue) {
        if (refuseMerge) {
          this.#reset();
          this.#hErrno = 'NETDB_INTERNAL';
          run.errno = 'EBUSY';
          break;
        }
        this.#reset();
      }
      this.#noData = 'no';
      const module = loadModule(run, service.name, this.#name);
      if (module === undefined) {
        step(run, nssSteps.moduleMissing, { service: service.name });
        this.#missing();
      } else if (module.both !== undefined && (this.#family === 'unspec' || run.rules.pairForEveryFamily))
        this.#pair(module.both(run, this.#name));
      else {
        const code = this.#oneByOne(module);
        if (code !== undefined) return this.#failure(code);
      }
      const action = service.actions[this.#status];
      step(run, nssSteps.result, { service: service.name, status: this.#status, action });
      if (action === 'return') break;
      if (this.#status === 'SUCCESS' && index + 1 < services.length) {
        if (run.rules.joinsOnContinue) step(run, glibcSteps.joined);
        else step(run, glibcSteps.discarded, { action, service: service.name });
      }
      refuseMerge = action === 'merge';
    }
    return this.#result();
  }

  #reset(): void {
    this.#addresses = [];
    this.#canonical = undefined;
    this.#gotIpv6 = false;
  }

  #missing(): void {
    this.#status = 'UNAVAIL';
    if (!this.#run.rules.missingModuleIsBusy) {
      // 2.18 to 2.26 look at what an earlier service left in errno.
      if (this.#run.errno === '') this.#run.errno = 'ENOENT';
      else if (this.#run.errno !== 'ENOENT' && !this.#run.rules.unavailIsInternal) this.#hErrno = 'NETDB_INTERNAL';
      return;
    }
    this.#hErrno = 'NETDB_INTERNAL';
    this.#run.errno = 'EBUSY';
  }

  #note(answer: ModuleAnswer): void {
    if (answer.hErrno !== undefined) this.#hErrno = answer.hErrno;
    this.#status = answer.status;
  }

  #pair(answer: ModuleAnswer): void {
    this.#note(answer);
    if (answer.status === 'SUCCESS') {
      this.#noData = 'yes';
      this.#canonical ??= this.#wantCanonical ? answer.name : undefined;
      for (const address of answer.addresses ?? []) {
        const kept = this.#keep(address);
        if (kept === undefined) continue;
        this.#addresses.push(kept);
        this.#noData = 'no';
        if (this.#family === 'inet6' && address.family === 'inet6') this.#gotIpv6 = true;
      }
    } else if (this.#hErrno === 'TRY_AGAIN' && (this.#run.rules.againOnUnavail || answer.status === 'TRYAGAIN')) this.#noData = 'again';
    else this.#noData = this.#hErrno === 'NO_DATA' ? 'yes' : 'no';
    this.#noInet6Data = this.#noData;
  }

  /** The address as this family's answer, or undefined when it is none. */
  #keep(address: Addr): Addr | undefined {
    if (this.#family === 'unspec' || address.family === this.#family) return address;
    return this.#mapped && address.family === 'inet' ? addrOf(mapIpv4(address.bytes)) : undefined;
  }

  #oneByOne(module: NssModule): GaiCode | undefined {
    if (this.#family !== 'inet') {
      const code = this.#hosts(module, 'inet6');
      if (code !== undefined) return code;
      this.#noInet6Data = this.#noData;
      this.#inet6Status = this.#status;
    }
    if (this.#family !== 'inet6' || (this.#mapped && (this.#all || !this.#gotIpv6))) {
      const code = this.#hosts(module, 'inet');
      if (code !== undefined) return code;
      if (this.#family === 'inet') {
        this.#noInet6Data = this.#noData;
        this.#inet6Status = this.#status;
      }
    }
    if (this.#inet6Status === 'SUCCESS' || this.#status === 'SUCCESS') this.#status = 'SUCCESS';
    else if (this.#inet6Status === 'TRYAGAIN') this.#status = 'TRYAGAIN';
    else if (this.#status === 'UNAVAIL' && this.#inet6Status !== 'UNAVAIL') this.#status = this.#inet6Status;
    return undefined;
  }

  #hosts(module: NssModule, family: Family): GaiCode | undefined {
    const answer = module.byName(this.#run, this.#name, family, this.#wantCanonical);
    this.#noData = 'no';
    this.#note(answer);
    if (answer.errno !== undefined && this.#run.rules.nodataOfOneFamily) this.#run.errno = answer.errno;
    if (answer.status !== 'SUCCESS') {
      // To 2.26 h_errno counts only when the module also hands back an errno.
      if (!this.#run.rules.nodataOfOneFamily && answer.errno === undefined) return undefined;
      if (this.#hErrno === 'NETDB_INTERNAL') return 'EAI_SYSTEM';
      if (this.#hErrno === 'TRY_AGAIN') this.#noData = 'again';
      else this.#noData = this.#hErrno === 'NO_DATA' ? 'yes' : 'no';
      return undefined;
    }
    for (const address of answer.addresses ?? []) {
      const kept = this.#keep(address);
      if (kept !== undefined) this.#addresses.push(kept);
    }
    if (family === 'inet6') this.#gotIpv6 = true;
    if (this.#wantCanonical) this.#canonical ??= answer.name;
    return undefined;
  }

  #result(): NssAddresses {
    const { rules } = this.#run;
    if (rules.unavailIsInternal) {
      if (this.#status === 'UNAVAIL') return this.#failure('EAI_SYSTEM');
    } else if (
      this.#hErrno === 'NETDB_INTERNAL' &&
      (this.#status === 'UNAVAIL' || (this.#status === 'TRYAGAIN' && rules.nodataOfOneFamily))
    ) {
      return this.#failure('EAI_SYSTEM');
    }
    if (this.#noData !== 'no' && this.#noInet6Data !== 'no') {
      return this.#failure(this.#noData === 'again' && this.#noInet6Data === 'again' ? 'EAI_AGAIN' : 'EAI_NODATA');
    }
    if (this.#addresses.length === 0) return this.#failure('EAI_NONAME');
    const dropMapped = this.#gotIpv6 && this.#mapped && !this.#all;
    const addresses = dropMapped ? this.#addresses.filter((a) => !a.text.startsWith('::ffff:') || a.bytes[10] !== 0xff) : this.#addresses;
    if (addresses.length === 0) return this.#failure('EAI_NONAME');
    return { ok: true, addresses, ...(this.#canonical === undefined ? {} : { canonical: this.#canonical }) };
  }

  #failure(code: GaiCode): NssAddresses {
    return { ok: false, code, ...(code === 'EAI_SYSTEM' && this.#run.errno !== '' ? { errno: this.#run.errno } : {}) };
  }
}
