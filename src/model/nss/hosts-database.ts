/** The services of the hosts database of a view, as its libc reads them. */
import type { NssService } from './nsswitch.ts';
import { parseNsswitch, parseServiceList, type NsswitchGrammar } from './nsswitch.ts';
import { atLine, openFile, step, type Run } from './run.ts';
import { nssSteps } from './steps.ts';

const PATH = '/etc/nsswitch.conf';

export type HostsDatabase =
  | { readonly kind: 'services'; readonly services: readonly NssService[] }
  /** The file is refused: no service at all, errno EINVAL. */
  | { readonly kind: 'rejected' };

const defaults = new Map<string, readonly NssService[]>();

function defaultServices(text: string): readonly NssService[] {
  let services = defaults.get(text);
  if (services === undefined) {
    services = parseServiceList(text, true).services;
    defaults.set(text, services);
  }
  return services;
}

const names = new WeakMap<readonly NssService[], string>();
const namesOf = (services: readonly NssService[]): string => {
  let text = names.get(services);
  if (text === undefined) {
    text = services.map((s) => s.name).join(' ');
    names.set(services, text);
  }
  return text;
};

export function hostsDatabase(run: Run): HostsDatabase {
  const opened = openFile(run, PATH);
  if ('content' in opened) {
    const grammar: NsswitchGrammar =
      run.rules.nsswitchGrammar === 'reject-file' ? 'from-2.33' : run.rules.nsswitchMerge ? 'to-2.32' : 'to-2.23';
    const file = parseNsswitch(opened.content, grammar);
    if (file.rejected !== undefined) {
      step(run, nssSteps.rejected, undefined, atLine(run, PATH, file.rejected.line, file.rejected.text));
      return { kind: 'rejected' };
    }
    for (const { line, text } of file.problems) step(run, nssSteps.cut, undefined, atLine(run, PATH, line, text));
    const found = file.databases.get('hosts');
    if (found !== undefined) {
      step(run, nssSteps.order, { services: namesOf(found.services) }, atLine(run, PATH, found.line, found.text));
      return { kind: 'services', services: found.services };
    }
  }
  const services = defaultServices(run.rules.defaultHosts);
  step(run, nssSteps.defaultOrder, { services: run.rules.defaultHosts }, atLine(run, PATH));
  return { kind: 'services', services };
}
