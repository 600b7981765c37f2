// Runs inside a fresh network namespace: sets it up, asks the real kernel, prints the answers as JSON.
// Input (stdin): { setup: string[], listen: [address, port, v6only][], connect: string[], bind: string[], udp: string[] }
import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import net from 'node:net';

const asked = JSON.parse(readFileSync(0, 'utf8'));
for (const command of asked.setup) execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });

const PORT = 4321;
const WAIT_MS = 1200;

for (const [host, port, ipv6Only] of asked.listen ?? []) {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise((done, failed) => server.listen({ host, port, ipv6Only }, done).on('error', failed));
  server.unref();
}

const connect = (host) =>
  new Promise((done) => {
    const socket = net.connect({ host, port: PORT, autoSelectFamily: false });
    const end = (result) => (socket.destroy(), done(result));
    socket.setTimeout(WAIT_MS, () => end('TIMEOUT'));
    socket.on('connect', () => end('OK'));
    socket.on('error', (error) => end(error.code));
  });

const bind = (host) =>
  new Promise((done) => {
    const server = net.createServer();
    server.on('error', (error) => done(error.code));
    server.listen({ host, port: 0, ipv6Only: false }, () => server.close(() => done('OK')));
  });

const udp = (host) =>
  new Promise((done) => {
    const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
    let said = '';
    const end = (more) => {
      try {
        socket.close();
      } catch {
        /* it may be closed already */
      }
      done((said + more).trim());
    };
    socket.on('error', (error) => end(` recv=${error.code}`));
    socket.connect(PORT, host, (error) => {
      if (error) return end(`connect=${error.code}`);
      said = 'connect=OK';
      socket.send('x', (sendError) => {
        said += ` send=${sendError ? sendError.code : 'OK'}`;
        setTimeout(() => end(' recv=TIMEOUT'), WAIT_MS);
      });
    });
  });

const answers = {};
const all = [];
for (const [kind, ask] of [
  ['connect', connect],
  ['bind', bind],
  ['udp', udp],
]) {
  for (const host of asked[kind] ?? []) all.push(ask(host).then((result) => (answers[`${kind} ${host}`] = result)));
}
await Promise.all(all);
process.stdout.write(JSON.stringify(answers));
process.exit(0);
