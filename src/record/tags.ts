import { join } from 'node:path';
import { writeAtomically } from './atomic.ts';
import { FILES } from './names.ts';
import { readJson } from './read-json.ts';

/** What a user says about a run: `tags.json`. */
export interface Tags {
  readonly tags: readonly string[];
  readonly note: string;
}

const NONE: Tags = { tags: [], note: '' };

/** @returns none where there are none; what is damaged is reported in `problems` */
export const readTags = (folder: string, problems: string[] = []): Tags =>
  readJson(folder, FILES.tags, problems, (value) => {
    const { tags, note } = value as Tags;
    return Array.isArray(tags) && tags.every((t) => typeof t === 'string') && typeof note === 'string'
      ? { tags, note }
      : undefined;
  }) ?? NONE;

/** @throws MlxError `record-write` */
export async function writeTags(folder: string, { tags, note }: Tags): Promise<void> {
  const text = `${JSON.stringify({ format: 1, tags: [...new Set(tags)].sort(), note }, null, 2)}\n`;
  await writeAtomically(join(folder, FILES.tags), text);
}
