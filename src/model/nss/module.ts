/** What a module of the name service switch does. One file each; modules.ts lists them. */
import type { Family } from '../../facts/node-facts.ts';
import type { Addr } from '../address/addr.ts';
import type { NssStatus } from './nsswitch.ts';
import type { HErrno, Run } from './run.ts';

export interface ModuleAnswer {
  readonly status: NssStatus;
  /** Absent: the module leaves h_errno as it was. */
  readonly hErrno?: HErrno;
  /** errno that the module hands back; absent: unchanged. */
  readonly errno?: string;
  readonly addresses?: readonly Addr[];
  /** h_name, which is also the canonical name. */
  readonly name?: string;
  readonly aliases?: readonly string[];
}

export interface NssModule {
  /** gethostbyname4_r: both families in one call. Absent: the caller asks for IPv6, then IPv4. */
  readonly both?: (run: Run, name: string) => ModuleAnswer;
  /** gethostbyname2_r; with `canonical` gethostbyname3_r, where the module has it. */
  readonly byName: (run: Run, name: string, family: Family, canonical?: boolean) => ModuleAnswer;
  /** gethostbyname_r, where it is not gethostbyname2_r for IPv4. */
  readonly plain?: (run: Run, name: string) => ModuleAnswer;
  /** gethostbyaddr_r. Absent: the module has no such function. */
  readonly byAddress?: (run: Run, address: Addr) => ModuleAnswer;
  /** A status that the module has whether or not it is installed, for this name: nothing need be known about the installation then. */
  readonly neverAnswers?: (run: Run, name: string) => boolean;
}

export const notFound: ModuleAnswer = { status: 'NOTFOUND', hErrno: 'HOST_NOT_FOUND' };
