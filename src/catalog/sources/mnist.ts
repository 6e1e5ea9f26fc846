import { join } from 'node:path';
import { type ImagePair, labelTarget, readImages } from '../../readers/images/labelled-images.ts';
import type { SourceContext } from '../../readers/source-context.ts';
import { noFields } from '../fields.ts';
import type { SourceEntry } from './source.ts';

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const FOLDER = 'mnist-10k';

function pair(ctx: SourceContext): ImagePair {
  const file = (name: string) => ({ path: join(ctx.root, 'data', FOLDER, name), name: `${FOLDER}/${name}` });
  return { images: file('images.idx3-ubyte.gz'), labels: file('labels.idx1-ubyte.gz') };
}

/** 10,000 digits of MNIST, shipped with mlx (data/mnist-10k/README.md says where they come from). */
export const mnist: SourceEntry<Record<string, never>> = {
  name: 'mnist',
  help: '10,000 handwritten digits of MNIST, 28 x 28 bytes, shipped with mlx',
  get schema() {
    return noFields();
  },
  describe: (_, ctx) => ({
    shape: [28, 28, 1],
    target: labelTarget(DIGITS, ctx),
    count: 10_000,
  }),
  read: (_, ctx) => readImages([pair(ctx)], DIGITS, ctx),
};
