import { Misfit } from '../../base/misfit.ts';

const MOST_LISTED = 12;

/**
 * Index of the class that a threshold is for: `pos_label`, or the second of two.
 * @throws Misfit `pos-label` where several classes leave it open, or none has that name
 */
export function positiveClass(classes: readonly string[], label: string | number | boolean | null): number {
  const more = classes.length > MOST_LISTED ? ', …' : '';
  const known = `the classes are ${classes.slice(0, MOST_LISTED).join(', ')}${more}`;
  if (label === null) {
    if (classes.length === 2) return 1;
    throw new Misfit(
      'pos-label',
      `a threshold is for one class against the others, and there are ${classes.length} classes`,
      { help: `add \`pos_label\`: ${known}` },
    );
  }
  const index = classes.indexOf(String(label));
  if (index >= 0) return index;
  throw new Misfit('pos-label', `there is no class ${JSON.stringify(String(label))}`, {
    help: known,
    field: 'pos_label',
  });
}
