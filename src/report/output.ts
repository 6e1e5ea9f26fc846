/** Writes text and waits until it has left, so that a `process.exit` afterwards can't cut a pipe short. */
export function writeAll(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === '' || stream.destroyed || stream.writableEnded) resolve();
    else stream.write(text, () => resolve());
  });
}

/**
 * A reader that went away (`mlx run --json | head -1`) or a full disk must not end a training run: its folder
 * has everything. The command says what stdout has lost.
 */
export function outliveOutput(stream: NodeJS.WriteStream): void {
  if (outlived.has(stream)) return; // a reporter for each of many runs
  outlived.add(stream);
  stream.on('error', () => {});
}

const outlived = new WeakSet<NodeJS.WriteStream>();

/**
 * GitHub Actions takes a log line that starts with `::` or `##[` for a command. A line of ours that
 * starts so came from a file (a class may be called `::stop-commands::x`).
 */
export const guardCommands = (line: string): string => (/^\s*(::|##\[)/.test(line) ? `| ${line}` : line);
