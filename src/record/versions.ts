import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../base/sha256.ts';

export interface Versions {
  readonly mlx: string | null;
  readonly node: string;
  readonly v8: string;
  readonly 'onnxruntime-node': string | null;
  /** Of package-lock.json beside the package, where it is a clone. */
  readonly lockfile_sha256: string | null;
}

export function versions(): Versions {
  const root = packageRoot();
  const lockfile = root && read(join(root, 'package-lock.json'));
  return {
    mlx: root && versionIn(join(root, 'package.json')),
    node: process.versions.node,
    v8: process.versions.v8,
    'onnxruntime-node': installed('onnxruntime-node'),
    lockfile_sha256: lockfile ? sha256(lockfile) : null,
  };
}

/** The same from the source and from the bundle. */
function packageRoot(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return folder;
}

/** Read from its package.json: loading the package itself would take a second. */
function installed(name: string): string | null {
  try {
    return versionIn(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const versionIn = (path: string): string | null => {
  const text = read(path);
  return text === null ? null : ((JSON.parse(text) as { version?: string }).version ?? null);
};
