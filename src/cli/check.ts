import type { Command } from 'commander';
import { EXIT, MlxError, MlxErrors } from '../errors.ts';
import type { Checked, Overrides } from '../pipeline/check.ts';
import type { Warning } from '../report/errors.ts';
import { count } from '../report/format.ts';
import { configured, exits } from './command.ts';

export const check = (mlx: Command): Command =>
  configured(mlx.command('check'))
    .description('validate only: every error at once; then shapes and parameters')
    .argument('<config...>', 'YAML files')
    .option('--data', 'read the data as well: shapes that depend on them, and the leakage audit')
    .option('--json', 'one JSON object a file on stdout')
    .action(exits(work));

interface CheckOptions extends Overrides {
  readonly json?: boolean;
  /** Reads the data too, and runs the leakage audit. */
  readonly data?: boolean;
}

/** Every file, every error. @returns the exit code of the first file that has any */
async function work(files: readonly string[], options: CheckOptions): Promise<number> {
  const [{ checkConfig, checkData }, { exitCodeOf, fail }] = await Promise.all([
    import('../pipeline/check.ts'),
    import('./fail.ts'),
  ]);
  let code: number = EXIT.done;
  for (const file of files) {
    try {
      const checked = options.data ? await checkData(file, options) : checkConfig(file, options);
      if (!options.json) await showWarnings(checked.audit ?? []);
      process.stdout.write(
        options.json ? `${JSON.stringify({ file, ok: true, ...checked })}\n` : text(file, checked),
      );
    } catch (error) {
      const errors = problems(error);
      if (!errors) throw error;
      if (options.json) process.stdout.write(`${JSON.stringify({ file, ok: false, errors })}\n`);
      else fail(error);
      if (code === EXIT.done) code = exitCodeOf(error);
    }
  }
  return code;
}

async function showWarnings(warnings: readonly Warning[]): Promise<void> {
  const [{ formatWarning }, { sourceOf }] = await Promise.all([
    import('../report/errors.ts'),
    import('../report/source-of.ts'),
  ]);
  for (const warning of warnings) process.stderr.write(`${formatWarning(warning, sourceOf)}\n\n`);
}

function text(file: string, { name, data, inputs, layers, parameters }: Checked): string {
  if (!data) return `✓ ${file}: ${name} is valid; shapes are known once the data is read\n`;
  const rows = [
    ...(inputs ?? [{ name: 'data', shape: data }]).map(({ name, shape }) => [
      name,
      `(${shape.join(', ')})`,
      '',
      '',
    ]),
    ...layers.map(({ name, shape, parameters, inputs: read }) => [
      name,
      `(${shape.join(', ')})`,
      parameters > 0 ? count(parameters) : '',
      read ? `  reads ${read.join(', ')}` : '',
    ]),
  ];
  const [a, b, c] = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length))) as [
    number,
    number,
    number,
  ];
  const lines = rows.map((row) =>
    `  ${row[0]!.padEnd(a)}  ${row[1]!.padEnd(b)}  ${row[2]!.padStart(c)}${row[3]!}`.trimEnd(),
  );
  return [`✓ ${file}: ${name} is valid`, ...lines, `  ${count(parameters!)} parameters`, ''].join('\n');
}

/** Errors as data; undefined for what isn't a user's error. */
function problems(error: unknown) {
  const list = error instanceof MlxErrors ? error.errors : error instanceof MlxError ? [error] : undefined;
  return list?.map(({ code, message, details: { position, help } }) => ({
    code,
    message,
    ...position,
    help,
  }));
}
