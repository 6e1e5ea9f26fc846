import type { Command } from 'commander';
import { counted } from '../base/words.ts';
import type { Draft } from '../data/init/index.ts';
import { configError, EXIT } from '../errors.ts';
import { escapeText } from '../report/escape.ts';
import { exits } from './command.ts';

export const init = (mlx: Command): Command =>
  mlx
    .command('init')
    .description('write a first config for a table, or for a folder of them; or copy one that comes with mlx')
    .argument('[data]', 'a csv, tsv, parquet or json file or its https:// address, or a folder')
    .option('--target <column>', 'what to predict; guessed when left out')
    .option('--out <file>', 'the file to write; named after the data when left out')
    .option('--template <name>', 'a config that comes with mlx, e.g. mnist-cnn')
    .option('--list', 'list these')
    .option('--force', 'overwrite the file')
    .action(exits(work));

interface InitOptions {
  readonly target?: string;
  readonly out?: string;
  readonly template?: string;
  readonly list?: boolean;
  readonly force?: boolean;
}

/** A first config from data, or a shipped one. Asks only when it is called bare on a terminal. */
async function work(data: string | undefined, options: InitOptions): Promise<number> {
  if (options.list) return list();
  if (options.template !== undefined) {
    if (data !== undefined || options.target !== undefined)
      throw configError('usage', '--template takes a shipped config as it is: no data, no --target', {
        help: 'leave out one of the two',
      });
    const { templateText } = await import('../data/init/index.ts');
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
  const { ask } = await import('./ask.ts');
  const answers = await ask();
  process.stderr.write(`the same without questions: ${escapeText(answers.command)}\n`);
  return fromData({ ...options, ...answers });
}

async function fromData(request: InitOptions & { readonly data: string }): Promise<number> {
  const { draftConfig } = await import('../data/init/index.ts');
  const draft = await draftConfig(request);
  return write(draft.file, draft.text, request, facts(draft));
}

async function write(file: string, text: string, { force }: InitOptions, more = ''): Promise<number> {
  const { assertValid, writeConfig } = await import('../data/init/index.ts');
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
    `  rows     ${counted(rows, 'row')} with a target`,
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

async function list(): Promise<number> {
  const { listTemplates } = await import('../data/init/index.ts');
  const templates = listTemplates();
  const width = Math.max(...templates.map(({ name }) => name.length));
  for (const { name, help } of templates) process.stdout.write(`${name.padEnd(width)}  ${help}\n`);
  return EXIT.done;
}
