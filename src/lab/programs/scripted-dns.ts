export interface DnsRule {
  /** The name itself, or `*.domain` for all names below it. Lower case, no final dot. */
  readonly name: string;
  /** A, AAAA, or absent for every type. */
  readonly type?: 'A' | 'AAAA';
  /** empty: NOERROR without records. */
  readonly answer: 'silent' | 'servfail' | 'refused' | 'nxdomain' | 'empty' | { readonly addresses: readonly string[] };
}

export interface ScriptedDnsOptions {
  readonly title: string;
  readonly address: string;
  readonly port?: number;
  /** The first that fits counts; a name that no rule fits gets `otherwise`. */
  readonly rules: readonly DnsRule[];
  readonly otherwise: DnsRule['answer'];
  /** Default: both. */
  readonly transports?: readonly ('udp' | 'tcp')[];
  /** Over UDP every answer is truncated (TC set, no records), as a large one would be. */
  readonly truncated?: boolean;
  readonly delayMs?: number;
}

/**
 * A DNS server that says what it is told, also what a proper one never would. RFC 1035 section 4; one question a message.
 * A function for nodeProgram: it uses nothing from outside itself.
 */
export const scriptedDns = (options: ScriptedDnsOptions): void => {
  process.title = options.title;
  const dgram = process.getBuiltinModule('node:dgram');
  const net = process.getBuiltinModule('node:net');
  const TYPES: Record<number, string> = { 1: 'A', 28: 'AAAA' };
  const fits = (pattern: string, name: string): boolean => (pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern);

  const bytesOf = (address: string): Buffer => {
    if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
    const [head = '', tail] = address.split('::');
    const left = head === '' ? [] : head.split(':');
    const right = tail === undefined || tail === '' ? [] : tail.split(':');
    const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
    return Buffer.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]));
  };

  const reply = (query: Buffer, udp: boolean): Buffer | undefined => {
    if (query.length < 17) return undefined;
    const labels: string[] = [];
    let at = 12;
    while (at < query.length && query[at] !== 0) {
      const length = query[at] ?? 0;
      labels.push(
        query
          .subarray(at + 1, at + 1 + length)
          .toString('latin1')
          .toLowerCase(),
      );
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const type = TYPES[query.readUInt16BE(at + 1)];
    const name = labels.join('.');
    const rule = options.rules.find((each) => fits(each.name, name) && (each.type === undefined || each.type === type));
    const answer = rule?.answer ?? options.otherwise;
    if (answer === 'silent') return undefined;
    const truncate = udp && options.truncated === true;
    const addresses =
      typeof answer === 'object' && !truncate ? answer.addresses.filter((address) => type === (address.includes(':') ? 'AAAA' : 'A')) : [];
    const rcode = answer === 'servfail' ? 2 : answer === 'nxdomain' ? 3 : answer === 'refused' ? 5 : 0;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // QR, AA, RD as asked, RA.
    header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (truncate ? 0x0200 : 0) | rcode, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((address) => {
      const data = bytesOf(address);
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(data.length === 4 ? 1 : 28, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(60, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    return Buffer.concat([header, question, ...records]);
  };

  const transports = options.transports ?? ['udp', 'tcp'];
  const port = options.port ?? 53;
  if (transports.includes('udp')) {
    const socket = dgram.createSocket(options.address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (query, from) => {
      const answer = reply(query, true);
      if (answer !== undefined)
        setTimeout(() => {
          socket.send(answer, from.port, from.address);
        }, options.delayMs ?? 0);
    });
    socket.bind(port, options.address);
  }
  if (transports.includes('tcp')) {
    const server = net.createServer((connection) => {
      connection.on('error', () => connection.destroy());
      let waiting = Buffer.alloc(0);
      connection.on('data', (chunk) => {
        waiting = Buffer.concat([waiting, chunk]);
        while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
          const end = 2 + waiting.readUInt16BE(0);
          const answer = reply(waiting.subarray(2, end), false);
          waiting = waiting.subarray(end);
          if (answer === undefined) continue;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          connection.write(Buffer.concat([length, answer]));
        }
      });
    });
    server.listen(port, options.address);
  }
};
