import type { Command } from 'commander';
import { configError, EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { collect, exits } from './command.ts';

export const tag = (mlx: Command): Command =>
  mlx
    .command('tag')
    .description('mark a run with words and a note of your own')
    .argument('<run>', 'run id, <name>/<run-id>, or its folder')
    .argument('[tags...]', 'words to add')
    .option('--remove <tag>', 'a word to take away (repeatable)', collect, [])
    .option('--note <text>', 'replaces the note; "" takes it away')
    .option('--experiments <folder>', 'where run folders are', 'experiments')
    .action(exits(work));

interface TagOptions {
  readonly experiments: string;
  readonly remove: string[];
  readonly note?: string;
}

const MOST = { tag: 100, note: 10_000 };

/** Adds and removes tags, replaces the note; without any of these, prints them. */
async function work(run: string, tags: readonly string[], options: TagOptions): Promise<number> {
  for (const text of tags)
    if (text.trim() === '' || text.length > MOST.tag)
      throw configError(
        'usage',
        `a tag has 1 to ${MOST.tag} characters, found ${JSON.stringify(text.slice(0, 120))}`,
      );
  if ((options.note?.length ?? 0) > MOST.note)
    throw configError('usage', `a note has at most ${MOST.note} characters`);
  const { findGroup, findRun, readTags, writeTags } = await import('../record/index.ts');
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
