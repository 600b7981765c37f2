/**
 * The model's one small interface. Every resolver is a `Stack`, every program a `Client`. All of it is pure: it reads a `World`
 * and answers; it never touches a machine. What it would have to know and does not, it names as a `Need`.
 */
import type { NetnsId, Source, ViewId } from '../facts/fact.ts';
import type { DaemonFacts, DnsQuestion, DnsReply, Family, NetnsFacts, NodeFacts, ViewFacts } from '../facts/node-facts.ts';
import type { Said, Text, Values } from '../shared/text.ts';

/** What the model reads. Build one with world.ts; edits make a new one that shares all unchanged parts. */
export interface World {
  readonly node: NodeFacts;
  view(id: ViewId): ViewFacts | undefined;
  netns(id: NetnsId): NetnsFacts | undefined;
  daemon(id: string): DaemonFacts | undefined;
  /** What that server answers to a question sent from that namespace; undefined: nobody asked, so the model cannot tell. */
  dns(netns: NetnsId, question: DnsQuestion): DnsReply | undefined;
  /**
   * A scripted cache daemon on the nscd socket of a view (published vectors, recorded conversations). Absent: the sockets and daemons
   * among the facts decide. undefined as the answer: there is no socket.
   */
  readonly nscd?: (view: ViewId, request: NscdRequest) => NscdReply | 'closed' | 'refused' | 'silent' | undefined;
}

/** A request to the socket of nscd or unscd (glibc nscd/nscd-client.h). `key`: the name, or the address as text. */
export interface NscdRequest {
  readonly type: 'GETHOSTBYNAME' | 'GETHOSTBYNAMEv6' | 'GETHOSTBYADDR' | 'GETHOSTBYADDRv6' | 'GETAI';
  readonly key: string;
}

export interface NscdReply {
  /** 1 found, 0 not found, -1 the database is not cached. */
  readonly found: 1 | 0 | -1;
  /** h_errno as a number: 0 none, 1 HOST_NOT_FOUND, 2 TRY_AGAIN, 3 NO_RECOVERY, 4 NO_DATA. */
  readonly error?: number;
  /** h_name, or the canonical name of GETAI. */
  readonly name?: string;
  readonly aliases?: readonly string[];
  /** Normal text form, in the daemon's order. */
  readonly addresses?: readonly string[];
}

/** A fact that would decide. `diagnose` turns it into a command for a person, `collect` fetches it where it can. */
export type Need =
  | { readonly kind: 'dns'; readonly netns: NetnsId; readonly question: DnsQuestion }
  | { readonly kind: 'file'; readonly view: ViewId; readonly path: string }
  | {
      readonly kind: 'netns';
      readonly netns: NetnsId;
      readonly fact: 'interfaces' | 'routes' | 'rules' | 'ipv6Socket' | 'disableIpv6' | 'listeners' | 'rejects' | 'sysctls';
    }
  | {
      readonly kind: 'view';
      readonly view: ViewId;
      readonly fact: 'libc' | 'sockets' | 'nssModules' | 'env' | 'programs' | 'mounts' | 'hostname' | 'mainProgram';
    }
  | { readonly kind: 'observation'; readonly key: string }
  /** A connection to another machine, which only trying tells. */
  | { readonly kind: 'dial'; readonly netns: NetnsId; readonly address: string; readonly port: number; readonly protocol: 'tcp' | 'udp' }
  /** What the real program says: it alone knows what a cache holds or what multicast answers. */
  | { readonly kind: 'run'; readonly view: ViewId; readonly client: 'getent-ahosts'; readonly name: string }
  /** Anything else: what to look at, and the command that shows it. */
  | { readonly kind: 'ask'; readonly what: Text; readonly command: string; readonly values?: Values };

/**
 * A kind of step, declared once beside the rule that it reports:
 * `const steps = defineSteps('glibc', { notInHosts: { en: '…', zh: '…', rule: 'glibc nss/nss_files/files-hosts.c' } })`.
 */
export interface StepKind {
  /** '<stack>.<step>' */
  readonly id: string;
  readonly text: Text;
  /** Manual page, RFC, or upstream file and version that states the rule. */
  readonly rule?: string;
}

/** One step of a resolution or dial: what happened, with what values, shown by which line of which file. */
export interface Step {
  readonly kind: StepKind;
  readonly values?: Values;
  readonly at?: Source;
  /** Milliseconds this step takes, when it is not nothing. */
  readonly ms?: number;
  /** A step may hold another account: a cache daemon evaluating its own view. */
  readonly inner?: readonly Step[];
}

export type AiFlag =
  | 'AI_PASSIVE'
  | 'AI_CANONNAME'
  | 'AI_NUMERICHOST'
  | 'AI_NUMERICSERV'
  | 'AI_V4MAPPED'
  | 'AI_ALL'
  | 'AI_ADDRCONFIG'
  | 'AI_IDN'
  | 'AI_CANONIDN';
export type AskedFamily = 'unspec' | Family;
export type SockType = 'stream' | 'dgram' | 'raw';

/** What a program calls. */
export type Call =
  | {
      readonly call: 'getaddrinfo';
      readonly family: AskedFamily;
      readonly flags: readonly AiFlag[];
      readonly socktype?: SockType;
      readonly service?: string;
      readonly flagBits?: number;
    }
  | { readonly call: 'gethostbyname' }
  | { readonly call: 'gethostbyname2'; readonly family: Family }
  | { readonly call: 'gethostbyaddr' }
  /** Go: net.Resolver.LookupIPAddr, LookupHost and what net.Dial uses. */
  | { readonly call: 'go-lookup'; readonly network: 'ip' | 'ip4' | 'ip6'; readonly preferGo?: boolean }
  /** A tool that reads resolv.conf only: dig, host, nslookup. */
  | { readonly call: 'dns-query'; readonly types: readonly string[]; readonly search: boolean };

export interface ResolvedAddress {
  readonly family: Family;
  readonly address: string;
  /** Zone of a link-local address as the program shows it: an interface name or index. */
  readonly zone?: string;
}

/** The resolver's own name of its error, in its own terms; `text` is what the library prints for it. */
export interface ResolveError {
  /** 'EAI_NONAME', 'HOST_NOT_FOUND', 'no-such-host' ... */
  readonly code: string;
  readonly text: string;
  readonly errno?: string;
  readonly temporary?: boolean;
  readonly timeout?: boolean;
  readonly notFound?: boolean;
}

export type ResolutionOutcome =
  | {
      readonly kind: 'addresses';
      readonly addresses: readonly ResolvedAddress[];
      readonly canonicalName?: string;
      readonly aliases?: readonly string[];
    }
  | { readonly kind: 'error'; readonly error: ResolveError }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

export interface AskedQuery {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
  readonly edns?: boolean;
  readonly ad?: boolean;
}

/** The step-by-step account of one name being resolved by one stack in one view. */
export interface Resolution {
  readonly outcome: ResolutionOutcome;
  readonly steps: readonly Step[];
  /** In the order sent. */
  readonly queries: readonly AskedQuery[];
  /** How long it takes, in milliseconds; waits for silent servers count, answers do not. */
  readonly elapsedMs: number;
  /** Requests to a cache daemon's socket, in order: 'GETAI', 'GETHOSTBYNAME' ... */
  readonly nscdRequests?: readonly string[];
  /** What the library prints to stderr. */
  readonly stderr?: string;
  /** Go: 'cgo', 'files,dns', 'dns,files', 'files', 'dns'. */
  readonly decision?: string;
  /** What the program called: set by clients, so that two of them can be compared. */
  readonly call?: Call;
}

/** One resolver family. One folder each; `version` picks the rules inside. */
export interface Stack<Options = undefined> {
  readonly id: string;
  readonly title: Text;
  /** Oldest and newest version whose rules are modelled; a version outside is answered by the nearest, with a step that says so. */
  readonly versions: { readonly from: string; readonly to: string };
  resolve(world: World, view: ViewFacts, version: string, call: Call, name: string, options?: Options): Resolution;
}

// ---- connecting

/** 'OK', 'TIMEOUT' or an errno name, or that it cannot be told. */
export type DialOutcome =
  | { readonly kind: 'connected' }
  /** It fails for certain; `or`: errors it may fail with instead, depending on facts that nobody has seen (kernel version ...). */
  | { readonly kind: 'errno'; readonly errno: string; readonly or?: readonly string[] }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };

/** How far one connection got. `stage` orders failures: a later stage is progress. */
export interface DialAttempt {
  readonly address: ResolvedAddress;
  readonly port: number | undefined;
  readonly outcome: DialOutcome;
  /** socket: no such family; address: no route or no source; filter: a firewall rule; listener: nothing listens there (or no port was asked: the address can be reached). */
  readonly stage: 'socket' | 'address' | 'filter' | 'listener' | 'connected' | 'unknown';
  readonly steps: readonly Step[];
  readonly elapsedMs: number;
}

// ---- clients

export interface ClientAnswer {
  readonly client: string;
  /** Version whose behaviour was used, e.g. 'iputils 20221126', 'glibc 2.36'. */
  readonly version?: string;
  readonly view: ViewId;
  readonly name: string;
  readonly port?: number;
  readonly resolution: Resolution;
  readonly attempts: readonly DialAttempt[];
  /**
   * works: resolved, and connected (or, without a port, the chosen address can be reached); fails: at which stage;
   * cannot-tell: what is missing.
   */
  readonly outcome:
    | { readonly kind: 'works'; readonly address?: ResolvedAddress }
    | {
        readonly kind: 'fails';
        readonly stage: 'resolve' | DialAttempt['stage'];
        readonly errno?: string;
        readonly error?: ResolveError;
        readonly address?: ResolvedAddress;
      }
    | { readonly kind: 'cannot-tell'; readonly needs: readonly Need[] };
  /** The telling lines that the program prints, as it prints them; {EPHEMERAL} stands for a port number. */
  readonly prints: readonly string[];
  readonly exitStatus?: number;
  readonly elapsedMs: number;
}

/** How one program resolves and connects. One file each in model/clients/; appears in explain, help and docs by itself. */
export interface Client {
  /** = file name: 'ping', 'telnet', 'getent-ahosts', 'curl', 'go', 'kube-apiserver' ... */
  readonly id: string;
  readonly title: Text;
  /** Key in ViewFacts.programs that tells flavour and version; absent: a program nobody runs by hand. */
  readonly program?: string;
  /** 'person': a tool to test with; 'component': part of a node; 'library': a kind of program (any Go program, any libc program). */
  readonly role: 'person' | 'component' | 'library';
  /** One sentence: what it asks for, e.g. "asks for any family, without AI_ADDRCONFIG, and tries all addresses in turn". */
  readonly behaviour: Said;
  /** True when this client exists in that view, or may: undefined = cannot tell. */
  presentIn(world: World, view: ViewFacts): boolean | undefined;
  answer(world: World, view: ViewFacts, name: string, port: number | undefined, options?: ClientOptions): ClientAnswer;
  /** Command line that asks the real program the same, with timeouts; absent where there is none. */
  command?(name: string, port: number | undefined): readonly string[] | undefined;
}

export interface ClientOptions {
  /** Use this flavour or version in place of the installed one: { flavour: 'iputils', version: '20160308' }. */
  readonly flavour?: string;
  readonly version?: string;
  /** Words that a person would add on the command line: '-4', '-6', '+search'. */
  readonly args?: readonly string[];
}
