import * as z from 'zod';
import type { NamedFile } from '../../readers/files/data-file.ts';
import {
  describeImages,
  type ImagePair,
  labelTarget,
  readImages,
} from '../../readers/images/labelled-images.ts';
import { once } from '../fields.ts';
import { filesIn, officialFiles } from './fashion-files.ts';
import type { SourceEntry } from './source.ts';

interface FashionParams {
  readonly path: string | null;
}

const CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

const pairs = ([images, labels, testImages, testLabels]: readonly NamedFile[]): ImagePair[] => [
  { images: images!, labels: labels! },
  { images: testImages!, labels: testLabels! },
];

const schema = once(() =>
  z.strictObject({
    path: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('folder with the four IDX files, .gz or not; found or downloaded when left out'),
  }),
);

/**
 * Zalando's 70,000 pictures of clothes (arxiv.org/abs/1708.07747): 60,000 for training, 10,000 for the test.
 */
export const fashionMnist: SourceEntry<FashionParams> = {
  name: 'fashion_mnist',
  help: "Zalando's 70,000 pictures of clothes, 28 x 28 bytes; downloaded once when absent",
  get schema() {
    return schema();
  },
  describe({ path }, ctx) {
    if (path === null) return { shape: [28, 28, 1], target: labelTarget(CLASSES, ctx), count: 70_000 };
    try {
      return describeImages(pairs(filesIn(path, ctx)), CLASSES, ctx);
    } catch {
      return undefined; // `read` will say what is missing
    }
  },
  async read({ path }, ctx) {
    const files = path === null ? await officialFiles(ctx) : filesIn(path, ctx);
    return readImages(pairs(files), CLASSES, ctx);
  },
};
