// Opens TCP listeners that answer like a small web server and close, runs a program, and ends as it ends.
// usage: node listen-and-run.mjs ADDRESS:PORT,… -- PROGRAM ARGUMENT…
import { spawn } from 'node:child_process';
import net from 'node:net';

const [listening = '', , program = 'true', ...args] = process.argv.slice(2);
for (const target of listening.split(',').filter((t) => t !== '')) {
  const colon = target.lastIndexOf(':');
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  server.on('error', () => undefined);
  await new Promise((done) =>
    server
      .listen({ host: target.slice(0, colon).replace(/^\[|\]$/gu, ''), port: Number(target.slice(colon + 1)), ipv6Only: false }, done)
      .on('error', done),
  );
}
const child = spawn(program, args, { stdio: 'inherit' });
child.on('error', () => process.exit(127));
child.on('close', (code) => process.exit(code ?? 1));
