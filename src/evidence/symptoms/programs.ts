import { errnoOf } from '../errno-text.ts';
import { hostPort, isAddress, urlParts } from '../host-port.ts';
import { lookupReason } from './lookup.ts';
import { defineSymptomReader, details, draft, longEnough, type SymptomDraft } from './symptom-reader.ts';

type Groups = Readonly<Record<string, string | undefined>>;
interface Text {
  readonly client?: string;
  readonly kind: 'resolve' | 'dial';
  /** Groups: name, address, port, error. */
  readonly pattern: RegExp;
  readonly error?: string;
}

const NAME = '(?<name>[^ \\t:\'"`,;()]{1,255})';
const ADDR = '(?<address>[0-9a-fA-F.:]{2,45}(?:%[\\w.-]+)?)';

/** What ordinary programs print when a name or a connection fails. Sources: the programs' own texts (iputils, busybox, curl, netkit, OpenBSD nc, OpenSSH, wget, nfs-utils). */
const TEXTS: readonly Text[] = [
  { client: 'ping', kind: 'resolve', pattern: new RegExp(`^ping6?: unknown host ${NAME}`, 'u'), error: 'Name or service not known' },
  {
    client: 'ping',
    kind: 'resolve',
    pattern: new RegExp(
      `^ping6?: ${NAME}: (?<error>Name or service not known|Temporary failure in name resolution|Name does not resolve|Try again|No address associated with hostname|Non-recoverable failure in name resolution|System error)`,
      'u',
    ),
  },
  { client: 'ping', kind: 'resolve', pattern: new RegExp(`^ping6?: bad address '${NAME}'`, 'u'), error: 'bad address' },
  { client: 'ping', kind: 'dial', pattern: /^(?:ping6?: )?(?:connect|sendmsg|sendto): (?<error>[A-Z][\w ]{4,60})$/u },
  {
    client: 'ping',
    kind: 'dial',
    pattern:
      /^From (?<via>[^ \t(]+)(?: \([^)]*\))? icmp_seq=\d+ (?<error>Destination [\w ]+|Packet filtered|Time to live exceeded|Frag needed and DF set.*)/u,
  },
  { client: 'ping', kind: 'dial', pattern: /^(?<lost>\d+) packets transmitted, 0 (?:packets )?received/u, error: '100% packet loss' },
  { client: 'telnet', kind: 'dial', pattern: new RegExp(`^telnet: connect to address ${ADDR}: (?<error>.{5,60})`, 'u') },
  {
    client: 'telnet',
    kind: 'dial',
    pattern: /^telnet: (?:Unable to connect to remote host|can't connect to remote host(?: \((?<address>[^)]+)\))?): (?<error>.{5,60})/u,
  },
  {
    client: 'telnet',
    kind: 'resolve',
    pattern: new RegExp(
      `^telnet: (?:could not resolve )?${NAME}(?:/\\w+)?: (?<error>Name or service not known|Temporary failure in name resolution|Unknown host|hostname nor servname.*)`,
      'u',
    ),
  },
  { client: 'telnet', kind: 'resolve', pattern: new RegExp(`^telnet: bad address '${NAME}'`, 'u'), error: 'bad address' },
  {
    client: 'curl',
    kind: 'resolve',
    pattern: new RegExp(`(?:curl: \\(6\\) )?Could not resolve (?:host|proxy): ?${NAME}`, 'u'),
    error: 'Could not resolve host',
  },
  { client: 'curl', kind: 'resolve', pattern: /curl: \(28\) Resolving timed out/u, error: 'Resolving timed out' },
  {
    client: 'curl',
    kind: 'dial',
    pattern: new RegExp(`(?:curl: \\(7\\) )?Failed to connect to ${NAME} port (?<port>\\d{1,5})[^:]{0,60}: (?<error>.{3,100})`, 'u'),
  },
  {
    client: 'curl',
    kind: 'dial',
    pattern: new RegExp(`curl: \\(7\\) Failed connect to ${NAME}:(?<port>\\d{1,5}); (?<error>.{3,60})`, 'u'),
  },
  {
    client: 'curl',
    kind: 'dial',
    pattern: new RegExp(`connect to ${ADDR} port (?<port>\\d{1,5})(?: from [^ ]+ port \\d+)? failed: (?<error>.{3,60})`, 'u'),
  },
  {
    client: 'curl',
    kind: 'dial',
    pattern:
      /curl: \((?:28|52|56|35)\) (?<error>(?:Connection timed out|Operation timed out|Failed to connect|Empty reply|Recv failure|OpenSSL SSL_connect).{0,120})/u,
  },
  {
    client: 'wget',
    kind: 'resolve',
    pattern: new RegExp(`wget: (?:bad address|unable to resolve host address) ['‘"]${NAME}['’"]`, 'u'),
    error: 'bad address',
  },
  { client: 'wget', kind: 'dial', pattern: /wget: can't connect to remote host(?: \((?<address>[^)]+)\))?: (?<error>.{3,60})/u },
  {
    client: 'wget',
    kind: 'dial',
    pattern: /^Connecting to [^ ]+ \((?<address>[^)]+)\)[|:](?<port>\d{1,5})?[^.]{0,20}\.\.\. failed: (?<error>.{3,60}?)\.?$/u,
  },
  {
    client: 'nc',
    kind: 'dial',
    pattern: new RegExp(
      `nc: connect to ${NAME}(?: \\((?<address>[^)]+)\\))? port (?<port>\\d{1,5}) \\(\\w+\\) failed: (?<error>.{3,60})`,
      'u',
    ),
  },
  {
    client: 'nc',
    kind: 'dial',
    pattern: new RegExp(`^nc: ${NAME} \\((?<address>[^):]+|\\[[^\\]]+\\]):(?<port>\\d+)\\): (?<error>.{3,60})`, 'u'),
  },
  {
    client: 'nc',
    kind: 'resolve',
    pattern: new RegExp(`^nc: (?:getaddrinfo for host "|getaddrinfo: |bad address ')${NAME}?["']?`, 'u'),
    error: 'Name or service not known',
  },
  { client: 'nc', kind: 'dial', pattern: /^Ncat: (?<error>[A-Z][\w ]{4,60})\.?$/u },
  { client: 'ssh', kind: 'dial', pattern: new RegExp(`ssh: connect to host ${NAME} port (?<port>\\d{1,5}): (?<error>.{3,60})`, 'u') },
  { client: 'ssh', kind: 'resolve', pattern: new RegExp(`ssh: Could not resolve hostname ${NAME}: (?<error>.{3,80})`, 'u') },
  { client: 'kubectl', kind: 'dial', pattern: /The connection to the server (?<target>[^ \t]+) was refused/u, error: 'connection refused' },
  { client: 'kubectl', kind: 'dial', pattern: /Unable to connect to the server: (?<error>(?:net\/http|context|EOF|read tcp)[^"]{0,120})/u },
  {
    client: 'mount',
    kind: 'resolve',
    pattern: new RegExp(`(?:mount(?:\\.\\w+)?: |^(?:Output: )?)Failed to resolve server ${NAME}: (?<error>.{3,80})`, 'u'),
  },
  {
    client: 'hostname',
    kind: 'resolve',
    pattern: /^hostname: (?<error>Name or service not known|Temporary failure in name resolution|Unknown host)/u,
  },
  {
    client: 'sudo',
    kind: 'resolve',
    pattern: new RegExp(`^sudo: unable to resolve host ${NAME}`, 'u'),
    error: 'Name or service not known',
  },
  {
    client: 'sshd-forward',
    kind: 'dial',
    pattern: new RegExp(
      `Unable to access the service on ${NAME}:(?<port>\\d{1,5})\\..{0,100}ssh: rejected: connect failed \\((?<error>[^)]{3,80})\\)`,
      'u',
    ),
  },
  { client: 'sshd-forward', kind: 'dial', pattern: /ssh: rejected: connect failed \((?<error>[^)]{3,80})\)/u },
  {
    kind: 'resolve',
    pattern: new RegExp(
      `(?:getaddrinfo|gethostbyname)[^:]{0,20}(?:: | for )?(?:host )?"?${NAME}"?:? (?<error>Name or service not known|Temporary failure in name resolution|Name does not resolve|No address associated with hostname)`,
      'u',
    ),
  },
  { kind: 'resolve', pattern: /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<name>[^ \t:]+)(?: [^ \t:]+:(?<port>\d+))?/u, error: 'getaddrinfo' },
  {
    kind: 'resolve',
    pattern: /(?<error>Temporary failure in name resolution|Name or service not known|Unknown host|Name does not resolve)/u,
  },
];

export const programs = defineSymptomReader({
  id: 'programs',
  anchors: [
    'ping: ',
    'ping6: ',
    'connect: ',
    'sendmsg: ',
    'sendto: ',
    'icmp_seq=',
    ' received',
    'telnet: ',
    'resolve host',
    'resolve proxy',
    'resolve server',
    'Could not resolve',
    'unable to resolve',
    'curl: (',
    'Failed to connect',
    'connect to ',
    'wget: ',
    'Connecting to',
    'nc: ',
    'Ncat: ',
    'ssh: ',
    'The connection to the server',
    'Unable to connect to the server',
    'hostname: ',
    'getaddrinfo',
    'gethostbyname',
    'name resolution',
    'service not known',
    'Unknown host',
    'not resolve',
  ],
  scan: [
    'Could not resolve',
    'unable to resolve',
    'Failed to resolve',
    'name resolution',
    'service not known',
    'Unknown host',
    'Name does not resolve',
    'getaddrinfo',
    ...longEnough('curl: (', ['6)', '7)', '28', '35', '52', '56']),
    'rejected: connect failed',
    'The connection to the server',
    'Unable to connect to the server',
  ],
  read({ message }) {
    for (const { client, kind, pattern, error } of TEXTS) {
      const hit = pattern.exec(message);
      if (hit === null) continue;
      // Go's own lookup errors hold the same libc texts; lookup.ts has read them.
      if (client === undefined && /\blookup [^ \t:]+(?: on [^ \t]+)?: /u.test(message)) return [];
      return [asDraft(kind, client, hit.groups ?? {}, error, message)];
    }
    return [];
  },
});

function asDraft(kind: Text['kind'], client: string | undefined, groups: Groups, error: string | undefined, message: string): SymptomDraft {
  const said = (groups['error'] ?? error ?? '').trim();
  const target = groups['target'] === undefined ? undefined : (urlParts(groups['target']) ?? hostPort(groups['target']));
  const name = groups['name'] ?? target?.host;
  const port = groups['port'] ?? (target?.port === undefined ? undefined : String(target.port));
  if (kind === 'resolve') {
    const url = /https?:\/\/[^ \t"]+/u.exec(message)?.[0];
    const code = /bad address|Unknown host|unknown host|Could not resolve/u.test(said) ? undefined : lookupReason(said).code;
    return draft('lookup-failed', 'resolve', {
      client,
      name: name?.replace(/\.$/u, ''),
      port: port === undefined ? undefined : Number(port),
      errno: said.includes('timed out') ? 'TIMEOUT' : undefined,
      details: details({ error: said, code, url }),
    });
  }
  const written = name !== undefined && isAddress(name) ? undefined : name;
  return draft('dial-failed', 'dial', {
    client,
    name: written,
    address: groups['address'] ?? (written === undefined ? name : undefined),
    port: port === undefined ? undefined : Number(port),
    errno: errnoOf(said) ?? (/timed out|timeout/iu.test(said) ? 'TIMEOUT' : unreachable(said)),
    details: details({ error: said.slice(0, 160), via: groups['via'] }),
  });
}

function unreachable(said: string): string | undefined {
  if (/Host Unreachable|Packet filtered|Administratively|Prohibited/iu.test(said)) return 'EHOSTUNREACH';
  if (/Net(?:work)? Unreachable/iu.test(said)) return 'ENETUNREACH';
  if (/Port Unreachable/iu.test(said)) return 'ECONNREFUSED';
  if (said.includes('packet loss')) return 'TIMEOUT';
  return undefined;
}
