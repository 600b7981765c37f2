export interface FakeResolvedOptions {
  readonly title: string;
  readonly socket: string;
  /** Names that it knows, with an IPv4 address. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Stands for systemd-resolved's varlink service io.systemd.Resolve, which libnss_resolve asks (systemd src/nss-resolve): messages are
 * JSON, each ended by a NUL byte. A function for nodeProgram: it uses nothing from outside itself.
 */
export const fakeResolved = (options: FakeResolvedOptions): void => {
  process.title = options.title;
  const net = process.getBuiltinModule('node:net');
  const fs = process.getBuiltinModule('node:fs');
  const server = net.createServer((connection) => {
    connection.on('error', () => connection.destroy());
    let text = '';
    connection.on('data', (chunk) => {
      text += chunk.toString('utf8');
      for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0')) {
        const call = JSON.parse(text.slice(0, end)) as { readonly method: string; readonly parameters?: { readonly name?: string } };
        text = text.slice(end + 1);
        const name = (call.parameters?.name ?? '').toLowerCase();
        const address = options.names[name];
        const reply =
          address === undefined
            ? { error: 'io.systemd.Resolve.DNSError', parameters: { rcode: 3 } }
            : { parameters: { addresses: [{ ifindex: 2, family: 2, address: address.split('.').map(Number) }], name, flags: 1 } };
        connection.write(`${JSON.stringify(reply)}\0`);
      }
    });
  });
  server.listen(options.socket, () => {
    fs.chmodSync(options.socket, 0o666);
  });
};
