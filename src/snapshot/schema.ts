/**
 * The form of a saved snapshot, checked when one is read. It says the same as the types of facts/ and snapshot.ts; the test
 * test/snapshot/schema.test.ts holds both against each other, so neither can change alone.
 */
import { z } from 'zod';
import { SNAPSHOT_SCHEMA } from './snapshot.ts';

const text = z.string();
const number = z.number();
const flag = z.boolean();
const list = <T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> => z.array(item).readonly();
const byKey = <T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodRecord<z.ZodString, T>> => z.record(z.string(), item).readonly();
const row = <T extends z.core.$ZodLooseShape>(shape: T): z.ZodReadonly<z.ZodObject<T>> => z.object(shape).readonly();
const maybe = <T extends z.core.SomeType>(item: T): z.ZodExactOptional<T> => z.exactOptional(item);

const place = { view: maybe(text), line: maybe(number), text: maybe(text) };
const source = z.discriminatedUnion('kind', [
  row({ kind: z.literal('file'), path: text, ...place }),
  row({ kind: z.literal('command'), command: text, ...place }),
  row({ kind: z.literal('log'), path: text, ...place, time: maybe(text) }),
  row({ kind: z.literal('statement'), key: text, text, line: maybe(number) }),
  row({ kind: z.literal('probe'), probe: text, view: maybe(text), text: maybe(text) }),
]);

const reason = z.enum([
  'not-collected',
  'permission',
  'timeout',
  'no-tool',
  'too-large',
  'not-a-regular-file',
  'link-loop',
  'outside-root',
  'vanished',
  'malformed',
  'io-error',
]);

const fact = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('state', [
    row({ state: z.literal('known'), value, source }),
    row({ state: z.literal('absent'), source }),
    row({ state: z.literal('unobserved'), reason, source: maybe(source), detail: maybe(text) }),
  ]);

const family = z.enum(['inet', 'inet6']);
const protocol = z.enum(['tcp', 'udp']);

const fileContent = row({
  text,
  encoding: z.enum(['utf8', 'latin1']),
  mode: maybe(number),
  uid: maybe(number),
  gid: maybe(number),
  size: maybe(number),
  mtime: maybe(number),
  inode: maybe(number),
  truncated: maybe(flag),
  directory: maybe(flag),
  linkTarget: maybe(text),
});

const networkInterface = row({
  name: text,
  index: maybe(number),
  up: flag,
  loopback: flag,
  mtu: maybe(number),
  kind: maybe(text),
  addresses: list(row({ family, address: text, prefixLength: number, tentative: maybe(flag), deprecated: maybe(flag) })),
});

const route = row({
  family,
  type: z.enum(['unicast', 'local', 'broadcast', 'multicast', 'unreachable', 'prohibit', 'blackhole', 'throw']),
  destination: text,
  gateway: maybe(text),
  device: maybe(text),
  preferredSource: maybe(text),
  metric: maybe(number),
  table: text,
});

const rejectRule = row({
  family: z.enum(['inet', 'inet6', 'both']),
  hook: z.enum(['input', 'output']),
  destination: maybe(text),
  source: maybe(text),
  protocol: maybe(text),
  port: maybe(number),
  device: maybe(text),
  verdict: text,
  packets: maybe(number),
  unknownConditions: maybe(list(text)),
  text,
});

const netns = row({
  id: text,
  interfaces: fact(list(networkInterface)),
  routes: fact(list(route)),
  rules: fact(list(row({ family, priority: number, selector: text, action: text }))),
  ipv6Socket: fact(flag),
  disableIpv6: byKey(fact(flag)),
  listeners: fact(
    list(row({ protocol, family, address: text, port: number, v6only: maybe(flag), pid: maybe(number), program: maybe(text) })),
  ),
  rejects: fact(list(rejectRule)),
  sysctls: byKey(fact(text)),
});

const goBuild = row({ version: text, cgo: maybe(flag), tags: maybe(list(text)), godebug: maybe(text) });
const program = row({
  name: text,
  path: maybe(text),
  flavour: maybe(text),
  version: maybe(text),
  static: maybe(flag),
  go: maybe(goBuild),
  installed: flag,
});

const view = row({
  id: text,
  kind: z.enum(['host', 'container']),
  names: list(text),
  runtime: maybe(z.enum(['docker', 'containerd', 'cri-o', 'plain'])),
  containerId: maybe(text),
  image: maybe(text),
  pid: maybe(number),
  startedAt: maybe(number),
  netns: text,
  hostname: fact(text),
  files: byKey(fact(fileContent)),
  mounts: fact(
    list(row({ target: text, hostPath: maybe(text), fsType: text, source: text, options: text, root: maybe(text), device: maybe(text) })),
  ),
  sockets: fact(
    list(
      row({
        service: z.enum(['nscd', 'resolved', 'sssd', 'avahi', 'machined', 'dbus']),
        path: text,
        state: z.enum(['answering', 'refused', 'silent', 'present']),
        daemon: maybe(text),
      }),
    ),
  ),
  libc: fact(row({ kind: z.enum(['glibc', 'musl', 'none']), version: maybe(text) })),
  nssModules: fact(list(text)),
  env: fact(byKey(text)),
  programs: byKey(fact(program)),
  mainProgram: maybe(fact(program)),
});

const daemon = row({
  id: text,
  kind: z.enum(['nscd', 'unscd', 'systemd-resolved', 'sssd', 'avahi', 'dnsmasq']),
  pid: maybe(number),
  view: text,
  version: maybe(fact(text)),
  startedAt: maybe(fact(number)),
  configPath: maybe(text),
  processState: maybe(text),
  cached: maybe(list(row({ name: text, addresses: list(text) }))),
});

const dnsReply = z.discriminatedUnion('kind', [
  row({
    kind: z.literal('answer'),
    rcode: text,
    answers: list(row({ name: text, type: text, ttl: maybe(number), data: text })),
    aa: maybe(flag),
    ra: maybe(flag),
    tc: maybe(flag),
    ad: maybe(flag),
    additional: maybe(number),
    ms: maybe(number),
  }),
  row({ kind: z.literal('silent') }),
  row({ kind: z.literal('error'), errno: text }),
]);

const dns = row({
  netns: text,
  question: row({ server: text, port: maybe(number), name: text, type: text, transport: z.enum(['udp', 'tcp']) }),
  reply: dnsReply,
  source: maybe(source),
});

const run = row({
  view: text,
  client: text,
  command: text,
  name: text,
  port: maybe(number),
  exitStatus: maybe(number),
  stdout: text,
  stderr: text,
  ms: maybe(number),
  timedOut: maybe(flag),
});

const log = row({
  path: text,
  view: maybe(text),
  component: maybe(text),
  format: maybe(text),
  tail: list(text),
  firstLine: maybe(number),
  sizeBytes: maybe(number),
  lineCount: maybe(number),
  firstTime: maybe(text),
  lastTime: maybe(text),
});

const problem = row({ source, reason, detail: maybe(text) });

const node = row({
  hostname: fact(text),
  kernelRelease: fact(text),
  bootParameters: fact(text),
  osRelease: fact(byKey(text)),
  products: list(
    row({
      name: z.enum(['rke', 'rke2', 'k3s', 'kubeadm', 'rancher', 'rancher1', 'kubernetes', 'docker']),
      version: maybe(text),
      source,
    }),
  ),
  netns: list(netns),
  views: list(view),
  daemons: list(daemon),
  dns: list(dns),
  runs: list(run),
  dials: list(row({ netns: text, address: text, port: number, protocol, result: text, source: maybe(source) })),
  logs: list(log),
  observations: byKey(fact(z.union([text, number, flag, list(text), list(byKey(text))]))),
  statements: maybe(list(row({ key: text, value: text, line: maybe(number) }))),
  problems: list(problem),
});

const symptom = row({
  kind: text,
  operation: z.enum(['resolve', 'dial', 'listen', 'tls', 'http', 'dns', 'start', 'mount', 'pull', 'ssh', 'other']),
  client: maybe(text),
  component: maybe(text),
  view: maybe(text),
  name: maybe(text),
  address: maybe(text),
  port: maybe(number),
  protocol: maybe(text),
  errno: maybe(text),
  rcode: maybe(text),
  server: maybe(text),
  httpStatus: maybe(number),
  details: maybe(byKey(text)),
  count: number,
  firstSeen: maybe(text),
  lastSeen: maybe(text),
  terminal: maybe(flag),
  evidence: list(source),
});

export const snapshotSchema = row({
  schema: z.literal(SNAPSHOT_SCHEMA),
  takenAt: text,
  target: text,
  fromEvidence: flag,
  node,
  symptoms: list(symptom),
  pieces: maybe(list(row({ name: text, takenFor: text, lines: number, notUnderstood: maybe(number) }))),
  given: maybe(list(text)),
});
