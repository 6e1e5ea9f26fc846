import { resolve } from 'node:path';
import * as z from 'zod';
import { configError } from '../../errors.ts';
import { describeImages, type ImagePair, readImages } from '../../readers/images/labelled-images.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { once } from '../fields.ts';
import type { SourceEntry } from './source.ts';

interface IdxParams {
  readonly images: string;
  readonly labels: string;
  readonly test_images: string | null;
  readonly test_labels: string | null;
  readonly classes: readonly string[] | null;
}

/** @throws MlxError `half-pair` when only one of the two test files is named */
function pairs(params: IdxParams, ctx: SourceContext): ImagePair[] {
  const file = (name: string) => ({ path: resolve(ctx.folder, name), name });
  const { images, labels, test_images, test_labels } = params;
  const training = { images: file(images), labels: file(labels) };
  if (test_images === null && test_labels === null) return [training];
  if (test_images === null || test_labels === null) {
    const [given, absent] =
      test_labels === null ? ['test_images', 'test_labels'] : ['test_labels', 'test_images'];
    throw configError('half-pair', `\`${given}\` is given without \`${absent}\``, {
      path: ['data', 'source', given],
      help: `name the file of \`${absent}\` as well`,
    });
  }
  return [training, { images: file(test_images), labels: file(test_labels) }];
}

const schema = once(() =>
  z.strictObject({
    images: z.string().min(1).describe('file of images; relative paths start at the folder of the config'),
    labels: z.string().min(1).describe('file of labels, one for each image'),
    test_images: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('images of the test part, for split: { type: fixed }'),
    test_labels: z.string().min(1).nullable().default(null).describe('labels of the test part'),
    classes: z
      .array(z.string().min(1))
      .min(1)
      .max(256)
      .nullable()
      .default(null)
      .describe('names of labels 0, 1, …; the numbers themselves when left out'),
  }),
);

/** Images and labels in the MNIST file format, with or without files of their own for the test part. */
export const idx: SourceEntry<IdxParams> = {
  name: 'idx',
  help: 'images and labels in the MNIST file format (IDX), .gz or not',
  get schema() {
    return schema();
  },
  describe: (params, ctx) => describeImages(pairs(params, ctx), params.classes, ctx),
  read: async (params, ctx) => readImages(pairs(params, ctx), params.classes, ctx),
};
