import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { listPlaces } from './find-run.ts';
import { readLease } from './lease.ts';
import { FILES } from './names.ts';
import { trashed } from './trash.ts';

/** `.model.onnx.1a2b3c4d.tmp`, `lease.json.1a2b3c4d.tmp`: a kill came before such a file got its name. */
const TEMPORARY = /^(\..+|lease\.json)\.[0-9a-f]{8}\.tmp$/;
const ID = /^[0-9a-f]{4,32}(-(\d+|final))?$/;
const KNOWN: ReadonlySet<string> = new Set(Object.values(FILES));
/** Younger ones may be somebody's who is just at it. */
const OLD_MS = 60_000;

/**
 * What killed processes left that no run has: folders of runs that never began, temporary files, and trash. A
 * folder that holds anything that mlx doesn't write is somebody's.
 */
export async function findLeftovers(root: string): Promise<string[]> {
  const found = trashed(root);
  for (const { id, folder } of await listPlaces(root)) {
    if (readLease(folder)?.alive) continue;
    const names = namesIn(folder);
    const begun = names.includes(FILES.config) || names.includes(FILES.group);
    const ours = names.every((name) => KNOWN.has(name) || TEMPORARY.test(name));
    if (!begun && ours && ID.test(id)) {
      if (isOld(folder)) found.push(folder);
    } else if (begun)
      for (const place of [folder, join(folder, FILES.checkpoints)])
        found.push(
          ...namesIn(place)
            .filter((name) => TEMPORARY.test(name))
            .map((name) => join(place, name))
            .filter(isOld),
        );
  }
  return found;
}

function namesIn(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder).sort() : [];
  } catch {
    return [];
  }
}

const isOld = (path: string): boolean => Date.now() - lstatSync(path).mtimeMs > OLD_MS;
