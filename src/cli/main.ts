/** Where Culprit starts: finds the command, reads its options, runs it, and turns what it throws into one sentence. */
import { enableCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { allWritten, enableQuietPipes, writeTo } from './streams.ts';
import { BUILT, VERSION } from './version.ts';

const argv = process.argv.slice(2);
enableQuietPipes();

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Before anything is loaded: scripts ask for the version in loops.
  writeTo(process.stdout, `${VERSION}\n`);
} else {
  // Parsed code is kept beside the build, where this user may write there; otherwise this does nothing.
  if (BUILT && process.argv[1] !== undefined) enableCompileCache(join(dirname(process.argv[1]), 'cache'));
  const { runCommandLine } = await import('./run-command-line.ts');
  // Handles that a library leaves open must not keep a finished command alive.
  const status = await runCommandLine(argv);
  await allWritten();
  process.exit(status);
}
