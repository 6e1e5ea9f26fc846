import {
  assertValid,
  type Draft,
  draftConfig,
  listTemplates,
  templateText,
  writeConfig,
} from '../data/init/index.ts';
import { configError, EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { plural } from '../report/format.ts';
import { type Answers, ask } from './ask.ts';

export interface InitOptions {
  readonly target?: string;
  readonly out?: string;
  readonly template?: string;
  readonly list?: boolean;
  readonly force?: boolean;
}

/** `mlx init`: a first config from data, or a shipped one. Asks only when it is called bare on a terminal. @returns the exit code */
export async function init(data: string | undefined, options: InitOptions): Promise<number> {
  if (options.list) return list();
  if (options.template !== undefined) {
    if (data !== undefined || options.target !== undefined)
      throw configError('usage', '--template takes a shipped config as it is: no data, no --target', {
        help: 'leave out one of the two',
      });
    return write(
      options.out ?? `${options.template}.yaml`,
      templateText(options.template, options.out ?? 'x.yaml'),
      options,
    );
  }
  if (data !== undefined) return fromData({ data, ...options });
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw configError('usage', 'mlx init needs a file or a folder', {
      help: 'mlx init data.csv --target price; or mlx init --list, mlx init --template mnist-cnn',
    });
  const answers: Answers = await ask();
  process.stderr.write(`the same without questions: ${escapeText(answers.command)}\n`);
  return fromData({ ...options, ...answers });
}

async function fromData(asked: InitOptions & { readonly data: string }): Promise<number> {
  const draft = await draftConfig(asked);
  return write(draft.file, draft.text, asked, facts(draft));
}

function write(file: string, text: string, { force }: InitOptions, more = ''): number {
  writeConfig(file, text, force === true);
  assertValid(file);
  const shown = escapeText(file);
  process.stdout.write(`✓ wrote ${shown}\n${more}`);
  process.stdout.write(`  next     mlx inspect ${quoted(file)}, then mlx run ${quoted(file)}\n`);
  return EXIT.done;
}

/** A word for a shell to take as it is. */
const quoted = (word: string) =>
  escapeText(/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

function facts({ choice }: Draft): string {
  if (!choice) return '';
  const { target, guessed, task, why, split, dropped, rows } = choice;
  const lines = [
    `  target   ${escapeText(target)} (${task}: ${why})${guessed ? '; guessed, name another with --target' : ''}`,
    `  rows     ${plural(rows, 'row')} with a target`,
    `  split    ${split.type}: ${split.why}`,
  ];
  if (dropped.length > 0) {
    const names = dropped.slice(0, 5).map(({ name, why: reason }) => `${escapeText(name)} (${reason})`);
    lines.push(
      `  left out ${names.join(', ')}${dropped.length > 5 ? `, and ${dropped.length - 5} more` : ''}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function list(): number {
  const templates = listTemplates();
  const width = Math.max(...templates.map(({ name }) => name.length));
  for (const { name, help } of templates) process.stdout.write(`${name.padEnd(width)}  ${help}\n`);
  return EXIT.done;
}
