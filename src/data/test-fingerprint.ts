import { sha256 } from '../base/sha256.ts';
import type { Config } from '../config/config.ts';
import type { Prepared } from './index.ts';

/**
 * Names a set of test examples: the same files, row steps and test rows give the same one, whatever is
 * trained on the others and wherever the files lie. Data without files are named by their source's fields.
 */
export function testFingerprint(
  { data: { source, target, rows } }: Config,
  { files, splits }: Pick<Prepared, 'files' | 'splits'>,
): string {
  const content = files.length > 0 ? files.map((file) => file.sha256).sort() : source;
  const parts = [source.type, content, target, rows, splits.test];
  return sha256(JSON.stringify(parts));
}
