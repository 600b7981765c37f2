// Exit status 0 when node_modules holds what the lock file says: node scripts/is-installed.mjs --omit=dev|--include=dev
// Runs under any Node that has ES modules, so it uses nothing new.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const withDev = process.argv.includes('--include=dev');

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(root + path, 'utf8')).packages || {};
  } catch {
    return undefined;
  }
}

function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  // npm writes this one last, so a broken-off install has none.
  const present = packagesOf('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    // Packages for other platforms are in the lock file and not on the disk.
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !withDev)) continue;
    const found = present[path];
    if (found === undefined || found.version !== entry.version) return false;
  }
  return existsSync(`${root}node_modules/esbuild/package.json`) && (!withDev || existsSync(`${root}node_modules/node/bin/node`));
}

process.exitCode = isInstalled() ? 0 : 1;
