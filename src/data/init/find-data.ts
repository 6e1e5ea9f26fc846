import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dataError } from '../../errors.ts';
import { isAddress } from '../../readers/download/fetch-file.ts';

/** Where the data are, as fields of `data.source`; the path is as the user wrote it. */
export type FoundData =
  | { readonly type: 'csv' | 'parquet' | 'json'; readonly path: string; readonly sha256?: string }
  | {
      readonly type: 'idx';
      readonly images: string;
      readonly labels: string;
      readonly test_images?: string;
      readonly test_labels?: string;
    };

const TABLES: Readonly<Record<string, 'csv' | 'parquet' | 'json'>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  parquet: 'parquet',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
};
const PICTURES = /\.(png|jpe?g|webp|gif|bmp)$/i;
const extension = (name: string) => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * What a file, an address or a folder holds, judging by names only.
 * @throws MlxError `data-missing`, `data-kind`
 */
export function findData(path: string): FoundData {
  const found = isAddress(path) ? undefined : statSync(path, { throwIfNoEntry: false });
  if (!found && !isAddress(path))
    throw dataError('data-missing', `there is no file or folder ${path}`, { help: 'correct the path' });
  if (found?.isDirectory()) return inFolder(path);
  const type = TABLES[extension(path.replace(isAddress(path) ? /[?#].*$/ : /$/, ''))];
  if (type) return { type, path };
  throw dataError('data-kind', `mlx doesn't know what ${path} holds`, {
    help: `give a file that ends in ${Object.keys(TABLES)
      .map((end) => `.${end}`)
      .join(', ')}, or a folder of them; \`mlx init --list\` shows configs for other data`,
  });
}

function inFolder(folder: string): FoundData {
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
  const images = names.filter((name) => /images.*idx3/i.test(name));
  if (images.length > 0) return idx(folder, names, images);
  const kinds = [...new Set(names.map(extension).filter((end) => Object.hasOwn(TABLES, end)))];
  const [end] = kinds;
  if (end && kinds.length === 1) return { type: TABLES[end]!, path: join(folder, `*.${end}`) };
  if (kinds.length > 1)
    throw dataError('data-kind', `${folder} has files of several kinds: ${kinds.join(', ')}`, {
      help: 'name one file, or a folder whose tables are of one kind',
    });
  const pictures = names.some((name) => PICTURES.test(name));
  throw dataError(
    'data-kind',
    pictures
      ? `${folder} holds pictures, which mlx can’t read from folders yet`
      : `${folder} has no table in it`,
    {
      help: 'give a folder with csv, tsv, parquet or json files, or with the four files of MNIST’s format (IDX)',
    },
  );
}

/**
 * `train-images-idx3-ubyte` belongs to `train-labels-idx1-ubyte`, `t10k-…` and `test-…` are the test part.
 */
function idx(folder: string, names: readonly string[], images: readonly string[]): FoundData {
  const labelsOf = (name: string) => {
    const labels = name.replace(/images/i, 'labels').replace(/idx3/i, 'idx1');
    if (names.includes(labels)) return join(folder, labels);
    throw dataError('data-missing', `${folder} has ${name} but no ${labels}`, {
      help: 'add the file of labels',
    });
  };
  const test = images.find((name) => /^(t10k|test)/i.test(name));
  const train = images.find((name) => name !== test) ?? images[0]!;
  return {
    type: 'idx',
    images: join(folder, train),
    labels: labelsOf(train),
    ...(test && test !== train && { test_images: join(folder, test), test_labels: labelsOf(test) }),
  };
}
