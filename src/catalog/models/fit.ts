import type { AnyModel, Fitted, ModelEntry, Round, TrainingRows } from './model.ts';

/** The fields that a baseline runs with. */
export function smallFields<F>({ schema, small }: ModelEntry<F>): F {
  return schema.parse({ ...small?.fields });
}

/** Runs a fit to its end, whatever it yields. */
export function finished(rounds: Generator<Round, Fitted>): Fitted {
  for (;;) {
    const { done, value } = rounds.next();
    if (done) return value;
  }
}

/** Fits all at once. */
export const fitWhole = (entry: AnyModel, rows: TrainingRows, fields: unknown = smallFields(entry)): Fitted =>
  finished(entry.fit(rows, fields));
