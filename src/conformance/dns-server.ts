/**
 * The scripted DNS servers of an arena: UDP and TCP on port 53 of the addresses that a trial names. They answer as the vectors' format
 * says (world-from-given.ts is the one reading of it), and `noise` sends an answer with a wrong id first.
 */
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server as TcpServer } from 'node:net';
import packet from 'dns-packet';
import type { DnsReply } from '../facts/node-facts.ts';
import type { ScriptedServer } from '../vectors/world-from-given.ts';
import type { SeenQuery } from './trial.ts';

const RCODES: Readonly<Record<string, number>> = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

interface Listening {
  readonly udp: Socket;
  readonly tcp: TcpServer;
}

export class DnsServers {
  readonly #open = new Map<string, Listening>();
  #scripts: ReadonlyMap<string, ScriptedServer> = new Map();
  seen: SeenQuery[] = [];

  /** Opens and closes so that exactly the scripted addresses answer. */
  async serve(scripts: ReadonlyMap<string, ScriptedServer>): Promise<void> {
    this.#scripts = scripts;
    this.seen = [];
    for (const [address, listening] of this.#open) {
      if (scripts.has(address)) continue;
      this.#open.delete(address);
      listening.tcp.close();
      await new Promise<void>((done) =>
        listening.udp.close(() => {
          done();
        }),
      );
    }
    for (const address of scripts.keys()) if (!this.#open.has(address)) this.#open.set(address, await this.#listen(address));
  }

  async #listen(address: string): Promise<Listening> {
    const udp = createSocket(address.includes(':') ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
    udp.on('message', (message, from) => {
      for (const reply of this.#answer(address, message, false)) udp.send(reply, from.port, from.address);
    });
    await new Promise<void>((done, failed) => {
      udp.once('error', failed);
      udp.bind(53, address, () => {
        done();
      });
    });
    const tcp = createServer((connection) => {
      let pending = Buffer.alloc(0);
      connection.on('error', () => connection.destroy());
      connection.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
          const length = pending.readUInt16BE(0);
          for (const reply of this.#answer(address, pending.subarray(2, 2 + length), true)) {
            const size = Buffer.alloc(2);
            size.writeUInt16BE(reply.length);
            connection.write(Buffer.concat([size, reply]));
          }
          pending = pending.subarray(2 + length);
        }
      });
    });
    await new Promise<void>((done, failed) => {
      tcp.once('error', failed);
      tcp.listen(53, address, () => {
        done();
      });
    });
    return { udp, tcp };
  }

  #answer(server: string, message: Buffer, tcp: boolean): Buffer[] {
    let query: packet.DecodedPacket;
    try {
      query = packet.decode(message);
    } catch {
      return [];
    }
    const question = query.questions?.[0];
    const script = this.#scripts.get(server);
    if (question === undefined || script === undefined) return [];
    const edns = (query.additionals ?? []).some((record) => record.type === 'OPT');
    const flags = query.flags ?? 0;
    this.seen.push({
      server,
      name: question.name === '.' || question.name === '' ? '.' : `${question.name}.`,
      type: question.type,
      tcp,
      edns,
      ad: (flags & packet.AUTHENTIC_DATA) !== 0,
    });
    const reply = script.reply({ server, name: question.name.toLowerCase(), type: question.type, transport: tcp ? 'tcp' : 'udp' });
    if (reply.kind !== 'answer') return [];
    const answer = reply.answers.length === 0 ? emptyReply(message, reply) : encode(query.id ?? 0, question, reply);
    if (tcp || !script.noisy(question.name)) return [answer];
    const wrong = Buffer.from(answer);
    wrong.writeUInt16BE(((query.id ?? 0) + 1) & 0xffff);
    return [wrong, answer];
  }

  close(): void {
    for (const { udp, tcp } of this.#open.values()) {
      udp.close();
      tcp.close();
    }
    this.#open.clear();
  }
}

/** A reply without records, around the question as it came: names may hold bytes that would not survive being read and written. */
function emptyReply(message: Buffer, reply: Extract<DnsReply, { kind: 'answer' }>): Buffer {
  let end = 12;
  while (end < message.length && (message[end] ?? 0) !== 0) end += 1 + (message[end] ?? 0);
  const made = Buffer.from(message.subarray(0, Math.min(message.length, end + 5)));
  const flags =
    packet.RECURSION_DESIRED | (reply.ra === false ? 0 : packet.RECURSION_AVAILABLE) | (reply.tc === true ? packet.TRUNCATED_RESPONSE : 0);
  made.writeUInt16BE(0x8000 | flags | (RCODES[reply.rcode] ?? 0), 2);
  made.fill(0, 6, 12);
  return made;
}

function encode(id: number, question: packet.Question, reply: Extract<DnsReply, { kind: 'answer' }>): Buffer {
  const answers: packet.Answer[] = [];
  for (const record of reply.answers) {
    const name = record.name === question.name.toLowerCase() ? question.name : record.name;
    if (record.type === 'A' || record.type === 'AAAA' || record.type === 'CNAME' || record.type === 'PTR')
      answers.push({ type: record.type, name, ttl: 60, class: 'IN', data: record.data });
  }
  const made = packet.encode({
    type: 'response',
    id,
    flags:
      packet.RECURSION_DESIRED |
      (reply.ra === false ? 0 : packet.RECURSION_AVAILABLE) |
      (reply.tc === true ? packet.TRUNCATED_RESPONSE : 0),
    questions: [question],
    answers,
  });
  made[3] = ((made[3] ?? 0) & 0xf0) | (RCODES[reply.rcode] ?? 0);
  return made;
}
