import { readFileSync } from 'node:fs';
import { EXIT, MlxError, MlxErrors } from '../errors.ts';
import { formatError } from '../report/errors.ts';

/** Writes an error as people should see it; returns the exit code that it stands for. */
export function fail(error: unknown): number {
  const github = process.env['GITHUB_ACTIONS'] === 'true';
  process.stderr.write(`${formatError(error, sourceOf, { github })}\n`);
  return exitCodeOf(error);
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof MlxErrors) return error.errors[0]?.exit ?? EXIT.config;
  if (error instanceof MlxError) return error.exit;
  return EXIT.engine;
}

/** The text that a position is in: a file's, or what stood on the command line (`--set a.b=c`). */
function sourceOf(file: string): string | undefined {
  const override = /^--(?:set|engine) (.*)$/s.exec(file);
  if (override) return override[1];
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
