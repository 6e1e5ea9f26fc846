import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, loadConfig, type NetworkConfig, networkOf } from '../../src/config/index.ts';
import { MlxError, MlxErrors } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlx-config-'));
let files = 0;

export function writeConfig(text: string | Uint8Array, name = `case-${files++}.yaml`): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** A network's config. */
export function load(text: string | Uint8Array, set: string[] = [], engine?: string) {
  const loaded = loadConfig(writeConfig(text), { set, engine });
  networkOf(loaded.config);
  return loaded as LoadedConfig & { readonly config: NetworkConfig };
}

/** Everything that loading is refused for, in order; empty when it isn't. */
function errorsIn(loading: () => unknown): MlxError[] {
  try {
    loading();
    return [];
  } catch (error) {
    if (error instanceof MlxErrors) return [...error.errors];
    if (error instanceof MlxError) return [error];
    throw error;
  }
}

export const errorsOf = (text: string | Uint8Array, set: string[] = []): MlxError[] =>
  errorsIn(() => load(text, set));

/** One line an error: `line:column+length code: message | help`. */
export const linesIn = (loading: () => unknown): string[] =>
  errorsIn(loading).map(({ code, message, details: { position: p, help } }) => {
    const place = p ? `${p.line}:${p.column}+${p.length}` : '-';
    return `${place} ${code}: ${message}${help ? ` | ${help}` : ''}`;
  });

export const linesOf = (text: string | Uint8Array, set: string[] = []): string[] =>
  linesIn(() => load(text, set));

/** The least that is a config; digits, so that shapes are known. */
export const BASE = `data:
  source: { type: mnist }
architecture:
  - flatten
  - dense: { units: 10 }
`;
