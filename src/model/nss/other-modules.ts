/**
 * Modules that answer from somewhere Culprit cannot read: what is known is when they step aside.
 *
 *   mdns, mdns4, mdns6, *_minimal    names outside .local: UNAVAIL; avahi not running: UNAVAIL; *_minimal: exactly two labels;
 *                                    two labels and DNS has a SOA of `local.`: UNAVAIL
 *   sss                              sssd not running: UNAVAIL; else NOTFOUND (its hosts are those of an IPA or LDAP domain)
 *   mymachines                       no message bus: UNAVAIL; else NOTFOUND (names of local containers registered with machined)
 *   wins, winbind, nis, nisplus, hesiod, ldap, db    not set up: UNAVAIL
 *
 * Sources: nss-mdns README and src/nss.c 0.10 to 0.15, sssd-nss(8), nss-mymachines(8).
 * Not modelled: nss-mdns before 0.14, which asks for no SOA, /etc/mdns.allow with other domains.
 */
import type { Family } from '../../facts/node-facts.ts';
import { addrFrom } from '../address/addr.ts';
import { queryOnly } from '../glibc/res-search.ts';
import { resolvConf } from '../glibc/res-state.ts';
import { asciiLower } from './ascii.ts';
import { notFound, type ModuleAnswer, type NssModule } from './module.ts';
import { NeedsFacts, step, type Run } from './run.ts';
import { serviceSocket } from './socket.ts';
import { moduleSteps } from './steps.ts';

const ASIDE: ModuleAnswer = { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'EINVAL' };
const DOWN: ModuleAnswer = { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'ETIMEDOUT' };

/**
 * What multicast answers, only a look-up tells. One that failed ended at this module; one that succeeded was answered by it, since
 * the module's "not found" is final where it is asked at all.
 */
function fromRun(run: Run, name: string): ModuleAnswer {
  const seen = run.world.node.runs.find((r) => r.view === run.view.id && r.name === name && r.client === 'getent-ahosts');
  if (seen === undefined) throw new NeedsFacts([{ kind: 'run', view: run.view.id, client: 'getent-ahosts', name }]);
  const addresses = [...new Set(seen.stdout.split('\n').flatMap((line) => line.split(/[ \t]/u, 1)))].filter((a) => a !== '');
  const found = addresses.flatMap((text) => addrFrom(text) ?? []);
  return found.length === 0 ? notFound : { status: 'SUCCESS', addresses: found };
}

const isTwoLabels = (name: string): boolean => /^[^.]+\.local\.?$/u.test(asciiLower(name));

/** Is there a zone `local.` in DNS? Not seen: no, as nearly everywhere; where multicast is asked, a real look-up tells anyway. */
function localSoa(run: Run): boolean {
  try {
    return queryOnly(run, resolvConf(run), 'local', 'SOA').ok;
  } catch (error) {
    if (error instanceof NeedsFacts) return false;
    throw error;
  }
}

function mdns(module: string, minimal: boolean, only: Family | undefined): NssModule {
  const isMine = (name: string): boolean => (minimal ? isTwoLabels(name) : /\.local\.?$/u.test(asciiLower(name)));
  const answer = (run: Run, name: string, family: Family | 'unspec'): ModuleAnswer => {
    if (!isMine(name) || (only !== undefined && family !== 'unspec' && family !== only)) {
      step(run, moduleSteps.notMine, { module, name });
      return ASIDE;
    }
    if (isTwoLabels(name) && localSoa(run)) {
      step(run, moduleSteps.dnsHasLocal, { module, name });
      return ASIDE;
    }
    if (serviceSocket(run, 'avahi').kind === 'none') {
      step(run, moduleSteps.serviceDown, { module, socket: '/run/avahi-daemon/socket' });
      return DOWN;
    }
    return fromRun(run, name);
  };
  return {
    both: (run, name) => answer(run, name, 'unspec'),
    byName: answer,
    // mdns6 asks for IPv6 addresses even here.
    plain: (run, name) => answer(run, name, only ?? 'inet'),
    byAddress: () => ASIDE,
    neverAnswers: (_run, name) => !isMine(name),
  };
}

function behindSocket(module: string, service: 'sssd' | 'dbus', socket: string): NssModule {
  const answer = (run: Run, name: string): ModuleAnswer => {
    if (serviceSocket(run, service).kind === 'none') {
      step(run, moduleSteps.serviceDown, { module, socket });
      return { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'ENOENT' };
    }
    step(run, moduleSteps.nobody, { module, name });
    return notFound;
  };
  return { byName: answer, byAddress: (run, address) => answer(run, address.text) };
}

/** A service that nobody set up on a node of this kind. */
const notSetUp = (module: string): NssModule => {
  const answer = (run: Run, name: string): ModuleAnswer => {
    step(run, moduleSteps.notMine, { module, name });
    return { status: 'UNAVAIL', hErrno: 'NO_RECOVERY', errno: 'EAGAIN' };
  };
  return { byName: answer, byAddress: (run, address) => answer(run, address.text), neverAnswers: () => true };
};

export const otherModules: Readonly<Record<string, NssModule>> = {
  mdns: mdns('mdns', false, undefined),
  mdns4: mdns('mdns4', false, 'inet'),
  mdns6: mdns('mdns6', false, 'inet6'),
  mdns_minimal: mdns('mdns_minimal', true, undefined),
  mdns4_minimal: mdns('mdns4_minimal', true, 'inet'),
  mdns6_minimal: mdns('mdns6_minimal', true, 'inet6'),
  sss: behindSocket('sss', 'sssd', '/var/lib/sss/pipes/nss'),
  mymachines: behindSocket('mymachines', 'dbus', '/run/dbus/system_bus_socket'),
  wins: notSetUp('wins'),
  winbind: notSetUp('winbind'),
  nis: notSetUp('nis'),
  nisplus: notSetUp('nisplus'),
  hesiod: notSetUp('hesiod'),
  ldap: notSetUp('ldap'),
  db: notSetUp('db'),
  compat: notSetUp('compat'),
};
