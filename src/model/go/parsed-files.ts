/** Each captured file is parsed once for each way of reading it. */
import type { FileContent } from '../../facts/node-facts.ts';
import { memoByIdentity, memoByText } from '../memo.ts';
import { type GoHosts, parseGoHosts } from './hosts.ts';
import { type GoNsswitch, parseGoNsswitch } from './nsswitch.ts';
import { type GoResolvConf, parseGoResolvConf } from './resolv-conf.ts';
import type { GoRules } from './version-rules.ts';

export const goNsswitchOf: (file: FileContent) => GoNsswitch = memoByText(parseGoNsswitch);

const hostsWithZeros = memoByText((text) => parseGoHosts(text, true));
const hostsWithoutZeros = memoByText((text) => parseGoHosts(text, false));
export const goHostsOf = (file: FileContent, rules: GoRules): GoHosts =>
  rules.leadingZeros ? hostsWithZeros(file) : hostsWithoutZeros(file);

/** By the two rules that change how resolv.conf is read. */
const resolvConfByRules = memoByIdentity((_file: FileContent) => new Map<string, GoResolvConf>());

export function goResolvConfOf(file: FileContent, rules: GoRules): GoResolvConf {
  const made = resolvConfByRules(file);
  const key = `${String(rules.leadingZeros)} ${String(rules.knowsEdns0Option)}`;
  let conf = made.get(key);
  if (conf === undefined) {
    conf = parseGoResolvConf(file.text, rules);
    made.set(key, conf);
  }
  return conf;
}
