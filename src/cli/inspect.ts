import { renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dataError, EXIT } from '../errors.ts';
import { type Inspected, inspectData } from '../pipeline/inspect.ts';
import { formatWarning } from '../report/errors.ts';
import { escapeText } from '../report/escape.ts';
import { lookLines } from '../report/look/terminal.ts';
import { sourceOf } from '../report/source-of.ts';

export interface InspectOptions {
  readonly target?: string;
  readonly out?: string;
  readonly html: boolean;
  readonly json?: boolean;
  readonly set: string[];
}

/** `mlx inspect`: the summary on stdout, findings on stderr, the page in a file. @returns the exit code */
export async function inspect(file: string, options: InspectOptions): Promise<number> {
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
