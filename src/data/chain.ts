import { Misfit } from '../base/misfit.ts';
import { streamKey } from '../base/random.ts';
import { sizeOf } from '../base/shape.ts';
import { classesOf } from '../catalog/tasks/index.ts';
import { type FitRows, type FitTarget, transforms } from '../catalog/transforms/index.ts';
import { type Acting, actingOn } from '../catalog/transforms/inputs.ts';
import type { Config } from '../config/config.ts';
import { configError, invariant } from '../errors.ts';
import { targetWidth } from '../protocol/target.ts';
import type { Column, RawData } from '../readers/raw-data.ts';
import { ColumnChain } from './column-chain.ts';
import { applyChain, type FittedTransform, fitColumns } from './columns.ts';
import { type RecodedData, recodedReader, rowsAtOnce } from './training-levels.ts';

type Step = Config['data']['features'][number];

export function entryOf(step: Pick<Step, 'kind' | 'type'>): FittedTransform['entry'] {
  const entry = transforms.get(step.kind)?.get(step.type);
  invariant(entry, `no transform ${step.kind}: ${step.type}`);
  return entry;
}

/** Turns a Misfit of step i into an error with its place in the config. */
export function atStep<T>(i: number, step: Step, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const path = ['data', 'features', i, step.kind, ...(error.field === undefined ? [] : [error.field])];
    throw configError(error.code, error.message, { path, help: error.help });
  }
}

/** Rows after some steps; of a table, single columns can be read for less. */
export interface ChainRows extends Pick<FitRows, 'count' | 'shape' | 'row'> {
  pick?(columns: readonly number[]): Pick<FitRows, 'count' | 'shape' | 'row'>;
}

/**
 * Rows of the source after the transforms fitted so far, in float64.
 * @param training these are the training rows, which some transforms treat differently
 */
export function prepared(
  raw: RecodedData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  training: boolean,
): ChainRows {
  const shape = chain.at(-1)?.shape ?? raw.shape;
  if (raw.columns) {
    const pick = (columns?: readonly number[]) => tableRows(raw, rows, chain, training, columns);
    return { ...pick(), pick };
  }
  const width = sizeOf(shape);
  const reader = recodedReader(raw.shape, raw.file ?? raw.x, raw.codes);
  const most = rowsAtOnce(Math.max(width, sizeOf(raw.shape)));
  let first = -1;
  let held: Float64Array = new Float64Array();
  return {
    count: rows.length,
    shape,
    row(i, out) {
      if (first < 0 || i < first || i >= first + most) {
        first = i - (i % most);
        const count = Math.min(most, rows.length - first);
        const values = new Float64Array(count * sizeOf(raw.shape));
        reader.read(rows, first, count, values);
        held = applyChain(chain, values, count, training ? first : undefined);
      }
      const from = (i - first) * width;
      for (let j = 0; j < width; j++) out[j] = held[from + j]!;
    },
  };
}

function tableRows(
  { shape, file, x, codes }: RecodedData,
  rows: Uint32Array,
  chain: readonly FittedTransform[],
  training: boolean,
  columns: readonly number[] | undefined,
): Pick<FitRows, 'count' | 'shape' | 'row'> {
  const width = columns?.length ?? (chain.at(-1)?.shape ?? shape)[0]!;
  const most = rowsAtOnce(Math.max(width, shape[0]!));
  const steps = new ColumnChain({ shape, values: file ?? x, codes }, chain, most, columns);
  let first = -1;
  let held: readonly Float64Array[] = [];
  return {
    count: rows.length,
    shape: [width],
    row(i, out) {
      if (first < 0 || i < first || i >= first + most) {
        first = i - (i % most);
        const count = Math.min(most, rows.length - first);
        held = steps.run(rows, first, count, training ? first : undefined);
      }
      for (let j = 0; j < width; j++) out[j] = held[j]![i - first]!;
    },
  };
}

const targetOf = ({ target, y }: RawData, train: Uint32Array): FitTarget => {
  const columns = targetWidth(target);
  return { classes: classesOf(target), columns, value: (i, c = 0) => y[train[i]! * columns + c]! };
};

/** The steps that act on each input, fitted on the training rows. @param raws the data once for each input */
export function fitInputs(
  raws: readonly (RecodedData & { readonly name: string })[],
  train: Uint32Array,
  steps: readonly Step[],
  seed: number,
): FittedTransform[][] {
  const [only, ...more] = raws;
  if (only && more.length === 0) return [fitChain(only, train, steps, seed)];
  const acted = new Set<number>();
  const found = new Set<string>(raws.map(({ name }) => name));
  const chains = raws.map((raw) =>
    fitChain(raw, train, steps, seed, (step, i, columns) => {
      const acting = actingOn(entryOf(step), namedBy(step), { name: raw.name, ...(columns && { columns }) });
      if (acting) acted.add(i);
      for (const name of acting?.columns ?? []) found.add(name);
      return acting;
    }),
  );
  steps.forEach((step, i) => {
    atStep(i, step, () => {
      const unknown = namedBy(step)?.find((name) => !found.has(name));
      const inputs = raws.map(({ name }) => `\`${name}\``).join(', ');
      if (unknown !== undefined)
        throw new Misfit('no-such-column', `there is no input or column \`${unknown}\` here`, {
          field: 'columns',
          help: `the inputs are ${inputs}`,
        });
      if (!acted.has(i))
        throw new Misfit('no-columns', `${step.type} has nothing to do in ${inputs}`, {
          help: 'remove the step',
        });
    });
  });
  return chains;
}

const namedBy = (step: Step) => step['columns'] as readonly string[] | null | undefined;

/**
 * Fits each step on the training rows as the steps before it leave them.
 * @param choose what a step acts on; undefined where it passes by
 */
export function fitChain(
  raw: RecodedData,
  train: Uint32Array,
  steps: readonly Step[],
  seed: number,
  choose: (step: Step, i: number, columns: readonly Column[] | undefined) => Acting | undefined = (step) => ({
    columns: namedBy(step) ?? null,
  }),
): FittedTransform[] {
  const chain: FittedTransform[] = [];
  const target = targetOf(raw, train);
  const streamOf = (step: Step, i: number) => {
    const same = steps.slice(0, i).filter(({ kind, type }) => kind === step.kind && type === step.type);
    return streamKey(seed, `features/${step.kind}/${step.type}`, same.length);
  };
  let columns: readonly Column[] | undefined = raw.columns;
  steps.forEach((step, i) => {
    const acting = choose(step, i, columns);
    if (!acting) return;
    const entry = entryOf(step);
    const rows = { ...prepared(raw, train, chain, true), target, stream: streamOf(step, i) };
    const made = atStep(i, step, (): FittedTransform => {
      const named = acting.columns;
      if (columns)
        return { kind: step.kind, type: step.type, entry, ...fitColumns(entry, step, rows, columns, named) };
      if (named)
        throw new Misfit('no-columns', 'these data have no columns to name', {
          field: 'columns',
          help: 'remove `columns`',
        });
      entry.shape(rows.shape, step);
      const fitted = entry.fit(rows, step);
      return { kind: step.kind, type: step.type, entry, fitted, shape: fitted.shape };
    });
    columns = made.columns;
    chain.push(made);
  });
  return chain;
}
