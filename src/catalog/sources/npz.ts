import { resolve } from 'node:path';
import * as z from 'zod';
import { configError, dataError } from '../../errors.ts';
import type { ByteSource } from '../../readers/arrays/byte-source.ts';
import {
  type ArraySources,
  checkPair,
  describeArrays,
  placed,
  readArrays,
} from '../../readers/arrays/read-arrays.ts';
import { zipEntries } from '../../readers/arrays/zip.ts';
import { isAddress } from '../../readers/download/fetch-file.ts';
import { locate } from '../../readers/download/locate.ts';
import type { NamedFile } from '../../readers/files/data-file.ts';
import { assertUnchanged } from '../../readers/files/fingerprints.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { once } from '../fields.ts';
import { filePath, fileSha256 } from '../file-fields.ts';
import { classNames } from './class-names.ts';
import type { SourceEntry } from './source.ts';

interface NpzParams {
  readonly path: string;
  readonly sha256: string | null;
  /** Several arrays are as many inputs, named like them. */
  readonly features: string | readonly string[] | null;
  readonly target: string | null;
  readonly test_features: string | readonly string[] | null;
  readonly test_target: string | null;
  readonly classes: readonly string[] | null;
}

/** Usual names of arrays: features, target, and those of the test part. */
const USUAL: readonly (readonly [string, string, string?, string?])[] = [
  ['x_train', 'y_train', 'x_test', 'y_test'], // keras.datasets
  ['X_train', 'y_train', 'X_test', 'y_test'],
  ['train_images', 'train_labels', 'test_images', 'test_labels'],
  ['x', 'y'],
  ['X', 'y'],
  ['features', 'target'],
  ['data', 'target'],
  ['images', 'labels'],
];

/** Names of inputs stand in plans and in model.onnx, beside `y` and `weight`. */
const INPUT_NAME = /^(?!(?:y|weight)$)[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const INPUT_RULE =
  'expected a name of letters, digits, `_` and `-` that starts with a letter; `y` and `weight` are taken';

/** One array, or a list of arrays that are an input each. */
const arrays = (what: string, item: z.ZodString) =>
  z
    .union([z.string().min(1), z.array(item).min(2)])
    .nullable()
    .default(null)
    .describe(what);
const array = (what: string) => z.string().min(1).nullable().default(null).describe(what);
const schema = once(() =>
  z.strictObject({
    path: filePath('file, relative to the config'),
    sha256: fileSha256(),
    features: arrays(
      'array of the examples, or a list of arrays, each an input of its own; `x_train`, `x`, `features`, … are found when it is left out',
      z.string().regex(INPUT_NAME, { error: INPUT_RULE }),
    ),
    target: array(
      'array of what is to be predicted, one for each example; `y_train`, `y`, `target`, … are found',
    ),
    test_features: arrays(
      'examples of the test part, for split: { type: fixed }, as many arrays as `features`; `x_test` is found with `x_train`',
      z.string().min(1),
    ),
    test_target: array('what is to be predicted of the test part'),
    classes: classNames(),
  }),
);

/** A field of one array, or of several. */
const listOf = (value: string | readonly string[] | null): readonly string[] =>
  value === null ? [] : typeof value === 'string' ? [value] : value;

/**
 * As many arrays of the test part as of the others, and none twice.
 * @throws MlxError `input-count`, `duplicate-name`
 */
function checkInputs({ features, test_features }: NpzParams): void {
  const [all, test] = [listOf(features), listOf(test_features)];
  const twice = all.find((name, k) => all.indexOf(name) !== k);
  if (twice !== undefined)
    throw configError('duplicate-name', `\`features\` names ${twice} twice`, {
      path: ['data', 'source', 'features'],
      help: 'a node of the network may read an input more than once',
    });
  if (test_features === null || Math.max(1, all.length) === test.length) return;
  throw configError(
    'input-count',
    `\`features\` names ${all.length} arrays, \`test_features\` ${test.length}`,
    {
      path: ['data', 'source', 'test_features'],
      help: 'name one array of the test part for each, in the same order',
    },
  );
}

/**
 * The arrays that the config names, or those with usual names.
 * @throws MlxError `no-such-array`, `half-pair`, `input-count`, `duplicate-name`
 */
function choose(file: NamedFile, params: NpzParams): ArraySources {
  const { target, test_target } = params;
  checkPair(params.test_features, test_target);
  checkInputs(params);
  const [features = null, ...others] = listOf(params.features);
  const [test_features = null, ...testOthers] = listOf(params.test_features);
  const arrays = zipEntries(file);
  const names = [...arrays.keys()].filter((name) => name.endsWith('.npy')).map((name) => name.slice(0, -4));
  const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? `, and ${names.length - 12} more` : '');
  const get = (field: keyof NpzParams, name: string): ByteSource => {
    const found = arrays.get(`${name}.npy`);
    if (found) return found;
    throw dataError('no-such-array', `${file.name} has no array ${name}`, {
      path: ['data', 'source', field],
      help: names.length > 0 ? `its arrays are ${shown}` : 'it has no arrays at all',
    });
  };
  const has = (name: string) => names.includes(name);
  if (features !== null) get('features', features);
  if (target !== null) get('target', target);
  const usual = USUAL.find(
    ([x, y]) => has(features ?? x) && has(target ?? y) && (features === null || features === x),
  );
  if ((features === null || target === null) && !usual)
    throw dataError('no-such-array', `which arrays of ${file.name} are the examples and their targets?`, {
      path: ['data', 'source'],
      help: `name them in \`features\` and \`target\`: its arrays are ${shown}`,
    });
  const [x, y, xTest, yTest] = usual ?? [];
  const given = test_features !== null;
  // A test part is only looked for where the config names no array.
  const found = features === null && target === null && xTest !== undefined && has(xTest) && has(yTest!);
  const [testX, testY] = given ? [test_features, test_target!] : found ? [xTest, yTest!] : [];
  return {
    ...(features !== null && others.length > 0 && { name: features }),
    ...(others.length > 0 && {
      more: others.map((name, k) => ({
        name,
        features: get('features', name),
        ...(given && { test_features: get('test_features', testOthers[k]!) }),
      })),
    }),
    features: get('features', features ?? x!),
    target: get('target', target ?? y!),
    ...(testX !== undefined && {
      test_features: get('test_features', testX),
      test_target: get('test_target', testY!),
    }),
  };
}

/** Arrays that `numpy.savez` or `numpy.savez_compressed` wrote, such as Keras' `mnist.npz`. */
export const npz: SourceEntry<NpzParams> = {
  name: 'npz',
  help: 'NumPy arrays in one .npz file: rows of numbers, pictures, or several inputs of each example',
  get schema() {
    return schema();
  },
  describe(params, ctx: SourceContext) {
    checkPair(params.test_features, params.test_target);
    checkInputs(params);
    if (isAddress(params.path)) return undefined;
    try {
      const file = { path: resolve(ctx.folder, params.path), name: params.path };
      return describeArrays(choose(file, params), params.classes, ctx);
    } catch {
      return undefined; // `read` will say what is wrong
    }
  },
  files: async (params, ctx) => (await locate(params, ctx)).hashes,
  async read(params, ctx) {
    const { files, hashes } = await locate(params, ctx, ctx.files);
    if (files.length > 1)
      throw configError('npz-of-many', `${files.length} files match ${params.path}; one is read`, {
        path: ['data', 'source', 'path'],
        help: 'name one file',
      });
    const at = ['data', 'source', 'path'];
    const raw = await placed(at, async () =>
      readArrays(choose(files[0]!, params), params.classes, hashes, ctx),
    );
    assertUnchanged(files, hashes);
    return raw;
  },
};
