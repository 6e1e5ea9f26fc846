import { join } from 'node:path';
import { type LoadedConfig, loadConfig, withConfig } from '../config/index.ts';
import { dataError } from '../errors.ts';
import type { Spread } from '../evaluate/index.ts';
import { configHash, type GroupManifest, type GroupRecord } from '../record/index.ts';

/** One run of a group. */
export interface Member {
  /** Ends the id of its run: `1`, `2`, …, `final`. */
  readonly name: string;
  /** `seed 43`. */
  readonly label: string;
  readonly loaded: LoadedConfig;
}

/** What a config asks for where it asks for several runs. */
export interface Members {
  readonly kind: 'seeds';
  readonly members: readonly Member[];
  readonly spread: Spread;
}

/** The runs that a config asks for; undefined where it is a single one. Gates are the group's: no member is held to them. */
export function membersOf(loaded: LoadedConfig): Members | undefined {
  const { config } = loaded;
  if (config.seeds) {
    const data = { ...config.data, seed: config.data.seed ?? config.seed };
    return {
      kind: 'seeds',
      spread: { method: 'student' },
      members: config.seeds.map((seed, i) => ({
        name: String(i + 1),
        label: `seed ${seed}`,
        loaded: withConfig(loaded, { ...config, seed, seeds: null, data, expect: [] }),
      })),
    };
  }
  return undefined;
}

/**
 * The config that a group was started with, at the place where it was.
 * @throws MlxError `run-damaged`
 */
export function reopenGroup(group: GroupRecord): { loaded: LoadedConfig; manifest: GroupManifest } {
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
