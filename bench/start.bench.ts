/** Start-up beside `node -e 0`, and a pasted text diagnosed from start to end. */
import { dirname, join } from 'node:path';
import type { Bench } from './bench.ts';
import { alternate } from './measure.ts';

const culprit = join(dirname(import.meta.dirname), 'culprit');

/** Forty lines as somebody pastes them: a few that matter among many that do not. */
const PASTE = [
  '$ docker logs kube-apiserver',
  ...Array.from(
    { length: 36 },
    (_, i) => `I0102 03:04:${String(i % 60).padStart(2, '0')}.000001       1 client.go:360] parsed scheme: "endpoint" ${String(i)}`,
  ),
  'E0102 03:05:01.000001       1 reflector.go:138] Failed to watch *v1.Node: failed to list *v1.Node: Get "https://localhost:6443/api/v1/nodes": dial tcp [::1]:6443: connect: cannot assign requested address',
  '==> /etc/hosts <==',
  '::1 localhost',
].join('\n');

export const bench: Bench = {
  name: 'start',
  run: async () => {
    const node = process.execPath;
    const [bare = 1, version = 0, paste = 0] = await alternate(
      [
        { argv: [node, '-e', '0'] },
        { argv: [culprit, '--version'] },
        { argv: [culprit, 'diagnose', '--evidence', '-', '--json'], input: PASTE },
      ],
      15,
    );
    return [
      { what: './culprit --version', against: 'node -e 0', value: version / bare, unit: 'ratio', bar: 2 },
      { what: 'diagnose --evidence - of a 40-line paste', against: 'node -e 0', value: paste / bare, unit: 'ratio' },
      { what: 'diagnose --evidence - of a 40-line paste', against: 'from start to end', value: paste, unit: 'seconds', bar: 0.3 },
    ];
  },
};
