import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configError, dataError, EXIT } from '../errors.ts';
import { FILES, findRun, type RunRecord, readBrief, readRun, writeAtomically } from '../record/index.ts';
import { METRIC_COLUMNS, metricHead, metricRows } from '../report/bridges/metrics-table.ts';
import { measuredRun } from '../report/bridges/series.ts';
import { escapeText } from '../report/escape.ts';
import { count, plural } from '../report/format.ts';

export interface ExportOptions {
  readonly experiments: string;
  readonly to: string;
  readonly artifacts: boolean;
}

/** Each way out: writes or sends, and says in one line what. */
const WAYS: Readonly<
  Record<string, (record: RunRecord, target: string, options: ExportOptions) => Promise<string>>
> = {
  csv: async (record, target) => {
    const values = measuredRun(record.events, record.result);
    await writeAtomically(target, metricHead + metricRows(runOf(record), values));
    return `${escapeText(target)}: ${plural(values.length, 'value')}`;
  },
  parquet: async (record, target) => {
    const values = measuredRun(record.events, record.result);
    const { parquetOf } = await import('../readers/table/write-parquet.ts');
    await writeAtomically(target, await parquetOf(METRIC_COLUMNS, metricRows(runOf(record), values)));
    return `${escapeText(target)}: ${plural(values.length, 'value')}`;
  },
  tensorboard: async (record, target) => {
    const [{ exportTensorBoard }, { hyperparameters }] = await Promise.all([
      import('../report/bridges/tensorboard.ts'),
      import('../study/config-values.ts'),
    ]);
    const made = hyperparameters(record.resolved);
    try {
      const values = exportTensorBoard(target, record.events, record.result, made);
      return `${escapeText(target)}: ${plural(values, 'value')}`;
    } catch (error) {
      throw dataError('record-write', `can't write to ${target}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  },
  mlflow,
};

/** `mlx export`: a run for other tools. @returns the exit code */
export async function exportRun(run: string, target: string, options: ExportOptions): Promise<number> {
  const way = Object.hasOwn(WAYS, options.to) ? WAYS[options.to] : undefined;
  if (!way)
    throw configError(
      'usage',
      `--to takes ${Object.keys(WAYS).join(', ')}, found ${JSON.stringify(options.to)}`,
      {
        help: 'e.g. mlx export 7f3a --to csv metrics.csv',
      },
    );
  const record = await readRun(await findRun(options.experiments, run));
  process.stdout.write(`${await way(record, target, options)}\n`);
  return EXIT.done;
}

const runOf = ({ name, id }: RunRecord): string => `${name}/${id}`;

/** What goes to a server beside numbers; checkpoints and data stay here. */
const ARTIFACTS = [
  FILES.config,
  FILES.resolved,
  FILES.lock,
  FILES.plan,
  FILES.result,
  FILES.predictions,
  FILES.report,
  FILES.model,
];

async function mlflow(record: RunRecord, target: string, { artifacts }: ExportOptions): Promise<string> {
  const [{ MlflowClient }, { exportMlflow }, { configValues }] = await Promise.all([
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
  return `run ${escapeText(sent.run_id)} in experiment ${escapeText(sent.experiment_id)}: ${plural(sent.metrics, 'metric value')}, ${plural(sent.params, 'parameter')}, ${count(sent.files)} files${left}`;
}

async function filesOf(folder: string) {
  const files: { name: string; bytes: Uint8Array<ArrayBuffer> }[] = [];
  for (const name of ARTIFACTS) {
    const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw dataError('run-damaged', `${join(folder, name)} can't be read (${error.code})`);
    });
    if (bytes) files.push({ name, bytes: Uint8Array.from(bytes) });
  }
  return files;
}
