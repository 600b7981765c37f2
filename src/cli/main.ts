/** Where Culprit starts: finds the command, reads its options, runs it, and turns what it throws into one sentence. */
import { enableQuietPipes, writeTo } from './streams.ts';
import { VERSION } from './version.ts';

const argv = process.argv.slice(2);
enableQuietPipes();

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Before anything is loaded: scripts ask for the version in loops.
  writeTo(process.stdout, `${VERSION}\n`);
} else {
  const { runCommandLine } = await import('./run-command-line.ts');
  // Handles that a library leaves open must not keep a finished command alive.
  process.exit(await runCommandLine(argv));
}
