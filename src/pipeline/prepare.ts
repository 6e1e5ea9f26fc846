import { oneField, traceLayers } from '../catalog/layers/trace.ts';
import { losses } from '../catalog/losses/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import { type CompileInput, compilePlan } from '../compile/index.ts';
import { outputProblem } from '../config/checks/output.ts';
import { contextOf, type LoadedConfig, type NetworkConfig, networkOf } from '../config/index.ts';
import { positioned } from '../config/load/positioned.ts';
import {
  balanceSummary,
  cacheOf,
  closeRaw,
  type DataCache,
  emitTransforms,
  modelInputs,
  modelWidth,
  type Prepared,
  prepareRows,
  readData,
} from '../data/index.ts';
import { withEarlierFiles } from '../data/missing-data.ts';
import { configError } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSummary, Plan } from '../plan/index.ts';
import { targetWidth } from '../protocol/target.ts';
import type { FileFingerprint } from '../readers/files/data-file.ts';
import type { RawData } from '../readers/raw-data.ts';
import { checkDecidable, positiveOf } from '../train/decision.ts';
import { refuseFindings } from './audit.ts';
import type { Stage } from './stages.ts';

/**
 * Reads and prepares the data, then compiles the plan for it. Errors carry positions in the config.
 * @param cached prepared data of earlier runs may be used
 * @param expected the files of an earlier run that is done again
 */
export async function prepareExperiment(
  loaded: LoadedConfig,
  stage: Stage,
  cached = true,
  expected?: readonly FileFingerprint[],
): Promise<{ data: Prepared; plan: Plan }> {
  const data = await prepareData(loaded, stage, cached, expected).catch((error) => {
    throw withEarlierFiles(error, expected ?? []);
  });
  refuseFindings(loaded, data.audit);
  const plan = await stage('plan', () =>
    positioned(loaded, () => {
      checkDecidable(loaded.config, data);
      checkOutput(networkOf(loaded.config), data);
      return compilePlan(networkOf(loaded.config), compileInput(loaded, data));
    }),
  );
  return { data, plan };
}

/** From an earlier run where files, data section and code are the same; else read, split and fitted. */
async function prepareData(
  loaded: LoadedConfig,
  stage: Stage,
  cached: boolean,
  expected?: readonly FileFingerprint[],
): Promise<Prepared> {
  const { config } = loaded;
  const context = { ...contextOf(loaded), expected };
  let cache: DataCache | undefined;
  const read = await stage<Prepared | RawData>(
    'read',
    (progress) =>
      positioned(loaded, async () => {
        cache = cached ? await cacheOf(config, { ...context, progress }) : undefined;
        return cache?.read() ?? (await readData(config, { ...context, progress, files: cache?.files }));
      }),
    (found) => ('shared' in found ? 'from the cache' : 'from the source'),
  );
  if ('shared' in read) return read;
  const data = await stage('split', () => positioned(loaded, () => prepareRows(config, read, context)));
  closeRaw(read, data);
  cache?.write(data);
  return data;
}

/** Where only reading the data tells how many classes or labels there are, this is the first moment to compare. */
function checkOutput({ task, architecture, loss }: NetworkConfig, { shape, target }: Prepared): void {
  const { steps, problem } = traceLayers(architecture, oneField(shape));
  if (problem) return; // compiling tells it
  const wrong = outputProblem(
    taskOf(task),
    architecture,
    losses.get(loss.type)!,
    steps.at(-1)?.shape ?? shape,
    target,
  );
  if (!wrong) return;
  const { code, message, help } = wrong.misfit;
  throw configError(code, message, { path: wrong.path, help });
}

/** What the compiler needs of prepared data: shapes, counts and the transforms as graph nodes. */
export function compileInput(loaded: LoadedConfig, data: Prepared): CompileInput {
  return {
    summary: summarize(loaded, data),
    target:
      data.target.kind === 'class'
        ? { kind: 'class', columns: 1, positive: positiveOf(loaded.config, data.target) }
        : { kind: data.target.kind, columns: targetWidth(data.target) },
    preprocess: (g: GraphBuilder, x: Node) => emitTransforms(g, x, data.transforms, data.columns),
  };
}

function summarize({ config }: LoadedConfig, data: Prepared): DataSummary {
  const { target, balance } = data;
  return {
    source: config.data.source.type,
    raw: data.columns ? [modelWidth(modelInputs(data.columns, data.transforms))] : data.raw,
    shape: data.shape,
    target: taskOf(config.task).target.size(target),
    split: {
      train: (data.unbalanced ?? data.train).count,
      validation: data.validation.count,
      test: data.test.count,
    },
    transforms: data.transforms.map(({ kind, type, fitted, entry }) => ({
      name: `${kind}: ${type}`,
      fitted: entry.stateless ? 'nothing' : 'train',
      summary: fitted.summary,
    })),
    ...(balance && {
      balance: {
        name: balance.type,
        summary: balanceSummary(balance),
        rows: data.train.count,
        weighted: balance.weights !== undefined,
      },
    }),
  };
}
