/**
 * Walking the services for one function, as gethostbyname and its kin do (glibc nss/getXXbyYY_r.c, nss/nsswitch.c __nss_next2).
 * A service without module or function is passed over in silence while its UNAVAIL action is continue; the status of the last one that
 * was really called stands. getaddrinfo has its own loop: glibc/nss-addresses.ts.
 */
import type { ModuleAnswer, NssModule } from './module.ts';
import { loadModule } from './modules.ts';
import type { NssService, NssStatus } from './nsswitch.ts';
import { readHostConfLate } from '../glibc/res-state.ts';
import { hostsDatabase } from './hosts-database.ts';
import { step, type Run } from './run.ts';
import { nssSteps } from './steps.ts';

export interface WalkResult {
  readonly status: NssStatus;
  readonly answer?: ModuleAnswer;
  /** What the function returns: '' is 0, else an errno name. h_errno is in the process state. */
  readonly rc: string;
}

type CallModule = (module: NssModule) => ModuleAnswer | undefined;

export function walkHosts(run: Run, name: string, call: CallModule): WalkResult {
  const database = hostsDatabase(run);
  let status: NssStatus = 'UNAVAIL';
  let answer: ModuleAnswer | undefined;
  let any = false;
  let merging: ModuleAnswer | undefined;
  if (database.kind === 'rejected') run.errno = 'EINVAL';
  else {
    for (const service of database.services) {
      const got = callService(run, service, name, call, any);
      if (got === undefined) {
        if (service.actions.UNAVAIL !== 'continue') break;
        continue;
      }
      any = true;
      status = got.status;
      answer = got;
      if (got.hErrno !== undefined) run.process.hErrno = got.hErrno;
      if (got.errno !== undefined) run.errno = got.errno;
      if (merging !== undefined) {
        // hosts has no merge function: its stub fails with EINVAL. Without success of this service the result of the one before is still there.
        run.errno = 'EINVAL';
        if (status === 'SUCCESS') {
          status = 'UNAVAIL';
          merging = undefined;
        } else {
          status = 'SUCCESS';
          answer = merging;
        }
      }
      if (service.actions[status] === 'merge' && status === 'SUCCESS') {
        run.errno = 'EINVAL';
        status = 'UNAVAIL';
        merging = answer;
        if (run.rules.mergeEndsWalk) break;
      }
      const action = service.actions[status];
      step(run, nssSteps.result, { service: service.name, status, action });
      if (action === 'return') break;
    }
  }
  return finish(run, status, answer, any);
}

function callService(run: Run, service: NssService, name: string, call: CallModule, any: boolean): ModuleAnswer | undefined {
  const module = loadModule(run, service.name, name);
  if (module !== undefined && !any) readHostConfLate(run);
  const got = module === undefined ? undefined : call(module);
  if (got === undefined) step(run, nssSteps.moduleMissing, { service: service.name });
  return got;
}

function finish(run: Run, status: NssStatus, answer: ModuleAnswer | undefined, any: boolean): WalkResult {
  const { rules, process } = run;
  if (rules.unavailIsInternal && status === 'UNAVAIL') process.hErrno = 'NETDB_INTERNAL';
  else if (status === 'UNAVAIL' && !any && run.errno !== 'ENOENT') process.hErrno = 'NETDB_INTERNAL';
  else if (status !== 'SUCCESS' && !any) process.hErrno = 'NO_RECOVERY';
  let rc = '';
  if (status === 'TRYAGAIN' && process.hErrno !== 'NETDB_INTERNAL') rc = 'EAGAIN';
  else if (status === 'TRYAGAIN' || status === 'UNAVAIL') rc = run.errno;
  return { status, rc, ...(status === 'SUCCESS' && answer !== undefined ? { answer } : {}) };
}
