/**
 * What changed in musl's resolver, release by release. To add a release, append its differences to CHANGES and raise NEWEST.
 * Sources: musl src/network/{lookup_name,res_msend,resolvconf,getaddrinfo,gethostbyname2_r,dns_parse}.c at the release tags.
 * 1.1.12, 1.1.24 and 1.2.2 to 1.2.6 were also run; what lies between comes from the history of these files.
 */
export const OLDEST = '1.1.2';
export const NEWEST = '1.2.6';

export interface MuslRules {
  /** resolv.conf has `search`, `domain` and `ndots`; too long lines are left out. Before: 64-byte pieces, servers and time-outs only. */
  readonly search: boolean;
  /** RFC 3484 sorting. */
  readonly sorts: boolean;
  /** A name that hosts lists for the other family only ends the look-up. Before: an entry without an address. */
  readonly badFamilyEnds: boolean;
  /** AI_ADDRCONFIG is heard. */
  readonly addrconfig: boolean;
  /** Both types of a pair must be answered, and NXDOMAIN of either means that the name does not exist. */
  readonly pairMustAgree: boolean;
  /** The canonical name comes from the first hosts line with an address, of whichever family; before: from the last usable one. */
  readonly firstLineNames: boolean;
  /** EAI_NODATA is told from EAI_NONAME. */
  readonly nodata: boolean;
  /** A truncated answer is asked for again over TCP; before it is used as it is. */
  readonly tcp: boolean;
  /** AAAA records come before A records where sorting does not tell. */
  readonly aaaaFirst: boolean;
  /** A candidate that cannot be a query (`search .`) is left out. */
  readonly skipsBadCandidate: boolean;
  /** Without AF_INET6 the IPv4 servers are still asked when an IPv6 one is listed. */
  readonly keepsIpv4Servers: boolean;
  /** `attempts:0` does not divide by zero. */
  readonly zeroAttempts: boolean;
}

const FIRST: MuslRules = {
  search: false,
  sorts: false,
  badFamilyEnds: false,
  addrconfig: false,
  pairMustAgree: false,
  firstLineNames: false,
  nodata: false,
  tcp: false,
  aaaaFirst: false,
  skipsBadCandidate: false,
  keepsIpv4Servers: false,
  zeroAttempts: true,
};

const CHANGES: readonly { readonly since: string; readonly change: Partial<MuslRules> }[] = [
  { since: '1.1.3', change: { sorts: true } },
  { since: '1.1.13', change: { search: true, zeroAttempts: false } },
  { since: '1.1.15', change: { badFamilyEnds: true } },
  { since: '1.1.20', change: { addrconfig: true } },
  { since: '1.2.1', change: { pairMustAgree: true } },
  { since: '1.2.2', change: { firstLineNames: true } },
  { since: '1.2.4', change: { nodata: true, tcp: true, aaaaFirst: true, skipsBadCandidate: true, keepsIpv4Servers: true } },
  { since: '1.2.6', change: { zeroAttempts: true } },
];

function numbersOf(version: string): readonly [number, number, number] {
  const match = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/u.exec(version);
  return match === null ? [1, 2, 0] : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative, zero or positive as release a is older than, the same as or newer than b. */
export function compareReleases(a: string, b: string): number {
  const [a1, a2, a3] = numbersOf(a);
  const [b1, b2, b3] = numbersOf(b);
  return a1 - b1 || a2 - b2 || a3 - b3;
}

const remembered = new Map<string, MuslRules>();

/** The rules of a release. Older than OLDEST: those of OLDEST; newer than NEWEST: those of NEWEST. */
export function muslRules(version: string): MuslRules {
  let rules = remembered.get(version);
  if (rules === undefined) {
    rules = FIRST;
    for (const { since, change } of CHANGES) if (compareReleases(version, since) >= 0) rules = { ...rules, ...change };
    if (remembered.size < 1000) remembered.set(version, rules);
  }
  return rules;
}

export const isModelled = (version: string): boolean => compareReleases(version, OLDEST) >= 0 && compareReleases(version, NEWEST) <= 0;
