import { contextOf, dataSeed, type LoadedConfig, withConfig } from '../config/index.ts';
import { dataFiles } from '../data/index.ts';
import { configError } from '../errors.ts';
import type { Lock } from '../record/index.ts';
import type { Members } from './members.ts';

/** What a learning curve is made of; kept in `group.json`. */
export interface CurveOptions {
  /** Shares of the training part, ascending. */
  readonly sizes: readonly number[];
  readonly seeds: readonly number[];
  /** Epochs grow as rows get fewer, so that every size gets about as many steps. */
  readonly equal_steps: boolean;
}

/** Carved out of the training part where the config has no validation part. */
const VALIDATION = 0.2;

/**
 * A run for each seed and size. None of them has a test part: the rows that a config would test are set aside before
 * anything sees them. All have the same validation rows.
 * @throws MlxError `learning-curve` for a split with no training part to take shares of
 */
export function curveMembers(loaded: LoadedConfig, options: CurveOptions): Members {
  const { config } = loaded;
  const { split } = config.data;
  if (split.type === 'k_fold' && typeof split.fold !== 'number')
    throw configError('learning-curve', 'a learning curve needs one training part, k folds have several', {
      path: ['data', 'split'],
      help: 'mlx learning-curve … --set data.split.fold=1, or --set "data.split={ validation: 0.2, test: 0.3 }"',
    });
  const { epochs } = config.training;
  const members = options.seeds.flatMap((seed, s) =>
    options.sizes.map((size, i) => {
      const member = withConfig(loaded, {
        ...config,
        seed,
        seeds: null,
        expect: [],
        data: {
          ...config.data,
          seed: dataSeed(config),
          split: {
            ...split,
            validation: validationOf(loaded),
            subsample: size,
            score_test: false,
          },
        },
        training: {
          ...config.training,
          score_train: true,
          epochs: options.equal_steps ? Math.ceil(epochs / size) : epochs,
        },
        evaluation: { ...config.evaluation, baselines: [] },
      });
      const label = `seed ${seed}, ${Number((100 * size).toPrecision(4))}%`;
      return { name: String(s * options.sizes.length + i + 1), label, loaded: member };
    }),
  );
  return { kind: 'learning_curve', members, spread: { method: 'student' } };
}

/** The config's validation share, or the one that a curve takes for want of it. A column that names parts may have its own. */
export const validationOf = ({ config: { data } }: LoadedConfig): number =>
  data.split.validation || VALIDATION;

/** Whether data are still those of a lock, as far as their source tells without reading them. @throws MlxError with exit code 3 */
export async function sameFiles(loaded: LoadedConfig, lock: Lock): Promise<boolean> {
  const files = await dataFiles(loaded.config, contextOf(loaded));
  return (
    !files ||
    files.every(({ name, sha256 }) => lock.data.files.find((f) => f.name === name)?.sha256 === sha256)
  );
}
