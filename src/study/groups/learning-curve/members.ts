import { dataSeed, type LoadedConfig, withConfig } from '../../../config/index.ts';
import { configError } from '../../../errors.ts';
import type { Member } from '../kind.ts';
import type { CurveOptions } from './options.ts';

/** Carved out of the training part where the config has no validation part. */
const VALIDATION = 0.2;

/**
 * A run for each seed and size. None of them has a test part: the rows that a config would test are set aside
 * before anything sees them. All have the same validation rows.
 * @throws MlxError `learning-curve` for a split with no training part to take shares of
 */
export function membersOf(loaded: LoadedConfig, options: CurveOptions): Member[] {
  const { config } = loaded;
  const { split } = config.data;
  if (split.type === 'k_fold' && typeof split.fold !== 'number')
    throw configError('learning-curve', 'a learning curve needs one training part, k folds have several', {
      path: ['data', 'split'],
      help: 'mlx learning-curve … --set data.split.fold=1, or --set "data.split={ validation: 0.2, test: 0.3 }"',
    });
  const { epochs } = config.training;
  return options.seeds.flatMap((seed, s) =>
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
}

/**
 * The config's validation share, or the one that a curve takes for want of it. A column that names parts may
 * have its own.
 */
const validationOf = ({ config: { data } }: LoadedConfig): number => data.split.validation || VALIDATION;
