import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { counted } from '../base/words.ts';
import { configError, dataError, EXIT } from '../errors.ts';
import type { RunRecord } from '../record/index.ts';
import { escapeText } from '../report/escape.ts';
import { count } from '../report/format.ts';
import { exits } from './command.ts';

export const exportRun = (mlx: Command): Command =>
  mlx
    .command('export')
    .description(
      'a run for other tools: its metrics as a table, for TensorBoard, or all of it to an MLflow server',
    )
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .argument('<target>', 'a file; a folder for tensorboard; a server’s address for mlflow')
    .requiredOption('--to <kind>', 'csv | parquet | tensorboard | mlflow')
    .option('--no-artifacts', 'mlflow: numbers and config alone, no files')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .action(exits(work));

interface ExportOptions {
  readonly experiments: string;
  readonly to: string;
  readonly artifacts: boolean;
}

/** Each way out: writes or sends, and says in one line what. */
const WAYS: Readonly<
  Record<string, (record: RunRecord, target: string, options: ExportOptions) => Promise<string>>
> = {
  csv: async (record, target) => {
    const [{ metricHead, metricRows }, { measuredRun }, { writeAtomically }] = await Promise.all([
      import('../report/bridges/metrics-table.ts'),
      import('../report/bridges/series.ts'),
      import('../record/index.ts'),
    ]);
    const values = measuredRun(record.events, record.result);
    await writeAtomically(target, metricHead + metricRows(runOf(record), values));
    return `${escapeText(target)}: ${counted(values.length, 'value')}`;
  },
  parquet: async (record, target) => {
    const [{ METRIC_COLUMNS, metricRows }, { measuredRun }, { writeAtomically }, { parquetOf }] =
      await Promise.all([
        import('../report/bridges/metrics-table.ts'),
        import('../report/bridges/series.ts'),
        import('../record/index.ts'),
        import('../readers/table/write-parquet.ts'),
      ]);
    const values = measuredRun(record.events, record.result);
    await writeAtomically(target, await parquetOf(METRIC_COLUMNS, metricRows(runOf(record), values)));
    return `${escapeText(target)}: ${counted(values.length, 'value')}`;
  },
  tensorboard: async (record, target) => {
    const [{ exportTensorBoard }, { hyperparameters }] = await Promise.all([
      import('../report/bridges/tensorboard.ts'),
      import('../study/config-values.ts'),
    ]);
    const made = hyperparameters(record.resolved);
    try {
      const values = exportTensorBoard(target, record.events, record.result, made);
      return `${escapeText(target)}: ${counted(values, 'value')}`;
    } catch (error) {
      throw dataError('record-write', `can't write to ${target}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },
  mlflow,
};

async function work(run: string, target: string, options: ExportOptions): Promise<number> {
  const way = Object.hasOwn(WAYS, options.to) ? WAYS[options.to] : undefined;
  if (!way)
    throw configError(
      'usage',
      `--to takes ${Object.keys(WAYS).join(', ')}, found ${JSON.stringify(options.to)}`,
      {
        help: 'e.g. mlx export 7f3a --to csv metrics.csv',
      },
    );
  const { findRun, readRun } = await import('../record/index.ts');
  const record = await readRun(await findRun(options.experiments, run));
  process.stdout.write(`${await way(record, target, options)}\n`);
  return EXIT.done;
}

const runOf = ({ name, id }: RunRecord): string => `${name}/${id}`;

/** What goes to a server beside numbers; checkpoints and data stay here. */
const ARTIFACTS = ['config', 'resolved', 'lock', 'plan', 'result', 'predictions', 'report', 'model'] as const;

async function mlflow(record: RunRecord, target: string, { artifacts }: ExportOptions): Promise<string> {
  const [{ readBrief }, { MlflowClient }, { exportMlflow }, { configValues }] = await Promise.all([
    import('../record/index.ts'),
    import('../report/bridges/mlflow-client.ts'),
    import('../report/bridges/mlflow.ts'),
    import('../study/config-values.ts'),
  ]);
  const { env } = process;
  const client = new MlflowClient(target, {
    token: env['MLFLOW_TRACKING_TOKEN'],
    user: env['MLFLOW_TRACKING_USERNAME'],
    password: env['MLFLOW_TRACKING_PASSWORD'],
  });
  const { name, id, folder } = record;
  const { tags, note } = readBrief({ name, id, folder });
  const files = artifacts ? await filesOf(folder) : [];
  const params = configValues(record.resolved) ?? new Map<string, string>();
  const sent = await exportMlflow(client, { record, params, tags, note, files });
  if (sent.already) return `run ${sent.run_id} is there already, the same in all`;
  const left = files.length > 0 && sent.files === 0 ? '; no files: the server has no artifact proxy' : '';
  return `run ${escapeText(sent.run_id)} in experiment ${escapeText(sent.experiment_id)}: ${counted(sent.metrics, 'metric value')}, ${counted(sent.params, 'parameter')}, ${count(sent.files)} files${left}`;
}

async function filesOf(folder: string) {
  const files: { name: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  const { FILES } = await import('../record/index.ts');
  for (const name of ARTIFACTS.map((file) => FILES[file])) {
    const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw dataError('run-damaged', `${join(folder, name)} can't be read (${error.code})`);
    });
    if (bytes) files.push({ name, bytes: Uint8Array.from(bytes) });
  }
  return files;
}
