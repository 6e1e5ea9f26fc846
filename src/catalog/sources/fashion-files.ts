import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataError } from '../../errors.ts';
import { download, type Remote } from '../../readers/download/mirrored-file.ts';
import type { NamedFile } from '../../readers/files/data-file.ts';
import type { SourceContext } from '../../readers/source-context.ts';

/** The official files: training images, training labels, test images, test labels. */
const FILES: readonly Remote[] = [
  {
    name: 'train-images-idx3-ubyte.gz',
    bytes: 47_040_016,
    sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  },
  {
    name: 'train-labels-idx1-ubyte.gz',
    bytes: 60_008,
    sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  },
  {
    name: 't10k-images-idx3-ubyte.gz',
    bytes: 7_840_016,
    sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  },
  {
    name: 't10k-labels-idx1-ubyte.gz',
    bytes: 10_008,
    sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  },
];

/** Where to look for the files and download them from; tests use a folder and a server of their own. */
export interface Places {
  readonly files: readonly Remote[];
  /** Folder of a system package. */
  readonly system: string;
  /** Addresses to which `/<file>` is appended, tried in order. */
  readonly mirrors: readonly string[];
}

export const PLACES: Places = {
  files: FILES,
  system: '/usr/share/datasets/fashion-mnist', // Debian's package dataset-fashion-mnist
  mirrors: [
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion',
  ],
};

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A file in a folder, compressed or not; undefined when neither exists. */
function find(folder: string, packed: string): NamedFile | undefined {
  const name = [packed, packed.slice(0, -'.gz'.length)].find((each) => isFile(join(folder, each)));
  return name === undefined ? undefined : { path: join(folder, name), name };
}

/**
 * The four files in a folder that the user named; their content isn't checked.
 * @throws MlxError `data-missing`
 */
export function filesIn(path: string, ctx: SourceContext): NamedFile[] {
  const folder = resolve(ctx.folder, path);
  return FILES.map(({ name }) => {
    const file = find(folder, name);
    if (file === undefined)
      throw dataError('data-missing', `there is no ${name}, nor the same without .gz, in ${path}`, {
        notes: [`looked in ${folder}`],
        help: `put ${FILES.map((each) => each.name).join(', ')} there`,
      });
    return file;
  });
}

/**
 * The official files from the cache, else from the system's package, else downloaded into the cache. Their
 * content is pinned, so that a wrong or partial file is noticed when it is read.
 * @throws MlxError `download-failed`, `data-unwritable`
 */
export async function officialFiles(ctx: SourceContext, places: Places = PLACES): Promise<NamedFile[]> {
  const cache = join(ctx.cache, 'fashion-mnist');
  const out: NamedFile[] = [];
  for (const remote of places.files) {
    const here = () => find(cache, remote.name) ?? find(places.system, remote.name);
    if (here() === undefined) await download(remote, places.mirrors, cache, advice(cache));
    out.push({ ...here()!, content: remote.sha256 });
  }
  return out;
}

const advice = (cache: string) =>
  `run \`apt install dataset-fashion-mnist\`, or put the file into ${cache}, or name its folder in \`path\``;
