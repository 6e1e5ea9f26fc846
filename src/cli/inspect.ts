import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { dataError, EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { collect, exits } from './command.ts';
import type { Inspected } from './inspect-data.ts';

export const inspect = (mlx: Command): Command =>
  mlx
    .command('inspect')
    .description('look at the data before training: a summary here, and a page with pictures')
    .argument('<config|file>', 'a YAML file, or a csv, tsv, parquet or json file (or its https:// address)')
    .option('--target <column>', 'of a data file: what is to be predicted; guessed when left out')
    .option('--out <file>', 'where the page goes; <name>.inspect.html when left out')
    .option('--no-html', 'the summary alone')
    .option('--set <path=value>', 'override one field of a config (repeatable)', collect, [])
    .option('--json', 'everything that was found as one JSON object on stdout, and no page')
    .action(exits(work));

interface InspectOptions {
  readonly target?: string;
  readonly out?: string;
  readonly html: boolean;
  readonly json?: boolean;
  readonly set: string[];
}

/** The summary on stdout, findings on stderr, the page in a file. */
async function work(file: string, options: InspectOptions): Promise<number> {
  const [{ inspectData }, { formatWarning }, { lookLines }, { sourceOf }] = await Promise.all([
    import('./inspect-data.ts'),
    import('../report/errors.ts'),
    import('../report/look/terminal.ts'),
    import('../report/source-of.ts'),
  ]);
  const pictures = options.html && !options.json;
  const found = await inspectData(file, { ...options, scatter: pictures });
  if (options.json) process.stdout.write(`${JSON.stringify(withoutPixels(found))}\n`);
  else process.stdout.write(`${[...lookLines(found.look), ...assumed(found)].join('\n')}\n`);
  if (pictures) {
    const { lookHtml } = await import('../report/look/html.ts');
    const page = options.out ?? `${found.look.name}.inspect.html`;
    save(page, await lookHtml(found.look));
    process.stdout.write(`  page       ${escapeText(page)}\n`);
  }
  if (!options.json)
    for (const warning of found.warnings) process.stderr.write(`\n${formatWarning(warning, sourceOf)}\n`);
  return found.failed ? EXIT.data : EXIT.done;
}

function withoutPixels({ look, choice }: Inspected) {
  const { images: _, ...rest } = look;
  return { format: 1, ...rest, ...(choice && { assumed: choice }) };
}

function assumed({ choice }: Inspected): string[] {
  if (!choice) return [];
  const { guessed, target, dropped } = choice;
  const lines: string[] = [];
  if (guessed) lines.push(`  assumed    ${escapeText(target)} is the target; name another with --target`);
  if (dropped.length > 0) {
    const names = dropped.slice(0, 5).map(({ name, why }) => `${escapeText(name)} (${why})`);
    lines.push(
      `  left out   ${names.join(', ')}${dropped.length > 5 ? `, and ${dropped.length - 5} more` : ''}`,
    );
  }
  return lines;
}

/** Whole or not at all. */
function save(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  } catch (cause) {
    try {
      unlinkSync(fresh);
    } catch {
      // It never came to be.
    }
    throw dataError('write', `can't write ${file}: ${(cause as Error).message}`, {
      help: 'name another file with --out',
      cause,
    });
  }
}
