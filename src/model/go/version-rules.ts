/**
 * What changed in Go's package net, release by release. To add a release, append its differences to CHANGES and raise NEWEST.
 * Sources: golang/go src/net at the release tags (conf.go, nss.go, dnsconfig_unix.go, dnsclient_unix.go, hosts.go, addrselect.go,
 * cgo_unix.go) and the release notes. 1.13, 1.14, 1.16 and 1.25 come from these files and their history; the others were also run.
 */
export const OLDEST = '1.13';
export const NEWEST = '1.27';

export interface GoRules {
  /** Order when nsswitch.conf, or its `hosts` entry, is missing. */
  readonly withoutNsswitch: 'files,dns' | 'dns,files';
  /** A resolver that must not use cgo reads past what it does not know in nsswitch.conf; before, it used files,dns at once. */
  readonly pureReadsPastUnknown: boolean;
  /** `*.local` goes to cgo whatever nsswitch.conf says; after: only when an mdns source is listed. */
  readonly localAlwaysCgo: boolean;
  /** Names that the myhostname source answers besides localhost and the own name. */
  readonly gatewayNames: readonly string[];
  /** `hosts: files` and the name is not there: an error, or (before) an empty list and no error. */
  readonly filesMissIsError: boolean;
  /** `.onion` is judged for each name to ask for; before: for the typed name only. */
  readonly onionByCandidate: boolean;
  /** Options edns0, trust-ad and no-reload are known, and a lone `.` in `search` is dropped. */
  readonly knowsEdns0Option: boolean;
  /** `010.0.0.1` is read as 10.0.0.1. */
  readonly leadingZeros: boolean;
  /** ip4 and ip6 ask for addresses of that family alone; before, for both, and one kind was thrown away. */
  readonly asksOneFamily: boolean;
  /** `.` alone is a valid name. */
  readonly rootIsName: boolean;
  /** Queries carry an EDNS(0) record that allows 1232 bytes. */
  readonly edns0: boolean;
  /** GODEBUG=netedns0=0 is heard. */
  readonly netedns0: boolean;
  /** An answer with an additional record is not taken for a lame referral. */
  readonly additionalMeansNotLame: boolean;
  /** A truncated answer over TCP is used as it is; before: `no answer from DNS server`. */
  readonly usesTruncatedTcp: boolean;
  /** cgo's EAI_NODATA reads `no such host`; before: the C library's own words. */
  readonly nodataIsNoSuchHost: boolean;
  /** LookupHost gives ::ffff:a.b.c.d of the hosts file as it is written; before, as IPv4. */
  readonly hostsKeepMapped: boolean;
  /** Port of the UDP connect that finds the source address for sorting. */
  readonly sortPort: 9 | 53;
}

const FIRST: GoRules = {
  withoutNsswitch: 'dns,files',
  pureReadsPastUnknown: false,
  localAlwaysCgo: true,
  gatewayNames: ['gateway'],
  filesMissIsError: false,
  onionByCandidate: false,
  knowsEdns0Option: false,
  leadingZeros: true,
  asksOneFamily: false,
  rootIsName: false,
  edns0: false,
  netedns0: false,
  additionalMeansNotLame: false,
  usesTruncatedTcp: false,
  nodataIsNoSuchHost: false,
  hostsKeepMapped: false,
  sortPort: 9,
};

const CHANGES: readonly { readonly since: string; readonly change: Partial<GoRules> }[] = [
  { since: '1.16', change: { withoutNsswitch: 'files,dns' } },
  { since: '1.17', change: { leadingZeros: false, asksOneFamily: true } },
  { since: '1.18', change: { rootIsName: true } },
  { since: '1.19', change: { edns0: true } },
  {
    since: '1.20',
    change: { knowsEdns0Option: true, netedns0: true, gatewayNames: ['_gateway', '_outbound'], filesMissIsError: true },
  },
  {
    since: '1.21',
    change: {
      pureReadsPastUnknown: true,
      nodataIsNoSuchHost: true,
      hostsKeepMapped: true,
    },
  },
  { since: '1.22', change: { onionByCandidate: true, usesTruncatedTcp: true } },
  { since: '1.23', change: { localAlwaysCgo: false, additionalMeansNotLame: true, sortPort: 53 } },
];

/** '1.22.5' → [1, 22]; 'go1.22rc1' → [1, 22]. */
function minorOf(version: string): readonly [number, number] {
  const match = /^(?:go)?(\d{1,4})(?:\.(\d{1,4}))?/u.exec(version);
  return match === null ? [1, 0] : [Number(match[1]), Number(match[2] ?? 0)];
}

/** Negative, zero or positive as release a is older than, the same as or newer than b; patch releases are not told apart. */
export function compareReleases(a: string, b: string): number {
  const [aMajor, aMinor] = minorOf(a);
  const [bMajor, bMinor] = minorOf(b);
  return aMajor - bMajor || aMinor - bMinor;
}

const remembered = new Map<string, GoRules>();

/** The rules of a release. Older than OLDEST: those of OLDEST; newer than NEWEST: those of NEWEST. */
export function goRules(version: string): GoRules {
  let rules = remembered.get(version);
  if (rules === undefined) {
    rules = FIRST;
    for (const { since, change } of CHANGES) if (compareReleases(version, since) >= 0) rules = { ...rules, ...change };
    // A program that names many versions must not fill the memory.
    if (remembered.size < 1000) remembered.set(version, rules);
  }
  return rules;
}

const modelled = new Map<string, boolean>();

export function isModelled(version: string): boolean {
  let known = modelled.get(version);
  if (known === undefined) {
    known = compareReleases(version, OLDEST) >= 0 && compareReleases(version, NEWEST) <= 0;
    if (modelled.size < 1000) modelled.set(version, known);
  }
  return known;
}
