import { dataError, EXIT } from '../errors.ts';

/** What stdout has lost: its disk is full, say. */
let lost: NodeJS.ErrnoException | null = null;

/** Sets the exit code and lets Node end by itself, so that pipes are flushed. */
export function exit(code: number): void {
  process.exitCode = code === EXIT.done && lost ? EXIT.data : code;
}

/**
 * Reports what stdout can't take. A reader that closes its end of the pipe early (`mlx plan x | head`) is no
 * error, and nothing ends a training.
 */
export function watchStdout(): void {
  process.stdout.on('error', async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || lost) return;
    lost = error;
    process.exitCode ||= EXIT.data;
    const { fail } = await import('./fail.ts');
    fail(
      dataError('output', `can't write to stdout: ${error.message}`, {
        help: 'send it elsewhere',
        cause: error,
      }),
    );
  });
}
