import { invariant } from '../../errors.ts';
import { finished } from './fit.ts';
import type { Answers, AnyModel, Fitted, ModelState, Round, Rows, TrainingRows, Values } from './model.ts';

/** What each of the models is asked. */
const ALONE: Answers = { outputs: 2, form: 'classes' };
/** Whether a label that all rows have, or none, is always so: 1, 0. */
const CONSTANT = 'constant';

const prefix = (label: number): string => `label_${label}.`;

/** The state of one label's model among those of all. */
export function stateOf(state: ModelState, label: number): ModelState {
  const start = prefix(label);
  return new Map(
    [...state].flatMap(([name, values]) =>
      name.startsWith(start) ? [[name.slice(start.length), values] as const] : [],
    ),
  );
}

/** 1 or 0 where a label has no model because it never differs. */
export const constantOf = (own: ModelState): number | undefined => own.get(CONSTANT)?.[0];

/**
 * OneVsRestClassifier (scikit-learn): a model of two classes for each label, by itself. A label that all rows
 * have, or none, is always so. Its state holds each model's under `label_0.`, `label_1.`, …
 */
export function* fitEach(entry: AnyModel, rows: TrainingRows, fields: unknown): Generator<Round, Fitted> {
  const { count, outputs, y } = rows;
  const state = new Map<string, Values>();
  const facts: Record<string, number> = {};
  for (let k = 0; k < outputs; k++) {
    const own = Int32Array.from({ length: count }, (_, i) => y[i * outputs + k]!);
    const positives = own.reduce((sum, has) => sum + has, 0);
    if (positives === 0 || positives === count) {
      state.set(`${prefix(k)}${CONSTANT}`, Float32Array.of(Math.sign(positives)));
      continue;
    }
    // Guesses at one label tell nothing of those at the next.
    const alone = finished(entry.fit({ ...rows, ...ALONE, y: own, seed: rows.seed + k }, fields));
    for (const [name, values] of alone.state) state.set(prefix(k) + name, values);
    for (const [name, value] of Object.entries(alone.facts)) facts[name] = (facts[name] ?? 0) + value;
    yield { done: k + 1, most: outputs, metrics: {} };
  }
  return { state, facts };
}

/** Probabilities of the labels, or margins about 0: `[count, labels]`. */
export function predictEach(entry: AnyModel, state: ModelState, rows: Rows, outputs: number): Float32Array {
  const out = new Float32Array(rows.count * outputs);
  for (let k = 0; k < outputs; k++) {
    const own = stateOf(state, k);
    const always = constantOf(own);
    const scores = always === undefined ? entry.predict(own, rows, ALONE) : constant(rows.count, always);
    invariant(scores.length === 2 * rows.count, 'a model of two classes has two scores for each row');
    for (let i = 0; i < rows.count; i++) {
      const [without, has] = [scores[2 * i]!, scores[2 * i + 1]!];
      out[i * outputs + k] = entry.margins ? has - without : has;
    }
  }
  return out;
}

const constant = (count: number, has: number): Float32Array =>
  Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 1 ? has : 1 - has));
