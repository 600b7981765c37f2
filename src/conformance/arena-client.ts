/** Starts arenas and hands them trials. An arena runs one trial at a time; several arenas run side by side. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ArenaRequest, ArenaSetup, Raw } from './trial.ts';

export class ArenaClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';
  #end = 'still running';

  private constructor(setup: ArenaSetup) {
    const arena = new URL('./arena.ts', import.meta.url).pathname;
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#child = spawn(
      'unshare',
      ['--net', '--mount', '--uts', '--propagation', 'private', process.execPath, arena, JSON.stringify(setup)],
      { env },
    );
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-4000)));
    this.#child.stdin.on('error', () => undefined);
    this.#child.on('exit', (code, signal) => (this.#end = signal ?? `status ${String(code)}`));
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
    if (line.done === true) {
      // What it said last comes over another pipe.
      await new Promise((done) => setTimeout(done, 300));
      throw new Error(`the arena ended (${this.#end}): ${this.#stderr} after ${JSON.stringify(request.trial)}`);
    }
    return JSON.parse(line.value) as Raw;
  }

  close(): void {
    this.#child.stdin.end();
  }
}
