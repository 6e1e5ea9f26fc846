import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic.ts';
import { FILES } from './names.ts';

/** What a user says about a run: `tags.json`. */
export interface Tags {
  readonly tags: readonly string[];
  readonly note: string;
}

const NONE: Tags = { tags: [], note: '' };

/** @returns none where there are none; what is damaged is told in `problems` */
export function readTags(folder: string, problems: string[] = []): Tags {
  let text: string;
  try {
    text = readFileSync(join(folder, FILES.tags), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${FILES.tags} can't be read (${code})`);
    return NONE;
  }
  try {
    const { tags, note } = JSON.parse(text) as Tags;
    if (Array.isArray(tags) && tags.every((t) => typeof t === 'string') && typeof note === 'string')
      return { tags, note };
  } catch {
    // told below
  }
  problems.push(`${FILES.tags} is damaged`);
  return NONE;
}

/** @throws MlxError `record-write` */
export async function writeTags(folder: string, { tags, note }: Tags): Promise<void> {
  const text = `${JSON.stringify({ format: 1, tags: [...new Set(tags)].sort(), note }, null, 2)}\n`;
  await writeAtomically(join(folder, FILES.tags), text);
}
