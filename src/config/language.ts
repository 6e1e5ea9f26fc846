import { CATALOGUES, type Catalogues } from './declare/catalogues.ts';
import { root } from './sections/index.ts';

/** What a config can say: its sections, and the entries that they can name. */
export interface Language {
  readonly root: typeof root;
  readonly catalogues: Catalogues;
}

/** Every section and every entry that mlx has. */
export const LANGUAGE: Language = { root, catalogues: CATALOGUES };
