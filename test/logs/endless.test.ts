import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLogs } from '../../src/cli/logs-read.ts';

const MIB = 2 ** 20;
/** Shorter than an operator's day, long enough that a leak of a byte a line would show. */
const TOTAL = 192 * MIB;

describe('an endless stream', () => {
  it('takes no more memory the longer it goes on', { timeout: 120_000 }, async () => {
    const stdin = new PassThrough({ highWaterMark: 4 * MIB });
    const noise = Buffer.from(
      Array.from(
        { length: 2000 },
        (_, i) =>
          `2021-08-08T06:10:53.74035672${String(i % 10)}Z stderr F I0808 06:10:53.740231       1 get.go:26] "Starting watch" resourceVersion="${String(i)}" timeout="9m"\n`,
      ).join(''),
    );
    const rss: number[] = [];
    let sent = 0;
    const write = (): void => {
      while (sent < TOTAL) {
        sent += noise.length;
        if (sent % (16 * MIB) < noise.length) rss.push(process.memoryUsage.rss());
        if (!stdin.write(noise)) {
          stdin.once('drain', write);
          return;
        }
      }
      stdin.end();
    };
    write();
    const read = await readLogs({
      parts: [{ path: undefined, shown: '-', set: '-', packing: 'none', size: 0, mtimeMs: Date.UTC(2021, 7, 8), inode: 0 }],
      signatures: [],
      stdin,
    });
    expect(read.files[0]?.lines).toBe(Math.ceil(TOTAL / noise.length) * 2000);
    expect(read.files[0]?.shapes).toHaveLength(1);
    const half = rss.slice(Math.floor(rss.length / 2));
    expect(Math.max(...half) - Math.min(...half)).toBeLessThan(64 * MIB);
  });
});
