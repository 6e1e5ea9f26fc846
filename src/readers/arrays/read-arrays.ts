import { configError, dataError, MlxError } from '../../errors.ts';
import type { FileFingerprint } from '../files/data-file.ts';
import type { Column, DataShape, RawData, RawInput } from '../raw-data.ts';
import type { SourceContext } from '../source-context.ts';
import { type NpyArray, openArray } from './array.ts';
import type { ByteSource } from './byte-source.ts';
import { featureShape, readFeatures } from './features.ts';
import { LONGEST_HEADER } from './npy-format.ts';
import { checkTargetShape, codeTargets, readTargets, targetShape, targetsOf } from './targets.ts';

/** The arrays of examples and of their targets; with those of the test part, where it has its own. */
export interface ArraySources {
  readonly features: ByteSource;
  readonly target: ByteSource;
  readonly test_features?: ByteSource;
  readonly test_target?: ByteSource;
  /** Name of the input that `features` are, where there are several. */
  readonly name?: string;
  /** The inputs after the first. */
  readonly more?: readonly NamedArrays[];
}

/** Arrays of one more input of the same examples. */
export interface NamedArrays {
  readonly name: string;
  readonly features: ByteSource;
  readonly test_features?: ByteSource;
}

interface Opened {
  readonly features: readonly NpyArray[];
  readonly targets: readonly NpyArray[];
  readonly more: readonly { readonly name: string; readonly features: readonly NpyArray[] }[];
}

/** @throws MlxError for headers that are wrong or don't fit together */
function openAll(found: ArraySources, ctx: SourceContext): Opened {
  const open = (...sources: (ByteSource | undefined)[]) =>
    sources.filter((s) => s !== undefined).map(openArray);
  const features = open(found.features, found.test_features);
  const targets = open(found.target, found.test_target);
  targets.forEach((array, k) => {
    checkTargetShape(array, features[k]!, ctx);
  });
  const [first, second] = targets.map(({ shape }) => shape[1] ?? 1);
  if (second !== undefined && first !== second)
    throw dataError(
      'npy-mismatch',
      `${targets[0]!.name} and ${targets[1]!.name} have ${first} and ${second} columns`,
      {
        help: 'training and test targets need one shape',
      },
    );
  const more = (found.more ?? []).map((one) => ({
    name: one.name,
    features: open(one.features, one.test_features),
  }));
  for (const one of more)
    one.features.forEach((array, k) => {
      sameExamples(array, features[k]!);
    });
  return { features, targets, more };
}

/** @throws MlxError `npy-mismatch` */
function sameExamples(array: NpyArray, first: NpyArray): void {
  const [count, wanted] = [array.shape[0], first.shape[0]];
  if (count === wanted) return;
  throw dataError(
    'npy-mismatch',
    `${first.name} has ${wanted} examples, ${array.name} has ${count ?? 'a single number'}`,
    { help: 'inputs of one network need the same examples in the same order' },
  );
}

const total = (arrays: readonly NpyArray[]) => arrays.reduce((sum, { shape }) => sum + shape[0]!, 0);

/** Reads arrays as examples. @throws MlxError with exit code 3 */
export async function readArrays(
  found: ArraySources,
  names: readonly string[] | null,
  files: readonly FileFingerprint[],
  ctx: SourceContext,
): Promise<RawData> {
  const { features, targets, more } = openAll(found, ctx);
  const { shape, columns } = featureShape(features[0]!, features[1]);
  const others: RawInput[] = [];
  for (const { name, features: arrays } of more) {
    const own = featureShape(arrays[0]!, arrays[1]);
    const columns = own.columns && named(own.columns, name);
    others.push({ name, ...own, ...(columns && { columns }), ...(await readFeatures(arrays, own, ctx)) });
  }
  const values = [];
  for (const array of targets) values.push(await readTargets(array));
  const target = targetShape(values, targets, names, ctx);
  const y = codeTargets(values, targets, target, ctx);
  return {
    shape,
    ...(columns && { columns: found.name === undefined ? columns : named(columns, found.name) }),
    ...(found.name !== undefined && { name: found.name }),
    ...(others.length > 0 && { more: others }),
    target,
    count: total(features),
    ...(await readFeatures(features, { shape, columns }, ctx)),
    y,
    ...(features.length > 1 && { train: features[0]!.shape[0]! }),
    files,
  };
}

/** `table1`, `table2`: columns of several tables have names of their own. */
const named = (columns: readonly Column[], input: string): Column[] =>
  columns.map((column, j) => ({ ...column, name: `${input}${j + 1}` }));

const SMALL = 2 ** 20;

/**
 * The shape of the data from the headers, and from the targets where they are small; undefined where that
 * isn't enough or something is wrong.
 */
export function describeArrays(
  found: ArraySources,
  names: readonly string[] | null,
  ctx: SourceContext,
): DataShape | undefined {
  try {
    const { features, targets, more } = openAll(found, ctx);
    const { shape } = featureShape(features[0]!, features[1]);
    const others = more.map(({ name, features: own }) => ({
      name,
      shape: featureShape(own[0]!, own[1]).shape,
    }));
    const values = targets.map((array) => {
      if (ctx.numeric) return [];
      const { source, length } = array;
      if (source.size > SMALL) throw new Error('too large for a look');
      const bytes = source.peek(Math.max(LONGEST_HEADER, source.size), source.size);
      if (bytes.length !== source.size) throw new Error('damaged');
      return targetsOf(array, bytes.subarray(length));
    });
    return {
      shape,
      ...(found.name !== undefined && { name: found.name }),
      ...(others.length > 0 && { more: others }),
      target: targetShape(values, targets, names, ctx),
      count: total(features),
    };
  } catch {
    return undefined; // `read` will say what is wrong
  }
}

/** Gives errors of `work` that name no place in the config this one. */
export async function placed<T>(path: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MlxError) || error.details.path) throw error;
    throw new MlxError(error.code, error.message, error.exit, { ...error.details, path });
  }
}

/** Checks that both arrays of the test part are given, or none. @throws MlxError `half-pair` */
export function checkPair(test_features: unknown, test_target: unknown): void {
  if ((test_features === null) === (test_target === null)) return;
  const [given, absent] =
    test_target === null ? ['test_features', 'test_target'] : ['test_target', 'test_features'];
  throw configError('half-pair', `\`${given}\` is given without \`${absent}\``, {
    path: ['data', 'source', given!],
    help: `name the array of \`${absent}\` as well`,
  });
}
