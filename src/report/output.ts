/** Writes text and waits until it has left, so that a `process.exit` afterwards can't cut a pipe short. */
export function writeAll(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === '' || stream.destroyed || stream.writableEnded) resolve();
    else stream.write(text, () => resolve());
  });
}

/** A reader that went away (`mlx run --json | head -1`) must not end a training run. */
export function ignoreBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
}

/**
 * GitHub Actions takes a log line that starts with `::` or `##[` for a command. A line of ours that
 * starts so came from a file (a class may be called `::stop-commands::x`).
 */
export const guardCommands = (line: string): string => (/^\s*(::|##\[)/.test(line) ? `| ${line}` : line);
