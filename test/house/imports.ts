import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export const src = join(import.meta.dirname, '../../src');

export interface Import {
  /** The importing file, relative to src. */
  readonly file: string;
  /** As it is written: `../graph/index.ts`, `zod`. */
  readonly target: string;
  readonly typeOnly: boolean;
}

/** TypeScript files of src, relative to it. */
export const files: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.tsx?$/.test(f))
  .map((f) => f.split('\\').join('/'))
  .sort();

export const textOf = (file: string): string => readFileSync(join(src, file), 'utf8');

const STATEMENT = /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/g;
const DYNAMIC = /import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;

export function importsOf(file: string, text = textOf(file)): Import[] {
  const found: Import[] = [];
  for (const [, type, target] of text.matchAll(STATEMENT))
    found.push({ file, target: target!, typeOnly: type !== undefined });
  for (const [, inside, bare] of text.matchAll(DYNAMIC))
    found.push({ file, target: inside ?? bare!, typeOnly: false });
  return found;
}

export const imports: readonly Import[] = files.flatMap((file) => importsOf(file));

/** Whether it is a file of src, not a package. */
export const isLocal = ({ target }: Import): boolean => target.startsWith('.');
/** `plan/x.ts` with `../graph/index.ts` gives `graph/index.ts`. */
export const resolved = ({ file, target }: Import): string =>
  posix.normalize(posix.join(dirname(file), target));
/** `plan/x.ts` is of the room `plan`; a file of src itself is of the room of its name. */
export const roomOf = (path: string): string =>
  path.includes('/') ? path.split('/')[0]! : path.replace(/\.ts$/, '');
