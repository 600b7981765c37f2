/**
 * Carries jobs out from the namespace of the process it runs in. The function refers to nothing outside itself but its arguments, because
 * its own text is also what a second Node runs, inside another namespace, where neither perl nor python3 is there.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

export interface HelperJob {
  readonly number: number;
  readonly kind: string;
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly hex: string;
}

/** `say` is called once for each job with an output line of job.ts. */
export function carryOut(jobs: readonly HelperJob[], udp: typeof createSocket, tcp: typeof connect, say: (line: string) => void): void {
  for (const job of jobs) {
    const started = performance.now();
    let done = false;
    let stop = (): void => undefined;
    const message = Buffer.from(job.hex, 'hex');
    const end = (what: string): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      stop();
      say(`${String(job.number)} ${what}`);
    };
    const answer = (bytes: Buffer): void => {
      end(`R ${(performance.now() - started).toFixed(1)} ${bytes.toString('hex')}`);
    };
    const failed = (error: Error): void => {
      end(`E ${'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/u.test(error.code) ? error.code : 'EIO'}`);
    };
    const timer = setTimeout(() => {
      end('T');
    }, job.timeoutMs);
    if (job.kind === 'udp') {
      const socket = udp(job.address.includes(':') ? 'udp6' : 'udp4');
      // A datagram may be lost: it is sent once more at half the time.
      let again: NodeJS.Timeout | undefined;
      stop = () => {
        clearTimeout(again);
        socket.close();
      };
      socket.on('error', failed);
      socket.on('message', answer);
      socket.connect(job.port, job.address, (error?: Error | null) => {
        if (error !== undefined && error !== null) failed(error);
        if (done) return;
        socket.send(message, (wrong) => {
          if (wrong instanceof Error) failed(wrong);
        });
        again = setTimeout(() => {
          socket.send(message, () => undefined);
        }, job.timeoutMs / 2);
      });
    } else {
      const parts: Buffer[] = [];
      const socket = tcp({ host: job.address, port: job.port });
      stop = () => socket.destroy();
      socket.on('error', failed);
      socket.on('connect', () => {
        if (job.kind === 'dial') {
          end('C');
          return;
        }
        const length = Buffer.alloc(2);
        length.writeUInt16BE(message.length);
        socket.write(Buffer.concat([length, message]));
      });
      socket.on('data', (part: Buffer) => {
        parts.push(part);
        const all = Buffer.concat(parts);
        if (all.length >= 2 && all.length >= 2 + all.readUInt16BE(0)) answer(all.subarray(2, 2 + all.readUInt16BE(0)));
      });
      socket.on('end', () => {
        end('E ECONNRESET');
      });
    }
  }
}

/** In this process, and so in its own network namespace. */
export function carryOutHere(jobs: readonly HelperJob[]): Promise<readonly string[]> {
  if (jobs.length === 0) return Promise.resolve([]);
  return new Promise((resolve) => {
    const lines: string[] = [];
    carryOut(jobs, createSocket, connect, (line) => {
      lines.push(line);
      if (lines.length === jobs.length) resolve(lines);
    });
  });
}

/** Text of a program that does the same wherever it is started: `node --input-type=module -e TEXT`, jobs as JSON on standard input. */
export const helperProgram = (): string => `
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
let text = '';
for await (const part of process.stdin) text += part;
(${carryOut.toString()})(JSON.parse(text), createSocket, connect, (line) => process.stdout.write(line + '\\n'));
`;
