import { writeFileSync } from 'node:fs';
import { EXIT, MlxError } from '../errors.ts';
import { schemaText } from '../pipeline/schema.ts';

/** `mlx schema`: the same text as the schema.json that the configs name. @returns the exit code */
export function schema({ out }: { readonly out?: string }): number {
  const text = schemaText();
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
