import { resolve } from 'node:path';
import * as z from 'zod';
import { fileBytes } from '../../readers/arrays/byte-source.ts';
import {
  type ArraySources,
  checkPair,
  describeArrays,
  placed,
  readArrays,
} from '../../readers/arrays/read-arrays.ts';
import type { NamedFile } from '../../readers/files/data-file.ts';
import { assertUnchanged, fingerprints } from '../../readers/files/fingerprints.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { once } from '../fields.ts';
import { classNames } from './class-names.ts';
import type { SourceEntry } from './source.ts';

interface NpyParams {
  readonly features: string;
  readonly target: string;
  readonly test_features: string | null;
  readonly test_target: string | null;
  readonly classes: readonly string[] | null;
}

const schema = once(() =>
  z.strictObject({
    features: z
      .string()
      .min(1)
      .describe('file of the examples; relative paths start at the folder of the config'),
    target: z.string().min(1).describe('file of what is to be predicted, one for each example'),
    test_features: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('examples of the test part, for split: { type: fixed }'),
    test_target: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('what is to be predicted of the test part'),
    classes: classNames(),
  }),
);

const filesOf = (
  { features, target, test_features, test_target }: NpyParams,
  ctx: SourceContext,
): NamedFile[] =>
  [features, target, test_features, test_target]
    .filter((name) => name !== null)
    .map((name) => ({ path: resolve(ctx.folder, name), name }));

function arrays(files: readonly NamedFile[]): ArraySources {
  const [features, target, test_features, test_target] = files.map(fileBytes);
  return { features: features!, target: target!, ...(test_features && { test_features, test_target }) };
}

/** Arrays that `numpy.save` wrote, each in a file of its own. */
export const npy: SourceEntry<NpyParams> = {
  name: 'npy',
  help: 'NumPy arrays in .npy files: rows of numbers, or pictures',
  get schema() {
    return schema();
  },
  describe(params, ctx) {
    checkPair(params.test_features, params.test_target);
    return describeArrays(arrays(filesOf(params, ctx)), params.classes, ctx);
  },
  files: (params, ctx) => fingerprints(filesOf(params, ctx)),
  async read(params, ctx) {
    const files = filesOf(params, ctx);
    const hashes = ctx.files ?? (await fingerprints(files));
    const raw = await placed(['data', 'source'], async () =>
      readArrays(arrays(files), params.classes, hashes, ctx),
    );
    assertUnchanged(files, hashes);
    return raw;
  },
};
