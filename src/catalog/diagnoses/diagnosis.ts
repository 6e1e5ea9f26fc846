import type { Diagnosis } from '../../protocol/diagnosis.ts';

/** What the activations of one layer did for a sample of training examples. */
export interface LayerSigns {
  readonly layer: string;
  readonly units: number;
  /** Of a ReLU: units that gave 0 for every example. */
  readonly dead: number;
  /** Of a function with two ends (tanh, sigmoid): the share of values within 1% of one. */
  readonly saturated: number;
}

/** Root mean square of the loss's gradient by one weight tensor, in the order of the layers. */
export interface GradientSigns {
  readonly weight: string;
  readonly rms: number;
}

/** What a finished or failed training leaves for those who look. */
export interface Evidence {
  /** The quantity of which training and test are held against each other where there is no validation. */
  readonly gap: string;
  /** Means of each epoch: `loss`, `accuracy`, `val_loss`. */
  readonly history: readonly Readonly<Record<string, number>>[];
  /** Loss of the very first step, and the largest of all steps. */
  readonly firstLoss: number | null;
  readonly peakLoss: number | null;
  /** Step at which the loss stopped being a number. */
  readonly nanStep?: number;
  readonly learningRate: number;
  /** Epoch whose weights were kept, where it isn't the last one. */
  readonly restored?: number;
  /** Share of the most frequent class in training. */
  readonly majority?: number;
  /** The loss of always giving the classes' shares in training: what a crossentropy starts from. */
  readonly guessLoss?: number;
  /** Final metrics beside those of the history. */
  readonly test: Readonly<
    Record<string, { readonly value: number | null; readonly interval?: readonly [number, number] }>
  >;
  readonly layers: readonly LayerSigns[];
  /** Before the first and after the last step, on the same examples. */
  readonly gradients: { readonly start: readonly GradientSigns[]; readonly end: readonly GradientSigns[] };
}

/** Looks for one thing that goes wrong in training. */
export interface DiagnosisEntry {
  readonly name: string;
  readonly help: string;
  /** A symptom of other problems: not reported together with one of them. */
  readonly symptom?: true;
  find(evidence: Evidence): Omit<Diagnosis, 'name'> | undefined;
}

export const percent = (share: number): string => `${Math.round(100 * share)}%`;
export const short = (value: number): string => String(Number(value.toPrecision(3)));
export const series = ({ history }: Evidence, name: string): number[] =>
  history.map((epoch) => epoch[name]).filter((v): v is number => v !== undefined);
