import { configError, EXIT } from '../errors.ts';
import { findGroup, findRun, readTags, writeTags } from '../record/index.ts';
import { escapeText } from '../report/escape.ts';

export interface TagOptions {
  readonly experiments: string;
  readonly remove: string[];
  readonly note?: string;
}

const MOST = { tag: 100, note: 10_000 };

/** `mlx tag`: adds and removes tags, replaces the note; without any of these, prints them. @returns the exit code */
export async function tag(run: string, tags: readonly string[], options: TagOptions): Promise<number> {
  for (const text of tags)
    if (text.trim() === '' || text.length > MOST.tag)
      throw configError(
        'usage',
        `a tag has 1 to ${MOST.tag} characters, found ${JSON.stringify(text.slice(0, 120))}`,
      );
  if ((options.note?.length ?? 0) > MOST.note)
    throw configError('usage', `a note has at most ${MOST.note} characters`);
  const { experiments } = options;
  const folder = (await findGroup(experiments, run)) ?? (await findRun(experiments, run));
  const was = readTags(folder);
  const now = {
    tags: [...new Set([...was.tags, ...tags])].filter((t) => !options.remove.includes(t)).sort(),
    note: options.note ?? was.note,
  };
  if (tags.length > 0 || options.remove.length > 0 || options.note !== undefined)
    await writeTags(folder, now);
  const lines = now.tags.map(escapeText);
  if (now.note !== '') lines.push(`note: ${escapeText(now.note)}`);
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}
