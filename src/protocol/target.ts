/** What is predicted of an example, as the data have it. Only `catalog/tasks/` takes it apart. */
export type TargetShape = ClassTarget | NumberTarget | LabelTarget;

export interface ClassTarget {
  readonly kind: 'class';
  readonly classes: readonly string[];
}

export interface NumberTarget {
  readonly kind: 'number';
  readonly columns: readonly string[];
}

/** Any number of them may be true of an example. */
export interface LabelTarget {
  readonly kind: 'labels';
  readonly labels: readonly string[];
}

/** Where the labels of an example stand: in a column of two values each, or in one column as a text. */
export type LabelColumns =
  | { readonly columns: readonly string[] }
  | { readonly column: string; readonly separator: string };

/** How many numbers of y an example has: its class, or one for each target. */
export const targetWidth = (target: TargetShape): number =>
  target.kind === 'class' ? 1 : outputNames(target).length;

/** What a network's outputs stand for: classes, numbers or labels. */
export function outputNames(target: TargetShape): readonly string[] {
  if (target.kind === 'class') return target.classes;
  return target.kind === 'labels' ? target.labels : target.columns;
}
