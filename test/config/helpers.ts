import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.ts';
import { MlxError, MlxErrors } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-config-'));
let files = 0;

export function writeConfig(text: string | Uint8Array, name = `case-${files++}.yaml`): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

export const load = (text: string | Uint8Array, set: string[] = [], engine?: string) =>
  loadConfig(writeConfig(text), { set, engine });

/** Everything that a text is refused for, in order; empty when it is accepted. */
export function errorsOf(text: string | Uint8Array, set: string[] = []): MlxError[] {
  try {
    load(text, set);
    return [];
  } catch (error) {
    if (error instanceof MlxErrors) return [...error.errors];
    if (error instanceof MlxError) return [error];
    throw error;
  }
}

/** One line an error: `line:column-end code: message | help`. */
export const linesOf = (text: string | Uint8Array, set: string[] = []): string[] =>
  errorsOf(text, set).map(({ code, message, details: { position: p, help } }) => {
    const place = p ? `${p.line}:${p.column}+${p.length}` : '-';
    return `${place} ${code}: ${message}${help ? ` | ${help}` : ''}`;
  });

/** The least that is a config; digits, so that shapes are known. */
export const BASE = `data:
  source: { type: mnist }
architecture:
  - flatten
  - dense: { units: 10 }
`;
