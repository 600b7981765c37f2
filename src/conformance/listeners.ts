/** TCP listeners of an arena that answer like a small web server and close; `given.listening` names them as ADDRESS:PORT. */
import { createServer, type Server, type Socket } from 'node:net';

interface Listening {
  readonly server: Server;
  readonly connections: Set<Socket>;
}

function stop({ server, connections }: Listening): Promise<void> {
  for (const connection of connections) connection.destroy();
  return new Promise((done) => {
    server.close(() => {
      done();
    });
  });
}

export class Listeners {
  readonly #open = new Map<string, Listening>();

  /** Opens and closes so that exactly these listen. An address that the namespace lacks stays without. */
  async listen(targets: readonly string[]): Promise<void> {
    const wanted = new Set(targets);
    for (const [target, listening] of this.#open) {
      if (wanted.has(target)) continue;
      this.#open.delete(target);
      await stop(listening);
    }
    for (const target of wanted) {
      if (this.#open.has(target)) continue;
      const listening = await started(target);
      if (listening !== undefined) this.#open.set(target, listening);
    }
  }

  close(): void {
    for (const listening of this.#open.values()) void stop(listening);
    this.#open.clear();
  }
}

function started(target: string): Promise<Listening | undefined> {
  const colon = target.lastIndexOf(':');
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  return new Promise((done) => {
    server.once('error', () => {
      done(undefined);
    });
    server.listen({ host: target.slice(0, colon).replace(/^\[|\]$/gu, ''), port: Number(target.slice(colon + 1)), ipv6Only: false }, () => {
      done({ server, connections });
    });
  });
}
