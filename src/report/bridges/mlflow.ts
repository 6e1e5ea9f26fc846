import { createHash } from 'node:crypto';
import type { RunRecord } from '../../record/index.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { clockOf, measuredRun } from './series.ts';

// What a server takes in one call, and as one value (mlflow/utils/validation.py). Older servers take
// parameters of 500 characters.
const METRICS = 1000;
const PARAMS = 100;
const TAGS = 100;
const REQUEST = 900_000;
const PARAM_VALUE = 500;
const TAG_VALUE = 5000;
const KEY = 250;
const EXPERIMENT_NAME = 500;

interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}
interface Pair {
  readonly key: string;
  readonly value: string;
}

export interface MlflowExport {
  readonly record: RunRecord;
  /** Config values by path. */
  readonly params: ReadonlyMap<string, string>;
  readonly tags: readonly string[];
  readonly note: string;
  /** Files to send along: name in the run, content. */
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface Exported {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly metrics: number;
  readonly params: number;
  /** Files that went along; none where the server has no artifact proxy. */
  readonly files: number;
  /** It was there already, the same in all. */
  readonly already: boolean;
}

/** Only slashes, letters, digits, underscores, dots, dashes and spaces; no path that means another one. */
export function mlflowKey(name: string): string {
  const parts = name
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/[^\w.\- /]/g, '_')
    .split('/')
    .map((part) => (/^\.*$/.test(part) ? '_' : part));
  return parts.join('/').slice(0, KEY).replace(/\/+$/, '');
}

/**
 * Sends a run to an MLflow server: its config as parameters, every step and epoch as metrics with times
 * computed from the log, what is in the folder as artifacts. The run is found again by its tag, and a metric
 * that is sent twice is one: a second export changes nothing, one that broke off is finished.
 * @throws MlxError `mlflow`
 */
export async function exportMlflow(client: MlflowClient, run: MlflowExport): Promise<Exported> {
  const { record } = run;
  const source = `${record.name}/${record.id}`;
  const experiment_id = await experimentOf(client, record.name.slice(0, EXPERIMENT_NAME));
  const clock = clockOf(record.events);
  const metrics = metricsOf(record, clock);
  const params = unique(
    [...run.params].map(([path, value]) => ({ key: mlflowKey(path), value: value.slice(0, PARAM_VALUE) })),
  );
  const digest = createHash('sha256').update(JSON.stringify([metrics, params, run.tags, run.note]));
  for (const { name, bytes } of run.files) digest.update(name).update(bytes);
  const fingerprint = digest.digest('hex');
  const found = await findRun(client, experiment_id, source);
  if (found?.tags.get('mlx.export') === fingerprint)
    return {
      run_id: found.run_id,
      experiment_id,
      metrics: metrics.length,
      params: params.length,
      files: 0,
      already: true,
    };
  const { run_id, artifact_uri } =
    found ?? (await createRun(client, experiment_id, record, source, clock(0)));
  for (const batch of batches(metrics, METRICS))
    await client.post('runs/log-batch', { run_id, metrics: batch });
  for (const batch of batches(params, PARAMS)) await client.post('runs/log-batch', { run_id, params: batch });
  for (const batch of batches(tagsOf(run), TAGS))
    await client.post('runs/log-batch', { run_id, tags: batch });
  const files = await sendFiles(client, artifact_uri, run.files);
  const status = record.result ? STATUSES[record.result.status] : 'RUNNING';
  const end = record.result ? { end_time: milliseconds(clock(record.result.epochs)) } : {};
  await client.post('runs/update', { run_id, status, ...end });
  // Last: it says that all of the rest is there.
  await client.post('runs/set-tag', { run_id, key: 'mlx.export', value: fingerprint });
  return { run_id, experiment_id, metrics: metrics.length, params: params.length, files, already: false };
}

const STATUSES = { completed: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED' } as const;
const milliseconds = (seconds: number): number => Math.max(0, Math.round(seconds * 1000));

async function experimentOf(client: MlflowClient, name: string): Promise<string> {
  type Found = { experiment: { experiment_id: string } };
  const found = await client.find<Found>('experiments/get-by-name', { experiment_name: name });
  if (found) return found.experiment.experiment_id;
  return (await client.post<{ experiment_id: string }>('experiments/create', { name })).experiment_id;
}

interface Known {
  readonly run_id: string;
  readonly artifact_uri: string;
}
interface RunInfo {
  readonly info: Known;
  readonly data?: { readonly tags?: readonly Pair[] };
}

async function findRun(
  client: MlflowClient,
  experiment: string,
  source: string,
): Promise<(Known & { readonly tags: ReadonlyMap<string, string> }) | undefined> {
  const filter = `tags.\`mlx.run\` = '${source.replaceAll("'", "''")}'`;
  const { runs = [] } = await client.post<{ runs?: readonly RunInfo[] }>('runs/search', {
    experiment_ids: [experiment],
    filter,
    max_results: 1,
  });
  const [first] = runs;
  return (
    first && { ...first.info, tags: new Map((first.data?.tags ?? []).map(({ key, value }) => [key, value])) }
  );
}

async function createRun(
  client: MlflowClient,
  experiment_id: string,
  record: RunRecord,
  source: string,
  began: number,
): Promise<Known> {
  const tags = [{ key: 'mlx.run', value: source }];
  const start_time = milliseconds(began);
  const made = await client.post<{ run: RunInfo }>('runs/create', {
    experiment_id,
    run_name: record.id,
    start_time,
    tags,
  });
  return made.run.info;
}

function metricsOf(record: RunRecord, clock: (epoch: number) => number): Metric[] {
  return measuredRun(record.events, record.result).flatMap(
    ({ kind, split, metric, step, epoch, value, low, high }) => {
      const name =
        kind === 'step'
          ? `step/${metric}`
          : kind === 'final'
            ? `final/${split}/${metric}`
            : `${split}/${metric}`;
      const at = { timestamp: milliseconds(clock(epoch)), step };
      const one = (key: string, number: number | undefined): Metric[] =>
        number !== undefined && Number.isFinite(number)
          ? [{ key: mlflowKey(key), value: number, ...at }]
          : [];
      return [...one(name, value), ...one(`${name}/low`, low), ...one(`${name}/high`, high)];
    },
  );
}

function tagsOf({ record, tags, note }: MlflowExport): Pair[] {
  const { lock } = record;
  const all: [string, string | undefined][] = [
    ['mlflow.note.content', note || undefined],
    ['mlflow.source.name', lock?.config?.file],
    ['mlflow.source.git.commit', lock?.git?.commit],
    ['mlx.tags', tags.length > 0 ? tags.join(' ') : undefined],
    ['mlx.version', lock?.versions?.mlx ?? undefined],
    ['mlx.status', record.status],
  ];
  return all.flatMap(([key, value]) => (value ? [{ key, value: value.slice(0, TAG_VALUE) }] : []));
}

/** Through the server, where it keeps artifacts itself: `mlflow-artifacts:/1/<run>/artifacts`. */
async function sendFiles(
  client: MlflowClient,
  uri: string | undefined,
  files: MlflowExport['files'],
): Promise<number> {
  const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*)$/.exec(uri ?? '')?.[1];
  if (root === undefined) return 0;
  for (const { name, bytes } of files)
    await client.put(
      [...root.split('/'), ...name.split('/')].filter(Boolean).map(encodeURIComponent).join('/'),
      bytes,
    );
  return files.length;
}

/** Names that become the same get numbers: a server takes each once. */
function unique(pairs: readonly Pair[]): Pair[] {
  const used = new Set<string>();
  return pairs.map(({ key, value }) => {
    let name = key;
    for (let n = 2; used.has(name); n++) name = `${key.slice(0, KEY - 8)}_${n}`;
    used.add(name);
    return { key: name, value };
  });
}

/** Pieces of at most so many, and of at most so many bytes of JSON. */
function* batches<T>(all: readonly T[], most: number): Generator<readonly T[]> {
  let piece: T[] = [];
  let size = 0;
  for (const one of all) {
    const bytes = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (piece.length > 0 && (piece.length >= most || size + bytes > REQUEST)) {
      yield piece;
      [piece, size] = [[], 0];
    }
    piece.push(one);
    size += bytes;
  }
  if (piece.length > 0) yield piece;
}
