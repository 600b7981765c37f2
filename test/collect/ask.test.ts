import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import { decode, encode, type Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askDns, dial } from '../../src/collect/ask/ask.ts';
import { decodeReply, encodeQuestion } from '../../src/collect/ask/dns-message.ts';
import { isNumericAddress, jobLine, readOutcome } from '../../src/collect/ask/job.ts';
import { helperProgram } from '../../src/collect/ask/node-helper.ts';
import { collectNeeds } from '../../src/collect/collect-needs.ts';
import type { DnsObservation, DnsQuestion, DnsReply } from '../../src/facts/node-facts.ts';
import { startHost } from '../../src/lab/namespace-host.ts';
import { startNamespaceContainer } from '../../src/lab/container.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { localTransport } from '../../src/transport/local.ts';
import { describeNeeding, needs, programPath, testNeeding } from '../support/privileges.ts';

/** A scripted server: the first label of the name says what it does. */
function reply(message: Buffer, overTcp: boolean): Buffer | undefined {
  const packet = decode(message);
  const [question] = packet.questions ?? [];
  const name = question?.name ?? '';
  const [what = ''] = name.split('.');
  const answers: Answer[] = [];
  let flags = 0x0080;
  if (what === 'silent') return undefined;
  if (what === 'nx') flags |= 3;
  if (what === 'servfail') flags |= 2;
  if (what === 'refused') flags |= 5;
  if (what === 'big' && !overTcp) flags |= 0x0200;
  if (what === 'a' || (what === 'big' && overTcp)) answers.push({ type: 'A', name, ttl: 30, data: '192.0.2.7' });
  if (what === 'aaaa') answers.push({ type: 'AAAA', name, ttl: 30, data: '2001:db8:0:0:0:0:0:7' });
  if (what === 'alias')
    answers.push(
      { type: 'CNAME', name, ttl: 30, data: 'Target.Example.COM.' },
      { type: 'A', name: 'target.example.com', ttl: 1, data: '192.0.2.8' },
    );
  return encode({
    type: 'response',
    id: what === 'wrong-id' ? (packet.id === 1 ? 2 : 1) : (packet.id ?? 0),
    flags,
    questions: packet.questions ?? [],
    answers,
  });
}

let udp: Socket;
let tcp: Server;
let port: number;
let closedPort: number;

beforeAll(async () => {
  tcp = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      const answer = reply(data.subarray(2), true);
      if (answer === undefined) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      // In two pieces: a stream keeps no message borders.
      socket.write(Buffer.concat([length, answer.subarray(0, 5)]));
      setTimeout(() => socket.write(answer.subarray(5)), 20);
    });
  });
  await new Promise<void>((r) => tcp.listen(0, '127.0.0.1', r));
  port = (tcp.address() as AddressInfo).port;
  udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const answer = reply(message, false);
    if (answer !== undefined) udp.send(answer, from.port, from.address);
  });
  await new Promise<void>((r) => udp.bind(port, '127.0.0.1', r));
  const other = createServer();
  await new Promise<void>((r) => other.listen(0, '127.0.0.1', r));
  closedPort = (other.address() as AddressInfo).port;
  await new Promise((r) => other.close(r));
});
afterAll(() => {
  udp.close();
  tcp.close();
});

const question = (name: string, type = 'A', transport: 'udp' | 'tcp' = 'udp', at = port): DnsQuestion => ({
  server: '127.0.0.1',
  port: at,
  name,
  type,
  transport,
});
const here = () => '-';
const ask = async (q: DnsQuestion): Promise<DnsReply | undefined> =>
  (await askDns(localTransport(), here, [{ netns: 'host', question: q }], { timeoutMs: 600 }))[0]?.reply;

describe('asking a name server from this namespace', () => {
  test.each<readonly [string, string, string, 'udp' | 'tcp', Partial<DnsReply>]>([
    [
      'an address',
      'a.example',
      'A',
      'udp',
      { kind: 'answer', rcode: 'NOERROR', ra: true, tc: false, answers: [{ name: 'a.example', type: 'A', ttl: 30, data: '192.0.2.7' }] },
    ],
    [
      'an IPv6 address in its normal form',
      'aaaa.example',
      'AAAA',
      'udp',
      { kind: 'answer', answers: [{ name: 'aaaa.example', type: 'AAAA', ttl: 30, data: '2001:db8::7' }] },
    ],
    [
      'an alias, names in lower case',
      'alias.example',
      'A',
      'udp',
      {
        kind: 'answer',
        answers: [
          { name: 'alias.example', type: 'CNAME', ttl: 30, data: 'target.example.com' },
          { name: 'target.example.com', type: 'A', ttl: 1, data: '192.0.2.8' },
        ],
      },
    ],
    ['no such name', 'nx.example', 'A', 'udp', { kind: 'answer', rcode: 'NXDOMAIN', answers: [] }],
    ['a failing server', 'servfail.example', 'A', 'udp', { kind: 'answer', rcode: 'SERVFAIL' }],
    ['a server that refuses', 'refused.example', 'A', 'udp', { kind: 'answer', rcode: 'REFUSED' }],
    ['a truncated answer', 'big.example', 'A', 'udp', { kind: 'answer', tc: true, answers: [] }],
    [
      'the same over TCP, in pieces',
      'big.example',
      'A',
      'tcp',
      { kind: 'answer', tc: false, answers: [{ name: 'big.example', type: 'A', ttl: 30, data: '192.0.2.7' }] },
    ],
    ['the root', '', 'NS', 'udp', { kind: 'answer', rcode: 'NOERROR' }],
    ['silence', 'silent.example', 'A', 'udp', { kind: 'silent' }],
    ['silence over TCP', 'silent.example', 'A', 'tcp', { kind: 'silent' }],
    ['an answer to another question', 'wrong-id.example', 'A', 'udp', { kind: 'silent' }],
  ])('%s', async (_, name, type, transport, expected) => {
    expect(await ask(question(name, type, transport))).toMatchObject(expected);
  });

  test.each(['udp', 'tcp'] as const)('nobody listens (%s)', async (transport) => {
    expect(await ask(question('a.example', 'A', transport, closedPort))).toEqual({ kind: 'error', errno: 'ECONNREFUSED' });
  });

  test('names that fit in no message, and servers that are names, are not asked', async () => {
    expect(await ask(question(`${'x'.repeat(64)}.example`))).toBeUndefined();
    expect(await ask(question('a..example'))).toBeUndefined();
    expect(await ask({ ...question('a.example'), server: 'localhost' })).toBeUndefined();
  });

  test('an address that no kernel takes is refused before anybody tries it', () => {
    expect(['127.0.0.1', '::1', 'fe80::1%eth0', '::ffff:10.0.0.1'].every(isNumericAddress)).toBe(true);
    expect(['localhost', '127.1; rm -rf', '-h', '$(id)', 'a:b', '::1 x', ''].some(isNumericAddress)).toBe(false);
  });

  test('bytes that are no DNS message are an error, never a crash', () => {
    const query = encodeQuestion(question('a.example'));
    if (query === undefined) return expect.unreachable();
    const head = Buffer.from(query.bytes.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(5), head, Buffer.concat([head, Buffer.alloc(40, 0xc0)])]) {
      expect(['silent', 'error', 'answer']).toContain(decodeReply(bytes, query, 1).kind);
    }
  });

  test('a connection is tried to the end of the handshake', async () => {
    const tried = await dial(localTransport(), here, [
      { netns: 'host', address: '127.0.0.1', port, protocol: 'tcp' },
      { netns: 'host', address: '127.0.0.1', port: closedPort, protocol: 'tcp' },
    ]);
    expect(tried.map((d) => d.result)).toEqual(['OK', 'ECONNREFUSED']);
  });
});

describe('the helpers that stand in for Node agree with it', () => {
  const jobs = () =>
    (['a.example', 'nx.example', 'silent.example'] as const)
      .flatMap((name) =>
        (['udp', 'tcp'] as const).map((kind) => ({
          netns: 'host',
          place: '-',
          kind,
          address: '127.0.0.1',
          port,
          timeoutMs: 500,
          message: encodeQuestion(question(name, 'A', kind))?.bytes ?? Buffer.alloc(0),
        })),
      )
      .concat([
        {
          netns: 'host',
          place: '-',
          kind: 'udp',
          address: '127.0.0.1',
          port: closedPort,
          timeoutMs: 500,
          message: encodeQuestion(question('a.example'))?.bytes ?? Buffer.alloc(0),
        },
        { netns: 'host', place: '-', kind: 'tcp', address: '127.0.0.1', port: closedPort, timeoutMs: 500, message: Buffer.from('x') },
      ]);
  const script = (file: string) => readFileSync(new URL(`../../src/collect/probe/${file}`, import.meta.url), 'utf8');

  test.each([
    ['perl', () => ['perl', '-e', script('ask.pl')]],
    ['python3', () => ['python3', '-c', script('ask.py')]],
    ['another node', () => [process.execPath, '--input-type=module', '-e', helperProgram()]],
  ])('%s', async (name, command) => {
    if (name !== 'another node' && !needs(name).ok) return;
    const all = jobs();
    const input =
      name === 'another node'
        ? JSON.stringify(
            all.map((j, number) => ({
              number,
              kind: j.kind,
              address: j.address,
              port: j.port,
              timeoutMs: j.timeoutMs,
              hex: j.message.toString('hex'),
            })),
          )
        : all.map(jobLine).join('');
    const result = await localTransport().runProgram(command(), { timeoutMs: 15_000, maxBytes: 1_000_000 }, input);
    const kinds = new Map(
      result.stdout
        .toString()
        .split('\n')
        .flatMap((line) => {
          const read = readOutcome(line);
          return read === undefined ? [] : [read];
        }),
    );
    const errnoOf = (i: number): string | undefined => {
      const outcome = kinds.get(i);
      return outcome?.kind === 'error' ? outcome.errno : undefined;
    };
    expect(result.timedOut).toBe(false);
    expect(all.map((_, i) => [kinds.get(i)?.kind, errnoOf(i)])).toEqual([
      ['answer', undefined],
      ['answer', undefined],
      ['answer', undefined],
      ['answer', undefined],
      ['silent', undefined],
      ['silent', undefined],
      ['error', 'ECONNREFUSED'],
      ['error', 'ECONNREFUSED'],
    ]);
  });
});

describe('on a node without perl and python3', () => {
  const only = (tool: string): Transport => {
    const folder = mkdtempSync(join(tmpdir(), 'culprit-tools-'));
    folders.push(folder);
    for (const name of ['sh', 'cat', tool]) symlinkSync(programPath(name) ?? '/nonexistent', join(folder, name));
    // With an ip there, the probe looks for nothing in the system's folders.
    symlinkSync(programPath('true') ?? '/nonexistent', join(folder, 'ip'));
    return { ...localTransport({ path: folder }), kind: 'ssh' };
  };
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const names = ['a.example', 'nx.example', 'servfail.example', 'silent.example', 'alias.example'];

  testNeeding(['dig'], 'dig tells the same', async () => {
    const asked = await askDns(
      only('dig'),
      here,
      [...names.map((n) => question(n)), question('big.example', 'A', 'tcp'), question('a.example', 'A', 'udp', closedPort)].map((q) => ({
        netns: 'host',
        question: q,
      })),
      { timeoutMs: 900 },
    );
    expect(
      asked.map((o) =>
        o.reply.kind === 'answer' ? [o.reply.rcode, o.reply.ra, ...o.reply.answers.map((r) => `${r.name} ${r.type} ${r.data}`)] : o.reply,
      ),
    ).toEqual([
      ['NOERROR', true, 'a.example A 192.0.2.7'],
      ['NXDOMAIN', true],
      ['SERVFAIL', true],
      { kind: 'silent' },
      ['NOERROR', true, 'alias.example CNAME target.example.com', 'target.example.com A 192.0.2.8'],
      ['NOERROR', true, 'big.example A 192.0.2.7'],
      { kind: 'error', errno: 'ECONNREFUSED' },
    ]);
  });

  test('with no tool at all nothing is claimed', async () => {
    expect(await askDns(only('true'), here, [{ netns: 'host', question: question('a.example') }], { timeoutMs: 500 })).toEqual([]);
  });
});

describeNeeding(['root', 'namespaces', 'dnsmasq'], 'asking from inside another namespace', () => {
  test("the container's own server answers; the same address on the host does not", async () => {
    const host = await startHost('asking');
    try {
      const container = await startNamespaceContainer(host, { name: 'c1', network: 'own' });
      // The process ids of the lab host are its own, so the asking runs inside it too.
      await host.start(
        'inner-dns',
        [
          'dnsmasq',
          '--keep-in-foreground',
          '--conf-file=/dev/null',
          '--no-hosts',
          '--no-resolv',
          '--user=root',
          '--pid-file=',
          '--listen-address=127.0.0.1',
          '--bind-interfaces',
          '--local=/#/',
          '--host-record=rancher-metadata,169.254.169.250',
        ],
        { enter: ['nsenter', '-t', String(container.pid), '-n'] },
      );
      await host.sh('sleep 0.3');
      const questions = [
        question('rancher-metadata', 'A', 'udp', 53),
        question('rancher-metadata', 'A', 'tcp', 53),
        question('unknown', 'A', 'udp', 53),
      ];
      const result = await host.exec([
        process.execPath,
        '--experimental-strip-types',
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('./support/ask-inside.ts', import.meta.url)),
        String(container.pid),
        JSON.stringify(questions),
      ]);
      expect(result.stderr).toBe('');
      const { inner, outer } = JSON.parse(result.stdout) as { inner: readonly DnsObservation[]; outer: readonly DnsObservation[] };
      expect(inner.map((o) => o.reply)).toMatchObject([
        { kind: 'answer', rcode: 'NOERROR', answers: [{ data: '169.254.169.250' }] },
        { kind: 'answer', rcode: 'NOERROR', answers: [{ data: '169.254.169.250' }] },
        { kind: 'answer', rcode: 'NXDOMAIN' },
      ]);
      expect(outer.map((o) => o.reply)).toEqual(questions.map(() => ({ kind: 'error', errno: 'ECONNREFUSED' })));
    } finally {
      await host.dispose();
    }
  }, 60_000);
});

test('nothing is asked for evidence that somebody gave', async () => {
  const snapshot = { schema: 'culprit/snapshot@1', takenAt: '', target: '', fromEvidence: true, node: {} as never, symptoms: [] } as const;
  expect(await collectNeeds(snapshot, [{ kind: 'dns', netns: 'host', question: question('a.example') }])).toBe(snapshot);
});
