import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { EXIT, MlxError } from '../errors.ts';
import { exits } from './command.ts';

export const schema = (mlx: Command): Command =>
  mlx
    .command('schema')
    .description('JSON Schema of the config file, for editors')
    .option('--out <file>', 'write it there instead of to stdout')
    .action(exits(work));

/** The same text as the schema.json that the configs name. */
async function work({ out }: { readonly out?: string }): Promise<number> {
  const { jsonSchema } = await import('../config/index.ts');
  const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  if (!out) process.stdout.write(text);
  else {
    try {
      writeFileSync(out, text);
    } catch (error) {
      throw new MlxError('write', `can't write ${out}: ${(error as Error).message}`, EXIT.data);
    }
  }
  return EXIT.done;
}
