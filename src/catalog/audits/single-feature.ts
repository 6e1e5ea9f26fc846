import { type AuditEntry, dropStep } from './audit.ts';
import { oneFeatureScore } from './one-feature.ts';
import { isCopy } from './target-copy.ts';

const LEAST_ROWS = 40;
const ALMOST_PERFECT = 0.99;

/**
 * One column alone tells the target almost perfectly (score of `oneFeatureScore` from 0.99 on): real causes
 * seldom do, consequences do.
 */
export const singleFeature: AuditEntry = {
  name: 'single_feature',
  help: 'one column that alone predicts the target almost perfectly, on training rows',
  level: 'warn',
  ofTarget: true,
  run(data) {
    const { sample, classes, targetName } = data;
    if (!sample || sample.count < LEAST_ROWS || sample.columns.length < 2) return [];
    return sample.columns.flatMap(({ name, kind }, j) => {
      // Texts have no order and no neighbours.
      if (kind === 'text' || isCopy(data, j)) return [];
      const score = oneFeatureScore(sample.values[j]!, sample.labels, classes?.length);
      if (score < ALMOST_PERFECT) return [];
      const measure = classes ? 'chance-corrected mean recall' : 'R²';
      return [
        {
          message: `\`${name}\` alone predicts \`${targetName}\` almost perfectly: ${measure} ${score.toFixed(4)}`,
          notes: [
            'ask whether its value is known before the target is; a consequence of the target is no input',
          ],
          help: `leave it out: \`${dropStep(name)}\` in data.rows`,
          path: ['data', 'target'],
          values: { score },
          column: name,
        },
      ];
    });
  },
};
