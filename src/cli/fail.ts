import { EXIT, MlxError, MlxErrors } from '../errors.ts';
import { formatError } from '../report/errors.ts';
import { sourceOf } from '../report/source-of.ts';

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
