/** The resolver's settings of a view, read once for each combination of files and environment. */
import type { FileContent } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import { parseHostConf, type HostConf } from '../nss/host-conf.ts';
import { hostname, openFile, type Run } from '../nss/run.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';
import type { GlibcRules } from './versions.ts';

const NO_FILE: FileContent = { text: '', encoding: 'utf8' };
const NO_ENV: Readonly<Record<string, string>> = {};

/**
 * Variables of the process. An environment that nobody looked at counts as empty: it belongs to the one process that a client
 * stands for, and these variables are set almost nowhere.
 */
export const environmentOf = (env: Run['view']['env']): Readonly<Record<string, string>> => valueOf(env) ?? NO_ENV;

interface Kept {
  readonly file: FileContent;
  readonly rules: GlibcRules;
  readonly conf: ResolvConf;
}
/** The last reading for each environment object and host name; a view's facts do not change, so this nearly always hits. */
const resolvConfs = new WeakMap<object, Kept>();

export function resolvConf(run: Run): ResolvConf {
  const opened = openFile(run, '/etc/resolv.conf');
  const file = 'content' in opened ? opened.content : NO_FILE;
  const kept = resolvConfs.get(run.view);
  if (kept?.file === file && kept.rules === run.rules) return kept.conf;
  const netns = run.world.netns(run.view.netns);
  const interfaces = netns === undefined ? undefined : valueOf(netns.interfaces);
  const conf = parseResolvConf(
    {
      text: 'content' in opened ? opened.content.text : undefined,
      env: run.env,
      hostname: () => hostname(run),
      interfaceIndex: (name) => interfaces?.find((i) => i.name === name)?.index,
    },
    run.rules,
  );
  resolvConfs.set(run.view, { file, rules: run.rules, conf });
  return conf;
}

/**
 * What a lookup does before it asks anybody: from 2.26 it reads host.conf, which may print, and resolv.conf; before, gethostbyname and
 * gethostbyname2 read resolv.conf alone. A missing file leaves ENOENT in errno, which shows where no service can be called. Files that
 * nobody looked at are not asked for here.
 */
export function readSettings(run: Run, by: 'getaddrinfo' | 'name' | 'address'): void {
  const late = run.rules.settingsReadLate;
  if (by === 'getaddrinfo' || !late) hostConfIfSeen(run);
  const missing = (path: string): boolean => run.view.files[path]?.state === 'absent';
  const noResolvConf = missing('/etc/resolv.conf') && !(late && by === 'address');
  if (noResolvConf || (!late && missing(run.env['RESOLV_HOST_CONF'] ?? '/etc/host.conf'))) run.errno = 'ENOENT';
}

/** Up to 2.25 gethostbyname and its kin read host.conf before they call the first service. */
export function readHostConfLate(run: Run): void {
  if (!run.rules.settingsReadLate) return;
  hostConfIfSeen(run);
  if (run.view.files[run.env['RESOLV_HOST_CONF'] ?? '/etc/host.conf']?.state === 'absent') run.errno = 'ENOENT';
}

/** host.conf when it was looked at: for what it only adorns. */
export function hostConfIfSeen(run: Run): HostConf | undefined {
  const fact = run.view.files[run.env['RESOLV_HOST_CONF'] ?? '/etc/host.conf'];
  return fact === undefined || fact.state === 'unobserved' ? undefined : hostConf(run);
}

const hostConfs = new WeakMap<object, { readonly file: FileContent; readonly rules: GlibcRules; readonly conf: HostConf }>();

/** host.conf of the view; what it prints is added to the run once. */
export function hostConf(run: Run): HostConf {
  const path = run.env['RESOLV_HOST_CONF'] ?? '/etc/host.conf';
  const opened = openFile(run, path);
  const file = 'content' in opened ? opened.content : NO_FILE;
  const kept = hostConfs.get(run.view);
  let conf: HostConf;
  if (kept?.file === file && kept.rules === run.rules) conf = kept.conf;
  else {
    conf = parseHostConf(file.text, path, run.env, run.rules.spoofWords);
    hostConfs.set(run.view, { file, rules: run.rules, conf });
  }
  if (!run.hostConfRead) {
    run.hostConfRead = true;
    run.stderr += conf.stderr;
  }
  return conf;
}
