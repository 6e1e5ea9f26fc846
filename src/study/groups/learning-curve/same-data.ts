import { contextOf, type LoadedConfig } from '../../../config/index.ts';
import { dataFiles } from '../../../data/index.ts';
import { memberFolder, readRun } from '../../../record/index.ts';

/**
 * Whether the data are still those that the first run of a group was trained on, as far as their source knows
 * without reading them; true where that run never began.
 * @throws MlxError with exit code 3
 */
export async function sameData(loaded: LoadedConfig, group: string): Promise<boolean> {
  const { lock } = await readRun(memberFolder(group, '1'));
  if (!lock) return true;
  const files = await dataFiles(loaded.config, contextOf(loaded));
  return (
    !files ||
    files.every(({ name, sha256 }) => lock.data.files.find((f) => f.name === name)?.sha256 === sha256)
  );
}
