// Bundles the program into dist/<build>/: one entry, and a chunk for each command that is loaded when the command is asked for.
// dist/current names the build to run; builds of earlier sources stay for a while, because somebody may still be running one.
import { build } from 'esbuild';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const KEEP_MS = 60 * 60 * 1000;

// Taken before anything is read: a source that changes during the build is then newer than the stamp.
const startedAt = new Date();
const id = `build-${startedAt.toISOString().replace(/[-:.]/g, '').slice(0, 15)}-${process.pid.toString(36)}`;
const outdir = join(dist, id);
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** In the bundle `import.meta.url` still means the source file, so that what lies beside it (the probe, for one) is found there. */
const sourcePlaces = {
  name: 'source-places',
  setup(to) {
    to.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(join(root, 'src'))) return undefined;
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const place = JSON.stringify(relative(outdir, path).split('/').map(encodeURIComponent).join('/'));
      return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), loader: 'ts' };
    });
  },
};

/** commander starts other programs for subcommands that are files of their own; there are none, and loading what it needs for that costs each start. */
const noChildrenOfCommander = {
  name: 'no-children-of-commander',
  setup(to) {
    to.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/') ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    to.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

try {
  await mkdir(outdir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'src/cli/main.ts', 'logs-worker': 'src/cli/logs-worker.ts', causes: 'src/causes/index.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.12',
    chunkNames: '[name]-[hash]',
    define: { CULPRIT_VERSION: JSON.stringify(version) },
    // Libraries in CommonJS call require() for Node's own modules.
    banner: { js: "import { createRequire as __culpritRequire } from 'node:module'; const require = __culpritRequire(import.meta.url);" },
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [sourcePlaces, noChildrenOfCommander],
  });
  await writeSignatures();
} catch (error) {
  await rm(outdir, { recursive: true, force: true });
  if (!Array.isArray(error?.errors)) console.error(error);
  process.exit(1);
}

/** For src/cli/log-signatures.ts: what a line of a log is held against, without the causes themselves. */
async function writeSignatures() {
  const { causes } = await import(join(outdir, 'causes.js'));
  const signatures = causes
    .flatMap((c) => c.signatures ?? [])
    .map(({ id, anchors, components, grade, terminal, pattern: { source, flags } }) => ({
      id,
      anchors,
      components,
      grade,
      terminal,
      source,
      flags,
    }));
  await writeFile(join(outdir, 'signatures.json'), JSON.stringify(signatures));
}

// Written whole, then put in place: nobody reads half a name. Its time is that of the oldest source it can stand for.
const next = join(dist, `current.${process.pid}`);
await writeFile(next, `${id}\n`);
const { utimes } = await import('node:fs/promises');
await utimes(next, startedAt, startedAt);
await rename(next, join(dist, 'current'));

for (const name of await readdir(dist)) {
  if (!name.startsWith('build-') || name === id) continue;
  const age = Date.now() - (await stat(join(dist, name)).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
  if (age > KEEP_MS) await rm(join(dist, name), { recursive: true, force: true });
}
