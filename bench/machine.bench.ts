/** A whole diagnosis of a machine with 30 containers: wall time and memory. The containers are plain namespaces made here. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { median } from './bench.ts';
import { run } from './measure.ts';

const culprit = join(dirname(import.meta.dirname), 'culprit');
const CONTAINERS = 30;

/** A mount, network and UTS namespace with a hosts file of its own, asleep until it is killed. */
const container = (index: number): ChildProcess =>
  spawn(
    'unshare',
    [
      '-m',
      '-n',
      '-u',
      'sh',
      '-c',
      `mount -t tmpfs none /mnt && echo '127.0.0.1 localhost c${String(index)}' > /mnt/hosts && mount --bind /mnt/hosts /etc/hosts && ip link set lo up; exec sleep 600`,
    ],
    { stdio: 'ignore' },
  );

export const bench: Bench = {
  name: 'machine',
  needs: ['unshare', 'ip'],
  run: async () => {
    const children = Array.from({ length: CONTAINERS }, (_, i) => container(i));
    try {
      await sleep(1500);
      await run([culprit, 'diagnose', '--json']);
      const runs = [];
      for (let i = 0; i < 5; i++) runs.push(await run([culprit, 'diagnose', '--json'], { memory: true }));
      return [
        {
          what: `diagnose of a machine with ${String(CONTAINERS)} containers`,
          against: 'wall time',
          value: median(runs.map((r) => r.seconds)),
          unit: 'seconds',
          bar: 2,
        },
        { what: 'its memory', against: 'peak', value: Math.max(...runs.map((r) => r.peakMiB)), unit: 'MiB', bar: 150 },
      ];
    } finally {
      for (const child of children) child.kill('SIGKILL');
    }
  },
};
