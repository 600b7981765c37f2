/** Writes to a pipe wait in the process until somebody reads: see allWritten. */
export const writeTo = (stream: NodeJS.WriteStream, text: string): void => {
  stream.write(text);
};

/** Before process.exit(): a pipe takes 64 KiB at a time, and what its reader has not taken would be lost. */
export async function allWritten(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writableLength > 0) await new Promise((resolve) => void stream.write('', resolve));
}

/** `culprit … | head` closes the pipe early. That is no failure: stop without a word, with the status of a program killed by SIGPIPE. */
export function enableQuietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(141);
      throw error;
    });
  }
}
