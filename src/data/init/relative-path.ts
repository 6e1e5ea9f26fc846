import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { packageRoot } from '../../config/places.ts';

/** A path as a config in `file` has to say it: from the config's folder, with `/`. */
export function fromFile(file: string, path: string): string {
  if (isAbsolute(path) && !resolve(path).startsWith(packageRoot())) return path;
  const way = relative(dirname(resolve(file)), resolve(path))
    .split(sep)
    .join('/');
  return way;
}
