import { join } from 'node:path';
import { dataSeed, type LoadedConfig, loadConfig, withConfig } from '../config/index.ts';
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
  /** Not one of those whose mean is asked for. */
  readonly apart?: true;
}

/** What a config asks for where it asks for several runs. */
export interface Members {
  readonly kind: 'seeds' | 'k_fold' | 'learning_curve';
  readonly members: readonly Member[];
  readonly spread: Spread;
}

/** The runs that a config asks for; undefined where it is a single one. Gates are the group's: no member is held to them. */
export function membersOf(loaded: LoadedConfig): Members | undefined {
  const { split } = loaded.config.data;
  if (split.type === 'k_fold' && split.fold === null) return foldsOf(loaded, split.folds!);
  return loaded.config.seeds ? seedsOf(loaded, loaded.config.seeds) : undefined;
}

function seedsOf(loaded: LoadedConfig, seeds: readonly number[]): Members {
  const { config } = loaded;
  const data = { ...config.data, seed: dataSeed(config) };
  const members = seeds.map((seed, i) => ({
    name: String(i + 1),
    label: `seed ${seed}`,
    loaded: withConfig(loaded, { ...config, seed, seeds: null, data, expect: [] }),
  }));
  return { kind: 'seeds', members, spread: { method: 'student' } };
}

/** Each fold is tested once for each seed, which draws folds of its own; then, where a part was set aside, one run trains on all folds. */
function foldsOf(loaded: LoadedConfig, folds: number): Members {
  const { config } = loaded;
  const member = (name: string, label: string, seed: number, fold: number | 'final'): Member => {
    const split = { ...config.data.split, fold };
    const data = { ...config.data, split };
    return { name, label, loaded: withConfig(loaded, { ...config, seed, seeds: null, data, expect: [] }) };
  };
  const seeds = config.seeds ?? [config.seed];
  const members = seeds.flatMap((seed, s) =>
    Array.from({ length: folds }, (_, f) => {
      const label = seeds.length > 1 ? `seed ${seed}, fold ${f + 1}` : `fold ${f + 1}`;
      return member(String(s * folds + f + 1), label, seed, f + 1);
    }),
  );
  if ((config.data.split.test ?? 0) > 0)
    members.push({ ...member('final', 'final', config.seed, 'final'), apart: true });
  // What isn't tested takes part in training, be it as validation.
  return {
    kind: 'k_fold',
    members,
    spread: { method: 'corrected_resampled_t', tested: 1, trained: folds - 1 },
  };
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
