import { writeFileSync } from 'node:fs';
import { jsonSchema } from '../config/index.ts';
import { EXIT, MlxError } from '../errors.ts';

/** `mlx schema`: the same text as the schema.json that the configs name. @returns the exit code */
export function schema({ out }: { readonly out?: string }): number {
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
