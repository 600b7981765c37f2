export interface FakeAvahiOptions {
  readonly title: string;
  /** Path of its socket. */
  readonly socket: string;
  /** Names under .local that somebody on the link would answer for, with an IPv4 address. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Stands for avahi-daemon: the line protocol of its simple socket (avahi-daemon/simple-protocol.c), which libnss_mdns speaks.
 *   RESOLVE-HOSTNAME-IPV4 NAME   →   + INTERFACE PROTOCOL NAME ADDRESS   |   -15 Timeout reached
 * A function for nodeProgram: it uses nothing from outside itself.
 */
export const fakeAvahi = (options: FakeAvahiOptions): void => {
  process.title = options.title;
  const net = process.getBuiltinModule('node:net');
  const server = net.createServer((connection) => {
    connection.on('error', () => connection.destroy());
    let text = '';
    connection.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0) return;
      const [verb = '', name = ''] = text.slice(0, end).trim().split(' ');
      text = text.slice(end + 1);
      const address = verb === 'RESOLVE-HOSTNAME-IPV6' ? undefined : options.names[name.toLowerCase()];
      connection.write(address === undefined ? '-15 Timeout reached\n' : `+ 2 0 ${name} ${address}\n`);
    });
  });
  server.listen(options.socket);
};
