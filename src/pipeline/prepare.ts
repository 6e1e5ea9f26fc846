import { Misfit } from '../catalog/entry.ts';
import { type CompileInput, compilePlan } from '../compile/index.ts';
import { contextOf, type LoadedConfig } from '../config/index.ts';
import { type Prepared, prepareRows, readData } from '../data/index.ts';
import { configError, MlxError } from '../errors.ts';
import type { GraphBuilder, Node } from '../graph/index.ts';
import type { DataSummary, Plan } from '../plan/index.ts';
import type { Stage } from './stages.ts';

/** Reads and prepares the data, then compiles the plan for it. Errors carry positions in the config. */
export async function prepareExperiment(
  loaded: LoadedConfig,
  stage: Stage,
): Promise<{ data: Prepared; plan: Plan }> {
  const raw = await stage('read', () => positioned(loaded, () => readData(loaded.config, contextOf(loaded))));
  const data = await stage('split', () => positioned(loaded, async () => prepareRows(loaded.config, raw)));
  const plan = await stage('plan', () =>
    positioned(loaded, async () => compilePlan(loaded.config, compileInput(loaded, data))),
  );
  return { data, plan };
}

/** What the compiler needs of prepared data: shapes, counts and the transforms as graph nodes. */
export function compileInput(loaded: LoadedConfig, data: Prepared): CompileInput {
  return {
    summary: summarize(loaded, data),
    target:
      data.target.kind === 'class'
        ? { kind: 'class', columns: 1 }
        : { kind: 'number', columns: data.target.columns.length },
    preprocess: (g: GraphBuilder, x: Node) =>
      data.transforms.reduce((v, t) => t.entry.emit(g, v, t.fitted), x),
  };
}

function summarize({ config }: LoadedConfig, data: Prepared): DataSummary {
  const { target } = data;
  return {
    source: config.data.source.type,
    raw: data.raw,
    shape: data.shape,
    target:
      target.kind === 'class'
        ? `${target.classes.length} classes`
        : `${target.columns.length} ${target.columns.length === 1 ? 'number' : 'numbers'}`,
    split: { train: data.train.count, validation: data.validation.count, test: data.test.count },
    transforms: data.transforms.map(({ kind, type, fitted, entry }) => ({
      name: `${kind}: ${type}`,
      fitted: entry.stateless ? 'nothing' : 'train',
      summary: fitted.summary,
    })),
  };
}

/** Gives errors that name a config path, or nothing at all, their place in the file. */
export async function positioned<T>(loaded: LoadedConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Misfit) {
      const position = loaded.locate(['architecture']);
      throw configError(error.code, error.message, { help: error.help, position });
    }
    if (error instanceof MlxError && !error.details.position && error.details.path) {
      const position = loaded.locate([...error.details.path]);
      throw new MlxError(error.code, error.message, error.exit, { ...error.details, position });
    }
    throw error;
  }
}
