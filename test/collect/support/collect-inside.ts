/** Run by tests inside a lab host: collects there and prints the snapshot. Argument: options as JSON. */
import { collectSnapshot } from '../../../src/collect/collect.ts';
import { localTransport } from '../../../src/transport/local.ts';

interface Asked {
  readonly containers?: readonly string[];
  readonly shell?: readonly string[];
  readonly path?: string;
}
const asked = JSON.parse(process.argv[2] ?? '{}') as Asked;
const started = performance.now();
const snapshot = await collectSnapshot({
  ...(asked.containers === undefined ? {} : { containers: asked.containers }),
  transport: localTransport({
    ...(asked.shell === undefined ? {} : { shell: asked.shell }),
    ...(asked.path === undefined ? {} : { path: asked.path }),
  }),
});
process.stdout.write(JSON.stringify({ snapshot, ms: performance.now() - started }));
