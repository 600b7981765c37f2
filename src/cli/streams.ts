/** Writes at once; on Linux writes to files, pipes and terminals are synchronous, so nothing is lost at process.exit(). */
export const writeTo = (stream: NodeJS.WriteStream, text: string): void => {
  stream.write(text);
};

/** `culprit … | head` closes the pipe early. That is no failure: stop without a word, with the status of a program killed by SIGPIPE. */
export function enableQuietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(141);
      throw error;
    });
  }
}
