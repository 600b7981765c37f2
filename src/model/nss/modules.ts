/** The modules that can be named on the hosts line, and whether one is installed in a view. A new module adds its file and a line here. */
import { dnsModule } from './dns.ts';
import { filesModule } from './files.ts';
import type { NssModule } from './module.ts';
import { myhostnameModule } from './myhostname.ts';
import { otherModules } from './other-modules.ts';
import { resolveModule } from './resolve.ts';
import { needView, NeedsFacts, type Run } from './run.ts';

const modules: ReadonlyMap<string, NssModule> = new Map<string, NssModule>([
  ['files', filesModule],
  ['dns', dnsModule],
  ['myhostname', myhostnameModule],
  ['resolve', resolveModule],
  ...Object.entries(otherModules),
]);

/**
 * The module behind a service name, or undefined when it cannot be loaded. files and dns are part of libc from 2.34 and of its package
 * before, so only a list that lacks them says otherwise. A static program of an older libc loads even these from the system.
 */
export function loadModule(run: Run, service: string, name: string): NssModule | undefined {
  const found = modules.get(service);
  const own = service === 'files' || service === 'dns';
  if (own && run.rules.modulesBuiltIn) return found;
  const installed = run.view.nssModules;
  if (installed.state === 'known') return installed.value.includes(service) ? (found ?? unknownModule(run, service, name)) : undefined;
  if (installed.state === 'absent') return undefined;
  if (own && !run.isStatic) return found;
  if (found?.neverAnswers?.(run, name) === true) return found;
  throw new NeedsFacts([needView(run, 'nssModules')]);
}

function unknownModule(run: Run, service: string, name: string): never {
  throw new NeedsFacts([
    { kind: 'ask', what: UNKNOWN, command: `getent -s ${service} ahosts ${name}`, values: { service, name, view: run.view.id } },
  ]);
}

const UNKNOWN = {
  en: 'What does the service {service} answer for {name} in {view}?',
  zh: '{view} 中的服务 {service} 对 {name} 的应答是什么？',
};
