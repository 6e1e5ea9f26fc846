import { type AuditData, type AuditEntry, dropStep } from './audit.ts';

const LEAST_ROWS = 20;
/** Of a number: fewer different values say little about a rule. */
const LEAST_VALUES = 10;

/**
 * The target itself among the inputs: a column whose values stand one to one for the classes, or that rises
 * (or falls) strictly with a number, without one exception in the training rows looked at. A table with one
 * input column is left alone: there that is the lesson.
 */
export const targetCopy: AuditEntry = {
  name: 'target_copy',
  help: 'a column that is the target under another name, or a monotone function of it',
  level: 'fail',
  ofTarget: true,
  run(data) {
    const { sample, targetName } = data;
    if (!sample) return [];
    return sample.columns.flatMap(({ name }, j) => {
      const how = isCopy(data, j);
      if (!how) return [];
      return [
        {
          message: `\`${name}\` is the target \`${targetName}\` in another form: ${how}`,
          notes: [`true of all ${sample.count} training rows looked at`],
          help: `leave it out: \`${dropStep(name)}\` in data.rows; or \`audit: { target_copy: warn }\` if that is what you want`,
          path: ['data', 'target'],
          values: { rows: sample.count },
          column: name,
        },
      ];
    });
  },
};

/** How column j tells the target exactly, in words; undefined when it doesn't. */
export function isCopy({ sample, classes }: AuditData, j: number): string | undefined {
  if (!sample || sample.count < LEAST_ROWS || sample.columns.length < 2) return undefined;
  const values = sample.values[j]!;
  if (classes) return oneToOne(values, sample.labels) ? 'each value stands for one class' : undefined;
  if (values.some(Number.isNaN)) return undefined;
  if (values.every((value, i) => value === sample.labels[i])) return 'equal in every row';
  const sign = monotone(values, sample.labels);
  return sign === 0 ? undefined : `it ${sign > 0 ? 'rises' : 'falls'} strictly with it`;
}

function oneToOne(values: Float64Array, labels: Float64Array): boolean {
  const to = new Map<number, number>();
  const from = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = Number.isNaN(values[i]!) ? Number.POSITIVE_INFINITY : values[i]!;
    const label = labels[i]!;
    if ((to.get(value) ?? label) !== label || (from.get(label) ?? value) !== value) return false;
    to.set(value, label);
    from.set(label, value);
  }
  return to.size > 1;
}

/**
 * 1 or -1 where larger values always go with strictly larger (smaller) targets, and equal ones with equal
 * ones; else 0.
 */
function monotone(values: Float64Array, labels: Float64Array): number {
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
  let sign = 0;
  let different = 1;
  for (let k = 1; k < order.length; k++) {
    const [a, b] = [order[k - 1]!, order[k]!];
    const rise = Math.sign(labels[b]! - labels[a]!);
    if (values[a] === values[b] ? rise !== 0 : rise === 0 || (sign !== 0 && rise !== sign)) return 0;
    if (values[a] === values[b]) continue;
    sign = rise;
    different++;
  }
  return different >= LEAST_VALUES ? sign : 0;
}
