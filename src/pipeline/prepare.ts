import { traceLayers } from '../catalog/layers/trace.ts';
import { losses } from '../catalog/losses/index.ts';
import { taskOf } from '../catalog/tasks/index.ts';
import { type CompileInput, compilePlan } from '../compile/index.ts';
import { outputProblem } from '../config/checks/output.ts';
import type { PlacedMisfit } from '../config/checks/placed-misfit.ts';
import { checkWiring } from '../config/checks/wiring.ts';
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
import { configError, invariant } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSummary, Plan } from '../plan/index.ts';
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

/**
 * Where only reading the data tells how many classes or labels there are, this is the first moment to
 * compare.
 */
function checkOutput({ task, architecture, loss }: NetworkConfig, { inputs, target }: Prepared): void {
  const { misfits } = checkWiring(
    architecture,
    inputs.map(({ name }) => name),
  );
  if (misfits[0]) throw placed(misfits[0]);
  const { steps, problem } = traceLayers(architecture, inputs);
  if (problem) return; // compiling reports it
  const wrong = outputProblem(
    taskOf(task),
    architecture,
    losses.get(loss.type)!,
    steps.at(-1)!.shape,
    target,
  );
  if (!wrong) return;
  throw placed(wrong);
}

const placed = ({ misfit: { code, message, help }, path }: PlacedMisfit) =>
  configError(code, message, { path, help });

/** What the compiler needs of prepared data: shapes, counts and the transforms as graph nodes. */
export function compileInput(loaded: LoadedConfig, data: Prepared): CompileInput {
  return {
    summary: summarize(loaded, data),
    target: {
      y: taskOf(loaded.config.task).target.y(data.target),
      positive: positiveOf(loaded.config, data.target),
    },
    preprocess: (g: GraphBuilder, x: Node, name: string) => {
      const input = data.inputs.find((one) => one.name === name);
      invariant(input, `an input ${name} was prepared`);
      return emitTransforms(g, x, input.transforms, input.columns);
    },
  };
}

function summarize({ config }: LoadedConfig, data: Prepared): DataSummary {
  const { target, balance } = data;
  const inputs = data.inputs.map(({ name, raw, shape, columns, transforms }) => ({
    name,
    raw: columns ? [modelWidth(modelInputs(columns, transforms))] : raw,
    shape,
  }));
  return {
    source: config.data.source.type,
    raw: inputs[0]!.raw,
    shape: data.shape,
    ...(inputs.length > 1 && { inputs }),
    target: taskOf(config.task).target.size(target),
    split: {
      train: (data.unbalanced ?? data.train).count,
      validation: data.validation.count,
      test: data.test.count,
    },
    transforms: data.inputs.flatMap((input) =>
      input.transforms.map(({ kind, type, fitted, entry }) => ({
        name: `${kind}: ${type}${inputs.length > 1 ? ` (${input.name})` : ''}`,
        fitted: entry.stateless ? ('nothing' as const) : ('train' as const),
        summary: fitted.summary,
      })),
    ),
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
