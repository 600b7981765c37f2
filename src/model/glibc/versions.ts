/**
 * What differs between glibc releases, as data. `RELEASES` lists each change once, with the release that made it and where that
 * can be read; the rules of a version are all changes up to it. A new release is one more entry (docs/model/adding-a-version.md).
 *
 * Not modelled: what a distribution patches, but for the two differences of Debian builds named at `debian`.
 */
export interface GlibcRules {
  /** The version whose rules these are, when the one asked for is not modelled: the nearest end. */
  readonly insteadOf?: string;
  /** AF_INET6 without AI_V4MAPPED and AI_ALL takes the gethostbyname2 path of AF_INET. */
  readonly simpleInet6: boolean;
  /** gethostbyname4_r is used for every family, not for AF_UNSPEC alone. */
  readonly pairForEveryFamily: boolean;
  /** Where AI_CANONNAME of AF_INET comes from: a reverse lookup of the first address, or the module that answered. */
  readonly canonicalOfInet: 'reverse-lookup' | 'module';
  /** A final UNAVAIL sets h_errno NETDB_INTERNAL, hence EAI_SYSTEM. */
  readonly unavailIsInternal: boolean;
  /** AF_UNSPEC: TRY_AGAIN of a service that said UNAVAIL gives EAI_AGAIN. */
  readonly againOnUnavail: boolean;
  /** NO_DATA of a request for one family gives EAI_NODATA. */
  readonly nodataOfOneFamily: boolean;
  /** A last service whose module is missing gives EAI_SYSTEM with EBUSY. */
  readonly missingModuleIsBusy: boolean;
  /** No service of the list can be used: gethostbyname says NO_RECOVERY; before: NETDB_INTERNAL. */
  readonly noServiceIsNoRecovery: boolean;
  /** Lines of /etc/hosts are moved to the front of their buffer: see nss/hosts-file.ts. */
  readonly movesLines: boolean;
  /** A numeric name must be an address to its end; before, white space and anything could follow. */
  readonly strictNumeric: boolean;
  /** The dns module asks nothing for a text that is no host name. */
  readonly hostNameCheck: boolean;
  /** `options inet6` works. */
  readonly inet6Option: boolean;
  /** gethostbyaddr(::ffff:a.b.c.d) finds an IPv4 line of /etc/hosts. */
  readonly reverseMapped: boolean;
  /** ICMP host and net unreachable end the wait for a DNS server. */
  readonly icmpNoticed: boolean;
  readonly nsswitchGrammar: 'stop-at-error' | 'reject-file';
  readonly nsswitchMerge: boolean;
  /** gethostbyname and its kin: merge, which hosts has not, ends the walk; before, the walk went on. */
  readonly mergeEndsWalk: boolean;
  /** nss_files and nss_dns are part of libc. */
  readonly modulesBuiltIn: boolean;
  readonly defaultHosts: string;
  /** AF_UNSPEC with SUCCESS=continue or merge: the results of both services are joined. */
  readonly joinsOnContinue: boolean;
  /** At most 6 search domains and 255 characters, and a host name without a domain makes a list of one empty domain. */
  readonly oldSearchList: boolean;
  /** A domain that begins with a dot spoils the search. */
  readonly rootDomainFails: boolean;
  /** A single label that fails in the search list is asked as it is. */
  readonly singleLabelAsIs: boolean;
  /** Without a usable nameserver line 127.0.0.1 is asked. */
  readonly defaultServer: boolean;
  /** FORMERR to a query with EDNS: the next server is asked, and all later questions of the process go without. */
  readonly ednsFallback: boolean;
  /** gethostbyname and its kin read host.conf only when a service can be called. */
  readonly settingsReadLate: boolean;
  /** rotate begins at a random server; before: at the second. */
  readonly randomRotate: boolean;
  /** A = SERVFAIL, REFUSED or NOTIMP with a good AAAA is a failure. */
  readonly badFirstAnswerFails: boolean;
  /** One query at a time: after an error for A the answer to the unsent AAAA is waited for. */
  readonly waitsAfterError: boolean;
  /** What the dns module says of a chain that ends without an address (one family). */
  readonly emptyChain: 'NOTFOUND' | 'TRYAGAIN';
  /** host.conf: spoof words are taken without a message. */
  readonly spoofWords: boolean;
  /** h_name of gethostbyname2(AF_INET6, numeric) is empty. */
  readonly numericNameEmpty: boolean;
  /** The switch to one query at a time, made after a lost answer, lasts for the process. */
  readonly singleRequestSticks: boolean;
  /** ai_family is checked before AI_ADDRCONFIG and the service. */
  readonly familyCheckedFirst: boolean;
  /** An empty zone is refused; before, it was zone 0. */
  readonly strictZone: boolean;
  /** RFC 1918 addresses have site-local scope when results are sorted. */
  readonly privateIsSiteLocal: boolean;
  /** Words that `options` knows. */
  readonly options: readonly string[];
  /** `options -word` clears a flag. */
  readonly minusOptions: boolean;
  /** Debian and Ubuntu builds: a missing /etc/hosts sets h_errno HOST_NOT_FOUND, not NO_DATA, for AF_UNSPEC; 2.36 has the change of bug 30081. */
  readonly debian: boolean;
}

interface Release {
  readonly since: string;
  readonly source: string;
  readonly set: Partial<GlibcRules>;
  readonly newOptions?: readonly string[];
}

const FIRST: GlibcRules = {
  simpleInet6: true,
  pairForEveryFamily: true,
  canonicalOfInet: 'reverse-lookup',
  unavailIsInternal: false,
  againOnUnavail: false,
  nodataOfOneFamily: false,
  missingModuleIsBusy: false,
  noServiceIsNoRecovery: false,
  movesLines: false,
  strictNumeric: false,
  hostNameCheck: false,
  inet6Option: true,
  reverseMapped: true,
  icmpNoticed: false,
  nsswitchGrammar: 'stop-at-error',
  nsswitchMerge: false,
  mergeEndsWalk: false,
  modulesBuiltIn: false,
  defaultHosts: 'dns [!UNAVAIL=return] files',
  joinsOnContinue: true,
  oldSearchList: true,
  rootDomainFails: true,
  singleLabelAsIs: false,
  defaultServer: false,
  settingsReadLate: true,
  ednsFallback: true,
  randomRotate: false,
  badFirstAnswerFails: false,
  waitsAfterError: true,
  emptyChain: 'NOTFOUND',
  spoofWords: true,
  numericNameEmpty: true,
  singleRequestSticks: true,
  familyCheckedFirst: false,
  strictZone: false,
  privateIsSiteLocal: true,
  options: ['ndots', 'timeout', 'attempts', 'rotate', 'edns0', 'single-request', 'single-request-reopen', 'inet6'],
  minusOptions: false,
  debian: false,
};

/** Oldest first. Bounds between two releases that were run come from the sources of the tags. */
export const RELEASES: readonly Release[] = [
  { since: '2.12', source: 'tag glibc-2.12', set: {} },
  { since: '2.13', source: 'getaddrinfo.c default_scopes: private IPv4 is global', set: { privateIsSiteLocal: false } },
  {
    since: '2.14',
    source: 'resolv/res_query.c, res_init.c at 2.14',
    set: { singleLabelAsIs: true, defaultServer: true },
    newOptions: ['no-tld-query', 'no_tld_query', 'use-vc'],
  },
  {
    since: '2.17',
    source: 'tag glibc-2.17: getaddrinfo.c, nss/getXXbyYY_r.c, resolv/res_send.c',
    set: { simpleInet6: false, pairForEveryFamily: false, unavailIsInternal: true, badFirstAnswerFails: true },
  },
  { since: '2.18', source: 'commits 3d04f5db20, d5dd6189d5', set: { unavailIsInternal: false, numericNameEmpty: false } },
  { since: '2.19', source: 'commit 5a4c6d53f5 (bug 16077)', set: { canonicalOfInet: 'module' } },
  { since: '2.20', source: 'commit cf26a0cb6a (bug 16849)', set: { againOnUnavail: true } },
  { since: '2.21', source: 'resolv/res_query.c at 2.21', set: { rootDomainFails: false } },
  { since: '2.23', source: 'resolv/res_send.c at 2.23', set: { badFirstAnswerFails: false } },
  { since: '2.24', source: 'nss/nsswitch.c at 2.24', set: { nsswitchMerge: true } },
  { since: '2.25', source: 'resolv/res_hconf.c and inet/inet6_scopeid_pton.c at 2.25', set: { spoofWords: false, strictZone: true } },
  {
    since: '2.26',
    source: 'commits 3f853f22c8, aef16cc8a4',
    set: { oldSearchList: false, settingsReadLate: false, ednsFallback: false, randomRotate: true, noServiceIsNoRecovery: true },
    newOptions: ['no-reload'],
  },
  { since: '2.27', source: 'sysdeps/posix/getaddrinfo.c at 2.27', set: { nodataOfOneFamily: true, missingModuleIsBusy: true } },
  { since: '2.28', source: 'sysdeps/posix/getaddrinfo.c at 2.28', set: { familyCheckedFirst: true } },
  {
    since: '2.29',
    source: 'commits 6ca53a2453, 108bc4049f (CVE-2016-10739, bug 24112)',
    set: { strictNumeric: true, hostNameCheck: true },
  },
  { since: '2.30', source: 'commits 9c02d0784d, 08504de718', set: { inet6Option: false, reverseMapped: false, icmpNoticed: true } },
  { since: '2.31', source: 'commit 446997ff14', set: {}, newOptions: ['trust-ad'] },
  { since: '2.32', source: 'nss/nss_readline.c at 2.32', set: { movesLines: true } },
  { since: '2.33', source: 'nss/nss_database.c, nss/nss_action_parse.c at 2.33', set: { nsswitchGrammar: 'reject-file' } },
  { since: '2.34', source: 'nss_files and nss_dns moved into libc', set: { modulesBuiltIn: true } },
  { since: '2.35', source: 'commit b99b0f93ee (bug 28700)', set: { defaultHosts: 'files dns' } },
  {
    since: '2.36',
    source: 'commit f282cdbe7f, bug 28931, 1d495912a7',
    set: { joinsOnContinue: false, emptyChain: 'TRYAGAIN' },
    newOptions: ['no-aaaa'],
  },
  { since: '2.37', source: 'resolv/res_send.c at 2.37 (bug 30081)', set: { waitsAfterError: false } },
  { since: '2.38', source: 'commit c437631485 (bug 25457)', set: { reverseMapped: true } },
  {
    since: '2.41',
    source: 'commits 95f61610f3, 765325951a; nss/getXXbyYY_r.c at 2.41',
    set: { mergeEndsWalk: true, singleRequestSticks: false, minusOptions: true },
    newOptions: ['strict-error'],
  },
  { since: '2.43', source: 'no change that this model knows', set: {} },
];

export const OLDEST = '2.12';
export const NEWEST = '2.43';

/** '2.36-9+deb12u14' → 236; undefined when it does not begin with 2.NUMBER. */
export function versionNumber(version: string): number | undefined {
  const match = /^2\.(\d{1,3})(?!\d)/u.exec(version);
  return match === null ? undefined : 200 + Number(match[1]);
}

const made = new Map<string, GlibcRules>();

/** The rules of a version; a version outside the range gets those of the nearest, an unreadable one those of the newest. */
export function rulesFor(version: string): GlibcRules {
  const hit = made.get(version);
  if (hit !== undefined) return hit;
  const number = versionNumber(version) ?? 999;
  const oldest = versionNumber(OLDEST) ?? 0;
  const newest = versionNumber(NEWEST) ?? 0;
  let rules = FIRST;
  for (const release of RELEASES) {
    if ((versionNumber(release.since) ?? 0) > number) break;
    rules = {
      ...rules,
      ...release.set,
      ...(release.newOptions === undefined ? {} : { options: [...rules.options, ...release.newOptions] }),
    };
  }
  if (number < oldest || number > newest) rules = { ...rules, insteadOf: number < oldest ? OLDEST : NEWEST };
  if (/deb\d|ubuntu\d/u.test(version)) rules = { ...rules, debian: true, waitsAfterError: rules.waitsAfterError && number < 236 };
  if (made.size < 1000) made.set(version, rules);
  return rules;
}
