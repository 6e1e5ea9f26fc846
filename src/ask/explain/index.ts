import { drawn } from '../../catalog/audits/drawn.ts';
import { formOf, taskOf } from '../../catalog/tasks/index.ts';
import { contextOf } from '../../config/index.ts';
import { closeRaw, type Part, readData, sourceRows } from '../../data/index.ts';
import { engines } from '../../engines/index.ts';
import { configError } from '../../errors.ts';
import { type Explanation, extremesOf, type Pictures } from '../../evaluate/explain/index.ts';
import { compileInput, prepareExperiment } from '../../pipeline/prepare.ts';
import { assertUnchanged, finalState, reopenFinished } from '../../pipeline/reopen.ts';
import { stages } from '../../pipeline/stages.ts';
import { outputNames } from '../../protocol/target.ts';
import { findRun, readRun } from '../../record/index.ts';
import { explainImage } from './image.ts';
import { decisionOf, type Model, predictionsOfPart, sampleOf } from './model.ts';
import { dependenceOf, importanceOf, rowEffects } from './table.ts';

export type { Explanation } from '../../evaluate/explain/index.ts';

const SPLITS = ['validation', 'test', 'train'] as const;
type SplitName = (typeof SPLITS)[number];
/** Examples that a table's columns are permuted among. */
const SAMPLED = 2000;
/** Typical and wrong examples of each class. */
const EACH = 5;

export interface ExplainRequest {
  readonly experiments: string;
  /** Id of one example, as predictions.csv has it. */
  readonly example?: number;
  /** Validation where there is one, else test. */
  readonly split?: string;
  /** Class to explain; the predicted one when left out. */
  readonly class?: string;
}

/**
 * What a finished run's model looks at: importances and partial dependences of a table's columns, typical and
 * wrong examples of each class; or of one example, what in it decides. Nothing in the run's folder is
 * changed.
 * @throws MlxError `unknown-run`, `not-completed`, `run-damaged`, `run-changed`, `unknown-example`, and those
 * of missing data
 */
export async function explainRun(
  run: string,
  request: ExplainRequest,
): Promise<{ readonly explanation: Explanation; readonly folder: string }> {
  const folder = await findRun(request.experiments, run);
  const reopened = await reopenFinished(run, folder);
  const { loaded, engine } = reopened;
  const { config } = loaded;
  const { data, plan } = await prepareExperiment(
    loaded,
    stages(() => {}),
    true,
    reopened.lock.data.files,
  );
  assertUnchanged(reopened, data, plan, 'explained');
  if (data.inputs.length > 1) refuseInputs(data.inputs.map(({ name }) => name));
  const state = await finalState(reopened, plan);
  const read = await readData(config, contextOf(loaded));
  const opened = await engines.get(engine.type)!();
  const session = await opened.open(plan, state, engine.options);
  try {
    const result = (await readRun(folder)).result!;
    const source = sourceRows(read, data);
    const model: Model = { config, plan, data, source, session, decision: decisionOf(result, data.target) };
    const split = splitOf(data, request.split);
    const part = data[split];
    const at = drawn(part.count, SAMPLED, config.seed, 'explain');
    const base = {
      format: 1 as const,
      run: folder.replaceAll('\\', '/'),
      task: config.task,
      answers: taskOf(config.task).answers,
      split,
      examples: part.count,
      looked: part.count,
    };
    if (request.example !== undefined) {
      const found = find(data, split, request.example);
      const asked = classIndex(model, request.class);
      const input = compileInput(loaded, data);
      const example = source.columns
        ? await rowEffects(model, found.part, found.position, sampleOf(model, part, at), asked)
        : isPicture(data.raw)
          ? await explainImage(model, input, opened, engine.options, state, { ...found, asked })
          : refuseShape(data.raw);
      return { explanation: { ...base, split: found.split, looked: 1, example }, folder };
    }
    const all = await predictionsOfPart(model, part);
    const extremes = all.form === 'classes' ? extremesOf(all, part.ids, EACH) : [];
    const pictures = isPicture(data.raw) ? picturesOf(model, part, extremes) : undefined;
    const about = { ...base, ...(extremes.length > 0 && { extremes }), ...(pictures && { pictures }) };
    if (!source.columns) return { explanation: about, folder };
    const sample = sampleOf(model, part, at);
    const importance = await importanceOf(model, sample);
    const dependence = await dependenceOf(model, sample, importance);
    return { explanation: { ...about, looked: at.length, importance, dependence }, folder };
  } finally {
    await session.close();
    closeRaw(read);
    data.close();
  }
}

const isPicture = (shape: readonly number[]): boolean =>
  shape.length === 3 && (shape[2] === 1 || shape[2] === 3);

function refuseShape(shape: readonly number[]): never {
  throw configError(
    'no-explanation',
    `one example is (${shape.join(', ')}): neither a picture nor a row of a table`,
  );
}

function refuseInputs(names: readonly string[]): never {
  throw configError(
    'no-explanation',
    `the network reads ${names.join(', ')}; networks of one input are explained so far`,
  );
}

function splitOf(data: Record<SplitName, Part>, asked: string | undefined): SplitName {
  if (asked === undefined) return SPLITS.find((name) => data[name].count > 0)!;
  const split = SPLITS.find((name) => name === asked);
  if (!split)
    throw configError('usage', `--split takes validation, test or train, found ${JSON.stringify(asked)}`);
  if (data[split].count === 0) throw configError('usage', `the run has no ${split} examples`);
  return split;
}

/** An example by its id, in the split that is asked about before the others. */
function find(data: Record<SplitName, Part>, first: SplitName, id: number) {
  for (const split of [first, ...SPLITS.filter((name) => name !== first)]) {
    const position = data[split].ids.indexOf(id);
    if (position >= 0) return { split, part: data[split], position };
  }
  throw configError('unknown-example', `no example has the id ${id}`, {
    help: `ids are the first column of predictions.csv, e.g. ${data[first].ids[0]}`,
  });
}

function classIndex({ data: { target } }: Model, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const names = outputNames(target);
  const index = names.indexOf(name);
  if (index < 0)
    throw configError(
      'usage',
      `there is no ${formOf(target).labels(target) ? 'label' : 'class'} ${JSON.stringify(name)}`,
      {
        help: `name one of ${names.slice(0, 12).join(', ')}`,
      },
    );
  return index;
}

/** Pixels of the examples that are shown. */
function picturesOf(
  { source, data }: Model,
  part: Part,
  extremes: NonNullable<Explanation['extremes']>,
): Pictures {
  const [height, width, channels] = data.raw as readonly [number, number, number];
  const position = new Map(Array.from(part.ids, (id, i) => [id, i] as const));
  const ids = extremes.flatMap(({ typical, wrong }) => [...typical, ...wrong].map(({ id }) => id));
  const pixels = Object.fromEntries(
    ids.map((id) => {
      const values = source.read([part.rows[position.get(id)!]!]);
      return [id, Uint8Array.from(values, (value) => Math.max(0, Math.min(255, value)))];
    }),
  );
  return { height, width, channels, pixels };
}
