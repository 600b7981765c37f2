/** Starts arenas and hands them trials. An arena runs one trial at a time; several arenas run side by side. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ArenaRequest, ArenaSetup, Raw } from './trial.ts';

export class ArenaClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';

  private constructor(setup: ArenaSetup) {
    const arena = new URL('./arena.ts', import.meta.url).pathname;
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#child = spawn('unshare', ['--net', '--mount', '--uts', '--propagation', 'private', process.execPath, arena, JSON.stringify(setup)], { env });
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-4000)));
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  static async start(setup: ArenaSetup): Promise<ArenaClient> {
    const client = new ArenaClient(setup);
    const first = await client.#lines.next();
    if (first.done === true) throw new Error(`the arena did not start: ${client.#stderr}`);
    return client;
  }

  async run(request: ArenaRequest): Promise<Raw> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`the arena ended: ${this.#stderr}`);
    return JSON.parse(line.value) as Raw;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
