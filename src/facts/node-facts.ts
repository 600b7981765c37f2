/**
 * The facts of one node, as plain data. Everything here can be written as JSON and read back.
 * Collectors and evidence readers make these values; the model and the causes only read them.
 */
import type { Fact, NetnsId, Source, UnobservedReason, ViewId } from './fact.ts';

/** A captured file: its bytes as text (UTF-8 where it is valid, else one character a byte: `encoding`), and what stat(2) said. */
export interface FileContent {
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
  /** Permission bits, e.g. 0o644. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  /** Seconds since the epoch. */
  readonly mtime?: number;
  readonly inode?: number;
  /** True when only the first bytes were taken; the rest is not known. */
  readonly truncated?: boolean;
  /** A directory stands in its place: it opens, and no resolver gets a line from it (EISDIR). */
  readonly directory?: boolean;
  /** Where a symbolic link at this path leads (as written in the link), when it is one. */
  readonly linkTarget?: string;
}

export type Family = 'inet' | 'inet6';

export interface InterfaceAddress {
  readonly family: Family;
  /** Normal text form: '127.0.0.1', '::1'. */
  readonly address: string;
  readonly prefixLength: number;
  readonly tentative?: boolean;
  readonly deprecated?: boolean;
}

export interface Interface {
  readonly name: string;
  readonly index?: number;
  readonly up: boolean;
  readonly loopback: boolean;
  readonly mtu?: number;
  /** Link kind as `ip -d link` says: veth, bridge, vxlan, dummy ... */
  readonly kind?: string;
  readonly addresses: readonly InterfaceAddress[];
}

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'multicast' | 'unreachable' | 'prohibit' | 'blackhole' | 'throw';

export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  /** '0.0.0.0/0' and '::/0' for default. Always with a prefix length. */
  readonly destination: string;
  readonly gateway?: string;
  readonly device?: string;
  readonly preferredSource?: string;
  readonly metric?: number;
  /** 'main', 'local', or a number or name as `ip route` prints it. */
  readonly table: string;
}

export interface PolicyRule {
  readonly family: Family;
  readonly priority: number;
  readonly selector: string;
  readonly action: string;
}

export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly family: Family;
  /** '0.0.0.0', '::', '127.0.0.1' ... */
  readonly address: string;
  readonly port: number;
  /** For an inet6 socket on '::': true = IPv6 only, false = takes IPv4 as well; absent = not known. */
  readonly v6only?: boolean;
  readonly pid?: number;
  readonly program?: string;
}

/** A firewall rule that can reject or drop a local connection. */
export interface RejectRule {
  readonly family: Family | 'both';
  readonly hook: 'input' | 'output';
  /** Conditions that the rule states; absent = matches any. */
  readonly destination?: string;
  readonly source?: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly device?: string;
  /** 'drop', or the reject type as iptables spells it: 'icmp-port-unreachable', 'tcp-reset', 'icmp6-adm-prohibited' ... */
  readonly verdict: string;
  readonly packets?: number;
  /** Conditions that were read but are not understood: the rule may match less than it seems to. */
  readonly unknownConditions?: readonly string[];
  readonly text: string;
}

export interface NetnsFacts {
  readonly id: NetnsId;
  readonly interfaces: Fact<readonly Interface[]>;
  readonly routes: Fact<readonly Route[]>;
  readonly rules: Fact<readonly PolicyRule[]>;
  /** Can socket(AF_INET6) be made at all? /proc/net/if_inet6 is missing where it cannot. */
  readonly ipv6Socket: Fact<boolean>;
  /** disable_ipv6 by interface name, 'all' and 'default' among them. */
  readonly disableIpv6: Readonly<Record<string, Fact<boolean>>>;
  readonly listeners: Fact<readonly Listener[]>;
  readonly rejects: Fact<readonly RejectRule[]>;
  /** Other sysctls of the namespace, by dotted name: 'net.ipv6.bindv6only'. */
  readonly sysctls: Readonly<Record<string, Fact<string>>>;
}

export interface Mount {
  /** Where it is mounted, as the view sees it. */
  readonly target: string;
  /** Path on the node that is shown there, when it is part of the node's own file systems; else absent. */
  readonly hostPath?: string;
  readonly fsType: string;
  readonly source: string;
  readonly options: string;
  /** The path inside the file system that is mounted (4th field of mountinfo). */
  readonly root?: string;
  readonly device?: string;
}

/** A name service's socket as one view reaches it by path. */
export interface ServiceSocket {
  readonly service: 'nscd' | 'resolved' | 'sssd' | 'avahi' | 'machined' | 'dbus';
  readonly path: string;
  /** answering: somebody accepted and spoke the protocol or at least accepted; refused: stale file; silent: accepted, then no answer in time. */
  readonly state: 'answering' | 'refused' | 'silent' | 'present';
  /** The daemon behind it: id of a DaemonFacts, when known. */
  readonly daemon?: string;
}

export interface DaemonFacts {
  /** '<kind>:<pid>'. */
  readonly id: string;
  readonly kind: 'nscd' | 'unscd' | 'systemd-resolved' | 'sssd' | 'avahi' | 'dnsmasq';
  readonly pid?: number;
  /** The view it resolves in: its own root, network namespace and environment. */
  readonly view: ViewId;
  readonly version?: Fact<string>;
  /** Seconds since the epoch. */
  readonly startedAt?: Fact<number>;
  /** Path of its configuration inside its view. */
  readonly configPath?: string;
  /** Answers that it was seen to keep although its own view says otherwise now: what a cache holds. */
  readonly cached?: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** The resolv.conf that it holds in memory, where that is known to be older than the file. */
  readonly processState?: string;
}

export interface Libc {
  readonly kind: 'glibc' | 'musl' | 'none';
  /** '2.36'; absent when only the kind is known. */
  readonly version?: string;
}

export interface GoBuild {
  /** '1.22.5'. */
  readonly version: string;
  readonly cgo?: boolean;
  readonly tags?: readonly string[];
  /** DefaultGODEBUG of the build settings. */
  readonly godebug?: string;
}

/** A program that a client of the model stands for. */
export interface ProgramFacts {
  /** 'ping', 'telnet', 'curl', 'getent', 'dig', 'kube-apiserver' ... */
  readonly name: string;
  readonly path?: string;
  /** 'iputils', 'busybox', 'netkit', 'inetutils', 'openbsd' ... where several programs share the name. */
  readonly flavour?: string;
  readonly version?: string;
  readonly static?: boolean;
  readonly go?: GoBuild;
  /** False: it is known not to be installed. */
  readonly installed: boolean;
}

export interface ViewFacts {
  readonly id: ViewId;
  readonly kind: 'host' | 'container';
  /** Container name, pod name, id: whatever a person may call it. The first is shown. */
  readonly names: readonly string[];
  readonly runtime?: 'docker' | 'containerd' | 'cri-o' | 'plain';
  readonly containerId?: string;
  readonly image?: string;
  readonly pid?: number;
  /** Seconds since the epoch, of the main process. */
  readonly startedAt?: number;
  readonly netns: NetnsId;
  readonly hostname: Fact<string>;
  /** By absolute path inside the view. A path that is not a key was not looked at. */
  readonly files: Readonly<Record<string, Fact<FileContent>>>;
  readonly mounts: Fact<readonly Mount[]>;
  /** Name service sockets reachable by path; known and empty = looked, none there. */
  readonly sockets: Fact<readonly ServiceSocket[]>;
  readonly libc: Fact<Libc>;
  /** Names of NSS modules that can be loaded: 'files', 'dns', 'myhostname' ... */
  readonly nssModules: Fact<readonly string[]>;
  /** Only variables that change name resolution. */
  readonly env: Fact<Readonly<Record<string, string>>>;
  readonly programs: Readonly<Record<string, Fact<ProgramFacts>>>;
  /** The program of the container's first process, or absent for the host. */
  readonly mainProgram?: Fact<ProgramFacts>;
}

/** One DNS question asked, or stated to have been asked, from inside a network namespace. */
export interface DnsObservation {
  readonly netns: NetnsId;
  readonly question: DnsQuestion;
  readonly reply: DnsReply;
  readonly source?: Source;
}

export interface DnsQuestion {
  /** Address of the server, without port. */
  readonly server: string;
  readonly port?: number;
  /** Lower case, no final dot ('' = root). */
  readonly name: string;
  /** 'A', 'AAAA', 'PTR', 'CNAME', 'SOA' ... */
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
}

export type DnsReply =
  | {
      readonly kind: 'answer';
      /** 'NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP' ... */
      readonly rcode: string;
      readonly answers: readonly DnsRecord[];
      readonly aa?: boolean;
      readonly ra?: boolean;
      readonly tc?: boolean;
      readonly ad?: boolean;
      /** Number of records in the additional section, OPT left out. */
      readonly additional?: number;
      readonly ms?: number;
    }
  /** No reply within the time. */
  | { readonly kind: 'silent' }
  /** The kernel or ICMP said no: ECONNREFUSED, ENETUNREACH, EHOSTUNREACH ... */
  | { readonly kind: 'error'; readonly errno: string };

export interface DnsRecord {
  /** Owner, lower case, no final dot. */
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  /** Address text, or target name without final dot. */
  readonly data: string;
}

/** A program really run on the node: what it answered, to hold the model against. */
export interface ProgramRun {
  readonly view: ViewId;
  /** Client id of the model: 'getent-ahosts', 'ping' ... */
  readonly client: string;
  readonly command: string;
  readonly name: string;
  readonly port?: number;
  readonly exitStatus?: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms?: number;
  readonly timedOut?: boolean;
}

/** A connection really tried from inside a network namespace. */
export interface DialObservation {
  readonly netns: NetnsId;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** 'OK', 'TIMEOUT' or an errno name. */
  readonly result: string;
  readonly source?: Source;
}

export interface LogFacts {
  /** Path or unit or container name, as a person would name it. */
  readonly path: string;
  readonly view?: ViewId;
  /** 'kube-apiserver', 'kubelet', 'rke' ... when it can be told. */
  readonly component?: string;
  readonly format?: string;
  /** The last lines, raw, in order; the number of the first one in the file when known. */
  readonly tail: readonly string[];
  readonly firstLine?: number;
  readonly sizeBytes?: number;
  readonly lineCount?: number;
  /** Times of the first and the last line that carry one. */
  readonly firstTime?: string;
  readonly lastTime?: string;
}

/** Something that could not be read or understood. Nothing is dropped without one of these. */
export interface Problem {
  readonly source: Source;
  readonly reason: UnobservedReason;
  readonly detail?: string;
}

/** Whose node is this? Decides which names and ports are asked for. */
export interface ProductFacts {
  readonly name: 'rke' | 'rke2' | 'k3s' | 'kubeadm' | 'rancher' | 'rancher1' | 'kubernetes' | 'docker';
  readonly version?: string;
  readonly source: Source;
}

/** What somebody states in words, `key: value`. Kept as it stands even where a typed fact was made of it. */
export interface Statement {
  readonly key: string;
  /** As JSON when it was not a string. */
  readonly value: string;
  readonly line?: number;
}

export interface NodeFacts {
  readonly hostname: Fact<string>;
  readonly kernelRelease: Fact<string>;
  /** /proc/cmdline, the kernel's boot parameters. */
  readonly bootParameters: Fact<string>;
  readonly osRelease: Fact<Readonly<Record<string, string>>>;
  readonly products: readonly ProductFacts[];
  readonly netns: readonly NetnsFacts[];
  /** The host first, when it was seen at all. */
  readonly views: readonly ViewFacts[];
  readonly daemons: readonly DaemonFacts[];
  readonly dns: readonly DnsObservation[];
  readonly runs: readonly ProgramRun[];
  readonly dials: readonly DialObservation[];
  readonly logs: readonly LogFacts[];
  /** Facts of any other subject (clock, disks, certificates ...), by dotted key: 'swap.total-kb', 'selinux.mode'. See observation-keys.ts. */
  readonly observations: Readonly<Record<string, Fact<ObservationValue>>>;
  readonly problems: readonly Problem[];
  /** Every `key: value` statement of the evidence, in order, so that causes can match the ones no typed fact exists for. */
  readonly statements?: readonly Statement[];
}

export type ObservationValue = string | number | boolean | readonly string[] | readonly Readonly<Record<string, string>>[];
