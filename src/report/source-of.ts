import { readFileSync } from 'node:fs';

/** The text that a position is in: a file's, or what stood on the command line (`--set a.b=c`). */
export function sourceOf(file: string): string | undefined {
  const override = /^--(?:set|engine) (.*)$/s.exec(file);
  if (override) return override[1];
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
