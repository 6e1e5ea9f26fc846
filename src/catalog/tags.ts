/**
 * What targets and predictions of a task are. A task says which of these it offers; metrics, losses,
 * baselines and their like say which they need, any one of several. Nobody but a task's own file knows a task
 * by its name.
 */
export type Tag =
  /** Each example is of one class. */
  | 'classes'
  /** The same, where there are two. */
  | 'two_classes'
  /** Any number of labels are true of an example. */
  | 'labels'
  /** Each example has one number or several. */
  | 'numbers';

interface Offers {
  readonly offers: readonly Tag[];
}

interface Needs {
  readonly needs: readonly Tag[];
}

export const fits = ({ needs }: Needs, { offers }: Offers): boolean =>
  needs.some((need) => offers.includes(need));
