import type { Exhibit } from '../protocol/exhibits.ts';
import { asExhibits } from '../protocol/exhibits-codec.ts';
import { FILES } from './names.ts';
import { readJson } from './read-json.ts';

/** What stands in a run's folder; nothing where it is absent or damaged. */
export const readExhibits = (folder: string, problems: string[] = []): readonly Exhibit[] | undefined =>
  readJson(folder, FILES.exhibits, problems, asExhibits);
