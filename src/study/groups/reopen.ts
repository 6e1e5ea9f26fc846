import { join } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../config/index.ts';
import { dataError } from '../../errors.ts';
import { configHash, type GroupManifest, type GroupRecord } from '../../record/index.ts';

/**
 * The config that a group was started with, at the place where it was.
 * @throws MlxError `run-damaged`
 */
export function reopenConfig(group: GroupRecord): { loaded: LoadedConfig; manifest: GroupManifest } {
  const { folder, manifest, config, resolved, problems } = group;
  const damaged = (what: string) =>
    dataError('run-damaged', `${folder} can't be resumed: ${what}`, { help: 'start it again with mlx run' });
  if (!manifest || config === undefined || resolved === undefined)
    throw damaged(problems.join('; ') || 'its files are missing');
  if (configHash(resolved) !== manifest.config.sha256)
    throw damaged('its config.resolved.yaml is not the one that it started with');
  const read = loadConfig(join(folder, 'config.resolved.yaml'), { set: [] });
  return { loaded: { ...read, text: config, file: join(folder, manifest.config.file) }, manifest };
}
